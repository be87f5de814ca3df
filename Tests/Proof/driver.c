// Reads texts, each behind its length in four bytes, and prints what every form of the proof says of each: `0` when nothing
// was proven, else `END SOURCE NAME PLAIN REGION ERROR`. Ends with an error where forms differ, or where it matters what stands behind a
// text. Each text has memory of its own, so that a sanitizer sees a load beyond what must be readable.
#include "CProof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What may stand behind a text.
static const char *const behind[] = {"\xAB", "}", "0", "\"", "\\u", "]}"};
enum { BEHIND = sizeof behind / sizeof behind[0] };

static bool same(bool is_proven, mhp_proven one, bool other_is_proven, mhp_proven other) {
    return is_proven == other_is_proven
        && (!is_proven
            || (one.end == other.end && one.event_source == other.event_source && one.event_name == other.event_name
                && one.is_plain == other.is_plain && memcmp(one.values, other.values, sizeof one.values) == 0));
}

// The further keys that are looked for.
static const mhp_keys keys = {
    .keys = {{.text = "\"awsRegion\":", .length = 12, .turn = 3}, {.text = "\"errorCode\":", .length = 12, .turn = 5}},
    .count = 2,
};

static bool read_text(uint8_t **text, size_t *length) {
    uint8_t bytes[4];
    if (fread(bytes, 1, 4, stdin) != 4) { return false; }
    *length = bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
    *text = malloc(*length + MHP_PROOF_PADDING);
    return *text && fread(*text, 1, *length, stdin) == *length;
}

int main(void) {
    uint8_t *text;
    size_t length;
    while (read_text(&text, &length)) {
        bool is_proven = false;
        mhp_proven first = {0};
        for (size_t form = 0; mhp_prover_name(form); form++) {
            const mhp_prover prove = mhp_prover_get(mhp_prover_name(form));
            for (size_t kind = 0; kind < BEHIND; kind++) {
                for (size_t place = 0; place < MHP_PROOF_PADDING; place++) {
                    text[length + place] = (uint8_t)behind[kind][place % strlen(behind[kind])];
                }
                mhp_proven found = {0};
                const bool proves = prove(text, length, &keys, &found);
                mhp_proven without = {0};
                if (prove(text, length, NULL, &without) != proves || (proves && without.end != found.end)) {
                    fprintf(stderr, "%s differs without further keys; ", mhp_prover_name(form));
                    fwrite(text, 1, length, stderr);
                    return 1;
                }
                if (form == 0 && kind == 0) {
                    is_proven = proves;
                    first = found;
                } else if (!same(is_proven, first, proves, found)) {
                    fprintf(stderr, "%s before '%s' differs: %d %zu, not %d %zu; ", mhp_prover_name(form), behind[kind],
                            proves, found.end, is_proven, first.end);
                    fwrite(text, 1, length, stderr);
                    return 1;
                }
            }
        }
        if (is_proven) {
            printf("%zu %zu %zu %d %zu %zu\n", first.end, first.event_source, first.event_name, first.is_plain,
                   first.values[0], first.values[1]);
        } else {
            puts("0");
        }
        free(text);
    }
    return 0;
}
