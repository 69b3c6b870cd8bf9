/* SPDX-License-Identifier: Apache-2.0 */
#include "view/index.h"

#include "base/limits.h"
#include "view/out.h"

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

/* How many wrote to it: of a dialogue with oneself that goes without
 * saying. */
static void
write_people(GString *o, const HtmlSite *site, const StoreThread *t)
{
	const char *text =
	    html_word_n(site, "%s author", "%s authors", t->n_authors);

	if (t->n_authors < 2)
		return;
	out_raw(o, ", ");
	html_until(o, &text);
	out_count(o, t->n_authors);
	html_until(o, &text);
}

void
index_thread(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreThread *t, IndexPlace place)
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
	write_extent(o, site, t, place != INDEX_OF_LIST);
	write_people(o, site, t);
	out_raw(o, ", ");
	if (place == INDEX_OF_DAY)
		html_clock(o, t->last_date);
	else
		html_time(o, t->last_date);
	out_raw(o, "</span></li>\n");
}

void
index_authors(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *authors, int year)
{
	const char *text = html_word(site, "Most messages in %s");

	if (authors->len == 0)
		return;
	out_raw(o, "<section>\n<h2>");
	html_until(o, &text);
	out_num(o, (uint64_t)year);
	html_until(o, &text);
	out_raw(o, "</h2>\n<ol class=\"people\">\n");
	for (guint i = 0; i < authors->len; i++) {
		const StoreAuthor *a = authors->pdata[i];

		out_raw(o, "<li><a href=\"");
		html_author_path(o, site, list, a->id);
		out_raw(o, "\" rel=\"nofollow\">");
		html_author(o, site, a->name, a->addr);
		out_raw(o, "</a> <span class=\"meta\">");
		html_messages(o, site, a->n_messages);
		out_raw(o, "</span></li>\n");
	}
	out_raw(o, "</ol>\n</section>\n");
}

/* Pages ------------------------------------------------------------------- */

void
index_pages(GString *o, const HtmlSite *site, const IndexPages *p)
{
	uint64_t n = (p->n_rows + LIMIT_PAGE_ROWS - 1) / LIMIT_PAGE_ROWS;

	if (n < 2)
		return;
	out_raw(o, "<nav class=\"pages\" aria-label=\"");
	out_attr(o, html_word(site, "Pages"));
	out_raw(o, "\"><ol>\n");
	for (uint64_t i = 1; i <= n; i++) {
		out_raw(o, "<li><a href=\"");
		out_attr(o, p->path);
		if (p->query[0] != '\0' || i > 1)
			out_raw(o, "?");
		out_attr(o, p->query);
		if (i > 1) {
			if (p->query[0] != '\0')
				out_raw(o, "&amp;");
			out_raw(o, "page=");
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

void
index_nothing(GString *o, const char *why)
{
	out_raw(o, "<p>");
	out_text(o, why);
	out_raw(o, "</p>\n");
}
