// The forms of the proof. Each has its prover, and says whether this processor can do it.
#ifndef MHP_PROOF_FORMS_H
#define MHP_PROOF_FORMS_H

#include "include/CProof.h"

bool mhp_prove_avx512(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found);
bool mhp_has_avx512(void);
bool mhp_prove_avx2(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found);
bool mhp_has_avx2(void);
bool mhp_prove_neon(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found);
bool mhp_prove_portable(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found);

#endif
