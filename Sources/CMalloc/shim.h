#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

// Bounds the heaps between which glibc spreads threads; other C libraries have no such number.
static inline void mhp_limit_heaps(int most) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, most);
#else
    (void)most;
#endif
}
