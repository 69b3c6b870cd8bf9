/* SPDX-License-Identifier: Apache-2.0 */
#include "http/cache.h"

#include <string.h>

/* A page larger than this part of the cache would drive out too many. */
#define PARTS 8

/* What an entry takes beside its key and its page: fields, the hash table,
 * what the server makes of it. */
#define ENTRY_BYTES ((size_t)4096)

typedef struct {
	GList link; /* in Cache.order */
	char *key;
	size_t n_bytes;
	ResponseKept kept;
} Entry;

struct Cache {
	GHashTable *entries; /* Entry by key */
	GQueue order;        /* Entry; the last used first */
	size_t max_bytes, n_bytes;
};

static void
free_entry(gpointer entry)
{
	Entry *e = entry;

	for (size_t i = 0; i < G_N_ELEMENTS(e->kept.made); i++)
		if (e->kept.made[i].made != NULL)
			e->kept.made[i].free(e->kept.made[i].made);
	response_clear(&e->kept.answer);
	g_free(e->key);
	g_free(e);
}

Cache *
cache_new(size_t max_bytes)
{
	Cache *c = g_new0(Cache, 1);

	c->max_bytes = max_bytes;
	c->entries =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_entry);
	return c;
}

void
cache_free(Cache *c)
{
	if (c == NULL)
		return;
	g_hash_table_unref(c->entries);
	g_free(c);
}

ResponseKept *
cache_find(Cache *c, const char *key)
{
	Entry *e = g_hash_table_lookup(c->entries, key);

	if (e == NULL)
		return NULL;
	g_queue_unlink(&c->order, &e->link);
	g_queue_push_head_link(&c->order, &e->link);
	return &e->kept;
}

void
cache_drop(Cache *c, const char *key)
{
	Entry *e = g_hash_table_lookup(c->entries, key);

	if (e == NULL)
		return;
	c->n_bytes -= e->n_bytes;
	g_queue_unlink(&c->order, &e->link);
	g_hash_table_remove(c->entries, key);
}

/* Whether r is what is kept. */
static bool
is_page(const Response *r)
{
	return r->kind == RESPONSE_PAGE && r->status == 200 &&
	       r->etag != NULL && r->text != NULL;
}

void
cache_put(Cache *c, const char *key, int64_t version, Response *r)
{
	cache_drop(c, key);
	if (!is_page(r) || r->text->len > c->max_bytes / PARTS)
		return;
	size_t n_bytes = r->text->len + strlen(key) + ENTRY_BYTES;

	while (c->order.tail != NULL && c->n_bytes + n_bytes > c->max_bytes)
		cache_drop(c, ((Entry *)c->order.tail->data)->key);
	if (n_bytes > c->max_bytes)
		return;
	response_pack(r);
	Entry *e = g_new0(Entry, 1);

	e->link.data = e;
	e->key = g_strdup(key);
	e->n_bytes = n_bytes;
	e->kept.version = version;
	e->kept.answer = *r;
	*r = (Response){.status = 200, .kind = RESPONSE_PAGE, .kept = &e->kept};
	g_queue_push_head_link(&c->order, &e->link);
	g_hash_table_insert(c->entries, e->key, e);
	c->n_bytes += n_bytes;
}
