/* page_note.c - pages that say why there is no other. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/out.h"
#include "view/page.h"

/* Choices ----------------------------------------------------------------- */

void
page_choice(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *heads, const GPtrArray *lists)
{
	const HtmlTop top = {
	    .title = "Which message?", .list = list, .hidden = true};

	html_begin(o, site, &top);
	out_raw(o, "<h1>Which message?</h1>\n"
		   "<p>This address fits several messages:</p>\n"
		   "<ul class=\"threads\">\n");
	for (guint i = 0; i < heads->len; i++) {
		const Head *h = heads->pdata[i];
		const StoreList *l = lists->pdata[i];

		out_raw(o, "<li><a href=\"");
		html_msg_path(o, site, l, h->key);
		out_raw(o, "\">");
		html_subject(o, site, h->subject);
		out_raw(o, "</a> <span class=\"meta\"><span class=\"who\">");
		html_author(o, site, h->from_name, h->from_addr);
		out_raw(o, "</span>, ");
		html_time(o, h->date);
		out_raw(o, ", in ");
		out_text(o, l->list_id);
		out_raw(o, "</span></li>\n");
	}
	out_raw(o, "</ul>\n");
	html_end(o, site);
}

/* Errors ------------------------------------------------------------------ */

static const struct {
	unsigned int status;
	const char *title, *text;
} errors[] = {
    {400, "This address is not right",
	"Something in it cannot be read as what it should be."},
    {404, "There is nothing here",
	"No public list and no message of one has this address."},
    {405, "Only reading is possible here",
	"The archive answers GET and HEAD requests."},
    {411, "The length of this request is not said",
	"A request with a body needs a Content-Length."},
    {413, "This request is too long",
	"The archive has no use for what a request brings along."},
    {414, "This address is too long",
	"Nothing in the archive has an address of this length."},
    {500, "This page cannot be made",
	"Something in the archive\xe2\x80\x99s store is damaged. All else "
	"can still be read. Whoever runs the archive can tell more: the "
	"program said so in its log."},
    {501, "The archive cannot search for this",
	"Messages are found by their Message-IDs here: m:ID, or m:ID OR "
	"m:ID."},
    {503, "The archive cannot be read at the moment",
	"Please try again in a little while."},
};

/* What someone who looks for a message can do. */
static void
write_help(GString *o, const HtmlSite *site, const StoreList *list)
{
	out_raw(o, "<p>What may help:</p>\n<ul>\n");
	if (list != NULL) {
		out_raw(o, "<li><a href=\"");
		html_list_path(o, site, list);
		out_raw(o, "\">The months and newest threads of ");
		out_text(o, list->list_id);
		out_raw(o, "</a></li>\n");
	}
	out_raw(o, "<li><a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/\">The lists that are here</a></li>\n"
		   "<li>A message is found by its Message-ID, in all lists, at "
		   "<code>");
	out_text(o, site->url);
	out_raw(o, "/r/MESSAGE-ID</code></li>\n"
		   "<li>A permalink may be cut to the first eight characters "
		   "of its key, or more. Was a character lost on the "
		   "way?</li>\n"
		   "<li>A message that was sent a moment ago may not have "
		   "come in yet.</li>\n</ul>\n");
}

void
page_error(GString *o, const HtmlSite *site, unsigned int status,
    const StoreList *list, const char *detail)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(errors) - 1 && errors[i].status != status)
		i++;
	const HtmlTop top = {
	    .title = errors[i].title, .list = list, .hidden = true};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	out_text(o, errors[i].title);
	out_raw(o, "</h1>\n<p>");
	out_text(o, errors[i].text);
	out_raw(o, "</p>\n");
	if (detail != NULL) {
		out_raw(o, "<p>");
		out_text(o, detail);
		out_raw(o, "</p>\n");
	}
	if (status == 404)
		write_help(o, site, list);
	html_end(o, site);
}
