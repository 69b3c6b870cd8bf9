/*
 * out.h - the writer of pages: one escaper for each place in markup.
 *
 * What a message says reaches a page through out_text, out_attr, out_url
 * or, from the sanitiser, out_safe, and no other way; out_raw takes string
 * literals alone, so that an unescaped variable does not compile.  Texts
 * are UTF-8.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_OUT_H
#define VIEW_OUT_H

#include "base/lanes.h"
#include "base/text.h"

#include <glib.h>

#include <stddef.h>
#include <stdint.h>

/* Append bytes that are markup already: for the functions below, and for
 * nobody else. */
static inline void
out_append(GString *o, const char *bytes, size_t len)
{
	text_append(o, bytes, len);
}

/* Make room for len bytes behind o. */
void out_reserve(GString *o, size_t len);

/* Append a string literal as it stands. */
#define out_raw(o, literal) out_append((o), "" literal "", sizeof(literal) - 1)

/* Append markup that the operator wrote, and that is trusted as the
 * configuration is: view/look.h's, and nothing else. */
void out_operators(GString *o, const char *markup, size_t len);

/* What html_sanitise (mail/html) made: safe and balanced already. */
void out_safe(GString *o, const char *sanitised);

/* Copy the sixteen bytes at text to to, and say how many of them come before
 * the first "&", "<", a or b. */
static inline size_t
out_lanes(char *to, const char *text, char a, char b)
{
	Lanes v = lanes_at(text);

	memcpy(to, &v, sizeof v);
	return lanes_first((v == '&') | (v == '<') | (v == a) | (v == b));
}

/*
 * Append what of text, len bytes, comes before the first "&" or "<", a or b,
 * which is that of another function's to escape; how much that is.  To look
 * at each byte and append it was 27 % of a page's time, to look at sixteen and
 * then to copy them a tenth.
 */
static inline size_t
out_plain(GString *o, const char *text, size_t len, char a, char b)
{
	const size_t lanes = sizeof(Lanes);
	size_t n = 0, at = lanes;

	out_reserve(o, len);
	char *to = o->str + o->len;

	for (; at == lanes && n + lanes <= len; n += at)
		at = out_lanes(to + n, text + n, a, b);
	/* What is left, with what is there already before it. */
	if (at == lanes && n < len && len >= lanes) {
		n = len - lanes;
		n += out_lanes(to + n, text + n, a, b);
	} else if (at == lanes) {
		for (; n < len && text[n] != '&' && text[n] != '<' &&
		       text[n] != a && text[n] != b;
		     n++)
			to[n] = text[n];
	}
	to[n] = '\0';
	o->len += n;
	return n;
}

/* One of & < > " as markup can hold it. */
void out_entity(GString *o, char c);

/* Text between tags: & and < are escaped; ">" means nothing there, and
 * code is full of it.  len bytes, or all of it. */
void out_text_len(GString *o, const char *text, size_t len);
void out_text(GString *o, const char *text);

/* The value of an attribute in double quotes: & < > " are escaped. */
void out_attr_len(GString *o, const char *text, size_t len);
void out_attr(GString *o, const char *text);

/* One segment of a URL's path: every octet but RFC 3986's unreserved ones
 * as %XX, which makes it fit for an attribute too. */
void out_url(GString *o, const char *segment);

/*
 * Text of an XML document, for content and attributes alike: as out_attr,
 * and what XML 1.0 has no place for (control characters, U+FFFE, U+FFFF)
 * becomes U+FFFD.
 */
void out_xml_len(GString *o, const char *text, size_t len);
void out_xml(GString *o, const char *text);

/* A number in decimal. */
void out_num(GString *o, uint64_t n);

/* A number for people, thousands parted by narrow no-break spaces. */
void out_count(GString *o, uint64_t n);

#endif
