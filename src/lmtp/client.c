/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/client.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* Which reply is awaited. */
typedef enum {
	WAIT_GREETING,
	WAIT_LHLO,
	WAIT_NOTHING, /* ready for a message */
	WAIT_MAIL,
	WAIT_RCPT,
	WAIT_ANSWER, /* no reply: the caller's next recipient */
	WAIT_GO,     /* 354 */
	WAIT_END,    /* of DATA or BDAT */
	WAIT_RSET,
	WAIT_QUIT,
	WAIT_NEVER, /* closed */
} Wait;

struct LmtpClient {
	char *host;
	Wait wait;
	GString *in, *out;

	/* Of the reply that is coming in. */
	GString *text;
	unsigned int n_lines;

	/* What LHLO offered. */
	bool pipelining, chunking, binarymime, eightbit, size;

	/* The transaction. */
	GBytes *message;
	char *rcpt; /* to be named once MAIL is answered; or NULL */
	bool bdat, mail_failed;
	LmtpOutcome outcome;
	char *why;
};

LmtpClient *
lmtp_client_new(const char *host)
{
	LmtpClient *c = g_new0(LmtpClient, 1);

	c->host = g_strdup(host);
	c->in = g_string_new(NULL);
	c->out = g_string_new(NULL);
	c->text = g_string_new(NULL);
	c->why = g_strdup("");
	return c;
}

void
lmtp_client_free(LmtpClient *c)
{
	if (c == NULL)
		return;
	g_clear_pointer(&c->message, g_bytes_unref);
	g_string_free(c->in, TRUE);
	g_string_free(c->out, TRUE);
	g_string_free(c->text, TRUE);
	g_free(c->host);
	g_free(c->rcpt);
	g_free(c->why);
	g_free(c);
}

/* ---- What is sent -------------------------------------------------- */

typedef struct {
	bool eightbit; /* some octet above 127 */
	bool strange;  /* a NUL, or a CR that no LF follows */
} Octets;

static Octets
look_at(GBytes *message)
{
	gsize len = 0;
	const char *p = g_bytes_get_data(message, &len);
	const char *end = p + len;
	Octets found = {false, false};

	for (; p < end; p++) {
		if ((*p & 0x80) != 0)
			found.eightbit = true;
		else if (*p == '\0' ||
			 (*p == '\r' && (p + 1 == end || p[1] != '\n')))
			found.strange = true;
	}
	return found;
}

/* RFC 5321 section 4.5.2, and LF for CRLF. */
static void
append_stuffed(GString *out, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf != NULL ? lf : end;
		const char *next = lf != NULL ? lf + 1 : end;

		if (*p == '.')
			g_string_append_c(out, '.');
		if (lf != NULL && stop > p && stop[-1] == '\r')
			stop--;
		g_string_append_len(out, p, stop - p);
		g_string_append_len(out, "\r\n", 2);
		p = next;
	}
	g_string_append_len(out, ".\r\n", 3);
}

static void
send_rcpt(LmtpClient *c, const char *rcpt)
{
	g_string_append_printf(c->out, "RCPT TO:<%s>\r\n", rcpt);
}

static void
send_message(LmtpClient *c)
{
	gsize len = 0;
	const char *data = g_bytes_get_data(c->message, &len);

	if (c->bdat) {
		g_string_append_printf(
		    c->out, "BDAT %" G_GSIZE_FORMAT " LAST\r\n", len);
		if (len > 0)
			g_string_append_len(c->out, data, (gssize)len);
	} else {
		append_stuffed(c->out, data, len);
	}
	c->wait = WAIT_END;
}

bool
lmtp_client_is_address(const char *address)
{
	/* RFC 5321 section 4.5.3.1.3: a path has 256 octets at most. */
	if (strlen(address) > 254)
		return false;
	for (const char *p = address; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || *p == '<' || *p == '>')
			return false;
	return true;
}

void
lmtp_client_begin(
    LmtpClient *c, const char *sender, const char *rcpt, GBytes *message)
{
	const Octets found = look_at(message);

	g_assert(c->wait == WAIT_NOTHING);
	g_assert(lmtp_client_is_address(sender));
	g_assert(lmtp_client_is_address(rcpt));
	c->message = g_bytes_ref(message);
	c->mail_failed = false;
	c->bdat = found.strange && c->chunking;
	g_string_append_printf(c->out, "MAIL FROM:<%s>", sender);
	/* RFC 3030 section 3: bare CRs and NULs are BINARYMIME's. */
	if (c->bdat && c->binarymime)
		g_string_append(c->out, " BODY=BINARYMIME");
	else if (found.eightbit && c->eightbit)
		g_string_append(c->out, " BODY=8BITMIME");
	if (c->size)
		g_string_append_printf(c->out, " SIZE=%" G_GSIZE_FORMAT,
		    g_bytes_get_size(message));
	g_string_append(c->out, "\r\n");
	g_free(c->rcpt);
	c->rcpt = NULL;
	if (c->pipelining)
		send_rcpt(c, rcpt);
	else
		c->rcpt = g_strdup(rcpt);
	c->wait = WAIT_MAIL;
}

void
lmtp_client_try(LmtpClient *c, const char *rcpt)
{
	g_assert(c->wait == WAIT_ANSWER);
	if (rcpt != NULL) {
		g_assert(lmtp_client_is_address(rcpt));
		send_rcpt(c, rcpt);
		c->wait = WAIT_RCPT;
		return;
	}
	c->outcome = LMTP_OUTCOME_HELD;
	g_string_append(c->out, "RSET\r\n");
	c->wait = WAIT_RSET;
}

void
lmtp_client_quit(LmtpClient *c)
{
	g_assert(c->wait == WAIT_NOTHING);
	g_string_append(c->out, "QUIT\r\n");
	c->wait = WAIT_QUIT;
}

/* ---- What is received ---------------------------------------------- */

static LmtpClientEvent
close_because(LmtpClient *c, const char *why)
{
	if (why != c->why) {
		g_free(c->why);
		c->why = g_strdup(why);
	}
	c->wait = WAIT_NEVER;
	return LMTP_CLIENT_CLOSE;
}

/* The transaction is decided; the message is let go of. */
static LmtpClientEvent
finish(LmtpClient *c)
{
	g_clear_pointer(&c->message, g_bytes_unref);
	c->wait = WAIT_NOTHING;
	return LMTP_CLIENT_DONE;
}

/* Decided before the message was sent: take the transaction back. */
static LmtpClientEvent
give_up(LmtpClient *c, LmtpOutcome outcome)
{
	c->outcome = outcome;
	g_string_append(c->out, "RSET\r\n");
	c->wait = WAIT_RSET;
	return LMTP_CLIENT_MORE;
}

static bool
offers(const char *line, const char *keyword)
{
	const size_t n = strlen(keyword);

	return g_ascii_strncasecmp(line, keyword, n) == 0 &&
	       (line[n] == '\0' || line[n] == ' ');
}

/* RFC 5321 section 4.1.1.1: the first line names the host. */
static void
read_offers(LmtpClient *c)
{
	g_auto(GStrv) lines = g_strsplit(c->text->str, "\n", -1);

	for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
		const char *line = lines[i];

		c->pipelining |= offers(line, "PIPELINING");
		c->chunking |= offers(line, "CHUNKING");
		c->binarymime |= offers(line, "BINARYMIME");
		c->eightbit |= offers(line, "8BITMIME");
		c->size |= offers(line, "SIZE");
	}
}

/* What a reply before the message was seen stands for, if it is no yes. */
static LmtpOutcome
early_outcome(unsigned int code)
{
	if (code < 500)
		return LMTP_OUTCOME_LATER;
	return code == 552 ? LMTP_OUTCOME_REFUSED : LMTP_OUTCOME_NO_RCPT;
}

/* Whether code is an answer at all to what was said last. */
static bool
answers(Wait wait, unsigned int code)
{
	switch (wait) {
	case WAIT_MAIL:
	case WAIT_RCPT:
	case WAIT_END:
		return code == 250 || code >= 400;
	case WAIT_GO:
		return code == 354 || code >= 400;
	case WAIT_GREETING:
		return code == 220;
	case WAIT_LHLO:
	case WAIT_RSET:
		return code == 250;
	case WAIT_NOTHING:
	case WAIT_ANSWER:
	case WAIT_QUIT:
	case WAIT_NEVER:
		break;
	}
	return false;
}

static LmtpClientEvent
mail_answered(LmtpClient *c, unsigned int code)
{
	c->mail_failed = code != 250;
	c->outcome = early_outcome(code);
	if (c->mail_failed && c->rcpt != NULL)
		return give_up(c, c->outcome);
	if (c->rcpt != NULL)
		send_rcpt(c, c->rcpt);
	g_clear_pointer(&c->rcpt, g_free);
	c->wait = WAIT_RCPT;
	return LMTP_CLIENT_MORE;
}

static LmtpClientEvent
rcpt_answered(LmtpClient *c, unsigned int code)
{
	if (c->mail_failed)
		return give_up(c, c->outcome);
	if (code == 250) {
		if (c->bdat) {
			send_message(c);
		} else {
			g_string_append(c->out, "DATA\r\n");
			c->wait = WAIT_GO;
		}
		return LMTP_CLIENT_MORE;
	}
	/* A server that knows nothing of permalinks has 553 for other
	 * things, and to take one for the other would lose mail. */
	if (code == 553 && g_str_has_prefix(c->text->str, "5.1.0")) {
		c->wait = WAIT_ANSWER;
		return LMTP_CLIENT_OCCUPIED;
	}
	return give_up(c, early_outcome(code));
}

/* A whole reply is in c->text, its lines separated by LF. */
static LmtpClientEvent
take_reply(LmtpClient *c, unsigned int code)
{
	if (!answers(c->wait, code))
		return close_because(c, c->why);
	switch (c->wait) {
	case WAIT_GREETING:
		g_string_append_printf(c->out, "LHLO %s\r\n", c->host);
		c->wait = WAIT_LHLO;
		return LMTP_CLIENT_MORE;
	case WAIT_LHLO:
		read_offers(c);
		c->wait = WAIT_NOTHING;
		return LMTP_CLIENT_READY;
	case WAIT_MAIL:
		return mail_answered(c, code);
	case WAIT_RCPT:
		return rcpt_answered(c, code);
	case WAIT_GO:
		if (code != 354)
			return give_up(c, early_outcome(code));
		send_message(c);
		return LMTP_CLIENT_MORE;
	case WAIT_END:
		if (code == 250)
			c->outcome = LMTP_OUTCOME_STORED;
		else
			c->outcome = code < 500 ? LMTP_OUTCOME_LATER
						: LMTP_OUTCOME_REFUSED;
		return finish(c);
	case WAIT_RSET:
		return finish(c);
	case WAIT_NOTHING:
	case WAIT_ANSWER:
	case WAIT_QUIT:
	case WAIT_NEVER:
		break;
	}
	g_assert_not_reached();
}

/* Whether the reply at hand decides something that c->why should say:
 * not RSET's, which would hide the reply that led to it. */
static bool
is_telling(const LmtpClient *c, unsigned int code)
{
	if (c->wait == WAIT_RSET)
		return code != 250;
	return !(c->wait == WAIT_RCPT && c->mail_failed);
}

static void
remember(LmtpClient *c, unsigned int code)
{
	g_autofree char *text = text_from_octets(c->text->str, c->text->len);
	g_autofree char *line = text_squeeze(text);

	g_free(c->why);
	c->why = g_strdup_printf("%u %s", code, line);
}

/*
 * One line of a reply, without its line end: RFC 5321 section 4.2.
 * MORE where the reply goes on.
 */
static LmtpClientEvent
take_line(LmtpClient *c, const char *line, size_t len)
{
	unsigned int code = 0;
	LmtpClientEvent ev;

	for (size_t i = 0; i < 3; i++) {
		if (i >= len || !g_ascii_isdigit(line[i]))
			return close_because(c, "the server's reply is none");
		code = code * 10 + (unsigned int)(line[i] - '0');
	}
	if (code < 200 || code > 599 ||
	    (len > 3 && line[3] != ' ' && line[3] != '-'))
		return close_because(c, "the server's reply is none");
	if (++c->n_lines > LIMIT_LMTP_REPLY_LINES)
		return close_because(c, "the server's reply has no end");
	if (c->n_lines > 1)
		g_string_append_c(c->text, '\n');
	if (len > 4)
		g_string_append_len(c->text, line + 4, (gssize)(len - 4));
	if (len > 3 && line[3] == '-')
		return LMTP_CLIENT_MORE;
	if (is_telling(c, code))
		remember(c, code);
	if (code == 421)
		ev = close_because(c, c->why);
	else
		ev = take_reply(c, code);
	g_string_truncate(c->text, 0);
	c->n_lines = 0;
	return ev;
}

LmtpClientEvent
lmtp_client_feed(LmtpClient *c, const char *data, size_t len, size_t *used)
{
	*used = 0;
	while (*used < len) {
		const char *p = data + *used;
		const char *lf = memchr(p, '\n', len - *used);
		const size_t n =
		    lf != NULL ? (size_t)(lf - p) + 1 : len - *used;
		LmtpClientEvent ev;

		g_assert(c->wait != WAIT_NEVER);
		*used += n;
		if (c->in->len + n > LIMIT_LMTP_LINE_BYTES)
			return close_because(c, "the server's line has no end");
		g_string_append_len(c->in, p, (gssize)n);
		if (lf == NULL)
			break;
		g_string_truncate(c->in, c->in->len - 1);
		if (c->in->len > 0 && c->in->str[c->in->len - 1] == '\r')
			g_string_truncate(c->in, c->in->len - 1);
		ev = take_line(c, c->in->str, c->in->len);
		g_string_truncate(c->in, 0);
		if (ev != LMTP_CLIENT_MORE)
			return ev;
	}
	return LMTP_CLIENT_MORE;
}

LmtpOutcome
lmtp_client_outcome(const LmtpClient *c)
{
	return c->outcome;
}

const char *
lmtp_client_why(const LmtpClient *c)
{
	return c->why;
}

GString *
lmtp_client_out(LmtpClient *c)
{
	return c->out;
}
