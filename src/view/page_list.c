/* page_list.c - a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "view/chart.h"
#include "view/index.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

static void
write_cell(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreMonth *m, uint64_t most)
{
	static const char *const names[] = {N_("Jan"), N_("Feb"), N_("Mar"),
	    N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"),
	    N_("Oct"), N_("Nov"), N_("Dec")};

	out_raw(o, "<li class=\"m");
	out_num(o, (uint64_t)m->month);
	out_raw(o, " l");
	out_num(o, chart_shade(m->n_messages, most));
	out_raw(o, "\"><a href=\"");
	html_month_path(o, site, list, m->year, m->month);
	out_raw(o, "\">");
	html_say(o, site, names[m->month - 1]);
	out_raw(o, " <span>");
	out_count(o, m->n_messages);
	out_raw(o, "</span></a></li>\n");
}

/* A year's heading and its months, of which months[i] is the newest;
 * returns where the next year begins. */
static guint
write_year(GString *o, const HtmlSite *site, const StoreList *list,
    const GArray *months, guint i, uint64_t most)
{
	int year = g_array_index(months, StoreMonth, i).year;
	guint end = i;

	while (end < months->len &&
	       g_array_index(months, StoreMonth, end).year == year)
		end++;
	out_raw(o, "<li><h3 id=\"y");
	out_num(o, (uint64_t)year);
	out_raw(o, "\"><a href=\"");
	html_year_path(o, site, list, year);
	out_raw(o, "\">");
	out_num(o, (uint64_t)year);
	out_raw(o, "</a></h3>\n<ol>\n");
	for (guint m = end; m > i; m--)
		write_cell(o, site, list,
		    &g_array_index(months, StoreMonth, m - 1), most);
	out_raw(o, "</ol></li>\n");
	return end;
}

/* All months, a year a row, each as dark as it was busy. */
static void
write_months(GString *o, const HtmlSite *site, const StoreList *list,
    const GArray *months)
{
	uint64_t most = 0;

	for (guint i = 0; i < months->len; i++)
		most =
		    MAX(most, g_array_index(months, StoreMonth, i).n_messages);
	out_raw(o, "<ul class=\"years\">\n");
	for (guint i = 0; i < months->len;)
		i = write_year(o, site, list, months, i, most);
	out_raw(o, "</ul>\n");
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
		html_span(o, site, list->first_date, list->last_date);
	}
	out_raw(o, "</p>\n");
}

/* The list's own address, whole even where addresses are hidden from
 * harvesters: it is no person's, and without it nobody can write. */
static void
write_address(GString *o, const char *addr)
{
	out_raw(o, "<a href=\"");
	page_mailto(o, addr);
	out_raw(o, "\">");
	out_text(o, addr);
	out_raw(o, "</a>");
}

/* A URL of a way, as people read it. */
static void
write_url(GString *o, const char *url)
{
	static const char *const schemes[] = {"mailto:", "https://", "http://"};
	const char *text = url;

	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strncasecmp(url, schemes[i], strlen(schemes[i])) ==
		    0)
			text = url + strlen(schemes[i]);
	out_raw(o, "<a href=\"");
	out_attr(o, url);
	out_raw(o, "\" rel=\"nofollow noopener noreferrer\">");
	/* What stands behind an address is for the mail program. */
	out_text_len(o, text,
	    text == url + strlen("mailto:") ? strcspn(text, "?")
					    : strlen(text));
	out_raw(o, "</a>");
}

static void
write_way(GString *o, const GPtrArray *urls, const char *text)
{
	if (urls->len == 0)
		return;
	out_raw(o, "<li>");
	html_until(o, &text);
	for (guint i = 0; i < urls->len; i++) {
		if (i > 0)
			out_raw(o, ", ");
		write_url(o, urls->pdata[i]);
	}
	html_until(o, &text);
	out_raw(o, "</li>\n");
}

/* How to subscribe and the like, as the list's own mail tells. */
static void
write_membership(GString *o, const HtmlSite *site, const PageList *p)
{
	GPtrArray *const *urls = p->ways->urls;
	guint n = urls[WAY_SUBSCRIBE]->len + urls[WAY_HELP]->len +
		  urls[WAY_OWNER]->len;
	bool post = p->list->addresses[0] == NULL && urls[WAY_POST]->len > 0;

	if (n == 0 && !post)
		return;
	out_raw(o, "<ul class=\"meta ways\">\n");
	write_way(o, urls[WAY_SUBSCRIBE], html_word(site, "Subscribe: %s"));
	if (post)
		write_way(o, urls[WAY_POST], html_word(site, "Write to %s."));
	write_way(o, urls[WAY_HELP], html_word(site, "Help: %s"));
	write_way(o, urls[WAY_OWNER], html_word(site, "Whoever runs it: %s"));
	out_raw(o, "</ul>\n");
}

/* Where to write to, and where machines get all of it. */
static void
write_ways(GString *o, const HtmlSite *site, const PageList *p)
{
	const StoreList *list = p->list;
	const HtmlMailbox box = {.list = list, .name = "all"};
	const char *text =
	    html_word(site, "all messages as a mailbox: %s or %s, %s unpacked");

	out_raw(o, "<p class=\"meta\">");
	if (list->addresses[0] != NULL) {
		const char *to = html_word(site, "Write to %s.");

		html_until(o, &to);
		write_address(o, list->addresses[0]);
		html_until(o, &to);
		out_raw(o, " ");
	}
	out_raw(o, "<a href=\"");
	html_list_path(o, site, list);
	out_raw(o, "new.atom\">");
	html_say(o, site, "Feed of new messages");
	out_raw(o, "</a>, ");
	html_mailbox(o, site, &box, &text);
	html_until(o, &text);
	html_size(o, p->n_bytes);
	html_until(o, &text);
	out_raw(o, "</p>\n");
}

static void
write_threads(GString *o, const HtmlSite *site, const PageList *p,
    const char *title, const GPtrArray *threads)
{
	if (threads->len == 0)
		return;
	out_raw(o, "<section>\n<h2>");
	out_text(o, title);
	out_raw(o, "</h2>\n<ul class=\"threads\">\n");
	for (guint i = 0; i < threads->len; i++)
		index_thread(
		    o, site, p->list, threads->pdata[i], INDEX_OF_LIST);
	out_raw(o, "</ul>\n</section>\n");
}

void
page_list(GString *o, const HtmlSite *site, const PageList *p)
{
	const HtmlTop top = {.list = p->list};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, p->list->list_id);
	out_raw(o, "</h1>\n");
	write_about(o, site, p->list);
	write_ways(o, site, p);
	write_membership(o, site, p);
	if (p->months->len == 0) {
		index_nothing(
		    o, html_word(site, "No message has come in yet."));
		html_end(o, site);
		return;
	}
	chart_months(o, site, p->months);
	write_threads(
	    o, site, p, html_word(site, "Newest threads"), p->threads);
	write_threads(
	    o, site, p, html_word(site, "Most active of late"), p->active);
	index_authors(
	    o, site, p->list, p->authors, date_day(p->list->last_date).year);
	out_raw(o, "<section>\n<h2>");
	html_say(o, site, "Months");
	out_raw(o, "</h2>\n");
	write_months(o, site, p->list, p->months);
	out_raw(o, "</section>\n");
	html_end(o, site);
}
