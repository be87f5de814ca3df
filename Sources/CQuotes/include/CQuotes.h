// Doubles the quotes of a text, as a field of CSV has them (RFC 4180).
#ifndef CQUOTES_H
#define CQUOTES_H

#include <stddef.h>
#include <stdint.h>

// So many bytes behind twice the text may be written, whatever it holds.
enum { MHP_QUOTES_PADDING = 16 };

// Writes `count` bytes of text with every quote in it twice, and gives how many bytes that made.
//
// There must be room for 2 * count + MHP_QUOTES_PADDING bytes; nothing is read behind the text.
size_t mhp_double_quotes(const uint8_t *text, size_t count, uint8_t *room);

#endif
