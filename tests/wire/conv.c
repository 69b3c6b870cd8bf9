/*
 * conv.c - run the conversations named against a session in memory.
 *
 * In front of it stands an archive of one thought: the two lists'
 * addresses are known, every message is archived.  Lines of a *.conv:
 *
 *	# ...		a comment
 *	C: TEXT		send TEXT and CRLF
 *	C< TEXT		send TEXT as C would write it, no CRLF added
 *	C* N TEXT	send TEXT N times
 *	S: GLOB		the next line of reply fits GLOB
 *	S* N GLOB	so do the next N
 *	M: TEXT		the message handed over, as C would write it (known
 *			in memory alone; run-conv.py passes over it)
 *	E:		nothing more is said, and the connection is closed
 *
 * Every conversation is run twice: in as large pieces as it can be, and
 * byte for byte; and it may end only when all replies were asked for.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/session.h"

#include <glib.h>

#include <string.h>

static const LmtpLimits limits = {
    .host = "archive.example.org", .message_bytes = 65536};

typedef struct {
	const char *path;
	guint n;      /* of the line */
	size_t piece; /* bytes fed at once */
	LmtpSession *session;
	bool closed;
	GString *message; /* the last one */
} Run;

static void
answer_rcpt(LmtpSession *s)
{
	static const char *const known[] = {"dev@lists.example.org",
	    "users@lists.example.org", "archive@dev.lists.example.org", NULL};

	if (g_strv_contains(known, lmtp_session_rcpt(s)))
		lmtp_session_reply(s, 250, "2.1.5", "Recipient accepted");
	else
		lmtp_session_reply(s, 550, "5.1.1", "No such list");
}

static void
answer_message(Run *r)
{
	g_autoptr(GBytes) raw = lmtp_session_message(r->session);
	gsize len = 0;
	const char *data = g_bytes_get_data(raw, &len);

	g_string_truncate(r->message, 0);
	g_string_append_len(r->message, data, (gssize)len);
	for (size_t n = lmtp_session_n_rcpts(r->session); n > 0; n--)
		lmtp_session_reply(r->session, 250, "2.6.0", "<URL> archived");
}

static void
feed(Run *r, const char *data, size_t len)
{
	while (len > 0 && !r->closed) {
		size_t used = 0;
		LmtpEvent ev = lmtp_session_feed(
		    r->session, data, MIN(len, r->piece), &used);

		if (ev == LMTP_RCPT)
			answer_rcpt(r->session);
		else if (ev == LMTP_MESSAGE)
			answer_message(r);
		r->closed = ev == LMTP_CLOSE;
		data += used;
		len -= used;
	}
}

static void
expect(Run *r, const char *glob)
{
	GString *out = lmtp_session_out(r->session);
	const char *end = strstr(out->str, "\r\n");
	g_autofree char *line = NULL;

	if (end == NULL)
		g_error("%s:%u: no reply, awaited: %s", r->path, r->n, glob);
	line = g_strndup(out->str, (gsize)(end - out->str));
	g_string_erase(out, 0, end + 2 - out->str);
	if (!g_pattern_match_simple(glob, line))
		g_error(
		    "%s:%u: got: %s, awaited: %s", r->path, r->n, line, glob);
}

static void
expect_many(Run *r, const char *text)
{
	char *rest = NULL;

	for (guint64 n = g_ascii_strtoull(text, &rest, 10); n > 0; n--)
		expect(r, rest + 1);
}

static void
expect_message(const Run *r, const char *text)
{
	g_autofree char *want = g_strcompress(text);

	if (!g_str_equal(want, r->message->str))
		g_error("%s:%u: got the message: %s", r->path, r->n,
		    r->message->str);
}

static void
send_many(Run *r, const char *text)
{
	char *rest = NULL;
	g_autofree char *what = NULL;

	for (guint64 n = g_ascii_strtoull(text, &rest, 10); n > 0; n--) {
		g_free(what);
		what = g_strcompress(rest + 1);
		feed(r, what, strlen(what));
	}
}

static void
run_line(Run *r, const char *line)
{
	const char *text = strlen(line) > 3 ? line + 3 : "";
	g_autofree char *raw = NULL;

	if (g_str_has_prefix(line, "C:")) {
		raw = g_strconcat(text, "\r\n", NULL);
		feed(r, raw, strlen(raw));
	} else if (g_str_has_prefix(line, "C<")) {
		raw = g_strcompress(text);
		feed(r, raw, strlen(raw));
	} else if (g_str_has_prefix(line, "C*")) {
		send_many(r, text);
	} else if (g_str_has_prefix(line, "S:")) {
		expect(r, text);
	} else if (g_str_has_prefix(line, "S*")) {
		expect_many(r, text);
	} else if (g_str_has_prefix(line, "M:")) {
		expect_message(r, text);
	} else if (g_str_has_prefix(line, "E:")) {
		g_assert_true(r->closed);
	} else if (*line != '\0' && *line != '#') {
		g_error("%s:%u: what is this?", r->path, r->n);
	}
}

static void
run(const char *path, size_t piece)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) err = NULL;
	g_auto(GStrv) lines = NULL;
	Run r = {.path = path, .piece = piece};

	g_file_get_contents(path, &text, NULL, &err);
	g_assert_no_error(err);
	lines = g_strsplit(text, "\n", -1);
	r.session = lmtp_session_new(&limits);
	r.message = g_string_new(NULL);
	for (char **line = lines; *line != NULL; line++) {
		r.n++;
		run_line(&r, *line);
	}
	g_assert_cmpstr(lmtp_session_out(r.session)->str, ==, "");
	lmtp_session_free(r.session);
	g_string_free(r.message, TRUE);
}

static void
conversation(gconstpointer path)
{
	run(path, G_MAXSIZE);
	run(path, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (int i = 1; i < argc; i++) {
		g_autofree char *base = g_path_get_basename(argv[i]);
		g_autofree char *name = g_strconcat("/conv/", base, NULL);

		g_test_add_data_func(name, argv[i], conversation);
	}
	return g_test_run();
}
