/* page_tree.c - a thread's skeleton: who answers whom, beside the messages. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "view/out.h"
#include "view/page.h"

static void
write_row(GString *o, const HtmlSite *site, const PageThread *p, size_t row)
{
	const Head *h = read_thread_head(p->thread, row);

	if (h == NULL) {
		out_raw(o, "<i>");
		if (read_thread_removed(p->thread, row) != 0)
			html_say(o, site, "a message that was removed");
		else
			html_say(
			    o, site, "a message that is not in the archive");
		out_raw(o, "</i>");
		return;
	}
	out_raw(o, "<a href=\"");
	page_thread_link(o, site, p, row);
	out_raw(o, "\">");
	html_author(o, site, h->from_name, h->from_addr);
	out_raw(o, "</a> <span class=\"meta\">");
	html_time(o, h->date);
	out_raw(o, "</span>");
}

/* The rows of this page; before them, where it begins amid answers, what
 * those answer: size_t. */
static GArray *
rows_of(const PageThread *p)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(size_t));
	size_t row = g_array_index(p->order, size_t, p->from);

	while (!p->flat) {
		row = g_array_index(p->thread->rows, ThreadRow, row).parent;
		if (row == THREAD_GHOST)
			break;
		if (g_array_index(p->thread->rows, ThreadRow, row).depth <
		    PAGE_TREE_DEPTH)
			g_array_prepend_val(rows, row);
	}
	g_array_append_vals(rows, &g_array_index(p->order, size_t, p->from),
	    (guint)(p->to - p->from));
	return rows;
}

static unsigned int
depth_of(const PageThread *p, size_t row)
{
	return p->flat
		   ? 0
		   : MIN(g_array_index(p->thread->rows, ThreadRow, row).depth,
			 PAGE_TREE_DEPTH);
}

/* Who answers whom, as nested lists. */
static void
write_rows(GString *o, const HtmlSite *site, const PageThread *p)
{
	g_autoptr(GArray) rows = rows_of(p);
	unsigned int open = 0; /* lists that are open, less the first */

	out_raw(o, "<ul>\n");
	for (guint i = 0; i < rows->len; i++) {
		size_t row = g_array_index(rows, size_t, i);
		unsigned int depth = depth_of(p, row);

		if (i > 0 && depth > open) {
			out_raw(o, "\n<ul>\n");
			open++;
		} else if (i > 0) {
			out_raw(o, "</li>\n");
		}
		for (; open > depth; open--)
			out_raw(o, "</ul></li>\n");
		out_raw(o, "<li>");
		write_row(o, site, p, row);
	}
	for (; open > 0; open--)
		out_raw(o, "</li></ul>");
	out_raw(o, "</li>\n</ul>\n");
}

/* When the first message from place on was written. */
static int64_t
date_at(const PageThread *p, size_t place)
{
	size_t row = g_array_index(p->order, size_t, place);

	while (read_thread_post(p->thread, row) == NULL)
		row++;
	return read_thread_post(p->thread, row)->date;
}

/* Every page, by when its first message was written. */
static void
write_pages(GString *o, const HtmlSite *site, const PageThread *p)
{
	uint64_t current = page_thread_number(p->from);

	out_raw(o, "<ol class=\"parts\">\n");
	for (guint i = 0; i < p->order->len; i += LIMIT_THREAD_PAGE) {
		uint64_t number = page_thread_number(i);
		const char *text = html_word(site, "Page %s, from %s on");

		out_raw(o, "<li><a href=\"");
		page_thread_path(o, site, p, number);
		if (number == current)
			out_raw(o, "\" aria-current=\"page\">");
		else
			out_raw(o, "\">");
		html_until(o, &text);
		out_num(o, number);
		html_until(o, &text);
		html_day(o, date_at(p, i));
		html_until(o, &text);
		out_raw(o, "</a></li>\n");
	}
	out_raw(o, "</ol>\n");
}

/* In <details>, which a wide screen shows open, beside the messages. */
void
page_tree(GString *o, const HtmlSite *site, const PageThread *p)
{
	out_raw(o, "<nav class=\"tree\" aria-label=\"");
	out_attr(o, html_word(site, "Overview of the thread"));
	out_raw(o, "\"><details><summary>");
	html_say(o, site, "Overview of the thread");
	out_raw(o, "</summary>\n");
	if (page_thread_number(p->order->len - 1) > 1)
		write_pages(o, site, p);
	write_rows(o, site, p);
	out_raw(o, "</details></nav>\n");
}
