/* SPDX-License-Identifier: Apache-2.0 */
#include "view/site.h"

#include "base/date.h"
#include "view/out.h"

/* What the protocol allows in one file. */
#define SITE_MAP_ROWS 50000u

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"

void
site_robots(GString *o, const HtmlSite *site)
{
	out_raw(o, "User-agent: *\nDisallow: ");
	g_string_append(o, site->path);
	out_raw(o, "/~lang\nDisallow: ");
	g_string_append(o, site->path);
	/* These lead to pages that are linked anyhow, or to nothing. */
	out_raw(o, "/r/\nAllow: /\n\nSitemap: ");
	g_string_append(o, site->url);
	out_raw(o, "/sitemap.xml\n");
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
	LLMS_LINE(o, site, "/sitemap.xml", "the lists and their months");
	LLMS_LINE(o, site, "/r/MESSAGE-ID", "leads to the message");
	LLMS_LINE(o, site, "/~api/openapi.json",
	    "describes the same as JSON: lists, threads, messages");
}

static void
write_url(GString *o, const HtmlSite *site, const StoreList *list)
{
	out_xml(o, site->url);
	out_raw(o, "/");
	out_url(o, list->list_id);
	out_raw(o, "/");
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

void
site_map_index(GString *o, const HtmlSite *site, const GPtrArray *lists)
{
	out_raw(o, XML "<sitemapindex" XMLNS);
	for (guint i = 0; i < MIN(lists->len, SITE_MAP_ROWS); i++) {
		const StoreList *list = lists->pdata[i];

		out_raw(o, "<sitemap><loc>");
		write_url(o, site, list);
		out_raw(o, "sitemap.xml</loc>");
		write_changed(o, list->changed / G_USEC_PER_SEC);
		out_raw(o, "</sitemap>\n");
	}
	out_raw(o, "</sitemapindex>\n");
}

void
site_map(GString *o, const HtmlSite *site, const SiteMap *map)
{
	guint n_months = MIN(map->months->len, SITE_MAP_ROWS / 2);

	out_raw(o, XML "<urlset" XMLNS "<url><loc>");
	write_url(o, site, map->list);
	out_raw(o, "</loc>");
	write_changed(o, map->list->changed / G_USEC_PER_SEC);
	out_raw(o, "</url>\n");
	for (guint i = 0; i < n_months; i++) {
		const StoreMonth *m =
		    &g_array_index(map->months, StoreMonth, i);

		out_raw(o, "<url><loc>");
		write_url(o, site, map->list);
		g_string_append_printf(
		    o, "%04d/%02d/</loc>", m->year, m->month);
		write_changed(o, m->changed / G_USEC_PER_SEC);
		out_raw(o, "</url>\n");
	}
	for (guint i = 0; i < map->threads->len; i++) {
		const StoreThread *t = map->threads->pdata[i];

		out_raw(o, "<url><loc>");
		write_url(o, site, map->list);
		out_url(o, t->key);
		if (t->n_all > 1)
			out_raw(o, "/t/</loc>");
		else
			out_raw(o, "/</loc>");
		write_changed(o, t->last_date);
		out_raw(o, "</url>\n");
	}
	out_raw(o, "</urlset>\n");
}
