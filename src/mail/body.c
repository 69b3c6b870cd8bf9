/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/body.h"

#include "mail/line.h"

#include <string.h>

/* What the text is within. */
typedef enum {
	IN_TEXT,
	IN_DIFF,
	IN_ARMOUR,    /* of OpenPGP, until its END line */
	IN_PGP_HEAD,  /* of a signed text, until an empty line */
	IN_UUENCODE,  /* until "end" */
	IN_SIGNATURE, /* until the end, or a mail quoted below it */
	IN_SCRUBBED,  /* what Pipermail says of a part that it took away, until
		       * an empty line */
	IN_ORIGINAL,  /* what Outlook quotes without a mark: likewise, or until
		       * a list's footer */
} Within;

typedef struct {
	const char *at, *end;
	Within within;
	Diff diff;
	DiffLine line; /* of the diff: the last one */
	bool said;     /* something that is not empty came before */
	bool blank;    /* the line before is empty */
	bool judged;   /* one of Outlook's heads was looked at */
} Scan;

/* RFC 3676 section 4.3. */
static bool
is_separator(Line line)
{
	return line.len == 3 && line_begins(line, "-- ");
}

/* Lines and bytes of a signature below "--" that lost its space on the way:
 * in three lists 1,373 of 1,619 such lines have no more below them, and of
 * those that were looked at each was a signature's. */
#define BARE_LINES 8
#define BARE_BYTES 1000

static bool
is_bare_separator(Line line, const char *end)
{
	unsigned int n = 0;

	if (line.len != 2 || !line_begins(line, "--") ||
	    end - line.start > BARE_BYTES)
		return false;
	for (const char *p = line.start + 2; p < end; p++)
		n += *p == '\n' && p + 1 < end && p[1] != '\n' ? 1 : 0;
	return n > 0 && n <= BARE_LINES;
}

/* Lines between an empty one and a quote that may say who wrote that. */
#define ATTRIBUTION_LINES 3

/* Whether line begins what stands before a quote: "Jo wrote:". */
static bool
starts_attribution(Line line, const char *end)
{
	for (int i = 0; i < ATTRIBUTION_LINES && line.len > 0; i++) {
		bool colon = line.start[line.len - 1] == ':';

		line = line_after(line, end);
		if (colon && line.len == 0)
			line = line_after(line, end);
		if (colon && line_begins(line, ">"))
			return true;
	}
	return false;
}

/* Pipermail's line above each part of a message but the first, and what it
 * says where the part is not text. */
static bool
starts_scrubbed(Line line, const char *end)
{
	static const char said[] = " was scrubbed...";
	size_t n = strlen(said);

	if (line.len != 39 ||
	    !line_begins(line, "-------------- next part --------------"))
		return false;
	line = line_after(line, end);
	return line.len > n && memcmp(line.start + line.len - n, said, n) == 0;
}

/* Bytes of a list's footer and of what other lists put below it: of 45 in the
 * mail of three lists the longest has 715. */
#define FOOTER_BYTES 1024

/* Whether line begins the footer that Mailman puts below a text: 40 to 50
 * underscores, and a line that speaks of a mailing list. */
static bool
starts_footer(Line line, const char *end)
{
	static const char words[] = "mailing list";
	size_t n = line.len;

	while (n > 0 && g_ascii_isspace(line.start[n - 1]))
		n--;
	if (n < 40 || n > 50 || end - line.start > FOOTER_BYTES)
		return false;
	for (size_t i = 0; i < n; i++)
		if (line.start[i] != '_')
			return false;
	line = line_after(line, end);
	for (size_t i = 0; i + strlen(words) <= line.len; i++)
		if (g_ascii_strncasecmp(line.start + i, words, strlen(words)) ==
		    0)
			return true;
	return false;
}

/* Lines of Outlook's head that are looked at: From, Sent, To, Cc, Reply-To,
 * Subject, some of them folded. */
#define ORIGINAL_HEAD_LINES 10

/* "-----Original Message-----", with more or fewer dashes or spaces. */
static bool
is_original_line(Line line)
{
	static const char words[] = "Original Message";
	size_t n = 0;

	while (n < line.len && line.start[n] == '-')
		n++;
	if (n < 3)
		return false;
	n += n < line.len && line.start[n] == ' ' ? 1 : 0;
	line.start += n;
	line.len -= n;
	if (!line_begins(line, words))
		return false;
	for (size_t i = strlen(words); i < line.len; i++)
		if (strchr("- \t", line.start[i]) == NULL)
			return false;
	return line.len > strlen(words);
}

/*
 * Whether line begins a mail that Outlook put below the answer to it.  Not
 * where there is no answer above, or lines are quoted with ">" further down,
 * as in two thirds of such mails: the answer may stand between those, and
 * what is quoted gets folded.  The first such line of a text is asked alone,
 * since that looks at all the rest.
 */
static bool
starts_original(Scan *s, Line line)
{
	bool sent = false, subject = false;

	if (!s->said || s->judged || !is_original_line(line))
		return false;
	Line field = line_after(line, s->end);

	if (field.len == 0)
		field = line_after(field, s->end);
	if (!line_begins(field, "From:"))
		return false;
	for (int i = 0; i < ORIGINAL_HEAD_LINES && field.len > 0; i++) {
		sent |=
		    line_begins(field, "Sent:") || line_begins(field, "Date:");
		subject |= line_begins(field, "Subject:");
		field = line_after(field, s->end);
	}
	if (!sent || !subject)
		return false;
	s->judged = true;
	return memmem(line.start, (size_t)(s->end - line.start), "\n>", 2) ==
	       NULL;
}

/* The bytes of the ">" before a line, a space between two allowed, and how
 * many of those there are. */
static size_t
quote_mark(Line line, unsigned int *depth)
{
	size_t i = 0;

	*depth = 0;
	while (i < line.len && line.start[i] == '>') {
		(*depth)++;
		i++;
		if (i + 1 < line.len && line.start[i] == ' ' &&
		    line.start[i + 1] == '>')
			i++;
	}
	return i;
}

/* Whether line is one of uuencode's: its first character says how many
 * octets the others stand for, four for three; some leave out or add one. */
static bool
is_uuencoded(Line line)
{
	size_t n = 0, want = 0;

	if (line.len == 0 || line.start[0] < ' ' || line.start[0] > '`')
		return false;
	n = (size_t)(line.start[0] - ' ') & 63;
	want = 1 + (n + 2) / 3 * 4;
	for (size_t i = 1; i < line.len; i++)
		if (line.start[i] < ' ' || line.start[i] > '`')
			return false;
	return line.len + 2 >= want && line.len <= want + 1;
}

/* "begin 644 name" and a line of it. */
static bool
starts_uuencode(Line line, const char *end)
{
	size_t i = sizeof("begin ") - 1, mode = i;

	if (!line_begins(line, "begin "))
		return false;
	while (i < line.len && g_ascii_isdigit(line.start[i]))
		i++;
	return i - mode >= 3 && i - mode <= 4 && i + 1 < line.len &&
	       line.start[i] == ' ' && is_uuencoded(line_after(line, end));
}

/* What OpenPGP begins with line (RFC 9580 sections 6.2, 7). */
static Within
starts_armour(Line line)
{
	if (!line_begins(line, "-----BEGIN PGP "))
		return IN_TEXT;
	return line_begins(line, "-----BEGIN PGP SIGNED MESSAGE-----")
		   ? IN_PGP_HEAD
		   : IN_ARMOUR;
}

/* Whether line is in an armour: a header, an empty line or base64, so that
 * one without an end does not take the text behind it. */
static bool
is_armoured(Line line)
{
	for (size_t i = 0; i < line.len; i++) {
		char c = line.start[i];

		if (c == ':')
			return i > 0;
		if (!g_ascii_isalnum(c) && strchr("+/=- ", c) == NULL)
			return false;
		if (c == ' ' && i + 1 < line.len)
			return false;
	}
	return true;
}

/* Whether what s is within goes on with line; if it ends there, so does
 * what s is within. */
static bool
goes_on(Scan *s, Line line)
{
	bool on = false;

	switch (s->within) {
	case IN_SIGNATURE:
		on = !(s->blank && starts_attribution(line, s->end)) &&
		     !is_original_line(line);
		break;
	case IN_SCRUBBED:
		on = line.len > 0;
		break;
	case IN_ORIGINAL:
		on = line.len == 0 || line.start[0] != '_' ||
		     !starts_footer(line, s->end);
		break;
	case IN_DIFF:
		s->line = diff_take(&s->diff, line.start, line.len);
		on = s->line != DIFF_OVER;
		break;
	case IN_PGP_HEAD:
		on =
		    line_begins(line, "Hash:") || line_begins(line, "Charset:");
		break;
	case IN_UUENCODE:
		if (line.len == 3 && line_begins(line, "end")) {
			s->within = IN_TEXT;
			return true;
		}
		on = is_uuencoded(line);
		break;
	case IN_ARMOUR:
		if (line_begins(line, "-----END PGP ")) {
			s->within = IN_TEXT;
			return true;
		}
		on = is_armoured(line);
		break;
	case IN_TEXT:
	default:
		return false;
	}
	if (!on)
		s->within = IN_TEXT;
	return on;
}

/* What begins with line, for s to be within. */
static Within
what_starts(Scan *s, Line line)
{
	if (line.len < 3)
		return is_bare_separator(line, s->end) ? IN_SIGNATURE : IN_TEXT;
	switch (line.start[0]) {
	case '-':
		if (is_separator(line))
			return IN_SIGNATURE;
		if (starts_scrubbed(line, s->end))
			return IN_SCRUBBED;
		if (diff_starts(line.start, s->end))
			return IN_DIFF;
		return starts_original(s, line) ? IN_ORIGINAL
						: starts_armour(line);
	case '_':
		return starts_footer(line, s->end) ? IN_SIGNATURE : IN_TEXT;
	case 'b':
		return starts_uuencode(line, s->end) ? IN_UUENCODE : IN_TEXT;
	case 'd':
	case 'I':
		return diff_starts(line.start, s->end) ? IN_DIFF : IN_TEXT;
	default:
		return IN_TEXT;
	}
}

static BodyKind
kind_of(Scan *s, Line line)
{
	static const BodyKind kinds[] = {[IN_TEXT] = BODY_TEXT,
	    [IN_DIFF] = BODY_DIFF,
	    [IN_ARMOUR] = BODY_ARMOUR,
	    [IN_PGP_HEAD] = BODY_ARMOUR,
	    [IN_UUENCODE] = BODY_UUENCODE,
	    [IN_SIGNATURE] = BODY_SIGNATURE,
	    [IN_SCRUBBED] = BODY_SIGNATURE,
	    [IN_ORIGINAL] = BODY_QUOTE};
	Within was = s->within;

	if (was != IN_TEXT && goes_on(s, line))
		return kinds[was];
	s->within = what_starts(s, line);
	s->said |= line.len > 0;
	if (s->within == IN_DIFF) {
		s->diff = (Diff){0};
		s->line = diff_take(&s->diff, line.start, line.len);
	}
	if (s->within != IN_TEXT)
		return kinds[s->within];
	return line_begins(line, ">") ? BODY_QUOTE : BODY_TEXT;
}

/* Whether a line goes on with the block before it; at is what it is within a
 * diff. */
static bool
is_more(const BodyBlock *last, BodyKind kind, unsigned int depth, DiffLine at)
{
	if (last->kind != kind || last->depth != depth)
		return false;
	return kind != BODY_DIFF ||
	       (at != DIFF_FILE &&
		   (at == last->line ||
		       (at == DIFF_HEAD && last->line == DIFF_FILE)));
}

/* Whether c begins lines that are text whatever follows: see what_starts. */
static bool
is_ordinary(char c)
{
	static const bool others[256] = {['-'] = true,
	    ['_'] = true,
	    ['b'] = true,
	    ['d'] = true,
	    ['I'] = true,
	    ['>'] = true};

	return !others[(unsigned char)c];
}

/* What lines that go on with a block begin with: n bytes at mark, none where it
 * is no quote. */
typedef struct {
	const char *mark;
	size_t n;
	uint64_t word, bits; /* the first eight of mark; which of them count */
} Alike;

static Alike
alike_to(const char *mark, size_t n)
{
	Alike a = {.mark = mark, .n = n};

	memcpy(&a.word, mark, MIN(n, sizeof a.word));
	memset(&a.bits, 0xff, MIN(n, sizeof a.bits));
	return a;
}

/* Whether the line at p goes on as a has it. */
static inline bool
is_alike(const Alike *a, const char *p, const char *end)
{
	uint64_t word = 0;
	size_t n = a->n;

	if (n == 0)
		return p < end && is_ordinary(*p);
	if ((size_t)(end - p) <= MAX(n + 1, sizeof word))
		return false; /* to be looked at by itself */
	memcpy(&word, p, sizeof word);
	if (((word ^ a->word) & a->bits) != 0 ||
	    (n > sizeof word && memcmp(p, a->mark, n) != 0))
		return false;
	return p[n] != '>' && !(p[n] == ' ' && p[n + 1] == '>');
}

/* Where the line ends that p is in, and those behind it that are alike;
 * *n_lines more. */
static const char *
end_alike(const Alike *a, const char *p, const char *end, size_t *n_lines)
{
	size_t n = *n_lines;

	for (; end - p >= LINE_ENDS; p += LINE_ENDS)
		for (uint64_t ends = line_ends(p); ends != 0;
		     ends &= ends - 1) {
			const char *next = p + __builtin_ctzll(ends) + 1;

			n++;
			if (!is_alike(a, next, end)) {
				*n_lines = n;
				return next;
			}
		}
	while (p < end) {
		if (*p++ != '\n')
			continue;
		n++;
		if (!is_alike(a, p, end)) {
			*n_lines = n;
			return p;
		}
	}
	*n_lines = n + 1; /* one without an end */
	return end;
}

/* Pass over the lines behind s->at that are alike: most lines of mail, in a
 * tenth of the time that all the rest needs to tell. */
static void
take_alike(Scan *s, BodyBlock *last, const char *mark, size_t n)
{
	const Alike a = alike_to(mark, n);
	const char *p = s->at;

	if (!is_alike(&a, p, s->end))
		return;
	s->at = end_alike(&a, p, s->end, &last->n_lines);
	for (; !s->said && p < s->at; p++)
		s->said = *p != '\n';
}

/* Room for blocks that is made at once. */
#define SOME_BLOCKS 64u

GArray *
body_blocks(const char *text, size_t len)
{
	GArray *blocks = g_array_new(FALSE, FALSE, sizeof(BodyBlock));
	Scan s = {.at = text, .end = text + len};
	BodyBlock *last = NULL;
	guint n = 0;

	while (s.at < s.end) {
		Line line = line_at(s.at, s.end);
		BodyKind kind = kind_of(&s, line);
		size_t mark = 0;
		unsigned int depth = 0;

		if (kind == BODY_QUOTE) {
			mark = quote_mark(line, &depth);
			depth = MAX(depth, 1);
		}
		if (last == NULL || !is_more(last, kind, depth, s.line)) {
			if (n == blocks->len)
				g_array_set_size(
				    blocks, n + MAX(n, SOME_BLOCKS));
			last = &g_array_index(blocks, BodyBlock, n++);
			*last = (BodyBlock){.kind = kind,
			    .depth = depth,
			    .line = kind == BODY_DIFF ? s.line : DIFF_OVER,
			    .off = (size_t)(s.at - text)};
		}
		s.at = MIN(line.start + line.len + 1, s.end);
		s.blank = line.len == 0;
		last->n_lines++;
		if (s.within == IN_TEXT &&
		    (kind == BODY_TEXT || kind == BODY_QUOTE))
			take_alike(&s, last, line.start, mark);
		last->len = (size_t)(s.at - text) - last->off;
	}
	g_array_set_size(blocks, n);
	return blocks;
}

/* A line of a flowed text without what RFC 3676 puts around it. */
typedef struct {
	Line line;
	size_t depth;
	bool separator, flowed;
} FlowedLine;

static FlowedLine
read_flowed(Line line, bool delsp)
{
	FlowedLine f = {.line = line};

	while (f.line.len > 0 && f.line.start[0] == '>') {
		f.line.start++;
		f.line.len--;
		f.depth++;
	}
	if (f.line.len > 0 && f.line.start[0] == ' ') {
		f.line.start++;
		f.line.len--;
	}
	f.separator = is_separator(f.line);
	f.flowed = !f.separator && f.line.len > 0 &&
		   f.line.start[f.line.len - 1] == ' ';
	if (f.flowed && delsp)
		f.line.len--;
	return f;
}

/* Begin a line as f does; where what it says comes. */
static char *
begin_line(char *to, const FlowedLine *f)
{
	memset(to, '>', f->depth);
	to += f->depth;
	/* A ">" that was no quote's mark stays stuffed. */
	if (f->depth > 0 || line_begins(f->line, ">"))
		*to++ = ' ';
	return to;
}

char *
body_unflow(const char *text, bool delsp)
{
	size_t len = strlen(text);
	const char *at = text, *end = text + len;
	/* No line gets more than a space longer, and none but the last is
	 * without its end. */
	char *out = g_malloc(2 * len + 2), *to = out;
	FlowedLine last = {0};
	bool ended = false;

	while (at < end) {
		Line line = line_at(at, end);
		FlowedLine f = read_flowed(line, delsp);
		/* Many mailers leave a space before an empty line. */
		bool joins = last.flowed && last.depth == f.depth &&
			     !f.separator && f.line.len > 0;

		at = line.start + line.len;
		if (!joins && last.line.start != NULL)
			*to++ = '\n';
		if (!joins)
			to = begin_line(to, &f);
		memcpy(to, f.line.start, f.line.len);
		to += f.line.len;
		last = f;
		ended = at < end;
		at += ended ? 1 : 0;
	}
	if (ended)
		*to++ = '\n';
	*to = '\0';
	return out;
}
