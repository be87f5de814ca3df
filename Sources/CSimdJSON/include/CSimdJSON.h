// The first stage of simdjson, and nothing else of it: from text to the offsets of its tokens.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Owns the memory of one index. Used by one thread at a time.
typedef struct mhp_indexer mhp_indexer;

enum {
    MHP_INDEX_OK = 0,
    MHP_INDEX_INVALID_UTF8 = 1,    // the index is complete
    MHP_INDEX_CONTROL_CHAR = 2,    // a raw control character inside a string: no index
    MHP_INDEX_UNCLOSED_STRING = 3, // the text ends inside a string: no index
    MHP_INDEX_EMPTY = 4,           // nothing but white space
    MHP_INDEX_FAILED = 5,          // out of memory, or text of 4 GiB and more
};

// The kernels that this processor has, by number; NULL behind the last.
const char *mhp_kernel_name(size_t number);

// The kernel that is simdjson's choice, likewise.
const char *mhp_usual_kernel_name(void);

// The version of simdjson that this was built with.
const char *mhp_simdjson_version(void);

// NULL when there is no memory, or no kernel of that name. A NULL name is simdjson's choice for this processor, which
// the environment may make (SIMDJSON_FORCE_IMPLEMENTATION).
mhp_indexer *mhp_indexer_create(const char *kernel);
void mhp_indexer_free(mhp_indexer *indexer);

// True for the kernel without vector instructions. Of damaged text, where a backslash stands outside a string, its index
// is not what all others give.
bool mhp_indexer_is_fallback(const mhp_indexer *indexer);

// Indexes `length` bytes; 64 more bytes behind them must be readable. On MHP_INDEX_OK and
// MHP_INDEX_INVALID_UTF8, `*index` holds `*count` offsets, and two more behind them, until the next call on this indexer.
int mhp_indexer_index(mhp_indexer *indexer, const uint8_t *text, size_t length,
                      uint32_t **index, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
