/* page_thread.c - a thread's messages, one below the other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "mail/permalink.h"
#include "mail/subject.h"
#include "view/content.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

/* How deep messages are set in; replies further down stand under their last
 * ancestor that is. */
#define INDENT_DEPTH 6u

const Head *
page_thread_first(const ReadThread *t)
{
	return read_thread_head(t, read_thread_first(t));
}

static const ThreadRow *
row_at(const PageThread *p, size_t row)
{
	return &g_array_index(p->thread->rows, ThreadRow, row);
}

/* Pages -------------------------------------------------------------------- */

uint64_t
page_thread_number(size_t place)
{
	return place / LIMIT_THREAD_PAGE + 1;
}

void
page_thread_query(GString *o, uint64_t number)
{
	if (number < 2)
		return;
	out_raw(o, "?page=");
	out_num(o, number);
}

void
page_thread_path(
    GString *o, const HtmlSite *site, const PageThread *p, uint64_t number)
{
	html_msg_path(o, site, p->list, page_thread_first(p->thread)->key);
	if (p->flat)
		out_raw(o, "T/");
	else
		out_raw(o, "t/");
	page_thread_query(o, number);
}

void
page_thread_link(
    GString *o, const HtmlSite *site, const PageThread *p, size_t row)
{
	size_t place = g_array_index(p->place, size_t, row);

	if (place < p->from || place >= p->to)
		page_thread_path(o, site, p, page_thread_number(place));
	out_raw(o, "#m");
	out_attr(o, read_thread_head(p->thread, row)->key);
}

/* "Page 2 of 3" */
static void
write_number(GString *o, const HtmlSite *site, const PageThread *p)
{
	const char *text = html_word(site, "Page %s of %s");

	html_until(o, &text);
	out_num(o, page_thread_number(p->from));
	html_until(o, &text);
	out_num(o, page_thread_number(p->order->len - 1));
	html_until(o, &text);
}

static void
write_page_link(
    GString *o, const HtmlSite *site, const PageThread *p, bool next)
{
	uint64_t number = page_thread_number(p->from);

	out_raw(o, "<a href=\"");
	page_thread_path(o, site, p, next ? number + 1 : number - 1);
	if (next)
		out_raw(o, "\" rel=\"next\">");
	else
		out_raw(o, "\" rel=\"prev\">");
	html_say(o, site, next ? N_("Next page") : N_("Previous page"));
	out_raw(o, "</a>\n");
}

/* What comes before and after a part of the thread. */
static void
write_pages(GString *o, const HtmlSite *site, const PageThread *p)
{
	if (page_thread_number(p->order->len - 1) < 2)
		return;
	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Pages"));
	out_raw(o, "\">\n");
	if (p->from > 0)
		write_page_link(o, site, p, false);
	out_raw(o, "<span>");
	write_number(o, site, p);
	out_raw(o, "</span>\n");
	if (p->to < p->order->len)
		write_page_link(o, site, p, true);
	out_raw(o, "</nav>\n");
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
	html_say(o, site, "Mailbox (.gz)");
	out_raw(o, "</a></li>\n");
	begin_view(o, site, p);
	out_raw(o, "t.mbox.zst\" rel=\"nofollow\">");
	html_say(o, site, "Mailbox (.zst)");
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
	const char *text =
	    html_word(site, "Of this thread the first %s are shown here.");

	if (p->thread->n_all <= p->thread->posts->len)
		return;
	out_raw(o, "<p class=\"notice\">");
	html_until(o, &text);
	html_messages(o, site, p->thread->posts->len);
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

/* "23 messages, 7 participants" */
static void
write_size(GString *o, const HtmlSite *site, const PageThread *p)
{
	size_t n = read_thread_authors(p->thread);
	const char *text = p->flat ? html_word(site, "%s, %s, oldest first")
				   : html_word(site, "%s, %s");
	const char *people =
	    html_word_n(site, "%s participant", "%s participants", n);

	out_raw(o, "<p class=\"meta\">");
	html_until(o, &text);
	html_messages(o, site, p->thread->n_all);
	html_until(o, &text);
	html_until(o, &people);
	out_count(o, n);
	html_until(o, &people);
	html_until(o, &text);
	if (page_thread_number(p->order->len - 1) > 1) {
		out_raw(o, " \xc2\xb7 ");
		write_number(o, site, p);
	}
	out_raw(o, "</p>\n");
}

/* As plain text; of pages that follow the first, with their number. */
static char *
title_of(const HtmlSite *site, const PageThread *p)
{
	const char *subject = page_thread_first(p->thread)->subject;
	g_autoptr(GString) title = g_string_new(
	    *subject != '\0' ? subject : html_word(site, "(no subject)"));

	if (p->from > 0) {
		g_string_append(title, " (");
		write_number(title, site, p);
		g_string_append(title, ")");
	}
	return g_string_free(g_steal_pointer(&title), FALSE);
}

void
page_thread_begin(GString *o, const HtmlSite *site, const PageThread *p)
{
	const Head *first = page_thread_first(p->thread);
	g_autoptr(GString) suffix = g_string_new("t/");
	g_autofree char *title = title_of(site, p);

	if (!p->flat)
		page_thread_query(suffix, page_thread_number(p->from));
	const HtmlTop top = {.title = title,
	    .list = p->list,
	    .key = first->key,
	    .suffix = suffix->str,
	    .feed = true,
	    .hidden = p->flat};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_subject(o, site, first->subject);
	out_raw(o, "</h1>\n");
	write_size(o, site, p);
	write_views(o, site, p);
	write_cut(o, site, p);
	out_raw(o, "<div class=\"thread\">\n");
	if (p->order->len > 2)
		page_tree(o, site, p);
	out_raw(o, "<div>\n");
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
write_answered(
    GString *o, const HtmlSite *site, const PageThread *p, size_t parent)
{
	const Head *up = read_thread_head(p->thread, parent);
	const char *text = html_word(site, "in reply to %s");

	out_raw(o, " ");
	html_until(o, &text);
	out_raw(o, "<a href=\"");
	page_thread_link(o, site, p, parent);
	out_raw(o, "\">");
	html_author(o, site, up->from_name, up->from_addr);
	out_raw(o, "</a>");
	html_until(o, &text);
}

/*
 * Its header, with the anchor that links into HyperKitty's page of the thread
 * have: Mailman's hash, in upper case.  Of messages with one Message-ID it is
 * that of the one which has the permalink.
 */
static void
open_header(GString *o, const Head *h)
{
	unsigned char digest[DIGEST_BYTES];
	char key[KEY_LEN + 1] = "";

	if (h->id == NULL || h->kind != KEY_ID) {
		out_raw(o, "<header>");
		return;
	}
	permalink_digest_of_id(h->id, KEY_LEGACY, digest);
	permalink_key(digest, key);
	for (size_t i = 0; i < KEY_LEN; i++)
		key[i] = g_ascii_toupper(key[i]);
	out_raw(o, "<header id=\"");
	out_attr(o, key);
	out_raw(o, "\">");
}

static void
write_msg_top(GString *o, const HtmlSite *site, const PageThread *p, size_t row)
{
	const Head *h = read_thread_head(p->thread, row);
	size_t parent = row_at(p, row)->parent;

	open_header(o, h);
	out_raw(o, "<h2>");
	html_author_link(o, site, p->list, h);
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
	if (parent != THREAD_GHOST &&
	    read_thread_post(p->thread, parent) != NULL)
		write_answered(o, site, p, parent);
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

static void
write_removed(GString *o, const HtmlSite *site, int64_t removed)
{
	const char *text = html_word(site, "A message that was removed on %s");

	html_until(o, &text);
	html_time(o, removed);
	html_until(o, &text);
}

void
page_thread_ghost(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const char *id)
{
	int64_t removed = read_thread_removed(p->thread, row);

	out_raw(o, "<div class=\"msg in");
	out_num(o, p->flat ? 0 : MIN(row_at(p, row)->depth, INDENT_DEPTH));
	out_raw(o, "\">\n<p class=\"note\">");
	if (removed != 0)
		write_removed(o, site, removed);
	else
		html_say(o, site, "A message that is not in the archive");
	if (id != NULL && removed == 0) {
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
	out_raw(o, "</div>\n</div>\n");
	write_pages(o, site, p);
	if (p->to == p->order->len)
		write_cut(o, site, p);
	write_others(o, site, p);
	html_end(o, site);
}
