/*
 * html_parse.h - HTML as events: the only user of libxml2.
 *
 * What comes out is only names, attributes and text, unescaped; who takes
 * it decides what to write.  Comments, processing instructions, and all
 * within elements whose content is for programs (script, style, title and
 * the like) do not come out.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_HTML_PARSE_H
#define MAIL_HTML_PARSE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
	/* attrs: name, value or NULL, name, ..., NULL; or NULL for none. */
	void (*start)(void *user, const char *name, const char *const *attrs);
	void (*end)(void *user, const char *name);
	/* Clean, as html_parse_clean gives it; a stretch of text may come in
	 * several pieces. */
	void (*text)(void *user, const char *text, size_t len);
} HtmlEvents;

/*
 * Call events with user for the len bytes of UTF-8 at html.  Names are in
 * lower case; an end may come without its start and the other way round.
 * Returns false where html is longer than LIMIT_HTML_BYTES, a tag in it has
 * more than LIMIT_HTML_TAG_BLANKS, or LIMIT_HTML_OPEN elements are open at
 * once; what was called until then is of no use.
 */
bool html_parse(
    const char *html, size_t len, const HtmlEvents *events, void *user);

/* UTF-8 as text to be shown: numbers of Windows-1252 that stand for
 * characters ("&#150;") are those, other control characters than tab and
 * LF are U+FFFD.  Free with g_free. */
char *html_parse_clean(const char *text, size_t len);

#endif
