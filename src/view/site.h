/* site.h - what crawlers and other programs read first: robots.txt (RFC
 * 9309), sitemaps (sitemaps.org, version 0.9), llms.txt. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_SITE_H
#define VIEW_SITE_H

#include "archive/read.h"
#include "view/html.h"

#include <glib.h>

#include <stddef.h>

/* The sitemaps of n_lists lists are in so many indexes. */
size_t site_indexes(size_t n_lists);

/* Names the indexes, the first as sitemap.xml, others by ?page=. */
void site_robots(GString *o, const HtmlSite *site, size_t n_lists);
void site_llms(GString *o, const HtmlSite *site);

/* An OpenSearch description (1.1, draft 6) of list, NULL for all of them. */
void site_opensearch(GString *o, const HtmlSite *site, const StoreList *list);

typedef struct {
	const StoreList *list;
	const GArray *months; /* StoreMonth, newest first */
} SiteList;

/* An index of the sitemaps of n lists: one of what changes, and one of each
 * month. */
void site_map_index(
    GString *o, const HtmlSite *site, const SiteList *lists, size_t n);

/* What changes: a list's page, those of its years and months, and its newest
 * threads (StoreThread). */
void site_map(GString *o, const HtmlSite *site, const SiteList *list,
    const GPtrArray *threads);

/* A sitemap of a month, of as many as its messages need. */
typedef struct {
	const StoreList *list;
	const GArray *threads, *messages; /* StorePage */
} SiteMonth;

size_t site_month_maps(const StoreMonth *m);
void site_map_month(GString *o, const HtmlSite *site, const SiteMonth *month);

#endif
