#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

// Bounds the heaps between which glibc spreads threads, and says from which size on memory is mapped by itself, and how much
// may be free at the end of a heap; other C libraries have no such numbers.
static inline void mhp_limit_heaps(int most, int mapped, int kept) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, most);
    mallopt(M_MMAP_THRESHOLD, mapped);
    mallopt(M_TRIM_THRESHOLD, kept);
#else
    (void)most, (void)mapped, (void)kept;
#endif
}
