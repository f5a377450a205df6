#include "workers.h"

#include "cwinthread.h"

enum {
    STACK_SIZE = 8 << 20, // objects within objects use it
    IDLE_MAX = 8,         // threads kept for what may come
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t handed_over = PTHREAD_COND_INITIALIZER;
static struct job *jobs;          // handed over, but not taken yet
static unsigned idle, taken_soon; // threads that wait; jobs that they will take

bool workers_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    int error = pthread_create(thread, &attr, run, arg);
    pthread_attr_destroy(&attr);
    return error == 0;
}

/* The next job; NULL when enough others wait for one. */
static struct job *next_job(void)
{
    struct job *job = NULL;

    pthread_mutex_lock(&lock);
    if (idle < IDLE_MAX) {
        idle++;
        while (!jobs)
            pthread_cond_wait(&handed_over, &lock);
        job = jobs;
        jobs = job->next;
        idle--;
        taken_soon--;
    }
    pthread_mutex_unlock(&lock);
    return job;
}

static void *work(void *first)
{
    for (struct job *job = first; job; job = next_job())
        job->run(job);
    AfxSocketTerm();
    return NULL;
}

bool workers_do(struct job *job)
{
    pthread_t thread;

    pthread_mutex_lock(&lock);
    bool is_taken = idle > taken_soon;
    if (is_taken) {
        job->next = jobs;
        jobs = job;
        taken_soon++;
    }
    pthread_mutex_unlock(&lock);
    if (is_taken) {
        pthread_cond_signal(&handed_over); // behind the lock, which who wakes up takes first
        return true;
    }
    if (!workers_start(&thread, work, job))
        return false;
    pthread_detach(thread);
    return true;
}
