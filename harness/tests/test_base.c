/*
 * Bytes, memory, hex, digests, chance, errors, files: what everything else stands on.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/random.h"
#include "base/sha256.h"

// clang-format off
static const struct digest {
    const char *unit;
    size_t times;
    const char *hex;
} digests[] = { /* FIPS 180-4's examples, and the lengths around a block's padding (by sha256sum) */
    { "",    0,       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", 1,       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
                      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { "a",   1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
    { "a",   55,      "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
    { "a",   56,      "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a" },
    { "a",   63,      "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34" },
    { "a",   64,      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
};
// clang-format on

Test(base_sha256, digests_are_the_standards, .timeout = 10)
{
    for (const struct digest *t = digests; t < digests + COUNT_OF(digests); t++) {
        struct sha256 s;
        char hex[65];
        sha256_init(&s);
        for (size_t i = 0; i < t->times; i++)
            sha256_add(&s, t->unit, strlen(t->unit));
        sha256_hex(&s, hex);
        cr_expect(eq(str, hex, (char *)t->hex), "%.8s, %zu times", t->unit, t->times);
    }
}

Test(base_sha256, the_pieces_do_not_matter, .timeout = 10)
{
    uint8_t text[200];
    char whole[65], hex[65];
    struct sha256 s;

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7);
    sha256_init(&s);
    sha256_add(&s, text, sizeof text);
    sha256_hex(&s, whole);
    for (size_t cut = 0; cut <= sizeof text; cut++) {
        sha256_init(&s);
        sha256_add(&s, text, cut);
        sha256_add(&s, text + cut, sizeof text - cut);
        sha256_hex(&s, hex);
        cr_expect(eq(str, hex, whole), "cut at %zu", cut);
    }
}

// clang-format off
static const struct notation {
    const char *label, *text, *plain, *again; // plain digits; how hex_write says it; NULL again: as plain
} notations[] = {
    { "nothing",              "",                       "", NULL },
    { "one byte",             "0f",                     "0f", NULL },
    { "capitals and spaces",  " 0F\n\tfe ",             "0ffe", NULL },
    { "joined tokens",        "0102 03",                "010203", NULL },
    { "a run",                "41*3",                   "414141", NULL },
    { "a run of none",        "41*0 42",                "42", NULL },
    { "a run of a pair",      "4100*2",                 "41004100", NULL },
    { "a run of a token",     "010203*2 04",            "01020301020304", NULL },
    { "seven stay",           "00*7",                   "00000000000000", NULL },
    { "eight become a run",   "00*8",                   "0000000000000000", "00*8" },
    { "digits around a run",  "01 00*8 02",             "0100000000000000" "0002", "01 00*8 02" },
    { "two runs",             "00*8 ff*9",              "0000000000000000" "ffffffffffffffffff", "00*8 ff*9" },
    { "seven pairs stay",     "4100*7",                 "41004100410041004100410041" "00", NULL },
    { "eight pairs",          "4100*8",                 "41004100410041004100410041004100", "4100*8" },
    { "pairs and their half", "4100*8 41",              "41004100410041004100410041004100" "41", "4100*8 41" },
};

static const struct { const char *text, *complaint; } wrong_notations[] = {
    { "0",           "expected hex digits in pairs" },
    { "012",         "expected hex digits in pairs" },
    { "0g",          "expected hex digits in pairs" },
    { "*3",          "expected hex digits in pairs" },
    { "00 *3",       "expected hex digits in pairs" },
    { "00*",         "expected a number behind *" },
    { "00*-1",       "expected a number behind *" },
    { "00*3x",       "expected white space behind a repetition" },
    { "00*3*3",      "expected white space behind a repetition" },
    { "00*67108865", "more than 64 MiB" },
    { "0000*33554433", "more than 64 MiB" },
    { "00 00*67108864", "more than 64 MiB" },
    { "00*18446744073709551617", "expected white space behind a repetition" },
};
// clang-format on

Test(base_hex, notations_are_read_and_written, .timeout = 10)
{
    for (const struct notation *t = notations; t < notations + COUNT_OF(notations); t++) {
        SCRATCH(keep);
        struct bytes bytes;
        TEXT(plain);
        TEXT(again);
        const char *wrong = hex_read(t->text, &keep, &bytes);
        cr_assert(wrong == NULL, "%s: %s", t->label, wrong);
        text_hex(&plain, bytes, false);
        cr_expect(eq(str, (char *)text_string(&plain), (char *)t->plain), "%s", t->label);
        hex_write(&again, bytes);
        cr_expect(eq(str, (char *)text_string(&again), (char *)(t->again ? t->again : t->plain)), "%s", t->label);
    }
}

Test(base_hex, what_is_none_is_told, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(wrong_notations); i++) {
        SCRATCH(keep);
        struct bytes bytes = { 0 };
        const char *wrong = hex_read(wrong_notations[i].text, &keep, &bytes);
        cr_assert(wrong != NULL, "%s", wrong_notations[i].text);
        cr_expect(eq(str, (char *)wrong, (char *)wrong_notations[i].complaint), "%s", wrong_notations[i].text);
    }
}

Test(base_hex, whatever_is_written_is_read_again, .timeout = 10)
{
    for (uint64_t seed = 0; seed < 2000; seed++) {
        SCRATCH(keep);
        struct random chance = random_for(seed, "hex", 0);
        struct bytes back;
        uint8_t bytes[64];
        size_t len = random_below(&chance, sizeof bytes + 1);
        TEXT(text);
        for (size_t i = 0; i < len; i++) // few different ones, so that runs of all kinds come about
            bytes[i] = random_below(&chance, 8) && i > 1 ? bytes[i - 1 - (seed & 1)] : (uint8_t)random_below(&chance, 3);
        hex_write(&text, (struct bytes){ bytes, len });
        cr_assert(hex_read(text_string(&text), &keep, &back) == NULL, "%s", text_string(&text));
        cr_expect(bytes_equal(back, (struct bytes){ bytes, len }), "%s", text_string(&text));
    }
}

Test(base_arena, memory_is_zeroed_aligned_and_apart, .timeout = 10)
{
    SCRATCH(keep);
    uint8_t *all[400];

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        size_t size = i * i % 9000;
        all[i] = arena_alloc(&keep, size);
        cr_expect(eq(u64, (uint64_t)(uintptr_t)all[i] % 16, 0));
        for (size_t k = 0; k < size; k++)
            cr_assert(all[i][k] == 0, "%zu at %zu", size, k);
        memset(all[i], (int)(i | 1), size);
    }
    for (size_t i = 0; i < COUNT_OF(all); i++)
        for (size_t k = 0; k < i * i % 9000; k++)
            cr_assert(all[i][k] == (uint8_t)(i | 1), "%zu at %zu", i, k);
    arena_free(&keep);
    cr_expect(keep.blocks == NULL);
    cr_expect(arena_alloc(&keep, 1) != NULL, "it is usable again");
}

Test(base_arena, what_is_adopted_lives_on, .timeout = 10)
{
    struct arena keep = { 0 }, other = { 0 };
    const char *first = arena_string(&keep, "first"), *second = arena_string(&other, "second");
    size_t used = keep.used + other.used;

    arena_adopt(&keep, &other);
    cr_expect(other.blocks == NULL && keep.used == used);
    cr_expect(strcmp(arena_string(&other, "third"), "third") == 0, "it is usable again");
    arena_free(&other);
    cr_expect(strcmp(first, "first") == 0 && strcmp(second, "second") == 0);
    arena_adopt(&other, &keep);
    cr_expect(strcmp(second, "second") == 0);
    arena_free(&other);
}

Test(base_arena, an_overflowing_product_ends_the_program, .timeout = 10, .exit_code = 8)
{
    SCRATCH(keep);

    cr_assert(freopen("/dev/null", "w", stderr) != NULL);
    arena_array(&keep, SIZE_MAX / 4, 8);
}

Test(base_arena, keeps_strings, .timeout = 10)
{
    SCRATCH(keep);

    cr_expect(eq(str, arena_printf(&keep, "%d%%-%s", 7, "x"), "7%-x"));
    cr_expect(eq(str, arena_printf(&keep, "%s", ""), ""));
    cr_expect(eq(str, arena_string(&keep, "abc"), "abc"));
    cr_expect(eq(sz, arena_bytes(&keep, (struct bytes){ 0 }).len, 0));
}

Test(base_bytes, slices_never_leave_their_bounds, .timeout = 10)
{
    struct bytes s = BYTES(1, 2, 3);

    for (size_t at = 0; at <= 5; at++)
        for (size_t len = 0; len <= 5; len++) {
            struct bytes part = bytes_slice(s, at, len);
            size_t rest = at < 3 ? 3 - at : 0;
            cr_expect(eq(sz, part.len, len < rest ? len : rest), "%zu, %zu", at, len);
            cr_expect(part.len == 0 || part.data == s.data + at);
        }
    cr_expect(eq(sz, bytes_slice(s, 1, SIZE_MAX).len, 2));
    cr_expect(eq(sz, bytes_slice(s, SIZE_MAX, SIZE_MAX).len, 0));
}

Test(base_bytes, the_first_difference_is_found_at_every_place, .timeout = 10)
{
    static uint8_t a[1100], b[1100];

    cr_expect(eq(sz, bytes_common((struct bytes){ a, 1100 }, (struct bytes){ b, 1050 }), 1050));
    cr_expect(eq(sz, bytes_common((struct bytes){ 0 }, (struct bytes){ b, 1050 }), 0));
    for (size_t at = 0; at < sizeof a; at++) {
        b[at] = 1;
        cr_expect(eq(sz, bytes_common((struct bytes){ a, 1100 }, (struct bytes){ b, 1100 }), at));
        b[at] = 0;
    }
}

Test(base_bytes, what_bytes_begin_with_is_seen, .timeout = 10)
{
    const struct bytes two = BYTES(1, 2), three = BYTES(1, 2, 3), one = BYTES(1), others = BYTES(1, 3), none = { 0 };

    cr_expect(eq(int, bytes_begin(two, three), true));
    cr_expect(eq(int, bytes_begin(two, two), true));
    cr_expect(eq(int, bytes_begin(two, one), false));
    cr_expect(eq(int, bytes_begin(two, others), false));
    cr_expect(eq(int, bytes_begin(none, one), false));
}

Test(base_random, same_seed_name_and_place_are_the_same, .timeout = 10)
{
    struct random a = random_for(7, "case", 3), b = random_for(7, "case", 3);

    for (int i = 0; i < 100; i++)
        cr_expect(eq(u64, random_u64(&a), random_u64(&b)));
    // For ever: a seed of an old report repeats its run.
    a = random_for(1, "byte-order-word@op=echo", 0);
    cr_expect(eq(u64, random_u64(&a), UINT64_C(1538508524095905580)));
}

Test(base_random, another_seed_name_or_place_is_another, .timeout = 10)
{
    struct random base = random_for(7, "case", 3);
    struct random others[] = { random_for(8, "case", 3), random_for(7, "casf", 3), random_for(7, "case", 4),
                               random_for(7, "", 3),     random_for(7, "cas", 3),  random_for(7, "esac", 3) };
    uint64_t first = random_u64(&base);

    for (size_t i = 0; i < COUNT_OF(others); i++)
        cr_expect(ne(u64, random_u64(&others[i]), first), "%zu", i);
}

Test(base_random, numbers_below_a_limit_are_all_of_them, .timeout = 10)
{
    struct random r = random_for(1, "below", 0);
    int seen[7] = { 0 };

    for (int i = 0; i < 7000; i++) {
        uint64_t n = random_below(&r, 7);
        cr_assert(lt(u64, n, 7));
        seen[n]++;
    }
    for (int i = 0; i < 7; i++)
        cr_expect(seen[i] > 800 && seen[i] < 1200, "%d: %d", i, seen[i]);
    cr_expect(eq(u64, random_below(&r, 1), 0));
}

Test(base_error, context_goes_in_front, .timeout = 10)
{
    struct error err;

    cr_expect(not(error_set(&err, ERROR_INPUT, "no %s", "step")));
    cr_expect(not(error_within(&err, "case %d", 7)));
    cr_expect(eq(str, err.text, "case 7: no step"));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    errno = ENOSPC;
    cr_expect(not(error_errno(&err, "%s", "log")));
    cr_expect(eq(str, err.text, "log: No space left on device"));
    cr_expect(eq(int, err.kind, ERROR_SYSTEM));
}

Test(base_error, a_long_one_is_cut_and_ended, .timeout = 10)
{
    struct error err;
    char text[2000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    error_set(&err, ERROR_INPUT, "%s", text);
    error_within(&err, "%s", text);
    cr_expect(eq(sz, strlen(err.text), sizeof err.text - 1));
}

Test(base_text, grows_and_is_always_ended, .timeout = 10)
{
    TEXT(t);

    cr_expect(eq(str, (char *)text_string(&t), ""));
    for (int i = 0; i < 1000; i++)
        text_printf(&t, "%d,", i % 10);
    text_char(&t, 'x');
    text_addn(&t, "yz?", 2);
    text_hex(&t, BYTES(0, 0xab), true);
    cr_expect(eq(sz, strlen(text_string(&t)), 2000 + 3 + 5));
    cr_expect(eq(str, (char *)text_string(&t) + 1996, "8,9,xyz00 ab"));
}

static void in_a_directory(char place[])
{
    cr_assert(mkdtemp(place) != NULL);
    cr_assert(chdir(place) == 0);
}

Test(base_file, what_is_written_is_read, .timeout = 10)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err = { 0 };
    struct bytes back;
    uint8_t *big = arena_alloc(&keep, 200000);

    in_a_directory(place);
    for (size_t len = 0; len <= 200000; len += 66666) {
        cr_assert(file_write("f", (struct bytes){ big, len }, &err), "%s", err.text);
        cr_assert(file_read("f", 200000, &keep, &back, &err), "%s", err.text);
        cr_expect(eq(sz, back.len, len));
        cr_expect(back.data[len] == 0);
    }
    cr_expect(not(file_read("f", 199997, &keep, &back, &err)));
    cr_expect(eq(str, err.text, "f: larger than the 199997 bytes that are read"));
    const char *const *names;
    size_t count;
    cr_assert(file_list(".", "", &keep, &names, &count, &err));
    cr_expect(eq(sz, count, 1), "nothing temporary is left");
    file_remove_directory(place);
    cr_expect(not(file_exists(place)));
}

Test(base_file, what_cannot_be_is_told, .timeout = 10)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err = { 0 };
    struct bytes back;
    const char *const *names;
    size_t count;

    in_a_directory(place);
    cr_expect(not(file_read("none", 10, &keep, &back, &err)));
    cr_expect(eq(str, err.text, "none: No such file or directory"));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    cr_expect(not(file_read(".", 10, &keep, &back, &err)));
    cr_expect(eq(str, err.text, ".: is a directory, a file was expected"));
    cr_expect(not(file_write("none/f", BYTES(1), &err)));
    cr_expect(eq(int, err.kind, ERROR_SYSTEM));
    cr_assert(file_write("f", BYTES(1), &err));
    cr_expect(not(file_make_directory("f/a", &err)));
    cr_expect(eq(int, err.kind, ERROR_SYSTEM));
    cr_expect(not(file_make_directory("f", &err)));
    cr_assert(file_make_directory("d/e/g", &err) && file_make_directory("d/e/g", &err), "%s", err.text);
    cr_expect(not(file_write("d", BYTES(1), &err)), "a directory stands there");
    cr_expect(not(file_list("none", ".c", &keep, &names, &count, &err)));
    cr_expect(eq(int, err.kind, ERROR_INPUT));
    cr_expect(rmdir("d/e/g") == 0 && rmdir("d/e") == 0 && rmdir("d") == 0);
    file_remove_directory(place);
    cr_expect(not(file_exists(place)));
}

/* As root a rename would make a file of /dev/null. */
Test(base_file, what_is_no_file_is_written_into_and_stays, .timeout = 10)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-file-XXXXXX", came[2], link_to[8] = "";
    struct error err = { 0 };
    struct bytes back;
    struct stat st;

    in_a_directory(place);
    cr_assert(mkfifo("fifo", 0600) == 0);
    AUTO_CLOSE int fifo = open("fifo", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    cr_assert(file_write("fifo", BYTES(7), &err), "%s", err.text);
    cr_expect(read(fifo, came, 2) == 1 && came[0] == 7);
    cr_expect(lstat("fifo", &st) == 0 && S_ISFIFO(st.st_mode));
    cr_assert(file_write("f", BYTES(1), &err) && symlink("f", "link") == 0 && file_write("link", BYTES(2), &err), "%s", err.text);
    cr_expect(readlink("link", link_to, sizeof link_to) == 1 && link_to[0] == 'f');
    cr_assert(file_read("f", 10, &keep, &back, &err), "%s", err.text);
    cr_expect(back.len == 1 && back.data[0] == 2);
    file_remove_directory(place);
}

Test(base_file, a_directory_goes_with_all_in_it_and_nothing_beyond, .timeout = 10)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err = { 0 };

    in_a_directory(place);
    cr_assert(file_make_directory("gone/deep/deeper", &err) && file_make_directory("kept", &err), "%s", err.text);
    cr_assert(file_write("gone/deep/deeper/f", BYTES(1), &err) && file_write("kept/f", BYTES(1), &err), "%s", err.text);
    cr_assert(symlink("../kept", "gone/link") == 0 && symlink("../kept/f", "gone/deep/link") == 0);
    file_remove_directory("gone");
    cr_expect(not(file_exists("gone")));
    cr_expect(file_exists("kept/f"));
    file_remove_directory("none");
    file_remove_directory(place);
    cr_expect(not(file_exists(place)));
}

Test(base_file, lists_are_sorted_and_of_one_ending, .timeout = 10)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err = { 0 };
    const char *const *names;
    size_t count;

    in_a_directory(place);
    for (int i = 40; i > 0; i--)
        cr_assert(file_write(arena_printf(&keep, "f%02d.json", i), BYTES(1), &err));
    cr_assert(file_write("a.txt", BYTES(1), &err) && file_write(".hidden.json", BYTES(1), &err) && file_write("json", BYTES(1), &err));
    cr_assert(file_list(".", ".json", &keep, &names, &count, &err));
    cr_expect(eq(sz, count, 40));
    cr_expect(eq(str, (char *)names[0], "f01.json"));
    for (size_t i = 1; i < count; i++)
        cr_expect(strcmp(names[i - 1], names[i]) < 0);
    file_remove_directory(place);
}
