/* page_thread.c - all messages of a thread on one page. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/subject.h"
#include "view/content.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

/* How deep lists are nested and messages set in; replies further down
 * stand under their last ancestor that is. */
#define TREE_DEPTH 20u
#define INDENT_DEPTH 6u

const Head *
page_thread_first(const ReadThread *t)
{
	for (guint i = 0; i < t->rows->len; i++) {
		const Head *h = read_thread_head(t, i);

		if (h != NULL)
			return h;
	}
	return NULL;
}

static const ThreadRow *
row_at(const PageThread *p, size_t row)
{
	return &g_array_index(p->thread->rows, ThreadRow, row);
}

/* The overview ------------------------------------------------------------- */

static void
write_tree_row(
    GString *o, const HtmlSite *site, const PageThread *p, size_t row)
{
	const Head *h = read_thread_head(p->thread, row);

	if (h == NULL) {
		out_raw(o, "<i>");
		html_say(o, site, "a message that is not in the archive");
		out_raw(o, "</i>");
		return;
	}
	out_raw(o, "<a href=\"#m");
	out_attr(o, h->key);
	out_raw(o, "\">");
	html_author(o, site, h->from_name, h->from_addr);
	out_raw(o, "</a> <span class=\"meta\">");
	html_time(o, h->date);
	out_raw(o, "</span>");
}

/* Who answers whom, as nested lists. */
static void
write_tree(GString *o, const HtmlSite *site, const PageThread *p)
{
	unsigned int open = 0; /* lists that are open, less the first */

	out_raw(o, "<details class=\"tree\"><summary>");
	html_say(o, site, "Overview of the thread");
	out_raw(o, "</summary>\n<ul>\n");
	for (guint i = 0; i < p->thread->rows->len; i++) {
		unsigned int depth = MIN(row_at(p, i)->depth, TREE_DEPTH);

		if (i > 0 && depth > open) {
			out_raw(o, "\n<ul>\n");
			open++;
		} else if (i > 0) {
			out_raw(o, "</li>\n");
		}
		for (; open > depth; open--)
			out_raw(o, "</ul></li>\n");
		out_raw(o, "<li>");
		write_tree_row(o, site, p, i);
	}
	for (; open > 0; open--)
		out_raw(o, "</li></ul>");
	out_raw(o, "</li>\n</ul></details>\n");
}

/* The page ---------------------------------------------------------------- */

/* The link to one way to have the thread begins; its text and "</a></li>"
 * follow. */
static void
begin_view(GString *o, const HtmlSite *site, const PageThread *p)
{
	out_raw(o, "<li><a href=\"");
	html_msg_path(o, site, p->list, page_thread_first(p->thread)->key);
}

static void
write_views(GString *o, const HtmlSite *site, const PageThread *p)
{
	out_raw(o, "<nav class=\"views\" aria-label=\"");
	out_attr(o, html_word(site, "This thread"));
	out_raw(o, "\"><ul>\n");
	begin_view(o, site, p);
	if (p->flat)
		out_raw(o, "t/\">");
	else
		out_raw(o, "t/\" aria-current=\"page\">");
	html_say(o, site, "Nested");
	out_raw(o, "</a></li>\n");
	begin_view(o, site, p);
	if (p->flat)
		out_raw(o, "T/\" aria-current=\"page\">");
	else
		out_raw(o, "T/\" rel=\"nofollow\">");
	html_say(o, site, "By date");
	out_raw(o, "</a></li>\n");
	begin_view(o, site, p);
	out_raw(o, "t.mbox.gz\" rel=\"nofollow\">");
	html_say(o, site, "Mailbox");
	out_raw(o, "</a></li>\n");
	begin_view(o, site, p);
	out_raw(o, "t.atom\" rel=\"nofollow\">");
	html_say(o, site, "Feed");
	out_raw(o, "</a></li>\n</ul></nav>\n");
}

static void
write_cut(GString *o, const HtmlSite *site, const PageThread *p)
{
	const Head *first = page_thread_first(p->thread);
	const char *text = html_word(site, "This page shows the first %s.");

	if (p->thread->n_all <= p->thread->heads->len)
		return;
	out_raw(o, "<p class=\"notice\">");
	html_until(o, &text);
	html_messages(o, site, p->thread->heads->len);
	html_until(o, &text);
	out_raw(o, " <a href=\"");
	html_msg_path(o, site, p->list, first->key);
	out_raw(o, "t.mbox.gz\">");
	html_say(o, site, "All of them, as a mailbox");
	out_raw(o, "</a></p>\n");
}

static void
write_other(GString *o, const HtmlSite *site, const PageThread *p, bool newer)
{
	const StoreThread *t = newer ? p->newer : p->older;
	const char *text = newer ? html_word(site, "Newer thread: %s")
				 : html_word(site, "Older thread: %s");

	if (t == NULL)
		return;
	out_raw(o, "<a href=\"");
	html_msg_path(o, site, p->list, t->key);
	if (t->n_all > 1)
		out_raw(o, "t/");
	if (newer)
		out_raw(o, "\" rel=\"next\" data-key=\"newer\">");
	else
		out_raw(o, "\" rel=\"prev\" data-key=\"older\">");
	html_until(o, &text);
	html_subject(o, site, t->subject);
	html_until(o, &text);
	out_raw(o, "</a>\n");
}

/* The threads that were active before and after this one. */
static void
write_others(GString *o, const HtmlSite *site, const PageThread *p)
{
	if (p->newer == NULL && p->older == NULL)
		return;
	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Other threads"));
	out_raw(o, "\">\n");
	write_other(o, site, p, false);
	write_other(o, site, p, true);
	out_raw(o, "</nav>\n");
}

void
page_thread_begin(GString *o, const HtmlSite *site, const PageThread *p)
{
	const Head *first = page_thread_first(p->thread);
	const HtmlTop top = {.title = *first->subject != '\0'
					  ? first->subject
					  : html_word(site, "(no subject)"),
	    .list = p->list,
	    .key = first->key,
	    .suffix = "t/",
	    .feed = true,
	    .hidden = p->flat};
	const char *text = "%s";

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_subject(o, site, first->subject);
	out_raw(o, "</h1>\n<p class=\"meta\">");
	if (p->flat)
		text = html_word(site, "%s, oldest first");
	html_until(o, &text);
	html_messages(o, site, p->thread->n_all);
	html_until(o, &text);
	out_raw(o, "</p>\n");
	write_views(o, site, p);
	write_cut(o, site, p);
	if (!p->flat && p->thread->rows->len > 2)
		write_tree(o, site, p);
}

static void
open_article(GString *o, const PageThread *p, size_t row)
{
	const Head *h = read_thread_head(p->thread, row);

	out_raw(o, "<article class=\"msg");
	if (!p->flat) {
		out_raw(o, " in");
		out_num(o, MIN(row_at(p, row)->depth, INDENT_DEPTH));
	}
	out_raw(o, "\" id=\"m");
	out_attr(o, h->key);
	out_raw(o, "\">\n");
}

/* Whether h's subject says more than "Re: " and the thread's. */
static bool
says_more(const PageThread *p, const Head *h)
{
	const Head *first = page_thread_first(p->thread);

	return h != first && strcmp(subject_strip(h->subject),
				 subject_strip(first->subject)) != 0;
}

static void
write_answered(GString *o, const HtmlSite *site, const Head *up)
{
	const char *text = html_word(site, "in reply to %s");

	out_raw(o, " ");
	html_until(o, &text);
	out_raw(o, "<a href=\"#m");
	out_attr(o, up->key);
	out_raw(o, "\">");
	html_author(o, site, up->from_name, up->from_addr);
	out_raw(o, "</a>");
	html_until(o, &text);
}

static void
write_msg_top(GString *o, const HtmlSite *site, const PageThread *p, size_t row)
{
	const Head *h = read_thread_head(p->thread, row);
	size_t parent = row_at(p, row)->parent;
	const Head *up =
	    parent == THREAD_GHOST ? NULL : read_thread_head(p->thread, parent);

	out_raw(o, "<header><h2>");
	html_author(o, site, h->from_name, h->from_addr);
	if (says_more(p, h)) {
		out_raw(o, ": <span class=\"subject\">");
		html_subject(o, site, h->subject);
		out_raw(o, "</span>");
	}
	out_raw(o, "</h2>\n<p class=\"meta\"><a href=\"");
	html_msg_path(o, site, p->list, h->key);
	out_raw(o, "\" title=\"");
	out_attr(o, html_word(site, "Permalink"));
	out_raw(o, "\">");
	html_time(o, h->date);
	out_raw(o, "</a>");
	if (up != NULL)
		write_answered(o, site, up);
	out_raw(o, "</p></header>\n");
}

void
page_thread_msg(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const ReadMsg *m)
{
	open_article(o, p, row);
	write_msg_top(o, site, p, row);
	content_write(o, site, p->list, m, 2);
	out_raw(o, "</article>\n");
}

void
page_thread_ghost(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const char *id)
{
	out_raw(o, "<div class=\"msg in");
	out_num(o, p->flat ? 0 : MIN(row_at(p, row)->depth, INDENT_DEPTH));
	out_raw(o, "\">\n<p class=\"note\">");
	html_say(o, site, "A message that is not in the archive");
	if (id != NULL) {
		out_raw(o, ": <a href=\"");
		out_attr(o, site->path);
		out_raw(o, "/r/");
		out_url(o, id);
		out_raw(o, "\">&lt;");
		out_text(o, id);
		out_raw(o, "&gt;</a>");
	}
	out_raw(o, "</p>\n</div>\n");
}

void
page_thread_left_out(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const char *why)
{
	open_article(o, p, row);
	write_msg_top(o, site, p, row);
	out_raw(o, "<p class=\"note\">");
	out_text(o, why);
	out_raw(o, "</p>\n</article>\n");
}

void
page_thread_end(GString *o, const HtmlSite *site, const PageThread *p)
{
	write_cut(o, site, p);
	write_others(o, site, p);
	html_end(o, site);
}
