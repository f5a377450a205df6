/* The last that is taken and the first that is refused. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <string.h>

#include "reference/pool.h"
#include "reference/wsa.h"

Test(edges, a_pool_gives_all_that_its_limit_allows_and_nothing_beyond)
{
    struct pool p = { .limit = 100 };
    void *all = pool_new(&p, 25, 4);

    cr_assert(all != NULL);
    cr_expect(eq(sz, p.held, 100));
    cr_expect(pool_new(&p, 1, 1) == NULL);
    all = pool_grow(&p, all, 50, 2); // as much once more
    cr_assert(all != NULL);
    cr_expect(pool_grow(&p, all, 101, 1) == NULL);
    cr_expect(eq(sz, p.held, 100));
    cr_expect(pool_new(&p, SIZE_MAX / 2, 4) == NULL);
    pool_release(&p);
    cr_expect(eq(sz, p.held, 0));
    cr_expect(pool_new(&p, 100, 1) != NULL); // all of it is there again
    pool_release(&p);
}

/* Of several pieces the sum counts; one that grows counts once. A product that is too large for any number is none. */
Test(edges, the_pieces_of_a_pool_share_its_limit)
{
    struct pool p = { .limit = 100 };
    uint8_t *a = pool_new(&p, 60, 1), *b = pool_new(&p, 10, 3);

    cr_assert(a != NULL && b != NULL);
    cr_expect(eq(sz, p.held, 90));
    for (size_t i = 0; i < 30; i++)
        cr_expect(eq(u8, b[i], 0));
    memset(b, 7, 30);
    cr_expect(pool_new(&p, 6, 2) == NULL);
    cr_expect(pool_grow(&p, b, 41, 1) == NULL);
    b = pool_grow(&p, b, 20, 2);
    cr_assert(b != NULL);
    for (size_t i = 0; i < 40; i++)
        cr_expect(eq(u8, b[i], i < 30 ? 7 : 0), "%zu", i);
    cr_expect(eq(sz, p.held, 100));
    b = pool_grow(&p, b, 5, 1); // smaller, too
    cr_expect(eq(sz, p.held, 65));
    cr_expect(pool_new(&p, 36, 1) == NULL);
    cr_expect(pool_new(&p, SIZE_MAX / 4 + 2, 4) == NULL);
    cr_expect(pool_new(&p, 35, 1) != NULL);
    pool_release(&p);
    cr_expect(eq(sz, p.held, 0));
    cr_expect(p.blocks == NULL);
}

/* Room for one more is taken as it is needed, and what was there stays. */
Test(edges, a_row_in_a_pool_grows_one_by_one)
{
    struct pool p = { 0 };
    size_t capacity = 0;
    unsigned *row = NULL;

    for (unsigned i = 0; i < 1000; i++) {
        row = pool_more(&p, row, i, &capacity, sizeof *row);
        cr_assert(row != NULL && capacity > i);
        row[i] = i;
    }
    for (unsigned i = 0; i < 1000; i++)
        cr_expect(eq(uint, row[i], i));
    pool_release(&p);
    p = (struct pool){ .limit = 20 };
    capacity = 0;
    row = pool_more(&p, NULL, 0, &capacity, 2);
    cr_assert(row != NULL);
    size_t before = capacity;
    cr_expect(pool_more(&p, row, before, &capacity, 2) == NULL);
    cr_expect(eq(sz, capacity, before));
    pool_release(&p);
}

/* Whatever is no handle is told as such, and looked at nowhere. */
Test(edges, what_was_never_a_socket_is_none)
{
    static const intptr_t handles[] = { -1, INTPTR_MIN, 1 << 16, 1 << 30, INTPTR_MAX };

    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
        wsa_set_error(0);
        cr_expect(eq(sz, wsa_available(handles[i]), 0));
        cr_expect(eq(int, wsa_error(), WSAENOTSOCK), "handle %zu", i);
        struct wsa_name name = { 0 };
        char byte = 0;
        cr_expect(eq(i64, wsa_send(handles[i], "x", 1), -1));
        cr_expect(eq(i64, wsa_send_to(handles[i], "x", 1, name), -1));
        cr_expect(eq(i64, wsa_recv(handles[i], &byte, 1), -1));
        cr_expect(eq(i64, wsa_recv_from(handles[i], &byte, 1, &name), -1));
        cr_expect(eq(int, wsa_type(handles[i]), -1));
        cr_expect(eq(i64, wsa_accept(handles[i]), WSA_NONE));
        cr_expect(not(wsa_bind(handles[i], name)));
        cr_expect(not(wsa_listen(handles[i], 1)));
        cr_expect(not(wsa_connect(handles[i], name)));
        cr_expect(not(wsa_shutdown(handles[i], 1)));
        cr_expect(not(wsa_readable(handles[i])));
        cr_expect(not(wsa_sock_name(handles[i], &name)));
        cr_expect(not(wsa_peer_name(handles[i], &name)));
        cr_expect(not(wsa_may_broadcast(handles[i])));
        cr_expect(not(wsa_async_select(handles[i], 0)));
        cr_expect(not(wsa_close(handles[i])));
    }
}
