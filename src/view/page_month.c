/* page_month.c - a month of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
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
	out_raw(o, "<p class=\"meta\"><a href=\"");
	html_list_path(o, site, p->list);
	g_string_append_printf(o, "%04d/%02d", p->year, p->month);
	out_raw(o, ".mbox.gz\" rel=\"nofollow\">");
	html_say(o, site, "The month as a mailbox");
	out_raw(o, "</a></p>\n");
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
		index_thread(o, site, p->list, t, true);
	}
	out_raw(o, "</ul>\n");
}

void
page_month(GString *o, const HtmlSite *site, const PageMonth *p)
{
	g_autoptr(GString) title = g_string_new(NULL);
	g_autoptr(GString) suffix = g_string_new(NULL);
	HtmlTop top = {.list = p->list};
	const char *text =
	    html_word_n(site, "%s thread, latest activity first.",
		"%s threads, latest activity first.", p->n_threads);

	html_month(title, site, p->year, p->month);
	top.title = title->str;
	g_string_append_printf(suffix, "%04d/%02d/", p->year, p->month);
	if (p->number > 1)
		g_string_append_printf(
		    suffix, "?page=%" G_GUINT64_FORMAT, p->number);
	top.suffix = suffix->str;
	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, title->str);
	out_raw(o, "</h1>\n<p class=\"meta\">");
	html_until(o, &text);
	out_count(o, p->n_threads);
	html_until(o, &text);
	out_raw(o, "</p>\n");
	write_neighbours(o, site, p);
	write_mailbox(o, site, p);
	if (p->threads->len > 0)
		write_days(o, site, p);
	index_pages(o, site,
	    &(IndexPages){.path = p->path,
		.query = "",
		.n_rows = p->n_threads,
		.number = p->number});
	html_end(o, site);
}
