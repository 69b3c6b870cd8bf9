/* backup.h - another store that has all that a store has. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_BACKUP_H
#define ARCHIVE_BACKUP_H

#include "archive/fsck.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	uint64_t n_copied, n_removed;
} BackupSum;

/*
 * Bring to, which is new or a backup of from, up to date: what came in since
 * is copied, what was removed since is removed there too.  Each message is
 * read from the copy, what is derived computed from that; one that can't be
 * read is a fault.  A few hundred are one transaction, after each of which
 * to is a whole store, that from was once; from may be written to meanwhile.
 *
 * Returns false with *err set: ERR_EXISTS (to is no backup of from), or why it
 * could not go on.
 */
bool backup_run(Store *from, Store *to, const FsckHooks *hooks, BackupSum *sum,
    GError **err);

#endif
