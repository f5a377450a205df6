/*
 * Threads that do one job after the other: to make a thread for each connection
 * takes longer than many a connection lasts.
 */
#ifndef REFERENCE_WORKERS_H
#define REFERENCE_WORKERS_H

#include <pthread.h>
#include <stdbool.h>

/* Stands at the beginning of what the job needs, and belongs to it once it runs. */
struct job {
    void (*run)(struct job *job);
    struct job *next; // of workers.c
};

/* In a thread where nothing else runs, with a stack for deep objects; false if there is none. */
bool workers_do(struct job *job);

/* A thread of the same kind for one job that another thread waits for. */
bool workers_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif
