/* SPDX-License-Identifier: Apache-2.0 */
#include "view/prose.h"

#include "base/lanes.h"
#include "base/limits.h"
#include "mail/addr.h"
#include "mail/body.h"
#include "view/out.h"
#include "view/patch.h"

#include <stdbool.h>
#include <string.h>

/* Links ------------------------------------------------------------------- */

/* If a scheme that we link stands before the colon, its length; else 0. */
static size_t
scheme_before(const char *start, const char *colon)
{
	static const char *const schemes[] = {"https", "http"};

	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if ((size_t)(colon - start) >= len &&
		    g_ascii_strncasecmp(colon - len, schemes[i], len) == 0 &&
		    ((size_t)(colon - start) == len ||
			!g_ascii_isalnum(colon[-(ptrdiff_t)len - 1])))
			return len;
	}
	return 0;
}

/* The end of the URL that goes on at p: not what closes the sentence or
 * the bracket that it stands in. */
static const char *
url_end(const char *p, const char *end)
{
	const char *start = p;
	bool paren = false;

	while (p < end && (unsigned char)*p > ' ' && *p != '<' && *p != '>' &&
	       *p != '"' && *p != 0x7f) {
		paren |= *p == '(';
		p++;
	}
	while (p > start && (strchr(".,;:!?'*_|]}", p[-1]) != NULL ||
				(p[-1] == ')' && !paren)))
		p--;
	return p;
}

/* A URL as the value of href: octets that none may hold as %XX. */
static void
write_href(GString *o, const char *url, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	static const bool odd[256] = {['%'] = true,
	    ['\\'] = true,
	    ['^'] = true,
	    ['`'] = true,
	    ['{'] = true,
	    ['|'] = true,
	    ['}'] = true,
	    ['['] = true,
	    [']'] = true};
	const char *run = url, *end = url + len;

	for (const char *p = url; p < end; p++) {
		if (!odd[(unsigned char)*p] ||
		    (*p == '%' && end - p > 2 && g_ascii_isxdigit(p[1]) &&
			g_ascii_isxdigit(p[2])))
			continue;
		char coded[] = {'%', hex[(unsigned char)*p >> 4],
		    hex[(unsigned char)*p & 15]};

		out_attr_len(o, run, (size_t)(p - run));
		out_append(o, coded, sizeof coded);
		run = p + 1;
	}
	out_attr_len(o, run, (size_t)(end - run));
}

/*
 * Pipermail wrote "at" into URLs, too.  If that of HyperKitty's which ends at
 * stop goes on behind it, ".../list/NAME at HOST/...", the end of all of it;
 * else NULL.
 */
static const char *
end_behind_at(const char *start, const char *stop, const char *end)
{
	static const char list[] = "/list", at[] = " at ";
	const char *slash = memrchr(start, '/', (size_t)(stop - start));
	const char *host = stop + strlen(at), *p = host;

	if (end - stop <= (ptrdiff_t)strlen(at) ||
	    strncmp(stop, at, strlen(at)) != 0 || slash == NULL ||
	    slash + 1 == stop || slash - start < (ptrdiff_t)strlen(list) ||
	    strncmp(slash - strlen(list), list, strlen(list)) != 0)
		return NULL;
	while (p < end && (g_ascii_isalnum(*p) || *p == '.' || *p == '-'))
		p++;
	return p > host && p < end && *p == '/' ? url_end(p, end) : NULL;
}

/* The link that text is, to url. */
static void
write_link(GString *o, const HtmlSite *site, const char *text, size_t text_len,
    const char *url, size_t len)
{
	out_raw(o, "<a href=\"");
	write_href(o, url, len);
	out_raw(o, "\" rel=\"nofollow\">");
	out_text_len(o, text, text_len);
	out_raw(o, "</a>");
	html_here(o, site, url, len);
}

/*
 * If the colon at p is a URL's, write the link that begins before it, at run
 * at the earliest, and return where it ends; else NULL.  What comes before the
 * colon is written already, and taken back.
 */
static const char *
write_url(GString *o, const HtmlSite *site, const char *run, const char *p,
    const char *end)
{
	size_t scheme = 0;

	if (end - p < 4 || p[1] != '/' || p[2] != '/' ||
	    !(g_ascii_isalnum(p[3]) || (p[3] & 0x80) != 0) ||
	    (scheme = scheme_before(run, p)) == 0)
		return NULL;
	const char *start = p - scheme, *stop = url_end(p + 3, end);

	if (stop == p + 3)
		return NULL;
	g_string_truncate(o, o->len - scheme);
	const char *more = end_behind_at(start, stop, end);
	size_t len = (size_t)(stop - start);

	if (more == NULL) {
		write_link(o, site, start, len, start, len);
		return stop;
	}
	g_autoptr(GString) url = g_string_new_len(start, (gssize)len);

	g_string_append_c(url, '@');
	g_string_append_len(url, stop + 4, more - stop - 4);
	write_link(o, site, start, (size_t)(more - start), url->str, url->len);
	return more;
}

/* The length of a scheme that a Message-ID may have; 0 for none. */
static size_t
id_scheme(const char *p, size_t len)
{
	if (len > 4 && g_ascii_strncasecmp(p, "mid:", 4) == 0)
		return 4;
	return len > 5 && g_ascii_strncasecmp(p, "news:", 5) == 0 ? 5 : 0;
}

/* len bytes at p, the id behind its scheme, as a link to the message. */
static void
write_id_link(
    GString *o, const HtmlSite *site, const char *p, size_t scheme, size_t len)
{
	g_autofree char *id = g_strndup(p + scheme, len - scheme);

	out_raw(o, "<a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/r/");
	out_url(o, id);
	out_raw(o, "\">");
	out_text_len(o, p, len);
	out_raw(o, "</a>");
}

/* If the "<" at p begins a Message-ID, write it as a link to where this
 * archive looks it up, and return where it ends; else NULL. */
static const char *
write_id(GString *o, const HtmlSite *site, const char *p, const char *end)
{
	const char *stop = p + 1;
	bool at = false;

	while (stop < end && (unsigned char)*stop > ' ' && *stop != '<' &&
	       *stop != '>') {
		at |= *stop == '@';
		stop++;
	}
	size_t scheme = id_scheme(p + 1, (size_t)(stop - p - 1));

	/* Where addresses are hidden, what still has its "@" is an id, or
	 * lies in a URL. */
	if (stop == end || *stop != '>' || !at ||
	    stop - p > (ptrdiff_t)LIMIT_MESSAGE_ID_BYTES ||
	    g_strstr_len(p, stop - p, "://") != NULL ||
	    (scheme == 0 && !site->protect &&
		!addr_is_message_id(p + 1, (size_t)(stop - p - 1))))
		return NULL;
	out_raw(o, "&lt;");
	write_id_link(o, site, p + 1, scheme, (size_t)(stop - p - 1));
	out_raw(o, "&gt;");
	return stop + 1;
}

/* If the colon at p is that of "mid:ID" (RFC 2392), likewise.  Where it is
 * not, *none is how far there is no other, so that each word is looked at
 * once. */
static const char *
write_mid(GString *o, const HtmlSite *site, const char *run, const char *p,
    const char *end, const char **none)
{
	const char *start = p - 3, *stop = NULL;

	if (p < *none || p - run < 3 ||
	    id_scheme(start, (size_t)(end - start)) != 4 ||
	    (start > run && g_ascii_isalnum(start[-1])))
		return NULL;
	stop = url_end(p + 1, end);
	if (stop - p > (ptrdiff_t)LIMIT_MESSAGE_ID_BYTES ||
	    memchr(p, '@', (size_t)(stop - p)) == NULL) {
		*none = stop;
		return NULL;
	}
	g_string_truncate(o, o->len - 3);
	write_id_link(o, site, start, 4, (size_t)(stop - start));
	return stop;
}

void
prose_linked(GString *o, const HtmlSite *site, const char *text, size_t len)
{
	/* A link may begin behind the last one, or what was escaped. */
	const char *run = text, *end = text + len, *p = text, *no_mid = text;

	while ((p += out_plain(o, p, (size_t)(end - p), ':', ':')) < end) {
		const char *after = NULL;

		if (*p == ':') {
			after = write_url(o, site, run, p, end);
			if (after == NULL)
				after =
				    write_mid(o, site, run, p, end, &no_mid);
		} else if (*p == '<') {
			after = write_id(o, site, p, end);
		}
		if (after == NULL && *p == ':') {
			out_raw(o, ":");
			p++;
			continue;
		}
		if (after == NULL) {
			out_entity(o, *p);
			after = p + 1;
		}
		run = p = after;
	}
}

/* Blocks ------------------------------------------------------------------ */

static size_t
line_len(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return (size_t)((nl != NULL ? nl + 1 : end) - p);
}

/* Behind the marks of a quote. */
static const char *
unquoted(const char *p, const char *end)
{
	while (p < end && *p == '>')
		p++;
	return p;
}

/* How many spaces behind p are no longer what parts words: some part sentences
 * with three. */
static unsigned int
gap_at(const char *line, const char *p)
{
	bool sentence = p - line >= 2 && strchr(".?!", p[-1]) != NULL &&
			(g_ascii_isalpha(p[-2]) || (p[-2] & 0x80) != 0);

	return sentence ? 4 : 3;
}

/*
 * How much a line that ends at eol was laid out for letters of one width; two
 * make a text so.  It begins with what tables, trees and indented code begin
 * with, or has a tab, a gap or a " | " inside.  One tab in front is how
 * some begin a paragraph: two such lines are code.
 */
static unsigned int
layout_of(const char *line, const char *eol, const char *end)
{
	const char *quoted = unquoted(line, eol), *p = quoted;
	unsigned int n_spaces = 0;

	while (p < eol && (*p == ' ' || *p == '\t'))
		p++;
	if (p == eol)
		return 0;
	if (p - quoted >= 4 || *p == '|')
		return 1;
	if (p > quoted && p[-1] == '\t' && eol < end) {
		const char *next = unquoted(eol + 1, end);

		next += next < end && *next == ' ' && eol[1] == '>';
		if (next < end && *next == '\t')
			return 2;
	}
	for (; p < eol; p++) {
		if (*p == '\t' || (*p == '|' && n_spaces > 0))
			return 1;
		n_spaces = *p == ' ' ? n_spaces + 1 : 0;
		if (n_spaces >= 3 && n_spaces == gap_at(line, p - n_spaces + 1))
			return 1;
	}
	return 0;
}

/* How many of len bytes come before the first tab, "|" or three spaces:
 * what no line is laid out without. */
static size_t
plain_prose(const char *text, size_t len)
{
	size_t n = 0;

	for (; n + sizeof(Lanes) + 2 <= len; n += sizeof(Lanes)) {
		Lanes v = lanes_at(text + n);
		size_t at =
		    lanes_first((v == '\t') | (v == '|') |
				((v == ' ') & (lanes_at(text + n + 1) == ' ') &
				    (lanes_at(text + n + 2) == ' ')));

		if (at < sizeof v)
			return n + at;
	}
	while (n < len && text[n] != '\t' && text[n] != '|' &&
	       !(len - n > 2 && strncmp(text + n, "   ", 3) == 0))
		n++;
	return n;
}

/* Whether two lines were laid out, since one may be by chance. */
static bool
has_layout(const char *text, size_t len)
{
	const char *p = text, *end = text + len, *line = text;
	unsigned int n = 0;

	while (n < 2) {
		p += plain_prose(p, (size_t)(end - p));
		if (p == end)
			break;
		const char *nl = memrchr(line, '\n', (size_t)(p - line));

		line = nl != NULL ? nl + 1 : line;
		nl = memchr(p, '\n', (size_t)(end - p));
		n += layout_of(line, nl != NULL ? nl : end, end);
		p = line = nl != NULL ? nl + 1 : end;
	}
	return n >= 2;
}

/* Whether lines of a diff are quoted: "> @@ -1,2 +1,2 @@". */
static bool
quotes_diff(const char *text, size_t len)
{
	const char *p = text, *end = text + len;

	/* memmem takes ten times as long, and "@" is rare. */
	while ((p = memchr(p, '@', (size_t)(end - p))) != NULL) {
		const char *before = p;

		if (end - p < 4 || memcmp(p, "@@ -", 4) != 0) {
			p++;
			continue;
		}

		while (before > text && before[-1] == ' ')
			before--;
		if (before > text && before[-1] == '>')
			return true;
		p++;
	}
	return false;
}

/* A text that is being written. */
typedef struct {
	GString *o;
	const HtmlSite *site;
	const char *text;
	const GArray *blocks;
	bool fixed; /* in letters of one width */
	Patch patch;
} Prose;

static const BodyBlock *
block_at(const Prose *p, guint i)
{
	return &g_array_index(p->blocks, BodyBlock, i);
}

/* Whole lines with their links. */
static void
write_lines(const Prose *p, const char *text, size_t len)
{
	/* Empty lines around a block are the style sheet's to draw. */
	while (len > 0 && text[len - 1] == '\n')
		len--;
	while (len > 0 && *text == '\n') {
		text++;
		len--;
	}
	prose_linked(p->o, p->site, text, len);
}

static bool
is_blank(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\t' || *text == '\n')) {
		text++;
		len--;
	}
	return len == 0;
}

static void
write_block(Prose *p, const BodyBlock *b)
{
	const char *at = p->text + b->off;

	if (is_blank(at, b->len))
		return;
	switch (b->kind) {
	case BODY_QUOTE:
		out_raw(p->o, "<blockquote class=\"q");
		out_num(p->o, MIN(b->depth, 4));
		out_raw(p->o, "\"><pre>");
		write_lines(p, at, b->len);
		out_raw(p->o, "</pre></blockquote>\n");
		break;
	case BODY_SIGNATURE:
		if (!p->fixed && has_layout(at, b->len))
			out_raw(p->o, "<pre class=\"sig code\">");
		else
			out_raw(p->o, "<pre class=\"sig\">");
		write_lines(p, at, b->len);
		out_raw(p->o, "</pre>\n");
		break;
	case BODY_ARMOUR:
	case BODY_UUENCODE:
		out_raw(p->o, "<pre class=\"code\">");
		write_lines(p, at, b->len);
		out_raw(p->o, "</pre>\n");
		break;
	case BODY_DIFF: /* write_diff's */
	case BODY_TEXT:
	default:
		out_raw(p->o, "<pre>");
		write_lines(p, at, b->len);
		out_raw(p->o, "</pre>\n");
		break;
	}
}

/* Folds ------------------------------------------------------------------- */

/* Lines, or bytes of a text without line ends, that are not worth a fold;
 * and lines of a quote that stay in sight before what answers them. */
#define FOLD_LINES 12
#define FOLD_BYTES 1600
#define TAIL_LINES 4

/* Blocks from the one at first, up to end, that belong together. */
typedef struct {
	guint first, end;
	size_t n_lines;
	size_t off, stop; /* in the text */
} Run;

/* What may be folded: quotes with nothing but empty lines between them, an
 * armour, an encoded file. */
static Run
run_at(const Prose *p, guint i)
{
	const BodyBlock *b = block_at(p, i);
	Run r = {i, i + 1, b->n_lines, b->off, b->off + b->len};

	for (guint j = i + 1; b->kind == BODY_QUOTE && j < p->blocks->len;
	     j++) {
		const BodyBlock *next = block_at(p, j);

		if (next->kind == BODY_QUOTE) {
			r.end = j + 1;
			r.stop = next->off + next->len;
		} else if (!is_blank(p->text + next->off, next->len)) {
			break;
		}
	}
	for (guint j = i + 1; j < r.end; j++)
		r.n_lines += block_at(p, j)->n_lines;
	return r;
}

/* Whether the author's own words follow r. */
static bool
is_answered(const Prose *p, const Run *r)
{
	for (guint i = r->end; i < p->blocks->len; i++) {
		const BodyBlock *b = block_at(p, i);

		if (b->kind == BODY_SIGNATURE || b->kind == BODY_ARMOUR)
			return false;
		if (!is_blank(p->text + b->off, b->len))
			return true;
	}
	return false;
}

/* What of r lies in [off, stop). */
static void
write_run(Prose *p, const Run *r, size_t off, size_t stop)
{
	for (guint i = r->first; i < r->end; i++) {
		BodyBlock b = *block_at(p, i);
		size_t end = MIN(b.off + b.len, stop);

		b.off = MAX(b.off, off);
		if (b.off >= end)
			continue;
		b.len = end - b.off;
		write_block(p, &b);
	}
}

/* Where the last TAIL_LINES of r begin. */
static size_t
tail_of(const Prose *p, const Run *r)
{
	size_t at = r->stop;

	for (unsigned int n = 0; n < TAIL_LINES && at > r->off; n++) {
		const char *nl = at > r->off + 1 ? memrchr(p->text + r->off,
						       '\n', at - r->off - 1)
						 : NULL;

		at = nl != NULL ? (size_t)(nl + 1 - p->text) : r->off;
	}
	return at;
}

/* Whether a quoted line says anything. */
static bool
says_anything(const char *line, size_t len)
{
	size_t n = 0;

	while (n < len && strchr("> \t\n", line[n]) != NULL)
		n++;
	return n < len;
}

/* The end of the first line of r that says anything; *off is where it
 * begins. */
static size_t
first_line(const Prose *p, const Run *r, size_t *off)
{
	const char *at = p->text + r->off, *stop = p->text + r->stop;
	bool said = false;

	while (at < stop && !said) {
		size_t n = line_len(at, stop);

		*off = (size_t)(at - p->text);
		said = says_anything(at, n);
		at += n;
	}
	return (size_t)(at - p->text);
}

/*
 * Fold r: its first line and how many follow are always to be seen, and
 * of a quote that is answered its last lines, since the answer is about
 * those.  Whoever has no <details> sees all of it.
 */
static void
write_fold(Prose *p, const Run *r)
{
	bool quote = block_at(p, r->first)->kind == BODY_QUOTE;
	size_t first = r->off, head = first_line(p, r, &first),
	       tail = quote && is_answered(p, r) ? tail_of(p, r) : r->stop;
	size_t n_shown = 0;
	const char *more = NULL;

	if (tail <= head) {
		write_run(p, r, r->off, r->stop);
		return;
	}
	for (size_t i = r->off; i < head; i++)
		n_shown += p->text[i] == '\n';
	n_shown += tail < r->stop ? TAIL_LINES : 0;
	more = html_word_n(p->site, "%s more line", "%s more lines",
	    MAX(r->n_lines, n_shown + 1) - n_shown);
	out_raw(p->o, "<details class=\"fold\"><summary><span>");
	out_text_len(p->o, p->text + first, head - first - 1);
	out_raw(p->o, "</span> <span class=\"more\">");
	html_until(p->o, &more);
	out_count(p->o, MAX(r->n_lines, n_shown + 1) - n_shown);
	html_until(p->o, &more);
	out_raw(p->o, "</span></summary>\n");
	write_run(p, r, head, tail);
	out_raw(p->o, "</details>\n");
	write_run(p, r, tail, r->stop);
}

static bool
is_foldable(BodyKind kind)
{
	return kind == BODY_QUOTE || kind == BODY_ARMOUR ||
	       kind == BODY_UUENCODE;
}

/* Write the diff that begins with the block at first; what comes behind. */
static guint
write_diff(Prose *p, guint first)
{
	guint i = first;

	while (i < p->blocks->len && block_at(p, i)->kind == BODY_DIFF)
		i++;
	patch_write(
	    p->o, p->site, &p->patch, p->text, block_at(p, first), i - first);
	return i;
}

static void
write_blocks(Prose *p)
{
	for (guint i = 0; i < p->blocks->len;) {
		BodyKind kind = block_at(p, i)->kind;
		Run r = {0};

		if (kind == BODY_DIFF) {
			i = write_diff(p, i);
			continue;
		}
		if (!is_foldable(kind)) {
			write_block(p, block_at(p, i++));
			continue;
		}
		r = run_at(p, i);
		if (r.n_lines > FOLD_LINES || r.stop - r.off > FOLD_BYTES)
			write_fold(p, &r);
		else
			write_run(p, &r, r.off, r.stop);
		i = r.end;
	}
}

/* Whether text is to be shown with letters of one width: it has a diff, or
 * was laid out so above what is signature. */
static bool
needs_fixed_width(const char *text, size_t len, const GArray *blocks)
{
	size_t own = len;

	for (guint i = 0; i < blocks->len; i++)
		if (g_array_index(blocks, BodyBlock, i).kind == BODY_DIFF)
			return true;
	for (guint i = blocks->len; i > 0; i--) {
		const BodyBlock *b = &g_array_index(blocks, BodyBlock, i - 1);

		if (b->kind != BODY_SIGNATURE)
			break;
		own = b->off;
	}
	return has_layout(text, own) || quotes_diff(text, own);
}

void
prose_write(GString *o, const HtmlSite *site, const char *text, const char *key,
    size_t part)
{
	size_t len = strlen(text), top = 0;
	g_autoptr(GArray) blocks = body_blocks(text, len);
	Prose p = {.o = o,
	    .site = site,
	    .text = text,
	    .blocks = blocks,
	    .patch = {.key = key, .part = part}};

	p.fixed = needs_fixed_width(text, len, blocks);
	if (p.fixed)
		out_raw(o, "<div class=\"text fixed\">\n");
	else
		out_raw(o, "<div class=\"text\">\n");
	top = o->len;
	write_blocks(&p);
	if (p.patch.files != NULL) {
		g_autoptr(GString) stat = g_string_new(NULL);

		/* What is known at the end stands at the beginning. */
		patch_stat(stat, site, &p.patch);
		g_string_insert_len(
		    o, (gssize)top, stat->str, (gssize)stat->len);
		g_array_unref(p.patch.files);
	}
	out_raw(o, "</div>\n");
}
