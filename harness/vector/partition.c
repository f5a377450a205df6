/*
 * A tree of questions (which charset? how many bits? before which generation?) tells the different answers apart; the
 * one with the fewest leaves wins, and the way to each leaf is its predicate.
 */
#include "vector/partition.h"

#include <assert.h>
#include <stdio.h>

/* Questions about a profile; each with the terms of a predicate for yes and no. */
static const struct question {
    const char *yes, *no;
} questions[] = { { "ansi", "unicode" }, { "<8", ">=8" },     { "<7.0", ">=7.0" }, { "<7.1", ">=7.1" }, { "32", "64" },
                  { "<10", ">=10" },     { "<6.0", ">=6.0" }, { "<9", ">=9" } };

/* Whether all that matter in a set have one answer; it, or NULL when none matters. */
static bool same_answer(const char *const *answers, uint32_t set, const char **answer)
{
    *answer = NULL;
    for (size_t i = 0; i < profile_count; i++) {
        if (!(set & 1u << i) || !answers[i])
            continue;
        if (*answer && strcmp(*answer, answers[i]) != 0)
            return false;
        *answer = answers[i];
    }
    return true;
}

static uint32_t subset(uint32_t set, const char *term)
{
    uint32_t part = 0;

    for (size_t i = 0; i < profile_count; i++)
        if (set & 1u << i && profile_matches(&profile_all[i], term))
            part |= 1u << i;
    return part;
}

/* The fewest parts of a set, `most` at most. False when there would be more. */
static bool divide(const char *const *answers, uint32_t set, const char *path, size_t most, struct partition *out)
{
    const char *answer;
    bool found = false;

    if (most == 0)
        return false;
    if (same_answer(answers, set, &answer)) {
        *out = (struct partition){ .count = 1, .items[0].answer = answer };
        memcpy(out->items[0].predicate, path, strlen(path) + 1);
        return true;
    }
    for (size_t q = 0; q < COUNT_OF(questions) && most >= 2; q++) {
        uint32_t yes = subset(set, questions[q].yes), no = set & ~yes;
        struct partition left, right;
        char next[64];
        if (!yes || !no || (same_answer(answers, yes, &answer) && !answer) || (same_answer(answers, no, &answer) && !answer))
            continue; // tells nothing apart that matters
        const char *comma = *path ? "," : "";
        if ((size_t)snprintf(next, sizeof next, "%s%s%s", path, comma, questions[q].yes) >= sizeof next ||
            !divide(answers, yes, next, most - 1, &left))
            continue;
        if ((size_t)snprintf(next, sizeof next, "%s%s%s", path, comma, questions[q].no) >= sizeof next ||
            !divide(answers, no, next, most - left.count, &right))
            continue;
        *out = left;
        memcpy(out->items + out->count, right.items, right.count * sizeof *right.items);
        out->count += right.count;
        most = out->count - 1; // only fewer is better
        found = true;
    }
    return found;
}

/* Takes out the terms that the others imply: >=7.0 beside >=7.1. */
static void simplify(char *predicate)
{
    uint32_t all = (1u << profile_count) - 1, meant = subset(all, predicate);

    for (char *term = predicate; *term && strchr(predicate, ',');) {
        char without[64];
        size_t len = strcspn(term, ",");
        const char *rest = term + len + (term[len] == ',');
        int before = (int)(term - predicate) - (!*rest && term > predicate); // the comma of the last one goes, too
        snprintf(without, sizeof without, "%.*s%s", before, predicate, rest);
        if (subset(all, without) == meant) {
            memcpy(predicate, without, sizeof without);
            term = predicate;
        } else {
            term += len + (term[len] == ',');
        }
    }
}

void partition_make(const char *const *answers, struct partition *out)
{
    bool told = divide(answers, (1u << profile_count) - 1, "", profile_count, out);

    assert(told && profile_count <= PROFILES_MAX);
    (void)told;
    for (size_t i = 0; i < out->count; i++)
        if (*out->items[i].predicate)
            simplify(out->items[i].predicate);
}
