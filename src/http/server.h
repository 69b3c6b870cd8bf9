/* server.h - the http role: libmicrohttpd on the loop, in front of route. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/conf.h"
#include "view/look.h"

#include <glib.h>

/*
 * Serve HTTP on the listening descriptors fds until SIGTERM: opens the
 * store of conf for reading, enters its sandbox, and runs its loop.  look
 * is the pages', or NULL; searches are asked for on asking, the end of a
 * socket, or -1: none can be.
 * Returns the process's exit status; what went wrong is in the log.
 */
int http_server_run(const Conf *conf, const Look *look, const int *fds,
    size_t n_fds, int asking);

#endif
