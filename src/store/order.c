/* SPDX-License-Identifier: Apache-2.0 */
#include "store/order.h"

#include "mail/subject.h"

#include <string.h>

typedef struct {
	char *key;
	StoreThread *thread;
} Place;

/*
 * Decomposed, letters with accents stand behind those without; capitals
 * count as small.  No language's own order: a page is made for the readers
 * of all of them.
 */
static char *
make_key(const StoreThread *t, StoreOrder order)
{
	const char *text = order == STORE_BY_SUBJECT ? subject_strip(t->subject)
			   : t->from_name[0] != '\0' ? t->from_name
						     : t->from_addr;
	g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);

	return plain != NULL ? g_utf8_casefold(plain, -1) : g_strdup(text);
}

static void
clear_place(gpointer place)
{
	g_free(((Place *)place)->key);
}

static gint
by_key(gconstpointer left, gconstpointer right)
{
	const Place *a = left, *b = right;
	int order = strcmp(a->key, b->key);

	if (order != 0)
		return order;
	if (a->thread->last_date != b->thread->last_date)
		return a->thread->last_date > b->thread->last_date ? -1 : 1;
	return a->thread->thread > b->thread->thread
		   ? -1
		   : a->thread->thread < b->thread->thread;
}

void
order_threads(GPtrArray *threads, StoreOrder order)
{
	g_autoptr(GArray) places =
	    g_array_sized_new(FALSE, FALSE, sizeof(Place), threads->len);

	g_array_set_clear_func(places, clear_place);
	for (guint i = 0; i < threads->len; i++) {
		StoreThread *t = threads->pdata[i];
		Place at = {.key = make_key(t, order), .thread = t};

		g_array_append_val(places, at);
	}
	g_array_sort(places, by_key);
	for (guint i = 0; i < threads->len; i++)
		threads->pdata[i] = g_array_index(places, Place, i).thread;
}
