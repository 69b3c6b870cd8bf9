/* SPDX-License-Identifier: Apache-2.0 */
#include "http/year.h"

#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "http/near.h"

/* Threads and authors that are told of. */
#define THREADS 10u
#define AUTHORS 10u

void
year_clear(Year *y)
{
	g_clear_pointer(&y->months, g_array_unref);
	g_clear_pointer(&y->days, g_array_unref);
	g_clear_pointer(&y->threads, g_ptr_array_unref);
	g_clear_pointer(&y->authors, g_ptr_array_unref);
}

/* Of y's months, which are all, leave those of its year. */
static void
choose_months(Year *y)
{
	PageYear *p = &y->page;

	for (guint i = y->months->len; i > 0; i--) {
		const StoreMonth *m =
		    &g_array_index(y->months, StoreMonth, i - 1);

		if (m->year == p->year) {
			p->n_messages += m->n_messages;
			continue;
		}
		/* The oldest comes first here. */
		if (m->year < p->year)
			p->older = m->year;
		else if (p->newer == 0)
			p->newer = m->year;
		g_array_remove_index(y->months, i - 1);
	}
	p->months = y->months;
}

bool
year_read(
    const Ask *a, const StoreList *list, int year, Year *out, GError **err)
{
	Store *s = a->store;
	const StoreRange range = {.list = list->id,
	    .from = date_month_start(year, 1),
	    .to = date_month_start(year, 13)};
	g_auto(Year) y = {.page = {.list = list, .year = year}};

	y.months = store_months(s, list->id, err);
	if (y.months == NULL)
		return false;
	choose_months(&y);
	if (y.months->len == 0)
		return err_set(err, ERR_NOTFOUND, "no messages in that year");
	y.page.authors = y.authors =
	    store_top_authors(s, list->id, year, AUTHORS, err);
	if (y.authors == NULL)
		return false;
	y.page.threads = y.threads =
	    store_threads_active(s, &range, LIMIT_ACTIVE_YEAR, THREADS, err);
	if (y.threads == NULL)
		return false;
	y.page.days = y.days = store_days(s, list->id, year, 0, err);
	if (y.days == NULL)
		return false;
	*out = y;
	y = (Year){0};
	return true;
}

void
year_answer(const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *suffix = g_strdup_printf("%04d/", r->year);
	g_auto(Year) y = {0};

	if (pages_moved(a, pages_path(a, list, NULL, suffix), out) ||
	    pages_unchanged(a, &list, 1, out))
		return;
	if (year_read(a, list, r->year, &y, &err)) {
		pages_html(out, 200, RESPONSE_PAGE);
		page_year(out->text, a->site, &y.page);
	} else if (g_error_matches(err, ERR, ERR_NOTFOUND)) {
		near_answer_month(a, list, r, 0, out);
	} else {
		pages_fail(a, err, out);
	}
}
