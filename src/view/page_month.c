/* page_month.c - a month of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/limits.h"
#include "view/index.h"
#include "view/out.h"
#include "view/page.h"

static void
write_month_link(GString *o, const HtmlSite *site, const PageMonth *p,
    const StoreMonth *m, bool newer)
{
	out_raw(o, "<a href=\"");
	html_month_path(o, site, p->list, m->year, m->month);
	if (newer)
		out_raw(o, "\" rel=\"next\">");
	else
		out_raw(o, "\" rel=\"prev\">");
	html_month(o, site, m->year, m->month);
	out_raw(o, "</a>\n");
}

/* The months before and after this one that have messages. */
static void
write_neighbours(GString *o, const HtmlSite *site, const PageMonth *p)
{
	const StoreMonth *older = NULL, *newer = NULL;

	for (guint i = 0; i < p->months->len; i++) {
		const StoreMonth *m = &g_array_index(p->months, StoreMonth, i);
		int order = m->year != p->year ? m->year - p->year
					       : m->month - p->month;

		if (order > 0)
			newer = m;
		else if (order < 0 && older == NULL)
			older = m;
	}
	if (older == NULL && newer == NULL)
		return;
	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Months"));
	out_raw(o, "\">\n");
	if (older != NULL)
		write_month_link(o, site, p, older, false);
	if (newer != NULL)
		write_month_link(o, site, p, newer, true);
	out_raw(o, "</nav>\n");
}

/* Where the month is to be had as a mailbox. */
static void
write_mailbox(GString *o, const HtmlSite *site, const PageMonth *p)
{
	g_autofree char *name = g_strdup_printf("%04d/%02d", p->year, p->month);
	const HtmlMailbox box = {.list = p->list,
	    .name = name,
	    .sizes = {p->mbox_sizes[0], p->mbox_sizes[1]}};
	const char *text = html_word(site, "The month as a mailbox: %s or %s");

	out_raw(o, "<p class=\"meta\">");
	html_mailbox(o, site, &box, &text);
	html_until(o, &text);
	out_raw(o, "</p>\n");
}

/* Places for the days below from and down to to, on which no thread was last
 * answered: they lead to the next day down that has one, or the last. */
static void
write_places(GString *o, int from, int to)
{
	for (int day = from - 1; day >= to; day--) {
		out_raw(o, "<span id=\"d");
		out_num(o, (uint64_t)day);
		out_raw(o, "\"></span>");
	}
}

/* Threads under the days they were last answered on, each day a place. */
static void
write_days(GString *o, const HtmlSite *site, const PageMonth *p)
{
	const StoreThread *last = p->threads->pdata[p->threads->len - 1];
	bool end = p->skipped + p->threads->len == p->n_threads;
	int above = p->number == 1 ? 32 : 0,
	    lowest = date_day(last->last_date).day;

	for (guint i = 0; i < p->threads->len; i++) {
		const StoreThread *t = p->threads->pdata[i];
		int day = date_day(t->last_date).day;

		if (i == 0 || day != above) {
			if (i > 0)
				out_raw(o, "</ul>\n");
			out_raw(o, "<h2 class=\"day\" id=\"d");
			out_num(o, (uint64_t)day);
			out_raw(o, "\">");
			write_places(o, above, day + 1);
			if (end && day == lowest)
				write_places(o, day, 1);
			html_day(o, t->last_date);
			out_raw(o, "</h2>\n<ul class=\"threads\">\n");
			above = day;
		}
		index_thread(o, site, p->list, t, INDEX_OF_DAY);
	}
	out_raw(o, "</ul>\n");
}

/* Threads in an order that has no days. */
static void
write_sorted(GString *o, const HtmlSite *site, const PageMonth *p)
{
	out_raw(o, "<ul class=\"threads\">\n");
	for (guint i = 0; i < p->threads->len; i++)
		index_thread(
		    o, site, p->list, p->threads->pdata[i], INDEX_OF_MONTH);
	out_raw(o, "</ul>\n");
}

/* Orders ------------------------------------------------------------------ */

const char *const page_month_orders[STORE_N_ORDERS] = {
    "activity", "author", "subject"};

static void
write_order(GString *o, const PageMonth *p, StoreOrder order, const char *label)
{
	out_raw(o, "<li><a href=\"");
	out_attr(o, p->path);
	if (order != STORE_BY_ACTIVITY) {
		out_raw(o, "?by=");
		out_attr(o, page_month_orders[order]);
	}
	if (order == p->order)
		out_raw(o, "\" aria-current=\"page");
	/* The same threads again: nothing for a crawler. */
	if (order != STORE_BY_ACTIVITY)
		out_raw(o, "\" rel=\"nofollow");
	out_raw(o, "\">");
	out_text(o, label);
	out_raw(o, "</a></li>\n");
}

static void
write_orders(GString *o, const HtmlSite *site, const PageMonth *p)
{
	if (p->n_threads < 2)
		return;
	out_raw(o, "<nav class=\"views\" aria-label=\"");
	out_attr(o, html_word(site, "Order"));
	out_raw(o, "\"><ul>\n");
	write_order(
	    o, p, STORE_BY_ACTIVITY, html_word(site, "By latest activity"));
	write_order(o, p, STORE_BY_AUTHOR, html_word(site, "By author"));
	write_order(o, p, STORE_BY_SUBJECT, html_word(site, "By subject"));
	out_raw(o, "</ul></nav>\n");
}

/* How many threads, and in which order. */
static void
write_count(
    GString *o, const HtmlSite *site, const PageMonth *p, StoreOrder order)
{
	const char *text =
	    order == STORE_BY_AUTHOR
		? html_word_n(site, "%s thread, by who began it.",
		      "%s threads, by who began them.", p->n_threads)
	    : order == STORE_BY_SUBJECT
		? html_word_n(site, "%s thread, by subject.",
		      "%s threads, by subject.", p->n_threads)
		: html_word_n(site, "%s thread, latest activity first.",
		      "%s threads, latest activity first.", p->n_threads);

	out_raw(o, "<p class=\"meta\">");
	html_until(o, &text);
	out_count(o, p->n_threads);
	html_until(o, &text);
	out_raw(o, "</p>\n");
	if (order == p->order)
		return;
	out_raw(o, "<p class=\"notice\">");
	html_say(o, site, "This month has too many threads to sort them.");
	out_raw(o, "</p>\n");
}

void
page_month(GString *o, const HtmlSite *site, const PageMonth *p)
{
	g_autoptr(GString) title = g_string_new(NULL);
	g_autoptr(GString) suffix = g_string_new(NULL);
	bool sorted = p->order != STORE_BY_ACTIVITY;
	StoreOrder order =
	    p->n_threads > LIMIT_SORTED_THREADS ? STORE_BY_ACTIVITY : p->order;
	g_autofree char *query =
	    sorted ? g_strconcat("by=", page_month_orders[p->order], NULL)
		   : g_strdup("");
	g_autofree char *data =
	    g_strdup_printf("/months/%04d-%02d", p->year, p->month);
	HtmlTop top = {
	    .list = p->list, .year = p->year, .data = data, .hidden = sorted};

	html_month(title, site, p->year, p->month);
	top.title = title->str;
	g_string_append_printf(suffix, "%04d/%02d/", p->year, p->month);
	if (p->number > 1 && !sorted)
		g_string_append_printf(
		    suffix, "?page=%" G_GUINT64_FORMAT, p->number);
	top.suffix = suffix->str;
	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, title->str);
	out_raw(o, "</h1>\n");
	write_count(o, site, p, order);
	write_neighbours(o, site, p);
	write_mailbox(o, site, p);
	write_orders(o, site, p);
	if (order != STORE_BY_ACTIVITY)
		write_sorted(o, site, p);
	else if (p->threads->len > 0)
		write_days(o, site, p);
	index_pages(o, site,
	    &(IndexPages){.path = p->path,
		.query = query,
		.n_rows = p->n_threads,
		.number = p->number});
	html_end(o, site);
}
