/*
 * body.h - a message's text cut into what a page treats differently.
 *
 * Pure; yields plain text, never markup: view/ does that.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_BODY_H
#define MAIL_BODY_H

#include "mail/diff.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef enum {
	BODY_TEXT,
	BODY_QUOTE, /* lines that begin with ">"; a mail that Outlook put below,
		     * to the end */
	BODY_SIGNATURE, /* from "-- " to the end of the part, or to a mail that
			 * is quoted below; a list's footer; what Pipermail
			 * says of parts that it took away */
	BODY_DIFF, /* lines of one kind of a unified diff, which goes on through
		    * all such blocks that follow each other */
	BODY_ARMOUR,   /* of OpenPGP: a signature, a key, what is encrypted;
			* the head of a signed text */
	BODY_UUENCODE, /* from "begin 644 name" to "end" */
} BodyKind;

typedef struct {
	BodyKind kind;
	unsigned int depth; /* of a quote: 1 and up */
	DiffLine line;      /* of a diff: what its lines are; behind the first
			     * line about a file comes the rest of its head */
	size_t off, len;    /* in the text that was given; whole lines */
	size_t n_lines;
} BodyBlock;

/* The blocks of text (UTF-8, LF line ends), in order and without a gap:
 * an array of BodyBlock. */
GArray *body_blocks(const char *text, size_t len);

/*
 * The text of a format=flowed part (RFC 3676) with its paragraphs joined;
 * quote depth, signature and space-stuffing heeded.  Free with g_free.
 */
char *body_unflow(const char *text, bool delsp);

#endif
