/* SPDX-License-Identifier: Apache-2.0 */
#include "net/conn.h"

#include "base/err.h"
#include "net/listen.h"
#include "net/private.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define DEFERRED (BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS)

struct Conn {
	Loop *loop;
	struct bufferevent *bev;
	ConnCallback *cb;
	void *arg;
	char *peer, *why;
	LoopSource *failed; /* tells of a connect that failed at once */
	LoopSource *limit;  /* of conn_finish */
	bool paused;        /* by conn_pause */
	bool stuffed;       /* CONN_OUT_MAX reached */
	bool eof;           /* the peer sends no more */
	bool ending;        /* conn_finish */
	bool shut;          /* and all was sent */
};

static void
take(Conn *c)
{
	if (c->paused || c->stuffed || c->eof)
		bufferevent_disable(c->bev, EV_READ);
	else
		bufferevent_enable(c->bev, EV_READ);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	Conn *c = arg;

	if (c->ending)
		evbuffer_drain(in, evbuffer_get_length(in));
	else if (!c->paused && !c->stuffed && evbuffer_get_length(in) > 0)
		c->cb(c, CONN_DATA, c->arg);
}

/* All was sent: say so to the peer, and await its end.  May free c. */
static void
shut(Conn *c)
{
	if (c->eof) {
		conn_free(c);
		return;
	}
	c->shut = true;
	shutdown(bufferevent_getfd(c->bev), SHUT_WR);
}

static void
on_written(struct bufferevent *bev, void *arg)
{
	size_t n = evbuffer_get_length(bufferevent_get_output(bev));
	Conn *c = arg;

	if (c->ending) {
		if (n == 0 && !c->shut)
			shut(c);
	} else if (c->stuffed && n <= CONN_OUT_MAX / 2) {
		c->stuffed = false;
		conn_pause(c, c->paused);
	}
}

static void
set_why(Conn *c, int code)
{
	g_free(c->why);
	c->why = g_strdup(g_strerror(code));
}

static void
on_change(struct bufferevent *bev, short what, void *arg)
{
	int code = EVUTIL_SOCKET_ERROR();
	Conn *c = arg;

	(void)bev;
	c->eof = c->eof || (what & BEV_EVENT_EOF) != 0;
	if (c->ending) {
		if (!c->eof || c->shut)
			conn_free(c);
		return;
	}
	if ((what & BEV_EVENT_CONNECTED) != 0) {
		c->cb(c, CONN_CONNECTED, c->arg);
	} else if ((what & BEV_EVENT_EOF) != 0) {
		c->cb(c, CONN_EOF, c->arg);
	} else if ((what & BEV_EVENT_TIMEOUT) != 0) {
		c->cb(c, CONN_TIMEOUT, c->arg);
	} else {
		set_why(c, code);
		c->cb(c, CONN_FAILED, c->arg);
	}
}

static Conn *
make(Loop *l, int fd, ConnCallback *cb, void *arg)
{
	const int yes = 1;
	Conn *c = g_new0(Conn, 1);

	c->loop = l;
	c->cb = cb;
	c->arg = arg;
	c->bev = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
	g_assert(c->bev != NULL);
	/* Replies are small and awaited: never held back for more (fails on
	 * a UNIX socket, which does not hold back). */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	bufferevent_setcb(c->bev, on_read, on_written, on_change, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, CONN_IN_MAX);
	bufferevent_setwatermark(c->bev, EV_WRITE, CONN_OUT_MAX / 2, 0);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	return c;
}

Conn *
conn_new(Loop *l, int fd, ConnCallback *cb, void *arg)
{
	Conn *c = make(l, fd, cb, arg);

	c->peer = listen_peer_name(fd);
	return c;
}

static void
on_failed(void *arg)
{
	Conn *c = arg;

	c->cb(c, CONN_FAILED, c->arg);
}

Conn *
conn_connect(
    Loop *l, const char *where, ConnCallback *cb, void *arg, GError **err)
{
	struct sockaddr_storage sa;
	socklen_t len = 0;
	int fd = -1, code = 0;
	Conn *c = NULL;

	if (!listen_address(where, &sa, &len, err))
		return NULL;
	fd =
	    socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		err_set_errno(err, ERR_IO, "connect to %s", where);
		return NULL;
	}
	if (connect(fd, (struct sockaddr *)&sa, len) < 0)
		code = errno;
	c = make(l, fd, cb, arg);
	c->peer = g_strdup(where);
	/* A connection under way, or already there: libevent waits until it
	 * can be written to, and says so. */
	if (code == 0 || code == EINPROGRESS) {
		if (bufferevent_socket_connect(c->bev, NULL, 0) == 0)
			return c;
		code = errno;
	}
	bufferevent_disable(c->bev, EV_READ | EV_WRITE);
	set_why(c, code);
	c->failed = loop_timer(l, 0, on_failed, c);
	return c;
}

void
conn_free(Conn *c)
{
	if (c == NULL)
		return;
	loop_ended(c->loop, c);
	loop_source_free(c->failed);
	loop_source_free(c->limit);
	bufferevent_free(c->bev);
	g_free(c->peer);
	g_free(c->why);
	g_free(c);
}

const char *
conn_data(Conn *c, size_t *len)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	*len = evbuffer_get_length(in);
	/* CONN_IN_MAX at most. */
	return *len > 0 ? (const char *)evbuffer_pullup(in, -1) : "";
}

void
conn_consume(Conn *c, size_t len)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	g_assert(len <= evbuffer_get_length(in));
	evbuffer_drain(in, len);
}

void
conn_send(Conn *c, const char *data, size_t len)
{
	g_assert(!c->ending);
	bufferevent_write(c->bev, data, len);
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) >
	    CONN_OUT_MAX) {
		c->stuffed = true;
		take(c);
	}
}

static void
on_finish_limit(void *arg)
{
	conn_free(arg);
}

void
conn_finish(Conn *c)
{
	g_assert(!c->ending);
	c->ending = true;
	c->paused = c->stuffed = false;
	loop_ending(c->loop, c);
	c->limit =
	    loop_timer(c->loop, CONN_FINISH_S * 1000, on_finish_limit, c);
	conn_set_idle(c, 0);
	bufferevent_setwatermark(c->bev, EV_WRITE, 0, 0);
	take(c);
	/* What came before, and would not be told of again. */
	bufferevent_trigger(c->bev, EV_READ, DEFERRED);
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		shut(c);
}

void
conn_pause(Conn *c, bool paused)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	c->paused = paused;
	take(c);
	/* From the loop, not from here: no caller expects a callback. */
	if (!paused && !c->stuffed && evbuffer_get_length(in) > 0)
		bufferevent_trigger(c->bev, EV_READ, DEFERRED);
}

void
conn_set_idle(Conn *c, unsigned int seconds)
{
	struct timeval tv = {.tv_sec = seconds};

	bufferevent_set_timeouts(
	    c->bev, seconds > 0 ? &tv : NULL, seconds > 0 ? &tv : NULL);
}

const char *
conn_peer(const Conn *c)
{
	return c->peer;
}

const char *
conn_why(const Conn *c)
{
	return c->why != NULL ? c->why : "";
}
