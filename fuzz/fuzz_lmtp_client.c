/*
 * The input is a server's bytes; the client sends message after message,
 * each with three candidates.  What it sends must be whole lines, it must
 * never end a transaction without an outcome, and it must say the same
 * whatever pieces the bytes come in.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/client.h"

#include "fuzz.h"

#include <glib.h>

#include <string.h>

static const char *const messages[] = {
    "Subject: a\n\n.b\n", "A: \xe9\r\n\r\nc\rd", "", "x\n.\n"};
static const char *const candidates[] = {
    "one@l.example.org", "two@l.example.org", "three@l.example.org"};

typedef struct {
	LmtpClient *client;
	GString *said; /* all that was sent, and a letter for each event */
	size_t n_messages, n_tried;
} Talk;

static void
begin(Talk *t)
{
	const char *text = messages[t->n_messages % G_N_ELEMENTS(messages)];
	g_autoptr(GBytes) message = g_bytes_new_static(text, strlen(text));

	t->n_messages++;
	t->n_tried = 1;
	lmtp_client_begin(t->client, "l@example.org", candidates[0], message);
}

/* Returns false once the conversation is over. */
static bool
answer(Talk *t, LmtpClientEvent ev)
{
	GString *out = lmtp_client_out(t->client);

	g_string_append_c(t->said, (char)('A' + ev));
	switch (ev) {
	case LMTP_CLIENT_MORE:
		break;
	case LMTP_CLIENT_DONE:
		g_assert(t->n_messages > 0);
		g_assert(
		    lmtp_client_outcome(t->client) <= LMTP_OUTCOME_REFUSED);
		begin(t);
		break;
	case LMTP_CLIENT_READY:
		g_assert(t->n_messages == 0);
		begin(t);
		break;
	case LMTP_CLIENT_OCCUPIED:
		g_assert(t->n_tried <= G_N_ELEMENTS(candidates));
		lmtp_client_try(t->client, t->n_tried < G_N_ELEMENTS(candidates)
					       ? candidates[t->n_tried]
					       : NULL);
		t->n_tried++;
		break;
	case LMTP_CLIENT_CLOSE:
		g_assert(g_utf8_validate(lmtp_client_why(t->client), -1, NULL));
		return false;
	}
	g_string_append_len(t->said, out->str, (gssize)out->len);
	g_string_truncate(out, 0);
	return true;
}

static GString *
talk(const char *data, size_t size, size_t piece)
{
	g_autoptr(LmtpClient) client = lmtp_client_new("mm.example");
	Talk t = {client, g_string_new(NULL), 0, 0};
	bool open = true;

	for (size_t done = 0; done < size && open;) {
		const size_t n = MIN(piece, size - done);
		size_t used = 0;
		LmtpClientEvent ev =
		    lmtp_client_feed(client, data + done, n, &used);

		g_assert(used > 0 && used <= n);
		done += used;
		if (ev != LMTP_CLIENT_MORE)
			open = answer(&t, ev);
	}
	return t.said;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GString *whole = talk((const char *)data, size, size);
	GString *pieces = talk((const char *)data, size, 1);

	g_assert(g_string_equal(whole, pieces));
	g_string_free(whole, TRUE);
	g_string_free(pieces, TRUE);
	return 0;
}
