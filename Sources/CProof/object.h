// The proof. A form includes this behind its own `block`, `matches` and what is done with them, which it says in a few
// lines of vector instructions; the rest is arithmetic on masks, in which bit n stands for byte n of 64.
//
// - Q are the quotes that no backslash escapes. S, the parity of all quotes before, are the bytes of strings, opening
//   quotes included. All else but closing quotes is outside: O.
// - Most of what is outside are the tokens `, : { }`. Bits 6 and 1 of the byte tell them apart: 00, 01, 11, 10. Anything
//   else is a bracket of an array or part of a scalar, white space included, which no scalar may hold.
// - A value or key begins exactly where the byte before is `, : {` or `[`, but for brackets that close at once what they
//   open. So one comparison finds two values in a row, a comma before a brace, and values that are missing.
// - A value is wanted, or was had, behind `:` and `}`; a key behind `,` and `{`. That state flips at each of `, : {` and
//   at the brace of `{}`, so it is the parity of their mask, and what it must be is bit 6 of the byte but for bit 1. In
//   arrays a value is always wanted, so their commas do not flip; only blocks with a bracket of an array, or that begin
//   inside one, need a loop over their brackets to know which commas these are.
// - While a block closes fewer levels than are open above the innermost array, that stays the innermost, and the object
//   does not end. Braces of `{}` do not count, unless its two bytes are in two blocks.
//
// Errors are gathered, and asked for where something rarer has to be looked at anyway.
#include "rare.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline)) TARGET

// All ones up to the lowest bit; all ones for none.
INLINE uint64_t up_to_lowest(uint64_t bits) { return bits ^ (bits - 1); }

INLINE uint64_t sign(uint64_t bits) { return (uint64_t)((int64_t)bits >> 63); }

// True for a scalar that ends before `,`, `}` or `]`, and within the text.
INLINE bool is_scalar(const uint8_t *text, const uint8_t *end) {
    int length;
    if (memcmp(text, "true", 4) == 0 || memcmp(text, "null", 4) == 0) {
        length = 4;
    } else if (memcmp(text, "false", 5) == 0) {
        length = 5;
    } else {
        return mhp_is_number(text, end);
    }
    return end - text > length && mhp_ends_scalar(text[length]);
}

INLINE bool are_scalars(const uint8_t *text, uint64_t starts, const uint8_t *end) {
    for (; starts; starts &= starts - 1) {
        if (MHP_UNLIKELY(!is_scalar(text + __builtin_ctzll(starts), end))) { return false; }
    }
    return true;
}

// Looks in a block for the further keys; `inside` are its bytes before the end of the object.
INLINE void note_further(
    const uint8_t *text, block bytes, uint64_t inside, uint64_t opens, uint64_t closes, int depth, mhp_rare *rare) {
    const block next = load(text + 1);
    for (size_t number = 0; number < rare->keys->count; number++) {
        const char *const turn = rare->keys->keys[number].text + rare->keys->keys[number].turn;
        const matches found = both(equal(bytes, turn[0]), equal(next, turn[1]));
        if (MHP_UNLIKELY(any(found))) { mhp_note_key(text, mask(found) & inside, opens, closes, depth, number, rare); }
    }
}

INLINE bool prove_object(const uint8_t *record, size_t length, const mhp_keys *further, mhp_proven *found) {
    if (length == 0 || record[0] != '{') { return false; }
    const uint8_t *const end = record + length;
    mhp_rare rare = {.record = record, .end = end, .keys = further};
    odd_bytes odd = no_odd_bytes();
    uint64_t in_string = 0, wants_value = 0, errors = 0;
    // What the last byte before the block was: one behind which something begins, an opening brace, part of a scalar.
    uint64_t was_opener = 1, was_open = 1, was_scalar = 0;
    uint64_t arrays = 0; // bit n: level n is an array
    int floor = 0;       // the innermost of these
    int depth = 1;
    for (const uint8_t *text = record + 1; text < end; text += 64) {
        const block bytes = load(text);
        uint64_t quotes = mask(equal(bytes, '"'));
        const matches backslashes = equal(bytes, '\\');
        if (MHP_UNLIKELY(any(backslashes) || rare.escape_carry)) {
            quotes &= ~mhp_escaped(text, mask(backslashes), &rare);
        }
        const uint64_t strings = parity(quotes) ^ in_string;
        in_string = sign(strings);
        const uint64_t bit_6 = bits(bytes, 6), bit_1 = bits(bytes, 1), tokens = mask(equal_tokens(bytes));
        const uint64_t outside = ~(strings | quotes), begins = strings & quotes, others = outside & ~tokens;
        const uint64_t braces = outside & tokens & bit_6, opens = braces & bit_1, closes = braces & ~bit_1;
        const uint64_t empties = closes & (opens << 1 | was_open);
        const int closed = __builtin_popcountll(closes & ~(opens << 1)), opened = __builtin_popcountll(opens);
        const matches keys = key_letters(text, bytes);

        uint64_t square = 0, scalars = 0, starts = 0;
        if (MHP_UNLIKELY(others != 0)) {
            if (MHP_UNLIKELY(errors != 0)) { return false; }
            square = mask(equal_brackets(bytes)) & others;
            scalars = others ^ square;
            starts = scalars & ~(scalars << 1 | was_scalar);
        }
        was_scalar = scalars >> 63;
        if (MHP_LIKELY(square == 0 && closed < depth - floor && depth + opened <= MHP_PROOF_DEPTH)) {
            const uint64_t openers = (outside & tokens) ^ closes;
            const uint64_t wanted = parity(openers | empties) ^ wants_value;
            errors |= (begins | opens | starts) ^ (openers << 1 | was_opener) ^ empties;
            errors |= (wanted ^ (((bit_1 ^ bit_6) & tokens) | scalars)) & outside;
            wants_value = sign(wanted);
            if (MHP_UNLIKELY(any(keys))) { mhp_note_keys(text, mask(keys), opens, closes, depth, &rare); }
            if (further) { note_further(text, bytes, ~(uint64_t)0, opens, closes, depth, &rare); }
            if (MHP_UNLIKELY(starts != 0) && !are_scalars(text, starts, end)) { return false; }
            depth += opened - __builtin_popcountll(closes);
            odd = with(odd, bytes);
            was_opener = openers >> 63;
            was_open = opens >> 63;
            continue;
        }

        // Arrays, great depth, or the end.
        const uint64_t array_opens = square & bit_1, array_closes = square & ~bit_1, all_opens = opens | array_opens;
        const uint64_t commas = outside & tokens & ~(bit_6 | bit_1);
        const int depth_before = depth;
        uint64_t array_commas = 0, wrong = 0, done = 0, inside = ~(uint64_t)0;
        for (uint64_t rest = all_opens | closes | array_closes; rest; rest &= rest - 1) {
            const uint64_t bit = rest & (0 - rest), is_array = (square & bit) != 0;
            if (arrays >> depth & 1) { array_commas |= commas & up_to_lowest(rest) & ~done; }
            done = up_to_lowest(rest);
            if (all_opens & bit) {
                if (++depth > MHP_PROOF_DEPTH) { return false; }
                arrays |= is_array << depth;
            } else {
                if (is_array != (arrays >> depth & 1)) { wrong |= bit; }
                arrays &= ~((uint64_t)1 << depth);
                if (--depth == 0) {
                    inside = done;
                    break;
                }
            }
        }
        if (arrays >> depth & 1) { array_commas |= commas & ~done; }
        floor = arrays ? 63 - __builtin_clzll(arrays) : 0;
        const uint64_t was_array = was_opener && text[-1] == '[';
        const uint64_t empty_arrays = array_closes & (array_opens << 1 | was_array);
        const uint64_t openers = ((outside & tokens) ^ closes) | array_opens;
        const uint64_t wanted = parity((openers & ~(array_commas | array_opens)) | empties) ^ wants_value;
        wrong |= (begins | all_opens | starts) ^ (openers << 1 | was_opener) ^ empties ^ empty_arrays;
        wrong |= (wanted ^ (((bit_1 ^ bit_6) & tokens) | others | array_commas)) & outside;
        errors |= wrong & inside;
        if (errors || !are_scalars(text, starts & inside, end)) { return false; }
        if (any(keys)) {
            mhp_note_keys(text, mask(keys) & inside, all_opens, closes | array_closes, depth_before, &rare);
        }
        if (further) { note_further(text, bytes, inside, all_opens, closes | array_closes, depth_before, &rare); }
        if (depth == 0) {
            if (!mhp_conclude(text, inside, &rare, found)) { return false; }
            const bool is_odd = any_odd(odd) || (mask(odd_in(bytes)) & inside);
            return MHP_LIKELY(!is_odd) || mhp_is_clean(record, record + found->end);
        }
        wants_value = sign(wanted);
        odd = with(odd, bytes);
        was_opener = openers >> 63;
        was_open = opens >> 63;
    }
    return false;
}
