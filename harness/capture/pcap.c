/*
 * Captures through libpcap. It is loaded, not linked: whoever imports none needs none, and building arcwire takes no
 * headers of it. What is declared here is its documented interface, unchanged since 1.1.
 */
#include "capture/import.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/time.h>

#include "capture/fragments.h"
#include "capture/streams.h"

#define ERRBUF 256 // PCAP_ERRBUF_SIZE

struct packet_header { // struct pcap_pkthdr
    struct timeval ts;
    uint32_t caplen, len;
};

struct filter_program { // struct bpf_program
    unsigned len;
    void *instructions;
};

struct library_pcap {
    void *(*fopen_offline)(FILE *, char *);
    int (*next_ex)(void *, struct packet_header **, const uint8_t **);
    int (*datalink)(void *);
    const char *(*datalink_val_to_name)(int);
    char *(*geterr)(void *);
    int (*compile)(void *, struct filter_program *, const char *, int, uint32_t);
    int (*setfilter)(void *, struct filter_program *);
    void (*freecode)(struct filter_program *);
    void (*close)(void *);
};

static bool load(struct library_pcap *p, struct error *err)
{
    static void *handle;

    if (!handle && !(handle = dlopen("libpcap.so.0.8", RTLD_NOW)) && !(handle = dlopen("libpcap.so.1", RTLD_NOW)))
        return error_set(err, ERROR_SYSTEM, "captures are read by libpcap, which is not installed; Debian: apt-get install -y libpcap0.8");
    const struct {
        const char *name;
        void *place;
    } functions[] = {
        { "pcap_fopen_offline", &p->fopen_offline },
        { "pcap_next_ex", &p->next_ex },
        { "pcap_datalink", &p->datalink },
        { "pcap_datalink_val_to_name", &p->datalink_val_to_name },
        { "pcap_geterr", &p->geterr },
        { "pcap_compile", &p->compile },
        { "pcap_setfilter", &p->setfilter },
        { "pcap_freecode", &p->freecode },
        { "pcap_close", &p->close },
    };
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *f = dlsym(handle, functions[i].name);
        if (!f)
            return error_set(err, ERROR_SYSTEM, "libpcap has no %s", functions[i].name);
        memcpy(functions[i].place, &f, sizeof f);
    }
    return true;
}

bool pcap_is(struct bytes file)
{
    static const uint8_t magics[][4] = {
        { 0xd4, 0xc3, 0xb2, 0xa1 }, { 0xa1, 0xb2, 0xc3, 0xd4 }, // classic
        { 0x4d, 0x3c, 0xb2, 0xa1 }, { 0xa1, 0xb2, 0x3c, 0x4d }, // classic, nanoseconds
        { 0x0a, 0x0d, 0x0d, 0x0a },                             // pcapng
    };

    for (size_t i = 0; i < COUNT_OF(magics); i++)
        if (file.len >= 4 && memcmp(file.data, magics[i], 4) == 0)
            return true;
    return false;
}

static bool set_filter(const struct library_pcap *p, void *capture, const char *filter, struct error *err)
{
    struct filter_program program;

    if (p->compile(capture, &program, filter, 1, UINT32_MAX) != 0)
        return error_set(err, ERROR_USAGE, "--filter: %s", p->geterr(capture));
    int wrong = p->setfilter(capture, &program);
    p->freecode(&program);
    return !wrong || error_set(err, ERROR_INPUT, "%s", p->geterr(capture));
}

static void tell(struct import *out, unsigned count, const char *what)
{
    if (count)
        import_note(out, -1, "%u packet%s %s: left out", count, count == 1 ? "" : "s", what);
}

static bool read_packets(const struct library_pcap *p, void *capture, struct streams *s, struct fragments *pieces, struct import *out, struct error *err)
{
    unsigned counts[FRAME_SHORT + 1] = { 0 }, packets = 0;
    int64_t began = 0, last = 0;
    struct packet_header *h;
    const uint8_t *data;
    int link = p->datalink(capture), got;

    if (!frame_link_known(link)) {
        const char *name = p->datalink_val_to_name(link);
        return error_set(err, ERROR_INPUT, "packets of the link type %d (%s) cannot be read", link, name ? name : "unknown");
    }
    while ((got = p->next_ex(capture, &h, &data)) == 1) {
        struct segment g;
        int64_t us = (int64_t)((uint64_t)h->ts.tv_sec * 1000000 + (uint64_t)h->ts.tv_usec);
        if (!packets++) {
            began = last = us;
            out->started = h->ts.tv_sec;
        }
        if (us > last && (uint64_t)us - (uint64_t)began < INT64_MAX)
            last = us; // clocks may be set back
        enum frame_kind kind = frame_read(link, (struct bytes){ data, h->caplen }, h->len, &g);
        struct bytes payload;
        if (kind == FRAME_FRAGMENT && fragments_add(pieces, &g, &payload)) {
            const struct segment piece = g;
            kind = frame_read_joined(&piece, payload, &g);
        }
        counts[kind]++;
        if (kind == FRAME_TCP)
            streams_add(s, &g, last - began);
    }
    if (got == -1 && !packets)
        return error_set(err, ERROR_INPUT, "%s", p->geterr(capture));
    if (got == -1) {
        out->whole = false;
        import_note(out, -1, "the file is not whole, and read up to packet %u: %s", packets, p->geterr(capture));
    }
    unsigned left = fragments_left(pieces);
    tell(out, left, left == 1 ? "is a fragment of an IP packet whose others are missing" : "are fragments of IP packets whose others are missing");
    tell(out, counts[FRAME_SHORT], "cannot be read, their headers being cut or wrong");
    if (!counts[FRAME_TCP])
        import_note(out, -1, "no packet of %u is TCP", packets);
    return true;
}

bool pcap_import(struct bytes file, const struct import_options *o, struct import *out, struct error *err)
{
    char wrong[ERRBUF] = "";
    struct library_pcap p;

    out->form = "pcap or pcapng";
    if (!load(&p, err))
        return false;
    FILE *f = fmemopen((void *)file.data, file.len, "r");
    if (!f)
        return error_errno(err, "memory");
    void *capture = p.fopen_offline(f, wrong);
    if (!capture) {
        fclose(f);
        return error_set(err, ERROR_INPUT, "%s", wrong);
    }
    struct streams *s = streams_new();
    struct fragments *pieces = fragments_new();
    bool good = (!o->filter || set_filter(&p, capture, o->filter, err)) && read_packets(&p, capture, s, pieces, out, err);
    if (good)
        streams_finish(s, o, out);
    fragments_free(pieces);
    streams_free(s);
    p.close(capture);
    return good;
}
