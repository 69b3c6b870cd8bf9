/* listen.h - listening sockets, TCP and UNIX. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include <glib.h>

/*
 * Bind and listen on where: "ADDR:PORT", "[ADDR6]:PORT", "*:PORT", or the
 * path of a UNIX socket (a stale one is replaced, a live one is ERR_BUSY;
 * mode 0660).
 * Returns a non-blocking, close-on-exec descriptor, or -1 with *err set:
 * ERR_SYNTAX, ERR_BUSY (in use), ERR_IO.
 */
int listen_on(const char *where, GError **err);

/* Where fd listens or is connected to, as listen_on takes it ("unix" for
 * a socket without a path); free with g_free. */
char *listen_name(int fd);
char *listen_peer_name(int fd);

/* Accept one connection, non-blocking and close-on-exec; -1 if there is
 * none now. */
int listen_accept(int fd);

#endif
