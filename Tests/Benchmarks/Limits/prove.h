#ifndef PROVE_H
#define PROVE_H

#include <libdeflate.h>
#include <stddef.h>

// So many bytes behind a text are read.
enum { PROOF_PADDING = 96 };

// Decompresses a gzip file as mhpipe does: its own checksum over libdeflate's text. Returns the bytes of text, 0 for damage.
size_t gunzip_as_mhpipe(struct libdeflate_decompressor *, const char *stored, size_t size, char *text, size_t room);

// Proves the records of a text one after the other, as mhpipe does for those that a filter drops, and does nothing with them.
// Returns how many there are before the first that is not proven.
size_t proven_records(const char *text, size_t length);

#endif
