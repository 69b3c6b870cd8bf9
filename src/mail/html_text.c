/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html.h"

#include "base/limits.h"
#include "mail/html_link.h"
#include "mail/html_parse.h"

#include <string.h>

/* Levels of lists and quotes that are shown by an indent of their own. */
#define SHOWN_LEVELS 20u

typedef struct {
	GString *out;
	unsigned int breaks; /* line ends that the next text needs first */
	bool space;          /* white space that it needs, too */
	bool item;           /* "- ", too */
	unsigned int quotes, lists, pres;
	unsigned int last_quotes; /* of the line that text was last put in */
	char *url;                /* of the open link */
	size_t url_text;          /* where its text begins in out */
} Writer;

typedef enum {
	KIND_PARAGRAPH, /* an empty line around it */
	KIND_LINE,      /* a line of its own */
	KIND_CELL,
	KIND_LIST,
	KIND_ITEM,
	KIND_QUOTE,
	KIND_PRE,
	KIND_LINK,
	KIND_BREAK,
	KIND_RULE,
	KIND_IMAGE,
	KIND_MARKS, /* q */
} Kind;

static const struct {
	const char *name;
	Kind kind;
} elements[] = {
    {"a", KIND_LINK},
    {"address", KIND_LINE},
    {"article", KIND_PARAGRAPH},
    {"aside", KIND_PARAGRAPH},
    {"blockquote", KIND_QUOTE},
    {"br", KIND_BREAK},
    {"caption", KIND_LINE},
    {"center", KIND_LINE},
    {"dd", KIND_LINE},
    {"dir", KIND_LIST},
    {"div", KIND_LINE},
    {"dl", KIND_PARAGRAPH},
    {"dt", KIND_LINE},
    {"figure", KIND_PARAGRAPH},
    {"footer", KIND_PARAGRAPH},
    {"form", KIND_LINE},
    {"h1", KIND_PARAGRAPH},
    {"h2", KIND_PARAGRAPH},
    {"h3", KIND_PARAGRAPH},
    {"h4", KIND_PARAGRAPH},
    {"h5", KIND_PARAGRAPH},
    {"h6", KIND_PARAGRAPH},
    {"header", KIND_PARAGRAPH},
    {"hr", KIND_RULE},
    {"img", KIND_IMAGE},
    {"li", KIND_ITEM},
    {"menu", KIND_LIST},
    {"ol", KIND_LIST},
    {"p", KIND_PARAGRAPH},
    {"pre", KIND_PRE},
    {"q", KIND_MARKS},
    {"section", KIND_PARAGRAPH},
    {"table", KIND_PARAGRAPH},
    {"td", KIND_CELL},
    {"th", KIND_CELL},
    {"tr", KIND_LINE},
    {"ul", KIND_LIST},
};

static bool
find_kind(const char *name, Kind *kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
		if (strcmp(elements[i].name, name) != 0)
			continue;
		*kind = elements[i].kind;
		return true;
	}
	return false;
}

/* The next text begins behind at least n line ends. */
static void
need_breaks(Writer *w, unsigned int n)
{
	if (w->out->len > 0)
		w->breaks = MAX(w->breaks, n);
	w->space = false;
}

static void
begin_line(Writer *w)
{
	unsigned int levels = w->lists > 0 ? w->lists - 1 : 0;

	for (unsigned int i = 0; i < MIN(w->quotes, SHOWN_LEVELS); i++)
		g_string_append(w->out, "> ");
	for (unsigned int i = 0; i < MIN(levels, SHOWN_LEVELS); i++)
		g_string_append(w->out, "  ");
	if (w->item)
		g_string_append(w->out, "- ");
	else if (w->lists > 0)
		g_string_append(w->out, "  ");
	w->item = false;
}

/* What is due before text. */
static void
ready(Writer *w)
{
	bool fresh = w->out->len == 0 || w->breaks > 0;
	unsigned int shared = MIN(w->quotes, w->last_quotes);

	for (unsigned int i = 0; i < w->breaks; i++) {
		for (unsigned int j = 0; i > 0 && j < MIN(shared, SHOWN_LEVELS);
		     j++)
			g_string_append_c(w->out, '>');
		g_string_append_c(w->out, '\n');
	}
	if (fresh)
		begin_line(w);
	else if (w->space)
		g_string_append_c(w->out, ' ');
	w->breaks = 0;
	w->space = false;
	w->last_quotes = w->quotes;
}

static void
put(Writer *w, const char *text)
{
	ready(w);
	g_string_append(w->out, text);
}

static void
end_link(Writer *w)
{
	const char *text = NULL, *bare = NULL, *colon = NULL;
	size_t from = MIN(w->url_text, w->out->len);

	if (w->url == NULL)
		return;
	text = w->out->str + from;
	colon = strchr(w->url, ':');
	bare = colon != NULL ? colon + 1 : w->url;
	while (*bare == '/')
		bare++;
	/* A text that says where it leads needs no more, nor does one that
	 * says nothing. */
	if (text[strspn(text, " \n")] != '\0' && strstr(text, bare) == NULL) {
		g_autofree char *host = g_strdup(bare);

		g_strchomp(host);
		if (g_str_has_suffix(host, "/"))
			host[strlen(host) - 1] = '\0';
		if (strstr(text, host) == NULL) {
			w->space = true;
			put(w, "<");
			g_string_append_printf(w->out, "%s>", w->url);
		}
	}
	g_clear_pointer(&w->url, g_free);
}

static void
start_link(Writer *w, const char *const *attrs)
{
	end_link(w);
	w->url = html_link_safe(html_link_attr(attrs, "href"));
	w->url_text = w->out->len;
}

static void
put_image(Writer *w, const char *const *attrs)
{
	g_autofree char *text = html_link_image(attrs);

	if (text != NULL)
		put(w, text);
}

static void
on_start(void *user, const char *name, const char *const *attrs)
{
	Writer *w = user;
	Kind kind = KIND_LINE;

	if (!find_kind(name, &kind))
		return;
	switch (kind) {
	case KIND_PARAGRAPH:
		need_breaks(w, 2);
		break;
	case KIND_LINE:
		need_breaks(w, 1);
		break;
	case KIND_CELL:
		w->space = true;
		break;
	case KIND_LIST:
		need_breaks(w, w->lists == 0 ? 2 : 1);
		w->lists++;
		break;
	case KIND_ITEM:
		need_breaks(w, 1);
		w->item = true;
		break;
	case KIND_QUOTE:
		need_breaks(w, 2);
		w->quotes++;
		break;
	case KIND_PRE:
		need_breaks(w, 2);
		w->pres++;
		break;
	case KIND_LINK:
		start_link(w, attrs);
		break;
	case KIND_BREAK:
		if (w->out->len > 0)
			w->breaks = MIN(w->breaks + 1, 2);
		w->space = false;
		break;
	case KIND_RULE:
		need_breaks(w, 1);
		put(w, "--------");
		need_breaks(w, 1);
		break;
	case KIND_IMAGE:
		put_image(w, attrs);
		break;
	case KIND_MARKS:
	default:
		put(w, "\xE2\x80\x9C");
		break;
	}
}

static void
on_end(void *user, const char *name)
{
	Writer *w = user;
	Kind kind = KIND_LINE;

	if (!find_kind(name, &kind))
		return;
	switch (kind) {
	case KIND_PARAGRAPH:
		need_breaks(w, 2);
		break;
	case KIND_LINE:
	case KIND_ITEM:
		need_breaks(w, 1);
		w->item = false;
		break;
	case KIND_LIST:
		w->lists -= w->lists > 0;
		need_breaks(w, w->lists == 0 ? 2 : 1);
		break;
	case KIND_QUOTE:
		w->quotes -= w->quotes > 0;
		need_breaks(w, 2);
		break;
	case KIND_PRE:
		w->pres -= w->pres > 0;
		need_breaks(w, 2);
		break;
	case KIND_LINK:
		end_link(w);
		break;
	case KIND_MARKS:
		put(w, "\xE2\x80\x9D");
		break;
	case KIND_CELL:
	case KIND_BREAK:
	case KIND_RULE:
	case KIND_IMAGE:
	default:
		break;
	}
}

/* Text as it stands, each line of it begun as any other. */
static void
put_pre(Writer *w, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			w->breaks += w->out->len > 0;
			continue;
		}
		if (w->breaks > 0 || w->out->len == 0)
			ready(w);
		g_string_append_c(w->out, text[i]);
	}
}

/* The length of the white space at p: one, or two for U+00A0. */
static size_t
space_length(const char *p, size_t left)
{
	if (g_ascii_isspace(*p))
		return 1;
	return left >= 2 && memcmp(p, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static void
on_text(void *user, const char *text, size_t len)
{
	Writer *w = user;
	size_t i = 0;

	if (w->pres > 0) {
		put_pre(w, text, len);
		return;
	}
	while (i < len) {
		size_t n = space_length(text + i, len - i), run = i;

		if (n > 0) {
			w->space = true;
			i += n;
			continue;
		}
		while (i < len && space_length(text + i, len - i) == 0)
			i++;
		ready(w);
		g_string_append_len(w->out, text + run, (gssize)(i - run));
	}
}

/* What libxml2 is not shown: without its tags, and no more than the limit
 * of it. */
static char *
strip_tags(const char *html, size_t len)
{
	GString *out = g_string_new(NULL);
	const char *p = html, *end = html + MIN(len, LIMIT_HTML_BYTES);

	while (p < end) {
		const char *open = memchr(p, '<', (size_t)(end - p));
		const char *close = NULL;

		g_string_append_len(out, p, (open != NULL ? open : end) - p);
		if (open != NULL)
			close = memchr(open, '>', (size_t)(end - open));
		if (close == NULL)
			break;
		p = close + 1;
	}
	if (!g_utf8_validate(out->str, (gssize)out->len, NULL)) {
		const char *bad = NULL; /* cut within a character */

		g_utf8_validate(out->str, (gssize)out->len, &bad);
		g_string_truncate(out, (gsize)(bad - out->str));
	}
	return g_string_free(out, FALSE);
}

char *
html_to_text(const char *html)
{
	static const HtmlEvents events = {
	    .start = on_start, .end = on_end, .text = on_text};
	size_t len = strlen(html);
	Writer w = {.out = g_string_sized_new(len / 2 + 1)};

	if (!html_parse(html, len, &events, &w)) {
		g_string_free(w.out, TRUE);
		return strip_tags(html, len);
	}
	end_link(&w);
	if (w.out->len > 0)
		g_string_append_c(w.out, '\n');
	return g_string_free(w.out, FALSE);
}
