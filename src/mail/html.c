/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html.h"

#include "base/limits.h"
#include "mail/html_link.h"
#include "mail/html_parse.h"
#include "mail/html_protect.h"

#include <string.h>

#define LINK_REL "nofollow noopener noreferrer ugc"

/* How an element that is written behaves. */
typedef enum {
	KIND_INLINE, /* closed by a block's start */
	KIND_LINK,
	KIND_BLOCK,
	KIND_PARAGRAPH, /* a block that holds none */
	KIND_PRE,
	KIND_LIST,  /* holds items alone */
	KIND_TABLE, /* holds groups and rows alone */
	KIND_GROUP, /* of rows */
	KIND_ROW,   /* holds cells alone */
	KIND_ITEM,  /* stands in a list alone */
	KIND_TERM,  /* stands in a dl alone */
	KIND_DL,    /* holds terms alone */
	KIND_CELL,  /* stands in a row alone */
	KIND_VOID,  /* br */
	KIND_RULE,  /* hr: a block that is void */
	KIND_IMAGE,
	KIND_QUOTED, /* q: quotation marks */
} Kind;

typedef struct {
	const char *name, *as; /* in the mail; what is written for it */
	Kind kind;
} Element;

/*
 * All that is ever written.  Headings become bold paragraphs, so that the
 * outline is the page's own; elements that HTML no longer has become their
 * heirs.
 */
static const Element elements[] = {
    {"a", "a", KIND_LINK},
    {"address", "div", KIND_BLOCK},
    {"article", "div", KIND_BLOCK},
    {"aside", "div", KIND_BLOCK},
    {"b", "b", KIND_INLINE},
    {"blockquote", "blockquote", KIND_BLOCK},
    {"br", "br", KIND_VOID},
    {"caption", "div", KIND_BLOCK},
    {"center", "div", KIND_BLOCK},
    {"cite", "i", KIND_INLINE},
    {"code", "code", KIND_INLINE},
    {"dd", "dd", KIND_TERM},
    {"del", "s", KIND_INLINE},
    {"dir", "ul", KIND_LIST},
    {"div", "div", KIND_BLOCK},
    {"dl", "dl", KIND_DL},
    {"dt", "dt", KIND_TERM},
    {"em", "em", KIND_INLINE},
    {"fieldset", "div", KIND_BLOCK},
    {"figcaption", "div", KIND_BLOCK},
    {"figure", "div", KIND_BLOCK},
    {"footer", "div", KIND_BLOCK},
    {"form", "div", KIND_BLOCK},
    {"h1", "p", KIND_PARAGRAPH},
    {"h2", "p", KIND_PARAGRAPH},
    {"h3", "p", KIND_PARAGRAPH},
    {"h4", "p", KIND_PARAGRAPH},
    {"h5", "p", KIND_PARAGRAPH},
    {"h6", "p", KIND_PARAGRAPH},
    {"header", "div", KIND_BLOCK},
    {"hr", "hr", KIND_RULE},
    {"i", "i", KIND_INLINE},
    {"img", "", KIND_IMAGE},
    {"ins", "u", KIND_INLINE},
    {"kbd", "code", KIND_INLINE},
    {"li", "li", KIND_ITEM},
    {"main", "div", KIND_BLOCK},
    {"menu", "ul", KIND_LIST},
    {"nav", "div", KIND_BLOCK},
    {"ol", "ol", KIND_LIST},
    {"p", "p", KIND_PARAGRAPH},
    {"pre", "pre", KIND_PRE},
    {"q", "", KIND_QUOTED},
    {"s", "s", KIND_INLINE},
    {"samp", "code", KIND_INLINE},
    {"section", "div", KIND_BLOCK},
    {"small", "small", KIND_INLINE},
    {"strike", "s", KIND_INLINE},
    {"strong", "strong", KIND_INLINE},
    {"sub", "sub", KIND_INLINE},
    {"sup", "sup", KIND_INLINE},
    {"table", "table", KIND_TABLE},
    {"tbody", "tbody", KIND_GROUP},
    {"td", "td", KIND_CELL},
    {"tfoot", "tbody", KIND_GROUP},
    {"th", "th", KIND_CELL},
    {"thead", "thead", KIND_GROUP},
    {"tr", "tr", KIND_ROW},
    {"tt", "code", KIND_INLINE},
    {"u", "u", KIND_INLINE},
    {"ul", "ul", KIND_LIST},
    {"var", "i", KIND_INLINE},
};

/* Those that are written where a mail leaves them out. */
static const Element implied_item = {"li", "li", KIND_ITEM};
static const Element implied_term = {"dd", "dd", KIND_TERM};
static const Element implied_row = {"tr", "tr", KIND_ROW};
static const Element implied_cell = {"td", "td", KIND_CELL};
static const Element implied_bold = {"", "b", KIND_INLINE};

/* What is written for those that stand outside what holds them: as they
 * are, they would end elements of the page around them. */
static const Element lone_elements[] = {
    {"dd", "div", KIND_BLOCK},
    {"dt", "div", KIND_BLOCK},
    {"li", "div", KIND_BLOCK},
    {"td", "div", KIND_BLOCK},
    {"th", "div", KIND_BLOCK},
};

typedef struct {
	GString *out;
	const HtmlRefs *refs;
	const Element *open[LIMIT_HTML_DEPTH];
	size_t n_open;
	char *behind; /* the link that is open, or NULL */
} Writer;

static const Element *
find_element(const char *name)
{
	size_t low = 0, high = G_N_ELEMENTS(elements);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, elements[middle].name);

		if (order == 0)
			return &elements[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Text or an attribute's value, UTF-8, escaped for both. */
static void
put_escaped(GString *out, const char *text, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		const char *as = NULL;

		switch (text[i]) {
		case '&':
			as = "&amp;";
			break;
		case '<':
			as = "&lt;";
			break;
		case '>':
			as = "&gt;";
			break;
		case '"':
			as = "&quot;";
			break;
		default:
			continue;
		}
		g_string_append_len(out, text + run, (gssize)(i - run));
		g_string_append(out, as);
		run = i + 1;
	}
	g_string_append_len(out, text + run, (gssize)(len - run));
}

static Kind
top_kind(const Writer *w)
{
	return w->n_open > 0 ? w->open[w->n_open - 1]->kind : KIND_BLOCK;
}

static void
close_top(Writer *w)
{
	g_assert(w->n_open > 0);
	w->n_open--;
	g_string_append_printf(w->out, "</%s>", w->open[w->n_open]->as);
	if (w->open[w->n_open]->kind != KIND_LINK || w->behind == NULL)
		return;
	g_string_append(w->out, w->behind);
	g_clear_pointer(&w->behind, g_free);
}

/* Nothing is written, and nothing lost, where the stack is full. */
static void
open_element(Writer *w, const Element *e)
{
	if (w->n_open == LIMIT_HTML_DEPTH)
		return;
	w->open[w->n_open++] = e;
	g_string_append_printf(w->out, "<%s>", e->as);
}

/*
 * The index of the innermost open element of kind, plus one; 0 if there is
 * none, or a cell, or a table if not beyond it, stands between.
 */
static size_t
find_open(const Writer *w, Kind kind)
{
	for (size_t i = w->n_open; i-- > 0;) {
		if (w->open[i]->kind == kind)
			return i + 1;
		if (w->open[i]->kind == KIND_CELL ||
		    w->open[i]->kind == KIND_TABLE)
			return 0;
	}
	return 0;
}

/* Close elements until n are open. */
static void
close_to(Writer *w, size_t n)
{
	while (w->n_open > n)
		close_top(w);
}

/* Open what must stand between the innermost element and text. */
static void
imply(Writer *w)
{
	for (;;) {
		size_t n = w->n_open;

		switch (top_kind(w)) {
		case KIND_LIST:
			open_element(w, &implied_item);
			break;
		case KIND_DL:
			open_element(w, &implied_term);
			break;
		case KIND_TABLE:
		case KIND_GROUP:
			open_element(w, &implied_row);
			break;
		case KIND_ROW:
			open_element(w, &implied_cell);
			break;
		case KIND_INLINE:
		case KIND_LINK:
		case KIND_BLOCK:
		case KIND_PARAGRAPH:
		case KIND_PRE:
		case KIND_ITEM:
		case KIND_TERM:
		case KIND_CELL:
		case KIND_VOID:
		case KIND_RULE:
		case KIND_IMAGE:
		case KIND_QUOTED:
		default:
			return;
		}
		if (w->n_open == n)
			return; /* full */
	}
}

/* Make ready for a block: what can't hold one is closed. */
static void
end_phrase(Writer *w)
{
	size_t n = find_open(w, KIND_PARAGRAPH);

	if (n > 0)
		close_to(w, n - 1);
	while (top_kind(w) == KIND_INLINE)
		close_top(w);
}

/* Whether text is as it stands in the mail here. */
static bool
in_pre(const Writer *w)
{
	return find_open(w, KIND_PRE) > 0;
}

static void
start_block(Writer *w, const Element *e)
{
	if (in_pre(w)) {
		/* A pre holds none: its lines are the mail's blocks. */
		if (!g_str_has_suffix(w->out->str, "\n"))
			g_string_append_c(w->out, '\n');
		return;
	}
	end_phrase(w);
	imply(w);
	if (e->kind == KIND_RULE)
		g_string_append(w->out, "<hr>");
	else
		open_element(w, e);
	if (e->name[0] == 'h' && g_ascii_isdigit(e->name[1]))
		open_element(w, &implied_bold);
}

static void
start_lone(Writer *w, const Element *e)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lone_elements); i++)
		if (strcmp(e->name, lone_elements[i].name) == 0)
			start_block(w, &lone_elements[i]);
}

/* An item, a term: in its list, else a block. */
static void
start_item(Writer *w, const Element *e, Kind list)
{
	size_t in = 0, i = w->n_open;

	for (; i-- > 0 && in == 0;) {
		Kind kind = w->open[i]->kind;

		if (kind == list)
			in = i + 1;
		else if (kind == KIND_CELL || kind == KIND_TABLE ||
			 kind == KIND_LIST || kind == KIND_DL)
			break;
	}
	if (in == 0) {
		start_lone(w, e);
		return;
	}
	close_to(w, in);
	open_element(w, e);
}

/* The innermost table's index plus one, or 0. */
static size_t
find_table(const Writer *w)
{
	for (size_t i = w->n_open; i-- > 0;)
		if (w->open[i]->kind == KIND_TABLE)
			return i + 1;
	return 0;
}

/* How much of the innermost table stays open for a group, row or cell:
 * what is of a kind that may hold it. */
static void
start_in_table(Writer *w, const Element *e)
{
	size_t keep = find_table(w);

	if (keep == 0) {
		start_lone(w, e); /* nothing for a row */
		return;
	}
	for (size_t i = keep; i < w->n_open; i++) {
		Kind kind = w->open[i]->kind;

		if (kind >= e->kind || (kind != KIND_GROUP && kind != KIND_ROW))
			break;
		keep = i + 1;
	}
	close_to(w, keep);
	if (e->kind == KIND_CELL && top_kind(w) != KIND_ROW)
		open_element(w, &implied_row);
	if (e->kind != KIND_CELL || top_kind(w) == KIND_ROW)
		open_element(w, e);
}

/* The tag alone, with no element opened. */
static void
put_link(Writer *w, const char *url)
{
	g_string_append(w->out, "<a href=\"");
	put_escaped(w->out, url, strlen(url));
	g_string_append(w->out, "\" rel=\"" LINK_REL "\">");
}

/* Where a link of the mail leads from the page; NULL: nowhere. */
static char *
link_target(const Writer *w, const char *const *attrs)
{
	g_autofree char *url = html_link_safe(html_link_attr(attrs, "href"));
	g_autofree char *id = NULL;
	char *here = NULL;

	if (url == NULL || w->refs == NULL)
		return g_steal_pointer(&url);
	if (w->refs->protect && g_ascii_strncasecmp(url, "mailto:", 7) == 0)
		return NULL;
	id = html_link_message(url);
	if (id != NULL && w->refs->message != NULL)
		here = w->refs->message(w->refs->user, id);
	return here != NULL ? here : g_steal_pointer(&url);
}

static void
start_link(Writer *w, const Element *e, const char *const *attrs)
{
	g_autofree char *url = link_target(w, attrs);
	size_t n = find_open(w, KIND_LINK);

	if (n > 0)
		close_to(w, n - 1);
	if (url == NULL || w->n_open == LIMIT_HTML_DEPTH)
		return;
	imply(w);
	if (w->n_open == LIMIT_HTML_DEPTH)
		return;
	w->open[w->n_open++] = e;
	put_link(w, url);
	if (w->refs != NULL && w->refs->behind != NULL)
		w->behind = w->refs->behind(w->refs->user, url);
}

/* The image at url, which is the page's own. */
static void
put_image(Writer *w, const char *url, const char *const *attrs)
{
	const char *alt = html_link_attr(attrs, "alt");
	g_autofree char *clean =
	    html_parse_clean(alt != NULL ? alt : "", alt ? strlen(alt) : 0);

	g_string_append(w->out, "<img src=\"");
	put_escaped(w->out, url, strlen(url));
	g_string_append(w->out, "\" alt=\"");
	put_escaped(w->out, clean, strlen(clean));
	g_string_append(w->out, "\" loading=\"lazy\">");
}

static void
write_image(Writer *w, const char *const *attrs)
{
	const char *src = html_link_attr(attrs, "src");
	g_autofree char *cid = html_link_part(src);
	g_autofree char *alt = html_link_image(attrs);
	g_autofree char *here = NULL;
	g_autofree char *url = html_link_safe(src);

	if (cid != NULL && w->refs != NULL && w->refs->part != NULL)
		here = w->refs->part(w->refs->user, cid);
	if (here == NULL && alt == NULL)
		return;
	imply(w);
	if (here != NULL) {
		put_image(w, here, attrs);
		return;
	}
	/* Whoever wants to see it asks for it; no page does. */
	bool link = url != NULL && g_ascii_strncasecmp(url, "http", 4) == 0 &&
		    find_open(w, KIND_LINK) == 0;

	if (link)
		put_link(w, url);
	put_escaped(w->out, alt, strlen(alt));
	if (link)
		g_string_append(w->out, "</a>");
}

static void
on_start(void *user, const char *name, const char *const *attrs)
{
	Writer *w = user;
	const Element *e = find_element(name);

	if (e == NULL)
		return;
	switch (e->kind) {
	case KIND_LINK:
		start_link(w, e, attrs);
		break;
	case KIND_INLINE:
		imply(w);
		open_element(w, e);
		break;
	case KIND_VOID:
		imply(w);
		g_string_append(w->out, "<br>");
		break;
	case KIND_IMAGE:
		write_image(w, attrs);
		break;
	case KIND_QUOTED:
		imply(w);
		g_string_append(w->out, "\xE2\x80\x9C");
		break;
	case KIND_ITEM:
		start_item(w, e, KIND_LIST);
		break;
	case KIND_TERM:
		start_item(w, e, KIND_DL);
		break;
	case KIND_GROUP:
	case KIND_ROW:
	case KIND_CELL:
		start_in_table(w, e);
		break;
	case KIND_BLOCK:
	case KIND_PARAGRAPH:
	case KIND_PRE:
	case KIND_LIST:
	case KIND_DL:
	case KIND_TABLE:
	case KIND_RULE:
	default:
		start_block(w, e);
		break;
	}
}

/* Whether the end of e may close what is open beyond one of kind. */
static bool
closes_beyond(const Element *e, Kind kind)
{
	bool of_table = e->kind == KIND_TABLE || e->kind == KIND_GROUP ||
			e->kind == KIND_ROW || e->kind == KIND_CELL;

	if (kind == KIND_CELL || kind == KIND_PRE)
		return of_table;
	return kind != KIND_TABLE;
}

static void
on_end(void *user, const char *name)
{
	Writer *w = user;
	const Element *e = find_element(name);

	if (e == NULL)
		return;
	if (e->kind == KIND_QUOTED)
		g_string_append(w->out, "\xE2\x80\x9D");
	for (size_t i = w->n_open; i-- > 0;) {
		if (strcmp(w->open[i]->name, e->name) == 0) {
			close_to(w, i);
			return;
		}
		if (!closes_beyond(e, w->open[i]->kind))
			return;
	}
}

/* White space between items, rows or cells stays out. */
static bool
is_filler(Kind top, const char *text, size_t len)
{
	if (top != KIND_LIST && top != KIND_DL && top != KIND_TABLE &&
	    top != KIND_GROUP && top != KIND_ROW)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isspace(text[i]))
			return false;
	return true;
}

static void
on_text(void *user, const char *text, size_t len)
{
	Writer *w = user;

	if (is_filler(top_kind(w), text, len))
		return;
	imply(w);
	put_escaped(w->out, text, len);
}

char *
html_sanitise(const char *html, const HtmlRefs *refs)
{
	static const HtmlEvents events = {
	    .start = on_start, .end = on_end, .text = on_text};
	size_t len = strlen(html);
	Writer w = {.out = g_string_sized_new(len / 2 + 1), .refs = refs};

	if (!html_parse(html, len, &events, &w)) {
		g_free(w.behind);
		g_string_free(w.out, TRUE);
		return NULL;
	}
	close_to(&w, 0);
	if (refs != NULL && refs->protect)
		html_protect(w.out);
	return g_string_free(w.out, FALSE);
}
