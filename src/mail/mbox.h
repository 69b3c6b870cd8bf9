/*
 * mbox.h - mailboxes of the mbox family, read and written, byte-exact.
 *
 * Reading is a pure machine: fed bytes in pieces of any size, it yields
 * one message after the other.  It does no I/O and keeps at most one
 * message (LIMIT_MESSAGE_BYTES) in memory.
 *
 * Forms that it tells apart: mboxrd and mboxo (RFC 4155's default), mboxcl
 * and mboxcl2 (a Content-Length that leads to the next "From " line is
 * believed), Pipermail's monthly text ("From user at host  DATE"), and one
 * message without any From line.  A line ends a message only if it reads
 * as a From line with a date in it; in a file whose first From line has no
 * date, also if it is one without, after an empty line and before a header
 * field.
 *
 * The empty line before a From line is the mailbox's, not the message's:
 * exactly one line end is taken off (LF; CRLF where the message's own From
 * line ends so).  A line of ">"s and "From " loses one ">".  mboxo did not
 * quote lines that had a ">" already, and cannot be told from mboxrd: such
 * a line of an mboxo comes out one ">" short (MBOX_QUOTED_TWICE, but for files
 * of ours, which are mboxrd).
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
	MBOX_NO_FROM_LINE = 1 << 3,  /* the file begins without a From line */
	MBOX_TOO_LONG = 1 << 4,      /* longer than the limit: passed over */
	MBOX_NO_DATE = 1 << 5,       /* its From line has no date */
	MBOX_QUOTED_TWICE = 1 << 6,  /* ">>From " may be an mboxo's own */
} MboxGuess;

/* How many there are: the flags are 1 << 0 to 1 << (N_MBOX_GUESS - 1). */
#define N_MBOX_GUESS 7u

typedef struct {
	GBytes *raw;         /* the message's exact bytes, unquoted; NULL if
			      * MBOX_TOO_LONG */
	uint64_t off;        /* of its From line in the file, in bytes */
	uint64_t size;       /* bytes of the file that it takes, less the
			      * From line */
	int64_t from_date;   /* of the From line; 0 where it can't be read */
	const char *notes;   /* mbox_write's, or NULL; valid until the next */
	unsigned int n_from; /* lines "From ..." that were taken as text */
	unsigned int guess;  /* MboxGuess flags */
} MboxMsg;

/*
 * A reader that passes over messages of more than max_message bytes.  A
 * file that begins with a header field is one message as it stands
 * (MBOX_NO_FROM_LINE); one that begins with anything else that is no From
 * line gives what stands before the first From line as a message of its
 * own, flagged the same: whether that is mail is the caller's to say.
 */
MboxReader *mbox_reader_new(size_t max_message);
void mbox_reader_free(MboxReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MboxReader, mbox_reader_free)

/* Give it the next bytes; with len 0, the end of the file.  What it gives
 * out should be taken before more is fed, since all of it is kept. */
void mbox_reader_feed(MboxReader *r, const char *data, size_t len);

/* The next whole message in *m, whose raw the caller then owns
 * (g_bytes_unref).  Returns false if more bytes are needed, or, after the
 * end of the file, if there are no more. */
bool mbox_reader_next(MboxReader *r, MboxMsg *m);

/*
 * raw behind a From line, as one entry of an mboxrd; appended to out.
 * Whatever its bytes, they are read back as they were: the sender in the
 * From line is "mboxrd@z", which tells the reader to believe no
 * Content-Length, or "no-final-newline" for a message that does not end
 * in LF, and gets one here.  notes, or NULL, are words behind the date, of
 * which others say nothing: LIMIT_MBOX_NOTES_BYTES at most, without a colon,
 * which git looks for.
 */
void mbox_write(GString *out, GBytes *raw, int64_t date, const char *notes);

/* The same a little at a time: its beginning, its bytes, and its end.
 * newline: whether the last of them is LF. */
typedef struct {
	bool in_line;     /* behind what may be quoted of a line */
	size_t n_matched; /* octets of "From " that are not written yet */
} MboxQuote;

void mbox_begin(GString *out, bool newline, int64_t date, const char *notes);
void mbox_quote(MboxQuote *q, GString *out, const char *data, size_t len);
void mbox_end(const MboxQuote *q, GString *out, bool newline);

/* What was guessed, for people ("no empty line before ..."). */
const char *mbox_guess_text(MboxGuess one);

#endif
