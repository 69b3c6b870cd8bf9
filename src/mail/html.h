/*
 * html.h - HTML of mail to HTML that is safe to show, and to text.
 *
 * libxml2's SAX parser in front of a writer that knows a fixed list of
 * elements and attributes: what it does not know it does not write.  No
 * style, no script, no form, no remote image comes through.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_HTML_H
#define MAIL_HTML_H

#include <glib.h>

#include <stdbool.h>

/*
 * Where the page is that shows what a mail refers to: of its part with this
 * Content-ID, of the message with this Message-ID, both without brackets;
 * NULL if it has none.  What they give is freed with g_free, and begins
 * with "/"; behind gives the HTML that is to stand behind a link to url,
 * or NULL.
 */
typedef struct {
	char *(*part)(void *user, const char *cid);
	char *(*message)(void *user, const char *id);
	char *(*behind)(void *user, const char *url);
	bool protect; /* hide addresses; links to them are text */
	void *user;
} HtmlRefs;

/*
 * A fragment of balanced, safe HTML for the UTF-8 text html.  Links keep
 * http, https, mailto, news and mid URLs.  Images are those that refs (or
 * NULL) finds; of others what they say stays, as a link to where they are.
 * Free with g_free.
 * NULL where a limit of base/limits.h was passed: show html_to_text's
 * result or the source instead.
 */
char *html_sanitise(const char *html, const HtmlRefs *refs);

/* The same as plain text: paragraphs, lists ("- "), quotes ("> "), links'
 * targets in angle brackets where the text does not say them.  Never
 * NULL; free with g_free. */
char *html_to_text(const char *html);

#endif
