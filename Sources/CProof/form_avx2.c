#include "forms.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt,lzcnt")))
#define WIDE static inline __attribute__((always_inline)) TARGET

typedef struct {
    __m256i low, high;
} block;
typedef block matches;

WIDE block load(const uint8_t *text) {
    return (block){_mm256_loadu_si256((const __m256i *)text), _mm256_loadu_si256((const __m256i *)(text + 32))};
}

WIDE matches equal(block bytes, char byte) {
    const __m256i wanted = _mm256_set1_epi8(byte);
    return (matches){_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted)};
}

WIDE matches either(matches left, matches right) {
    return (matches){_mm256_or_si256(left.low, right.low), _mm256_or_si256(left.high, right.high)};
}

WIDE matches both(matches left, matches right) {
    return (matches){_mm256_and_si256(left.low, right.low), _mm256_and_si256(left.high, right.high)};
}

WIDE bool any(matches found) { return _mm256_movemask_epi8(_mm256_or_si256(found.low, found.high)) != 0; }

// The empty assembly keeps clang from taking the arithmetic on masks back into vectors of single bits.
WIDE uint64_t mask(matches found) {
    uint64_t mask =
        (uint32_t)_mm256_movemask_epi8(found.low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(found.high) << 32;
    __asm__("" : "+r"(mask));
    return mask;
}

// The token with the low four bits of each byte, if there is one; where a byte is above 0x7F, zero.
WIDE matches equal_tokens(block bytes) {
    const __m256i tokens =
        _mm256_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, ':', '{', ',', '}', -1, 0,
                         -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, ':', '{', ',', '}', -1, 0);
    return (matches){_mm256_cmpeq_epi8(_mm256_shuffle_epi8(tokens, bytes.low), bytes.low),
                     _mm256_cmpeq_epi8(_mm256_shuffle_epi8(tokens, bytes.high), bytes.high)};
}

// One bit of every byte; it is shifted to where the mask is made from.
WIDE uint64_t bits(block bytes, int bit) {
    return mask((matches){_mm256_slli_epi16(bytes.low, 7 - bit), _mm256_slli_epi16(bytes.high, 7 - bit)});
}

WIDE uint64_t parity(uint64_t bits) {
    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0));
}

// The least byte of all, as a signed one.
typedef __m256i odd_bytes;
WIDE odd_bytes no_odd_bytes(void) { return _mm256_set1_epi8(0x7F); }
WIDE odd_bytes with(odd_bytes odd, block bytes) {
    return _mm256_min_epi8(odd, _mm256_min_epi8(bytes.low, bytes.high));
}
WIDE bool any_odd(odd_bytes odd) {
    return _mm256_movemask_epi8(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), odd)) != 0;
}
WIDE matches odd_in(block bytes) {
    const __m256i space = _mm256_set1_epi8(0x20);
    return (matches){_mm256_cmpgt_epi8(space, bytes.low), _mm256_cmpgt_epi8(space, bytes.high)};
}

#include "blocks.h"
#include "object.h"

TARGET bool mhp_prove_avx2(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found) {
    return prove_object(text, length, keys, found);
}

bool mhp_has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("lzcnt");
}
#endif
