#include "json/write.h"

#include "json/utf8.h"

#define EXACT_MAX ((uint64_t)1 << 53) // the largest integer that every reader of JSON keeps

static void new_line(struct json_out *j)
{
    if (j->indent)
        text_printf(j->to, "\n%*s", j->indent * j->depth, "");
}

static void put_escaped(struct text *to, struct bytes value)
{
    text_char(to, '"');
    while (value.len) {
        size_t plain = 0, len = 1;
        while (plain < value.len && value.data[plain] >= 0x20 && value.data[plain] < 0x80 &&
               value.data[plain] != '"' && value.data[plain] != '\\')
            plain++;
        text_addn(to, (const char *)value.data, plain);
        value = bytes_slice(value, plain, value.len);
        if (!value.len)
            break;
        uint8_t c = value.data[0];
        if (c == '"' || c == '\\')
            text_printf(to, "\\%c", c);
        else if (c == '\n')
            text_add(to, "\\n");
        else if (c == '\r')
            text_add(to, "\\r");
        else if (c == '\t')
            text_add(to, "\\t");
        else if (c < 0x20)
            text_printf(to, "\\u%04x", c);
        else if ((len = utf8_length(value)) > 0)
            text_addn(to, (const char *)value.data, len);
        else
            text_add(to, "\xef\xbf\xbd");
        value = bytes_slice(value, len ? len : 1, value.len);
    }
    text_char(to, '"');
}

/* What stands in front of a value: comma, line, key. */
static void put_front(struct json_out *j, const char *key)
{
    if (j->inner && j->depth)
        text_char(j->to, ',');
    if (j->depth)
        new_line(j);
    if (key) {
        put_escaped(j->to, bytes_of(key));
        text_add(j->to, j->indent ? ": " : ":");
    }
    j->inner = true;
}

void json_begin(struct json_out *j, const char *key, char open)
{
    put_front(j, key);
    text_char(j->to, open);
    j->depth++;
    j->inner = false;
}

void json_end(struct json_out *j, char close)
{
    j->depth--;
    if (j->inner)
        new_line(j);
    text_char(j->to, close);
    j->inner = true;
}

void json_put_string(struct json_out *j, const char *key, const char *value)
{
    json_put_text(j, key, bytes_of(value));
}

void json_put_text(struct json_out *j, const char *key, struct bytes value)
{
    put_front(j, key);
    put_escaped(j->to, value);
}

void json_put_hex(struct json_out *j, const char *key, struct bytes value)
{
    put_front(j, key);
    text_char(j->to, '"');
    text_hex(j->to, value, false);
    text_char(j->to, '"');
}

/* In quotes where a reader may not keep it. */
static void put_number(struct text *to, bool negative, uint64_t value)
{
    const char *quote = value <= EXACT_MAX ? "" : "\"";

    text_add(to, quote);
    text_add(to, negative ? "-" : "");
    text_u64(to, value);
    text_add(to, quote);
}

void json_put_int(struct json_out *j, const char *key, int64_t value)
{
    put_front(j, key);
    put_number(j->to, value < 0, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void json_put_u64(struct json_out *j, const char *key, uint64_t value)
{
    put_front(j, key);
    put_number(j->to, false, value);
}

void json_put_bool(struct json_out *j, const char *key, bool value)
{
    json_put_raw(j, key, value ? "true" : "false");
}

void json_put_null(struct json_out *j, const char *key)
{
    json_put_raw(j, key, "null");
}

void json_put_strings(struct json_out *j, const char *key, const char *const *strings)
{
    json_begin(j, key, '[');
    for (; strings && *strings; strings++)
        json_put_string(j, NULL, *strings);
    json_end(j, ']');
}

void json_put_raw(struct json_out *j, const char *key, const char *value)
{
    put_front(j, key);
    text_add(j->to, value);
}

void json_put_value(struct json_out *j, const char *key, const struct json *value)
{
    bool array = value->kind == JSON_ARRAY;

    switch (value->kind) {
    case JSON_NULL:
        json_put_null(j, key);
        break;
    case JSON_BOOL:
        json_put_bool(j, key, value->truth);
        break;
    case JSON_NUMBER:
        json_put_raw(j, key, value->string);
        break;
    case JSON_STRING:
        json_put_string(j, key, value->string);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        json_begin(j, key, array ? '[' : '{');
        for json_each (child, value)
            json_put_value(j, array ? NULL : child->key, child);
        json_end(j, array ? ']' : '}');
        break;
    }
}
