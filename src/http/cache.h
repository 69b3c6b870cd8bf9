/*
 * cache.h - finished pages, kept until what they were made from changes.
 * Pure.
 *
 * An answer is kept under a key that says all it depends on in the request;
 * it counts while the store's version is the one it was made at, or its
 * ETag would be the same today.  The least recently used go first.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include "http/response.h"

#include <glib.h>

#include <stddef.h>
#include <stdint.h>

typedef struct Cache Cache;

/* An empty cache of at most max_bytes, what keeps them together included. */
Cache *cache_new(size_t max_bytes);
void cache_free(Cache *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cache, cache_free)

/* The page under key, or NULL; valid until the next cache_put or drop. */
ResponseKept *cache_find(Cache *c, const char *key);

/*
 * Keep r, a 200 with validators and a text, under key as made at version: r
 * is then what response_of_kept makes of it.  Where it is too large, or no
 * such answer, nothing happens.
 */
void cache_put(Cache *c, const char *key, int64_t version, Response *r);

/* Forget what is kept under key. */
void cache_drop(Cache *c, const char *key);

#endif
