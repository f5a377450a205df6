#include "capture/pcapng.h"

#include <stdlib.h>

#define PAYLOAD_MAX 16384 // bytes of one packet: more is several
#define SERVER_PORT 4000  // where nobody says
#define CLIENT_PORT 49152
#define HEADERS     40 // IPv4 and TCP
#define WINDOW      65535
#define LINK_RAW    101 // packets begin with IP

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

struct stream {
    bool answered; // its SYN
    uint16_t port, server;
    uint32_t next[2];  // sequence number that is due, by side
    uint32_t acked[2]; // up to where the other side has told that it came
};

struct pcapng {
    struct buffer *to;
    uint16_t port;      // of the server
    const char *remark; // for the next packet, or NULL
    int64_t began;
    struct stream *streams;
    size_t count;
};

static void put32(struct buffer *b, uint32_t v)
{
    const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

    buffer_append(b, le, sizeof le);
}

static void put16(struct buffer *b, uint16_t v)
{
    const uint8_t le[] = { (uint8_t)v, (uint8_t)(v >> 8) };

    buffer_append(b, le, sizeof le);
}

static void net16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void net32(uint8_t *p, uint32_t v)
{
    net16(p, v >> 16);
    net16(p + 2, v);
}

/* The Internet's checksum [RFC 1071], begun with a sum. */
static uint16_t checksum(uint32_t sum, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void packet(struct pcapng *p, struct stream *s, enum relay_side from, unsigned flags, int64_t us, struct bytes data)
{
    uint8_t raw[HEADERS + PAYLOAD_MAX] = { 0x45 };
    uint8_t *tcp = raw + 20;
    size_t len = HEADERS + data.len, remark = p->remark ? strnlen(p->remark, UINT16_MAX) : 0;
    size_t all = 32 + (len + 3) / 4 * 4 + (remark ? 8 + (remark + 3) / 4 * 4 : 0);
    uint64_t when = (uint64_t)(p->began + us);
    enum relay_side other = from == RELAY_CLIENT ? RELAY_SERVER : RELAY_CLIENT;

    net16(raw + 2, (uint32_t)len);
    raw[6] = 0x40; // not to be cut up
    raw[8] = 64;
    raw[9] = 6;
    net32(raw + 12, from == RELAY_CLIENT ? 0x0a000001 : 0x0a000002);
    net32(raw + 16, from == RELAY_CLIENT ? 0x0a000002 : 0x0a000001);
    net16(raw + 10, checksum(0, raw, 20));
    net16(tcp, from == RELAY_CLIENT ? s->port : s->server);
    net16(tcp + 2, from == RELAY_CLIENT ? s->server : s->port);
    net32(tcp + 4, s->next[from]);
    net32(tcp + 8, flags & ACK ? s->next[other] : 0);
    tcp[12] = 0x50;
    tcp[13] = (uint8_t)flags;
    net16(tcp + 14, WINDOW);
    if (data.len)
        memcpy(tcp + 20, data.data, data.len);
    uint32_t pseudo = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + (uint32_t)(len - 20);
    net16(tcp + 16, checksum(pseudo, tcp, len - 20));
    if (flags & ACK)
        s->acked[other] = s->next[other];
    s->next[from] += (uint32_t)data.len + (flags & (SYN | FIN) ? 1 : 0);

    put32(p->to, 6); // Enhanced Packet Block
    put32(p->to, (uint32_t)all);
    put32(p->to, 0);
    put32(p->to, (uint32_t)(when >> 32));
    put32(p->to, (uint32_t)when);
    put32(p->to, (uint32_t)len);
    put32(p->to, (uint32_t)len);
    buffer_append(p->to, raw, len);
    buffer_append(p->to, "\0\0\0", (4 - len % 4) % 4);
    if (remark) {
        put16(p->to, 1); // opt_comment
        put16(p->to, (uint16_t)remark);
        buffer_append(p->to, p->remark, remark);
        buffer_append(p->to, "\0\0\0", (4 - remark % 4) % 4);
        put32(p->to, 0); // opt_endofopt
    }
    put32(p->to, (uint32_t)all);
    p->remark = NULL;
}

struct pcapng *pcapng_new(struct buffer *to, uint16_t server_port, int64_t began_us)
{
    struct pcapng *p = calloc(1, sizeof *p);

    if (!p)
        memory_exhausted();
    *p = (struct pcapng){ .to = to, .port = server_port ? server_port : SERVER_PORT, .began = began_us };
    put32(to, 0x0a0d0d0a); // Section Header Block
    put32(to, 28);
    put32(to, 0x1a2b3c4d);
    put16(to, 1);
    put16(to, 0);
    put32(to, UINT32_MAX); // length of the section: unknown
    put32(to, UINT32_MAX);
    put32(to, 28);
    put32(to, 1); // Interface Description Block; times are µs unless told
    put32(to, 20);
    put16(to, LINK_RAW);
    put16(to, 0);
    put32(to, 262144);
    put32(to, 20);
    return p;
}

void pcapng_serve(struct pcapng *p, uint16_t server_port)
{
    p->port = server_port;
}

void pcapng_remark(struct pcapng *p, const char *text)
{
    p->remark = text;
}

static void opened(struct pcapng *p, struct stream *s, const struct relay_event *e)
{
    *s = (struct stream){
        .port = e->number ? (uint16_t)e->number : (uint16_t)(CLIENT_PORT + e->on % 16384),
        .server = p->port,
        .next = { 1000 + e->on * 1000003, 2000 + e->on * 1000003 }
    }; // a port may come again
    packet(p, s, RELAY_CLIENT, SYN, e->us, (struct bytes){ 0 });
}

/* The other side tells now and then what came, or a reader of the capture would take its window for full. */
static void said(struct pcapng *p, struct stream *s, enum relay_side from, int64_t us,
                 struct bytes data)
{
    for (size_t at = 0; at < data.len; at += PAYLOAD_MAX) {
        struct bytes part = bytes_slice(data, at, PAYLOAD_MAX);
        if (s->next[from] - s->acked[from] + part.len >= WINDOW)
            packet(p, s, from == RELAY_CLIENT ? RELAY_SERVER : RELAY_CLIENT, ACK, us,
                   (struct bytes){ 0 });
        packet(p, s, from, PSH | ACK, us, part);
    }
}

bool pcapng_add(struct pcapng *p, const struct relay_event *e, struct error *err)
{
    const struct bytes none = { 0 };

    if (e->kind == RELAY_OPEN) {
        if (e->on != p->count)
            return error_set(err, ERROR_INPUT, "connection %u is opened out of turn", e->on);
        struct stream *more = realloc(p->streams, (p->count + 1) * sizeof *more);
        if (!more)
            memory_exhausted();
        p->streams = more;
        opened(p, &more[p->count++], e);
        return true;
    }
    if (e->on >= p->count)
        return error_set(err, ERROR_INPUT, "connection %u was never opened", e->on);
    struct stream *s = &p->streams[e->on];
    if (e->kind != RELAY_REFUSED && !s->answered) { // at the latest now
        packet(p, s, RELAY_SERVER, SYN | ACK, e->us, none);
        packet(p, s, RELAY_CLIENT, ACK, e->us, none);
        s->answered = true;
    }
    switch (e->kind) {
    case RELAY_OPEN:
    case RELAY_CLOSED:
    case RELAY_FAULT: // what was said stands, not what was made of it
    case RELAY_NOTE:
        break;
    case RELAY_REFUSED:
        packet(p, s, RELAY_SERVER, RST | ACK, e->us, none);
        s->answered = true; // by that
        break;
    case RELAY_DATA:
        said(p, s, e->from, e->us, e->data);
        break;
    case RELAY_END:
        packet(p, s, e->from, FIN | ACK, e->us, none);
        break;
    case RELAY_RESET:
        packet(p, s, e->from, RST | ACK, e->us, none);
        break;
    }
    return true;
}

void pcapng_free(struct pcapng *p)
{
    free(p->streams);
    free(p);
}
