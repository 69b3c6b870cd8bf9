/* SPDX-License-Identifier: Apache-2.0 */
#include "view/site.h"

#include "base/date.h"
#include "base/limits.h"
#include "view/out.h"

/* What the protocol allows in one file. */
#define SITE_MAP_ROWS 50000u

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"

size_t
site_indexes(size_t n_lists)
{
	return MAX(
	    (n_lists + LIMIT_SITEMAP_LISTS - 1) / LIMIT_SITEMAP_LISTS, 1);
}

void
site_robots(GString *o, const HtmlSite *site, size_t n_lists)
{
	size_t n = site_indexes(n_lists);

	out_raw(o, "User-agent: *\nDisallow: ");
	g_string_append(o, site->path);
	out_raw(o, "/~lang\nDisallow: ");
	g_string_append(o, site->path);
	/* These lead to pages that are linked anyhow, or to nothing. */
	out_raw(o, "/r/\nDisallow: ");
	g_string_append(o, site->path);
	/* A search costs more than all else. */
	out_raw(o, "/*?q=\nDisallow: ");
	g_string_append(o, site->path);
	out_raw(o, "/*&q=\nAllow: /\n\n");
	for (size_t i = 1; i <= n; i++) {
		out_raw(o, "Sitemap: ");
		g_string_append(o, site->url);
		out_raw(o, "/sitemap.xml");
		if (i > 1) {
			out_raw(o, "?page=");
			out_num(o, i);
		}
		out_raw(o, "\n");
	}
}

/* One line of llms.txt: what is at site's path. */
#define LLMS_LINE(o, site, path, what)                                         \
	do {                                                                   \
		out_raw((o), "- ");                                            \
		g_string_append((o), (site)->url);                             \
		out_raw((o), path ": " what "\n");                             \
	} while (0)

void
site_llms(GString *o, const HtmlSite *site)
{
	out_raw(o, "# ");
	g_string_append(o, site->title);
	out_raw(o, "\n\n> An archive of mailing lists, served by felid.\n\n"
		   "Please take whole mailboxes (mboxrd) rather than "
		   "pages: they cost least,\nhave all there is, and carry an "
		   "ETag that stays while they stay.\nEach is there as .gz "
		   "too.  Months and whole lists take Range: go on with a "
		   "download\nthat broke off.  LIST is a List-Id, KEY a "
		   "message's key.\n\n## Files\n\n");
	LLMS_LINE(o, site, "/LIST/all.mbox.zst",
	    "all mail of a list: its months, one after the other");
	LLMS_LINE(o, site, "/LIST/YYYY/MM.mbox.zst", "a month of it");
	LLMS_LINE(o, site, "/LIST/KEY/t.mbox.zst", "a thread");
	LLMS_LINE(o, site, "/LIST/KEY/raw", "a message");
	out_raw(o, "\n## What is new\n\n");
	LLMS_LINE(o, site, "/LIST/new.atom",
	    "the newest messages of a list; rel=next leads to older ones");
	LLMS_LINE(o, site, "/LIST/KEY/t.atom", "a thread");
	out_raw(o, "\n## What there is\n\n");
	LLMS_LINE(o, site, "/sitemap.xml",
	    "every page, list by list and month by month");
	LLMS_LINE(o, site, "/r/MESSAGE-ID", "leads to the message");
	LLMS_LINE(o, site, "/~api/openapi.json",
	    "describes the same as JSON: lists, threads, messages");
	if (site->search)
		LLMS_LINE(o, site, "/LIST/?q=WORDS&x=A",
		    "what is found in a list, newest first; "
		    "/all/?q=WORDS&x=A in all of them");
}

static void
write_url(GString *o, const HtmlSite *site, const StoreList *list)
{
	out_xml(o, site->url);
	out_raw(o, "/");
	out_url(o, list->list_id);
	out_raw(o, "/");
}

/* OpenSearch allows a short name 16 characters, one of which may tell that it
 * was cut. */
#define SHORT_NAME 15

static void
write_search_url(GString *o, const HtmlSite *site, const StoreList *list,
    const char *type, const char *more)
{
	out_raw(o, "<Url type=\"");
	out_xml(o, type);
	out_raw(o, "\" template=\"");
	if (list != NULL) {
		write_url(o, site, list);
	} else {
		out_xml(o, site->url);
		out_raw(o, "/all/");
	}
	out_raw(o, "?q={searchTerms}");
	out_xml(o, more);
	out_raw(o, "\"/>\n");
}

void
site_opensearch(GString *o, const HtmlSite *site, const StoreList *list)
{
	const char *name = list != NULL ? list->list_id : site->title;
	const char *text = html_word(site, "Search in %s");
	g_autofree char *cut = text_cut(name, SHORT_NAME);

	out_raw(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<OpenSearchDescription "
		   "xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n"
		   "<ShortName>");
	out_xml(o, cut);
	out_raw(o, "</ShortName>\n<Description>");
	html_until(o, &text);
	out_xml(o, name);
	html_until(o, &text);
	out_raw(o, "</Description>\n<InputEncoding>UTF-8</InputEncoding>\n");
	write_search_url(o, site, list, "text/html", "");
	write_search_url(o, site, list, "application/atom+xml", "&x=A");
	out_raw(o, "</OpenSearchDescription>\n");
}

/* t: seconds since the epoch, or 0 where nothing changed yet. */
static void
write_changed(GString *o, int64_t t)
{
	g_autofree char *when = date_format_rfc3339(t);

	if (t == 0)
		return;
	out_raw(o, "<lastmod>");
	out_xml(o, when);
	out_raw(o, "</lastmod>");
}

/* Sitemaps ---------------------------------------------------------------- */

size_t
site_month_maps(const StoreMonth *m)
{
	return (size_t)((m->n_messages + LIMIT_SITEMAP_MESSAGES - 1) /
			LIMIT_SITEMAP_MESSAGES);
}

/* The sitemaps of m; returns how many, room at most. */
static size_t
write_month_maps(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreMonth *m, size_t room)
{
	size_t n = MIN(site_month_maps(m), room);

	for (size_t i = 1; i <= n; i++) {
		out_raw(o, "<sitemap><loc>");
		write_url(o, site, list);
		g_string_append_printf(
		    o, "sitemap-%04d-%02d.xml", m->year, m->month);
		if (i > 1) {
			out_raw(o, "?page=");
			out_num(o, i);
		}
		out_raw(o, "</loc>");
		write_changed(o, m->changed / G_USEC_PER_SEC);
		out_raw(o, "</sitemap>\n");
	}
	return n;
}

void
site_map_index(
    GString *o, const HtmlSite *site, const SiteList *lists, size_t n)
{
	out_raw(o, XML "<sitemapindex" XMLNS);
	for (size_t i = 0; i < n; i++) {
		const StoreList *list = lists[i].list;
		size_t room = SITE_MAP_ROWS / LIMIT_SITEMAP_LISTS - 1;

		out_raw(o, "<sitemap><loc>");
		write_url(o, site, list);
		out_raw(o, "sitemap.xml</loc>");
		write_changed(o, list->changed / G_USEC_PER_SEC);
		out_raw(o, "</sitemap>\n");
		for (guint k = 0; k < lists[i].months->len; k++)
			room -= write_month_maps(o, site, list,
			    &g_array_index(lists[i].months, StoreMonth, k),
			    room);
	}
	out_raw(o, "</sitemapindex>\n");
}

/* The page of a message, or of the thread that it begins. */
static void
write_page(GString *o, const HtmlSite *site, const StoreList *list,
    const StorePage *page, bool thread)
{
	out_raw(o, "<url><loc>");
	write_url(o, site, list);
	out_url(o, page->key);
	if (thread)
		out_raw(o, "/t/</loc>");
	else
		out_raw(o, "/</loc>");
	write_changed(o, page->at);
	out_raw(o, "</url>\n");
}

/* The year of the month at i of l's, its newest. */
static void
write_year(GString *o, const HtmlSite *site, const SiteList *l, guint i)
{
	const StoreMonth *m = &g_array_index(l->months, StoreMonth, i);
	int64_t changed = 0;

	for (guint k = i; k < l->months->len && m[k - i].year == m->year; k++)
		changed = MAX(changed, m[k - i].changed);
	out_raw(o, "<url><loc>");
	write_url(o, site, l->list);
	g_string_append_printf(o, "%04d/</loc>", m->year);
	write_changed(o, changed / G_USEC_PER_SEC);
	out_raw(o, "</url>\n");
}

void
site_map(GString *o, const HtmlSite *site, const SiteList *l,
    const GPtrArray *threads)
{
	guint n_months = MIN(l->months->len, SITE_MAP_ROWS / 4);

	out_raw(o, XML "<urlset" XMLNS "<url><loc>");
	write_url(o, site, l->list);
	out_raw(o, "</loc>");
	write_changed(o, l->list->changed / G_USEC_PER_SEC);
	out_raw(o, "</url>\n");
	for (guint i = 0; i < n_months; i++) {
		const StoreMonth *m = &g_array_index(l->months, StoreMonth, i);

		if (i == 0 || m->year != m[-1].year)
			write_year(o, site, l, i);
		out_raw(o, "<url><loc>");
		write_url(o, site, l->list);
		g_string_append_printf(
		    o, "%04d/%02d/</loc>", m->year, m->month);
		write_changed(o, m->changed / G_USEC_PER_SEC);
		out_raw(o, "</url>\n");
	}
	for (guint i = 0; i < threads->len; i++) {
		const StoreThread *t = threads->pdata[i];
		StorePage page = {.at = t->last_date};

		g_strlcpy(page.key, t->key, sizeof page.key);
		write_page(o, site, l->list, &page, t->n_all > 1);
	}
	out_raw(o, "</urlset>\n");
}

void
site_map_month(GString *o, const HtmlSite *site, const SiteMonth *m)
{
	out_raw(o, XML "<urlset" XMLNS);
	for (guint i = 0; i < m->threads->len; i++)
		write_page(o, site, m->list,
		    &g_array_index(m->threads, StorePage, i), true);
	for (guint i = 0; i < m->messages->len; i++)
		write_page(o, site, m->list,
		    &g_array_index(m->messages, StorePage, i), false);
	out_raw(o, "</urlset>\n");
}
