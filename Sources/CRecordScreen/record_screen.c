#include "CRecordScreen.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define WIDE __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))
#define INLINE static inline __attribute__((always_inline)) WIDE
#define RARE static __attribute__((noinline)) WIDE

// 64 bytes of text. In the masks made of them, bit n stands for byte n.
typedef struct {
    __m256i low, high;
} block;

INLINE uint64_t mask_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

INLINE uint64_t equal(block bytes, char byte) {
    const __m256i wanted = _mm256_set1_epi8(byte);
    return mask_of(_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted));
}

// The bytes that a backslash escapes, with simdjson's arithmetic: a run of backslashes escapes the byte behind it when
// its length is odd. `carry` is 1 when the first byte is escaped by the block before.
INLINE uint64_t escaped(const uint8_t *text, uint64_t backslashes, uint64_t *carry, bool *is_doubtful) {
    const uint64_t odd_bits = 0xAAAAAAAAAAAAAAAAULL;
    const uint64_t candidates = backslashes & ~*carry;
    const uint64_t codes = (((candidates << 1) | odd_bits) - candidates) ^ odd_bits;
    const uint64_t result = codes ^ (backslashes | *carry);
    *carry = (codes & backslashes) >> 63;
    for (uint64_t rest = result; rest; rest &= rest - 1) {
        const uint8_t *const byte = text + __builtin_ctzll(rest);
        // Letters of the key are \u0041 to \u007A.
        if (*byte == 'u' ? byte[3] >= '4' && byte[3] <= '7' && byte[1] == '0' && byte[2] == '0'
                         : *byte == 0 || !strchr("\"\\/bfnrt", *byte)) {
            *is_doubtful = true;
        }
    }
    return result;
}

// Looks at the strings that end where `closing` has a bit, all as long as the key.
RARE void look_for_key(const uint8_t *text, size_t base, uint64_t closing, uint64_t open, uint64_t close,
                       long depth, const uint8_t *key, size_t key_length, mhp_screened *found) {
    for (; closing; closing &= closing - 1) {
        const unsigned bit = (unsigned)__builtin_ctzll(closing);
        const size_t end = base + bit;
        const uint64_t before = ((uint64_t)1 << bit) - 1;
        if (text[end + 1] != ':' || memcmp(text + end - key_length, key, key_length) != 0) { continue; }
        if (depth + __builtin_popcountll(open & before) - __builtin_popcountll(close & before) != 1) { continue; }
        if (found->value) { found->is_doubtful = true; }
        found->value = end + 2;
    }
}

// The bit of the bracket with which the depth comes down to 0; 0 when there is none.
INLINE uint64_t end_in(uint64_t open, uint64_t close, long depth) {
    for (uint64_t rest = open | close; rest; rest &= rest - 1) {
        const uint64_t bit = rest & (0 - rest);
        depth += open & bit ? 1 : -1;
        if (depth == 0) { return bit; }
    }
    return 0;
}

WIDE bool mhp_screen_object(const uint8_t *text, size_t length, const uint8_t *key, size_t key_length,
                            mhp_screened *found) {
    const __m256i bit_5 = _mm256_set1_epi8(0x20), backslash = _mm256_set1_epi8('\\');
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    const __m128i ones = _mm_set1_epi8(-1);
    __m256i least = _mm256_set1_epi8(-1);
    uint64_t escape_carry = 0, in_string = 0, opening_before = 0;
    long depth = 0;
    found->value = 0;
    found->is_doubtful = false;
    found->has_control = false;
    for (size_t base = 0; base < length; base += 64) {
        const block bytes = {_mm256_loadu_si256((const __m256i *)(text + base)),
                             _mm256_loadu_si256((const __m256i *)(text + base + 32))};
        uint64_t quotes = equal(bytes, '"');
        const __m256i low = _mm256_cmpeq_epi8(bytes.low, backslash), high = _mm256_cmpeq_epi8(bytes.high, backslash);
        const __m256i any = _mm256_or_si256(low, high);
        if (__builtin_expect(escape_carry | !_mm256_testz_si256(any, any), 0)) {
            quotes &= ~escaped(text + base, mask_of(low, high), &escape_carry, &found->is_doubtful);
        }
        // A carry-less product with ones is the parity of all quotes so far: 1 from an opening quote up to its end.
        const __m128i parity = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes), ones, 0);
        const uint64_t strings = (uint64_t)_mm_cvtsi128_si64(parity) ^ in_string;
        in_string = (uint64_t)((int64_t)strings >> 63);

        // '[' and '{' differ in one bit, as do ']' and '}'.
        const block lower = {_mm256_or_si256(bytes.low, bit_5), _mm256_or_si256(bytes.high, bit_5)};
        const uint64_t open = equal(lower, '{') & ~strings, close = equal(lower, '}') & ~strings;
        const uint64_t opening = quotes & strings, closing = quotes & ~strings;
        const uint64_t as_long = ((opening << (key_length + 1)) | (opening_before >> (63 - key_length))) & closing;
        opening_before = opening;

        const long closed = __builtin_popcountll(close);
        if (__builtin_expect(closed < depth, 1)) {
            if (__builtin_expect(as_long != 0, 0)) {
                look_for_key(text, base, as_long, open, close, depth, key, key_length, found);
            }
            depth += __builtin_popcountll(open) - closed;
            least = _mm256_min_epu8(least, _mm256_min_epu8(bytes.low, bytes.high));
            continue;
        }
        // The object may end here.
        const uint64_t end = end_in(open, close, depth);
        const uint64_t inside = as_long & (end - 1);
        if (__builtin_expect(inside != 0, 0)) {
            look_for_key(text, base, inside, open, close, depth, key, key_length, found);
        }
        const uint64_t control = mask_of(_mm256_cmpeq_epi8(_mm256_min_epu8(bytes.low, last_control), bytes.low),
                                         _mm256_cmpeq_epi8(_mm256_min_epu8(bytes.high, last_control), bytes.high));
        if (control & (end - 1)) { found->has_control = true; }
        if (end) {
            if (_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(least, last_control), least))) {
                found->has_control = true;
            }
            found->end = base + (size_t)__builtin_ctzll(end) + 1;
            return found->end <= length;
        }
        depth += __builtin_popcountll(open) - closed;
    }
    return false;
}

bool mhp_screen_is_supported(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi2")
        && __builtin_cpu_supports("popcnt");
}

#else

bool mhp_screen_is_supported(void) { return false; }

bool mhp_screen_object(const uint8_t *text, size_t length, const uint8_t *key, size_t key_length,
                       mhp_screened *found) {
    (void)text, (void)length, (void)key, (void)key_length, (void)found;
    return false;
}

#endif
