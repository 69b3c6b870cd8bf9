/* server.h - the lmtp role: sessions on connections, in front of ingest. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_SERVER_H
#define LMTP_SERVER_H

#include "base/conf.h"

#include <glib.h>

/*
 * Serve LMTP on the listening descriptors fds until SIGTERM: opens the
 * store of conf for writing, enters its sandbox, and runs its loop.
 * Returns the process's exit status; what went wrong is in the log.
 */
int lmtp_server_run(const Conf *conf, const int *fds, size_t n_fds);

#endif
