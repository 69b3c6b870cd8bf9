/* api_list.c - lists, their months, threads and messages, page by page. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/limits.h"
#include "http/api_private.h"
#include "http/lists.h"
#include "http/ways.h"

#include <string.h>

void
api_answer_home(const Api *q, Response *out)
{
	if (!pages_unchanged(q->a, NULL, 0, out))
		json_doc_home(api_begin(out), q->a->site);
}

/* n of lists from first on, with what their picture shows: months up to that of
 * the latest message of all. */
static bool
read_rows(const Api *q, const GPtrArray *lists, size_t first, size_t n,
    PageHomeRow *rows, GError **err)
{
	int64_t now = 0;

	for (guint i = 0; i < lists->len; i++)
		now = MAX(now, ((const StoreList *)lists->pdata[i])->last_date);
	DateDay day = date_day(now);
	int64_t ym = (int64_t)12 * day.year + day.month - 1;

	for (size_t i = 0; i < n; i++) {
		rows[i].list = lists->pdata[first + i];
		if (!store_month_counts(q->a->store, rows[i].list->id, ym,
			rows[i].counts, CHART_MONTHS, err))
			return false;
	}
	return true;
}

/* Lists are so few that all are read, as for the page of them. */
void
api_answer_lists(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	ApiPage p;

	if (!api_read_page(q->a, 0, &p, out))
		return;
	g_autoptr(GPtrArray) lists = read_lists(q->a->store, &err);

	if (lists == NULL) {
		api_fail(q->a, err, out);
		return;
	}
	const StoreList *const *all = (const StoreList *const *)lists->pdata;
	size_t first = 0;

	if (pages_unchanged(q->a, all, lists->len, out))
		return;
	while (p.after != NULL && first < lists->len &&
	       strcmp(all[first]->list_id, p.after) <= 0)
		first++;
	size_t n = MIN(p.limit, lists->len - first);
	g_autofree char *next =
	    first + n < lists->len
		? api_next(q, "/lists", all[first + n - 1]->list_id)
		: NULL;

	g_autofree PageHomeRow *rows = g_new(PageHomeRow, MAX(n, 1));

	if (!read_rows(q, lists, first, n, rows, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	json_doc_lists(api_begin(out), q->a->site, rows, n, next);
	api_link_next(next, out);
}

void
api_answer_list(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	JsonList doc = {.list = q->list};
	uint64_t n = 0;

	if (pages_unchanged(q->a, &q->list, 1, out))
		return;
	if (!store_count(q->a->store, q->list->id, &n, &doc.n_bytes, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	g_autoptr(GPtrArray) active = lists_active(q->a, q->list, &err);

	if (active == NULL || !api_name_threads(q->a, active, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	doc.active = active;
	doc.ways = ways_find(q->a, q->list);
	json_doc_list(api_begin(out), q->a->site, &doc);
}

/* Months since the year 0: what their cursor is. */
static int64_t
month_number(const StoreMonth *m)
{
	return 12 * (int64_t)m->year + m->month - 1;
}

/* Newest first; 200 of them are 16 years. */
void
api_answer_months(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	ApiPage p;

	if (!api_read_page(q->a, 1, &p, out) ||
	    pages_unchanged(q->a, &q->list, 1, out))
		return;
	g_autoptr(GArray) months = store_months(q->a->store, q->list->id, &err);

	if (months == NULL) {
		api_fail(q->a, err, out);
		return;
	}
	const StoreMonth *all = (const StoreMonth *)(void *)months->data;
	g_autofree char *next = NULL;
	size_t first = 0;

	while (p.after != NULL && first < months->len &&
	       month_number(&all[first]) >= p.at[0])
		first++;
	size_t n = MIN(p.limit, months->len - first);

	if (first + n < months->len) {
		int64_t last = month_number(&all[first + n - 1]);
		g_autofree char *after = api_cursor(&last, 1);

		next = api_next(q, "/months", after);
	}
	json_doc_months(
	    api_begin(out), q->a->site, q->list, all + first, n, next);
	api_link_next(next, out);
}

/*
 * Of rows, one more than the page has, leave those of p: n is how many of
 * them are within its range.  Returns whether more follow.
 */
static bool
cut(GPtrArray *rows, const ApiPage *p, guint n)
{
	bool more = n > p->limit;

	g_ptr_array_set_size(rows, (gint)(more ? p->limit : n));
	return more;
}

/* Where a page begins: behind its cursor, or at the end of its range. */
static int64_t
begin_at(const ApiPage *p)
{
	return p->oldest ? p->from : p->to;
}

static bool
within(const ApiPage *p, int64_t date)
{
	return p->oldest ? date < p->to : date >= p->from;
}

void
api_answer_threads(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *next = NULL;
	StorePlace at = {.list = q->list->id};
	guint n = 0;
	ApiPage p;

	if (!api_read_page(q->a, 2, &p, out) ||
	    pages_unchanged(q->a, &q->list, 1, out))
		return;
	at.oldest = p.oldest;
	at.date = p.after != NULL ? p.at[0] : begin_at(&p);
	at.thread = p.after != NULL ? p.at[1] : 0;
	g_autoptr(GPtrArray) threads =
	    store_threads_from(q->a->store, &at, p.limit + 1, &err);

	if (threads == NULL || !api_name_threads(q->a, threads, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	while (n < threads->len &&
	       within(&p, ((StoreThread *)threads->pdata[n])->last_date))
		n++;
	if (cut(threads, &p, n)) {
		const StoreThread *last = threads->pdata[threads->len - 1];
		const int64_t to[] = {last->last_date, last->thread};
		g_autofree char *after = api_cursor(to, 2);

		next = api_next(q, "/threads", after);
	}
	json_doc_threads(api_begin(out), q->a->site, q->list, threads, next);
	api_link_next(next, out);
}

void
api_answer_heads(
    const Api *q, const StoreAuthor *author, const char *path, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *next = NULL;
	StorePlace at = {.list = q->list->id};
	guint n = 0;
	ApiPage p;

	if (!api_read_page(q->a, 3, &p, out) ||
	    pages_unchanged(q->a, &q->list, 1, out))
		return;
	at.oldest = p.oldest;
	at.date = p.after != NULL ? p.at[0] : begin_at(&p);
	at.thread = p.after != NULL ? p.at[1] : 0;
	at.post = p.after != NULL ? p.at[2] : 0;
	g_autoptr(GPtrArray) heads =
	    author != NULL
		? store_author_posts_from(
		      q->a->store, author, &at, p.limit + 1, &err)
		: store_heads_from(q->a->store, &at, p.limit + 1, &err);

	if (heads == NULL || !api_name_heads(q->a, heads, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	while (n < heads->len && within(&p, ((Head *)heads->pdata[n])->date))
		n++;
	if (cut(heads, &p, n)) {
		const Head *last = heads->pdata[heads->len - 1];
		const int64_t to[] = {last->date, last->thread, last->post};
		g_autofree char *after = api_cursor(to, 3);

		next = api_next(q, path, after);
	}
	json_doc_messages(api_begin(out), q->a->site, q->list, heads, next);
	api_link_next(next, out);
}

void
api_answer_messages(const Api *q, Response *out)
{
	api_answer_heads(q, NULL, "/messages", out);
}
