/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "lmtp/path.h"
#include "lmtp/session.h"

#include <string.h>

/* What is said of a conversation is in tests/wire; here is what a client
 * does not see. */

static const LmtpLimits plain = {.host = "h", .message_bytes = 1000};

/* Feed all of text, or until an event. */
static LmtpEvent
feed(LmtpSession *s, const char **text)
{
	size_t used = 0;
	LmtpEvent ev = lmtp_session_feed(s, *text, strlen(*text), &used);

	*text += used;
	return ev;
}

static void
accept_rcpt(LmtpSession *s)
{
	lmtp_session_reply(s, 250, "2.1.5", "ok");
}

static void
tells_of_each_event(void)
{
	g_autoptr(LmtpSession) s = lmtp_session_new(&plain);
	const char *text = "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"
			   "DATA\r\nx\r\n.\r\nMAIL FROM:<>\r\nRSET\r\nRSET\r\n"
			   "MAIL FROM:<>\r\nLHLO c\r\nQUIT\r\nNOOP\r\n";
	const char *at = NULL;
	g_autoptr(GBytes) raw = NULL;

	g_assert_cmpint(feed(s, &text), ==, LMTP_RCPT);
	g_assert_cmpstr(lmtp_session_rcpt(s), ==, "c@d");
	g_assert_cmpstr(lmtp_session_sender(s), ==, "a@b");
	at = text;
	g_assert_cmpint(feed(s, &text), ==, LMTP_MORE);
	g_assert_true(text == at);
	accept_rcpt(s);
	g_assert_cmpint(feed(s, &text), ==, LMTP_MESSAGE);
	at = text;
	g_assert_cmpint(feed(s, &text), ==, LMTP_MORE);
	g_assert_true(text == at);
	raw = lmtp_session_message(s);
	g_assert_cmpuint(g_bytes_get_size(raw), ==, 3);
	g_assert_cmpuint(lmtp_session_n_rcpts(s), ==, 1);
	lmtp_session_reply(s, 250, "2.6.0", "one\r\nline");
	g_assert_true(
	    g_str_has_suffix(lmtp_session_out(s)->str, "2.6.0 one  line\r\n"));
	/* A transaction that RSET ends, one that was not there, one that
	 * LHLO ends. */
	g_assert_cmpint(feed(s, &text), ==, LMTP_RESET);
	g_assert_cmpint(feed(s, &text), ==, LMTP_RESET);
	g_assert_cmpint(feed(s, &text), ==, LMTP_CLOSE);
	g_assert_cmpstr(text, ==, "NOOP\r\n");
	g_assert_cmpint(feed(s, &text), ==, LMTP_CLOSE);
	g_assert_cmpstr(text, ==, "NOOP\r\n");
}

static void
closes_when_told(void)
{
	g_autoptr(LmtpSession) s = lmtp_session_new(&plain);
	const char *text = "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";

	g_assert_cmpint(feed(s, &text), ==, LMTP_RCPT);
	lmtp_session_close(s, "4.3.2", "Bye");
	g_assert_true(g_str_has_suffix(
	    lmtp_session_out(s)->str, "\r\n421 4.3.2 Bye\r\n"));
	text = "NOOP\r\n";
	g_assert_cmpint(feed(s, &text), ==, LMTP_CLOSE);
}

/* What all sessions may hold is shared, and given back however a
 * transaction ends. */
static void
shares_room(void)
{
	size_t room = 15;
	LmtpLimits limits = {.host = "h", .message_bytes = 10, .room = &room};
	const char *begin = "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\n";
	const char *rest[] = {"DATA\r\n12345678\r\n.\r\n", "DATA\r\n1234\r\n"};
	g_autoptr(LmtpSession) a = lmtp_session_new(&limits);
	g_autoptr(LmtpSession) b = lmtp_session_new(&limits);
	const char *text = begin;

	g_assert_cmpint(feed(a, &text), ==, LMTP_RCPT);
	accept_rcpt(a);
	g_assert_cmpint(feed(a, &rest[0]), ==, LMTP_MESSAGE);
	g_assert_cmpuint(room, ==, 5);
	text = begin;
	g_assert_cmpint(feed(b, &text), ==, LMTP_RCPT);
	accept_rcpt(b);
	g_assert_cmpint(feed(b, &rest[1]), ==, LMTP_MORE);
	g_string_truncate(lmtp_session_out(b), 0);
	text = ".\r\n";
	g_assert_cmpint(feed(b, &text), ==, LMTP_RESET);
	g_assert_cmpstr(lmtp_session_out(b)->str, ==,
	    "452 4.3.1 No memory left for it: try again later\r\n");
	g_assert_cmpuint(room, ==, 5);
	g_bytes_unref(lmtp_session_message(a));
	lmtp_session_reply(a, 250, "2.6.0", "ok");
	g_assert_cmpuint(room, ==, 15);
	g_clear_pointer(&a, lmtp_session_free);
	g_clear_pointer(&b, lmtp_session_free);
	g_assert_cmpuint(room, ==, 15);
}

static void
gives_room_back_when_freed(void)
{
	size_t room = 15;
	LmtpLimits limits = {.host = "h", .message_bytes = 10, .room = &room};
	const char *text = "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\n";
	g_autoptr(LmtpSession) s = lmtp_session_new(&limits);

	g_assert_cmpint(feed(s, &text), ==, LMTP_RCPT);
	accept_rcpt(s);
	text = "DATA\r\nabc";
	g_assert_cmpint(feed(s, &text), ==, LMTP_MORE);
	g_assert_cmpuint(room, ==, 12);
	g_clear_pointer(&s, lmtp_session_free);
	g_assert_cmpuint(room, ==, 15);
}

static void
limits_recipients(void)
{
	g_autoptr(LmtpSession) s = lmtp_session_new(&plain);
	const char *text = "LHLO c\r\nMAIL FROM:<>\r\n";

	feed(s, &text);
	for (unsigned int i = 0; i < LIMIT_LMTP_RCPTS; i++) {
		text = "RCPT TO:<c@d>\r\n";
		g_assert_cmpint(feed(s, &text), ==, LMTP_RCPT);
		accept_rcpt(s);
	}
	text = "RCPT TO:<c@d>\r\n";
	g_assert_cmpint(feed(s, &text), ==, LMTP_MORE);
	g_assert_true(g_str_has_suffix(
	    lmtp_session_out(s)->str, "452 4.5.3 Too many recipients\r\n"));
	g_assert_cmpuint(lmtp_session_n_rcpts(s), ==, LIMIT_LMTP_RCPTS);
}

static const struct {
	const char *text, *want; /* NULL: none */
} paths[] = {
    {"<>", ""},
    {"<jo@example.org>", "jo@example.org"},
    {"<jo@example.org> SIZE=1", "jo@example.org"},
    {"<Jo+x=y@Example.ORG>", "Jo+x=y@Example.ORG"},
    {"<\"jo\"@example.org>", "jo@example.org"},
    {"<\"j\\o\"@example.org>", "jo@example.org"},
    {"<\"a b\"@example.org>", "\"a b\"@example.org"},
    {"<\"a\\\"b\\\\\"@example.org>", "\"a\\\"b\\\\\"@example.org"},
    {"<\"a>b@c\"@example.org>", "\"a>b@c\"@example.org"},
    {"<\"\"@example.org>", "\"\"@example.org"},
    {"<@a.example,@b.example:jo@example.org>", "jo@example.org"},
    {"<jo@[192.0.2.1]>", "jo@[192.0.2.1]"},
    {"<jo@[IPv6:2001:db8::1]>", "jo@[IPv6:2001:db8::1]"},
    {"<jo@under_score.example>", "jo@under_score.example"},
    {"<.jo..x.@example.org>", ".jo..x.@example.org"},
    {"<j\303\266@example.org>", "j\303\266@example.org"},
    {"<PostMaster>", "PostMaster"},
    {"<jo>", NULL},
    {"jo@example.org", NULL},
    {"<jo@example.org", NULL},
    {"<jo@example.org.>", NULL},
    {"<jo@.example.org>", NULL},
    {"<jo@example..org>", NULL},
    {"<jo@>", NULL},
    {"<@example.org>", NULL},
    {"<@a.example,jo@example.org>", NULL},
    {"<@a.example,b:jo@example.org>", NULL},
    {"<@:jo@example.org>", NULL},
    {"<jo smith@example.org>", NULL},
    {"<\"jo@example.org>", NULL},
    {"<\"jo\\", NULL},
    {"<jo@[192.0.2.1>", NULL},
    {"<jo@[", NULL},
    {"<jo@a@b>", NULL},
    {"< jo@a>", NULL},
    {"<j\377@example.org>", NULL},
    {"<", NULL},
    {"", NULL},
};

static void
reads_paths(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		const char *text = paths[i].text;
		g_autofree char *got = lmtp_path_read(&text);

		g_test_message("path %zu", i);
		g_assert_cmpstr(got, ==, paths[i].want);
		if (got == NULL)
			g_assert_true(text == paths[i].text);
		else
			g_assert_true(
			    text[-1] == '>' && (*text == '\0' || *text == ' '));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/path/read", reads_paths);
	g_test_add_func("/session/events", tells_of_each_event);
	g_test_add_func("/session/close", closes_when_told);
	g_test_add_func("/session/room", shares_room);
	g_test_add_func("/session/room-of-freed", gives_room_back_when_freed);
	g_test_add_func("/session/recipients", limits_recipients);
	return g_test_run();
}
