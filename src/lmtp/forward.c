/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/forward.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sandbox.h"
#include "lmtp/client.h"
#include "lmtp/queue.h"
#include "mail/parse.h"
#include "mail/permalink.h"
#include "net/conn.h"
#include "net/loop.h"

#include <signal.h>

/* The message under way. */
typedef struct {
	char *name; /* NULL: none is */
	LmtpMail *mail;
	Permalinks keys;
	unsigned int next; /* the kind of key to try next */
} Current;

typedef struct {
	const Conf *conf;
	bool once;
	int status;
	Loop *loop;
	LoopSource *wake, *scan; /* timers */
	LmtpQueue *queue;

	Conn *conn;         /* NULL: there is none */
	LmtpClient *client; /* of conn */
	bool ready;         /* client takes a message */
	bool leaving;       /* QUIT was said, and then we end */

	unsigned int n_down;    /* connections that failed, in a row */
	unsigned int n_put_off; /* messages put off, in a row */
	int64_t not_before_ms;  /* when to connect again */
	Current current;
	GHashTable *warned; /* lists that the archive does not know */
} Forward;

static void step(Forward *f);

static void
let_go(Forward *f)
{
	g_clear_pointer(&f->current.name, g_free);
	g_clear_pointer(&f->current.mail, lmtp_mail_free);
}

static void
stop(Forward *f, int status)
{
	f->status = status;
	loop_stop(f->loop);
}

/* ---- One message --------------------------------------------------- */

/*
 * The next recipient, or NULL once the candidates are used up; g_free.
 * The content key needs a parse of the whole message, and is seldom
 * asked for.
 */
static char *
next_rcpt(Current *cur)
{
	while (cur->next <= KEY_CONTENT) {
		const unsigned int kind = cur->next++;
		char key[KEY_LEN + 1];

		if (kind == KEY_CONTENT) {
			g_autoptr(Msg) m = parse_msg(cur->mail->message);

			permalink_compute(cur->mail->message, m, &cur->keys);
		}
		if (!cur->keys.has[kind])
			continue;
		permalink_key(cur->keys.digest[kind], key);
		return g_strdup_printf("%s@%s", key, cur->mail->list_id);
	}
	return NULL;
}

static void
set_aside(Forward *f, const char *name, const char *why)
{
	g_autoptr(GError) err = NULL;

	log_warn("set aside file=%s: %s", name, why);
	if (!lmtp_queue_set_aside(f->queue, name, why, &err))
		log_error("cannot set aside file=%s: %s", name, err->message);
}

/*
 * Read the message called name into f->current.  Returns false if that
 * one is not to be sent now; the queue knows.
 */
static bool
load(Forward *f, const char *name)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *copy = g_strdup(name);
	LmtpMail *mail = lmtp_queue_load(f->queue, name, &err);
	gsize len = 0;
	const char *data = NULL;

	if (mail == NULL) {
		if (g_error_matches(err, ERR, ERR_NOTFOUND))
			return false;
		if (g_error_matches(err, ERR, ERR_IO)) {
			log_error(
			    "cannot read file=%s: %s", name, err->message);
			lmtp_queue_later(f->queue, name, false);
			return false;
		}
		set_aside(f, name, err->message);
		return false;
	}
	f->current.name = g_steal_pointer(&copy);
	f->current.mail = mail;
	f->current.next = KEY_ID;
	data = g_bytes_get_data(mail->message, &len);
	permalink_of_header(data, len, &f->current.keys);
	return true;
}

static void
flush(Forward *f)
{
	GString *out = lmtp_client_out(f->client);

	if (out->len > 0)
		conn_send(f->conn, out->str, out->len);
	g_string_truncate(out, 0);
}

static void
begin(Forward *f)
{
	const LmtpMail *mail = f->current.mail;
	g_autofree char *rcpt = next_rcpt(&f->current);

	/* Every message has a content key at least. */
	g_assert(rcpt != NULL);
	f->ready = false;
	conn_set_idle(f->conn, LIMIT_FORWARD_REPLY_S);
	lmtp_client_begin(f->client, mail->sender, rcpt, mail->message);
	flush(f);
}

/* ---- The connection ------------------------------------------------ */

static void
hang_up(Forward *f)
{
	g_clear_pointer(&f->conn, conn_free);
	g_clear_pointer(&f->client, lmtp_client_free);
	f->ready = false;
}

/* The archive is not to be had now: come back after a while. */
static void
back_off(Forward *f, const char *why)
{
	int ms;

	f->n_down++;
	ms = lmtp_queue_backoff_ms(f->n_down);
	log_warn("no archive at %s: %s; %zu waiting, next try in %d s",
	    f->conf->forward, why, lmtp_queue_count(f->queue),
	    (ms + 999) / 1000);
	/* A message that breaks connections must not hold up the others. */
	if (f->current.name != NULL)
		lmtp_queue_later(f->queue, f->current.name, false);
	let_go(f);
	hang_up(f);
	f->not_before_ms = clock_mono_ms() + ms;
	if (f->once)
		stop(f, 1);
	else
		loop_timer_set(f->wake, ms);
}

static void
warn_of_list(Forward *f, const char *why)
{
	const char *list_id = f->current.mail->list_id;

	if (g_hash_table_add(f->warned, g_strdup(list_id)))
		log_error("the archive does not take mail for list=%s: %s "
			  "(kept, and tried every %u s)",
		    list_id, why, LIMIT_RETRY_MAX_S);
}

/* Whether to go on at once. */
static bool
settle(Forward *f)
{
	const LmtpOutcome outcome = lmtp_client_outcome(f->client);
	const char *why = lmtp_client_why(f->client);
	const char *name = f->current.name;
	const char *list_id = NULL;
	g_autoptr(GError) err = NULL;

	g_assert(f->current.mail != NULL);
	list_id = f->current.mail->list_id;
	if (outcome == LMTP_OUTCOME_LATER) {
		log_warn("put off file=%s list=%s: %s", name, list_id, why);
		if (++f->n_put_off >= LIMIT_FORWARD_PUT_OFF) {
			back_off(f, why);
			return false;
		}
		lmtp_queue_later(f->queue, name, false);
		let_go(f);
		return true;
	}
	f->n_down = f->n_put_off = 0;
	if (outcome == LMTP_OUTCOME_NO_RCPT) {
		warn_of_list(f, why);
		lmtp_queue_later(f->queue, name, true);
	} else if (outcome == LMTP_OUTCOME_REFUSED) {
		set_aside(f, name, why);
	} else {
		log_info("%s file=%s list=%s: %s",
		    outcome == LMTP_OUTCOME_HELD ? "already there" : "sent",
		    name, list_id, why);
		g_hash_table_remove(f->warned, list_id);
		if (!lmtp_queue_done(f->queue, name, &err))
			log_error(
			    "cannot remove file=%s: %s", name, err->message);
	}
	let_go(f);
	return true;
}

/* The spool was sent once. */
static void
leave(Forward *f)
{
	stop(f, lmtp_queue_count(f->queue) > 0);
}

/* The archive ended the connection, or it broke. */
static void
hung_up(Forward *f, const char *why)
{
	if (f->leaving)
		leave(f);
	else if (f->ready)
		hang_up(f); /* it had nothing more to say, nor had we */
	else
		back_off(f, why);
}

/* Returns false once the connection is gone. */
static bool
answer(Forward *f, LmtpClientEvent ev)
{
	g_autofree char *rcpt = NULL;

	switch (ev) {
	case LMTP_CLIENT_MORE:
		break;
	case LMTP_CLIENT_OCCUPIED:
		rcpt = next_rcpt(&f->current);
		lmtp_client_try(f->client, rcpt);
		break;
	case LMTP_CLIENT_DONE:
		if (!settle(f))
			return false;
		f->ready = true;
		break;
	case LMTP_CLIENT_READY:
		f->ready = true;
		break;
	case LMTP_CLIENT_CLOSE:
		hung_up(f, lmtp_client_why(f->client));
		return false;
	}
	flush(f);
	return true;
}

static void
take_data(Forward *f)
{
	for (;;) {
		size_t len = 0, used = 0;
		const char *data = conn_data(f->conn, &len);
		LmtpClientEvent ev;

		if (len == 0)
			break;
		ev = lmtp_client_feed(f->client, data, len, &used);
		conn_consume(f->conn, used);
		if (!answer(f, ev))
			return;
	}
	if (f->ready)
		step(f);
}

static void
on_conn(Conn *c, ConnEvent ev, void *arg)
{
	Forward *f = arg;

	switch (ev) {
	case CONN_CONNECTED:
		break;
	case CONN_DATA:
		take_data(f);
		break;
	case CONN_EOF:
		hung_up(f, "it closed the connection");
		break;
	case CONN_FAILED:
		hung_up(f, conn_why(c));
		break;
	case CONN_TIMEOUT:
		if (f->leaving) {
			leave(f);
		} else if (!f->ready) {
			back_off(f, "it does not answer");
		} else {
			lmtp_client_quit(f->client);
			flush(f);
			conn_finish(g_steal_pointer(&f->conn));
			hang_up(f);
		}
		break;
	}
}

static void
dial(Forward *f)
{
	g_autoptr(GError) err = NULL;

	f->conn = conn_connect(f->loop, f->conf->forward, on_conn, f, &err);
	if (f->conn == NULL) {
		log_error("%s", err->message);
		stop(f, 1);
		return;
	}
	conn_set_idle(f->conn, LIMIT_FORWARD_REPLY_S);
	f->client = lmtp_client_new(g_get_host_name());
}

/* ---- What to do next ----------------------------------------------- */

static void
rest(Forward *f)
{
	if (f->conn != NULL)
		conn_set_idle(f->conn, LIMIT_FORWARD_IDLE_S);
	if (f->once && f->conn == NULL) {
		leave(f);
		return;
	}
	if (f->once) {
		f->leaving = true;
		f->ready = false;
		lmtp_client_quit(f->client);
		flush(f);
		return;
	}
	loop_timer_set(f->wake, lmtp_queue_wait_ms(f->queue));
}

static void
step(Forward *f)
{
	const int64_t ms = f->not_before_ms - clock_mono_ms();
	const char *name = NULL;

	if (f->current.name != NULL || (f->conn != NULL && !f->ready))
		return;
	if (f->conn == NULL && ms > 0) {
		loop_timer_set(f->wake, (int)ms);
		return;
	}
	while ((name = lmtp_queue_next(f->queue)) != NULL) {
		if (f->conn == NULL) {
			dial(f);
			return;
		}
		if (load(f, name)) {
			begin(f);
			return;
		}
	}
	rest(f);
}

static void
on_wake(void *arg)
{
	step(arg);
}

static void
on_news(void *arg)
{
	Forward *f = arg;

	lmtp_queue_take_news(f->queue);
	step(f);
}

static void
on_scan(void *arg)
{
	Forward *f = arg;
	g_autoptr(GError) err = NULL;

	if (!lmtp_queue_scan(f->queue, &err)) {
		log_error("cannot look through the spool: %s", err->message);
		if (f->once) {
			stop(f, 1);
			return;
		}
	}
	loop_timer_set(f->scan, LIMIT_FORWARD_SCAN_S * 1000);
	step(f);
}

static void
on_stop(void *arg)
{
	stop(arg, 0);
}

static int
run(Forward *f)
{
	g_autoptr(Loop) loop = loop_new();
	const int fd = lmtp_queue_fd(f->queue);
	LoopSource *term = loop_signal(loop, SIGTERM, on_stop, f);
	LoopSource *intr = loop_signal(loop, SIGINT, on_stop, f);
	LoopSource *news = fd >= 0 ? loop_watch(loop, fd, on_news, f) : NULL;

	f->loop = loop;
	f->wake = loop_timer(loop, -1, on_wake, f);
	f->scan = loop_timer(loop, 0, on_scan, f);
	loop_run(loop);
	let_go(f);
	hang_up(f);
	loop_source_free(f->scan);
	loop_source_free(f->wake);
	loop_source_free(news);
	loop_source_free(intr);
	loop_source_free(term);
	return f->status;
}

int
lmtp_forward_run(const Conf *conf, bool once)
{
	g_autoptr(GHashTable) warned =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(LmtpQueue) queue = NULL;
	g_autoptr(GError) err = NULL;
	Forward f = {.conf = conf, .once = once, .warned = warned};

	parse_init();
	if (sandbox_drop_user(conf->user, &err))
		queue = lmtp_queue_open(conf->spool, &err);
	if (queue != NULL && conf->sandbox &&
	    !sandbox_enter(SANDBOX_FORWARD, conf->spool, &err))
		g_clear_pointer(&queue, lmtp_queue_close);
	if (queue == NULL) {
		log_error("cannot begin: %s", err->message);
		return 1;
	}
	f.queue = queue;
	log_info("from %s to %s", conf->spool, conf->forward);
	return run(&f);
}
