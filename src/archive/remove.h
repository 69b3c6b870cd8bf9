/* remove.h - messages that an operator takes out. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_REMOVE_H
#define ARCHIVE_REMOVE_H

#include "store/store.h"

#include <glib.h>

#include <stdbool.h>

/*
 * The messages of list that keys are permalinks of: Head, owned by the
 * array, each once.  NULL with *err set: ERR_NOTFOUND (also a shortened
 * key, or another name, which might mean another message one day), ERR_GONE,
 * ERR_IO.
 */
GPtrArray *remove_find(
    Store *s, const StoreList *list, char *const *keys, GError **err);

/*
 * Take heads out of s for good, all or none, at the time at.  *overwritten
 * says whether the write-ahead log was emptied too.
 */
bool remove_messages(Store *s, const GPtrArray *heads, int64_t at,
    bool *overwritten, GError **err);

#endif
