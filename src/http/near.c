/* SPDX-License-Identifier: Apache-2.0 */
#include "http/near.h"

#include "base/limits.h"
#include "view/page.h"

#include <string.h>

bool
near_read_hits(const Ask *a, const GArray *hits, guint max, GPtrArray **heads,
    GPtrArray **lists, GError **err)
{
	g_autoptr(GPtrArray) h =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_head_free);
	g_autoptr(GPtrArray) l =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_list_free);

	for (guint i = 0; i < MIN(hits->len, max); i++) {
		const StoreHit *hit = &g_array_index(hits, StoreHit, i);
		Head *head = store_head(a->store, hit->post, err);

		if (head == NULL)
			return false;
		g_ptr_array_add(h, head);
		StoreList *list = read_list_get(a->store, hit->list, err);

		if (list == NULL)
			return false;
		g_ptr_array_add(l, list);
	}
	*heads = g_steal_pointer(&h);
	*lists = g_steal_pointer(&l);
	return true;
}

/* Messages in any list that r's name leads to, or its first digits do. */
static bool
find_messages(
    const Ask *a, const Route *r, GPtrArray **heads, GPtrArray **lists)
{
	g_auto(ReadLookup) found = {0};
	g_autofree char *begin = g_strndup(r->name, LIMIT_PREFIX_MIN);

	if (!read_find_id(a->store, NULL, r->name, &found, NULL))
		return false;
	if (found.found == READ_NONE && route_is_key(r->name)) {
		read_lookup_clear(&found);
		if (!read_find_key(a->store, NULL, begin, &found, NULL))
			return false;
	}
	return found.found != READ_NONE &&
	       near_read_hits(a, found.hits, LIMIT_NEAR, heads, lists, NULL);
}

void
near_answer(const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	const char *name =
	    r->list == NULL && r->kind == ROUTE_TOP ? r->name : r->list;
	g_autoptr(GPtrArray) named = NULL;
	g_autoptr(GPtrArray) heads = NULL;
	g_autoptr(GPtrArray) lists = NULL;

	/* Where looking fails nothing is offered. */
	if (list == NULL && name != NULL && strcmp(name, "all") != 0)
		named = read_lists_like(a->store, name, NULL);
	if (r->name != NULL)
		(void)find_messages(a, r, &heads, &lists);
	const PageNear near = {.named = named, .heads = heads, .lists = lists};

	pages_not_found_near(a, list, &near, out);
}

void
near_answer_month(const Ask *a, const StoreList *list, const Route *r,
    uint64_t last_page, Response *out)
{
	g_autoptr(GArray) months = store_months(a->store, list->id, NULL);
	PageNear near = {0};

	for (guint i = 0; months != NULL && i < months->len; i++) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i);
		int order = m->year != r->year ? m->year - r->year
					       : m->month - r->month;

		if (order > 0)
			near.later = m;
		if (order == 0 && last_page > 0)
			near.same = m;
		if (order < 0) {
			near.earlier = m;
			break;
		}
	}
	near.last_page = last_page;
	pages_not_found_near(a, list, &near, out);
}

void
near_answer_part(const Ask *a, const StoreList *list, Head *h, Response *out)
{
	gpointer head[] = {h}, of[] = {(gpointer)(uintptr_t)list};
	GPtrArray heads = {.pdata = head, .len = 1};
	GPtrArray lists = {.pdata = of, .len = 1};
	const PageNear near = {.heads = &heads, .lists = &lists};

	pages_not_found_near(a, list, &near, out);
}
