/* ways.h - how to subscribe to lists, as a worker knows it: read from their
 * mail now and then. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_WAYS_H
#define HTTP_WAYS_H

#include "http/private.h"

/* What is known, of no list yet; free with g_hash_table_unref. */
GHashTable *ways_known_new(void);

/* How to subscribe to list; valid until the next call. */
const Ways *ways_find(const Ask *a, const StoreList *list);

#endif
