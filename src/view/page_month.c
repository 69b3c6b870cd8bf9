/* page_month.c - a month of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
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

void
page_month(GString *o, const HtmlSite *site, const PageMonth *p)
{
	g_autoptr(GString) title = g_string_new(NULL);
	HtmlTop top = {.list = p->list, .hidden = true};

	const char *text =
	    html_word_n(site, "%s thread, latest activity first.",
		"%s threads, latest activity first.", p->n_threads);

	html_month(title, site, p->year, p->month);
	top.title = title->str;
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
		index_threads(o, site, p->list, p->threads, true);
	index_pages(o, site,
	    &(IndexPages){.path = p->path,
		.query = "",
		.n_rows = p->n_threads,
		.number = p->number});
	html_end(o, site);
}
