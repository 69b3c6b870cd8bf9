/*
 * msg.h - a parsed message as plain data.
 *
 * No type of GMime's is in it, so that mail/ may change its parser and
 * nobody knows.  Texts are valid UTF-8 without control characters, ready
 * to be shown but for escaping, and cut at LIMIT_SHOWN_FIELD_BYTES; ids are
 * octets as they came, NUL aside.
 *
 * The parts are an outline: where in the raw bytes each one's encoded
 * octets lie.  The store keeps that outline, so that a page needs the raw
 * bytes and no second parse.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_MSG_H
#define MAIL_MSG_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	ENCODING_IDENTITY, /* 7bit, 8bit, none, or one not known */
	ENCODING_BINARY,
	ENCODING_BASE64,
	ENCODING_QUOTED_PRINTABLE,
	ENCODING_UUENCODE,
} Encoding;

/* What a page does with a part; chosen at parse time (mail/parse). */
typedef enum {
	SHOW_TEXT, /* part of the message's text: text/plain and its kin */
	SHOW_HTML, /* HTML that is shown since no plain text says the same */
	SHOW_FILE, /* an attachment: a link with its name, type and size */
	SHOW_NONE, /* a container, or the alternative that was not chosen */
} Show;

typedef struct {
	const char *type;    /* "text/plain": lower case, always there */
	const char *charset; /* lower case, as declared, or NULL */
	const char *name;    /* file name for people, no path in it, or NULL */
	const char *cid;     /* Content-ID without its brackets, or NULL */
	Encoding encoding;
	Show show;
	unsigned int depth; /* of nesting; the top part has 0 */
	bool leaf;          /* not multipart/anything */
	bool inner;         /* lies within a message/rfc822 of the list */
	bool flowed, delsp; /* RFC 3676 */
	bool absent;        /* not in the bytes that are there: a link alone */
	size_t off, len;    /* of its octets, still encoded, in the raw bytes */
} Part;

/*
 * A message/rfc822 is a leaf whose octets are the whole message within;
 * where its encoding is ENCODING_IDENTITY or ENCODING_BINARY, the header
 * of that message begins at off.  The parts of that message follow it in
 * the list, one deeper, with inner set, so that their text can be read on
 * the page; who goes over the octets of all leaves (the content digest)
 * passes over inner ones, whose octets he has had.
 */

typedef struct {
	const char *id;      /* Message-ID's octets without brackets, or NULL */
	const char *subject; /* decoded and squeezed; "" where there is none */
	const char *from_name; /* display name, or "" */
	const char *from_addr; /* the author's addr-spec, or "" */
	bool has_date;         /* the sender's date can be read */
	int64_t date;          /* the sender's date; 0 where it can't be read */
	int64_t received;      /* newest readable Received date, or 0 */
	const char *const
	    *refs; /* ids of ancestors, oldest first, NULL-ended */
	size_t n_refs;
	const char *const
	    *list_ids;   /* RFC 2919 ids that it carries, NULL-ended */
	bool no_archive; /* X-No-Archive, or X-Archive: no */
	bool plain; /* prescan kept it from GMime: one part, shown as text */
	size_t body_off; /* where the body begins in the raw bytes */
	size_t n_parts;
	Part *parts; /* in the order of the message; at least one */

	/* For mail/ alone: everything above lies in here. */
	GStringChunk *strings;
	GPtrArray *vectors; /* or NULL */
} Msg;

/* An empty Msg, without parts, to be filled in by mail/; size_hint is
 * about how many bytes of strings it will hold.  Free with msg_free. */
Msg *msg_new(size_t size_hint);

/* Copies of strings (char *) as a NULL-ended vector that m owns. */
const char *const *msg_keep_strings(Msg *m, const GPtrArray *strings);

/* Free m.  Does nothing if m is NULL. */
void msg_free(Msg *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Msg, msg_free)

/*
 * The parts of m, its body_off and its plain as text for the store; free
 * with g_free.  msg_read_outline gives them back.
 *
 * Fields are separated by tabs, lines end with LF, numbers are decimal
 * and without needless zeros.  The first line is
 *
 *	1 body_off plain
 *
 * where 1 is the number of this form and plain is 0 or 1.  Then comes a
 * line for each part:
 *
 *	off len depth flags type charset name cid
 *
 * flags is a letter for the encoding (i identity, n binary, b base64,
 * q quoted-printable, u uuencode), one for what to show (t text, h HTML,
 * f file, - nothing), then, in this order, l if it is a leaf, f if it is
 * flowed, d if DelSp=yes, e if it is enclosed in a message/rfc822.  The
 * last three fields are empty where they are NULL.
 */
char *msg_write_outline(const Msg *m);

/*
 * A Msg with nothing but what outline (len bytes) tells.  Whether its
 * offsets lie within the raw bytes is not known here: part_decode sees to
 * that.
 * Returns NULL with *err set to ERR_SYNTAX if it is none of ours.
 */
Msg *msg_read_outline(const char *outline, size_t len, GError **err);

#endif
