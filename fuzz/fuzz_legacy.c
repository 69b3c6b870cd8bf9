/* fuzz_legacy.c - paths and parameters of other archives' URLs: the path,
 * and behind a "?" the value of each parameter that is looked at. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "http/legacy.h"

#include <glib.h>

#include <string.h>

/* One reading of path: with this parameter. */
static void
read_once(const char *path, const char *name, const char *text)
{
	g_autofree char *own = g_strdup(name), *value = g_strdup(text);
	RequestArg arg = {.name = own, .value = value};
	const Request q = {.path = path, .args = &arg, .n_args = 1};
	g_auto(Legacy) l = {0};

	if (!legacy_parse(&q, &l)) {
		g_assert(l.route.kind == ROUTE_NONE && l.route.list == NULL);
		return;
	}
	const Route *r = &l.route;

	g_assert(r->kind == ROUTE_HOME || r->kind == ROUTE_TOP ||
		 r->kind == ROUTE_MONTH || r->kind == ROUTE_MBOXES ||
		 r->kind == ROUTE_FEED || r->kind == ROUTE_NAME ||
		 r->kind == ROUTE_API);
	g_assert(r->kind == ROUTE_API ||
		 (r->kind == ROUTE_HOME) == (r->list == NULL));
	g_assert(r->list == NULL || r->list[0] != '\0');
	if (r->kind == ROUTE_API)
		g_assert(
		    r->name == NULL || r->name[0] == '\0' || r->name[0] == '/');
	else
		g_assert((r->kind == ROUTE_NAME) ==
			 (r->name != NULL && route_is_key(r->name)));
	g_assert(l.day >= 0 && l.day < 100);
	g_assert(!l.numbered || (l.number >= 0 && r->year > 0));
	g_assert(r->month >= 0 && r->month <= 12);
	g_assert(r->kind == ROUTE_MBOXES ||
		 (r->kind == ROUTE_MONTH) == (r->year > 0));
	g_assert((r->view == ROUTE_PART) == (r->file != NULL));
	g_assert((r->view == ROUTE_PART) == (r->part > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
	    "thread", "message", "start", "mlist", "sort", "q"};
	g_autofree char *path = g_strndup((const char *)data, size);
	char *value = strchr(path, '?');

	if (value != NULL)
		*value++ = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		read_once(path, names[i], value != NULL ? value : "");
	return 0;
}
