/* page_list.c - the lists, a list, a month of one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/limits.h"
#include "view/chart.h"
#include "view/out.h"
#include "view/page.h"

/* Lists ------------------------------------------------------------------- */

/* From the first day to the last. */
static void
write_span(GString *o, const HtmlSite *site, const StoreList *l)
{
	const char *text = html_word(site, "%s to %s");

	html_until(o, &text);
	html_day(o, l->first_date);
	html_until(o, &text);
	html_day(o, l->last_date);
	html_until(o, &text);
}

static void
write_nothing(GString *o, const char *why)
{
	out_raw(o, "<p>");
	out_text(o, why);
	out_raw(o, "</p>\n");
}

static void
write_list(GString *o, const HtmlSite *site, const StoreList *l)
{
	out_raw(o, "<li>\n<h2><a href=\"");
	html_list_path(o, site, l);
	out_raw(o, "\">");
	out_text(o, l->list_id);
	out_raw(o, "</a></h2>\n");
	if (l->description[0] != '\0') {
		out_raw(o, "<p>");
		html_protected(o, site, l->description);
		out_raw(o, "</p>\n");
	}
	out_raw(o, "<p class=\"meta\">");
	html_messages(o, site, l->n_messages);
	if (l->n_messages > 0) {
		out_raw(o, ", ");
		write_span(o, site, l);
	}
	out_raw(o, "</p>\n</li>\n");
}

void
page_home(GString *o, const HtmlSite *site, const GPtrArray *lists)
{
	const HtmlTop top = {0};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, site->title);
	out_raw(o, "</h1>\n");
	if (lists->len == 0)
		write_nothing(
		    o, html_word(site, "There are no public lists here yet."));
	else
		out_raw(o, "<ul class=\"lists\">\n");
	for (guint i = 0; i < lists->len; i++)
		write_list(o, site, lists->pdata[i]);
	if (lists->len > 0)
		out_raw(o, "</ul>\n");
	html_end(o, site);
}

/* Threads ----------------------------------------------------------------- */

/* How many messages: of those of the month, or (month false) in all. */
static void
write_extent(GString *o, const HtmlSite *site, const StoreThread *t, bool month)
{
	const char *text = html_word(site, "%s of %s");

	if (!month || t->n_messages >= t->n_all) {
		html_messages(o, site, t->n_all);
		return;
	}
	html_until(o, &text);
	out_count(o, t->n_messages);
	html_until(o, &text);
	html_messages(o, site, t->n_all);
	html_until(o, &text);
}

static void
write_thread(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreThread *t, bool month)
{
	out_raw(o, "<li><a href=\"");
	html_msg_path(o, site, list, t->key);
	if (t->n_all > 1)
		out_raw(o, "t/");
	out_raw(o, "\">");
	html_subject(o, site, t->subject);
	out_raw(o, "</a> <span class=\"meta\"><span class=\"who\">");
	html_author(o, site, t->from_name, t->from_addr);
	out_raw(o, "</span>, ");
	write_extent(o, site, t, month);
	out_raw(o, ", ");
	html_time(o, t->last_date);
	out_raw(o, "</span></li>\n");
}

static void
write_threads(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *threads, bool month)
{
	out_raw(o, "<ul class=\"threads\">\n");
	for (guint i = 0; i < threads->len; i++)
		write_thread(o, site, list, threads->pdata[i], month);
	out_raw(o, "</ul>\n");
}

/* One list ---------------------------------------------------------------- */

/* A year's heading and its months, of which months[i] is the newest;
 * returns where the next year begins. */
static guint
write_year(GString *o, const HtmlSite *site, const StoreList *list,
    const GArray *months, guint i)
{
	static const char *const names[] = {N_("Jan"), N_("Feb"), N_("Mar"),
	    N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"),
	    N_("Oct"), N_("Nov"), N_("Dec")};
	int year = g_array_index(months, StoreMonth, i).year;
	guint end = i;

	while (end < months->len &&
	       g_array_index(months, StoreMonth, end).year == year)
		end++;
	g_string_append_printf(
	    o, "<li><h3 id=\"y%d\">%d</h3>\n<ol>\n", year, year);
	for (guint m = end; m > i; m--) {
		const StoreMonth *sm =
		    &g_array_index(months, StoreMonth, m - 1);

		out_raw(o, "<li><a href=\"");
		html_month_path(o, site, list, sm->year, sm->month);
		out_raw(o, "\">");
		html_say(o, site, names[sm->month - 1]);
		out_raw(o, " <span class=\"meta\">");
		out_count(o, sm->n_messages);
		out_raw(o, "</span></a></li>\n");
	}
	out_raw(o, "</ol></li>\n");
	return end;
}

static void
write_about(GString *o, const HtmlSite *site, const StoreList *list)
{
	if (list->description[0] != '\0') {
		out_raw(o, "<p class=\"lead\">");
		html_protected(o, site, list->description);
		out_raw(o, "</p>\n");
	}
	out_raw(o, "<p class=\"meta\">");
	html_messages(o, site, list->n_messages);
	if (list->n_messages > 0) {
		out_raw(o, ", ");
		write_span(o, site, list);
	}
	out_raw(o, "</p>\n");
}

/* Where to write to, and where machines get all of it. */
static void
write_ways(GString *o, const HtmlSite *site, const StoreList *list)
{
	out_raw(o, "<p class=\"meta\">");
	if (list->addresses[0] != NULL) {
		const char *text = html_word(site, "Write to %s.");

		html_until(o, &text);
		html_protected(o, site, list->addresses[0]);
		html_until(o, &text);
		out_raw(o, " ");
	}
	out_raw(o, "<a href=\"");
	html_list_path(o, site, list);
	out_raw(o, "new.atom\">");
	html_say(o, site, "Feed of new messages");
	out_raw(o, "</a>, <a href=\"");
	html_list_path(o, site, list);
	out_raw(o, "all.mbox.gz\" rel=\"nofollow\">");
	html_say(o, site, "all messages as a mailbox");
	out_raw(o, "</a></p>\n");
}

void
page_list(GString *o, const HtmlSite *site, const StoreList *list,
    const GArray *months, const GPtrArray *threads)
{
	const HtmlTop top = {.list = list};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, list->list_id);
	out_raw(o, "</h1>\n");
	write_about(o, site, list);
	write_ways(o, site, list);
	if (months->len == 0) {
		write_nothing(
		    o, html_word(site, "No message has come in yet."));
		html_end(o, site);
		return;
	}
	chart_months(o, site, months);
	out_raw(o, "<section>\n<h2>");
	html_say(o, site, "Newest threads");
	out_raw(o, "</h2>\n");
	write_threads(o, site, list, threads, false);
	out_raw(o, "</section>\n<section>\n<h2>");
	html_say(o, site, "Months");
	out_raw(o, "</h2>\n<ul class=\"years\">\n");
	for (guint i = 0; i < months->len;)
		i = write_year(o, site, list, months, i);
	out_raw(o, "</ul>\n</section>\n");
	html_end(o, site);
}

/* A month ----------------------------------------------------------------- */

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

/* Pages of a month with more threads than one page shows. */
static void
write_pages(GString *o, const HtmlSite *site, const PageMonth *p)
{
	uint64_t n = (p->n_threads + LIMIT_PAGE_ROWS - 1) / LIMIT_PAGE_ROWS;

	if (n < 2)
		return;
	out_raw(o, "<nav class=\"pages\" aria-label=\"");
	out_attr(o, html_word(site, "Pages"));
	out_raw(o, "\"><ol>\n");
	for (uint64_t i = 1; i <= n; i++) {
		out_raw(o, "<li><a href=\"");
		html_month_path(o, site, p->list, p->year, p->month);
		if (i > 1) {
			out_raw(o, "?page=");
			out_num(o, i);
		}
		if (i == p->number)
			out_raw(o, "\" aria-current=\"page\">");
		else
			out_raw(o, "\">");
		out_num(o, i);
		out_raw(o, "</a></li>\n");
	}
	out_raw(o, "</ol></nav>\n");
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
		write_threads(o, site, p->list, p->threads, true);
	write_pages(o, site, p);
	html_end(o, site);
}
