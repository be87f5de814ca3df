// What the proof needs for few blocks only, and which is the same in all of its forms.
#ifndef MHP_PROOF_RARE_H
#define MHP_PROOF_RARE_H

#include "include/CProof.h"

#define MHP_LIKELY(x) __builtin_expect(!!(x), 1)
#define MHP_UNLIKELY(x) __builtin_expect(!!(x), 0)

enum { MHP_PROOF_DEPTH = 60 };

// What the proof remembers and seldom touches.
typedef struct {
    const uint8_t *record;
    const uint8_t *end; // of the text
    uint64_t escape_carry; // 1 when the next block begins with an escaped byte
    // The last block with a backslash: which of its escapes are none, and which may stand for a letter of a key.
    const uint8_t *escape_block;
    uint64_t bad_escapes, hiding_escapes;
    bool bad_escape, is_hidden; // the same of the blocks before
    size_t event_source, event_name;
    const mhp_keys *keys;
    size_t values[MHP_PROOF_KEYS]; // of the keys
    bool is_repeated, has_notice_key;
} mhp_rare;

// Which bytes of a block a backslash escapes.
uint64_t mhp_escaped(const uint8_t *block, uint64_t backslashes, mhp_rare *rare);

// Looks for keys where 't' is followed by 'S' or 'N'. `depth` is the number of levels open before the block.
void mhp_note_keys(const uint8_t *block, uint64_t places, uint64_t opens, uint64_t closes, int depth, mhp_rare *rare);

// Looks for a further key where its turn stands.
void mhp_note_key(const uint8_t *block, uint64_t places, uint64_t opens, uint64_t closes, int depth, size_t number,
                  mhp_rare *rare);

// True for a number that ends before `,`, `}` or `]`, and within the text.
bool mhp_is_number(const uint8_t *text, const uint8_t *end);

// True for UTF-8 without control characters.
bool mhp_is_clean(const uint8_t *text, const uint8_t *end);

// Whether the text before the end of a record was all right where it was rare; `last` are its bytes in the last block.
bool mhp_conclude(const uint8_t *block, uint64_t last, const mhp_rare *rare, mhp_proven *found);

static inline bool mhp_ends_scalar(uint8_t byte) { return byte == ',' || byte == '}' || byte == ']'; }

#endif
