#ifndef CAPTURE_IMPORT_H
#define CAPTURE_IMPORT_H
/*
 * Conversations that something else has kept: captures of packets, and texts that other tools print. They become what
 * the proxy would have told, and notes of what the source could not tell or tells twice. README.md is the guide.
 */
#include "base/arena.h"
#include "base/error.h"
#include "capture/relay.h"

#define IMPORT_MAX (256u << 20) // bytes of a file

struct import_note {
    int64_t on;       // connection, or -1: of the file
    const char *text;
};

struct import {
    struct arena *keep;
    const char *form;           // "pcap or pcapng", …
    struct relay_event *events; // in the order in which they were seen
    size_t count, room;
    struct import_note *notes;
    size_t note_count, note_room;
    uint32_t connections;
    char server[ADDRESS_TEXT];  // of the first one; "" where nobody says
    int64_t started;            // seconds since 1970 UTC; 0 where nobody says
    bool whole;                 // else the file ends early, and a note says where
};

struct import_options {
    uint16_t port;      // only conversations with it, which is then the server's; 0: any
    const char *filter; // only packets of a capture that this expression of libpcap lets through; NULL: any
};

/* Recognises the form by the content. file and what it points to need not stay. ERROR_INPUT, in one line. */
bool import_read(struct bytes file, const struct import_options *o, struct arena *keep, struct import *out, struct error *err);

/* For the readers of the forms. Data is copied. */
void import_event(struct import *in, enum relay_kind kind, uint32_t on, enum relay_side from, int64_t us, int64_t number, struct bytes data);
void import_note(struct import *in, int64_t on, const char *fmt, ...) PRINTF(3, 4);

/* pcap.c: a capture, read through libpcap, which is loaded when it is needed. */
bool pcap_is(struct bytes file);
bool pcap_import(struct bytes file, const struct import_options *o, struct import *out, struct error *err);

/* texts.c: what is none of them is ERROR_INPUT. */
bool texts_import(struct bytes file, struct import *out, struct error *err);

#endif
