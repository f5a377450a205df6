#ifndef ARCHIVE_CRC32_H
#define ARCHIVE_CRC32_H
/*
 * CRC-32 as zlib computes it: the short form of long values in the service's text.
 */
#include "base/bytes.h"

uint32_t crc32_of(struct bytes bytes);

#endif
