/* site.h - what crawlers and other programs read first: robots.txt (RFC
 * 9309), sitemaps (sitemaps.org, version 0.9), llms.txt. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_SITE_H
#define VIEW_SITE_H

#include "archive/read.h"
#include "view/html.h"

#include <glib.h>

void site_robots(GString *o, const HtmlSite *site);
void site_llms(GString *o, const HtmlSite *site);

/* The sitemap of each of lists (StoreList), in an index. */
void site_map_index(GString *o, const HtmlSite *site, const GPtrArray *lists);

/* A list's page, those of its months, and its newest threads: all else is
 * linked there. */
typedef struct {
	const StoreList *list;
	const GArray *months;     /* StoreMonth */
	const GPtrArray *threads; /* StoreThread */
} SiteMap;

void site_map(GString *o, const HtmlSite *site, const SiteMap *map);

#endif
