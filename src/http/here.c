/* SPDX-License-Identifier: Apache-2.0 */
#include "http/here.h"

#include "base/limits.h"
#include "base/log.h"
#include "mail/elsewhere.h"

/*
 * The key of the message that name means, "" for none and for the page's
 * own.  In this list alone: a page is kept until its own list changes, and
 * would go on telling of others.
 */
static char *
look_up(const Here *h, ElsewhereKind kind, const char *name)
{
	const Wanted *w = h->of;
	g_autoptr(GError) err = NULL;
	g_auto(ReadLookup) l = {0};
	bool read = kind == ELSEWHERE_HASH
			? read_find_key(w->ask->store, w->list, name, &l, &err)
			: read_find_id(w->ask->store, w->list, name, &l, &err);

	if (!read)
		log_error("%s path=%s", err->message, w->ask->q->path);
	if (!read || l.found == READ_NONE || l.found == READ_CHOICE)
		return g_strdup("");
	const StoreHit *hit = &g_array_index(l.hits, StoreHit, 0);

	return g_strdup(hit->post != w->hit->post ? hit->key : "");
}

static const char *
find(void *user, const char *url, size_t len)
{
	Here *h = user;
	g_autofree char *name = NULL;
	ElsewhereKind kind = elsewhere_parse(url, len, &name);
	const char *key = NULL;

	if (kind == ELSEWHERE_NONE)
		return NULL;
	/* An id has an "@", a hash has none. */
	key = g_hash_table_lookup(h->keys, name);
	if (key == NULL &&
	    g_hash_table_size(h->keys) < LIMIT_ELSEWHERE_LOOKUPS) {
		char *found = look_up(h, kind, name);

		key = found;
		g_hash_table_insert(h->keys, g_steal_pointer(&name), found);
	}
	return key != NULL && *key != '\0' ? key : NULL;
}

void
here_init(Here *h, const Wanted *of)
{
	*h = (Here){.of = of,
	    .keys =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
	    .hook = {.list = of->list, .find = find, .user = h}};
}

void
here_clear(Here *h)
{
	g_clear_pointer(&h->keys, g_hash_table_unref);
}
