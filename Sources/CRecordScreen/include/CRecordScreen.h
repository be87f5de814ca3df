// Finds the end of a JSON object, and the value of one of its keys, without looking at the rest.
#ifndef CRECORDSCREEN_H
#define CRECORDSCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What was seen of one object.
typedef struct {
    size_t end;       // behind its last bracket
    size_t value;     // where the value of the key begins; 0 when the object itself has no such key
    bool is_doubtful; // the key is there twice, or a \u escape may hide it, or there is no such escape as one of its
    bool has_control; // there is a control character in it, a line end perhaps
} mhp_screened;

// False where the processor lacks what this needs (AVX2 and PCLMUL); the other call must not be made then.
bool mhp_screen_is_supported(void);

// Looks for the end of the object whose first bracket is `text[0]`.
//
// Quotes, backslashes and brackets are all that counts: of two texts with the same ones, both pass or neither. A key
// written with \u escapes is not recognised, but then the object is doubtful. `key` is of ASCII letters, 62 at most.
// 64 bytes behind `length` must be readable. Returns false when the object does not end in the text.
bool mhp_screen_object(const uint8_t *text, size_t length, const uint8_t *key, size_t key_length,
                       mhp_screened *found);

#ifdef __cplusplus
}
#endif
#endif
