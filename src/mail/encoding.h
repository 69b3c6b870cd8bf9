/*
 * encoding.h - transfer encodings undone.
 *
 * Our own, and to the letter of this page, since content digests are made
 * of what comes out: it may not change with a library's release.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_ENCODING_H
#define MAIL_ENCODING_H

#include "mail/msg.h"

/*
 * The len octets with encoding, which is not ENCODING_IDENTITY or
 * ENCODING_BINARY, undone: *out_len octets; free with g_free.
 *
 * Base64 (RFC 2045 section 6.8): what is not of its alphabet is passed
 * over; "=" ends a group and another may follow; a last group of two or
 * three digits yields its one or two octets even without "=".
 *
 * Quoted-printable (section 6.7): "=" and two hexadecimal digits, either
 * case, are an octet; "=", white space if any, and a line's or the part's
 * end are nothing; any other "=" is itself, as is all else.
 *
 * Uuencode: from the line behind the first one that begins with "begin "
 * and three or four octal digits; lines whose count is zero, that begin
 * with "end", or the part's end are the end; missing digits are zero.
 *
 * NULL if it is base64 or uuencode, octets are not all white space, and
 * nothing comes out.
 */
char *encoding_decode(
    Encoding encoding, const char *octets, size_t len, size_t *out_len);

/* The same a little at a time: where it stands.  All zero but for encoding
 * before the first octets. */
typedef struct {
	Encoding encoding;
	unsigned int group, n; /* base64 digits that are no octet yet */
	bool begun, ended;     /* the file of uuencode */
} EncodingState;

/* Octets that may come out beside as many as went in: a group of base64, or
 * what a line of uuencode has no digits for. */
#define ENCODING_ROOM ((size_t)4)

/*
 * Decode of the next len octets as much as can be told without those behind
 * them, all of it if they are the last; out has room for len and
 * ENCODING_ROOM.  Returns how many came out; *used of the octets were looked
 * at, and the rest comes first the next time.  Where that is none of them,
 * last may be said of what is not: whatever is cut then was no line of mail.
 */
size_t encoding_feed(EncodingState *s, const char *octets, size_t len,
    bool last, char *out, size_t *used);

#endif
