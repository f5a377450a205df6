#include "bench/processor.h"

#include <time.h>
#include <unistd.h>

#include "peer/tree.h"

unsigned processors(void)
{
    cpu_set_t all;

    return sched_getaffinity(0, sizeof all, &all) == 0 ? (unsigned)CPU_COUNT(&all) : 1;
}

static void take(struct processor *p, int cpu)
{
    cpu_set_t one;

    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    p->held = sched_setaffinity(0, sizeof one, &one) == 0;
}

void processor_take(struct processor *p, unsigned n)
{
    p->held = false;
    if (sched_getaffinity(0, sizeof p->before, &p->before) < 0)
        return;
    n %= (unsigned)CPU_COUNT(&p->before);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((size_t)cpu, &p->before) && n-- == 0) {
            take(p, cpu);
            return;
        }
}

void processor_stay(struct processor *p)
{
    int here = sched_getcpu();

    p->held = false;
    if (here >= 0 && sched_getaffinity(0, sizeof p->before, &p->before) == 0)
        take(p, here);
}

void processor_release(struct processor *p)
{
    if (p->held)
        sched_setaffinity(0, sizeof p->before, &p->before);
    p->held = false;
}

int64_t clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static double used_on(clockid_t clock)
{
    struct timespec t;

    return clock_gettime(clock, &t) == 0 ? (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3 : 0;
}

double processor_used(void)
{
    return used_on(CLOCK_PROCESS_CPUTIME_ID);
}

double processor_used_by(pid_t pid)
{
    clockid_t clock;

    return clock_getcpuclockid(pid, &clock) == 0 ? used_on(clock) : 0;
}

double processor_used_by_children(void)
{
    pid_t tree[TREE_MAX];
    double all = 0;

    for (size_t i = 1, count = tree_of(getpid(), tree); i < count; i++)
        all += processor_used_by(tree[i]);
    return all;
}
