#include "peer/words.h"

/* The word that begins at *at, behind which *at is left; false when a quote is not closed. */
static bool word_take(const char **at, struct text *word)
{
    char quote = 0;

    for (; **at && (quote || !strchr(" \t\n", **at)); (*at)++) {
        char c = **at;
        bool escapes = c == '\\' && quote != '\'' && (*at)[1] && (!quote || strchr("\"\\", (*at)[1]));
        if (escapes)
            text_char(word, *++*at);
        else if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? 0 : c;
        else
            text_char(word, c);
    }
    return !quote;
}

bool words_split(const char *line, struct arena *keep, const char *const **out, struct error *err)
{
    const char **words = ARENA_ARRAY(keep, strlen(line) / 2 + 2, const char *);
    size_t n = 0;

    for (;;) {
        TEXT(word);
        line += strspn(line, " \t\n");
        if (!*line)
            break;
        if (!word_take(&line, &word))
            return error_set(err, ERROR_USAGE, "a quote is not closed");
        words[n++] = arena_string(keep, text_string(&word));
    }
    *out = words;
    return n > 0 || error_set(err, ERROR_USAGE, "a command has at least its program");
}

void words_quote(struct text *to, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%^";

    if (*word && word[strspn(word, plain)] == 0) {
        text_add(to, word);
        return;
    }
    text_char(to, '\'');
    for (; *word; word++)
        if (*word == '\'')
            text_add(to, "'\\''");
        else
            text_char(to, *word);
    text_char(to, '\'');
}
