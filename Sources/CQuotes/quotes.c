#include "CQuotes.h"

#include <string.h>

// Sixteen bytes at a time: what every processor of the two kinds can do. Text up to a quote is copied as sixteen bytes, of which
// those behind the quote are written over.
#if defined(__SSE2__)
#include <emmintrin.h>
static inline uint64_t quotes(const uint8_t *text) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    return (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
}
enum { BITS = 1 };
#elif defined(__aarch64__)
#include <arm_neon.h>
static inline uint64_t quotes(const uint8_t *text) {
    uint16x8_t found = vreinterpretq_u16_u8(vceqq_u8(vld1q_u8(text), vdupq_n_u8('"')));
    // Four bits for each byte, of which one is left.
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(found, 4)), 0) & 0x1111111111111111u;
}
enum { BITS = 4 };
#else
static inline uint64_t quotes(const uint8_t *text) {
    uint64_t found = 0;
    for (size_t place = 0; place < 16; place++) found |= (uint64_t)(text[place] == '"') << place;
    return found;
}
enum { BITS = 1 };
#endif

// Takes sixteen bytes of text, behind which as many can be read; where the next go.
static inline uint8_t *take(const uint8_t *text, uint8_t *out) {
    uint64_t found = quotes(text);
    size_t done = 0;
    while (found) {
        size_t quote = (size_t)__builtin_ctzll(found) / BITS;
        memcpy(out, text + done, 16);
        out += quote - done + 1;
        *out++ = '"';
        done = quote + 1;
        found &= found - 1;
    }
    memcpy(out, text + done, 16);
    return out + (16 - done);
}

size_t mhp_double_quotes(const uint8_t *text, size_t count, uint8_t *room) {
    uint8_t *out = room;
    for (; count >= 32; text += 16, count -= 16) out = take(text, out);
    // The rest, with room behind it that can be read; what is made of that is not counted.
    uint8_t rest[48] = {0};
    memcpy(rest, text, count);
    size_t place = 0;
    for (; place < count; place += 16) out = take(rest + place, out);
    return (size_t)(out - room) - (place - count);
}
