/*
 * Any bytes as a suite of a small service: what is accepted compiles for both parties under every delivery, and ops
 * stay within their bounds.
 */
#include <stdlib.h>

#include "vector/parse.h"
#include "vector/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char service_text[] =
    "{\"format\": 1, \"service\": \"tiny\", \"first-control\": \"ping\", \"probe\": \"ping\", \"pipelining\": true,"
    " \"controls\": {\"ping\": [ {\"client\": [{\"byte\": {\"draw\": {}, \"as\": \"n\"}}]}, {\"server\": [{\"byte\": {\"reuse\": \"n\", \"plus\": 1}}]} ]},"
    " \"ops\": {\"echo\": [ {\"client\": [{\"byte\": 3}, {\"row\": \"load\"}]}, {\"server\": [{\"row\": \"store\"}]} ],"
    "           \"make\": [ {\"client\": [{\"cstringa\": \"{make}\"}]}, {\"server\": [{\"cstring\": \"{text}\"}]} ]}}";

static void check_op(const struct op *op)
{
    for (size_t i = 0; i < op->fields.count; i++) {
        const struct field *f = &op->fields.items[i];
        if (!f->any && (f->at > op->bytes.len || f->len > op->bytes.len - f->at))
            abort();
    }
    for (size_t i = 0; i < op->cut_count; i++)
        if (op->cuts[i] == 0 || op->cuts[i] >= op->bytes.len || (i && op->cuts[i] <= op->cuts[i - 1]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct service *service, *services[1];
    const struct json *file;
    struct suite suite;
    struct error err = { 0 };

    if (!json_parse(bytes_of(service_text), "service", &keep, &file, &err) || !service_parse(file, &keep, &service, &err))
        abort();
    services[0] = service;
    lib.services = services;
    lib.service_count = 1;
    if (!json_parse((struct bytes){ data, size }, "suite", &keep, &file, &err) || !suite_parse(file, &lib, &keep, &suite, &err))
        return 0;
    for (size_t i = 0; i < suite.count; i++)
        for (enum party us = PARTY_CLIENT; us <= PARTY_SERVER; us++)
            for (size_t d = 0; d < delivery_count; d++) {
                struct program p;
                if (!program_compile(&suite.vectors[i], &profile_default, size, us, &keep, &p, &err))
                    continue;
                delivery_table[d].apply(&p, size, &keep);
                struct cuts cuts = delivery_table[d].cuts ? delivery_table[d].cuts(&p, size, &keep) : (struct cuts){ 0 };
                for (size_t k = 0; k < cuts.count; k++) {
                    cut_apply(&p, &cuts.items[k], &keep);
                    check_op(&p.ops[cuts.items[k].op]);
                }
                for (size_t k = 0; k < p.count; k++)
                    check_op(&p.ops[k]);
            }
    return 0;
}
