#include "include/CChecksum.h"

#include <stdbool.h>
#include <string.h>

// The state is the remainder of all bytes so far, the lowest bit of it that of the highest power.
static uint32_t add(uint32_t state, const uint8_t *bytes, size_t count) {
    // What four bits make of a state of zero.
    static const uint32_t quarters[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    for (size_t place = 0; place < count; place++) {
        state ^= bytes[place];
        state = state >> 4 ^ quarters[state & 15];
        state = state >> 4 ^ quarters[state & 15];
    }
    return state;
}

static uint32_t crc32_portable(const uint8_t *bytes, size_t count) { return ~add(~(uint32_t)0, bytes, count); }

#if defined(__x86_64__)
#include <immintrin.h>

// A block of 16 bytes stands n bits before another one; multiplied by x^n, it can be added to that ("Fast CRC Computation for
// Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009). Its two halves are multiplied by x^(n+32) and x^(n-32) modulo
// the polynomial, whose bits are turned round, as are those of gzip.
#define POWERS_2048 0x11542778A, 0x1322D1430
#define POWERS_1024 0x1E88EF372, 0x14A7FE880
#define POWERS_512 0x154442BD4, 0x1C6E41596
#define POWERS_256 0xF1DA05AA, 0x15A546366
#define POWERS_128 0x1751997D0, 0xCCAA009E

#define INLINE static inline __attribute__((always_inline))
#define NARROW __attribute__((target("sse4.1,pclmul")))
#define AVX2 __attribute__((target("avx2,pclmul,vpclmulqdq")))
#define AVX512 __attribute__((target("avx512f,avx512vl,pclmul,vpclmulqdq")))

INLINE NARROW __m128i powers(uint64_t of_low, uint64_t of_high) {
    return _mm_set_epi64x((long long)of_high, (long long)of_low);
}

INLINE NARROW __m128i fold_16(__m128i block, __m128i powers, __m128i next) {
    const __m128i low = _mm_clmulepi64_si128(block, powers, 0x00), high = _mm_clmulepi64_si128(block, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// The checksum of what was folded into one block, and of the bytes behind it.
INLINE NARROW uint32_t finish(__m128i block, const uint8_t *bytes, size_t count) {
    const __m128i by_128 = powers(POWERS_128);
    for (; count >= 16; bytes += 16, count -= 16) {
        block = fold_16(block, by_128, _mm_loadu_si128((const __m128i *)(const void *)bytes));
    }
    uint8_t last[16];
    _mm_storeu_si128((__m128i *)(void *)last, block);
    return ~add(add(0, last, sizeof last), bytes, count);
}

INLINE AVX2 __m256i load_32(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)(const void *)bytes); }

INLINE AVX2 __m256i fold_32(__m256i block, __m256i powers, __m256i next) {
    const __m256i low = _mm256_clmulepi64_epi128(block, powers, 0x00);
    return _mm256_xor_si256(_mm256_xor_si256(low, _mm256_clmulepi64_epi128(block, powers, 0x11)), next);
}

AVX2 static uint32_t crc32_avx2(const uint8_t *bytes, size_t count) {
    if (count < 128) { return crc32_portable(bytes, count); }
    const __m256i by_1024 = _mm256_broadcastsi128_si256(powers(POWERS_1024));
    const __m256i by_256 = _mm256_broadcastsi128_si256(powers(POWERS_256));
    // The first four bytes are inverted: that is the state at the start.
    __m256i first = _mm256_xor_si256(load_32(bytes), _mm256_set_epi64x(0, 0, 0, 0xFFFFFFFF));
    __m256i second = load_32(bytes + 32), third = load_32(bytes + 64), fourth = load_32(bytes + 96);
    for (bytes += 128, count -= 128; count >= 128; bytes += 128, count -= 128) {
        first = fold_32(first, by_1024, load_32(bytes));
        second = fold_32(second, by_1024, load_32(bytes + 32));
        third = fold_32(third, by_1024, load_32(bytes + 64));
        fourth = fold_32(fourth, by_1024, load_32(bytes + 96));
    }
    fourth = fold_32(fold_32(fold_32(first, by_256, second), by_256, third), by_256, fourth);
    const __m128i block =
        fold_16(_mm256_castsi256_si128(fourth), powers(POWERS_128), _mm256_extracti128_si256(fourth, 1));
    return finish(block, bytes, count);
}

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("vpclmulqdq");
}

INLINE AVX512 __m512i load_64(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }

INLINE AVX512 __m512i fold_64(__m512i block, __m512i powers, __m512i next) {
    const __m512i low = _mm512_clmulepi64_epi128(block, powers, 0x00);
    // All three added.
    return _mm512_ternarylogic_epi64(low, _mm512_clmulepi64_epi128(block, powers, 0x11), next, 0x96);
}

AVX512 static uint32_t crc32_avx512(const uint8_t *bytes, size_t count) {
    if (count < 256) { return crc32_portable(bytes, count); }
    const __m512i by_2048 = _mm512_broadcast_i32x4(powers(POWERS_2048));
    const __m512i by_512 = _mm512_broadcast_i32x4(powers(POWERS_512));
    const __m128i by_128 = powers(POWERS_128);
    __m512i first = _mm512_xor_si512(load_64(bytes), _mm512_zextsi128_si512(_mm_cvtsi32_si128(-1)));
    __m512i second = load_64(bytes + 64), third = load_64(bytes + 128), fourth = load_64(bytes + 192);
    for (bytes += 256, count -= 256; count >= 256; bytes += 256, count -= 256) {
        first = fold_64(first, by_2048, load_64(bytes));
        second = fold_64(second, by_2048, load_64(bytes + 64));
        third = fold_64(third, by_2048, load_64(bytes + 128));
        fourth = fold_64(fourth, by_2048, load_64(bytes + 192));
    }
    fourth = fold_64(fold_64(fold_64(first, by_512, second), by_512, third), by_512, fourth);
    __m128i block = fold_16(_mm512_castsi512_si128(fourth), by_128, _mm512_extracti32x4_epi32(fourth, 1));
    block = fold_16(block, by_128, _mm512_extracti32x4_epi32(fourth, 2));
    return finish(fold_16(block, by_128, _mm512_extracti32x4_epi32(fourth, 3)), bytes, count);
}

static bool has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}
#endif

static const struct {
    const char *name;
    mhp_crc32 crc32;
    bool (*is_there)(void); // NULL when every processor has it
} forms[] = {
#if defined(__x86_64__)
    {"avx512", crc32_avx512, has_avx512},
    {"avx2", crc32_avx2, has_avx2},
#endif
    {"portable", crc32_portable, NULL},
};

enum { FORMS = sizeof forms / sizeof forms[0] };

static bool is_there(size_t form) { return !forms[form].is_there || forms[form].is_there(); }

const char *mhp_crc32_name(size_t number) {
    for (size_t form = 0; form < FORMS; form++) {
        if (is_there(form) && number-- == 0) { return forms[form].name; }
    }
    return NULL;
}

mhp_crc32 mhp_crc32_get(const char *name) {
    for (size_t form = 0; form < FORMS; form++) {
        if (is_there(form) && strcmp(name, forms[form].name) == 0) { return forms[form].crc32; }
    }
    return NULL;
}
