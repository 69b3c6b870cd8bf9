/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html_parse.h"

#include "base/limits.h"

#include <glib.h>
#include <libxml/HTMLparser.h>

#include <string.h>

typedef struct {
	const HtmlEvents *events;
	void *user;
	htmlParserCtxtPtr parser;
	bool too_deep;
	const char *skipping; /* the element whose content is skipped */
	unsigned int skip_depth;
} Relay;

/* Elements whose content is not for people. */
static const char *const skipped[] = {
    "iframe", "noembed", "noframes", "script", "style", "title", "xml"};

static const char *
find_skipped(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(skipped); i++)
		if (strcmp(skipped[i], name) == 0)
			return skipped[i];
	return NULL;
}

static void
on_start(void *ctx, const xmlChar *xml_name, const xmlChar **attrs)
{
	Relay *r = ctx;
	const char *name = (const char *)xml_name;

	/* Each end tag is looked for among all that are open. */
	if (r->parser->nameNr > (int)LIMIT_HTML_OPEN) {
		r->too_deep = true;
		xmlStopParser(r->parser);
		return;
	}
	if (r->skipping != NULL) {
		r->skip_depth += strcmp(name, r->skipping) == 0;
		return;
	}
	r->skipping = find_skipped(name);
	if (r->skipping != NULL)
		r->skip_depth = 1;
	else
		r->events->start(
		    r->user, name, (const char *const *)(const void *)attrs);
}

static void
on_end(void *ctx, const xmlChar *xml_name)
{
	Relay *r = ctx;
	const char *name = (const char *)xml_name;

	if (r->skipping == NULL) {
		r->events->end(r->user, name);
		return;
	}
	if (strcmp(name, r->skipping) == 0 && --r->skip_depth == 0)
		r->skipping = NULL;
}

/* What HTML's readers take the numbers 0x80 to 0x9F for (the WHATWG HTML
 * standard, "numeric character reference end state"). */
static const gunichar windows_1252[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192,
    0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E,
    0x0178};

/* How many bytes at the start are fit to be shown. */
static size_t
clean_length(const char *text, size_t len)
{
	size_t n = 0;

	for (; n < len; n++) {
		unsigned char c = (unsigned char)text[n];

		if (c < ' ' && c != '\t' && c != '\n')
			break;
		if (c == 0x7F || (c == 0xC2 && n + 1 < len &&
				     (unsigned char)text[n + 1] < 0xA0))
			break;
	}
	return n;
}

char *
html_parse_clean(const char *text, size_t len)
{
	GString *out = g_string_sized_new(len + 1);
	size_t n = 0;

	while ((n = clean_length(text, len)) < len) {
		unsigned char c = (unsigned char)text[n];

		g_string_append_len(out, text, (gssize)n);
		if (c == 0xC2) {
			n++;
			g_string_append_unichar(
			    out, windows_1252[(unsigned char)text[n] - 0x80]);
		} else if (c == '\r') {
			g_string_append_c(out, '\n');
		} else {
			g_string_append_unichar(out, 0xFFFD);
		}
		text += n + 1;
		len -= n + 1;
	}
	g_string_append_len(out, text, (gssize)len);
	return g_string_free(out, FALSE);
}

static void
on_text(void *ctx, const xmlChar *text, int len)
{
	Relay *r = ctx;
	const char *octets = (const char *)text;
	size_t n = (size_t)MAX(len, 0);
	g_autofree char *clean = NULL;

	if (r->skipping != NULL || n == 0)
		return;
	if (clean_length(octets, n) < n) {
		clean = html_parse_clean(octets, n);
		octets = clean;
		n = strlen(clean);
	}
	r->events->text(r->user, octets, n);
}

/* Whether c may stand between two attributes. */
static bool
may_part_attrs(char c)
{
	return g_ascii_isspace(c) || c == '"' || c == '\'';
}

/*
 * Whether the tag at p has few attributes, and in *end where it ends: at
 * its first ">", or, with heed_quotes, at the first that does not stand in
 * quotes behind a "=".
 */
static bool
is_short_tag(const char *p, bool heed_quotes, const char **end)
{
	char quote = '\0';
	bool value = false;
	size_t blanks = 0;

	for (; p < *end && (quote != '\0' || *p != '>'); p++) {
		if (may_part_attrs(*p) && ++blanks > LIMIT_HTML_TAG_BLANKS)
			return false;
		if (quote != '\0') {
			if (*p == quote)
				quote = '\0';
		} else if (heed_quotes && value && (*p == '"' || *p == '\'')) {
			quote = *p;
			value = false;
		} else if (!g_ascii_isspace(*p)) {
			value = *p == '=';
		}
	}
	*end = p;
	return true;
}

/*
 * Whether all tags are short, whichever way one reads quotes.  Linear: a
 * quote that reaches beyond the tags behind it ends where the next quote
 * of its kind begins.
 */
static bool
tags_are_short(const char *html, size_t len)
{
	const char *p = html, *end = html + len;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		const char *quoted_end = end, *first_end = end;

		p++;
		if (p == end || !g_ascii_isalpha(*p))
			continue;
		if (!is_short_tag(p, true, &quoted_end) ||
		    !is_short_tag(p, false, &first_end))
			return false;
		p = first_end;
	}
	return true;
}

bool
html_parse(const char *html, size_t len, const HtmlEvents *events, void *user)
{
	Relay relay = {.events = events, .user = user};
	htmlSAXHandler sax = {.startElement = on_start,
	    .endElement = on_end,
	    .characters = on_text,
	    .cdataBlock = NULL,
	    .ignorableWhitespace = on_text};
	htmlParserCtxtPtr ctx = NULL;
	htmlDocPtr doc = NULL;

	if (len > LIMIT_HTML_BYTES || !tags_are_short(html, len))
		return false;
	if (len == 0)
		return true;
	ctx = htmlNewParserCtxt();
	if (ctx == NULL)
		g_error("libxml2: out of memory");
	*ctx->sax = sax;
	ctx->userData = &relay;
	relay.parser = ctx;
	/* IGNORE_ENC: a meta element would have our UTF-8 read as something
	 * else. */
	doc = htmlCtxtReadMemory(ctx, html, (int)len, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	if (doc != NULL)
		xmlFreeDoc(doc);
	htmlFreeParserCtxt(ctx);
	return !relay.too_deep;
}
