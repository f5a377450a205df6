#include "csocketfile.h"

static bool refuse(struct exception *e, const char *what)
{
    *e = (struct exception){ .kind = EXCEPTION_INVALID_ARG, .what = what };
    return false;
}

static struct CSocketFile *socket_file(struct CFile *f)
{
    return (struct CSocketFile *)f;
}

static size_t file_read(struct CFile *f, void *data, size_t size, struct exception *e)
{
    return CSocketFile_Read(socket_file(f), data, size, e);
}

static void file_write(struct CFile *f, const void *data, size_t size, struct exception *e)
{
    CSocketFile_Write(socket_file(f), data, size, e);
}

static long long file_seek(struct CFile *f, long long offset)
{
    return CSocketFile_Seek(socket_file(f), offset);
}

static const struct CFileClass socket_class = { file_read, file_write, file_seek,
                                                .blocking = true };

bool CSocketFile_Construct(struct CSocketFile *f, struct CSocket *socket, bool compatible,
                           struct exception *e)
{
    if (!socket || socket->handle == WSA_NONE)
        return refuse(e, "a socket file needs a socket that was created or accepted");
    int type = wsa_type(socket->handle);
    if (type < 0)
        return refuse(e, "a socket file needs a socket");
    if (type != SOCK_STREAM)
        return refuse(e, "archives do not work with datagram sockets: use the socket alone");
    *f = (struct CSocketFile){ { &socket_class }, socket, compatible };
    return true;
}

/* The socket may be gone by now; its error is this thread's [SK-27]. */
static void raise_file(struct exception *e)
{
    int error = CSocket_GetLastError();

    *e = (struct exception){ .kind = EXCEPTION_FILE,
                             .cause = 1,
                             .os_error = error,
                             .what = CSocket_ErrorText(error) };
}

/* Behind Close genuine files crash up to 7.1 [SF-7]; NULL is refused from 7.1 on [SF-10]. */
static bool is_usable(const struct CSocketFile *f, const void *data, struct exception *e)
{
    if (!f->socket)
        return refuse(e, "the socket file is closed");
    return data || refuse(e, "there is no buffer");
}

size_t CSocketFile_Read(struct CSocketFile *f, void *data, size_t size, struct exception *e)
{
    size_t total = 0;

    if (size == 0 || !is_usable(f, data, e))
        return 0;
    do {
        ptrdiff_t got = CSocket_Receive(f->socket, (char *)data + total, size - total);
        if (got < 0) {
            raise_file(e);
            return 0;
        }
        if (got == 0)
            break;
        total += (size_t)got;
    } while (!f->compatible && total < size);
    return total;
}

void CSocketFile_Write(struct CSocketFile *f, const void *data, size_t size, struct exception *e)
{
    if (size > 0 && is_usable(f, data, e) && CSocket_Send(f->socket, data, size) < 0)
        raise_file(e);
}

long long CSocketFile_Seek(struct CSocketFile *f, long long offset)
{
    (void)f;
    (void)offset;
    return 0;
}

static long long not_supported(struct exception *e)
{
    *e = (struct exception){ .kind = EXCEPTION_NOT_SUPPORTED,
                             .what = "a socket has neither length nor position" };
    return 0;
}

long long CSocketFile_GetLength(struct CSocketFile *f, struct exception *e)
{
    (void)f;
    return not_supported(e);
}

long long CSocketFile_GetPosition(struct CSocketFile *f, struct exception *e)
{
    (void)f;
    return not_supported(e);
}

void CSocketFile_SetLength(struct CSocketFile *f, long long length, struct exception *e)
{
    (void)f;
    (void)length;
    not_supported(e);
}

void CSocketFile_Close(struct CSocketFile *f)
{
    f->socket = NULL;
}
