// The CRC-32 of gzip (RFC 1952 section 8), in more bytes at a time than the library that decompresses takes.
#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t (*mhp_crc32)(const uint8_t *bytes, size_t count);

// The forms that this processor has, by number, the fastest first; NULL behind the last. All give the same. The last one,
// `portable`, is slow.
const char *mhp_crc32_name(size_t number);

// NULL when this processor has no form of that name.
mhp_crc32 mhp_crc32_get(const char *name);

#ifdef __cplusplus
}
#endif
#endif
