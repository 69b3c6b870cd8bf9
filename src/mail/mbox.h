/*
 * mbox.h - mailboxes of the mbox family, read and written, byte-exact.
 *
 * Reading is a pure machine: fed bytes in pieces of any size, it yields
 * one message after the other.  It does no I/O and keeps at most one
 * message (LIMIT_MESSAGE_BYTES) in memory.
 *
 * Forms that it tells apart: mboxrd and mboxo (RFC 4155's default), mboxcl
 * and mboxcl2 (a Content-Length that leads to the next "From " line is
 * believed), Pipermail's monthly text ("From user at host  DATE").  A line
 * ends a message only if it reads as a From line with a date in it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_MBOX_H
#define MAIL_MBOX_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct MboxReader MboxReader;

/* Things that the reader had to guess at; reported per message. */
typedef enum {
	MBOX_NO_BLANK_LINE = 1 << 0, /* no empty line before the From line */
	MBOX_UNQUOTED_FROM = 1 << 1, /* a line "From ..." was taken as text */
	MBOX_BAD_LENGTH = 1 << 2,    /* Content-Length leads nowhere */
	MBOX_NO_FROM_LINE = 1 << 3,  /* bytes before the first From line */
	MBOX_TOO_LONG = 1 << 4,      /* cut off at the limit: not imported */
} MboxGuess;

typedef struct {
	GBytes *raw;        /* the message's exact bytes, unquoted */
	uint64_t off;       /* of its From line in the file, in bytes */
	int64_t from_date;  /* of the From line; 0 where it can't be read */
	unsigned int guess; /* MboxGuess flags */
} MboxMsg;

MboxReader *mbox_reader_new(size_t max_message);
void mbox_reader_free(MboxReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MboxReader, mbox_reader_free)

/* Give it the next bytes; with len 0, the end of the file. */
void mbox_reader_feed(MboxReader *r, const char *data, size_t len);

/* The next whole message in *m, whose raw the caller then owns
 * (g_bytes_unref).  Returns false if more bytes are needed. */
bool mbox_reader_next(MboxReader *r, MboxMsg *m);

/*
 * raw behind a From line, as one entry of an mboxrd.  A message without a
 * line end at its end says so in its From line ("From no-final-newline"),
 * so that it is read back as it was.  Appended to out.
 */
void mbox_write(GString *out, GBytes *raw, int64_t date);

/* What is wrong with a guess, for people ("no empty line before ..."). */
const char *mbox_guess_text(MboxGuess one);

#endif
