/* text.h - bytes of unknown charset to UTF-8, and cutting it.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* g_string_append_len for what is short: a page is thousands of such, and
 * the call was a tenth of its time. */
static inline void
text_append(GString *o, const char *bytes, size_t len)
{
	if (G_UNLIKELY(o->allocated_len - o->len <= len)) {
		g_string_append_len(o, bytes, (gssize)len);
		return;
	}
	memcpy(o->str + o->len, bytes, len);
	o->len += len;
	o->str[o->len] = '\0';
}

/*
 * Octets of no charset, read as UTF-8 if they all are, else as
 * Windows-1252 (the five octets that it leaves out become U+FFFD), a NUL
 * as U+FFFD too.  Never NULL; free with g_free.
 */
char *text_from_octets(const char *octets, size_t len);

/* Valid UTF-8 of at most max_len bytes of text, whole characters, with
 * "…" behind it where something was cut.  Free with g_free. */
char *text_cut(const char *text, size_t max_len);

/*
 * ASCII white space as the permalink's contract has it: HT, LF, VT, FF, CR
 * and SP.  (g_ascii_isspace leaves VT out.)
 */
static inline bool
text_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Every run of ASCII white space one space, none at either end.  Free with
 * g_free. */
char *text_collapse(const char *text);

/* The same, and ASCII control characters go.  Free with g_free. */
char *text_squeeze(const char *text);

/* RFC 4648 section 6 base32 of n octets, lower case, no padding.  Free
 * with g_free. */
char *text_base32(const unsigned char *octets, size_t n);

/*
 * Octets of n_chars base32 digits (either case, no padding) into out,
 * which holds out_size bytes; *n_bits is 5 * n_chars, and the bits of the
 * last octet behind those are zero.
 * Returns false, out undefined, if a character is no digit or out_size is
 * too small.
 */
bool text_base32_decode(const char *digits, size_t n_chars, unsigned char *out,
    size_t out_size, size_t *n_bits);

/* The bytes that %XX stand for; a "%" that no two digits follow stays.
 * Free with g_free; *len is the length, since %00 may be among them. */
char *text_percent_decode(const char *text, size_t *len);

/* How many octets must change, come or go to make a of b.  Takes the time of
 * their lengths multiplied. */
size_t text_distance(const char *a, const char *b);

#endif
