/* page_author.c - what one author wrote to a list.  Never the address: an
 * author without a name is told by what is left of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/index.h"
#include "view/out.h"
#include "view/page.h"

static void
write_post(GString *o, const HtmlSite *site, const PageAuthor *p, const Head *h)
{
	out_raw(o, "<li><a href=\"");
	html_msg_path(o, site, p->list, h->key);
	out_raw(o, "\">");
	html_subject(o, site, h->subject);
	out_raw(o, "</a> <span class=\"meta\">");
	html_time(o, h->date);
	out_raw(o, "</span></li>\n");
}

static void
write_posts(GString *o, const HtmlSite *site, const PageAuthor *p)
{
	out_raw(o, "<ul class=\"threads\">\n");
	for (guint i = 0; i < p->posts->len; i++)
		write_post(o, site, p, p->posts->pdata[i]);
	out_raw(o, "</ul>\n");
	if (!p->more)
		return;
	const Head *last = p->posts->pdata[p->posts->len - 1];

	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Pages"));
	out_raw(o, "\">\n<a href=\"");
	html_author_path(o, site, p->list, p->author->id);
	out_raw(o, "?after=");
	out_url(o, last->key);
	out_raw(o, "\" rel=\"prev\">");
	html_say(o, site, "older messages");
	out_raw(o, "</a>\n</nav>\n");
}

/* The other public lists that have messages of the author. */
static void
write_lists(GString *o, const HtmlSite *site, const PageAuthor *p)
{
	if (p->lists->len < 2)
		return;
	out_raw(o, "<section>\n<h2>");
	html_say(o, site, "In other lists");
	out_raw(o, "</h2>\n<ul class=\"threads\">\n");
	for (guint i = 0; i < p->lists->len; i++) {
		const ReadAuthorList *l = p->lists->pdata[i];

		if (l->list->id == p->list->id)
			continue;
		out_raw(o, "<li><a href=\"");
		html_author_path(o, site, l->list, p->author->id);
		out_raw(o, "\">");
		out_text(o, l->list->list_id);
		out_raw(o, "</a> <span class=\"meta\">");
		html_messages(o, site, l->n_messages);
		out_raw(o, "</span></li>\n");
	}
	out_raw(o, "</ul>\n</section>\n");
}

/* How much he wrote, in how many threads, and when. */
static void
write_sum(GString *o, const HtmlSite *site, const PageAuthor *p)
{
	const char *text = html_word_n(
	    site, "in %s thread", "in %s threads", p->sum.n_threads);

	html_messages(o, site, p->author->n_messages);
	out_raw(o, " ");
	html_until(o, &text);
	out_count(o, p->sum.n_threads);
	html_until(o, &text);
	out_raw(o, ", ");
	html_span(o, site, p->sum.first_date, p->sum.last_date);
}

void
page_author(GString *o, const HtmlSite *site, const PageAuthor *p)
{
	const StoreAuthor *a = p->author;
	/* People did not write to be looked up by name elsewhere: search
	 * engines get the messages alone. */
	const HtmlTop top = {.title = a->name[0] != '\0' ? a->name : a->addr,
	    .list = p->list,
	    .author = a->id,
	    .hidden = true};

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_author(o, site, a->name, a->addr);
	out_raw(o, "</h1>\n<p class=\"meta\">");
	write_sum(o, site, p);
	out_raw(o, ", <a href=\"");
	html_author_path(o, site, p->list, a->id);
	out_raw(o, "new.atom\" rel=\"nofollow\">");
	html_say(o, site, "Feed of new messages");
	out_raw(o, "</a></p>\n");
	if (p->years->len > 1)
		chart_years(o, site, p->years);
	write_posts(o, site, p);
	write_lists(o, site, p);
	html_end(o, site);
}
