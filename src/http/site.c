/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include "base/date.h"
#include "base/limits.h"
#include "http/near.h"
#include "view/site.h"

#include <string.h>

static void
begin(Response *out, const char *type)
{
	pages_html(out, 200, RESPONSE_PAGE);
	out->type = type;
}

/* Sitemaps ---------------------------------------------------------------- */

static void
free_months(gpointer months)
{
	g_array_unref(months);
}

/* The index of n of lists, from first on. */
static void
write_index(
    const Ask *a, const GPtrArray *lists, size_t first, size_t n, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) months =
	    g_ptr_array_new_with_free_func(free_months);
	SiteList maps[LIMIT_SITEMAP_LISTS];

	for (size_t i = 0; i < n; i++) {
		const StoreList *list = lists->pdata[first + i];
		GArray *own = store_months(a->store, list->id, &err);

		if (own == NULL) {
			pages_fail(a, err, out);
			return;
		}
		g_ptr_array_add(months, own);
		maps[i] = (SiteList){.list = list, .months = own};
	}
	begin(out, "application/xml; charset=utf-8");
	site_map_index(out->text, a->site, maps, n);
}

static void
answer_index(const Ask *a, Response *out)
{
	uint64_t number = 0;

	if (!pages_number(a, NULL, &number, out))
		return;
	g_autoptr(GPtrArray) lists = pages_lists(a, out);

	if (lists == NULL)
		return;
	if (number > site_indexes(lists->len)) {
		pages_not_found(a, NULL, out);
		return;
	}
	size_t first = (size_t)(number - 1) * LIMIT_SITEMAP_LISTS;

	write_index(
	    a, lists, first, MIN(lists->len - first, LIMIT_SITEMAP_LISTS), out);
}

static void
answer_robots(const Ask *a, Response *out)
{
	g_autoptr(GPtrArray) lists = pages_lists(a, out);

	if (lists == NULL)
		return;
	begin(out, "text/plain; charset=utf-8");
	site_robots(out->text, a->site, lists->len);
}

void
site_answer(const Ask *a, const char *name, Response *out)
{
	if (strcmp(name, "sitemap.xml") == 0) {
		answer_index(a, out);
	} else if (strcmp(name, "robots.txt") == 0) {
		answer_robots(a, out);
	} else if (!pages_unchanged(a, NULL, 0, out)) {
		begin(out, "text/plain; charset=utf-8");
		site_llms(out->text, a->site);
	}
}

static void
answer_changing(
    const Ask *a, const StoreList *list, const GArray *months, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_unchanged(a, &list, 1, out))
		return;
	g_autoptr(GPtrArray) threads =
	    store_threads_newest(a->store, list->id, LIMIT_PAGE_ROWS, &err);

	if (threads == NULL) {
		pages_fail(a, err, out);
		return;
	}
	const SiteList map = {.list = list, .months = months};

	begin(out, "application/xml; charset=utf-8");
	site_map(out->text, a->site, &map, threads);
}

/* What the sitemap of m is made of: its messages, and threads that may come
 * to another month's without any of them. */
static bool
month_unchanged(
    const Ask *a, const StoreMonth *m, const GArray *threads, Response *out)
{
	g_autoptr(GString) state = g_string_new(NULL);

	g_string_append_printf(state, "%" G_GINT64_FORMAT, m->changed);
	for (guint i = 0; i < threads->len; i++) {
		const StorePage *t = &g_array_index(threads, StorePage, i);

		g_string_append_printf(
		    state, " %s %" G_GINT64_FORMAT, t->key, t->at);
	}
	return pages_unchanged_as(
	    a, state->str, m->changed / G_USEC_PER_SEC, out);
}

static void
answer_month(const Ask *a, const StoreList *list, const StoreMonth *m,
    uint64_t number, Response *out)
{
	g_autoptr(GError) err = NULL;
	const StoreRange range = {.list = list->id,
	    .from = date_month_start(m->year, m->month),
	    .to = date_month_start(m->year, m->month + 1),
	    .skip = (number - 1) * LIMIT_SITEMAP_MESSAGES};
	g_autoptr(GArray) threads =
	    store_range_threads(a->store, &range, LIMIT_SITEMAP_MESSAGES, &err);

	if (threads != NULL && month_unchanged(a, m, threads, out))
		return;
	g_autoptr(GArray) messages =
	    threads == NULL ? NULL
			    : store_range_messages(a->store, &range,
				  LIMIT_SITEMAP_MESSAGES, &err);

	if (messages == NULL) {
		pages_fail(a, err, out);
		return;
	}
	const SiteMonth map = {
	    .list = list, .threads = threads, .messages = messages};

	begin(out, "application/xml; charset=utf-8");
	site_map_month(out->text, a->site, &map);
}

static const StoreMonth *
find_month(const GArray *months, const Route *r)
{
	for (guint i = 0; i < months->len; i++) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i);

		if (m->year == r->year && m->month == r->month)
			return m;
	}
	return NULL;
}

void
site_answer_list(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *name =
	    r->year > 0
		? g_strdup_printf("sitemap-%04d-%02d.xml", r->year, r->month)
		: g_strdup("sitemap.xml");
	uint64_t number = 0;

	if (pages_moved(a, pages_path(a, list, NULL, name), out) ||
	    !pages_number(a, list, &number, out))
		return;
	g_autoptr(GArray) months = store_months(a->store, list->id, &err);

	if (months == NULL) {
		pages_fail(a, err, out);
		return;
	}
	const StoreMonth *m = find_month(months, r);

	if (r->year == 0)
		answer_changing(a, list, months, out);
	else if (m == NULL || number > site_month_maps(m))
		near_answer_month(a, list, r, 0, out);
	else
		answer_month(a, list, m, number, out);
}

void
site_answer_opensearch(const Ask *a, const StoreList *list, Response *out)
{
	if (!a->site->search) {
		pages_not_found(a, list, out);
	} else if (!pages_unchanged(a, &list, list != NULL ? 1 : 0, out)) {
		begin(out, "application/opensearchdescription+xml");
		site_opensearch(out->text, a->site, list);
	}
}
