/*
 * header.h - the header block of a message, field by field, as octets.
 *
 * Our own, linear and small, since a permalink must come out the same in
 * every implementation: no decoding, no repair.  Decoded text for people
 * is at the end.
 *
 * A field is a line with a name of printable ASCII (RFC 5322 section 2.2,
 * obsolete white space before the colon allowed) and the lines after it
 * that begin with white space.  A first line that begins with "From " is
 * passed over.  The block ends at the first empty line or at the first
 * line that is neither a field nor a continuation (RFC 7103 section 7.2).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct {
	const char *name, *value; /* in the raw bytes; value after the colon */
	size_t name_len,
	    value_len; /* value with its folds, less the last CRLF */
} HeaderField;

typedef struct {
	const char *next, *end;
	const char *body; /* once header_next said false: where the body is */
} HeaderWalk;

/* Begin to walk the len bytes of a message; they must outlive the walk. */
void header_walk_init(HeaderWalk *w, const char *msg, size_t len);

/* The next field, in *f.  Returns false at the end of the block. */
bool header_next(HeaderWalk *w, HeaderField *f);

/* Whether f is called name, in either case. */
bool header_is(const HeaderField *f, const char *name);

/*
 * The value of f as the permalink contract reads it: SP and HT behind the
 * colon gone, each CR and LF taken out (that is, unfolded: the white space
 * of the fold stays), each NUL too.  Never NULL; free with g_free.
 */
char *header_value(const HeaderField *f);

/* The value of the first field called name, or NULL if there is none.
 * Free with g_free. */
char *header_find(const char *msg, size_t len, const char *name);

/* The same of each of n names, in values, by one walk. */
void header_find_each(const char *msg, size_t len, const char *const *names,
    size_t n, char **values);

/*
 * The octets of a Message-ID value that header_find gave: what stands
 * between the first "<" and the first ">" after it, else the whole value
 * stripped.  NULL if that is empty; else free with g_free.
 */
char *header_message_id(const char *value);

/*
 * Every <id> in a References or In-Reply-To value, in order, less the white
 * space in it, appended to ids (char *, owned by the array).  Ids longer than
 * LIMIT_MESSAGE_ID_BYTES are passed over; of more than LIMIT_REFERENCES in
 * the whole array, the first LIMIT_REFERENCES_FIRST and the last stay.
 */
void header_ids(const char *value, GPtrArray *ids);

/*
 * value with its RFC 2047 encoded-words decoded, valid UTF-8: octets of no
 * charset, of one not known, or not valid in theirs are read as
 * text_from_octets does.  Nothing else is changed.  The rules are the
 * permalink contract's (docs/draft-felid-hashed-message-id.md), so that
 * any language comes to the same text.  Never NULL; free with g_free.
 */
char *header_decode_words(const char *value);

/* The same, squeezed (base/text.h): for people.  Never NULL; g_free. */
char *header_decode(const char *value);

#endif
