/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include "base/limits.h"
#include "view/site.h"

#include <string.h>

static void
begin(Response *out, const char *type)
{
	pages_html(out, 200, RESPONSE_PAGE);
	out->type = type;
}

static void
answer_index(const Ask *a, Response *out)
{
	g_autoptr(GPtrArray) lists = pages_lists(a, out);

	if (lists == NULL)
		return;
	begin(out, "application/xml; charset=utf-8");
	site_map_index(out->text, a->site, lists);
}

void
site_answer(const Ask *a, const char *name, Response *out)
{
	if (strcmp(name, "sitemap.xml") == 0) {
		answer_index(a, out);
		return;
	}
	if (pages_unchanged(a, NULL, 0, out))
		return;
	begin(out, "text/plain; charset=utf-8");
	if (strcmp(name, "robots.txt") == 0)
		site_robots(out->text, a->site);
	else
		site_llms(out->text, a->site);
}

void
site_answer_list(const Ask *a, const StoreList *list, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_moved(a, pages_path(a, list, NULL, "sitemap.xml"), out) ||
	    pages_unchanged(a, &list, 1, out))
		return;
	g_autoptr(GArray) months = store_months(a->store, list->id, &err);

	g_autoptr(GPtrArray) threads =
	    months == NULL ? NULL
			   : store_threads_newest(
				 a->store, list->id, LIMIT_PAGE_ROWS, &err);

	if (threads == NULL) {
		pages_fail(a, err, out);
		return;
	}
	const SiteMap map = {
	    .list = list, .months = months, .threads = threads};

	begin(out, "application/xml; charset=utf-8");
	site_map(out->text, a->site, &map);
}
