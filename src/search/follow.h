/*
 * follow.h - bring the index up to the store, and keep it there.
 *
 * The index role does so while a server runs: mail is found within a second
 * of being stored, and nobody who stores it waits for that.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_FOLLOW_H
#define SEARCH_FOLLOW_H

#include "archive/read.h"
#include "base/conf.h"
#include "search/index.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct Follow Follow;

/* Follow s, which is open for reading, with x, open for writing; both stay
 * the caller's.  *x is emptied if it is not s's.  NULL with *err set: ERR_IO.
 */
Follow *follow_new(Store *s, Index *x, GError **err);
void follow_free(Follow *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Follow, follow_free)

/* What was indexed so far. */
typedef struct {
	uint64_t n, bytes;   /* messages, and their raw bytes */
	uint64_t text_bytes; /* of their decoded text */
} FollowSum;

/*
 * Index the next messages, LIMIT_FOLLOW_MESSAGES and LIMIT_FOLLOW_BYTES at
 * most, in one transaction; *more says whether there were any.  A message
 * that cannot be read is logged and left out.
 * Returns false with *err set, nothing of it then indexed: ERR_BUSY, ERR_IO,
 * ERR_LIMIT (the disk is full).
 */
bool follow_some(Follow *f, bool *more, GError **err);

const FollowSum *follow_sum(const Follow *f);

/* The number of the last post that was looked at. */
int64_t follow_post(const Follow *f);

/*
 * Take all (ReadMsg) out of the index of the store in the folder dir, if there
 * is one, and their words out of its file: all of that is written once more,
 * which takes a tenth of the time that indexing did.  *overwritten says whether
 * its write-ahead log has none of them either.
 */
bool follow_forget(
    const char *dir, const GPtrArray *all, bool *overwritten, GError **err);

/* The index role: until SIGTERM.  Returns the process's exit status. */
int follow_run(const Conf *conf);

#endif
