/* fsck.h - every invariant of the store, checked and named. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_FSCK_H
#define ARCHIVE_FSCK_H

#include "store/store.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	StoreFault *fault; /* told of each thing wrong, in words */
	/* Told how far it is; returns false to stop. */
	bool (*progress)(void *arg, uint64_t done, uint64_t all);
	void *arg;
} FsckHooks;

/* Read every message, compute all that is derived from it and compare.
 * Returns false with *err set only if it could not go on. */
bool fsck_check(Store *s, const FsckHooks *hooks, GError **err);

/* Drop all that is derived and compute it from the raw messages. */
bool fsck_rebuild(Store *s, const FsckHooks *hooks, GError **err);

#endif
