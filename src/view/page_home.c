/* page_home.c - the list of lists. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/index.h"
#include "view/out.h"
#include "view/page.h"

/* With fewer lists than this one looks, and does not search. */
#define FIND_LISTS 6u

/* Finding ----------------------------------------------------------------- */

static void
write_order(GString *o, const PageHome *p, PageHomeSort sort, const char *label)
{
	out_raw(o, "<option value=\"");
	out_attr(o, page_home_sorts[sort]);
	if (sort == p->sort)
		out_raw(o, "\" selected>");
	else
		out_raw(o, "\">");
	out_text(o, label);
	out_raw(o, "</option>\n");
}

/* A form that asks for this page again: no crawler fills it in. */
static void
write_find(GString *o, const HtmlSite *site, const PageHome *p)
{
	out_raw(o, "<form class=\"find\">\n<label>");
	html_say(o, site, "Name or description");
	out_raw(o, " <input type=\"search\" name=\"q\" value=\"");
	out_attr(o, p->q);
	out_raw(o, "\"></label>\n<label>");
	html_say(o, site, "Order");
	out_raw(o, " <select name=\"sort\">\n");
	write_order(o, p, PAGE_HOME_NAME, html_word(site, "by name"));
	write_order(
	    o, p, PAGE_HOME_ACTIVITY, html_word(site, "by latest message"));
	write_order(
	    o, p, PAGE_HOME_SIZE, html_word(site, "by number of messages"));
	out_raw(o, "</select></label>\n<button>");
	html_say(o, site, "Show");
	out_raw(o, "</button>\n</form>\n");
}

/* Lists ------------------------------------------------------------------- */

/* "1 234 messages since 2019-04-29, the latest 2026-07-15" */
static void
write_extent(GString *o, const HtmlSite *site, const StoreList *l)
{
	const char *text = html_word(site, "%s since %s, the latest %s");

	out_raw(o, "<p class=\"meta\">");
	if (l->n_messages == 0) {
		html_messages(o, site, 0);
	} else {
		html_until(o, &text);
		html_messages(o, site, l->n_messages);
		html_until(o, &text);
		html_day(o, l->first_date);
		html_until(o, &text);
		html_day(o, l->last_date);
		html_until(o, &text);
	}
	out_raw(o, "</p>\n");
}

static void
write_list(GString *o, const HtmlSite *site, const PageHomeRow *row)
{
	const StoreList *l = row->list;

	out_raw(o, "<li>\n<h2><a href=\"");
	html_list_path(o, site, l);
	out_raw(o, "\">");
	out_text(o, l->list_id);
	out_raw(o, "</a></h2>\n");
	chart_small(o, site, row->counts);
	if (l->description[0] != '\0') {
		out_raw(o, "<p>");
		html_protected(o, site, l->description);
		out_raw(o, "</p>\n");
	}
	write_extent(o, site, l);
	out_raw(o, "</li>\n");
}

static void
write_lists(
    GString *o, const HtmlSite *site, const PageHome *p, size_t from, size_t to)
{
	out_raw(o, "<ul class=\"lists\">\n");
	for (size_t i = from; i < to; i++)
		write_list(o, site, &p->rows[i]);
	out_raw(o, "</ul>\n");
}

/* Those without a message for a year, folded unless they are all that was
 * asked for. */
static void
write_idle(GString *o, const HtmlSite *site, const PageHome *p)
{
	const char *text =
	    html_word_n(site, "%s list without a message for a year",
		"%s lists without a message for a year", p->n_idle);

	if (p->n_live == 0 || p->q[0] != '\0')
		out_raw(o, "<details class=\"idle\" open>\n<summary>");
	else
		out_raw(o, "<details class=\"idle\">\n<summary>");
	html_until(o, &text);
	out_count(o, p->n_idle);
	html_until(o, &text);
	out_raw(o, "</summary>\n");
	write_lists(o, site, p, p->n_live, p->n_rows);
	out_raw(o, "</details>\n");
}

/* How many there are, or are called so. */
static void
write_number(GString *o, const HtmlSite *site, const PageHome *p)
{
	const char *all = html_word_n(site, "%s list", "%s lists", p->n_found);
	const char *found =
	    html_word(site, "%s with \xe2\x80\x9c%s\xe2\x80\x9d");

	out_raw(o, "<p class=\"meta\">");
	if (p->q[0] != '\0')
		html_until(o, &found);
	html_until(o, &all);
	out_count(o, p->n_found);
	html_until(o, &all);
	if (p->q[0] != '\0') {
		html_until(o, &found);
		out_text(o, p->q);
		html_until(o, &found);
	}
	out_raw(o, "</p>\n");
}

static void
write_pages(GString *o, const HtmlSite *site, const PageHome *p)
{
	g_autoptr(GString) query = g_string_new(NULL);
	g_autofree char *path = g_strconcat(site->path, "/", NULL);

	if (p->q[0] != '\0') {
		g_string_append(query, "q=");
		out_url(query, p->q);
	}
	if (p->sort != PAGE_HOME_NAME)
		g_string_append_printf(query, "%ssort=%s",
		    query->len > 0 ? "&" : "", page_home_sorts[p->sort]);
	index_pages(o, site,
	    &(IndexPages){.path = path,
		.query = query->str,
		.n_rows = p->n_found,
		.number = p->number});
}

const char *const page_home_sorts[PAGE_N_HOME_SORTS] = {
    [PAGE_HOME_NAME] = "name",
    [PAGE_HOME_ACTIVITY] = "activity",
    [PAGE_HOME_SIZE] = "size",
};

void
page_home(GString *o, const HtmlSite *site, const PageHome *p)
{
	bool plain = p->q[0] == '\0' && p->sort == PAGE_HOME_NAME;
	const HtmlTop top = {.hidden = !plain};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, site->title);
	out_raw(o, "</h1>\n");
	if (p->n_all >= FIND_LISTS || !plain) {
		write_find(o, site, p);
		write_number(o, site, p);
	}
	if (p->n_all == 0)
		index_nothing(
		    o, html_word(site, "There are no public lists here yet."));
	if (p->n_live > 0)
		write_lists(o, site, p, 0, p->n_live);
	if (p->n_rows > p->n_live)
		write_idle(o, site, p);
	write_pages(o, site, p);
	html_end(o, site);
}
