/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "net/conn.h"
#include "net/listen.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* One end is a Conn, the other a blocking socket of the test's. */
typedef struct {
	Loop *loop;
	Conn *conn;
	int peer;
	GString *got; /* what CONN_DATA told of */
	GArray *events;
	bool leave; /* do not consume */
} Pair;

static void
on_conn(Conn *c, ConnEvent ev, void *arg)
{
	Pair *p = arg;

	g_array_append_val(p->events, ev);
	if (ev == CONN_DATA) {
		size_t len = 0;
		const char *data = conn_data(c, &len);

		g_string_append_len(p->got, data, (gssize)len);
		if (!p->leave)
			conn_consume(c, len);
	}
	loop_stop(p->loop);
}

static void
pair_init(Pair *p)
{
	int fds[2];

	g_assert_cmpint(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
	*p = (Pair){.loop = loop_new(), .peer = fds[1]};
	p->got = g_string_new(NULL);
	p->events = g_array_new(FALSE, FALSE, sizeof(ConnEvent));
	g_assert_true(g_unix_set_fd_nonblocking(fds[0], TRUE, NULL));
	p->conn = conn_new(p->loop, fds[0], on_conn, p);
}

static void
pair_clear(Pair *p)
{
	conn_free(p->conn);
	loop_free(p->loop);
	if (p->peer >= 0)
		close(p->peer);
	g_string_free(p->got, TRUE);
	g_array_free(p->events, TRUE);
}

static void
say(const Pair *p, const char *text)
{
	gsize n = strlen(text);

	g_assert_cmpint(write(p->peer, text, n), ==, (gssize)n);
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

/* Run until nothing more is due. */
static void
settle(Pair *p)
{
	g_autoptr(LoopSource) end = loop_deferred(p->loop, stop, p->loop);

	/* A callback stops the loop, too: go on until none has. */
	for (guint n = G_MAXUINT; n != p->events->len;) {
		n = p->events->len;
		loop_defer(end);
		loop_run(p->loop);
	}
}

static void
tells_of_data_and_end(void)
{
	Pair p;

	pair_init(&p);
	g_assert_cmpstr(conn_peer(p.conn), ==, "unix");
	say(&p, "abc");
	settle(&p);
	g_assert_cmpstr(p.got->str, ==, "abc");
	shutdown(p.peer, SHUT_WR);
	settle(&p);
	g_assert_cmpint(g_array_index(p.events, ConnEvent, p.events->len - 1),
	    ==, CONN_EOF);
	/* Half closed: it can still be answered. */
	conn_send(p.conn, "bye", 3);
	conn_finish(g_steal_pointer(&p.conn));
	loop_wind_down(p.loop, 1000);
	loop_run(p.loop);
	char buf[8] = "";

	g_assert_cmpint(read(p.peer, buf, sizeof buf), ==, 3);
	g_assert_cmpint(read(p.peer, buf, sizeof buf), ==, 0);
	pair_clear(&p);
}

static void
holds_back_while_paused(void)
{
	Pair p;

	pair_init(&p);
	conn_pause(p.conn, true);
	say(&p, "abc");
	settle(&p);
	g_assert_cmpuint(p.events->len, ==, 0);
	conn_pause(p.conn, false);
	settle(&p);
	g_assert_cmpstr(p.got->str, ==, "abc");
	pair_clear(&p);
}

/* What was offered and left is offered again after a pause. */
static void
offers_again_what_was_left(void)
{
	Pair p;

	pair_init(&p);
	p.leave = true;
	say(&p, "abc");
	settle(&p);
	conn_pause(p.conn, true);
	settle(&p);
	g_assert_cmpstr(p.got->str, ==, "abc");
	conn_pause(p.conn, false);
	g_assert_cmpstr(p.got->str, ==, "abc");
	settle(&p);
	g_assert_cmpstr(p.got->str, ==, "abcabc");
	pair_clear(&p);
}

/* A peer that takes nothing is not listened to. */
static void
stops_reading_when_the_output_is_full(void)
{
	g_autofree char *big = g_malloc0(CONN_OUT_MAX * 4);
	gsize left = CONN_OUT_MAX * 4;
	Pair p;

	pair_init(&p);
	conn_send(p.conn, big, left);
	say(&p, "abc");
	settle(&p);
	g_assert_cmpuint(p.got->len, ==, 0);
	while (left > 0) {
		gssize n = recv(p.peer, big, left, MSG_DONTWAIT);

		g_assert_cmpint(n, !=, 0);
		if (n > 0)
			left -= (gsize)n;
		settle(&p);
	}
	g_assert_cmpstr(p.got->str, ==, "abc");
	pair_clear(&p);
}

/* The peer is given what waited, though it went on talking. */
static void
finish_sends_all(void)
{
	g_autofree char *big = g_malloc0(CONN_OUT_MAX * 2);
	gsize got = 0;
	Pair p;

	pair_init(&p);
	say(&p, "not read");
	conn_send(p.conn, big, CONN_OUT_MAX * 2);
	conn_finish(g_steal_pointer(&p.conn));
	say(&p, "nor this");
	for (;;) {
		gssize n = recv(p.peer, big, CONN_OUT_MAX, MSG_DONTWAIT);

		if (n == 0)
			break;
		if (n > 0)
			got += (gsize)n;
		settle(&p);
	}
	g_assert_cmpuint(got, ==, CONN_OUT_MAX * 2);
	g_assert_cmpuint(p.events->len, ==, 0);
	close(p.peer);
	p.peer = -1;
	loop_wind_down(p.loop, 1000);
	loop_run(p.loop);
	pair_clear(&p);
}

static void
tells_of_silence(void)
{
	Pair p;

	pair_init(&p);
	conn_set_idle(p.conn, 1);
	loop_run(p.loop);
	g_assert_cmpint(
	    g_array_index(p.events, ConnEvent, 0), ==, CONN_TIMEOUT);
	pair_clear(&p);
}

/* Connect to where; returns how it came out. */
static ConnEvent
try(const char *where)
{
	Pair p = {.loop = loop_new(), .peer = -1};
	g_autoptr(GError) err = NULL;
	ConnEvent ev;

	p.got = g_string_new(NULL);
	p.events = g_array_new(FALSE, FALSE, sizeof(ConnEvent));
	p.conn = conn_connect(p.loop, where, on_conn, &p, &err);
	g_assert_no_error(err);
	loop_run(p.loop);
	ev = g_array_index(p.events, ConnEvent, 0);
	if (ev == CONN_FAILED)
		g_assert_cmpstr(conn_why(p.conn), !=, "");
	pair_clear(&p);
	return ev;
}

static void
connects_or_says_why_not(void)
{
	g_autofree char *dir = g_dir_make_tmp("felid-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "s", NULL);
	g_autofree char *where = NULL;
	g_autoptr(GError) err = NULL;
	struct sockaddr_in in = {0};
	socklen_t len = (socklen_t)sizeof in;
	int fd = listen_on("127.0.0.1:0", NULL);

	getsockname(fd, (struct sockaddr *)&in, &len);
	where = g_strdup_printf("127.0.0.1:%u", ntohs(in.sin_port));
	g_assert_cmpint(try(where), ==, CONN_CONNECTED);
	close(fd);
	g_assert_cmpint(try(where), ==, CONN_FAILED);
	g_assert_cmpint(try(path), ==, CONN_FAILED);
	fd = listen_on(path, NULL);
	g_assert_cmpint(try(path), ==, CONN_CONNECTED);
	close(fd);
	g_assert_cmpint(try(path), ==, CONN_FAILED);
	g_autoptr(Loop) l = loop_new();

	g_assert_null(conn_connect(l, "nowhere", on_conn, NULL, &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
	g_unlink(path);
	g_rmdir(dir);
}

/* A deferred source runs when all else that is due was handled. */
typedef struct {
	Loop *loop;
	LoopSource *deferred;
	GString *order;
} Turns;

static void
deferred_turn(void *arg)
{
	Turns *t = arg;

	g_string_append_c(t->order, 'd');
	loop_stop(t->loop);
}

static void
timer_turn(void *arg)
{
	Turns *t = arg;

	loop_defer(t->deferred);
	g_string_append_c(t->order, 't');
}

static void
the_deferred_comes_last(void)
{
	g_autoptr(Loop) l = loop_new();
	Turns t = {.loop = l, .order = g_string_new(NULL)};
	g_autoptr(LoopSource) G_GNUC_UNUSED a =
	    loop_timer(l, 0, timer_turn, &t);
	g_autoptr(LoopSource) G_GNUC_UNUSED b =
	    loop_timer(l, 0, timer_turn, &t);
	g_autoptr(LoopSource) G_GNUC_UNUSED never =
	    loop_timer(l, -1, timer_turn, &t);

	t.deferred = loop_deferred(l, deferred_turn, &t);
	loop_run(l);
	g_assert_cmpstr(t.order->str, ==, "ttd");
	loop_source_free(t.deferred);
	g_string_free(t.order, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/loop/the-deferred-comes-last", the_deferred_comes_last);
	g_test_add_func("/conn/data-and-end", tells_of_data_and_end);
	g_test_add_func("/conn/pause", holds_back_while_paused);
	g_test_add_func("/conn/offered-again", offers_again_what_was_left);
	g_test_add_func(
	    "/conn/full-output", stops_reading_when_the_output_is_full);
	g_test_add_func("/conn/finish", finish_sends_all);
	g_test_add_func("/conn/silence", tells_of_silence);
	g_test_add_func("/conn/connect", connects_or_says_why_not);
	return g_test_run();
}
