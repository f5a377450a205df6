/*
 * What sanitizers and valgrind write stands among whatever else a peer says on its stderr. A complaint begins with a line
 * that only they write; the lines behind it belong to it.
 */
#include "peer/process.h"

#include <ctype.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_TOLD 4    // of a complaint
#define LINE_TOLD  160  // bytes of each

/* Lines of sanitizers say this somewhere. */
static const char *const sanitizer_words[] = {
    "ERROR: AddressSanitizer", "ERROR: LeakSanitizer",      "WARNING: ThreadSanitizer", "WARNING: MemorySanitizer",
    "ERROR: MemorySanitizer",  "ERROR: HWAddressSanitizer", "UndefinedBehaviorSanitizer", ": runtime error: ",
};

/* Lines of valgrind's tools begin so, behind ==PID==. */
static const char *const valgrind_words[] = {
    "Invalid read",
    "Invalid write",
    "Invalid free",
    "Mismatched free",
    "Conditional jump or move depends on uninitialised",
    "Use of uninitialised value",
    "Syscall param",
    "Source and destination overlap",
    "Argument '",
    "Jump to the invalid address",
    "Possible data race",
    "Conflicting load",
    "Conflicting store",
};

static bool contains(struct bytes line, const char *word)
{
    return line.len && memmem(line.data, line.len, word, strlen(word)) != NULL;
}

/* A line without the ==PID== and the blank that it may begin with; the line where it does not. */
static struct bytes behind_pid(struct bytes line)
{
    size_t at = 2;

    while (at < line.len && isdigit(line.data[at]))
        at++;
    if (at == 2 || at + 2 > line.len || memcmp(line.data, "==", 2) != 0 || memcmp(line.data + at, "==", 2) != 0)
        return line;
    return at + 2 == line.len || line.data[at + 2] == ' ' ? bytes_slice(line, at + 2, SIZE_MAX) : line;
}

static bool is_complaint(struct bytes line)
{
    struct bytes rest = behind_pid(line);

    for (size_t i = 0; i < COUNT_OF(sanitizer_words); i++)
        if (contains(line, sanitizer_words[i]))
            return line.len < 6 || memcmp(line.data, "panic:", 6) != 0; // Go's, of which it dies
    if (rest.len == line.len)
        return false;
    rest = bytes_slice(rest, 1, SIZE_MAX);
    for (size_t i = 0; i < COUNT_OF(valgrind_words); i++) {
        size_t len = strlen(valgrind_words[i]);
        if (rest.len >= len && memcmp(rest.data, valgrind_words[i], len) == 0)
            return true;
    }
    return contains(rest, " are definitely lost in loss record ");
}

/* Without the blanks around it, and not endless. */
static void tell(struct text *to, struct bytes line)
{
    while (line.len && isspace(line.data[0]))
        line = bytes_slice(line, 1, SIZE_MAX);
    while (line.len && isspace(line.data[line.len - 1]))
        line.len--;
    text_addn(to, (const char *)line.data, line.len < LINE_TOLD ? line.len : LINE_TOLD);
}

/* Whether a line, without what says whose it is, says anything. */
static bool is_blank(struct bytes line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!isspace(line.data[i]) && line.data[i] != '=')
            return false;
    return true;
}

bool peer_complaint(struct peer *p, struct text *what)
{
    CLEANUP(buffer_free) struct buffer said = { 0 };
    struct stat file;
    size_t told = 0;

    if (p->errors < 0 || fstat(p->errors, &file) < 0 || file.st_size <= p->heard)
        return false;
    size_t size = (size_t)(file.st_size - p->heard);
    ssize_t n = pread(p->errors, buffer_reserve(&said, size), size, p->heard);
    said.len = n > 0 ? (size_t)n : 0;
    for (size_t at = 0; at < said.len;) {
        const uint8_t *end = memchr(said.data + at, '\n', said.len - at);
        if (!end && p->pid > 0)
            break; // it is still being written, and heard next time
        struct bytes line = { said.data + at, end ? (size_t)(end - said.data) - at : said.len - at };
        struct bytes plain = behind_pid(line);
        at += line.len + (end != NULL);
        p->heard += (off_t)(line.len + (end != NULL));
        if (told == LINES_TOLD || is_blank(plain) || (told == 0 && !is_complaint(line)))
            continue;
        text_add(what, told ? " · " : "");
        tell(what, told ? plain : line);
        told++;
    }
    return told > 0;
}
