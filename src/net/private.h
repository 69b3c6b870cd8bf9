/* private.h - what the files of net/ share, and nobody else sees. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_PRIVATE_H
#define NET_PRIVATE_H

#include "net/conn.h"

#include <glib.h>

#include <stdbool.h>
#include <sys/socket.h>

struct event_base;

struct Loop {
	struct event_base *base;
	GHashTable *ending; /* Conn that conn_finish has taken over */
	LoopSource *limit;  /* of loop_wind_down; or NULL */
};

/* c ends by itself; c is gone. */
void loop_ending(Loop *l, Conn *c);
void loop_ended(Loop *l, Conn *c);

/*
 * The socket address that where ("ADDR:PORT", "[ADDR6]:PORT", "*:PORT" or
 * a path) names, in *sa and *len; the wildcard is IPv6's, which means both.
 * Returns false with *err set to ERR_SYNTAX if it is none.
 */
bool listen_address(const char *where, struct sockaddr_storage *sa,
    socklen_t *len, GError **err);

#endif
