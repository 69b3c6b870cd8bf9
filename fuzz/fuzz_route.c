/* fuzz_route.c - paths of URLs.  Names are text without NUL, not
 * empty, and no longer than the path. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "http/route.h"

#include <glib.h>

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *path = g_strndup((const char *)data, size);
	g_autofree char *plain = route_plain(path, "/lists");
	g_auto(Route) r = {0};

	route_parse(path, "/lists", &r);
	g_assert(plain[0] == '/');
	if (r.kind == ROUTE_TOP || r.kind == ROUTE_NAME || r.kind == ROUTE_ID ||
	    r.kind == ROUTE_AUTHOR)
		g_assert(r.name != NULL && r.name[0] != '\0');
	if (r.kind == ROUTE_NAME || r.kind == ROUTE_MONTH ||
	    r.kind == ROUTE_MBOXES || r.kind == ROUTE_FEED ||
	    r.kind == ROUTE_MAP || r.kind == ROUTE_AUTHOR ||
	    r.kind == ROUTE_OPENSEARCH)
		g_assert(r.list != NULL && r.list[0] != '\0');
	if (r.kind == ROUTE_MONTH)
		g_assert(r.year > 0 && r.month >= 0 && r.month <= 12);
	if (r.view == ROUTE_PART)
		g_assert(r.file != NULL && r.part > 0);
	for (size_t i = 0; i < r.n_others; i++) {
		const char *id = r.others[i].id;

		g_assert(id[0] != '\0' && strlen(id) <= size);
		if (r.others[i].view == ROUTE_PART)
			g_assert(r.file != NULL && r.part > 0);
	}
	return 0;
}
