// Proves in one pass, without an index, that a text begins with one whole JSON object.
#ifndef CPROOF_H
#define CPROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// So many bytes behind the text must be readable. What they hold makes no difference.
enum { MHP_PROOF_PADDING = 96 };

// So many further keys can be looked for, of at most so many bytes each with quotes and colon.
enum { MHP_PROOF_KEYS = 4, MHP_PROOF_KEY_BYTES = 32 };

// A further key of the object itself that is looked for.
typedef struct {
    char text[MHP_PROOF_KEY_BYTES]; // as it is written, `"awsRegion":`
    size_t length;
    size_t turn; // in it, at least 1: where two bytes begin that stand side by side in few other words
} mhp_key;

typedef struct {
    mhp_key keys[MHP_PROOF_KEYS];
    size_t count;
} mhp_keys;

// What was proven of an object.
typedef struct {
    size_t end;          // behind its last brace
    size_t event_source; // where the value of its own key of that name begins; 0 when it has none
    size_t event_name;   // likewise
    size_t values[MHP_PROOF_KEYS]; // likewise, of the further keys
    // True when its first key is `eventVersion`, when no key above is there twice, and neither hidden by an escape, and
    // when there is no `EventSource`, which would make it something else than an event of CloudTrail.
    bool is_plain;
} mhp_proven;

// True when the text begins with an object that is JSON (RFC 8259, in UTF-8) without white space between its tokens, nested
// no deeper than 60 levels, and that ends within `length` bytes. False says nothing at all of the text. `keys` may be NULL.
typedef bool (*mhp_prover)(const uint8_t *text, size_t length, const mhp_keys *keys, mhp_proven *found);

// The forms of the proof that this processor has, by number, the fastest first; NULL behind the last. All give the same.
const char *mhp_prover_name(size_t number);

// NULL when this processor has no form of that name. A NULL name is the fastest.
mhp_prover mhp_prover_get(const char *name);

#ifdef __cplusplus
}
#endif
#endif
