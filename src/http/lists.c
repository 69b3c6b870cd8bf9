/* SPDX-License-Identifier: Apache-2.0 */
#include "http/lists.h"

#include "base/date.h"
#include "base/limits.h"
#include "http/mbox.h"
#include "http/near.h"
#include "http/ways.h"
#include "view/page.h"

#include <string.h>

/* Threads on a list's own page. */
#define NEWEST_THREADS 25u

/* Threads there that had most messages in the days before its latest. */
#define ACTIVE_THREADS 5u
#define ACTIVE_S ((int64_t)60 * 24 * 60 * 60)

/* Authors there, of the year of its latest message. */
#define TOP_AUTHORS 10u

GPtrArray *
lists_active(const Ask *a, const StoreList *list, GError **err)
{
	const StoreRange late = {.list = list->id,
	    .from = list->last_date - ACTIVE_S,
	    .to = INT64_MAX};

	return store_threads_active(
	    a->store, &late, LIMIT_ACTIVE_MESSAGES, ACTIVE_THREADS, err);
}

void
lists_answer_list(const Ask *a, const StoreList *list, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_moved(a, pages_path(a, list, NULL, ""), out) ||
	    pages_unchanged(a, &list, 1, out))
		return;
	g_autoptr(GArray) months = store_months(a->store, list->id, &err);
	g_autoptr(GPtrArray) threads =
	    months == NULL ? NULL
			   : store_threads_newest(
				 a->store, list->id, NEWEST_THREADS, &err);

	if (threads == NULL) {
		pages_fail(a, err, out);
		return;
	}
	g_autoptr(GPtrArray) authors = store_top_authors(a->store, list->id,
	    date_day(list->last_date).year, TOP_AUTHORS, &err);

	g_autoptr(GPtrArray) active =
	    authors == NULL ? NULL : lists_active(a, list, &err);

	uint64_t n = 0, n_bytes = 0;

	if (active == NULL ||
	    !store_count(a->store, list->id, &n, &n_bytes, &err)) {
		pages_fail(a, err, out);
		return;
	}
	const PageList p = {.list = list,
	    .n_bytes = n_bytes,
	    .ways = ways_find(a, list),
	    .months = months,
	    .threads = threads,
	    .active = active,
	    .authors = authors};

	pages_html(out, 200, RESPONSE_PAGE);
	page_list(out->text, a->site, &p);
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
lists_mbox_sizes(const Ask *a, const StoreList *list, const StoreMonth *m,
    uint64_t sizes[static 2])
{
	GArray month = {.data = (char *)(uintptr_t)m, .len = 1};
	MboxMonths box = {.list = list->id, .months = &month};

	for (MboxForm form = MBOX_GZIP; form <= MBOX_ZSTD; form++) {
		box.form = form;
		sizes[form] = 0;
		(void)mbox_find(&box, a->keep, &sizes[form]);
	}
}

bool
lists_order(const char *by, StoreOrder *order)
{
	*order = STORE_BY_ACTIVITY;
	while (by != NULL && *order < STORE_N_ORDERS &&
	       strcmp(by, page_month_orders[*order]) != 0)
		++*order;
	return *order < STORE_N_ORDERS;
}

/* false, out being the answer, where the order can't be. */
static bool
read_order(
    const Ask *a, const StoreList *list, StoreOrder *order, Response *out)
{
	if (lists_order(request_arg(a->q, "by"), order))
		return true;
	pages_say_no(a, 400, list,
	    html_word(a->site,
		"The parameter \xe2\x80\x9c"
		"by\xe2\x80\x9d must be activity, author or subject."),
	    out);
	return false;
}

void
lists_answer_month(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *suffix =
	    g_strdup_printf("%04d/%02d/", r->year, r->month);
	PageMonth p = {.list = list, .year = r->year, .month = r->month};

	g_assert(list != NULL);
	if (!pages_number(a, list, &p.number, out) ||
	    !read_order(a, list, &p.order, out))
		return;
	if (pages_moved(a, pages_path(a, list, NULL, suffix), out))
		return;
	g_autoptr(GArray) months =
	    store_months_near(a->store, list->id, r->year, r->month, &err);

	if (months == NULL) {
		pages_fail(a, err, out);
		return;
	}
	const StoreMonth *month = find_month(months, r);

	if (month == NULL) {
		near_answer_month(a, list, r, 0, out);
		return;
	}
	if (pages_unchanged(a, &list, 1, out))
		return;
	p.skipped = (p.number - 1) * LIMIT_PAGE_ROWS;
	const StoreRange range = {.list = list->id,
	    .from = date_month_start(r->year, r->month),
	    .to = date_month_start(r->year, r->month + 1),
	    .skip = p.skipped,
	    .order = p.order};
	g_autoptr(GPtrArray) threads =
	    store_threads(a->store, &range, &p.n_threads, &err);

	if (threads == NULL) {
		pages_fail(a, err, out);
		return;
	}
	if (threads->len == 0) {
		near_answer_month(a, list, r,
		    (p.n_threads + LIMIT_PAGE_ROWS - 1) / LIMIT_PAGE_ROWS, out);
		return;
	}
	g_autofree char *path = pages_path(a, list, NULL, suffix);

	lists_mbox_sizes(a, list, month, p.mbox_sizes);
	p.path = path;
	p.months = months;
	p.threads = threads;
	pages_html(out, 200, RESPONSE_PAGE);
	page_month(out->text, a->site, &p);
}
