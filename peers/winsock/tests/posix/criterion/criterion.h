/*
 * As much of Criterion as the reference peer's tests of sockets use, for Windows: each test runs in a process of its
 * own, and is ended when it takes too long. main and the rest stand in tests.c.
 */
#ifndef WINSOCK_CRITERION_H
#define WINSOCK_CRITERION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct test {
    const char *suite, *name;
    void (*run)(void);
    struct {
        double timeout;
    } options;
    struct test *next;
};

void test_add(struct test *t);

/* False where it failed; then it has been told. */
bool test_check(bool good, const char *what, const char *file, int line, const char *fmt, ...);
_Noreturn void test_give_up(void);

#define Test(suite, name, ...)                                                                     \
    static void suite##_##name(void);                                                              \
    __attribute__((constructor)) static void add_##suite##_##name(void)                            \
    {                                                                                              \
        static struct test t = { #suite, #name, suite##_##name, { __VA_ARGS__ }, NULL };           \
        test_add(&t);                                                                              \
    }                                                                                              \
    static void suite##_##name(void)

#define cr_expect(condition, ...)                                                                  \
    test_check(condition, #condition, __FILE__, __LINE__, "" __VA_ARGS__)
#define cr_assert(condition, ...) (cr_expect(condition, __VA_ARGS__) ? (void)0 : test_give_up())

bool test_equal_str(const char *is, const char *due);
bool test_equal_number(long long is, long long due);

#define eq(type, is, due)     test_eq_##type(is, due)
#define ne(type, is, due)     ((is) != (due))
#define gt(type, is, due)     ((is) > (due))
#define lt(type, is, due)     ((is) < (due))
#define not(condition)        (!(condition))
#define test_eq_str(is, due)  test_equal_str(is, due)
#define test_eq_int(is, due)  test_equal_number(is, due)
#define test_eq_uint(is, due) test_equal_number(is, due)
#define test_eq_chr(is, due)  test_equal_number(is, due)
#define test_eq_i64(is, due)  test_equal_number(is, due)
#define test_eq_sz(is, due)   test_equal_number((long long)(is), (long long)(due))
#define test_eq_u16(is, due)  test_equal_number(is, due)
#define test_eq_u32(is, due)  test_equal_number(is, due)
#define test_eq_ptr(is, due)  ((is) == (due))

#endif
