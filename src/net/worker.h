/* worker.h - fork the roles of a server, watch them, start them again. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_WORKER_H
#define NET_WORKER_H

#include <glib.h>

#include <stdbool.h>

/* What a child does, the nth of its role, from 0 on; its return value is its
 * exit status.  SIGTERM tells it to end; a terminal's SIGINT does not reach
 * it. */
typedef int WorkerMain(void *arg, unsigned int nth);

typedef struct {
	const char *role; /* "http": in its process title and the log */
	unsigned int count;
	WorkerMain *run;
	void *arg;
} WorkerRole;

/*
 * Fork every role and wait.  A child that ends is started again, after a
 * second where it lived for less than ten.  SIGTERM, SIGINT and SIGHUP end
 * all (SIGTERM to each, SIGKILL after ten seconds); ready is called, once,
 * in the parent, when all were started.  Children never outlive the
 * parent, however that ends.  What happens to them is logged here.
 *
 * Returns the exit status of the program: 0 if it was told to end and each
 * child did so by itself, else 1.
 */
int worker_run(
    const WorkerRole *roles, size_t n_roles, void (*ready)(void *), void *arg);

#endif
