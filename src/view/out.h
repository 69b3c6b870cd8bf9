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

#include <glib.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Append bytes that are markup already: for the functions below, and for
 * nobody else.  g_string_append_len where it is long; a page is thousands
 * of short ones, and the call was a tenth of its time. */
static inline void
out_append(GString *o, const char *bytes, size_t len)
{
	if (G_UNLIKELY(o->allocated_len - o->len <= len)) {
		g_string_append_len(o, bytes, (gssize)len);
		return;
	}
	memcpy(o->str + o->len, bytes, len);
	o->len += len;
	o->str[o->len] = '\0';
}

/* Append a string literal as it stands. */
#define out_raw(o, literal) out_append((o), "" literal "", sizeof(literal) - 1)

/* Append markup that the operator wrote, and that is trusted as the
 * configuration is: view/look.h's, and nothing else. */
void out_operators(GString *o, const char *markup, size_t len);

/* What html_sanitise (mail/html) made: safe and balanced already. */
void out_safe(GString *o, const char *sanitised);

/*
 * How many bytes of text, at most len, come before the first "&" or "<", a
 * or b.  Looking at each byte and appending it was 27 % of a page's time.
 */
size_t out_plain(const char *text, size_t len, char a, char b);

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
