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

/* Messages in any list that name leads to, or its first digits do. */
static bool
find_messages(const Ask *a, const char *name, Near *out)
{
	g_auto(ReadLookup) found = {0};
	g_autofree char *begin = g_strndup(name, LIMIT_PREFIX_MIN);

	if (!read_find_id(a->store, NULL, name, &found, NULL))
		return false;
	if (found.found == READ_NONE && route_is_key(name)) {
		read_lookup_clear(&found);
		if (!read_find_key(a->store, NULL, begin, &found, NULL))
			return false;
	}
	return found.found != READ_NONE &&
	       near_read_hits(
		   a, found.hits, LIMIT_NEAR, &out->heads, &out->lists, NULL);
}

void
near_find(const Ask *a, const char *list, const char *message, Near *out)
{
	*out = (Near){0};
	/* Where looking fails nothing is offered. */
	if (list != NULL && strcmp(list, "all") != 0)
		out->named = read_lists_like(a->store, list, NULL);
	if (message != NULL)
		(void)find_messages(a, message, out);
	out->page = (PageNear){
	    .named = out->named, .heads = out->heads, .lists = out->lists};
}

void
near_clear(Near *near)
{
	g_clear_pointer(&near->named, g_ptr_array_unref);
	g_clear_pointer(&near->heads, g_ptr_array_unref);
	g_clear_pointer(&near->lists, g_ptr_array_unref);
}

void
near_answer(const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	const char *name =
	    r->list == NULL && r->kind == ROUTE_TOP ? r->name : r->list;
	g_auto(Near) near = {0};

	near_find(a, list == NULL ? name : NULL, r->name, &near);
	pages_not_found_near(a, list, &near.page, out);
}

void
near_find_month(const GArray *months, int year, int month, PageNear *out)
{
	for (guint i = 0; i < months->len; i++) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i);
		int order = m->year != year ? m->year - year : m->month - month;

		if (order > 0)
			out->later = m;
		if (order == 0)
			out->same = m;
		if (order < 0) {
			out->earlier = m;
			break;
		}
	}
}

void
near_answer_month(const Ask *a, const StoreList *list, const Route *r,
    uint64_t last_page, Response *out)
{
	g_autoptr(GArray) months = store_months(a->store, list->id, NULL);
	PageNear near = {.last_page = last_page};

	if (months != NULL)
		near_find_month(months, r->year, r->month, &near);
	if (last_page == 0)
		near.same = NULL;
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
