/* api_month.c - a month of a list and its threads, and a year of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "http/api_private.h"
#include "http/lists.h"
#include "http/near.h"
#include "http/year.h"

#include <string.h>

/* "2024-03" */
static bool
read_month(const char *text, StoreMonth *m)
{
	if (strlen(text) != strlen("2024-03") || text[4] != '-')
		return false;
	g_autofree char *day = g_strconcat(text, "-01", NULL);
	int64_t t = 0;

	if (!api_read_time(day, &t))
		return false;
	DateDay d = date_day(t);

	*m = (StoreMonth){.year = d.year, .month = d.month};
	return true;
}

/* Complete m, of months, and find those beside it. */
static bool
find_month(const GArray *months, StoreMonth *m, JsonMonth *doc)
{
	for (guint i = 0; i < months->len; i++) {
		const StoreMonth *at = &g_array_index(months, StoreMonth, i);

		if (at->year != m->year || at->month != m->month)
			continue;
		*m = *at;
		doc->newer = i > 0 ? at - 1 : NULL;
		doc->older = i + 1 < months->len ? at + 1 : NULL;
		return true;
	}
	return false;
}

/* The parameters that are its own. */
static bool
read_args(const Api *q, ApiPage *page, StoreRange *range, Response *out)
{
	if (!api_read_page(q->a, 1, page, out))
		return false;
	if (page->after != NULL && page->at[0] > 0)
		range->skip = (uint64_t)page->at[0];
	if (lists_order(request_arg(q->a->q, "by"), &range->order))
		return true;
	api_say_no(q->a, 400, "by",
	    "It must be \"activity\", \"author\" or \"subject\".", out);
	return false;
}

/* A page begins behind so many threads: their order has no key. */
static void
answer_threads(const Api *q, const ApiPage *page, const StoreRange *range,
    JsonMonth *doc, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *next = NULL;
	g_autoptr(GPtrArray) threads =
	    store_threads(q->a->store, range, &doc->n_threads, &err);

	if (threads == NULL) {
		api_fail(q->a, err, out);
		return;
	}
	g_ptr_array_set_size(threads, (gint)MIN(threads->len, page->limit));
	if (!api_name_threads(q->a, threads, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	int64_t behind = (int64_t)(range->skip + threads->len);

	if (threads->len > 0 && (uint64_t)behind < doc->n_threads) {
		g_autofree char *path = g_strdup_printf("/months/%s", q->key);
		g_autofree char *after = api_cursor(&behind, 1);

		next = api_next(q, path, after);
	}
	doc->threads = threads;
	doc->next = next;
	json_doc_month(api_begin(out), q->a->site, doc);
	api_link_next(next, out);
}

void
api_answer_month(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	StoreRange range = {.list = q->list->id};
	StoreMonth m = {0};
	JsonMonth doc = {.list = q->list, .month = &m};
	ApiPage page;

	if (!read_month(q->key, &m)) {
		api_say_no(q->a, 400, "month",
		    "It must be a month, as in 2024-03.", out);
		return;
	}
	char *path =
	    g_strdup_printf("/lists/%s/months/%s", q->list->list_id, q->key);

	if (api_moved(q->a, path, out) || !read_args(q, &page, &range, out))
		return;
	g_autoptr(GArray) months = store_months(q->a->store, q->list->id, &err);

	if (months == NULL) {
		api_fail(q->a, err, out);
		return;
	}
	if (!find_month(months, &m, &doc)) {
		PageNear near = {0};

		near_find_month(months, m.year, m.month, &near);
		api_say_near(
		    q->a, "No message is of this month.", &near, q->list, out);
		return;
	}
	if (pages_unchanged(q->a, &q->list, 1, out))
		return;
	range.from = date_month_start(m.year, m.month);
	range.to = date_month_start(m.year, m.month + 1);
	g_autoptr(GArray) days =
	    store_days(q->a->store, q->list->id, m.year, m.month, &err);

	if (days == NULL) {
		api_fail(q->a, err, out);
		return;
	}
	doc.days = days;
	lists_mbox_sizes(q->a, q->list, &m, doc.mbox_sizes);
	answer_threads(q, &page, &range, &doc, out);
}

void
api_answer_year(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(Year) y = {0};
	guint64 year = 0;

	if (strlen(q->key) != 4 ||
	    !g_ascii_string_to_unsigned(q->key, 10, 1, 9999, &year, NULL)) {
		api_say_no(
		    q->a, 400, "year", "It must be a year, as in 2024.", out);
		return;
	}
	char *path =
	    g_strdup_printf("/lists/%s/years/%s", q->list->list_id, q->key);

	if (api_moved(q->a, path, out) ||
	    pages_unchanged(q->a, &q->list, 1, out))
		return;
	if (year_read(q->a, q->list, (int)year, &y, &err) &&
	    api_name_threads(q->a, y.threads, &err))
		json_doc_year(api_begin(out), q->a->site, &y.page);
	else if (g_error_matches(err, ERR, ERR_NOTFOUND))
		api_say_no(q->a, 404, NULL, "No message is of this year.", out);
	else
		api_fail(q->a, err, out);
}
