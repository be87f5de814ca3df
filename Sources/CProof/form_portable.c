#include "forms.h"

#include <string.h>

// Eight bytes at a time in the registers that every processor has.

#define TARGET
#define WIDE static inline __attribute__((always_inline))

typedef struct {
    uint64_t words[8];
} block;
// The highest bit of every byte says whether it matches; the other bits say nothing.
typedef block matches;

#define EVERY(byte) ((uint64_t)0x0101010101010101 * (uint8_t)(byte))

WIDE block load(const uint8_t *text) {
    block bytes;
    memcpy(&bytes, text, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (int word = 0; word < 8; word++) { bytes.words[word] = __builtin_bswap64(bytes.words[word]); }
#endif
    return bytes;
}

// Adding 0x7F carries into the highest bit of a byte unless its other bits are zero.
WIDE matches equal(block bytes, char byte) {
    matches found;
    for (int word = 0; word < 8; word++) {
        const uint64_t differ = bytes.words[word] ^ EVERY(byte);
        found.words[word] = ~(((differ & EVERY(0x7F)) + EVERY(0x7F)) | differ);
    }
    return found;
}

WIDE matches either(matches left, matches right) {
    for (int word = 0; word < 8; word++) { left.words[word] |= right.words[word]; }
    return left;
}

WIDE matches both(matches left, matches right) {
    for (int word = 0; word < 8; word++) { left.words[word] &= right.words[word]; }
    return left;
}

WIDE bool any(matches found) {
    uint64_t all = 0;
    for (int word = 0; word < 8; word++) { all |= found.words[word]; }
    return (all & EVERY(0x80)) != 0;
}

// The product brings the bits of a word together in its highest byte.
WIDE uint64_t mask(matches found) {
    uint64_t mask = 0;
    for (int word = 0; word < 8; word++) {
        mask |= ((found.words[word] >> 7 & EVERY(1)) * 0x0102040810204080 >> 56) << (8 * word);
    }
    return mask;
}

WIDE matches equal_tokens(block bytes) {
    return either(either(equal(bytes, ','), equal(bytes, ':')), either(equal(bytes, '{'), equal(bytes, '}')));
}

WIDE uint64_t bits(block bytes, int bit) {
    for (int word = 0; word < 8; word++) { bytes.words[word] <<= 7 - bit; }
    return mask(bytes);
}

WIDE uint64_t parity(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) { bits ^= bits << shift; }
    return bits;
}

// All below a space, and all above 0x7F.
WIDE matches odd_in(block bytes) {
    for (int word = 0; word < 8; word++) {
        bytes.words[word] |= ~((bytes.words[word] & EVERY(0x7F)) + EVERY(0x60));
    }
    return bytes;
}

typedef matches odd_bytes;
WIDE odd_bytes no_odd_bytes(void) { return (odd_bytes){{0}}; }
WIDE odd_bytes with(odd_bytes odd, block bytes) { return either(odd, odd_in(bytes)); }
WIDE bool any_odd(odd_bytes odd) { return any(odd); }

#include "blocks.h"
#include "object.h"

bool mhp_prove_portable(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found) {
    return prove_object(text, length, keys, found);
}
