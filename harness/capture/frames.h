#ifndef CAPTURE_FRAMES_H
#define CAPTURE_FRAMES_H
/*
 * One captured packet to one TCP segment: link layer, IPv4 or IPv6 with its extension headers, TCP.
 *
 * Checksums are not looked at: where a network card computes them, a capture on the sending machine has wrong ones.
 */
#include "base/bytes.h"

struct endpoint {
    uint8_t address[16]; // an IPv4 one in the first 4
    uint8_t size;        // 4 or 16
    uint16_t port;
};

enum segment_flag { SEGMENT_FIN = 1, SEGMENT_SYN = 2, SEGMENT_RST = 4, SEGMENT_ACK = 16 };

struct segment {
    struct endpoint from, to;
    uint32_t seq, ack;
    uint8_t flags;
    size_t len;        // of the payload as it was sent
    struct bytes data; // what the capture has of it; a slice of the packet
    struct {           // of FRAME_FRAGMENT, whose len and data are the piece's
        uint32_t id;
        size_t at;    // of the packet that was cut up
        bool more;    // it is not the last piece
        uint8_t next; // the protocol of the whole
    } fragment;
};

enum frame_kind {
    FRAME_TCP,
    FRAME_OTHER,    // no TCP
    FRAME_FRAGMENT, // part of an IP packet that may hold TCP
    FRAME_SHORT,    // headers are cut, or lie about their length
};

/* Whether packets of this link type, a DLT of libpcap, can be read. */
bool frame_link_known(int link);
/* whole: bytes that the packet had when it passed; the capture may have fewer. out is filled in for FRAME_TCP and FRAME_FRAGMENT. */
enum frame_kind frame_read(int link, struct bytes packet, size_t whole, struct segment *out);
/* What the pieces of a packet hold together; one of them says whose it is. */
enum frame_kind frame_read_joined(const struct segment *piece, struct bytes payload, struct segment *out);

#endif
