/* page_message.c - one message at its permalink. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/text.h"
#include "mail/header.h"
#include "view/content.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

/* Links within the thread -------------------------------------------------- */

/* "Name, 2024-03-05 14:02" as a link to h. */
static void
write_msg_link(
    GString *o, const HtmlSite *site, const StoreList *list, const Head *h)
{
	out_raw(o, "<a href=\"");
	html_msg_path(o, site, list, h->key);
	out_raw(o, "\">");
	html_author(o, site, h->from_name, h->from_addr);
	out_raw(o, ", ");
	html_time(o, h->date);
	out_raw(o, "</a>");
}

static void
write_walk_link(GString *o, const HtmlSite *site, const PageMessage *p,
    size_t row, bool next)
{
	const Head *h = read_thread_head(p->thread, row);
	const char *text = next ? html_word(site, "Next: %s")
				: html_word(site, "Previous: %s");

	out_raw(o, "<a href=\"");
	html_msg_path(o, site, p->list, h->key);
	if (next)
		out_raw(o, "\" rel=\"next\">");
	else
		out_raw(o, "\" rel=\"prev\">");
	html_until(o, &text);
	html_author(o, site, h->from_name, h->from_addr);
	html_until(o, &text);
	out_raw(o, "</a>\n");
}

size_t
page_message_neighbour(const ReadThread *t, size_t row, bool next)
{
	size_t at = row;

	while (next ? at + 1 < t->rows->len : at > 0) {
		at = next ? at + 1 : at - 1;
		if (read_thread_post(t, at) != NULL)
			return at;
	}
	return row;
}

static void
write_thread_link(GString *o, const HtmlSite *site, const PageMessage *p)
{
	const Head *first = page_thread_first(p->thread);
	const char *text = html_word(site, "Thread of %s");

	out_raw(o, "<a href=\"");
	html_msg_path(o, site, p->list, first->key);
	out_raw(o, "t/");
	page_thread_query(o, page_thread_number(p->row));
	out_raw(o, "#m");
	out_attr(o, p->msg->head->key);
	out_raw(o, "\" data-key=\"up\">");
	html_until(o, &text);
	html_messages(o, site, p->thread->n_all);
	html_until(o, &text);
	out_raw(o, "</a>");
}

static void
write_walk(GString *o, const HtmlSite *site, const PageMessage *p)
{
	if (p->row == THREAD_GHOST || p->thread->n_all < 2)
		return;
	size_t prev = page_message_neighbour(p->thread, p->row, false);
	size_t next = page_message_neighbour(p->thread, p->row, true);

	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Thread"));
	out_raw(o, "\">\n");
	if (prev != p->row)
		write_walk_link(o, site, p, prev, false);
	write_thread_link(o, site, p);
	out_raw(o, "\n");
	if (next != p->row)
		write_walk_link(o, site, p, next, true);
	out_raw(o, "</nav>\n");
}

static void
write_lost_parent(GString *o, const HtmlSite *site, const char *id)
{
	const char *text = html_word(
	    site, "In reply to a message that is not in this archive: %s");

	html_until(o, &text);
	out_raw(o, "<a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/r/");
	out_url(o, id);
	out_raw(o, "\">&lt;");
	out_text(o, id);
	out_raw(o, "&gt;</a>");
	html_until(o, &text);
}

/* What it answers, and the whole thread: on one line at the top. */
static void
write_place(GString *o, const HtmlSite *site, const PageMessage *p)
{
	size_t parent =
	    p->row == THREAD_GHOST
		? THREAD_GHOST
		: g_array_index(p->thread->rows, ThreadRow, p->row).parent;
	const Head *h =
	    parent == THREAD_GHOST ? NULL : read_thread_head(p->thread, parent);
	bool removed = parent != THREAD_GHOST &&
		       read_thread_removed(p->thread, parent) != 0;
	bool threaded = p->row != THREAD_GHOST && p->thread->n_all > 1;

	if (h == NULL && p->lost_parent == NULL && !threaded)
		return;
	out_raw(o, "<p class=\"place\">");
	if (h != NULL) {
		const char *text = html_word(site, "In reply to %s");

		html_until(o, &text);
		write_msg_link(o, site, p->list, h);
		html_until(o, &text);
	} else if (removed) {
		html_say(o, site, "In reply to a message that was removed");
	} else if (p->lost_parent != NULL) {
		write_lost_parent(o, site, p->lost_parent);
	}
	if (threaded && (h != NULL || p->lost_parent != NULL))
		out_raw(o, " \xc2\xb7 ");
	if (threaded)
		write_thread_link(o, site, p);
	out_raw(o, "</p>\n");
}

static void
write_replies(GString *o, const HtmlSite *site, const PageMessage *p)
{
	unsigned int n = 0;

	if (p->row == THREAD_GHOST)
		return;
	unsigned int depth =
	    g_array_index(p->thread->rows, ThreadRow, p->row).depth;

	for (guint i = (guint)p->row + 1; i < p->thread->rows->len; i++) {
		const ThreadRow *r =
		    &g_array_index(p->thread->rows, ThreadRow, i);
		const Head *h = read_thread_head(p->thread, i);

		if (r->depth <= depth || n > PAGE_REPLIES)
			break;
		if (r->parent != p->row || h == NULL)
			continue;
		if (n++ == 0) {
			out_raw(o, "<section class=\"replies\"><h2>");
			html_say(o, site, "Replies");
			out_raw(o, "</h2>\n<ul>\n");
		}
		out_raw(o, "<li>");
		if (n > PAGE_REPLIES)
			write_thread_link(o, site, p);
		else
			write_msg_link(o, site, p->list, h);
		out_raw(o, "</li>\n");
	}
	if (n > 0)
		out_raw(o, "</ul></section>\n");
}

/* About it ---------------------------------------------------------------- */

static void
write_url(GString *o, const HtmlSite *site, const PageMessage *p)
{
	out_text(o, site->url);
	out_raw(o, "/");
	out_text(o, p->list->list_id);
	out_raw(o, "/");
	out_text(o, p->msg->head->key);
	out_raw(o, "/");
}

/* One of the header's fields, for people. */
static void
write_field(
    GString *o, const HtmlSite *site, const char *name, const char *value)
{
	g_autofree char *text = header_decode(value);
	g_autofree char *short_text = text_cut(text, 2000);

	out_raw(o, "<dt>");
	out_text(o, name);
	out_raw(o, "</dt><dd>");
	html_protected(o, site, short_text);
	out_raw(o, "</dd>\n");
}

/* Whom it was sent to; nothing where a field is not there. */
static void
write_people(GString *o, const HtmlSite *site, const PageMessage *p)
{
	if (p->fields->to != NULL)
		write_field(o, site, "To", p->fields->to);
	if (p->fields->cc != NULL)
		write_field(o, site, "Cc", p->fields->cc);
}

static void
write_ids(GString *o, const PageMessage *p)
{
	if (p->msg->head->id == NULL)
		return;
	g_autofree char *id =
	    text_from_octets(p->msg->head->id, strlen(p->msg->head->id));

	out_raw(o, "<dt>Message-ID</dt><dd><code>&lt;");
	out_text(o, id);
	out_raw(o, "&gt;</code></dd>\n");
	out_raw(o, "<dt>Hashed-Message-ID-SHA256</dt><dd><code>");
	out_text(o, p->id_hash);
	out_raw(o, "</code></dd>\n");
}

static void
write_file_links(GString *o, const HtmlSite *site, const PageMessage *p)
{
	out_raw(o, "<ul class=\"takeaway\"><li><a href=\"raw\">");
	html_say(o, site, "Raw message");
	out_raw(o, "</a> <span class=\"meta\">");
	html_size(o, p->msg->head->size);
	out_raw(o, "</span></li>\n<li><a href=\"t.atom\">");
	html_say(o, site, "Feed of the thread");
	out_raw(o, "</a></li></ul>\n");
}

static void
write_about(GString *o, const HtmlSite *site, const PageMessage *p)
{
	out_raw(o, "<section class=\"about\"><h2>");
	html_say(o, site, "About this message");
	out_raw(o, "</h2>\n<p class=\"permalink\">");
	html_say(o, site, "Permalink");
	out_raw(o, " <code>");
	write_url(o, site, p);
	out_raw(o, "</code></p>\n");
	write_file_links(o, site, p);
	page_mail(o, site, p);
	out_raw(o, "<details><summary>");
	html_say(o, site, "Header and names");
	out_raw(o, "</summary>\n<dl>\n");
	write_people(o, site, p);
	out_raw(o, "<dt>");
	html_say(o, site, "Arrived");
	out_raw(o, "</dt><dd>");
	html_time(o, p->msg->head->arrived);
	out_raw(o, "</dd>\n<dt>Archived-At</dt><dd><code>&lt;");
	write_url(o, site, p);
	out_raw(o, "&gt;</code></dd>\n");
	write_ids(o, p);
	out_raw(o, "</dl>\n<p><a href=\"?header\" rel=\"nofollow\">");
	html_say(o, site, "The whole header");
	out_raw(o, "</a></p>\n</details>\n</section>\n");
}

/* Others that have the same key: said plainly, and before the text. */
static void
write_sharing(GString *o, const HtmlSite *site, const PageMessage *p)
{
	if (p->sharing == NULL || p->sharing->len == 0)
		return;
	out_raw(o, "<section class=\"notice\"><h2>");
	html_say(o, site, "Other messages have this key");
	out_raw(o, "</h2>\n<p>");
	html_say(o, site,
	    "This is the message whose permalink it is. Different messages "
	    "came with the same Message-ID or the same author, date and "
	    "subject:");
	out_raw(o, "</p>\n<ul>\n");
	for (guint i = 0; i < p->sharing->len; i++) {
		const Head *h = p->sharing->pdata[i];

		out_raw(o, "<li>");
		write_msg_link(o, site, p->list, h);
		out_raw(o, ": ");
		html_subject(o, site, h->subject);
		out_raw(o, "</li>\n");
	}
	out_raw(o, "</ul></section>\n");
}

/* "15:18 +0200", with its day where that is not the one of UTC. */
static void
write_local_time(GString *o, int64_t t, int zone_s)
{
	g_autofree char *local = date_format_rfc3339_zone(t, zone_s);
	g_autofree char *utc = date_format_rfc3339(t);

	out_raw(o, "<time datetime=\"");
	out_attr(o, local);
	out_raw(o, "\">");
	if (strncmp(local, utc, 10) != 0) {
		out_text_len(o, local, 10);
		out_raw(o, "&nbsp;");
	}
	out_text_len(o, local + 11, 5);
	out_raw(o, "&nbsp;");
	out_text_len(o, local + 19, 3);
	out_text_len(o, local + 23, 2);
	out_raw(o, "</time>");
}

/* When it was written, also by the sender's clock where that is another. */
static void
write_when(GString *o, const HtmlSite *site, const PageMessage *p)
{
	const Head *h = p->msg->head;
	int64_t t = 0;
	int zone_s = 0;

	if (!h->has_date || !read_sent(p->fields->date, &t, &zone_s) ||
	    zone_s == 0) {
		html_time(o, h->date);
		return;
	}
	const char *text = html_word(site, "%s UTC, %s for the sender");

	html_until(o, &text);
	html_time(o, h->date);
	html_until(o, &text);
	write_local_time(o, t, zone_s);
	html_until(o, &text);
}

static void
write_by(GString *o, const HtmlSite *site, const PageMessage *p)
{
	const Head *h = p->msg->head;

	out_raw(o, "<p class=\"by\"><b>");
	html_author_link(o, site, p->list, h);
	out_raw(o, "</b>");
	if (h->from_name[0] != '\0' && h->from_addr[0] != '\0') {
		out_raw(o, " <span class=\"addr\">&lt;");
		html_protected(o, site, h->from_addr);
		out_raw(o, "&gt;</span>");
	}
	out_raw(o, " <span class=\"when\">");
	write_when(o, site, p);
	if (!h->has_date) {
		out_raw(o, " ");
		html_say(o, site, "(when it arrived: it has no usable date)");
	}
	out_raw(o, "</span></p>\n");
}

void
page_message(GString *o, const HtmlSite *site, const PageMessage *p)
{
	const Head *h = p->msg->head;
	DateDay day = date_day(h->date);
	const HtmlTop top = {.title = *h->subject != '\0'
					  ? h->subject
					  : html_word(site, "(no subject)"),
	    .list = p->list,
	    .year = day.year,
	    .month = day.month,
	    .key = h->key,
	    .feed = true};

	html_begin(o, site, &top);
	out_raw(o, "<article class=\"msg\">\n<header>\n<h1>");
	html_subject(o, site, h->subject);
	out_raw(o, "</h1>\n");
	write_by(o, site, p);
	write_place(o, site, p);
	out_raw(o, "</header>\n");
	write_sharing(o, site, p);
	content_write(o, site, p->list, p->msg, 1);
	out_raw(o, "</article>\n");
	write_replies(o, site, p);
	write_walk(o, site, p);
	write_about(o, site, p);
	html_end(o, site);
}
