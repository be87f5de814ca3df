#include "forms.h"

#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#include <arm_neon.h>

// Every processor of this kind has these instructions.
#define TARGET
#define WIDE static inline __attribute__((always_inline))

typedef struct {
    uint8x16_t parts[4];
} block;
typedef block matches;

#define FOR_EACH_PART(part) for (int part = 0; part < 4; part++)

WIDE block load(const uint8_t *text) {
    block bytes;
    FOR_EACH_PART(part) { bytes.parts[part] = vld1q_u8(text + 16 * part); }
    return bytes;
}

WIDE matches equal(block bytes, char byte) {
    FOR_EACH_PART(part) { bytes.parts[part] = vceqq_u8(bytes.parts[part], vdupq_n_u8((uint8_t)byte)); }
    return bytes;
}

WIDE matches either(matches left, matches right) {
    FOR_EACH_PART(part) { left.parts[part] = vorrq_u8(left.parts[part], right.parts[part]); }
    return left;
}

WIDE matches both(matches left, matches right) {
    FOR_EACH_PART(part) { left.parts[part] = vandq_u8(left.parts[part], right.parts[part]); }
    return left;
}

WIDE bool any(matches found) {
    const uint8x16_t low = vorrq_u8(found.parts[0], found.parts[1]), high = vorrq_u8(found.parts[2], found.parts[3]);
    return vmaxvq_u8(vorrq_u8(low, high)) != 0;
}

// Each byte keeps the bit of its place among eight; adding neighbours three times puts eight of them into one byte.
WIDE uint64_t mask(matches found) {
    const uint8x16_t places = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    FOR_EACH_PART(part) { found.parts[part] = vandq_u8(found.parts[part], places); }
    const uint8x16_t low = vpaddq_u8(found.parts[0], found.parts[1]), high = vpaddq_u8(found.parts[2], found.parts[3]);
    const uint8x16_t all = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

// The token with the low four bits of each byte, if there is one.
WIDE matches equal_tokens(block bytes) {
    const uint8x16_t tokens = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, ':', '{', ',', '}', 0xFF, 0};
    FOR_EACH_PART(part) {
        const uint8x16_t low_bits = vandq_u8(bytes.parts[part], vdupq_n_u8(0x0F));
        bytes.parts[part] = vceqq_u8(vqtbl1q_u8(tokens, low_bits), bytes.parts[part]);
    }
    return bytes;
}

WIDE uint64_t bits(block bytes, int bit) {
    FOR_EACH_PART(part) { bytes.parts[part] = vtstq_u8(bytes.parts[part], vdupq_n_u8((uint8_t)(1 << bit))); }
    return mask(bytes);
}

WIDE uint64_t parity(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) { bits ^= bits << shift; }
    return bits;
}

// The least byte of all, as a signed one.
typedef int8x16_t odd_bytes;
WIDE odd_bytes no_odd_bytes(void) { return vdupq_n_s8(0x7F); }
WIDE odd_bytes with(odd_bytes odd, block bytes) {
    FOR_EACH_PART(part) { odd = vminq_s8(odd, vreinterpretq_s8_u8(bytes.parts[part])); }
    return odd;
}
WIDE bool any_odd(odd_bytes odd) { return vminvq_s8(odd) < 0x20; }
WIDE matches odd_in(block bytes) {
    FOR_EACH_PART(part) {
        bytes.parts[part] = vcltq_s8(vreinterpretq_s8_u8(bytes.parts[part]), vdupq_n_s8(0x20));
    }
    return bytes;
}

#include "blocks.h"
#include "object.h"

bool mhp_prove_neon(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found) {
    return prove_object(text, length, keys, found);
}
#endif
