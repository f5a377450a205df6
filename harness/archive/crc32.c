#include "archive/crc32.h"

#define POLYNOMIAL 0xedb88320 // reflected

/* [n][b]: the remainder of byte b with n zero bytes behind it. Eight bytes are taken at a time: values of megabytes are told by it. */
static uint32_t remainders[8][256];

static void fill(void)
{
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t r = b;
        for (int bit = 0; bit < 8; bit++)
            r = r >> 1 ^ (r & 1 ? POLYNOMIAL : 0);
        remainders[0][b] = r;
    }
    for (int n = 1; n < 8; n++)
        for (int b = 0; b < 256; b++)
            remainders[n][b] = remainders[n - 1][b] >> 8 ^ remainders[0][remainders[n - 1][b] & 255];
}

uint32_t crc32_of(struct bytes bytes)
{
    const uint8_t *p = bytes.data, *end = bytes.data + bytes.len;
    uint32_t crc = 0xffffffff;

    if (!remainders[0][1])
        fill();
    for (; end - p >= 8; p += 8)
        crc = remainders[7][(crc & 255) ^ p[0]] ^ remainders[6][(crc >> 8 & 255) ^ p[1]] ^ remainders[5][(crc >> 16 & 255) ^ p[2]] ^
              remainders[4][crc >> 24 ^ p[3]] ^ remainders[3][p[4]] ^ remainders[2][p[5]] ^ remainders[1][p[6]] ^ remainders[0][p[7]];
    for (; p < end; p++)
        crc = crc >> 8 ^ remainders[0][(crc & 255) ^ *p];
    return ~crc;
}
