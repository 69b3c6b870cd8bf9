/* SPDX-License-Identifier: Apache-2.0 */
#include "http/legacy.h"

#include "base/err.h"
#include "http/bulk.h"
#include "http/feed.h"
#include "http/lists.h"
#include "http/message.h"
#include "http/near.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

/* Have the redirect that out is lead to that place. */
static void
add_to_location(Response *out, const char *place)
{
	for (size_t i = 0; i < out->n_fields; i++) {
		char *to = out->fields[i].value;

		if (strcmp(out->fields[i].name, "Location") != 0)
			continue;
		out->fields[i].value = g_strconcat(to, place, NULL);
		g_free(to);
	}
}

/* Have the redirect that out is keep what was searched for. */
static void
keep_query(const Request *q, Response *out)
{
	const char *query = request_arg(q, "q");
	g_autoptr(GString) place = g_string_new("?q=");

	if (query == NULL)
		return;
	out_url(place, query);
	add_to_location(out, place->str);
}

static void
keep_day(int day, Response *out)
{
	g_autoptr(GString) place = g_string_new("#d");

	out_num(place, (uint64_t)day);
	add_to_location(out, place->str);
}

/* The one list that l means, or NULL, out then being the answer. */
static StoreList *
find_list(const Ask *a, const Legacy *l, Response *out)
{
	g_autoptr(GError) err = NULL;
	StoreList *list = NULL;

	if (!l->local) {
		list = read_list(a->store, l->route.list, &err);
		if (g_error_matches(err, ERR, ERR_NOTFOUND))
			near_answer(a, NULL, &l->route, out);
		else if (list == NULL)
			pages_fail(a, err, out);
		return list;
	}
	g_autoptr(GPtrArray) lists =
	    read_lists_called(a->store, l->route.list, &err);

	if (lists == NULL) {
		pages_fail(a, err, out);
	} else if (lists->len == 0) {
		near_answer(a, NULL, &l->route, out);
	} else if (lists->len == 1) {
		list = g_ptr_array_steal_index(lists, 0);
	} else {
		pages_html(out, 300, RESPONSE_PASSING);
		page_which_list(out->text, a->site, lists);
	}
	return list;
}

static void
answer_in_list(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	if (r->kind == ROUTE_MONTH)
		lists_answer_month(a, list, r, out);
	else if (r->kind == ROUTE_MBOXES)
		bulk_answer_mbox(a, list, r, out);
	else if (r->kind == ROUTE_FEED)
		feed_answer_list(a, list, out);
	else if (r->kind == ROUTE_NAME)
		message_answer(a, list, r, out);
	else
		lists_answer_list(a, list, out);
}

bool
legacy_answer(const Ask *a, Response *out)
{
	g_auto(Legacy) l = {0};

	if (!legacy_parse(a->q, &l))
		return false;
	if (l.route.kind == ROUTE_HOME) {
		response_redirect(out, g_strconcat(a->site->path, "/", NULL));
	} else {
		g_autoptr(StoreList) list = find_list(a, &l, out);

		if (list == NULL)
			return true;
		answer_in_list(a, list, &l.route, out);
	}
	if (l.day > 0)
		keep_day(l.day, out);
	if (l.search)
		keep_query(a->q, out);
	return true;
}
