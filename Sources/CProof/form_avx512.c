#include "forms.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,pclmul,bmi,bmi2,popcnt,lzcnt")))
#define WIDE static inline __attribute__((always_inline)) TARGET

typedef __m512i block;
typedef uint64_t matches;

WIDE block load(const uint8_t *text) { return _mm512_loadu_si512(text); }
WIDE matches equal(block bytes, char byte) { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte)); }
WIDE matches either(matches left, matches right) { return left | right; }
WIDE matches both(matches left, matches right) { return left & right; }
WIDE bool any(matches found) { return found != 0; }
WIDE uint64_t mask(matches found) { return found; }

// The token with the low four bits of each byte, if there is one; where a byte is above 0x7F, zero.
WIDE matches equal_tokens(block bytes) {
    const __m512i tokens = _mm512_broadcast_i32x4(
        _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, ':', '{', ',', '}', -1, 0));
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(tokens, bytes), bytes);
}

WIDE uint64_t bits(block bytes, int bit) { return _mm512_test_epi8_mask(bytes, _mm512_set1_epi8((char)(1 << bit))); }

WIDE uint64_t parity(uint64_t bits) {
    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0));
}

// The least byte of all, as a signed one.
typedef __m512i odd_bytes;
WIDE odd_bytes no_odd_bytes(void) { return _mm512_set1_epi8(0x7F); }
WIDE odd_bytes with(odd_bytes odd, block bytes) { return _mm512_min_epi8(odd, bytes); }
WIDE matches odd_in(block bytes) { return _mm512_cmpgt_epi8_mask(_mm512_set1_epi8(0x20), bytes); }
WIDE bool any_odd(odd_bytes odd) { return odd_in(odd) != 0; }

#include "blocks.h"
#include "object.h"

TARGET bool mhp_prove_avx512(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found) {
    return prove_object(text, length, keys, found);
}

bool mhp_has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("pclmul")
        && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt")
        && __builtin_cpu_supports("lzcnt");
}
#endif
