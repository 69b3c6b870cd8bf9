/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "lmtp/client.h"

#include <string.h>

#define OFFER_ALL                                                              \
	"250-archive.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n"            \
	"250-SIZE 1000\r\n250-BINARYMIME\r\n250 CHUNKING\r\n"
#define BEGIN                                                                  \
	"MAIL FROM:<l@example.org> SIZE=9\r\nRCPT TO:<one@l.example.org>\r\n"
#define TAKEN "553 5.1.0 Permalink already occupied\r\n"

/*
 * A step: what the server says, the event that ends it, and what we then
 * send.  say NULL: the caller begins, tries or quits, as sent shows.
 */
typedef struct {
	const char *say;
	LmtpClientEvent event;
	const char *send;
} Step;

static LmtpClientEvent
hear(LmtpClient *c, const char *say)
{
	const size_t len = strlen(say);
	LmtpClientEvent ev = LMTP_CLIENT_MORE;
	size_t done = 0;

	/* Byte by byte: a reply may come in any pieces. */
	while (done < len && ev == LMTP_CLIENT_MORE) {
		size_t used = 0;

		ev = lmtp_client_feed(c, say + done, 1, &used);
		g_assert_cmpuint(used, ==, 1);
		done += used;
	}
	g_assert_cmpuint(done, ==, len);
	return ev;
}

static void
check_sent(LmtpClient *c, const char *want)
{
	GString *out = lmtp_client_out(c);

	g_assert_cmpstr(out->str, ==, want);
	g_string_truncate(out, 0);
}

static void
walk(LmtpClient *c, const Step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_assert_cmpint(hear(c, steps[i].say), ==, steps[i].event);
		check_sent(c, steps[i].send);
	}
}

static LmtpClient *
greeted(const char *offer)
{
	LmtpClient *c = lmtp_client_new("mm.example");
	const Step steps[] = {
	    {"220 hello\r\n", LMTP_CLIENT_MORE, "LHLO mm.example\r\n"},
	    {offer, LMTP_CLIENT_READY, ""},
	};

	walk(c, steps, G_N_ELEMENTS(steps));
	return c;
}

static void
begin(LmtpClient *c, const char *message, size_t len)
{
	g_autoptr(GBytes) bytes = g_bytes_new(message, len);

	lmtp_client_begin(c, "l@example.org", "one@l.example.org", bytes);
}

static void
begin_text(LmtpClient *c)
{
	begin(c, "A: b\n\nhi\n", 9);
	check_sent(c, BEGIN);
}

static void
stores_a_message(void)
{
	g_autoptr(LmtpClient) c = greeted(OFFER_ALL);
	const Step steps[] = {
	    {"250 ok\r\n", LMTP_CLIENT_MORE, ""},
	    {"250 ok\r\n", LMTP_CLIENT_MORE, "DATA\r\n"},
	    {"354 go\r\n", LMTP_CLIENT_MORE, "A: b\r\n\r\nhi\r\n.\r\n"},
	    {"250 2.6.0 <http://a/> archived\r\n", LMTP_CLIENT_DONE, ""},
	};

	for (int i = 0; i < 2; i++) {
		begin_text(c);
		walk(c, steps, G_N_ELEMENTS(steps));
		g_assert_cmpint(
		    lmtp_client_outcome(c), ==, LMTP_OUTCOME_STORED);
		g_assert_cmpstr(
		    lmtp_client_why(c), ==, "250 2.6.0 <http://a/> archived");
	}
	lmtp_client_quit(c);
	check_sent(c, "QUIT\r\n");
	g_assert_cmpint(hear(c, "221 bye\r\n"), ==, LMTP_CLIENT_CLOSE);
}

static void
waits_where_nothing_is_offered(void)
{
	g_autoptr(LmtpClient) c = greeted("250 archive.example\r\n");
	const Step steps[] = {
	    {"250 ok\r\n", LMTP_CLIENT_MORE, "RCPT TO:<one@l.example.org>\r\n"},
	    {"250 ok\r\n", LMTP_CLIENT_MORE, "DATA\r\n"},
	    {"354 go\r\n", LMTP_CLIENT_MORE, "\xe9\r\n.\r\n"},
	    {"250 ok\r\n", LMTP_CLIENT_DONE, ""},
	};

	begin(c, "\xe9", 1);
	check_sent(c, "MAIL FROM:<l@example.org>\r\n");
	walk(c, steps, G_N_ELEMENTS(steps));
}

static void
goes_through_candidates(void)
{
	g_autoptr(LmtpClient) c = greeted(OFFER_ALL);
	const Step first[] = {
	    {"250 ok\r\n", LMTP_CLIENT_MORE, ""},
	    {TAKEN, LMTP_CLIENT_OCCUPIED, ""},
	};
	const Step rest[] = {
	    {"250 ok\r\n", LMTP_CLIENT_MORE, "DATA\r\n"},
	    {"354 go\r\n", LMTP_CLIENT_MORE, "A: b\r\n\r\nhi\r\n.\r\n"},
	    {"250 ok\r\n", LMTP_CLIENT_DONE, ""},
	};

	begin_text(c);
	walk(c, first, G_N_ELEMENTS(first));
	lmtp_client_try(c, "two@l.example.org");
	check_sent(c, "RCPT TO:<two@l.example.org>\r\n");
	g_assert_cmpint(hear(c, TAKEN), ==, LMTP_CLIENT_OCCUPIED);
	lmtp_client_try(c, "three@l.example.org");
	check_sent(c, "RCPT TO:<three@l.example.org>\r\n");
	walk(c, rest, G_N_ELEMENTS(rest));
	g_assert_cmpint(lmtp_client_outcome(c), ==, LMTP_OUTCOME_STORED);
}

static void
held_when_all_are_taken(void)
{
	g_autoptr(LmtpClient) c = greeted(OFFER_ALL);
	const Step steps[] = {
	    {"250 ok\r\n", LMTP_CLIENT_MORE, ""},
	    {TAKEN, LMTP_CLIENT_OCCUPIED, ""},
	};

	begin_text(c);
	walk(c, steps, G_N_ELEMENTS(steps));
	lmtp_client_try(c, NULL);
	check_sent(c, "RSET\r\n");
	g_assert_cmpint(hear(c, "250 ok\r\n"), ==, LMTP_CLIENT_DONE);
	g_assert_cmpint(lmtp_client_outcome(c), ==, LMTP_OUTCOME_HELD);
	begin_text(c);
}

/* Replies to MAIL, RCPT, DATA and the message: the first that is no yes
 * decides. */
static void
tells_outcomes_apart(void)
{
	static const struct {
		const char *replies[4];
		LmtpOutcome outcome;
	} rows[] = {
	    {{"452 4.3.1 full", "503 no"}, LMTP_OUTCOME_LATER},
	    {{"552 5.3.4 large", "503 no"}, LMTP_OUTCOME_REFUSED},
	    {{"530 5.7.0 no", "503 no"}, LMTP_OUTCOME_NO_RCPT},
	    {{"250 ok", "550 5.1.1 no list"}, LMTP_OUTCOME_NO_RCPT},
	    {{"250 ok", "553 5.1.3 bad address"}, LMTP_OUTCOME_NO_RCPT},
	    {{"250 ok", "553 no"}, LMTP_OUTCOME_NO_RCPT},
	    {{"250 ok", "450 4.2.1 being given out"}, LMTP_OUTCOME_LATER},
	    {{"250 ok", "250 ok", "451 4.3.0 no"}, LMTP_OUTCOME_LATER},
	    {{"250 ok", "250 ok", "354 go", "451 4.3.0 no"},
		LMTP_OUTCOME_LATER},
	    {{"250 ok", "250 ok", "354 go", "554 5.7.1 not its own key"},
		LMTP_OUTCOME_REFUSED},
	    {{"250 ok", "250 ok", "354 go", "552 5.3.4 large"},
		LMTP_OUTCOME_REFUSED},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(LmtpClient) c = greeted(OFFER_ALL);
		LmtpClientEvent ev = LMTP_CLIENT_MORE;
		const char *decided = NULL;

		begin_text(c);
		for (size_t n = 0; n < 4 && rows[i].replies[n] != NULL; n++) {
			g_autofree char *line =
			    g_strconcat(rows[i].replies[n], "\r\n", NULL);

			g_assert_cmpint(ev, ==, LMTP_CLIENT_MORE);
			ev = hear(c, line);
			if (decided == NULL && *rows[i].replies[n] > '3')
				decided = rows[i].replies[n];
		}
		if (ev != LMTP_CLIENT_DONE)
			ev = hear(c, "250 reset\r\n");
		g_assert_cmpint(ev, ==, LMTP_CLIENT_DONE);
		g_assert_cmpint(lmtp_client_outcome(c), ==, rows[i].outcome);
		g_assert_cmpstr(lmtp_client_why(c), ==, decided);
		g_string_truncate(lmtp_client_out(c), 0);
		begin_text(c);
	}
}

static void
makes_lines_of_mail(void)
{
	static const struct {
		const char *message, *sent;
	} rows[] = {
	    {"", ".\r\n"},
	    {"\n", "\r\n.\r\n"},
	    {"a", "a\r\n.\r\n"},
	    {"a\r\nb\n", "a\r\nb\r\n.\r\n"},
	    {".\n", "..\r\n.\r\n"},
	    {"a\n.\r\n.b", "a\r\n..\r\n..b\r\n.\r\n"},
	    {"\r\n\r\n", "\r\n\r\n.\r\n"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(LmtpClient) c = greeted(OFFER_ALL);
		const char *replies[] = {
		    "250 ok\r\n", "250 ok\r\n", "354 go\r\n"};

		begin(c, rows[i].message, strlen(rows[i].message));
		for (size_t n = 0; n < 3; n++) {
			g_string_truncate(lmtp_client_out(c), 0);
			g_assert_cmpint(
			    hear(c, replies[n]), ==, LMTP_CLIENT_MORE);
		}
		check_sent(c, rows[i].sent);
	}
}

static void
keeps_strange_octets(void)
{
	static const struct {
		const char *message;
		size_t len;
	} rows[] = {{"a\rb\n", 4}, {"a\0\n", 3}, {"a\r", 2}, {".\n\r\r\n", 5}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(LmtpClient) c = greeted(OFFER_ALL);
		g_autofree char *head = g_strdup_printf(
		    "BDAT %" G_GSIZE_FORMAT " LAST\r\n", rows[i].len);
		GString *out = lmtp_client_out(c);

		begin(c, rows[i].message, rows[i].len);
		g_assert_nonnull(strstr(out->str, "BODY=BINARYMIME SIZE="));
		g_assert_cmpint(hear(c, "250 ok\r\n"), ==, LMTP_CLIENT_MORE);
		g_string_truncate(out, 0);
		g_assert_cmpint(hear(c, "250 ok\r\n"), ==, LMTP_CLIENT_MORE);
		g_assert_true(g_str_has_prefix(out->str, head));
		g_assert_cmpuint(out->len, ==, strlen(head) + rows[i].len);
		g_assert_true(memcmp(out->str + strlen(head), rows[i].message,
				  rows[i].len) == 0);
		g_assert_cmpint(hear(c, "250 ok\r\n"), ==, LMTP_CLIENT_DONE);
	}
}

static void
declares_eight_bits(void)
{
	g_autoptr(LmtpClient) c = greeted(OFFER_ALL);

	begin(c, "\xc3\xa9\n", 3);
	g_assert_nonnull(
	    strstr(lmtp_client_out(c)->str, "> BODY=8BITMIME SIZE=3\r\n"));
}

static void
closes_on_nonsense(void)
{
	static const char *const lines[] = {"", "hello", "2", "22x y",
	    "199 low", "600 high", "220_", "421 4.3.2 closing",
	    "554 no service", "250 not a greeting", "354 neither",
	    "\xff\xfe\x00"};

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(LmtpClient) c = lmtp_client_new("mm.example");
		g_autofree char *line = g_strconcat(lines[i], "\r\n", NULL);

		g_assert_cmpint(hear(c, line), ==, LMTP_CLIENT_CLOSE);
		check_sent(c, "");
		g_assert_true(g_utf8_validate(lmtp_client_why(c), -1, NULL));
		g_assert_cmpstr(lmtp_client_why(c), !=, "");
	}
}

static void
closes_when_told_to(void)
{
	static const char *const before[] = {"", "250 ok\r\n",
	    "250 ok\r\n250 ok\r\n", "250 ok\r\n250 ok\r\n354 go\r\n"};

	for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
		g_autoptr(LmtpClient) c = greeted(OFFER_ALL);

		begin_text(c);
		g_assert_cmpint(hear(c, before[i]), ==, LMTP_CLIENT_MORE);
		g_assert_cmpint(
		    hear(c, "421 4.3.2 going down\r\n"), ==, LMTP_CLIENT_CLOSE);
		g_assert_cmpstr(lmtp_client_why(c), ==, "421 4.3.2 going down");
	}
}

static void
bounds_replies(void)
{
	g_autoptr(LmtpClient) lines = lmtp_client_new("mm.example");
	g_autoptr(LmtpClient) line = lmtp_client_new("mm.example");
	g_autoptr(GString) endless = g_string_new("220 ");
	LmtpClientEvent ev = LMTP_CLIENT_MORE;

	for (unsigned int i = 0; i < LIMIT_LMTP_REPLY_LINES; i++)
		g_assert_cmpint(
		    hear(lines, "220-hello\r\n"), ==, LMTP_CLIENT_MORE);
	g_assert_cmpint(hear(lines, "220 hello\r\n"), ==, LMTP_CLIENT_CLOSE);
	while (endless->len < LIMIT_LMTP_LINE_BYTES)
		g_string_append_c(endless, 'x');
	ev = hear(line, endless->str);
	g_assert_cmpint(ev, ==, LMTP_CLIENT_MORE);
	g_assert_cmpint(hear(line, "x"), ==, LMTP_CLIENT_CLOSE);
}

static void
knows_addresses(void)
{
	g_autofree char *long_one = g_strnfill(255, 'a');

	g_assert_true(lmtp_client_is_address(""));
	g_assert_true(lmtp_client_is_address("a@b.example.org"));
	g_assert_false(lmtp_client_is_address("a b@example.org"));
	g_assert_false(lmtp_client_is_address("a@b\r\nDATA"));
	g_assert_false(lmtp_client_is_address("a>@b"));
	g_assert_false(lmtp_client_is_address("\xc3\xa9@b"));
	g_assert_false(lmtp_client_is_address(long_one));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lmtp/client/stores-a-message", stores_a_message);
	g_test_add_func("/lmtp/client/waits-where-nothing-is-offered",
	    waits_where_nothing_is_offered);
	g_test_add_func(
	    "/lmtp/client/goes-through-candidates", goes_through_candidates);
	g_test_add_func(
	    "/lmtp/client/held-when-all-are-taken", held_when_all_are_taken);
	g_test_add_func(
	    "/lmtp/client/tells-outcomes-apart", tells_outcomes_apart);
	g_test_add_func(
	    "/lmtp/client/makes-lines-of-mail", makes_lines_of_mail);
	g_test_add_func(
	    "/lmtp/client/keeps-strange-octets", keeps_strange_octets);
	g_test_add_func(
	    "/lmtp/client/declares-eight-bits", declares_eight_bits);
	g_test_add_func("/lmtp/client/closes-on-nonsense", closes_on_nonsense);
	g_test_add_func(
	    "/lmtp/client/closes-when-told-to", closes_when_told_to);
	g_test_add_func("/lmtp/client/bounds-replies", bounds_replies);
	g_test_add_func("/lmtp/client/knows-addresses", knows_addresses);
	return g_test_run();
}
