/*
 * server.h - the search role: searches taken one at a time, so that a slow
 * one keeps a process of its own busy, and no page waits.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_SERVER_H
#define SEARCH_SERVER_H

#include "base/conf.h"

#include <stddef.h>

/*
 * Answer what comes in on fds, the other ends of those that search/client
 * has, until SIGTERM ends the process: opens the store and the index of conf
 * for reading, and enters its sandbox.  A search that takes longer than
 * LIMIT_SEARCH_MS is given up; where even that does not end it, the process
 * is killed by SIGALRM, and another one takes its place.
 * Returns the process's exit status; what went wrong is in the log.
 */
int search_server_run(const Conf *conf, const int *fds, size_t n_fds);

#endif
