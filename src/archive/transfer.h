/* transfer.h - mail in by files, and out as an mboxrd. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TRANSFER_H
#define ARCHIVE_TRANSFER_H

#include "store/store.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	uint64_t n_read;   /* messages met with: the sum of the next four */
	uint64_t n_stored; /* new ones */
	uint64_t n_copies; /* were there before */
	uint64_t
	    n_unwanted;     /* that their author, or the list, wants not kept */
	uint64_t n_failed;  /* not taken; and files that are no mailbox */
	uint64_t n_guessed; /* of the new ones, those that were guessed at */
	uint64_t bytes_done, bytes_all; /* of the files, as they lie on disk;
					 * for export, of the messages */
} TransferState;

/* Told often; what to do with it (a bar, nothing) is the caller's.
 * Returns false to stop after the message at hand. */
typedef bool TransferProgress(void *arg, const TransferState *st);

/* Told of each message that was guessed at or not taken, and of each file
 * that could not be read to its end: "FILE: offset N: what", the offset
 * being that of its From line, in bytes, in what is unpacked. */
typedef void TransferNote(void *arg, const char *what);

typedef struct {
	TransferProgress *progress; /* or NULL */
	TransferNote *note;         /* or NULL */
	void *arg;
	uint64_t message_bytes; /* larger ones are noted and left out */
	bool pipermail; /* the mailboxes are Pipermail's, all that it ever
			 * had: remember the numbers that it gave */
} TransferHooks;

/*
 * Import the files (mboxrd, mboxo, mboxcl, Pipermail text, one message;
 * gzip or zstd of each; "-" for standard input; folders: Maildir) into
 * list.  What is called *.eml is one message, whatever is in it; any other
 * file that begins with neither a From line nor a header field is none.
 * Messages that are there already are counted and not stored again, so that an
 * import may be stopped and run anew.
 *
 * Transactions are short: LIMIT_COMMIT_MESSAGES or LIMIT_IMPORT_HOLD_MS,
 * whichever comes first, with LIMIT_IMPORT_YIELD_MS between two.
 *
 * What transfer_export wrote of a message's names is remembered again.
 *
 * Pipermail numbered from 0 on what it found behind each line that begins
 * with "From ", whatever it was; of what is counted so each message that the
 * list has then, or had, gets its number.
 *
 * A message without a date that can be true is filed as of its From line,
 * its name in the Maildir or its newest Received field, and noted.
 *
 * A file or message that cannot be taken is noted and counted in
 * n_failed, and the next one is read.  Returns false with *err set only
 * where it cannot go on: ERR_NOTFOUND (one of files is not there: nothing
 * was read yet), ERR_BUSY or ERR_IO (the store); *st stands as far as it
 * came, and what it counts is in the store.
 */
bool transfer_import(Store *s, const StoreList *list, char *const *files,
    const TransferHooks *hooks, TransferState *st, GError **err);

/*
 * Write every message of list to fd as an mboxrd, in order of arrival.
 * Imported again, they make the same archive: what more is known of a message,
 * Message-IDs of its copies and Pipermail's numbers, stands behind the date of
 * its From line as "copy=ID" (percent-encoded) and "pipermail=N".  Where that
 * is too long for a line the message is written again with the rest.
 * Returns false with *err set to ERR_IO if the store cannot be read or fd
 * not be written to; *st stands as far as it came.
 */
bool transfer_export(Store *s, const StoreList *list, int fd,
    const TransferHooks *hooks, TransferState *st, GError **err);

#endif
