/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "lmtp/queue.h"

#include <glib/gstdio.h>

#include <string.h>

#define ENVELOPE                                                               \
	"felid-spool-1\nlist-id: l.example.org\nsender: l@example.org\n\n"

/* A spool in a temporary folder, at second 1000. */
typedef struct {
	char *dir;
	LmtpQueue *queue;
} Spool;

static void
set_up(Spool *s, gconstpointer unused)
{
	g_autoptr(GError) err = NULL;

	(void)unused;
	s->dir = g_dir_make_tmp("felid-queue-XXXXXX", &err);
	g_assert_no_error(err);
	clock_set(1000);
	s->queue = lmtp_queue_open(s->dir, &err);
	g_assert_no_error(err);
}

static void
remove_all(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = NULL;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_all(inner);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
}

static void
tear_down(Spool *s, gconstpointer unused)
{
	(void)unused;
	lmtp_queue_close(s->queue);
	remove_all(s->dir);
	g_free(s->dir);
	clock_set(-1);
}

/* Hand over as a feeder does: write in tmp, rename into new. */
static void
hand_over(const Spool *s, const char *name, const char *text)
{
	g_autofree char *from = g_build_filename(s->dir, "tmp", name, NULL);
	g_autofree char *to = g_build_filename(s->dir, "new", name, NULL);

	g_assert_true(g_file_set_contents(from, text, -1, NULL));
	g_assert_cmpint(g_rename(from, to), ==, 0);
}

static bool
is_there(const Spool *s, const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(s->dir, folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
takes_the_oldest_first(Spool *s, gconstpointer unused)
{
	static const char *const names[] = {"3", "1", "2", ".hidden"};
	g_autoptr(GError) err = NULL;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		hand_over(s, names[i], ENVELOPE);
	g_assert_null(lmtp_queue_next(s->queue));
	g_assert_cmpint(lmtp_queue_wait_ms(s->queue), ==, -1);
	g_assert_true(lmtp_queue_scan(s->queue, &err));
	g_assert_cmpuint(lmtp_queue_count(s->queue), ==, 3);
	for (int i = 1; i <= 3; i++) {
		g_autofree char *want = g_strdup_printf("%d", i);

		g_assert_cmpstr(lmtp_queue_next(s->queue), ==, want);
		g_assert_true(
		    lmtp_queue_done(s->queue, lmtp_queue_next(s->queue), &err));
		g_assert_false(is_there(s, "new", want));
	}
	g_assert_cmpuint(lmtp_queue_count(s->queue), ==, 0);
}

static void
notices_what_comes(Spool *s, gconstpointer unused)
{
	g_autoptr(GError) err = NULL;

	(void)unused;
	if (lmtp_queue_fd(s->queue) < 0) {
		g_test_skip("the kernel watches no folders");
		return;
	}
	for (int i = 0; i < 200; i++) {
		g_autofree char *name = g_strdup_printf("%03d", i);

		hand_over(s, name, ENVELOPE);
	}
	lmtp_queue_take_news(s->queue);
	g_assert_cmpuint(lmtp_queue_count(s->queue), ==, 200);
	g_assert_cmpstr(lmtp_queue_next(s->queue), ==, "000");
	/* A name that is known is not taken twice. */
	g_assert_true(lmtp_queue_scan(s->queue, &err));
	g_assert_cmpuint(lmtp_queue_count(s->queue), ==, 200);
}

static void
waits_longer_each_time(Spool *s, gconstpointer unused)
{
	int64_t now = 1000;

	(void)unused;
	hand_over(s, "a", ENVELOPE);
	g_assert_true(lmtp_queue_scan(s->queue, NULL));
	for (unsigned int n = 0; n < 12; n++) {
		const unsigned int s_most =
		    MIN(LIMIT_RETRY_FIRST_S << n, LIMIT_RETRY_MAX_S);

		lmtp_queue_later(s->queue, "a", false);
		g_assert_null(lmtp_queue_next(s->queue));
		g_assert_cmpint(
		    lmtp_queue_wait_ms(s->queue), >=, (int)s_most * 750);
		g_assert_cmpint(
		    lmtp_queue_wait_ms(s->queue), <=, (int)s_most * 1000);
		now += s_most;
		clock_set(now);
		g_assert_cmpint(lmtp_queue_wait_ms(s->queue), ==, 0);
		g_assert_cmpstr(lmtp_queue_next(s->queue), ==, "a");
	}
}

static void
lets_others_go_first(Spool *s, gconstpointer unused)
{
	(void)unused;
	hand_over(s, "a", ENVELOPE);
	g_assert_true(lmtp_queue_scan(s->queue, NULL));
	lmtp_queue_later(s->queue, "a", true);
	g_assert_cmpint(
	    lmtp_queue_wait_ms(s->queue), ==, (int)LIMIT_RETRY_MAX_S * 1000);
	hand_over(s, "b", ENVELOPE);
	g_assert_true(lmtp_queue_scan(s->queue, NULL));
	g_assert_cmpstr(lmtp_queue_next(s->queue), ==, "b");
	clock_set(1000 + LIMIT_RETRY_MAX_S);
	/* What has waited is not put behind what is new for ever. */
	hand_over(s, "0", ENVELOPE);
	g_assert_true(lmtp_queue_done(s->queue, "b", NULL));
	clock_set(1001 + LIMIT_RETRY_MAX_S);
	g_assert_true(lmtp_queue_scan(s->queue, NULL));
	g_assert_cmpstr(lmtp_queue_next(s->queue), ==, "a");
}

static void
backs_off_by_doubling(void)
{
	for (unsigned int n = 1; n < 40; n++) {
		const int most = (int)MIN(LIMIT_RETRY_FIRST_S << MIN(n - 1, 20),
				     LIMIT_RETRY_MAX_S) *
				 1000;

		for (int i = 0; i < 50; i++) {
			const int ms = lmtp_queue_backoff_ms(n);

			g_assert_cmpint(ms, <=, most);
			g_assert_cmpint(ms, >=, most - most / 4);
		}
	}
}

static void
sets_aside_with_a_reason(Spool *s, gconstpointer unused)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *path =
	    g_build_filename(s->dir, "failed", "x.reason", NULL);
	g_autofree char *reason = NULL;

	(void)unused;
	hand_over(s, "x", ENVELOPE "body");
	g_assert_true(lmtp_queue_scan(s->queue, &err));
	g_assert_true(
	    lmtp_queue_set_aside(s->queue, "x", "554 5.7.1 no", &err));
	g_assert_cmpuint(lmtp_queue_count(s->queue), ==, 0);
	g_assert_false(is_there(s, "new", "x"));
	g_assert_true(is_there(s, "failed", "x"));
	g_assert_true(g_file_get_contents(path, &reason, NULL, NULL));
	g_assert_cmpstr(reason, ==, "554 5.7.1 no\n");
}

static void
loads_what_there_is(Spool *s, gconstpointer unused)
{
	g_autoptr(GError) gone = NULL, strange = NULL, err = NULL;
	g_autoptr(LmtpMail) mail = NULL;

	(void)unused;
	hand_over(s, "a", ENVELOPE "Subject: x\n\nhi\n");
	hand_over(s, "b", "Subject: x\n\nhi\n");
	hand_over(s, "c", ENVELOPE);
	g_assert_true(lmtp_queue_scan(s->queue, &err));
	mail = lmtp_queue_load(s->queue, "a", &err);
	g_assert_no_error(err);
	g_assert_cmpstr(mail->list_id, ==, "l.example.org");
	g_assert_null(lmtp_queue_load(s->queue, "b", &strange));
	g_assert_error(strange, ERR, ERR_SYNTAX);
	g_assert_true(lmtp_queue_done(s->queue, "c", &err));
	hand_over(s, "c", ENVELOPE);
	g_assert_true(lmtp_queue_scan(s->queue, &err));
	{
		g_autofree char *path =
		    g_build_filename(s->dir, "new", "c", NULL);

		g_assert_cmpint(g_remove(path), ==, 0);
	}
	g_assert_null(lmtp_queue_load(s->queue, "c", &gone));
	g_assert_error(gone, ERR, ERR_NOTFOUND);
	g_assert_cmpuint(lmtp_queue_count(s->queue), ==, 2);
}

static void
parses_envelopes(void)
{
	static const struct {
		const char *file, *list_id, *sender, *message; /* or NULL */
	} rows[] = {
	    {ENVELOPE "a\r\n\n", "l.example.org", "l@example.org", "a\r\n\n"},
	    {ENVELOPE, "l.example.org", "l@example.org", ""},
	    {"felid-spool-1\nlist-id: L.Example.ORG\nsender: \n\nx",
		"l.example.org", "", "x"},
	    {"", NULL, NULL, NULL},
	    {"felid-spool-1", NULL, NULL, NULL},
	    {"felid-spool-2\nlist-id: l\nsender: \n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: l\n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nsender: a@b\nlist-id: l\n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: l\nsender: a@b\nx: y\n\nx", NULL, NULL,
		NULL},
	    {"felid-spool-1\nlist-id: l\nsender: a@b", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: \nsender: a@b\n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: l@b\nsender: a@b\n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: l>\nsender: a@b\n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: l\nsender: a b\n\nx", NULL, NULL, NULL},
	    {"felid-spool-1\nlist-id: l\r\nsender: a@b\r\n\nx", NULL, NULL,
		NULL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;
		g_autoptr(GBytes) file =
		    g_bytes_new_static(rows[i].file, strlen(rows[i].file));
		g_autoptr(LmtpMail) mail = lmtp_mail_parse(file, &err);
		gsize len = 0;

		if (rows[i].list_id == NULL) {
			g_assert_null(mail);
			g_assert_error(err, ERR, ERR_SYNTAX);
			continue;
		}
		g_assert_no_error(err);
		g_assert_cmpstr(mail->list_id, ==, rows[i].list_id);
		g_assert_cmpstr(mail->sender, ==, rows[i].sender);
		(void)g_bytes_get_data(mail->message, &len);
		g_assert_cmpuint(len, ==, strlen(rows[i].message));
		if (len > 0)
			g_assert_true(
			    memcmp(g_bytes_get_data(mail->message, NULL),
				rows[i].message, len) == 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                        \
	g_test_add("/lmtp/queue/" name, Spool, NULL, set_up, func, tear_down)
	ADD("takes-the-oldest-first", takes_the_oldest_first);
	ADD("notices-what-comes", notices_what_comes);
	ADD("waits-longer-each-time", waits_longer_each_time);
	ADD("lets-others-go-first", lets_others_go_first);
	ADD("sets-aside-with-a-reason", sets_aside_with_a_reason);
	ADD("loads-what-there-is", loads_what_there_is);
	g_test_add_func(
	    "/lmtp/queue/backs-off-by-doubling", backs_off_by_doubling);
	g_test_add_func("/lmtp/queue/parses-envelopes", parses_envelopes);
	return g_test_run();
}
