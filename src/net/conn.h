/*
 * conn.h - a buffered stream connection: bytes in, bytes out, time-outs.
 *
 * Both buffers are bounded: while more than CONN_OUT_MAX bytes wait to be
 * sent, nothing is read.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "net/loop.h"

#include <stddef.h>

typedef struct Conn Conn;

/* Bytes waiting to be sent at which reading stops. */
#define CONN_OUT_MAX (256u << 10)

typedef enum {
	CONN_DATA,      /* bytes came: conn_data, conn_consume */
	CONN_CONNECTED, /* conn_connect's connection stands */
	CONN_EOF,       /* the peer closed */
	CONN_TIMEOUT,   /* silence for longer than conn_set_idle allowed */
	CONN_FAILED,    /* conn_why says what */
} ConnEvent;

typedef void ConnCallback(Conn *c, ConnEvent ev, void *arg);

/* A connection on fd, which it owns from now on. */
Conn *conn_new(Loop *l, int fd, ConnCallback *cb, void *arg);

/* Begin to connect to ADDR:PORT (numeric) or a UNIX socket's path;
 * CONN_CONNECTED or CONN_FAILED follows.  NULL with *err set if where is
 * neither. */
Conn *conn_connect(
    Loop *l, const char *where, ConnCallback *cb, void *arg, GError **err);

/* Close at once and free.  Does nothing if c is NULL. */
void conn_free(Conn *c);

/* What has come in, *len bytes; valid until the next call on c. */
const char *conn_data(Conn *c, size_t *len);
void conn_consume(Conn *c, size_t len);

void conn_send(Conn *c, const char *data, size_t len);

/* Send what waits, then close and free c; no more callbacks. */
void conn_finish(Conn *c);

/* Stop, or go on, telling of data (the peer is held back). */
void conn_pause(Conn *c, bool paused);

void conn_set_idle(Conn *c, unsigned int seconds);

/* The peer as text ("127.0.0.1:4711", "unix"); owned by c. */
const char *conn_peer(const Conn *c);
/* What failed, in words; owned by c. */
const char *conn_why(const Conn *c);

#endif
