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

#endif
