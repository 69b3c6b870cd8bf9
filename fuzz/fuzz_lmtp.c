/*
 * fuzz_lmtp.c - a session that is fed anything.
 *
 * What it says, and the messages it hands over, may not depend on how its
 * bytes were cut into pieces; each reply is well formed; no message is
 * larger than allowed; and all room is given back.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "lmtp/session.h"

#include <glib.h>

#include <string.h>

#define MESSAGE_BYTES 300
#define ROOM 1000

/* Everything that was said and handed over. */
static void
answer(LmtpSession *s, LmtpEvent ev, GString *all)
{
	g_autoptr(GBytes) raw = NULL;
	gsize len = 0;
	const char *data = NULL;

	if (ev == LMTP_RCPT) {
		const char *rcpt = lmtp_session_rcpt(s);
		bool good = strlen(rcpt) % 3 != 0;

		g_assert(g_utf8_validate(rcpt, -1, NULL));
		g_string_append_printf(
		    all, "{%s %s}", lmtp_session_sender(s), rcpt);
		lmtp_session_reply(s, good ? 250 : 550,
		    good ? "2.1.5" : "5.1.1", good ? "Good" : "Bad");
	} else if (ev == LMTP_MESSAGE) {
		size_t n = lmtp_session_n_rcpts(s);

		g_assert(n > 0);
		raw = lmtp_session_message(s);
		data = g_bytes_get_data(raw, &len);
		g_assert(len <= MESSAGE_BYTES);
		g_string_append_len(all, data, (gssize)len);
		for (; n > 0; n--)
			lmtp_session_reply(s, 250, "2.6.0", "Archived");
	} else if (ev == LMTP_RESET) {
		g_string_append(all, "{reset}");
	}
}

static void
check_replies(const GString *out)
{
	g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);

	g_assert(strlen(out->str) == out->len);
	for (char **line = lines; *line != NULL; line++) {
		if (line[1] == NULL)
			g_assert_cmpstr(*line, ==, "");
		else
			g_assert(strspn(*line, "0123456789") == 3 &&
				 strchr("2345", **line) != NULL &&
				 strchr(" -", (*line)[3]) != NULL &&
				 strpbrk(*line, "\r\n") == NULL);
	}
}

static GString *
converse(const char *data, size_t size, size_t piece)
{
	size_t room = ROOM;
	const LmtpLimits limits = {
	    .host = "h", .message_bytes = MESSAGE_BYTES, .room = &room};
	LmtpSession *s = lmtp_session_new(&limits);
	GString *all = g_string_new(NULL);
	LmtpEvent ev = LMTP_MORE;

	while (size > 0 && ev != LMTP_CLOSE) {
		size_t n = MIN(size, piece), used = 0;

		ev = lmtp_session_feed(s, data, n, &used);
		g_assert(used <= n && (used > 0 || ev == LMTP_CLOSE));
		answer(s, ev, all);
		data += used;
		size -= used;
	}
	check_replies(lmtp_session_out(s));
	g_string_append(all, lmtp_session_out(s)->str);
	lmtp_session_free(s);
	g_assert(room == ROOM);
	return all;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) whole =
	    converse((const char *)data, size, size > 0 ? size : 1);
	g_autoptr(GString) bytes = converse((const char *)data, size, 1);
	g_autoptr(GString) some = converse((const char *)data, size, 7);

	g_assert(g_string_equal(whole, bytes) && g_string_equal(whole, some));
	return 0;
}
