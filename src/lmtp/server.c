/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "lmtp/deliver.h"
#include "lmtp/session.h"
#include "mail/parse.h"
#include "net/conn.h"
#include "net/listen.h"
#include "net/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* How long what was said last may take to be sent, when we end. */
#define WIND_DOWN_MS 2000

/* How long a listening socket rests when no descriptor is left. */
#define REST_MS 200

typedef struct {
	const Conf *conf;
	Loop *loop;
	LmtpDeliver *deliver;
	LoopSource *commit; /* deferred */
	LoopSource *file;   /* timer */
	LmtpLimits limits;
	size_t room;
	GPtrArray *doors; /* Door */
	GQueue peers;     /* Peer, each with its own link */
} Server;

typedef struct {
	Server *server;
	int fd;
	LoopSource *watch, *rest;
} Door;

/* A connection, and the session behind it. */
typedef struct {
	GList link;
	Server *server;
	Conn *conn;
	LmtpSession *session;
	LmtpTransaction *transaction;
	bool waiting; /* for the commit; nothing is read until then */
	unsigned int n_messages;
} Peer;

/* Peers ------------------------------------------------------------------- */

static void
flush(Peer *p)
{
	GString *out = lmtp_session_out(p->session);

	if (out->len > 0)
		conn_send(p->conn, out->str, out->len);
	g_string_truncate(out, 0);
}

/* End p, whose connection was freed or handed over.  A message that waits
 * is archived all the same: its feeder will send it again, and be told so. */
static void
peer_free(Peer *p)
{
	lmtp_transaction_free(p->transaction);
	lmtp_session_free(p->session);
	g_queue_unlink(&p->server->peers, &p->link);
	g_free(p);
}

/* Send what is to be said last, and end. */
static void
peer_finish(Peer *p)
{
	flush(p);
	log_debug(
	    "closed peer=%s messages=%u", conn_peer(p->conn), p->n_messages);
	conn_finish(p->conn);
	peer_free(p);
}

static void
peer_drop(Peer *p, const char *why)
{
	log_info("lost peer=%s messages=%u: %s", conn_peer(p->conn),
	    p->n_messages, why);
	conn_free(p->conn);
	peer_free(p);
}

static void
say_goodbye(Peer *p, const char *status, const char *text)
{
	lmtp_session_close(p->session, status, text);
	peer_finish(p);
}

/* The message of p is stored, or is not: say so, once a recipient. */
static void
on_answered(void *arg, const LmtpAnswer *answers, size_t n)
{
	Peer *p = arg;

	for (size_t i = 0; i < n; i++)
		lmtp_session_reply(p->session, answers[i].code,
		    answers[i].status, answers[i].text);
	flush(p);
	p->waiting = false;
	p->n_messages++;
	conn_pause(p->conn, false);
}

static void
answer_rcpt(Peer *p)
{
	LmtpAnswer a = {0};

	lmtp_transaction_rcpt(p->transaction, lmtp_session_rcpt(p->session),
	    lmtp_session_sender(p->session), &a);
	log_debug("rcpt peer=%s to=%s: %u %s", conn_peer(p->conn),
	    lmtp_session_rcpt(p->session), a.code, a.text);
	lmtp_session_reply(p->session, a.code, a.status, a.text);
	lmtp_answer_clear(&a);
}

static void
take_message(Peer *p)
{
	g_autoptr(GBytes) raw = lmtp_session_message(p->session);

	lmtp_transaction_message(p->transaction, raw);
	p->waiting = true;
	conn_pause(p->conn, true);
	loop_defer(p->server->commit);
}

/* Give the session what came.  Returns false if it is over. */
static bool
feed(Peer *p)
{
	LmtpEvent ev = LMTP_MORE;
	size_t len = 0, used = 0, at = 0;
	const char *data = conn_data(p->conn, &len);

	while (at < len && !p->waiting && ev != LMTP_CLOSE) {
		ev = lmtp_session_feed(p->session, data + at, len - at, &used);
		at += used;
		if (ev == LMTP_RCPT)
			answer_rcpt(p);
		else if (ev == LMTP_MESSAGE)
			take_message(p);
		else if (ev == LMTP_RESET)
			lmtp_transaction_reset(p->transaction);
	}
	conn_consume(p->conn, at);
	return ev != LMTP_CLOSE;
}

/* Commit, and come back for what that left unfiled when there is a pause. */
static void
commit(Server *s)
{
	lmtp_deliver_commit(s->deliver);
	loop_timer_set(s->file,
	    lmtp_deliver_n_unfiled(s->deliver) > 0 ? LIMIT_TRAY_PAUSE_MS : -1);
}

static void
on_pause(void *arg)
{
	Server *s = arg;

	lmtp_deliver_file(s->deliver);
	/* What could not be filed now is tried again. */
	if (lmtp_deliver_n_unfiled(s->deliver) > 0)
		loop_timer_set(s->file, LIMIT_TRAY_RETRY_MS);
}

/*
 * The commit is due when nothing else is (see on_commit), or when enough
 * messages wait, or when one has waited while others kept us busy.
 */
static void
commit_if_late(Server *s)
{
	if (lmtp_deliver_n_waiting(s->deliver) >= LIMIT_COMMIT_MESSAGES ||
	    lmtp_deliver_age_ms(s->deliver) >= LIMIT_COMMIT_WAIT_MS)
		commit(s);
}

static void
on_conn(Conn *c, ConnEvent ev, void *arg)
{
	Peer *p = arg;
	Server *s = p->server;

	switch (ev) {
	case CONN_DATA:
		if (!feed(p)) {
			peer_finish(p);
		} else {
			flush(p);
			commit_if_late(s);
		}
		return;
	case CONN_TIMEOUT:
		if (p->waiting)
			peer_drop(p, "takes no replies");
		else
			say_goodbye(p, "4.4.2", "Silent for too long");
		return;
	case CONN_EOF:
		if (p->waiting)
			peer_drop(p, "closed before the reply");
		else
			peer_finish(p);
		return;
	case CONN_FAILED:
		peer_drop(p, conn_why(c));
		return;
	case CONN_CONNECTED:
		break;
	}
	g_assert_not_reached();
}

static void
on_commit(void *arg)
{
	commit(arg);
}

/* Doors -------------------------------------------------------------------- */

/* One connection too many: not even a session. */
static void
on_rejected(Conn *c, ConnEvent ev, void *arg)
{
	(void)c;
	(void)ev;
	(void)arg;
}

static void
reject(Server *s, int fd)
{
	Conn *c = conn_new(s->loop, fd, on_rejected, NULL);
	g_autofree char *text = g_strdup_printf(
	    "421 4.3.2 %s Too many connections\r\n", s->conf->lmtp_host);

	log_warn("too many connections peer=%s", conn_peer(c));
	conn_send(c, text, strlen(text));
	conn_finish(c);
}

static void
welcome(Server *s, int fd)
{
	Peer *p = g_new0(Peer, 1);

	p->server = s;
	p->link.data = p;
	g_queue_push_tail_link(&s->peers, &p->link);
	p->conn = conn_new(s->loop, fd, on_conn, p);
	conn_set_idle(p->conn, s->conf->lmtp_idle_s);
	p->session = lmtp_session_new(&s->limits);
	p->transaction = lmtp_transaction_new(s->deliver, on_answered, p);
	log_debug("accepted peer=%s", conn_peer(p->conn));
	flush(p);
}

static void on_knock(void *arg);

static void
on_rested(void *arg)
{
	Door *d = arg;

	g_clear_pointer(&d->rest, loop_source_free);
	d->watch = loop_watch(d->server->loop, d->fd, on_knock, d);
}

/* Descriptors are used up: come back when some may be free again, instead
 * of being called at once and for ever. */
static void
rest(Door *d)
{
	log_error("cannot accept a connection: %s", g_strerror(errno));
	g_clear_pointer(&d->watch, loop_source_free);
	d->rest = loop_timer(d->server->loop, REST_MS, on_rested, d);
}

static void
on_knock(void *arg)
{
	Door *d = arg;
	Server *s = d->server;
	int fd = listen_accept(d->fd);

	if (fd >= 0 && s->peers.length < s->conf->lmtp_connections)
		welcome(s, fd);
	else if (fd >= 0)
		reject(s, fd);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		 errno == ENOBUFS)
		rest(d);
}

static void
door_free(void *arg)
{
	Door *d = arg;

	loop_source_free(d->watch);
	loop_source_free(d->rest);
	close(d->fd);
	g_free(d);
}

/* Running -------------------------------------------------------------------
 */

/* Finish the group in hand, and ask the others to come again. */
static void
on_term(void *arg)
{
	Server *s = arg;

	g_ptr_array_set_size(s->doors, 0);
	lmtp_deliver_commit(s->deliver);
	lmtp_deliver_file(s->deliver);
	while (s->peers.head != NULL)
		say_goodbye(s->peers.head->data, "4.3.2", "Shutting down");
	loop_wind_down(s->loop, WIND_DOWN_MS);
}

static void
serve(Server *s, const int *fds, size_t n_fds)
{
	g_autoptr(LoopSource) term = NULL;

	s->loop = loop_new();
	s->commit = loop_deferred(s->loop, on_commit, s);
	s->file = loop_timer(s->loop,
	    lmtp_deliver_n_unfiled(s->deliver) > 0 ? LIMIT_TRAY_RETRY_MS : -1,
	    on_pause, s);
	s->doors = g_ptr_array_new_with_free_func(door_free);
	term = loop_signal(s->loop, SIGTERM, on_term, s);
	for (size_t i = 0; i < n_fds; i++) {
		Door *d = g_new0(Door, 1);

		d->server = s;
		d->fd = fds[i];
		d->watch = loop_watch(s->loop, d->fd, on_knock, d);
		g_ptr_array_add(s->doors, d);
	}
	loop_run(s->loop);
	g_ptr_array_unref(s->doors);
	loop_source_free(s->commit);
	loop_source_free(s->file);
	g_clear_pointer(&term, loop_source_free);
	loop_free(s->loop);
}

int
lmtp_server_run(const Conf *conf, const int *fds, size_t n_fds)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) store = store_open(conf->store, STORE_WRITE, &err);
	g_autoptr(LmtpDeliver) deliver = NULL;
	Server s = {.conf = conf};

	parse_init();
	if (store == NULL || (conf->sandbox && !sandbox_enter(SANDBOX_LMTP,
						   conf->store, &err))) {
		log_error("%s", err->message);
		return EXIT_FAILURE;
	}
	s.deliver = deliver = lmtp_deliver_new(store, conf);
	s.limits.host = conf->lmtp_host;
	s.limits.message_bytes = conf->message_bytes;
	s.limits.room = &s.room;
	s.room = MAX(LIMIT_LMTP_HELD_BYTES, 2 * conf->message_bytes);
	serve(&s, fds, n_fds);
	return EXIT_SUCCESS;
}
