#include "rare.h"

#include <string.h>

static bool is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }
static bool is_hex(uint8_t byte) { return is_digit(byte) || (uint8_t)((byte | 0x20) - 'a') < 6; }

// A run of backslashes escapes the byte behind it when its length is odd. That is found with simdjson's arithmetic: where
// a run begins at an odd place, the subtraction turns the sense of its bits, and so of the one behind it.
uint64_t mhp_escaped(const uint8_t *block, uint64_t backslashes, mhp_rare *rare) {
    const uint64_t odd_bits = 0xAAAAAAAAAAAAAAAAULL;
    const uint64_t candidates = backslashes & ~rare->escape_carry;
    const uint64_t codes = (((candidates << 1) | odd_bits) - candidates) ^ odd_bits;
    const uint64_t result = codes ^ (backslashes | rare->escape_carry);
    rare->escape_carry = (codes & backslashes) >> 63;
    // The block before was not the last one, so all of its escapes were in the record.
    rare->bad_escape |= rare->bad_escapes != 0;
    rare->is_hidden |= rare->hiding_escapes != 0;
    rare->escape_block = block;
    rare->bad_escapes = rare->hiding_escapes = 0;
    for (uint64_t rest = result; rest; rest &= rest - 1) {
        const uint64_t bit = rest & (0 - rest);
        const uint8_t *const byte = block + __builtin_ctzll(rest);
        switch (*byte) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': break;
        case 'u':
            if (!(is_hex(byte[1]) && is_hex(byte[2]) && is_hex(byte[3]) && is_hex(byte[4]))) { rare->bad_escapes |= bit; }
            // The letters of keys are \u0041 to \u007A.
            if (byte[1] == '0' && byte[2] == '0' && byte[3] >= '4' && byte[3] <= '7') { rare->hiding_escapes |= bit; }
            break;
        default: rare->bad_escapes |= bit;
        }
    }
    return result;
}

static void note(size_t *value, size_t place, mhp_rare *rare) {
    if (*value) { rare->is_repeated = true; }
    *value = place;
}

// How many levels are open before a bit.
static int depth_at(int bit, uint64_t opens, uint64_t closes, int depth) {
    const uint64_t before = ((uint64_t)1 << bit) - 1;
    return depth + __builtin_popcountll(opens & before) - __builtin_popcountll(closes & before);
}

// In JSON, `"eventSource":` is a key unless its first quote is escaped.
void mhp_note_keys(const uint8_t *block, uint64_t places, uint64_t opens, uint64_t closes, int depth, mhp_rare *rare) {
    static const char source[] = "ventSource\":", name[] = "ventName\":";
    for (; places; places &= places - 1) {
        const int bit = __builtin_ctzll(places);
        const uint8_t *const letter = block + bit;
        if (letter - rare->record < 6 || letter[-5] != '"' || (letter[-4] | 0x20) != 'e') { continue; }
        const bool is_source = memcmp(letter - 3, source, sizeof source - 1) == 0;
        if (!is_source && memcmp(letter - 3, name, sizeof name - 1) != 0) { continue; }
        if (depth_at(bit, opens, closes, depth) != 1) { continue; }
        if (letter[-6] == '\\') {
            rare->is_repeated = true;
        } else if (letter[-4] == 'E') {
            rare->has_notice_key |= is_source;
        } else {
            const size_t value = (size_t)(letter - rare->record) - 3;
            if (is_source) {
                note(&rare->event_source, value + sizeof source - 1, rare);
            } else {
                note(&rare->event_name, value + sizeof name - 1, rare);
            }
        }
    }
}

void mhp_note_key(const uint8_t *block, uint64_t places, uint64_t opens, uint64_t closes, int depth, size_t number,
                  mhp_rare *rare) {
    const mhp_key *const key = &rare->keys->keys[number];
    for (; places; places &= places - 1) {
        const int bit = __builtin_ctzll(places);
        const size_t turn = (size_t)(block + bit - rare->record);
        if (turn < key->turn + 1) { continue; }
        const uint8_t *const start = rare->record + turn - key->turn;
        if (memcmp(start, key->text, key->length) != 0 || depth_at(bit, opens, closes, depth) != 1) { continue; }
        if (start[-1] == '\\') { rare->is_repeated = true; }
        note(&rare->values[number], (size_t)(start - rare->record) + key->length, rare);
    }
}

bool mhp_is_number(const uint8_t *text, const uint8_t *end) {
    if (*text == '-') { text++; }
    if (*text == '0') {
        text++;
    } else {
        if (!is_digit(*text)) { return false; }
        while (text < end && is_digit(*text)) { text++; }
    }
    if (text < end && *text == '.') {
        text++;
        if (!is_digit(*text)) { return false; }
        while (text < end && is_digit(*text)) { text++; }
    }
    if (text < end && (*text | 0x20) == 'e') {
        text++;
        if (*text == '+' || *text == '-') { text++; }
        if (!is_digit(*text)) { return false; }
        while (text < end && is_digit(*text)) { text++; }
    }
    return text < end && mhp_ends_scalar(*text);
}

bool mhp_is_clean(const uint8_t *text, const uint8_t *end) {
    while (text < end) {
        const uint8_t first = *text;
        if (first < 0x80) {
            if (first < 0x20) { return false; }
            text++;
            continue;
        }
        // RFC 3629 section 4: what the second byte may be depends on the first.
        uint8_t low = 0x80, high = 0xBF;
        int more;
        if (first >= 0xC2 && first <= 0xDF) {
            more = 1;
        } else if (first >= 0xE0 && first <= 0xEF) {
            more = 2;
            if (first == 0xE0) { low = 0xA0; }
            if (first == 0xED) { high = 0x9F; }
        } else if (first >= 0xF0 && first <= 0xF4) {
            more = 3;
            if (first == 0xF0) { low = 0x90; }
            if (first == 0xF4) { high = 0x8F; }
        } else {
            return false;
        }
        if (end - text <= more || text[1] < low || text[1] > high) { return false; }
        for (int place = 2; place <= more; place++) {
            if ((text[place] & 0xC0) != 0x80) { return false; }
        }
        text += more + 1;
    }
    return true;
}

bool mhp_conclude(const uint8_t *block, uint64_t last, const mhp_rare *rare, mhp_proven *found) {
    static const char version[] = "{\"eventVersion\":";
    const uint64_t cut = rare->escape_block == block ? last : ~(uint64_t)0;
    if (rare->bad_escape || (rare->bad_escapes & cut)) { return false; }
    const bool is_hidden = rare->is_hidden || (rare->hiding_escapes & cut);
    found->end = (size_t)(block - rare->record) + 64 - (size_t)__builtin_clzll(last);
    found->event_source = rare->event_source;
    found->event_name = rare->event_name;
    memcpy(found->values, rare->values, sizeof found->values);
    found->is_plain = found->end >= sizeof version && memcmp(rare->record, version, sizeof version - 1) == 0
        && !is_hidden && !rare->is_repeated && !rare->has_notice_key;
    return rare->record + found->end <= rare->end;
}
