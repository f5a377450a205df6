/*
 * /proc/PID/status tells VmHWM, the largest resident size; a 5 written to /proc/PID/clear_refs sets it to the present
 * one. Resident, not mapped: what is claimed and never touched costs nobody anything.
 */
#include "peer/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "peer/tree.h"

bool peer_memory_reset(const struct peer *p)
{
    pid_t all[TREE_MAX];
    size_t count = tree_of(p->pid, all);
    bool good = count > 0;

    for (size_t i = 0; i < count; i++) {
        char path[48];
        snprintf(path, sizeof path, "/proc/%d/clear_refs", (int)all[i]);
        AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
        good &= fd >= 0 && write(fd, "5", 1) == 1;
    }
    return good;
}

static uint64_t peak_of(pid_t pid)
{
    char path[48], text[4096];

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
    text[n > 0 ? n : 0] = 0;
    const char *line = strstr(text, "VmHWM:");
    return line ? strtoull(line + 6, NULL, 10) * 1024 : 0;
}

uint64_t peer_memory_peak(const struct peer *p)
{
    pid_t all[TREE_MAX];
    uint64_t sum = 0;

    for (size_t i = 0, count = tree_of(p->pid, all); i < count; i++)
        sum += peak_of(all[i]);
    return sum;
}
