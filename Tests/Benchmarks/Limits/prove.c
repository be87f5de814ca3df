#include "prove.h"

#include <CChecksum.h>
#include <CProof.h>
#include <stdint.h>
#include <string.h>

_Static_assert(PROOF_PADDING >= MHP_PROOF_PADDING, "the proof reads further behind a text");

size_t gunzip_as_mhpipe(
    struct libdeflate_decompressor *decompressor,
    const char *stored,
    size_t size,
    char *text,
    size_t room
) {
    const size_t header = 10, trailer = 8; // RFC 1952 section 2.3, of a header without any flag
    const char *form = mhp_crc32_name(0);
    size_t used, written;
    if (size < header + trailer || stored[3] || !strcmp(form, "portable")) {
        return libdeflate_gzip_decompress(decompressor, stored, size, text, room, &written) ? 0 : written;
    }
    if (libdeflate_deflate_decompress_ex(
            decompressor, stored + header, size - header - trailer, text, room, &used, &written
        )) return 0;
    uint32_t checksum;
    memcpy(&checksum, stored + header + used, 4);
    return mhp_crc32_get(form)((const uint8_t *)text, written) == checksum ? written : 0;
}

size_t proven_records(const char *text, size_t length) {
    static const char start[] = "{\"Records\":[";
    size_t place = sizeof start - 1, count = 0;
    if (length < place || memcmp(text, start, place)) return 0;
    mhp_prover prove = mhp_prover_get(NULL);
    mhp_proven found;
    while (prove((const uint8_t *)text + place, length - place, NULL, &found)) {
        count++;
        place += found.end;
        if (place >= length || text[place] != ',') break;
        place++;
    }
    return count;
}
