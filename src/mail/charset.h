/*
 * charset.h - octets in the charset of a label to UTF-8.
 *
 * A fixed table says which labels are known and what they mean in mail
 * (the WHATWG Encoding Standard's choices: "iso-8859-1" is Windows-1252,
 * "gb2312" is GB 18030, ...); no name from a message reaches iconv_open.
 *
 * The converters are kept open in static memory: one thread alone may be
 * here.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_CHARSET_H
#define MAIL_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Open every converter now.  For a process that will not be let at the
 * files of the C library's converters later on; without it each is opened
 * when it is first needed, and one that can't be opened counts as not
 * known.
 */
void charset_init(void);

/*
 * The text of octets as a NUL-ended string of *text_len bytes; free with
 * g_free.  label is a charset's name as a message gives it, in either
 * case, or NULL.
 *
 * What is UTF-8 is read as that, whatever the label says, unless the
 * label is one of those whose text looks like ASCII (ISO-2022, HZ, UTF-7)
 * or has NULs (UTF-16, UTF-32).  Else the label is believed, and octets
 * that it has no character for become U+FFFD; where it is not known,
 * Windows-1252.  A label of UTF-8 or none on text that is UTF-8 but for a
 * few octets: those become U+FFFD.
 *
 * NULL where the octets are themselves that text: valid UTF-8, perhaps
 * with NULs in it (mail is mostly that, and needs no copy).
 */
char *charset_to_utf8(
    const char *label, const char *octets, size_t len, size_t *text_len);

/* Whether octets of ASCII that print are, under this label (or NULL),
 * themselves the text that charset_to_utf8 would give. */
bool charset_keeps_ascii(const char *label);

/*
 * The same by the rules of the permalink's contract
 * (docs/draft-felid-hashed-message-id.md, "Encoded-Words"), which guess
 * at nothing: label is label_len bytes, one of a short list that any
 * language can decode; NULL where it is not, or where octets are not valid
 * in it.  *text_len may count NULs.  Free with g_free.
 */
char *charset_decode_strict(const char *label, size_t label_len,
    const char *octets, size_t len, size_t *text_len);

#endif
