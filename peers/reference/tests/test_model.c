/* The programming model over TCP on the loopback interface. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <string.h>

#include "reference/cwinthread.h"
#include "rig.h"

static void connect_both(struct CSocket *server, struct CSocket *client, struct CSocket *accepted)
{
    *server = *client = *accepted = CSOCKET_EMPTY;
    cr_assert(CSocket_Create(server, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(server, CSOCKET_BACKLOG));
    cr_assert(CSocket_Create(client, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(client, "127.0.0.1", CSocket_GetSockPort(server)));
    cr_assert(CSocket_Accept(server, accepted));
}

Test(model, the_steps_of_the_article_carry_values_from_client_to_server, .timeout = 10)
{
    struct profile p = profile_of("10 unicode 64");
    struct CSocket server, client, accepted;
    struct CSocketFile client_file, server_file;
    struct CArchive out, in;
    struct exception e;

    connect_both(&server, &client, &accepted);
    cr_assert(CSocketFile_Construct(&client_file, &client, true, &e));
    cr_assert(CSocketFile_Construct(&server_file, &accepted, true, &e));
    CArchive_Construct(&out, &client_file.base, CARCHIVE_STORE, CARCHIVE_BUFFER, NULL, &p);
    CArchive_Construct(&in, &server_file.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL, &p);

    CArchive_InsertBYTE(&out, 1);
    CArchive_Insertchar(&out, -1);
    CArchive_Insertint(&out, -2);
    CArchive_InsertLONGLONG(&out, -3);
    CArchive_Insertbool(&out, true);
    CArchive_Insertfloat(&out, 1.5f);
    CArchive_Insertdouble(&out, -0.1);
    CArchive_Flush(&out);
    cr_expect(eq(int, CArchive_ExtractBYTE(&in), 1));
    cr_expect(eq(int, CArchive_Extractchar(&in), -1));
    cr_expect(eq(int, CArchive_Extractint(&in), -2));
    cr_expect(eq(i64, CArchive_ExtractLONGLONG(&in), -3));
    cr_expect(CArchive_Extractbool(&in));
    cr_expect(ieee_ulp_eq(flt, CArchive_Extractfloat(&in), 1.5f, 0));
    cr_expect(ieee_ulp_eq(dbl, CArchive_Extractdouble(&in), -0.1, 0));
    cr_expect(CArchive_IsBufferEmpty(&in));
    cr_expect(not(CArchive_Failed(&in)));

    CArchive_Destroy(&out);
    CSocketFile_Close(&client_file);
    CSocket_Close(&client);
    CArchive_ExtractBYTE(&in);
    cr_expect(eq(int, caught(&in), CAUSE_END_OF_FILE));
    CArchive_Destroy(&in);
    CSocket_Close(&accepted);
    CSocket_Close(&server);
}

Test(model, a_datagram_socket_is_created_but_takes_no_file, .timeout = 10) // SF-1, SF-2
{
    struct CSocket s = CSOCKET_EMPTY;
    struct CSocketFile file;
    struct exception e;

    cr_assert(CSocket_Create(&s, 0, SOCK_DGRAM, NULL));
    cr_expect(not(CSocketFile_Construct(&file, &s, true, &e)));
    cr_expect(eq(int, e.kind, EXCEPTION_INVALID_ARG));
    cr_expect(ne(ptr, strstr(e.what, "datagram"), NULL));
    CSocket_Close(&s);
}

Test(model, a_file_needs_a_socket_that_is_open, .timeout = 10)
{
    struct CSocket s = CSOCKET_EMPTY;
    struct CSocketFile file;
    struct exception e;

    cr_expect(not(CSocketFile_Construct(&file, NULL, true, &e)));
    cr_expect(not(CSocketFile_Construct(&file, &s, true, &e)));
}

Test(model, a_read_of_the_file_is_one_receive_unless_told_otherwise, .timeout = 10) // SF-3
{
    RIG(r);
    struct exception e = { 0 };
    uint8_t data[4];

    rig_open(&r, "10 unicode 64", SOCK_SEQPACKET);
    rig_say_hex(&r, "01 02");
    rig_say_hex(&r, "03 04");
    cr_expect(eq(sz, CSocketFile_Read(&r.file, data, 4, &e), 2));
    rig_say_hex(&r, "05 06");
    r.file.compatible = false;
    cr_expect(eq(sz, CSocketFile_Read(&r.file, data, 4, &e), 4));
    cr_expect(eq(int, e.kind, EXCEPTION_NONE));
    cr_expect(eq(i64, CSocketFile_Seek(&r.file, -3), 0));
}

Test(model, connecting_to_nobody_is_refused, .timeout = 10)
{
    struct CSocket bound = CSOCKET_EMPTY, s = CSOCKET_EMPTY; // bound, but not listening

    cr_assert(CSocket_Create(&bound, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Create(&s, 0, SOCK_STREAM, NULL));
    cr_expect(not(CSocket_Connect(&s, "127.0.0.1", CSocket_GetSockPort(&bound))));
    cr_expect(eq(int, CSocket_GetLastError(), WSAECONNREFUSED));
}

static unsigned descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    unsigned n = 0;

    while (all && readdir(all))
        n++;
    closedir(all);
    return n;
}

/* A server has a thread for each connection, and lives long. */
Test(model, a_thread_that_leaves_gives_back_all_it_had, .timeout = 10)
{
    struct profile p = profile_of("10 unicode 64");
    unsigned before = descriptors();

    for (int i = 0; i < 3; i++) {
        struct CSocket server, client, accepted;
        cr_assert(AfxSocketInit(&p));
        connect_both(&server, &client, &accepted);
        CSocket_Close(&accepted);
        CSocket_Close(&client);
        CSocket_Close(&server);
        AfxSocketTerm();
        cr_expect(eq(uint, descriptors(), before), "thread %d", i);
    }
}

Test(model, who_says_nothing_of_it_gets_the_newest_generation)
{
    cr_expect(eq(str, (char *)generation_newest()->name, "10"));
    cr_expect(eq(ptr, (void *)generation_newest(), (void *)generation_find("10")));
}
