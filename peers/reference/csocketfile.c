#include "csocketfile.h"

#include <errno.h>
#include <sys/socket.h>

static bool refuse(struct exception *e, const char *what)
{
    *e = (struct exception){ .kind = EXCEPTION_INVALID_ARG, .what = what };
    return false;
}

bool CSocketFile_Construct(struct CSocketFile *f, struct CSocket *socket, bool compatible,
                           struct exception *e)
{
    int type;
    socklen_t len = sizeof type;

    if (!socket || socket->fd < 0)
        return refuse(e, "a socket file needs a socket that was created or accepted");
    if (getsockopt(socket->fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
        return refuse(e, "a socket file needs a socket");
    if (type != SOCK_STREAM)
        return refuse(e, "archives do not work with datagram sockets: use the socket alone");
    *f = (struct CSocketFile){ .socket = socket, .compatible = compatible };
    return true;
}

static void raise_file(struct CSocketFile *f, struct exception *e)
{
    *e = (struct exception){ .kind = EXCEPTION_FILE,
                             .cause = 1,
                             .os_error = f->socket ? f->socket->error : EBADF,
                             .what = "the socket failed" };
}

size_t CSocketFile_Read(struct CSocketFile *f, void *data, size_t size, struct exception *e)
{
    size_t total = 0;

    if (!f->socket) {
        raise_file(f, e);
        return 0;
    }
    do {
        ptrdiff_t got = CSocket_Receive(f->socket, (char *)data + total, size - total);
        if (got < 0) {
            raise_file(f, e);
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
    if (!f->socket || CSocket_Send(f->socket, data, size) < 0)
        raise_file(f, e);
}

long long CSocketFile_Seek(struct CSocketFile *f, long long offset)
{
    (void)f;
    (void)offset;
    return 0;
}

void CSocketFile_Close(struct CSocketFile *f)
{
    f->socket = NULL;
}
