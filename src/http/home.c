/* SPDX-License-Identifier: Apache-2.0 */
#include "http/home.h"

#include "base/date.h"
#include "base/limits.h"
#include "view/page.h"

#include <string.h>

/* Seconds without a message after which a list is folded away. */
#define IDLE_S ((int64_t)366 * 24 * 60 * 60)

/* Asking ------------------------------------------------------------------ */

/* Whether each word of q is in l's List-Id or description, in any case. */
static bool
matches(const StoreList *l, const char *q)
{
	g_autofree char *text =
	    g_strconcat(l->list_id, " ", l->description, NULL);
	g_autofree char *in = g_utf8_casefold(text, -1);
	g_autofree char *what = g_utf8_casefold(q, -1);
	g_auto(GStrv) words = g_strsplit(what, " ", -1);

	for (char **w = words; *w != NULL; w++)
		if (strstr(in, *w) == NULL)
			return false;
	return true;
}

/* false, out being the answer, where a parameter can't be. */
static bool
read_args(const Ask *a, PageHome *p, Response *out)
{
	const char *q = request_arg(a->q, "q");
	const char *sort = request_arg(a->q, "sort");
	const char *fault = NULL;

	if (q != NULL)
		p->q = q;
	if (sort != NULL)
		while (p->sort < PAGE_N_HOME_SORTS &&
		       strcmp(sort, page_home_sorts[p->sort]) != 0)
			p->sort++;
	if (p->sort == PAGE_N_HOME_SORTS)
		fault = html_word(a->site,
		    "The parameter \xe2\x80\x9csort\xe2\x80\x9d must be name, "
		    "activity or size.");
	else if (!g_utf8_validate(p->q, -1, NULL) ||
		 strlen(p->q) > LIMIT_FILTER_BYTES)
		fault = html_word(a->site,
		    "The parameter \xe2\x80\x9cq\xe2\x80\x9d must be a few "
		    "words "
		    "in UTF-8.");
	else if (!pages_number(a, NULL, &p->number, out))
		return false;
	if (fault != NULL)
		pages_say_no(a, 400, NULL, fault, out);
	return fault == NULL;
}

/* Ordering ---------------------------------------------------------------- */

typedef struct {
	int64_t now; /* the latest message of all */
	PageHomeSort sort;
} Order;

static bool
is_idle(const StoreList *l, int64_t now)
{
	return l->last_date < now - IDLE_S;
}

static gint
compare(gconstpointer left, gconstpointer right, gpointer arg)
{
	const StoreList *a = *(StoreList *const *)left;
	const StoreList *b = *(StoreList *const *)right;
	const Order *order = arg;
	bool a_idle = is_idle(a, order->now), b_idle = is_idle(b, order->now);

	if (a_idle != b_idle)
		return a_idle ? 1 : -1;
	if (order->sort == PAGE_HOME_ACTIVITY && a->last_date != b->last_date)
		return a->last_date < b->last_date ? 1 : -1;
	if (order->sort == PAGE_HOME_SIZE && a->n_messages != b->n_messages)
		return a->n_messages < b->n_messages ? 1 : -1;
	return strcmp(a->list_id, b->list_id);
}

/* Those of lists that were asked for, in order; not owned. */
static GPtrArray *
choose(const GPtrArray *lists, PageHome *p, Order *order)
{
	GPtrArray *found = g_ptr_array_sized_new(lists->len);

	order->sort = p->sort;
	for (guint i = 0; i < lists->len; i++) {
		const StoreList *l = lists->pdata[i];

		order->now = MAX(order->now, l->last_date);
		if (p->q[0] == '\0' || matches(l, p->q))
			g_ptr_array_add(found, lists->pdata[i]);
	}
	g_ptr_array_sort_with_data(found, compare, order);
	for (guint i = 0; i < found->len; i++)
		p->n_idle += is_idle(found->pdata[i], order->now);
	p->n_all = lists->len;
	p->n_found = found->len;
	return found;
}

/* Answering --------------------------------------------------------------- */

/* Of this page alone: the months of a thousand lists would be 10 ms. */
static bool
fill_rows(Store *s, const GPtrArray *found, const Order *order, PageHome *p,
    PageHomeRow *rows, GError **err)
{
	uint64_t skip = (p->number - 1) * LIMIT_PAGE_ROWS;
	DateDay day = date_day(order->now);
	int64_t ym = (int64_t)12 * day.year + day.month - 1;

	for (uint64_t i = skip; i < found->len && p->n_rows < LIMIT_PAGE_ROWS;
	     i++) {
		PageHomeRow *row = &rows[p->n_rows++];

		row->list = found->pdata[i];
		p->n_live += !is_idle(row->list, order->now);
		if (!store_month_counts(
			s, row->list->id, ym, row->counts, CHART_MONTHS, err))
			return false;
	}
	p->rows = rows;
	return true;
}

void
home_answer(const Ask *a, Response *out)
{
	g_autoptr(GError) err = NULL;
	PageHome p = {.q = ""};
	Order order = {0};

	if (!read_args(a, &p, out))
		return;
	g_autoptr(GPtrArray) lists = pages_lists(a, out);

	if (lists == NULL)
		return;
	g_autoptr(GPtrArray) found = choose(lists, &p, &order);
	g_autofree PageHomeRow *rows = g_new(PageHomeRow, LIMIT_PAGE_ROWS);

	if (!fill_rows(a->store, found, &order, &p, rows, &err)) {
		pages_fail(a, err, out);
		return;
	}
	if (p.n_rows == 0 && p.number > 1) {
		pages_not_found(a, NULL, out);
		return;
	}
	pages_html(out, 200, RESPONSE_PAGE);
	page_home(out->text, a->site, &p);
}
