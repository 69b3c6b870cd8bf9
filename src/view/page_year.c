/* page_year.c - a year of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "view/chart.h"
#include "view/index.h"
#include "view/out.h"
#include "view/page.h"

/* Links in it are relative to "/LIST/YYYY/": a year may have 365. */

static void
write_year_link(
    GString *o, const HtmlSite *site, const PageYear *p, int year, bool newer)
{
	out_raw(o, "<a href=\"");
	html_year_path(o, site, p->list, year);
	if (newer)
		out_raw(o, "\" rel=\"next\">");
	else
		out_raw(o, "\" rel=\"prev\">");
	out_num(o, (uint64_t)year);
	out_raw(o, "</a>\n");
}

/* The years before and after it that have messages. */
static void
write_neighbours(GString *o, const HtmlSite *site, const PageYear *p)
{
	if (p->older == 0 && p->newer == 0)
		return;
	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Years"));
	out_raw(o, "\">\n");
	if (p->older != 0)
		write_year_link(o, site, p, p->older, false);
	if (p->newer != 0)
		write_year_link(o, site, p, p->newer, true);
	out_raw(o, "</nav>\n");
}

/* The calendar ------------------------------------------------------------ */

static const char *const weekdays[7] = {
    N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su")};

static void
write_weekdays(GString *o, const HtmlSite *site)
{
	out_raw(o, "<tr>");
	for (size_t i = 0; i < G_N_ELEMENTS(weekdays); i++) {
		out_raw(o, "<th scope=\"col\">");
		html_say(o, site, weekdays[i]);
		out_raw(o, "</th>");
	}
	out_raw(o, "</tr>\n");
}

/* A day with n messages; its link tells how many to who does not see. */
static void
write_day(GString *o, const HtmlSite *site, int month, int day, uint64_t n,
    uint64_t most)
{
	if (n == 0) {
		out_raw(o, "<td>");
		out_num(o, (uint64_t)day);
		out_raw(o, "</td>");
		return;
	}
	out_raw(o, "<td class=\"l");
	out_num(o, chart_shade(n, most));
	g_string_append_printf(
	    o, "\"><a href=\"%02d/#d%d\" title=\"", month, day);
	html_messages(o, site, n);
	g_string_append_printf(o, "\">%d</a></td>", day);
}

/* Messages of the days of a month, from *at on of p's, which then is where the
 * next month begins. */
static void
read_month(const PageYear *p, int month, uint64_t days[static 31], guint *at)
{
	for (; *at < p->days->len; ++*at) {
		const StoreDay *d = &g_array_index(p->days, StoreDay, *at);

		if (d->month > month)
			return;
		if (d->month == month)
			days[d->day - 1] = d->n_messages;
	}
}

/* A month that has messages, on these days, of which one of the year has most
 * at most: a week a row, from Monday on. */
static void
write_month(GString *o, const HtmlSite *site, const StoreMonth *m,
    const uint64_t days[static 31], uint64_t most)
{
	int64_t first = date_month_start(m->year, m->month) / DATE_DAY_S;
	int64_t end = date_month_start(m->year, m->month + 1) / DATE_DAY_S;
	/* The epoch was a Thursday. */
	int at = (int)(((first + 3) % 7 + 7) % 7);

	g_string_append_printf(
	    o, "<table>\n<caption><a href=\"%02d/\">", m->month);
	html_month(o, site, m->year, m->month);
	out_raw(o, "</a> <span class=\"meta\">");
	html_messages(o, site, m->n_messages);
	out_raw(o, "</span></caption>\n");
	write_weekdays(o, site);
	out_raw(o, "<tr>");
	for (int i = 0; i < at; i++)
		out_raw(o, "<td></td>");
	for (int64_t day = first; day < end; day++, at++) {
		if (at == 7) {
			out_raw(o, "</tr>\n<tr>");
			at = 0;
		}
		write_day(o, site, m->month, (int)(day - first) + 1,
		    days[day - first], most);
	}
	for (; at < 7; at++)
		out_raw(o, "<td></td>");
	out_raw(o, "</tr>\n</table>\n");
}

static void
write_calendar(GString *o, const HtmlSite *site, const PageYear *p)
{
	guint at = 0;
	uint64_t most = 0;

	for (guint i = 0; i < p->days->len; i++)
		most =
		    MAX(most, g_array_index(p->days, StoreDay, i).n_messages);
	out_raw(o, "<div class=\"calendar\">\n");
	for (guint i = p->months->len; i > 0; i--) {
		const StoreMonth *m =
		    &g_array_index(p->months, StoreMonth, i - 1);
		uint64_t days[31] = {0};

		read_month(p, m->month, days, &at);
		write_month(o, site, m, days, most);
	}
	out_raw(o, "</div>\n");
}

/* Of all of it ------------------------------------------------------------- */

static void
write_threads(GString *o, const HtmlSite *site, const PageYear *p)
{
	if (p->threads->len == 0)
		return;
	out_raw(o, "<section>\n<h2>");
	html_say(o, site, "Most active threads");
	out_raw(o, "</h2>\n<ul class=\"threads\">\n");
	for (guint i = 0; i < p->threads->len; i++)
		index_thread(
		    o, site, p->list, p->threads->pdata[i], INDEX_OF_MONTH);
	out_raw(o, "</ul>\n</section>\n");
}

static void
write_mailboxes(GString *o, const HtmlSite *site, const PageYear *p)
{
	out_raw(o, "<section>\n<h2>");
	html_say(o, site, "Mailboxes");
	out_raw(o, "</h2>\n<ul class=\"boxes\">\n");
	for (guint i = p->months->len; i > 0; i--) {
		const StoreMonth *m =
		    &g_array_index(p->months, StoreMonth, i - 1);
		g_autofree char *name =
		    g_strdup_printf("%04d/%02d", m->year, m->month);
		const HtmlMailbox box = {.list = p->list, .name = name};
		const char *text = "%s %s";

		out_raw(o, "<li>");
		html_month(o, site, m->year, m->month);
		out_raw(o, " <span class=\"meta\">");
		html_mailbox(o, site, &box, &text);
		out_raw(o, "</span></li>\n");
	}
	out_raw(o, "</ul>\n</section>\n");
}

void
page_year(GString *o, const HtmlSite *site, const PageYear *p)
{
	g_autofree char *title = g_strdup_printf("%d", p->year);
	g_autofree char *suffix = g_strdup_printf("%04d/", p->year);
	g_autofree char *data = g_strdup_printf("/years/%04d", p->year);
	const HtmlTop top = {
	    .title = title, .list = p->list, .suffix = suffix, .data = data};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, title);
	out_raw(o, "</h1>\n<p class=\"meta\">");
	html_messages(o, site, p->n_messages);
	out_raw(o, ", <a href=\"");
	html_list_path(o, site, p->list);
	out_raw(o, "new.atom\">");
	html_say(o, site, "Feed of new messages");
	out_raw(o, "</a></p>\n");
	write_neighbours(o, site, p);
	write_calendar(o, site, p);
	write_threads(o, site, p);
	index_authors(o, site, p->list, p->authors, p->year);
	write_mailboxes(o, site, p);
	html_end(o, site);
}
