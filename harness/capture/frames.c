#include "capture/frames.h"

enum link { LINK_NULL = 0, LINK_ETHERNET = 1, LINK_RAW = 12, LINK_LOOP = 108, LINK_SLL = 113, LINK_IPV4 = 228, LINK_IPV6 = 229, LINK_SLL2 = 276 };

#define VLAN_MAX      8  // tags of one frame
#define EXTENSION_MAX 16 // headers of one packet
#define TCP           6

/* Both lengths shrink together: what is left of the packet, and what it had. */
struct rest {
    struct bytes data;
    size_t whole;
};

static uint16_t u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t u32(const uint8_t *p)
{
    return (uint32_t)u16(p) << 16 | u16(p + 2);
}

static bool skip(struct rest *r, size_t len)
{
    if (len > r->data.len || len > r->whole)
        return false;
    r->data = bytes_slice(r->data, len, r->data.len);
    r->whole -= len;
    return true;
}

/* To the length that a header tells; what is behind it, such as padding of Ethernet, goes. */
static bool trim(struct rest *r, size_t len)
{
    if (len > r->whole)
        return false;
    r->whole = len;
    r->data = bytes_slice(r->data, 0, len);
    return true;
}

static enum frame_kind read_tcp(struct rest r, struct segment *s)
{
    const uint8_t *p = r.data.data;

    if (r.data.len < 20)
        return FRAME_SHORT;
    size_t header = (size_t)(p[12] >> 4) * 4;
    s->from.port = u16(p);
    s->to.port = u16(p + 2);
    s->seq = u32(p + 4);
    s->ack = u32(p + 8);
    s->flags = p[13];
    if (header < 20 || header > r.whole)
        return FRAME_SHORT;
    s->len = r.whole - header;
    s->data = bytes_slice(r.data, header, s->len); // none, where options are cut
    return FRAME_TCP;
}

static struct endpoint endpoint_of(const uint8_t *address, uint8_t size)
{
    struct endpoint e = { .size = size };

    memcpy(e.address, address, size);
    return e;
}

/* One piece of a packet, behind the headers that each piece has. */
static enum frame_kind read_fragment(const struct rest *r, struct segment *s, uint32_t id, uint16_t place, bool more, uint8_t next)
{
    s->fragment.id = id;
    s->fragment.at = place;
    s->fragment.more = more;
    s->fragment.next = next;
    s->len = r->whole;
    s->data = r->data;
    return FRAME_FRAGMENT;
}

static enum frame_kind read_ipv4(struct rest r, struct segment *s)
{
    const uint8_t *p = r.data.data;

    if (r.data.len < 20)
        return FRAME_SHORT;
    size_t header = (size_t)(p[0] & 15) * 4, total = u16(p + 2);
    if (header < 20 || (total && (total < header || !trim(&r, total)))) // 0: cut up by the network card later
        return FRAME_SHORT;
    if (p[9] != TCP)
        return FRAME_OTHER;
    s->from = endpoint_of(p + 12, 4);
    s->to = endpoint_of(p + 16, 4);
    if (!skip(&r, header))
        return FRAME_SHORT;
    if (u16(p + 6) & 0x3fff)
        return read_fragment(&r, s, u16(p + 4), (uint16_t)((u16(p + 6) & 0x1fff) * 8), u16(p + 6) & 0x2000, TCP);
    return read_tcp(r, s);
}

/* Behind IPv6's own header: extension headers up to TCP. */
static enum frame_kind read_extended(struct rest r, uint8_t next, struct segment *s)
{
    for (int i = 0; next != TCP; i++) {
        const uint8_t *p = r.data.data;
        size_t size;
        if (i == EXTENSION_MAX || r.data.len < 8)
            return FRAME_SHORT;
        switch (next) {
        case 0:   // hop by hop
        case 43:  // routing
        case 60:  // destination
        case 135: // mobility
        case 139: // HIP
        case 140: // shim
            size = ((size_t)p[1] + 1) * 8;
            break;
        case 44:
            if (u16(p + 2) & 0xfff9) {
                skip(&r, 8);
                return p[0] == TCP || p[0] == 0 || p[0] == 60 ? read_fragment(&r, s, u32(p + 4), u16(p + 2) & 0xfff8, p[3] & 1, p[0]) : FRAME_OTHER;
            }
            size = 8;
            break;
        case 51: // authentication
            size = ((size_t)p[1] + 2) * 4;
            break;
        default:
            return FRAME_OTHER;
        }
        next = p[0];
        if (!skip(&r, size))
            return FRAME_SHORT;
    }
    return read_tcp(r, s);
}

static enum frame_kind read_ipv6(struct rest r, struct segment *s)
{
    const uint8_t *p = r.data.data;

    if (r.data.len < 40)
        return FRAME_SHORT;
    size_t len = u16(p + 4);
    s->from = endpoint_of(p + 8, 16);
    s->to = endpoint_of(p + 24, 16);
    skip(&r, 40);
    if (len && !trim(&r, len)) // 0: larger than 64 KiB
        return FRAME_SHORT;
    return read_extended(r, p[6], s);
}

static enum frame_kind read_ip(struct rest r, struct segment *s)
{
    if (!r.data.len)
        return FRAME_SHORT;
    switch (r.data.data[0] >> 4) {
    case 4:
        return read_ipv4(r, s);
    case 6:
        return read_ipv6(r, s);
    }
    return FRAME_OTHER;
}

/* Behind an EtherType, which VLAN tags may put off. */
static enum frame_kind read_typed(uint16_t type, struct rest r, struct segment *s)
{
    for (int i = 0; type == 0x8100 || type == 0x88a8 || type == 0x9100; i++) {
        if (i == VLAN_MAX || r.data.len < 4)
            return FRAME_SHORT;
        type = u16(r.data.data + 2);
        skip(&r, 4);
    }
    return type == 0x0800 || type == 0x86dd ? read_ip(r, s) : FRAME_OTHER;
}

bool frame_link_known(int link)
{
    switch (link) {
    case LINK_NULL:
    case LINK_ETHERNET:
    case LINK_RAW:
    case LINK_LOOP:
    case LINK_SLL:
    case LINK_IPV4:
    case LINK_IPV6:
    case LINK_SLL2:
        return true;
    }
    return false;
}

enum frame_kind frame_read(int link, struct bytes packet, size_t whole, struct segment *out)
{
    struct rest r = { packet, whole < packet.len ? packet.len : whole };
    const uint8_t *p = packet.data;

    *out = (struct segment){ 0 };
    switch (link) {
    case LINK_NULL:
    case LINK_LOOP: // a family, numbered as each system does: the IP header tells, too
        return skip(&r, 4) ? read_ip(r, out) : FRAME_SHORT;
    case LINK_ETHERNET:
        return skip(&r, 14) ? read_typed(u16(p + 12), r, out) : FRAME_SHORT;
    case LINK_SLL:
        return skip(&r, 16) ? read_typed(u16(p + 14), r, out) : FRAME_SHORT;
    case LINK_SLL2:
        return skip(&r, 20) ? read_typed(u16(p), r, out) : FRAME_SHORT;
    }
    return read_ip(r, out);
}

enum frame_kind frame_read_joined(const struct segment *piece, struct bytes payload, struct segment *out)
{
    struct rest r = { payload, payload.len };

    *out = (struct segment){ .from = piece->from, .to = piece->to };
    return piece->from.size == 16 ? read_extended(r, piece->fragment.next, out) : read_tcp(r, out);
}
