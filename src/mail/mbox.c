/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/mbox.h"

#include "base/date.h"
#include "base/limits.h"

#include <string.h>

/* The senders in From lines that mbox_write makes. */
#define OURS "mboxrd@z"
#define OURS_NO_NEWLINE "no-final-newline"

/* Every line that matters has this in it; a "From:" field has not. */
#define FROM "From "
#define FROM_LEN (sizeof FROM - 1)

/* Bytes of the date in a From line of ours. */
#define DATE_LEN (sizeof "Thu Jan  1 00:00:00 1970" - 1)

/* What some programs put before all text, in UTF-8. */
#define BOM "\xef\xbb\xbf"

/* Bytes before the scan that SKIPPING keeps: a line end and an empty
 * line, CRLF both. */
#define LOOK_BACK 8u

typedef enum {
	AT_START,   /* of the file: nothing is known of it */
	AT_HEADER,  /* of a message, looking for Content-Length */
	AT_LENGTH,  /* waiting for the bytes around where it leads */
	IN_MESSAGE, /* looking for the From line that ends it */
	SKIPPING,   /* the same for one that is too long, keeping nothing */
	AT_END,     /* of the file, all given out */
} State;

/* A From line, read. */
typedef struct {
	size_t len; /* with its line end */
	int64_t date;
	size_t notes, notes_len; /* in the line; 0: none */
	bool has_date, ours, no_newline, crlf;
} FromLine;

typedef enum { IS_FROM, IS_TEXT, IS_CUT /* more bytes are needed */ } Line;

struct MboxReader {
	size_t max;
	State state;
	bool eof;
	bool whole;   /* the file is one message */
	bool undated; /* the file's first From line has no date */

	GByteArray *buf; /* of which all before msg is done with */
	size_t msg;      /* where the message at hand begins */
	uint64_t off;    /* of buf's first byte in the file */

	/* The message at hand; positions count from msg. */
	FromLine from;
	uint64_t from_off;
	uint64_t begin; /* its own offset in the file */
	unsigned int guess, n_from;
	char *notes;
	size_t head;       /* header lines before this were looked at */
	int64_t length;    /* its Content-Length, or -1 */
	size_t length_end; /* where that leads, or 0: not believed */
	size_t scan;       /* bytes before this were looked at */
	GArray *quotes;    /* size_t: each ">" to be taken out */

	char *given; /* notes of the message that was given out last */
};

/* Lines ------------------------------------------------------------------ */

static bool
begins_with(const char *p, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && memcmp(p, word, n) == 0;
}

static bool
is_name_of(const char *p, const char *names)
{
	for (; *names != '\0'; names += 3)
		if (memcmp(p, names, 3) == 0)
			return true;
	return false;
}

/*
 * Where in a From line of len bytes the date begins: "Thu Jan " after a
 * space, the last of them, since a sender may be called anything.
 * Returns false if there is none.
 */
static bool
find_date(const char *line, size_t len, size_t *at)
{
	for (size_t i = len; i-- > FROM_LEN - 1;) {
		const char *p = line + i;

		if (*p != ' ' || len - i < sizeof " Thu Jan 1")
			continue;
		if (!is_name_of(p + 1, "MonTueWedThuFriSatSun"))
			continue;
		if (p[4] != ' ' ||
		    !is_name_of(p + 5, "JanFebMarAprMayJunJulAugSepOctNovDec"))
			continue;
		*at = i + 1;
		return true;
	}
	return false;
}

/* Length of the line without the "remote from HOST" of UUCP. */
static size_t
without_remote(const char *line, size_t len)
{
	static const char remote[] = " remote from ";
	const char *p = memmem(line, len, remote, sizeof remote - 1);

	return p == NULL ? len : (size_t)(p - line);
}

/* Read the line at p, of which len bytes are there, as a From line. */
static Line
read_from_line(const char *p, size_t len, bool eof, FromLine *f)
{
	const char *nl = memchr(p, '\n', MIN(len, LIMIT_FROM_LINE_BYTES));
	size_t end = nl != NULL ? (size_t)(nl - p) : len, at = 0;

	if (!begins_with(p, len, FROM))
		return len < FROM_LEN && !eof && memcmp(p, FROM, len) == 0
			   ? IS_CUT
			   : IS_TEXT;
	if (nl == NULL && len < LIMIT_FROM_LINE_BYTES && !eof)
		return IS_CUT;
	if (nl == NULL && len >= LIMIT_FROM_LINE_BYTES)
		return IS_TEXT;

	*f = (FromLine){.len = nl != NULL ? end + 1 : end};
	if (end > 0 && p[end - 1] == '\r') {
		f->crlf = true;
		end--;
	}
	end = without_remote(p, end);
	while (end > FROM_LEN && p[end - 1] == ' ')
		end--;
	f->ours = begins_with(p + FROM_LEN, end - FROM_LEN, OURS " ");
	f->no_newline =
	    begins_with(p + FROM_LEN, end - FROM_LEN, OURS_NO_NEWLINE " ");
	f->has_date = find_date(p, end, &at);
	if (f->has_date && (f->ours || f->no_newline) && end - at > DATE_LEN &&
	    p[at + DATE_LEN] == ' ') {
		f->notes = at + DATE_LEN + 1;
		f->notes_len = end - f->notes;
		end = at + DATE_LEN;
	}
	f->has_date =
	    f->has_date && date_parse_asctime(p + at, end - at, &f->date);
	return IS_FROM;
}

/* Whether the line at p is a header field; IS_FROM means that it is. */
static Line
read_field(const char *p, size_t len, bool eof)
{
	size_t i = 0, max = MIN(len, LIMIT_FROM_LINE_BYTES);

	while (i < max && p[i] > ' ' && p[i] < 127 && p[i] != ':')
		i++;
	if (i == 0 && len > 0)
		return IS_TEXT;
	while (i < max && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i < max)
		return p[i] == ':' ? IS_FROM : IS_TEXT;
	return eof || max == LIMIT_FROM_LINE_BYTES ? IS_TEXT : IS_CUT;
}

/* How many bytes of the len at p are an empty line that ends them: 0 for
 * none.  CRLF counts as one only where the From lines end so. */
static size_t
empty_line_at_end(const char *p, size_t len, bool crlf)
{
	size_t n = 1;

	if (len == 0 || p[len - 1] != '\n')
		return 0;
	if (crlf && len >= 2 && p[len - 2] == '\r')
		n = 2;
	return len == n || p[len - n - 1] == '\n' ? n : 0;
}

/* The reader's buffer ------------------------------------------------------ */

MboxReader *
mbox_reader_new(size_t max_message)
{
	MboxReader *r = g_new0(MboxReader, 1);

	/* GByteArray counts in 32 bits. */
	r->max = MIN(max_message, G_MAXUINT32 / 4);
	r->buf = g_byte_array_new();
	r->quotes = g_array_new(FALSE, FALSE, sizeof(size_t));
	return r;
}

void
mbox_reader_free(MboxReader *r)
{
	if (r == NULL)
		return;
	g_byte_array_unref(r->buf);
	g_array_unref(r->quotes);
	g_free(r->notes);
	g_free(r->given);
	g_free(r);
}

void
mbox_reader_feed(MboxReader *r, const char *data, size_t len)
{
	g_assert(!r->eof);
	g_assert(len <= G_MAXUINT32 - r->buf->len);

	if (len == 0) {
		r->eof = true;
		return;
	}
	/* The rest of a message is moved at most once for each time that
	 * as many bytes were read: linear over the file. */
	if (r->msg > r->buf->len / 2) {
		g_byte_array_remove_range(r->buf, 0, (unsigned int)r->msg);
		r->off += r->msg;
		r->msg = 0;
	}
	g_byte_array_append(r->buf, (const guint8 *)data, (unsigned int)len);
}

static const char *
bytes_at(const MboxReader *r, size_t pos)
{
	return (const char *)r->buf->data + r->msg + pos;
}

/* Bytes of the message at hand, and behind it, that are there. */
static size_t
available(const MboxReader *r)
{
	return r->buf->len - r->msg;
}

/* Whether mbox_write made it: what stands behind it is mboxrd for certain. */
static bool
is_ours(const FromLine *f)
{
	return f->ours || f->no_newline;
}

/* The message at hand ended; the next one begins pos bytes on, behind a
 * From line of from->len bytes (0: without one). */
static void
begin_message(MboxReader *r, size_t pos, const FromLine *from)
{
	g_free(r->notes);
	r->notes =
	    from->notes_len == 0
		? NULL
		: g_strndup(bytes_at(r, pos + from->notes), from->notes_len);
	r->from_off = r->off + r->msg + pos;
	r->from = *from;
	r->msg += pos + from->len;
	r->begin = r->off + r->msg;
	r->guess = from->len > 0 && !from->has_date ? MBOX_NO_DATE : 0;
	r->n_from = 0;
	r->head = r->scan = r->length_end = 0;
	r->length = -1;
	g_array_set_size(r->quotes, 0);
	/* In files of ours a Content-Length is the sender's word, and could
	 * swallow the messages behind it. */
	r->state = is_ours(from) || r->whole ? IN_MESSAGE : AT_HEADER;
}

/* Giving out --------------------------------------------------------------- */

/* The first len bytes of the message at hand, less the quotes. */
static GBytes *
unquoted(const MboxReader *r, size_t len)
{
	const size_t *quote = (const size_t *)(const void *)r->quotes->data;
	size_t n = r->quotes->len, from = 0, done = 0;

	if (len == 0)
		return g_bytes_new_static("", 0);
	if (n == 0)
		return g_bytes_new(bytes_at(r, 0), len);
	char *out = g_malloc(len);

	for (size_t i = 0; i < n && quote[i] < len; i++) {
		memcpy(out + done, bytes_at(r, from), quote[i] - from);
		done += quote[i] - from;
		from = quote[i] + 1;
	}
	memcpy(out + done, bytes_at(r, from), len - from);
	return g_bytes_new_take(out, done + len - from);
}

/* How long the message is that ends, with all that is the mailbox's, at
 * end; last: at the end of the file. */
static size_t
own_length(MboxReader *r, size_t end, bool last)
{
	size_t empty, len = end;

	if (r->whole)
		return end;
	if (r->length_end > 0 && bytes_at(r, r->length_end)[-1] == '\n')
		return r->length_end;
	empty = empty_line_at_end(bytes_at(r, 0), end, r->from.crlf);
	if (empty == 0 && !last)
		r->guess |= MBOX_NO_BLANK_LINE;
	len -= empty;
	if (r->from.no_newline && len > 0 && bytes_at(r, len)[-1] == '\n') {
		len--;
		if (r->from.crlf && len > 0 && bytes_at(r, len)[-1] == '\r')
			len--;
	}
	return len;
}

/* Give out the message that ends at end, where next begins (NULL: the end
 * of the file). */
static void
end_message(MboxReader *r, size_t end, const FromLine *next, MboxMsg *m)
{
	const FromLine none = {0};
	size_t len = own_length(r, end, next == NULL);

	if (r->state == SKIPPING || len > r->max + r->quotes->len)
		r->guess |= MBOX_TOO_LONG;
	*m = (MboxMsg){.off = r->from_off,
	    .size = r->off + r->msg + end - r->begin,
	    .from_date = r->from.has_date ? r->from.date : 0,
	    .n_from = r->n_from,
	    .guess = r->guess};
	g_free(r->given);
	m->notes = r->given = g_steal_pointer(&r->notes);
	if (!(r->guess & MBOX_TOO_LONG))
		m->raw = unquoted(r, len);
	begin_message(r, end, next != NULL ? next : &none);
	if (next == NULL)
		r->state = AT_END;
}

/* Content-Length ----------------------------------------------------------- */

/* The number in a Content-Length field (more than max: max + 1), or -1
 * where the line of len bytes is none. */
static int64_t
read_length(const char *p, size_t len, size_t max)
{
	static const char name[] = "content-length";
	size_t i = sizeof name - 1;
	int64_t n = 0;
	bool digits = false;

	if (len < i || g_ascii_strncasecmp(p, name, i) != 0)
		return -1;
	while (i < len && (p[i] == ' ' || p[i] == '\t'))
		i++;
	if (i == len || p[i++] != ':')
		return -1;
	while (i < len && (p[i] == ' ' || p[i] == '\t'))
		i++;
	for (; i < len && g_ascii_isdigit(p[i]); i++) {
		digits = true;
		n = MIN(n * 10 + (p[i] - '0'), (int64_t)max + 1);
	}
	return digits ? n : -1;
}

/* Look for a Content-Length through the header, which ends the message's
 * AT_HEADER.  Returns false if it needs more bytes. */
static bool
scan_header(MboxReader *r)
{
	while (r->head < LIMIT_HEADER_BYTES) {
		const char *p = bytes_at(r, r->head);
		size_t left = available(r) - r->head, len;
		const char *nl = memchr(p, '\n', left);

		if (nl == NULL && !r->eof && left < LIMIT_HEADER_BYTES)
			return false;
		if (nl == NULL || (*p == 'F' && begins_with(p, left, FROM)))
			break;
		len = (size_t)(nl - p);
		r->head += len + 1;
		if (len == 0 || (len == 1 && *p == '\r')) {
			r->state = r->length >= 0 ? AT_LENGTH : IN_MESSAGE;
			return true;
		}
		if ((*p == 'C' || *p == 'c') && r->length < 0)
			r->length = read_length(p, len, r->max);
	}
	r->state = IN_MESSAGE;
	return true;
}

/*
 * Whether at pos, or after one line end or two, stands a From line (then
 * in *next; its len is 0 at the end of the file).  *end is where.
 */
static bool
leads_somewhere(const MboxReader *r, size_t pos, size_t *end, FromLine *next)
{
	size_t len = available(r);

	for (int i = 0; i < 3 && pos <= len; i++) {
		const char *p = bytes_at(r, pos);

		*end = pos;
		*next = (FromLine){0};
		if (pos == len)
			return true;
		if (p[-1] == '\n' &&
		    read_from_line(p, len - pos, true, next) == IS_FROM &&
		    next->has_date)
			return true;
		if (begins_with(p, len - pos, "\r\n"))
			pos += 2;
		else if (*p == '\n')
			pos++;
		else
			break;
	}
	return false;
}

/* The message -------------------------------------------------------------- */

/* What stands at a "From ". */
typedef enum { HIT_NONE, HIT_LINE, HIT_QUOTE, HIT_WORD } Hit;

/* The next "From " in the message at hand before end: in *at where it
 * is, or for a quoted one where its first ">" is. */
static Hit
next_hit(MboxReader *r, size_t end, size_t *at)
{
	const char *base = bytes_at(r, 0);
	const char *p = r->scan < end ? memmem(base + r->scan, end - r->scan,
					    FROM, FROM_LEN)
				      : NULL;

	if (p == NULL)
		return HIT_NONE;
	*at = (size_t)(p - base);
	r->scan = *at + FROM_LEN;
	if (*at == 0 || p[-1] == '\n')
		return HIT_LINE;
	if (p[-1] != '>')
		return HIT_WORD;
	while (*at > 0 && base[*at - 1] == '>')
		--*at;
	return *at == 0 || base[*at - 1] == '\n' ? HIT_QUOTE : HIT_WORD;
}

/* Have the line whose ">"s begin at pos, and which was the last hit, lose one
 * of them. */
static void
unquote(MboxReader *r, size_t pos)
{
	g_array_append_val(r->quotes, pos);
	if (r->scan - FROM_LEN - pos > 1 && !is_ours(&r->from))
		r->guess |= MBOX_QUOTED_TWICE;
}

/* Whether the line "From " at pos ends the message at hand. */
static Line
is_separator(const MboxReader *r, size_t pos, FromLine *f)
{
	size_t left = available(r) - pos;
	Line line = read_from_line(bytes_at(r, pos), left, r->eof, f);

	if (line != IS_FROM || f->has_date)
		return line;
	if (!r->undated ||
	    empty_line_at_end(bytes_at(r, 0), pos, r->from.crlf) == 0)
		return IS_TEXT;
	return read_field(bytes_at(r, pos + f->len), left - f->len, r->eof);
}

/* Follow the Content-Length of the message at hand, and give the message
 * out if that leads somewhere.  Returns false if it does not, or needs
 * more bytes (then the state stays). */
static bool
by_length(MboxReader *r, MboxMsg *m)
{
	size_t pos = r->head + (size_t)r->length, end = 0, at = 0;
	FromLine next;
	Hit hit;

	if (r->length <= (int64_t)r->max && !r->eof &&
	    available(r) < pos + 2 * strlen("\r\n") + LIMIT_FROM_LINE_BYTES)
		return false;
	r->state = IN_MESSAGE;
	if (r->length > (int64_t)r->max ||
	    !leads_somewhere(r, pos, &end, &next)) {
		r->guess |= MBOX_BAD_LENGTH;
		return false;
	}
	while ((hit = next_hit(r, pos, &at)) != HIT_NONE) {
		if (hit == HIT_QUOTE)
			unquote(r, at);
		else if (hit == HIT_LINE)
			r->n_from++;
	}
	/* mboxcl2 quotes nothing. */
	if (r->n_from > 0) {
		r->guess |= MBOX_UNQUOTED_FROM;
		r->guess &= ~(unsigned int)MBOX_QUOTED_TWICE;
		g_array_set_size(r->quotes, 0);
	}
	r->length_end = pos;
	end_message(r, end, next.len > 0 ? &next : NULL, m);
	return true;
}

/* More bytes are needed: let go of what need not be kept of a message
 * that is too long, and find out whether this one is. */
static void
give_up_bytes(MboxReader *r)
{
	if (available(r) >
	    r->max + r->quotes->len + LOOK_BACK + LIMIT_FROM_LINE_BYTES)
		r->state = SKIPPING;
	if (r->state == SKIPPING && r->scan > LOOK_BACK) {
		r->msg += r->scan - LOOK_BACK;
		r->scan = LOOK_BACK;
	}
}

/* Look for the end of the message at hand. */
static bool
by_from_line(MboxReader *r, MboxMsg *m)
{
	size_t at = 0;
	FromLine next;
	Line line;
	Hit hit = HIT_NONE;

	while (
	    !r->whole && (hit = next_hit(r, available(r), &at)) != HIT_NONE) {
		if (hit == HIT_QUOTE && r->state != SKIPPING)
			unquote(r, at);
		if (hit != HIT_LINE)
			continue;
		line = is_separator(r, at, &next);
		if (line == IS_FROM) {
			end_message(r, at, &next, m);
			return true;
		}
		if (line == IS_CUT) {
			r->scan = at;
			give_up_bytes(r);
			return false;
		}
		r->guess |= MBOX_UNQUOTED_FROM;
		r->n_from++;
	}
	if (r->eof) {
		end_message(r, available(r), NULL, m);
		return true;
	}
	r->scan = MAX(r->scan, available(r) - MIN(available(r), FROM_LEN - 1));
	give_up_bytes(r);
	return false;
}

/* Bytes at the file's start that are no message's: a byte order mark and
 * empty lines.  *bom is how many of them are the mark. */
static size_t
leading_bytes(const MboxReader *r, size_t *bom)
{
	size_t n = 0, len = MIN(available(r), LIMIT_FROM_LINE_BYTES);

	*bom = begins_with(bytes_at(r, 0), len, BOM) ? strlen(BOM) : 0;
	for (n = *bom; n < len; n++)
		if (*bytes_at(r, n) != '\n' && *bytes_at(r, n) != '\r')
			break;
	return n;
}

/* Find out what the file begins with.  Returns false if it needs more
 * bytes, or there are none. */
static bool
at_start(MboxReader *r)
{
	size_t n = 0, bom = 0, len = available(r);
	FromLine from = {0};
	Line line;

	if (len < strlen(BOM) && !r->eof)
		return false;
	n = len > 0 ? leading_bytes(r, &bom) : 0;
	if (n == len && n < LIMIT_FROM_LINE_BYTES) {
		r->state = r->eof ? AT_END : AT_START;
		return false;
	}
	line = read_from_line(bytes_at(r, n), len - n, r->eof, &from);
	if (line == IS_FROM) {
		r->undated = !from.has_date;
		begin_message(r, n, &from);
		return true;
	}
	if (line != IS_CUT)
		line = n > bom ? IS_TEXT
			       : read_field(bytes_at(r, n), len - n, r->eof);
	if (line == IS_CUT)
		return false;
	r->whole = line == IS_FROM;
	begin_message(r, 0, &from);
	r->guess = MBOX_NO_FROM_LINE;
	return true;
}

bool
mbox_reader_next(MboxReader *r, MboxMsg *m)
{
	if (r->state == AT_START && !at_start(r))
		return false;
	if (r->state == AT_HEADER && !scan_header(r))
		return false;
	if (r->state == AT_LENGTH && by_length(r, m))
		return true;
	if (r->state == IN_MESSAGE || r->state == SKIPPING)
		return by_from_line(r, m);
	return false;
}

/* Writing ------------------------------------------------------------------ */

/* Where, from scan on, the next line of ">"s and "From " has its "From ",
 * or NULL. */
static const char *
next_from(const char *data, const char *scan, const char *end)
{
	while ((scan = memmem(scan, (size_t)(end - scan), FROM, FROM_LEN)) !=
	       NULL) {
		const char *p = scan;

		while (p > data && p[-1] == '>')
			p--;
		if (p == data || p[-1] == '\n')
			return p;
		scan += FROM_LEN;
	}
	return NULL;
}

void
mbox_begin(GString *out, bool newline, int64_t date, const char *notes)
{
	g_autofree char *text = date_format_asctime(date);

	g_assert(notes == NULL || strlen(notes) <= LIMIT_MBOX_NOTES_BYTES);
	g_string_append_printf(out, FROM "%s %s%s%s\n",
	    newline ? OURS : OURS_NO_NEWLINE, text, notes != NULL ? " " : "",
	    notes != NULL ? notes : "");
}

/* Take the octet c of a line's beginning: a ">" more among others is the
 * same wherever it stands. */
static void
quote_octet(MboxQuote *q, GString *out, char c)
{
	if (c == FROM[q->n_matched]) {
		q->n_matched++;
		if (q->n_matched < FROM_LEN)
			return;
		g_string_append(out, ">" FROM);
		q->n_matched = 0;
		q->in_line = true;
		return;
	}
	if (c != '>' || q->n_matched > 0)
		q->in_line = c != '\n';
	g_string_append_len(out, FROM, (gssize)q->n_matched);
	g_string_append_c(out, c);
	q->n_matched = 0;
}

void
mbox_quote(MboxQuote *q, GString *out, const char *data, size_t len)
{
	const char *p = data, *end = data + len;

	while (p < end) {
		if (!q->in_line) {
			quote_octet(q, out, *p++);
			continue;
		}
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl != NULL ? nl + 1 : end;

		g_string_append_len(out, p, stop - p);
		q->in_line = nl == NULL;
		p = stop;
	}
}

void
mbox_end(const MboxQuote *q, GString *out, bool newline)
{
	g_string_append_len(out, FROM, (gssize)q->n_matched);
	g_string_append(out, newline ? "\n" : "\n\n");
}

void
mbox_write(GString *out, GBytes *raw, int64_t date, const char *notes)
{
	gsize len = g_bytes_get_size(raw);
	const char *data = len > 0 ? g_bytes_get_data(raw, NULL) : "";
	const char *p = data, *end = data + len, *quote;
	bool newline = len > 0 && data[len - 1] == '\n';

	mbox_begin(out, newline, date, notes);
	while (p < end && (quote = next_from(data, p, end)) != NULL) {
		const char *nl = memchr(quote, '\n', (size_t)(end - quote));

		g_string_append_len(out, p, quote - p);
		g_string_append_c(out, '>');
		p = nl != NULL ? nl + 1 : end;
		g_string_append_len(out, quote, p - quote);
	}
	g_string_append_len(out, p, end - p);
	g_string_append(out, newline ? "\n" : "\n\n");
}

const char *
mbox_guess_text(MboxGuess one)
{
	switch (one) {
	case MBOX_NO_BLANK_LINE:
		return "no empty line before the From line that ends it";
	case MBOX_UNQUOTED_FROM:
		return "a line that begins with \"From \" was taken as text";
	case MBOX_BAD_LENGTH:
		return "its Content-Length leads nowhere and was not believed";
	case MBOX_NO_FROM_LINE:
		return "the file does not begin with a From line";
	case MBOX_TOO_LONG:
		return "longer than a message may be: passed over";
	case MBOX_NO_DATE:
		return "its From line has no date that can be read";
	case MBOX_QUOTED_TWICE:
		return "a line that begins with \">>From \" lost one \">\"";
	}
	return "";
}
