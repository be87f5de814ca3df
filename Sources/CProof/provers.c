#include "forms.h"

#include <string.h>

static const struct {
    const char *name;
    mhp_prover prove;
    bool (*is_there)(void); // NULL when every processor has it
} forms[] = {
#if defined(__x86_64__)
    {"avx512", mhp_prove_avx512, mhp_has_avx512},
    {"avx2", mhp_prove_avx2, mhp_has_avx2},
#endif
#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    {"neon", mhp_prove_neon, NULL},
#endif
    {"portable", mhp_prove_portable, NULL},
};

enum { FORMS = sizeof forms / sizeof forms[0] };

static bool is_there(size_t form) { return !forms[form].is_there || forms[form].is_there(); }

const char *mhp_prover_name(size_t number) {
    for (size_t form = 0; form < FORMS; form++) {
        if (is_there(form) && number-- == 0) { return forms[form].name; }
    }
    return NULL;
}

mhp_prover mhp_prover_get(const char *name) {
    for (size_t form = 0; form < FORMS; form++) {
        if (is_there(form) && (!name || strcmp(name, forms[form].name) == 0)) { return forms[form].prove; }
    }
    return NULL;
}
