/* SPDX-License-Identifier: Apache-2.0 */
#include "view/atom.h"

#include "base/date.h"
#include "mail/addr.h"
#include "view/content.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

#define FEED                                                                   \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
	"<feed xmlns=\"http://www.w3.org/2005/Atom\" "                         \
	"xmlns:thr=\"http://purl.org/syndication/thread/1.0\">\n"
#define GENERATOR "<generator version=\"" FELID_VERSION "\">felid</generator>\n"

static void
write_url(GString *o, const HtmlSite *site, const StoreList *list,
    const char *key, const char *suffix)
{
	out_xml(o, site->url);
	out_raw(o, "/");
	out_url(o, list->list_id);
	out_raw(o, "/");
	out_url(o, key);
	out_raw(o, "/");
	out_xml(o, suffix);
}

static void
write_time(GString *o, int64_t t)
{
	g_autofree char *exact = date_format_rfc3339(t);

	out_xml(o, exact);
}

static void
write_protected(GString *o, const HtmlSite *site, const char *text)
{
	g_autofree char *safe = site->protect ? addr_protect(text) : NULL;

	out_xml(o, safe != NULL ? safe : text);
}

static void
write_title(GString *o, const HtmlSite *site, const Head *h)
{
	out_raw(o, "<title>");
	write_protected(
	    o, site, h->subject[0] != '\0' ? h->subject : "(no subject)");
	out_raw(o, "</title>\n");
}

/* When the thread last grew: what readers of feeds call updated. */
static int64_t
last_arrival(const ReadThread *t)
{
	int64_t last = 0;

	for (guint i = 0; i < t->heads->len; i++) {
		const Head *h = t->heads->pdata[i];

		last = MAX(last, h->arrived);
	}
	return last;
}

void
atom_begin(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadThread *t)
{
	const Head *first = page_thread_first(t);

	out_raw(o, FEED);
	write_title(o, site, first);
	out_raw(o, "<id>");
	write_url(o, site, list, first->key, "t.atom");
	out_raw(o, "</id>\n<link rel=\"self\" "
		   "type=\"application/atom+xml\" href=\"");
	write_url(o, site, list, first->key, "t.atom");
	out_raw(o, "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
	write_url(o, site, list, first->key, "t/");
	out_raw(o, "\"/>\n<updated>");
	write_time(o, last_arrival(t));
	out_raw(o, "</updated>\n" GENERATOR);
}

/* "/author/ID", where the feed is of an author alone. */
static void
write_author(GString *o, const AtomPage *p)
{
	if (p->author == NULL)
		return;
	out_raw(o, "/author/");
	out_url(o, p->author->id);
}

/* A page of the feed of p's list: the first one, or that after before. */
static void
write_page_url(
    GString *o, const HtmlSite *site, const AtomPage *p, const char *before)
{
	out_xml(o, site->url);
	out_raw(o, "/");
	out_url(o, p->list->list_id);
	write_author(o, p);
	out_raw(o, "/new.atom");
	if (before != NULL) {
		out_raw(o, "?before=");
		out_url(o, before);
	}
}

void
atom_begin_list(GString *o, const HtmlSite *site, const AtomPage *p)
{
	out_raw(o, FEED "<title>");
	if (p->author != NULL) {
		write_protected(o, site,
		    p->author->name[0] != '\0' ? p->author->name
					       : p->author->addr);
		out_raw(o, ", ");
	}
	out_xml(o, p->list->list_id);
	out_raw(o, "</title>\n<id>");
	write_page_url(o, site, p, NULL);
	out_raw(o, "</id>\n<link rel=\"self\" "
		   "type=\"application/atom+xml\" href=\"");
	write_page_url(o, site, p, p->before);
	out_raw(o, "\"/>\n<link rel=\"first\" href=\"");
	write_page_url(o, site, p, NULL);
	if (p->next != NULL) {
		out_raw(o, "\"/>\n<link rel=\"next\" href=\"");
		write_page_url(o, site, p, p->next);
	}
	out_raw(o, "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
	out_xml(o, site->url);
	out_raw(o, "/");
	out_url(o, p->list->list_id);
	write_author(o, p);
	out_raw(o, "/\"/>\n<updated>");
	write_time(o, p->updated);
	out_raw(o, "</updated>\n" GENERATOR);
}

static void
write_results_link(GString *o, const HtmlSite *site, const PageSearchAsk *a,
    const char *rel, uint64_t number)
{
	PageSearchAsk to = *a;

	to.number = number;
	out_raw(o, "<link rel=\"");
	out_xml(o, rel);
	out_raw(o, "\" type=\"application/atom+xml\" href=\"");
	page_search_url(o, site, &to, true);
	out_raw(o, "\"/>\n");
}

void
atom_begin_results(GString *o, const HtmlSite *site, const PageSearchAsk *a,
    bool more, int64_t updated)
{
	PageSearchAsk to = *a;

	out_raw(o, FEED "<title>");
	write_protected(o, site, a->q);
	out_raw(o, " \xc2\xb7 ");
	out_xml(o, a->list != NULL ? a->list->list_id : site->title);
	out_raw(o, "</title>\n<id>");
	to.number = 1;
	page_search_url(o, site, &to, true);
	out_raw(o, "</id>\n");
	write_results_link(o, site, a, "self", a->number);
	write_results_link(o, site, a, "first", 1);
	if (a->number > 1)
		write_results_link(o, site, a, "previous", a->number - 1);
	if (more)
		write_results_link(o, site, a, "next", a->number + 1);
	to.x = NULL;
	out_raw(o, "<link rel=\"alternate\" type=\"text/html\" href=\"");
	page_search_url(o, site, &to, true);
	out_raw(o, "\"/>\n<updated>");
	write_time(o, updated);
	out_raw(o, "</updated>\n" GENERATOR);
}

void
atom_entry(GString *o, const HtmlSite *site, const StoreList *list,
    const char *up_key, const ReadMsg *m)
{
	const Head *h = m->head;

	out_raw(o, "<entry>\n");
	write_title(o, site, h);
	out_raw(o, "<id>");
	write_url(o, site, list, h->key, "");
	out_raw(o, "</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
	write_url(o, site, list, h->key, "");
	out_raw(o, "\"/>\n");
	if (up_key != NULL) {
		out_raw(o, "<thr:in-reply-to ref=\"");
		write_url(o, site, list, up_key, "");
		out_raw(o, "\" href=\"");
		write_url(o, site, list, up_key, "");
		out_raw(o, "\"/>\n");
	}
	out_raw(o, "<author><name>");
	write_protected(o, site,
	    h->from_name[0] != '\0'
		? h->from_name
		: (h->from_addr[0] != '\0' ? h->from_addr : "(no author)"));
	out_raw(o, "</name></author>\n<published>");
	write_time(o, h->date);
	out_raw(o, "</published>\n<updated>");
	write_time(o, h->arrived);
	out_raw(o, "</updated>\n<content type=\"text\">");
	content_xml(o, site, m);
	out_raw(o, "</content>\n</entry>\n");
}

void
atom_msg(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadThread *t, size_t row, const ReadMsg *m)
{
	size_t parent = g_array_index(t->rows, ThreadRow, row).parent;
	const Head *up =
	    parent == THREAD_GHOST ? NULL : read_thread_head(t, parent);

	atom_entry(o, site, list, up != NULL ? up->key : NULL, m);
}

void
atom_end(GString *o)
{
	out_raw(o, "</feed>\n");
}
