/* SPDX-License-Identifier: Apache-2.0 */
#include "http/legacy.h"

#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "http/api.h"
#include "http/api_private.h"
#include "http/bulk.h"
#include "http/feed.h"
#include "http/lists.h"
#include "http/message.h"
#include "http/near.h"
#include "http/search.h"
#include "http/year.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

#define DAY_S INT64_C(86400)

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

/* Have the redirect that out is keep what was searched for, and its order.
 * Pages had another number of messages. */
static void
keep_query(const Request *q, Response *out)
{
	const char *query = request_arg(q, "q");
	const char *sort = request_arg(q, "sort");
	g_autoptr(GString) place = g_string_new("?q=");

	if (query == NULL)
		return;
	out_url(place, query);
	if (g_strcmp0(sort, "date-asc") == 0)
		out_raw(place, "&sort=oldest");
	if (g_strcmp0(sort, "date-desc") == 0)
		out_raw(place, "&sort=newest");
	add_to_location(out, place->str);
}

/* Have the redirect that out is keep the days that were asked for. */
static void
keep_days(const Request *q, Response *out)
{
	const char *start = request_arg(q, "start"),
		   *end = request_arg(q, "end");
	g_autoptr(GString) place = g_string_new(NULL);

	if (start != NULL) {
		out_raw(place, "?start=");
		out_url(place, start);
	}
	if (end != NULL) {
		g_string_append_c(place, start != NULL ? '&' : '?');
		out_raw(place, "end=");
		out_url(place, end);
	}
	add_to_location(out, place->str);
}

/* How many threads of a month of list, r, have a message from then on. */
static bool
count_from(const Ask *a, const StoreList *list, const Route *r, int64_t from,
    uint64_t *n)
{
	const StoreRange range = {.list = list->id,
	    .from = from,
	    .to = date_month_start(r->year, r->month + 1),
	    .skip = UINT64_MAX};
	g_autoptr(GPtrArray) none = store_threads(a->store, &range, n, NULL);

	return none != NULL;
}

/*
 * Have the redirect to a month that out is lead to a day: to the page that
 * has it, threads being under the day of their last message.
 */
static void
keep_day(const Ask *a, const StoreList *list, const Legacy *l, Response *out)
{
	const Route *r = &l->route;
	int64_t start = date_month_start(r->year, r->month);
	g_autoptr(GString) place = g_string_new(NULL);
	uint64_t later = 0, all = 0;

	/* Where no thread is as old as that, the last page is nearest. */
	if (count_from(a, list, r, start + l->day * DAY_S, &later) &&
	    later >= LIMIT_PAGE_ROWS && count_from(a, list, r, start, &all)) {
		out_raw(place, "?page=");
		out_num(place, MIN(later, all - 1) / LIMIT_PAGE_ROWS + 1);
	}
	out_raw(place, "#d");
	out_num(place, (uint64_t)l->day);
	add_to_location(out, place->str);
}

static void
keep_order(const Legacy *l, Response *out)
{
	g_autofree char *place = g_strconcat("?by=", l->by, NULL);

	add_to_location(out, place);
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

/* Have r ask for the message that Pipermail had under number, if an import
 * knew that.  A store that fails is seen at the next step. */
static void
find_number(const Ask *a, const StoreList *list, int number, Route *r)
{
	int64_t post = store_find_number(a->store, list->id, number, NULL);
	char key[KEY_LEN + 1];
	StorePost its;

	if (post == 0 || !store_post(a->store, post, &its, NULL))
		return;
	permalink_key(its.key, key);
	r->kind = ROUTE_NAME;
	r->view = ROUTE_MESSAGE;
	r->name = g_strdup(key);
}

static void
answer_in_list(
    const Ask *a, const StoreList *list, const Legacy *l, Response *out)
{
	const Route *r = &l->route;

	g_assert(list != NULL);
	if (r->kind == ROUTE_MBOXES)
		bulk_answer_mbox(a, list, r, out);
	else if (r->kind == ROUTE_FEED)
		feed_answer_list(a, list, out);
	else if (r->kind == ROUTE_NAME)
		message_answer(a, list, r, out);
	else if (r->kind != ROUTE_MONTH)
		lists_answer_list(a, list, out);
	else if (r->month == 0)
		year_answer(a, list, r, out);
	else
		lists_answer_month(a, list, r, out);
	if (r->kind == ROUTE_MONTH && r->month > 0 && l->day > 0)
		keep_day(a, list, l, out);
	else if (r->kind == ROUTE_MONTH && r->month > 0 && l->by != NULL)
		keep_order(l, out);
}

/* Lead to the document of our API that has what HyperKitty's had there. */
static void
answer_api(const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	if (r->name == NULL) {
		api_say_no(a, 404, NULL,
		    "HyperKitty's API had this, and this archive has not. "
		    "What there is instead: " JSON_API "/",
		    out);
		return;
	}
	GString *to = g_string_new(a->site->path);

	out_raw(to, JSON_API);
	if (list != NULL) {
		out_raw(to, "/lists/");
		out_url(to, list->list_id);
	}
	g_string_append(to, r->name);
	if (list == NULL && r->name[0] == '\0')
		out_raw(to, "/");
	response_redirect(out, g_string_free(to, FALSE));
	response_field(out, "Access-Control-Allow-Origin", g_strdup("*"));
}

bool
legacy_answer(const Ask *a, Response *out)
{
	g_auto(Legacy) l = {0};
	g_autoptr(StoreList) list = NULL;

	if (!legacy_parse(a->q, &l))
		return false;
	if (l.route.list != NULL) {
		list = find_list(a, &l, out);
		if (list == NULL && l.route.kind == ROUTE_API)
			api_refuse(a->site, a->q->path, out);
		if (list == NULL)
			return true;
		if (l.numbered)
			find_number(a, list, l.number, &l.route);
	}
	if (l.route.kind == ROUTE_HOME)
		response_redirect(
		    out, g_strconcat(a->site->path,
			     l.search && search_is_asked(a->q) ? "/all/" : "/",
			     NULL));
	else if (l.route.kind == ROUTE_API)
		answer_api(a, list, &l.route, out);
	else
		answer_in_list(a, list, &l, out);
	if (l.search)
		keep_query(a->q, out);
	else if (l.days)
		keep_days(a->q, out);
	return true;
}
