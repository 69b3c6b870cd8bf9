/*
 * conn.h - a buffered stream connection: bytes in, bytes out, time-outs.
 *
 * Both buffers are bounded: while more than CONN_OUT_MAX bytes wait to be
 * sent, nothing is read, nor while CONN_IN_MAX bytes wait to be consumed.
 * A callback may free its connection, or finish it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "net/loop.h"

#include <stddef.h>

typedef struct Conn Conn;

/* Bytes waiting to be sent at which reading stops. */
#define CONN_OUT_MAX (256u << 10)

/* Bytes waiting to be consumed at which reading stops. */
#define CONN_IN_MAX (256u << 10)

typedef enum {
	CONN_DATA,      /* bytes came: conn_data, conn_consume */
	CONN_CONNECTED, /* conn_connect's connection stands */
	CONN_EOF,       /* the peer closed */
	CONN_TIMEOUT,   /* silence for longer than conn_set_idle allowed */
	CONN_FAILED,    /* conn_why says what */
} ConnEvent;

/* After CONN_EOF what was received can still be answered; after
 * CONN_TIMEOUT one may try; after CONN_FAILED there is only conn_free. */
typedef void ConnCallback(Conn *c, ConnEvent ev, void *arg);

/* A connection on the connected socket fd, which it owns from now on.
 * Never NULL; ends with conn_free or conn_finish, as below. */
Conn *conn_new(Loop *l, int fd, ConnCallback *cb, void *arg);

/* Begin to connect to ADDR:PORT (numeric) or a UNIX socket's path;
 * CONN_CONNECTED or CONN_FAILED follows.  NULL with *err set if where is
 * neither. */
Conn *conn_connect(
    Loop *l, const char *where, ConnCallback *cb, void *arg, GError **err);

/* Close at once and free.  Does nothing if c is NULL. */
void conn_free(Conn *c);

/* What has come in, *len bytes; valid until the next call on c.  What is
 * not consumed is offered again when more comes, or after a pause. */
const char *conn_data(Conn *c, size_t *len);
void conn_consume(Conn *c, size_t len);

/* Send len bytes of data, which are copied. */
void conn_send(Conn *c, const char *data, size_t len);

/*
 * Send what waits, then close and free c; no more callbacks.  The peer has
 * CONN_FINISH_S seconds to take it, and what it still sends is thrown
 * away: closing over unread bytes would take the last reply from it.
 */
void conn_finish(Conn *c);
#define CONN_FINISH_S 10

/* Stop, or go on, telling of data (the peer is held back). */
void conn_pause(Conn *c, bool paused);

/* CONN_TIMEOUT after so many seconds in which the peer, when it may, sends
 * nothing or, when it ought, takes nothing; 0: never. */
void conn_set_idle(Conn *c, unsigned int seconds);

/* The peer as text ("127.0.0.1:4711", "unix"); owned by c. */
const char *conn_peer(const Conn *c);
/* What failed, in words; owned by c. */
const char *conn_why(const Conn *c);

#endif
