/* SPDX-License-Identifier: Apache-2.0 */
#include "view/prose.h"

#include "base/limits.h"
#include "mail/addr.h"
#include "mail/body.h"
#include "view/out.h"

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

	for (size_t i = 0; i < len; i++) {
		char c = url[i];
		bool lone =
		    c == '%' && !(len - i > 2 && g_ascii_isxdigit(url[i + 1]) &&
				    g_ascii_isxdigit(url[i + 2]));

		if (lone || strchr("\\^`{|}[]", c) != NULL) {
			g_string_append_c(o, '%');
			g_string_append_c(o, hex[(unsigned char)c >> 4]);
			g_string_append_c(o, hex[(unsigned char)c & 15]);
		} else {
			out_attr_len(o, url + i, 1);
		}
	}
}

/*
 * If the colon at p is a URL's, write the link that begins before it, at
 * *run at the earliest, and return where it ends; else NULL.
 */
static const char *
write_url(GString *o, const char *run, const char *p, const char *end)
{
	size_t scheme = 0;

	if (end - p < 4 || p[1] != '/' || p[2] != '/' ||
	    !(g_ascii_isalnum(p[3]) || (p[3] & 0x80) != 0) ||
	    (scheme = scheme_before(run, p)) == 0)
		return NULL;
	const char *start = p - scheme, *stop = url_end(p + 3, end);

	if (stop == p + 3)
		return NULL;
	out_append(o, run, (size_t)(start - run));
	out_raw(o, "<a href=\"");
	write_href(o, start, (size_t)(stop - start));
	out_raw(o, "\" rel=\"nofollow\">");
	out_text_len(o, start, (size_t)(stop - start));
	out_raw(o, "</a>");
	return stop;
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
	/* Where addresses are hidden, what still has its "@" is an id. */
	if (stop == end || *stop != '>' || !at ||
	    stop - p > (ptrdiff_t)LIMIT_MESSAGE_ID_BYTES ||
	    (!site->protect &&
		!addr_is_message_id(p + 1, (size_t)(stop - p - 1))))
		return NULL;
	g_autofree char *id = g_strndup(p + 1, (size_t)(stop - p - 1));

	out_raw(o, "&lt;<a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/r/");
	out_url(o, id);
	out_raw(o, "\">");
	out_text(o, id);
	out_raw(o, "</a>&gt;");
	return stop + 1;
}

void
prose_linked(GString *o, const HtmlSite *site, const char *text, size_t len)
{
	const char *run = text, *end = text + len, *p = text;

	while (p < end) {
		const char *after = NULL;

		p += out_plain(p, (size_t)(end - p), ':', ':');
		if (p == end)
			break;
		if (*p == ':') {
			after = write_url(o, run, p, end);
			if (after == NULL) {
				p++;
				continue;
			}
		} else {
			out_append(o, run, (size_t)(p - run));
			if (*p == '<')
				after = write_id(o, site, p, end);
			if (after == NULL) {
				out_entity(o, *p);
				after = p + 1;
			}
		}
		run = p = after;
	}
	out_append(o, run, (size_t)(end - run));
}

/* Diffs ------------------------------------------------------------------- */

typedef enum {
	LINE_SAME,
	LINE_ADDED,
	LINE_REMOVED,
	LINE_PLACE, /* "@@ -1,2 +1,3 @@" */
	LINE_FILE,  /* "diff ...", "--- a/x", "+++ b/x", "index ..." */
} LineKind;

/* Whether the len bytes at line begin with a literal. */
#define STARTS(line, len, literal)                                             \
	((len) >= sizeof(literal) - 1 &&                                       \
	    memcmp((line), "" literal "", sizeof(literal) - 1) == 0)

/* What the line at the start of len bytes is. */
static LineKind
diff_line(const char *line, size_t len)
{
	switch (len > 0 ? line[0] : ' ') {
	case '+':
		return STARTS(line, len, "+++ ") ? LINE_FILE : LINE_ADDED;
	case '-':
		return STARTS(line, len, "--- ") ? LINE_FILE : LINE_REMOVED;
	case '@':
		return STARTS(line, len, "@@ ") ? LINE_PLACE : LINE_SAME;
	case 'd':
		return STARTS(line, len, "diff ") ? LINE_FILE : LINE_SAME;
	case 'i':
		return STARTS(line, len, "index ") ? LINE_FILE : LINE_SAME;
	default:
		return LINE_SAME;
	}
}

static size_t
line_len(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return (size_t)((nl != NULL ? nl + 1 : end) - p);
}

/* Lines of one kind, one after the other, share a span. */
static void
write_diff(GString *o, const HtmlSite *site, const char *text, size_t len)
{
	const char *p = text, *end = text + len;

	out_raw(o, "<pre class=\"diff\" tabindex=\"0\">");
	/* A line feed right behind the tag would be taken away. */
	if (len > 0 && *p == '\n')
		out_raw(o, "\n");
	LineKind kind = diff_line(p, line_len(p, end)), next_kind = kind;

	for (; p < end; kind = next_kind) {
		const char *next = p;

		do {
			next += line_len(next, end);
			if (next == end)
				break;
			next_kind = diff_line(next, (size_t)(end - next));
		} while (next_kind == kind);
		if (kind == LINE_ADDED)
			out_raw(o, "<span class=\"a\">");
		else if (kind == LINE_REMOVED)
			out_raw(o, "<span class=\"d\">");
		else if (kind == LINE_PLACE)
			out_raw(o, "<span class=\"h\">");
		else if (kind == LINE_FILE)
			out_raw(o, "<span class=\"f\">");
		prose_linked(o, site, p, (size_t)(next - p));
		if (kind != LINE_SAME)
			out_raw(o, "</span>");
		p = next;
	}
	out_raw(o, "</pre>\n");
}

/* Blocks ------------------------------------------------------------------ */

/* Whether a line of len bytes was laid out for letters of one width: it
 * begins with what tables, trees and indented code begin with, or has a
 * tab, three spaces or a " | " inside. */
static bool
is_laid_out(const char *line, size_t len)
{
	const char *end = line + len, *p = line;
	unsigned int n_spaces = 0;

	while (p < end && *p == '>')
		p++;
	const char *quoted = p;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == end || *p == '\n')
		return false;
	if (p - quoted >= 4 || *p == '|')
		return true;
	for (; p < end; p++) {
		if (*p == '\t' || (*p == '|' && n_spaces > 0))
			return true;
		n_spaces = *p == ' ' ? n_spaces + 1 : 0;
		if (n_spaces == 3)
			return true;
	}
	return false;
}

/* Sixteen bytes that are compared at once, whatever the machine has. */
typedef signed char Lanes __attribute__((vector_size(16)));

static Lanes
lanes_at(const char *p)
{
	Lanes v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* How many of len bytes come before the first tab, "|" or three spaces:
 * what no line is laid out without. */
static size_t
plain_prose(const char *text, size_t len)
{
	size_t n = 0;

	for (; n + sizeof(Lanes) + 2 <= len; n += sizeof(Lanes)) {
		uint64_t found[2];
		Lanes v = lanes_at(text + n);
		Lanes hit = (v == '\t') | (v == '|') |
			    ((v == ' ') & (lanes_at(text + n + 1) == ' ') &
				(lanes_at(text + n + 2) == ' '));

		memcpy(found, &hit, sizeof found);
		if ((found[0] | found[1]) != 0)
			break;
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
	unsigned int n_lines = 0;

	while (n_lines < 2) {
		p += plain_prose(p, (size_t)(end - p));
		if (p == end)
			break;
		const char *nl = memrchr(line, '\n', (size_t)(p - line));

		line = nl != NULL ? nl + 1 : line;
		size_t n = line_len(line, end);

		n_lines += is_laid_out(line, n) ? 1 : 0;
		p = line += n;
	}
	return n_lines >= 2;
}

/* A block of whole lines as <pre>, whose tags stand in open and close. */
static void
write_lines(GString *o, const HtmlSite *site, const char *text, size_t len)
{
	/* Empty lines around a block are the style sheet's to draw. */
	while (len > 0 && text[len - 1] == '\n')
		len--;
	while (len > 0 && *text == '\n') {
		text++;
		len--;
	}
	prose_linked(o, site, text, len);
}

static bool
is_blank(const char *text, size_t len)
{
	return strspn(text, " \t\n") >= len;
}

static void
write_block(
    GString *o, const HtmlSite *site, const char *text, const BodyBlock *b)
{
	const char *at = text + b->off;

	if (is_blank(at, b->len))
		return;
	switch (b->kind) {
	case BODY_QUOTE:
		out_raw(o, "<blockquote class=\"q");
		out_num(o, MIN(b->depth, 4));
		out_raw(o, "\"><pre>");
		write_lines(o, site, at, b->len);
		out_raw(o, "</pre></blockquote>\n");
		break;
	case BODY_SIGNATURE:
		out_raw(o, "<pre class=\"sig\">");
		write_lines(o, site, at, b->len);
		out_raw(o, "</pre>\n");
		break;
	case BODY_DIFF:
		write_diff(o, site, at, b->len);
		break;
	case BODY_TEXT:
	default:
		out_raw(o, "<pre>");
		write_lines(o, site, at, b->len);
		out_raw(o, "</pre>\n");
		break;
	}
}

/* Whether text is to be shown with letters of one width: it has a diff, or
 * was laid out so. */
static bool
needs_fixed_width(const char *text, size_t len, const GArray *blocks)
{
	for (guint i = 0; i < blocks->len; i++)
		if (g_array_index(blocks, BodyBlock, i).kind == BODY_DIFF)
			return true;
	return has_layout(text, len);
}

void
prose_write(GString *o, const HtmlSite *site, const char *text)
{
	size_t len = strlen(text);
	g_autoptr(GArray) blocks = body_blocks(text, len);

	if (needs_fixed_width(text, len, blocks))
		out_raw(o, "<div class=\"text fixed\">\n");
	else
		out_raw(o, "<div class=\"text\">\n");
	for (guint i = 0; i < blocks->len; i++)
		write_block(
		    o, site, text, &g_array_index(blocks, BodyBlock, i));
	out_raw(o, "</div>\n");
}
