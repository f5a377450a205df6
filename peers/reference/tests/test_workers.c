/* Threads that are kept for jobs to come: when they are used again, how many stay, and what they leave. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "reference/cwinthread.h"
#include "reference/workers.h"
#include "rig.h"

enum {
    PATIENCE = 3, // seconds until it is believed that something does not come
    KEPT = 8,     // threads that stay
    STACK = 8 << 20,
};

struct task {
    struct job job;
    sem_t may_end;
    pid_t by;
    size_t stack;
    int detached;
};

static atomic_uint running, ran;

static void run(struct job *job)
{
    struct task *t = (struct task *)job;
    pthread_attr_t attr;

    running++;
    wsa_post(&(struct wsa_message){ .kind = WSA_CALL }); // a thread has a queue once it uses it
    sem_wait(&t->may_end);
    pthread_getattr_np(pthread_self(), &attr);
    pthread_attr_getstacksize(&attr, &t->stack);
    pthread_attr_getdetachstate(&attr, &t->detached);
    pthread_attr_destroy(&attr);
    t->by = gettid();
    ran++;
}

static bool begin(struct task *t)
{
    *t = (struct task){ .job.run = run };
    sem_init(&t->may_end, 0, 0);
    return workers_do(&t->job);
}

static bool is_over(const struct timespec *end)
{
    struct timespec now;

    sched_yield();
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > end->tv_sec || (now.tv_sec == end->tv_sec && now.tv_nsec > end->tv_nsec);
}

static struct timespec later(void)
{
    struct timespec end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += PATIENCE;
    return end;
}

/* Whether this becomes so many. */
static bool becomes(atomic_uint *number, unsigned due)
{
    struct timespec end = later();

    while (*number != due && !is_over(&end))
        ;
    return *number == due;
}

/* Entries of a folder of /proc/self whose links, where it has such, lead to this; NULL: all. */
static size_t entries(const char *folder, const char *what)
{
    char path[300], to[100];
    size_t count = 0;
    DIR *all = opendir(folder);

    for (struct dirent *one; (one = readdir(all));) {
        snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
        ssize_t len = what ? readlink(path, to, sizeof to - 1) : 0;
        to[len > 0 ? len : 0] = '\0';
        count += one->d_name[0] != '.' && (!what || strcmp(to, what) == 0);
    }
    closedir(all);
    return count;
}

static size_t threads(void)
{
    return entries("/proc/self/task", NULL);
}

static bool threads_become(size_t due)
{
    struct timespec end = later();

    while (threads() != due && !is_over(&end))
        ;
    return threads() == due;
}

static size_t queues(void)
{
    return entries("/proc/self/fd", "anon_inode:[eventpoll]");
}

/* The one job of a thread may be over before the thread waits for the next: some may go to another. */
Test(workers, a_thread_that_has_done_its_job_does_another, .timeout = 20)
{
    static struct task tasks[100];
    bool again = false;

    for (unsigned i = 0; i < COUNT_OF(tasks) && !again; i++) {
        cr_assert(begin(&tasks[i]));
        sem_post(&tasks[i].may_end);
        cr_assert(becomes(&ran, i + 1));
        for (unsigned k = 0; k < i; k++)
            again |= tasks[k].by == tasks[i].by;
        sched_yield();
    }
    cr_expect(again);
}

/* However many there were at once, and again and again: those that stay are used before there are new ones. */
Test(workers, so_many_threads_stay_and_the_others_end, .timeout = 20)
{
    static struct task tasks[KEPT + 5];
    size_t alone = threads(), before = queues();
    pthread_attr_t attr;
    unsigned total = 0;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK / 4);
    pthread_setattr_default_np(&attr); // theirs is their own
    pthread_attr_destroy(&attr);
    for (unsigned round = 0; round < 4; round++) {
        unsigned count = round % 2 ? KEPT + 1 : COUNT_OF(tasks);
        running = 0;
        for (unsigned i = 0; i < count; i++)
            cr_assert(begin(&tasks[i]));
        cr_assert(becomes(&running, count), "round %u: %u of %u run", round, running, count);
        cr_expect(eq(sz, threads(), alone + count), "round %u", round);
        for (unsigned i = 0; i < count; i++)
            sem_post(&tasks[i].may_end);
        total += count;
        cr_assert(becomes(&ran, total), "round %u: %u of %u have run", round, ran, total);
        for (unsigned i = 0; i < count; i++) {
            cr_expect(ge(sz, tasks[i].stack, STACK));
            cr_expect(eq(int, tasks[i].detached, PTHREAD_CREATE_DETACHED));
        }
        cr_expect(threads_become(alone + KEPT), "round %u: %zu threads", round, threads());
        cr_expect(eq(sz, queues(), before + KEPT), "round %u: they leave their queues", round);
    }
}

static void *tell_stack(void *arg)
{
    struct task *t = arg;

    sem_post(&t->may_end);
    run(&t->job);
    AfxSocketTerm();
    return arg;
}

Test(workers, one_job_is_waited_for, .timeout = 10)
{
    static struct task t;
    pthread_t thread;
    void *returned = NULL;

    sem_init(&t.may_end, 0, 0);
    cr_assert(workers_start(&thread, tell_stack, &t));
    cr_expect(eq(int, pthread_join(thread, &returned), 0));
    cr_expect(returned == &t);
    cr_expect(ge(sz, t.stack, STACK));
    cr_expect(eq(int, t.detached, PTHREAD_CREATE_JOINABLE));
}
