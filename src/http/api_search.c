/* api_search.c - what is found by words, for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/api_private.h"
#include "http/search.h"
#include "view/json_search.h"

#include <string.h>

/* false, out being the answer, where a parameter is wrong. */
static bool
read_args(const Ask *a, PageSearchAsk *p, Response *out)
{
	const char *order = request_arg(a->q, "order");
	const char *page = request_arg(a->q, "page");
	guint64 number = 1;

	if (p->q[0] == '\0') {
		api_say_no(a, 400, "q", "It must be a query.", out);
		return false;
	}
	if (page != NULL && !g_ascii_string_to_unsigned(page, 10, 1,
				LIMIT_SEARCH_PAGES, &number, NULL)) {
		g_autofree char *detail = g_strdup_printf(
		    "It must be a number from 1 to %u.", LIMIT_SEARCH_PAGES);

		api_say_no(a, 400, "page", detail, out);
		return false;
	}
	p->number = number;
	if (g_strcmp0(order, "newest") == 0)
		p->order = SEARCH_NEWEST;
	else if (g_strcmp0(order, "oldest") == 0)
		p->order = SEARCH_OLDEST;
	else if (order != NULL && strcmp(order, "best") != 0) {
		api_say_no(a, 400, "order",
		    "It must be \"best\", \"newest\" or \"oldest\".", out);
		return false;
	}
	return true;
}

/* Say why nothing could be searched for, if that is so. */
static bool
is_trouble(const Ask *a, Response *out)
{
	static const char *const details[] = {
	    [PAGE_SEARCH_BUSY] = "Too many are searching at the moment.",
	    [PAGE_SEARCH_NO_INDEX] = "The index is still being made.",
	    [PAGE_SEARCH_LATE] = "The search takes too long: ask for fewer "
				 "words, one list, or within a time.",
	    [PAGE_SEARCH_FAILED] = "The archive cannot be searched at the "
				   "moment.",
	};
	PageSearchTrouble trouble = search_trouble(a->q->found);

	if (trouble == PAGE_SEARCH_FINE)
		return false;
	api_say_no(a, 503, NULL, details[trouble], out);
	response_field(out, "Retry-After", g_strdup(SEARCH_RETRY_AFTER));
	return true;
}

static void
answer(const Ask *a, PageSearch *p, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(SearchHits) h = {0};
	uint32_t skip = (uint32_t)(p->ask.number - 1) * LIMIT_SEARCH_ROWS;

	if (!a->q->asked) {
		search_ask(&p->ask, skip, LIMIT_SEARCH_ROWS + 1, false, out);
		return;
	}
	if (is_trouble(a, out))
		return;
	p->found = a->q->found;
	if (!search_load(
		a, p->ask.list, p->found, LIMIT_SEARCH_ROWS, &h, &err)) {
		api_fail(a, err, out);
		return;
	}
	p->hits = h.hits;
	p->lists = search_counts_public(a, p->found);
	p->more = p->found->hits->len > LIMIT_SEARCH_ROWS &&
		  p->ask.number < LIMIT_SEARCH_PAGES;
	api_begin(out);
	json_doc_search(out->text, a->site, p);
	response_field(out, "X-Robots-Tag", g_strdup("noindex, nofollow"));
}

void
api_answer_search(const Api *q, Response *out)
{
	const Ask *a = q->a;
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) own = NULL;
	const char *query = request_arg(a->q, "q");
	const char *name = request_arg(a->q, "list");
	g_autofree char *text = query != NULL
				    ? text_from_octets(query, strlen(query))
				    : g_strdup("");
	PageSearch p = {.ask = {.q = g_strstrip(text)}};

	if (!read_args(a, &p.ask, out))
		return;
	if (name != NULL) {
		p.ask.list = pages_find_list(a, name, &own, &err);
		if (p.ask.list == NULL) {
			api_fail(a, err, out);
			return;
		}
	}
	if (a->site->search)
		answer(a, &p, out);
	else
		api_say_no(a, 501, NULL, "This archive has no index.", out);
}
