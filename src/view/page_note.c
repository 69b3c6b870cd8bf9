/* page_note.c - pages that say why there is no other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/out.h"
#include "view/page.h"

/* Choices ----------------------------------------------------------------- */

/* Items that lead to messages: heads, with the list of each. */
static void
write_messages(GString *o, const HtmlSite *site, const GPtrArray *heads,
    const GPtrArray *lists)
{
	for (guint i = 0; i < heads->len; i++) {
		const Head *h = heads->pdata[i];
		const StoreList *l = lists->pdata[i];
		const char *in = html_word(site, "in %s");

		out_raw(o, "<li><a href=\"");
		html_msg_path(o, site, l, h->key);
		out_raw(o, "\">");
		html_subject(o, site, h->subject);
		out_raw(o, "</a> <span class=\"meta\"><span class=\"who\">");
		html_author(o, site, h->from_name, h->from_addr);
		out_raw(o, "</span>, ");
		html_time(o, h->date);
		out_raw(o, ", ");
		html_until(o, &in);
		out_text(o, l->list_id);
		html_until(o, &in);
		out_raw(o, "</span></li>\n");
	}
}

static void
write_lists(GString *o, const HtmlSite *site, const GPtrArray *lists)
{
	for (guint i = 0; i < lists->len; i++) {
		const StoreList *l = lists->pdata[i];

		out_raw(o, "<li><a href=\"");
		html_list_path(o, site, l);
		out_raw(o, "\">");
		out_text(o, l->list_id);
		out_raw(o, "</a></li>\n");
	}
}

void
page_choice(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *heads, const GPtrArray *lists)
{
	const HtmlTop top = {.title = html_word(site, "Which message?"),
	    .list = list,
	    .hidden = true};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_say(o, site, "Which message?");
	out_raw(o, "</h1>\n<p>");
	html_say(o, site, "This address fits several messages:");
	out_raw(o, "</p>\n<ul class=\"threads\">\n");
	write_messages(o, site, heads, lists);
	out_raw(o, "</ul>\n");
	html_end(o, site);
}

void
page_which_list(GString *o, const HtmlSite *site, const GPtrArray *lists)
{
	const HtmlTop top = {
	    .title = html_word(site, "Which list?"), .hidden = true};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_say(o, site, "Which list?");
	out_raw(o, "</h1>\n<p>");
	html_say(o, site, "This address fits several lists:");
	out_raw(o, "</p>\n<ul class=\"threads\">\n");
	write_lists(o, site, lists);
	out_raw(o, "</ul>\n");
	html_end(o, site);
}

/* Errors ------------------------------------------------------------------ */

static const struct {
	unsigned int status;
	const char *title, *text;
} errors[] = {
    {400, N_("This address is not right"),
	N_("Something in it cannot be read as what it should be.")},
    {404, N_("There is nothing here"),
	N_("No public list and no message of one has this address.")},
    {405, N_("Only reading is possible here"),
	N_("The archive answers GET and HEAD requests.")},
    {410, N_("This message was removed"),
	N_("Whoever runs the archive has taken it out. Its address stays "
	   "its own, and answers to it stay where they are.")},
    {411, N_("The length of this request is not said"),
	N_("A request with a body needs a Content-Length.")},
    {413, N_("This request is too long"),
	N_("The archive has no use for what a request brings along.")},
    {414, N_("This address is too long"),
	N_("Nothing in the archive has an address of this length.")},
    {429, N_("You have read much in a short time"),
	N_("So that there is room for others, please wait a little. Whoever "
	   "wants all of a list is better served by its mailboxes, which "
	   "its page links to.")},
    {500, N_("This page cannot be made"),
	N_("Something in the archive\xe2\x80\x99s store is damaged. All else "
	   "can still be read. Whoever runs the archive can tell more: the "
	   "program said so in its log.")},
    {501, N_("The archive cannot search for this"),
	N_("Messages are found by their Message-IDs here: m:ID, or m:ID OR "
	   "m:ID.")},
    {503, N_("The server is busy"),
	N_("So much is being read that there is no room for this as well. "
	   "Please try again in a little while.")},
    {503, N_("The archive cannot be read at the moment"),
	N_("Please try again in a little while.")},
};

/* What someone who looks for a message can do. */
static void
write_help(GString *o, const HtmlSite *site, const StoreList *list)
{
	const char *at = html_word(
	    site, "A message is found by its Message-ID, in all lists, at %s.");

	out_raw(o, "<p>");
	html_say(o, site, "What may help:");
	out_raw(o, "</p>\n<ul>\n");
	if (list != NULL) {
		const char *of =
		    html_word(site, "The months and newest threads of %s");

		out_raw(o, "<li><a href=\"");
		html_list_path(o, site, list);
		out_raw(o, "\">");
		html_until(o, &of);
		out_text(o, list->list_id);
		html_until(o, &of);
		out_raw(o, "</a></li>\n");
	}
	out_raw(o, "<li><a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/\">");
	html_say(o, site, "The lists that are here");
	out_raw(o, "</a></li>\n<li>");
	html_until(o, &at);
	out_raw(o, "<code>");
	out_text(o, site->url);
	out_raw(o, "/r/MESSAGE-ID</code>");
	html_until(o, &at);
	out_raw(o, "</li>\n<li>");
	html_say(o, site,
	    "A permalink may be cut to the first eight characters of its key, "
	    "or more. Was a character lost on the way?");
	out_raw(o, "</li>\n<li>");
	html_say(o, site,
	    "A message that was sent a moment ago may not have come in yet.");
	out_raw(o, "</li>\n</ul>\n");
}

static void
write_near_month(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreMonth *m)
{
	if (m == NULL)
		return;
	out_raw(o, "<li><a href=\"");
	html_month_path(o, site, list, m->year, m->month);
	out_raw(o, "\">");
	html_month(o, site, m->year, m->month);
	out_raw(o, "</a></li>\n");
}

/* The last page of a month that has none of the number asked for. */
static void
write_last_page(GString *o, const HtmlSite *site, const StoreList *list,
    const PageNear *near)
{
	const char *last = html_word(site, "The last page of %s");

	out_raw(o, "<li><a href=\"");
	html_month_path(o, site, list, near->same->year, near->same->month);
	if (near->last_page > 1) {
		out_raw(o, "?page=");
		out_num(o, near->last_page);
	}
	out_raw(o, "\">");
	html_until(o, &last);
	html_month(o, site, near->same->year, near->same->month);
	html_until(o, &last);
	out_raw(o, "</a></li>\n");
}

/* What may have been meant. */
static void
write_near(GString *o, const HtmlSite *site, const StoreList *list,
    const PageNear *near)
{
	bool named = near->named != NULL && near->named->len > 0;
	bool found = near->heads != NULL && near->heads->len > 0;

	if (!named && !found && near->earlier == NULL && near->same == NULL &&
	    near->later == NULL)
		return;
	out_raw(o, "<p>");
	html_say(o, site, "Perhaps one of these is meant:");
	out_raw(o, "</p>\n<ul class=\"threads\">\n");
	if (named)
		write_lists(o, site, near->named);
	if (found)
		write_messages(o, site, near->heads, near->lists);
	write_near_month(o, site, list, near->earlier);
	if (near->same != NULL)
		write_last_page(o, site, list, near);
	write_near_month(o, site, list, near->later);
	out_raw(o, "</ul>\n");
}

static void
write_removed(GString *o, const HtmlSite *site, int64_t removed)
{
	const char *at = html_word(site, "It was removed on %s.");

	out_raw(o, "<p>");
	html_until(o, &at);
	html_time(o, removed);
	html_until(o, &at);
	out_raw(o, "</p>\n");
}

/* What is said to e: the last but one is for the busy. */
static size_t
find_error(const PageError *e)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(errors) - 2 && errors[i].status != e->status)
		i++;
	return errors[i].status == 503 && !e->busy ? i + 1 : i;
}

void
page_error(GString *o, const HtmlSite *site, const PageError *e)
{
	size_t i = find_error(e);
	const HtmlTop top = {.title = words(site->words, errors[i].title),
	    .list = e->list,
	    .hidden = true};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_say(o, site, errors[i].title);
	out_raw(o, "</h1>\n<p>");
	html_say(o, site, errors[i].text);
	out_raw(o, "</p>\n");
	if (e->removed != 0)
		write_removed(o, site, e->removed);
	if (e->detail != NULL) {
		out_raw(o, "<p>");
		out_text(o, e->detail);
		out_raw(o, "</p>\n");
	}
	if (e->near != NULL)
		write_near(o, site, e->list, e->near);
	if (e->status == 404)
		write_help(o, site, e->list);
	html_end(o, site);
}
