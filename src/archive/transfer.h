/* transfer.h - mail in by files, and out as an mboxrd. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TRANSFER_H
#define ARCHIVE_TRANSFER_H

#include "store/store.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	uint64_t n_read, n_stored, n_copies, n_unwanted, n_guessed, n_failed;
	uint64_t bytes_done, bytes_all; /* of the files, as they lie on disk */
} TransferState;

/* Told often; what to do with it (a bar, nothing) is the caller's.
 * Returns false to stop after the message at hand. */
typedef bool TransferProgress(void *arg, const TransferState *st);

/* Told of each message that was guessed at or not taken: file, offset
 * and why. */
typedef void TransferNote(void *arg, const char *what);

typedef struct {
	TransferProgress *progress;
	TransferNote *note;
	void *arg;
	uint64_t message_bytes; /* larger ones are noted and left out */
} TransferHooks;

/*
 * Import the files (mboxrd, mboxo, mboxcl, Pipermail text, gzip or zstd
 * of each; folders: Maildir) into list.  Commits often and yields to
 * other writers between commits; may be stopped and run again.
 * Returns false with *err set: ERR_NOTFOUND or ERR_IO of a file or the
 * store, ERR_SYNTAX of what is no mailbox; *st stands as far as it came.
 */
bool transfer_import(Store *s, const StoreList *list, char *const *files,
    const TransferHooks *hooks, TransferState *st, GError **err);

/* Write every message of list to fd as an mboxrd, in order of arrival. */
bool transfer_export(Store *s, const StoreList *list, int fd,
    const TransferHooks *hooks, GError **err);

#endif
