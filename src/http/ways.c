/* SPDX-License-Identifier: Apache-2.0 */
#include "http/ways.h"

#include "base/clock.h"
#include "base/limits.h"

typedef struct {
	int64_t list;
	int64_t changed; /* the list, when its mail was read */
	int64_t read_ms;
	Ways ways;
} Known;

static void
known_free(gpointer known)
{
	Known *k = known;

	ways_clear(&k->ways);
	g_free(k);
}

GHashTable *
ways_known_new(void)
{
	return g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, NULL, known_free);
}

/* A list's mail tells the same day after day, unless there is little. */
static bool
still_holds(const Known *k, const StoreList *list)
{
	return k->changed == list->changed ||
	       (list->n_messages >= LIMIT_WAYS_FEW &&
		   clock_mono_ms() - k->read_ms < LIMIT_WAYS_MS);
}

const Ways *
ways_find(const Ask *a, const StoreList *list)
{
	Known *k = g_hash_table_lookup(a->ways, &list->id);

	if (k != NULL && still_holds(k, list))
		return &k->ways;
	if (g_hash_table_size(a->ways) >= LIMIT_WAYS_LISTS)
		g_hash_table_remove_all(a->ways);
	k = g_new0(Known, 1);
	k->list = list->id;
	k->changed = list->changed;
	k->read_ms = clock_mono_ms();
	ways_init(&k->ways);
	read_ways(a->store, list, &k->ways);
	g_hash_table_replace(a->ways, &k->list, k);
	return &k->ways;
}
