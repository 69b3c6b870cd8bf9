/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/session.h"

#include "base/limits.h"
#include "lmtp/path.h"

#include <string.h>

typedef enum {
	COMMAND,     /* reading a line */
	DATA,        /* reading up to CRLF.CRLF */
	CHUNK,       /* reading s->chunk octets of BDAT */
	RCPT_DUE,    /* nothing, until RCPT is answered */
	MESSAGE_DUE, /* nothing, until the message is, for each recipient */
	CLOSED,
} State;

/* Where in a line of DATA we are (RFC 5321 section 4.1.1.4). */
typedef enum {
	BOL,    /* behind CRLF, or at the very start */
	DOT,    /* behind the dot that begins a line: not kept */
	DOT_CR, /* behind that and CR */
	MID,    /* anywhere else */
	CR,     /* behind a CR */
} Place;

struct LmtpSession {
	const LmtpLimits *limits;
	GString *out;
	State state;

	GString *line; /* of COMMAND */
	bool too_long; /* and it was */
	unsigned int n_errors;

	bool greeted;    /* LHLO came */
	char *sender;    /* MAIL came: a transaction is open */
	bool utf8;       /* with SMTPUTF8 */
	bool binary;     /* with BODY=BINARYMIME */
	char *rcpt;      /* of RCPT_DUE */
	size_t n_rcpts;  /* accepted */
	size_t answered; /* of MESSAGE_DUE */

	GByteArray *body;
	size_t held;   /* of limits->room, by this session */
	bool too_big;  /* larger than allowed: only read to its end */
	bool no_room;  /* the same, with no memory left for it */
	Place place;   /* of DATA */
	bool chunked;  /* BDAT came: no DATA any more in this transaction */
	bool refused;  /* this chunk is only to be skipped */
	bool last;     /* this chunk is the last */
	guint64 chunk; /* octets of it still to come */
	guint64 chunk_size;
};

/* Replies --------------------------------------------------------------- */

static void
say(LmtpSession *s, unsigned int code, const char *status, const char *text)
{
	gsize at = 0;

	g_string_append_printf(s->out, "%u ", code);
	if (status != NULL)
		g_string_append_printf(s->out, "%s ", status);
	at = s->out->len;
	g_string_append(s->out, text);
	for (; at < s->out->len; at++)
		if (g_ascii_iscntrl(s->out->str[at]))
			s->out->str[at] = ' ';
	g_string_append(s->out, "\r\n");
}

/* Say no to a command, and to the client if it does not stop. */
static LmtpEvent
refuse(LmtpSession *s, unsigned int code, const char *status, const char *text)
{
	say(s, code, status, text);
	if (++s->n_errors <= LIMIT_LMTP_ERRORS)
		return LMTP_MORE;
	lmtp_session_close(s, "4.7.0", "Too many errors");
	return LMTP_CLOSE;
}

/* Transactions ---------------------------------------------------------- */

static void
give_back(LmtpSession *s)
{
	if (s->limits->room != NULL)
		*s->limits->room += s->held;
	s->held = 0;
}

static void
drop_body(LmtpSession *s)
{
	g_clear_pointer(&s->body, g_byte_array_unref);
	give_back(s);
}

/* Forget the transaction.  LMTP_RESET if there was one. */
static LmtpEvent
end_transaction(LmtpSession *s)
{
	bool open = s->sender != NULL;

	drop_body(s);
	g_clear_pointer(&s->sender, g_free);
	g_clear_pointer(&s->rcpt, g_free);
	s->utf8 = s->binary = s->chunked = false;
	s->too_big = s->no_room = false;
	s->n_rcpts = s->answered = 0;
	return open ? LMTP_RESET : LMTP_MORE;
}

/* Take len bytes of the message, if there is room for them. */
static void
keep(LmtpSession *s, const char *data, size_t len)
{
	if (len == 0 || s->too_big || s->no_room)
		return;
	s->too_big = len > s->limits->message_bytes - s->body->len;
	s->no_room =
	    !s->too_big && s->limits->room != NULL && len > *s->limits->room;
	if (s->too_big || s->no_room) {
		drop_body(s);
		return;
	}
	if (s->limits->room != NULL) {
		*s->limits->room -= len;
		s->held += len;
	}
	g_byte_array_append(s->body, (const guint8 *)data, (guint)len);
}

static void
begin_body(LmtpSession *s)
{
	if (s->body == NULL)
		s->body = g_byte_array_new();
	s->place = BOL;
}

static void
say_too_big(LmtpSession *s)
{
	if (s->too_big)
		say(s, 552, "5.3.4", "Message too large");
	else
		say(s, 452, "4.3.1", "No memory left for it: try again later");
}

/* The message is there, to its end. */
static LmtpEvent
end_message(LmtpSession *s)
{
	if (!s->too_big && !s->no_room) {
		s->state = MESSAGE_DUE;
		return LMTP_MESSAGE;
	}
	s->state = COMMAND;
	for (size_t i = 0; i < s->n_rcpts; i++)
		say_too_big(s);
	return end_transaction(s);
}

/* Commands -------------------------------------------------------------- */

static LmtpEvent
do_lhlo(LmtpSession *s, const char *args)
{
	if (*args == '\0')
		return refuse(s, 501, "5.5.4", "Syntax: LHLO HOST");
	s->greeted = true;
	/* No enhanced codes here: they are only now agreed on. */
	g_string_append_printf(s->out,
	    "250-%s\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
	    "250-SIZE %zu\r\n250-ENHANCEDSTATUSCODES\r\n250-CHUNKING\r\n"
	    "250 BINARYMIME\r\n",
	    s->limits->host, s->limits->message_bytes);
	return end_transaction(s);
}

/* RFC 2033 section 4.1: neither may succeed. */
static LmtpEvent
do_helo(LmtpSession *s, const char *args)
{
	(void)args;
	return refuse(s, 500, "5.5.1", "This is LMTP: say LHLO");
}

/* What a parameter of MAIL comes to. */
typedef struct {
	bool size, body, utf8, binary;
	guint64 bytes;
} MailParams;

/* One KEY[=VALUE].  Returns NULL, or a whole reply that refuses it. */
static const char *
read_param(const char *param, MailParams *out)
{
	const char *value = strchr(param, '=');
	g_autofree char *key =
	    value != NULL ? g_strndup(param, (gsize)(value - param)) : NULL;
	const char *name = key != NULL ? key : param;
	bool *seen = NULL;
	bool good = false;

	value = value != NULL ? value + 1 : "";
	if (g_ascii_strcasecmp(name, "SIZE") == 0) {
		seen = &out->size;
		good = g_ascii_string_to_unsigned(
		    value, 10, 0, G_MAXUINT64, &out->bytes, NULL);
	} else if (g_ascii_strcasecmp(name, "BODY") == 0) {
		seen = &out->body;
		out->binary = g_ascii_strcasecmp(value, "BINARYMIME") == 0;
		good = out->binary || g_ascii_strcasecmp(value, "7BIT") == 0 ||
		       g_ascii_strcasecmp(value, "8BITMIME") == 0;
	} else if (g_ascii_strcasecmp(name, "SMTPUTF8") == 0) {
		seen = &out->utf8;
		good = key == NULL;
	} else {
		return "555 5.5.4 Unknown parameter";
	}
	if (*seen || !good)
		return "501 5.5.4 Bad parameter";
	*seen = true;
	return NULL;
}

/* "555 5.5.4 text" as three. */
static LmtpEvent
refuse_with(LmtpSession *s, const char *reply)
{
	g_auto(GStrv) words = g_strsplit(reply, " ", 3);

	return refuse(s, (unsigned int)g_ascii_strtoull(words[0], NULL, 10),
	    words[1], words[2]);
}

/* All parameters at p.  Returns NULL, or a reply that refuses one. */
static const char *
read_params(const char *p, MailParams *out)
{
	g_auto(GStrv) params = g_strsplit(p, " ", -1);
	const char *no = NULL;

	if (*p != '\0' && *p != ' ')
		return "501 5.5.4 Syntax: MAIL FROM:<ADDRESS> [PARAMETERS]";
	for (char **param = params; *param != NULL && no == NULL; param++)
		if (**param != '\0')
			no = read_param(*param, out);
	return no;
}

/* Behind word (any case) and spaces, or NULL. */
static const char *
skip_word(const char *p, const char *word)
{
	if (g_ascii_strncasecmp(p, word, strlen(word)) != 0)
		return NULL;
	p += strlen(word);
	return p + strspn(p, " ");
}

static LmtpEvent
do_mail(LmtpSession *s, const char *args)
{
	const char *p = skip_word(args, "FROM:"), *no = NULL;
	g_autofree char *sender = p != NULL ? lmtp_path_read(&p) : NULL;
	MailParams params = {0};

	if (!s->greeted)
		return refuse(s, 503, "5.5.1", "LHLO first");
	if (s->sender != NULL)
		return refuse(s, 503, "5.5.1", "A transaction is open: RSET");
	if (p == NULL)
		return refuse(s, 501, "5.5.4", "Syntax: MAIL FROM:<ADDRESS>");
	if (sender == NULL)
		return refuse(s, 501, "5.1.7", "That is no address");
	no = read_params(p, &params);
	if (no != NULL)
		return refuse_with(s, no);
	if (lmtp_path_is_utf8(sender) && !params.utf8)
		return refuse(s, 553, "5.6.7", "Address needs SMTPUTF8");
	if (params.bytes > s->limits->message_bytes)
		return refuse(s, 552, "5.3.4", "Message too large");
	s->sender = g_steal_pointer(&sender);
	s->utf8 = params.utf8;
	s->binary = params.binary;
	say(s, 250, "2.1.0", "Sender accepted");
	return LMTP_MORE;
}

static LmtpEvent
do_rcpt(LmtpSession *s, const char *args)
{
	const char *p = skip_word(args, "TO:");
	g_autofree char *rcpt = p != NULL ? lmtp_path_read(&p) : NULL;

	if (s->sender == NULL)
		return refuse(s, 503, "5.5.1", "MAIL first");
	if (s->chunked)
		return refuse(s, 503, "5.5.1", "BDAT has begun");
	if (p == NULL)
		return refuse(s, 501, "5.5.4", "Syntax: RCPT TO:<ADDRESS>");
	if (rcpt == NULL || *rcpt == '\0')
		return refuse(s, 501, "5.1.3", "That is no address");
	if (*p != '\0')
		return refuse(s, 555, "5.5.4", "RCPT has no parameters here");
	if (lmtp_path_is_utf8(rcpt) && !s->utf8)
		return refuse(s, 553, "5.6.7", "Address needs SMTPUTF8");
	if (s->n_rcpts >= LIMIT_LMTP_RCPTS)
		return refuse(s, 452, "4.5.3", "Too many recipients");
	s->rcpt = g_steal_pointer(&rcpt);
	s->state = RCPT_DUE;
	return LMTP_RCPT;
}

static LmtpEvent
do_data(LmtpSession *s, const char *args)
{
	if (*args != '\0')
		return refuse(s, 501, "5.5.4", "Syntax: DATA");
	if (s->sender == NULL)
		return refuse(s, 503, "5.5.1", "MAIL first");
	/* RFC 2033 section 4.2. */
	if (s->n_rcpts == 0)
		return refuse(s, 503, "5.5.1", "No recipient was accepted");
	/* RFC 3030 sections 2 and 3. */
	if (s->chunked || s->binary)
		return refuse(s, 503, "5.5.1", "Only BDAT here");
	say(s, 354, NULL, "Go ahead, and end with <CRLF>.<CRLF>");
	begin_body(s);
	s->state = DATA;
	return LMTP_MORE;
}

/* "SIZE [LAST]", both in any amount of spaces. */
static bool
read_bdat(const char *args, guint64 *size, bool *last)
{
	char *end = NULL;

	if (!g_ascii_isdigit(*args))
		return false;
	*size = g_ascii_strtoull(args, &end, 10);
	if (*size > G_MAXINT64)
		return false;
	*last = *end == ' ';
	return *end == '\0' ||
	       (*last &&
		   g_ascii_strcasecmp(end + strspn(end, " "), "LAST") == 0);
}

/*
 * RFC 3030.  The octets follow whatever we think of the command, so the
 * answer waits until they were skipped.  A size that can't be read leaves
 * no way to tell octets from commands: the connection ends.
 */
static LmtpEvent
do_bdat(LmtpSession *s, const char *args)
{
	if (!read_bdat(args, &s->chunk_size, &s->last)) {
		say(s, 501, "5.5.4", "Syntax: BDAT SIZE [LAST]; closing");
		s->state = CLOSED;
		return LMTP_CLOSE;
	}
	s->refused = s->n_rcpts == 0;
	if (!s->refused)
		begin_body(s);
	/* Refused too: no later recipient may get the rest alone. */
	s->chunked = s->sender != NULL;
	s->chunk = s->chunk_size;
	s->state = CHUNK;
	return LMTP_MORE;
}

static LmtpEvent
do_rset(LmtpSession *s, const char *args)
{
	if (*args != '\0')
		return refuse(s, 501, "5.5.4", "Syntax: RSET");
	say(s, 250, "2.0.0", "Forgotten");
	return end_transaction(s);
}

static LmtpEvent
do_noop(LmtpSession *s, const char *args)
{
	(void)args;
	say(s, 250, "2.0.0", "Done: nothing");
	return LMTP_MORE;
}

static LmtpEvent
do_vrfy(LmtpSession *s, const char *args)
{
	if (*args == '\0')
		return refuse(s, 501, "5.5.4", "Syntax: VRFY ADDRESS");
	say(s, 252, "2.0.0", "Ask with RCPT");
	return LMTP_MORE;
}

static LmtpEvent
do_expn(LmtpSession *s, const char *args)
{
	(void)args;
	return refuse(s, 502, "5.5.1", "Not here");
}

static LmtpEvent
do_help(LmtpSession *s, const char *args)
{
	(void)args;
	say(s, 214, "2.0.0", "LMTP (RFC 2033): LHLO MAIL RCPT DATA BDAT RSET");
	return LMTP_MORE;
}

static LmtpEvent
do_quit(LmtpSession *s, const char *args)
{
	if (*args != '\0')
		return refuse(s, 501, "5.5.4", "Syntax: QUIT");
	say(s, 221, "2.0.0", "Bye");
	s->state = CLOSED;
	return LMTP_CLOSE;
}

static const struct {
	const char *verb;
	LmtpEvent (*run)(LmtpSession *s, const char *args);
} commands[] = {
    {"RCPT", do_rcpt},
    {"MAIL", do_mail},
    {"DATA", do_data},
    {"BDAT", do_bdat},
    {"RSET", do_rset},
    {"LHLO", do_lhlo},
    {"QUIT", do_quit},
    {"NOOP", do_noop},
    {"VRFY", do_vrfy},
    {"HELP", do_help},
    {"EXPN", do_expn},
    {"HELO", do_helo},
    {"EHLO", do_helo},
};

static bool
has_control(const GString *line)
{
	for (gsize i = 0; i < line->len; i++)
		if (g_ascii_iscntrl(line->str[i]))
			return true;
	return false;
}

/* Run the line in s->line, which ended in CRLF or not. */
static LmtpEvent
run_line(LmtpSession *s, bool crlf)
{
	char *text = s->line->str;
	gsize n = 0;

	if (s->too_long)
		return refuse(s, 500, "5.5.2", "Line too long");
	if (!crlf || has_control(s->line))
		return refuse(
		    s, 500, "5.5.2", "A line is text that ends in CRLF");
	g_strchomp(text);
	n = strcspn(text, " ");
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (n == strlen(commands[i].verb) &&
		    g_ascii_strncasecmp(text, commands[i].verb, n) == 0)
			return commands[i].run(
			    s, text + n + strspn(text + n, " "));
	return refuse(s, 500, "5.5.1", "Unknown command");
}

/* Input ----------------------------------------------------------------- */

/*
 * Up to and with the next LF.  A line that ends in a bare LF is refused,
 * not run: its end is no secret to us, but may be one to a filter between
 * the client and us.
 */
static size_t
take_line(LmtpSession *s, const char *data, size_t len, LmtpEvent *ev)
{
	const char *lf = memchr(data, '\n', len);
	size_t n = lf != NULL ? (size_t)(lf - data) + 1 : len;
	bool crlf = false;

	if (n > LIMIT_LMTP_LINE_BYTES - s->line->len)
		s->too_long = true;
	if (!s->too_long)
		g_string_append_len(s->line, data, (gssize)n);
	if (lf == NULL)
		return n;
	crlf = s->line->len >= 2 && s->line->str[s->line->len - 2] == '\r';
	g_string_truncate(
	    s->line, s->line->len - MIN(s->line->len, crlf ? 2 : 1));
	*ev = run_line(s, crlf);
	g_string_truncate(s->line, 0);
	s->too_long = false;
	return n;
}

/* Take all from data up to and with the next CR, in the middle of a line. */
static size_t
take_text(LmtpSession *s, const char *data, size_t len)
{
	const char *cr = memchr(data, '\r', len);
	size_t n = cr != NULL ? (size_t)(cr - data) + 1 : len;

	keep(s, data, n);
	s->place = cr != NULL ? CR : MID;
	return n;
}

/*
 * Only CRLF.CRLF ends a message; bare CR and bare LF are its own bytes.
 * One dot at the beginning of a line goes.
 */
static size_t
take_data(LmtpSession *s, const char *data, size_t len, LmtpEvent *ev)
{
	switch (s->place) {
	case BOL:
		if (*data != '.')
			return take_text(s, data, len);
		s->place = DOT;
		return 1;
	case DOT:
		if (*data != '\r')
			return take_text(s, data, len);
		s->place = DOT_CR;
		return 1;
	case DOT_CR:
		if (*data == '\n') {
			*ev = end_message(s);
			return 1;
		}
		/* The dot goes, the CR was text. */
		keep(s, "\r", 1);
		s->place = CR;
		return 0;
	case CR:
		if (*data != '\n')
			return take_text(s, data, len);
		keep(s, data, 1);
		s->place = BOL;
		return 1;
	case MID:
		break;
	}
	return take_text(s, data, len);
}

/* All octets of a chunk have come, and perhaps been skipped. */
static LmtpEvent
end_chunk(LmtpSession *s)
{
	g_autofree char *text = NULL;

	s->state = COMMAND;
	/* RFC 2033 section 4.3: one reply a recipient, of which there is
	 * none. */
	if (s->refused && s->last)
		return end_transaction(s);
	if (s->refused)
		return refuse(s, 503, "5.5.1", "No recipient was accepted");
	if (s->last)
		return end_message(s);
	if (s->too_big || s->no_room) {
		say_too_big(s);
		return LMTP_MORE;
	}
	text = g_strdup_printf("%" G_GUINT64_FORMAT " octets", s->chunk_size);
	say(s, 250, "2.0.0", text);
	return LMTP_MORE;
}

static size_t
take_chunk(LmtpSession *s, const char *data, size_t len)
{
	size_t n = (size_t)MIN((guint64)len, s->chunk);

	if (!s->refused)
		keep(s, data, n);
	s->chunk -= n;
	return n;
}

static LmtpEvent
take(LmtpSession *s, const char *data, size_t len, size_t *used)
{
	LmtpEvent ev = LMTP_MORE;

	switch (s->state) {
	case COMMAND:
		*used += take_line(s, data, len, &ev);
		break;
	case DATA:
		*used += take_data(s, data, len, &ev);
		break;
	case CHUNK:
		*used += take_chunk(s, data, len);
		break;
	case RCPT_DUE:
	case MESSAGE_DUE:
	case CLOSED:
		g_assert_not_reached();
	}
	/* Here and not where it is read: a chunk may be of no octets. */
	if (s->state == CHUNK && s->chunk == 0)
		ev = end_chunk(s);
	return ev;
}

LmtpEvent
lmtp_session_feed(LmtpSession *s, const char *data, size_t len, size_t *used)
{
	LmtpEvent ev = LMTP_MORE;

	*used = 0;
	while (ev == LMTP_MORE && *used < len && s->state != RCPT_DUE &&
	       s->state != MESSAGE_DUE && s->state != CLOSED)
		ev = take(s, data + *used, len - *used, used);
	return s->state == CLOSED ? LMTP_CLOSE : ev;
}

/* The rest of the interface --------------------------------------------- */

LmtpSession *
lmtp_session_new(const LmtpLimits *limits)
{
	LmtpSession *s = g_new0(LmtpSession, 1);

	s->limits = limits;
	s->out = g_string_new(NULL);
	s->line = g_string_new(NULL);
	g_string_append_printf(s->out, "220 %s LMTP felid\r\n", limits->host);
	return s;
}

void
lmtp_session_free(LmtpSession *s)
{
	if (s == NULL)
		return;
	end_transaction(s);
	g_string_free(s->out, TRUE);
	g_string_free(s->line, TRUE);
	g_free(s);
}

const char *
lmtp_session_rcpt(const LmtpSession *s)
{
	g_assert(s->state == RCPT_DUE);
	return s->rcpt;
}

const char *
lmtp_session_sender(const LmtpSession *s)
{
	g_assert(s->sender != NULL);
	return s->sender;
}

GBytes *
lmtp_session_message(LmtpSession *s)
{
	g_assert(s->state == MESSAGE_DUE && s->body != NULL);
	return g_byte_array_free_to_bytes(g_steal_pointer(&s->body));
}

size_t
lmtp_session_n_rcpts(const LmtpSession *s)
{
	return s->n_rcpts;
}

void
lmtp_session_reply(
    LmtpSession *s, unsigned int code, const char *status, const char *text)
{
	g_assert(s->state == RCPT_DUE || s->state == MESSAGE_DUE);
	say(s, code, status, text);
	if (s->state == RCPT_DUE) {
		g_clear_pointer(&s->rcpt, g_free);
		s->n_rcpts += code < 300;
		s->state = COMMAND;
	} else if (++s->answered == s->n_rcpts) {
		end_transaction(s);
		s->n_errors = 0;
		s->state = COMMAND;
	}
}

void
lmtp_session_close(LmtpSession *s, const char *status, const char *text)
{
	g_assert(s->state != MESSAGE_DUE);
	if (s->state != CLOSED)
		say(s, 421, status, text);
	s->state = CLOSED;
}

GString *
lmtp_session_out(LmtpSession *s)
{
	return s->out;
}
