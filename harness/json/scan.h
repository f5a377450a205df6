#ifndef JSON_SCAN_H
#define JSON_SCAN_H
/*
 * The strict pass over a JSON text, private to json/: refuses what the parser behind it would let through, and
 * marks where each value stands.
 */
#include "base/error.h"

#define JSON_SIZE_MAX   ((size_t)256 << 20) // bytes of a text; offsets fit into 32 bits
#define JSON_DEPTH_MAX  64                  // arrays and objects within each other
#define JSON_NUMBER_MAX 63                  // characters of a number; cJSON takes no more

/* One value, in bytes from the beginning of the text. */
struct json_mark {
    uint32_t at, len;
    uint32_t key_at; // where its key begins; at, if it has none
};

/*
 * Appends one mark per value to marks, in the order in which the values begin. Duplicate keys pass: they
 * are found when keys stand there unescaped.
 */
bool json_scan(struct bytes text, const char *name, struct buffer *marks, struct error *err);

/* ERROR_INPUT "name:line:column: …" for an offset of the text. Returns false. */
bool json_error_at(struct bytes text, const char *name, size_t at, struct error *err,
                   const char *fmt, ...) PRINTF(5, 6);

#endif
