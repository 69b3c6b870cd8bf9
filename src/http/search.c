/* SPDX-License-Identifier: Apache-2.0 */
#include "http/search.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/query.h"
#include "view/atom.h"

#include <string.h>

/* Asking ------------------------------------------------------------------ */

bool
search_is_asked(const Request *q)
{
	return request_arg(q, "q") != NULL;
}

/* HyperKitty's names for the same are understood, too. */
static bool
read_order(const char *text, SearchOrder *order)
{
	static const struct {
		const char *name;
		SearchOrder order;
	} names[] = {{"", SEARCH_BEST}, {"best", SEARCH_BEST},
	    {"newest", SEARCH_NEWEST}, {"date-desc", SEARCH_NEWEST},
	    {"oldest", SEARCH_OLDEST}, {"date-asc", SEARCH_OLDEST}};

	*order = SEARCH_BEST;
	for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(names); i++) {
		if (strcmp(text, names[i].name) != 0)
			continue;
		*order = names[i].order;
		return true;
	}
	return text == NULL;
}

/* Read all but the place; false, out being the answer, where one can't be. */
static bool
read_args(const Ask *a, PageSearchAsk *p, Response *out)
{
	const char *threads = request_arg(a->q, "t");
	const char *x = request_arg(a->q, "x");

	p->threads = g_strcmp0(threads, "1") == 0;
	p->x = g_strcmp0(x, "A") == 0   ? "A"
	       : g_strcmp0(x, "m") == 0 ? "m"
					: NULL;
	if (!pages_number(a, p->list, &p->number, out))
		return false;
	if (p->number > LIMIT_SEARCH_PAGES) {
		pages_not_found(a, p->list, out);
		return false;
	}
	if (read_order(request_arg(a->q, "sort"), &p->order))
		return true;
	pages_say_no(a, 400, p->list,
	    html_word(a->site,
		"The parameter \xe2\x80\x9csort\xe2\x80\x9d must be best, "
		"newest or oldest."),
	    out);
	return false;
}

void
search_ask(
    const PageSearchAsk *p, uint32_t skip, uint32_t n, bool bare, Response *out)
{
	SearchAsk *ask = g_new0(SearchAsk, 1);

	ask->query = g_strdup(p->q);
	ask->list = p->list != NULL ? g_strdup(p->list->list_id) : NULL;
	ask->post = p->thread != NULL ? p->thread->post : 0;
	ask->order = p->order;
	ask->threads = p->threads;
	ask->bare = bare;
	ask->skip = skip;
	ask->n = n;
	ask->now = clock_now();
	response_clear(out);
	out->ask = ask;
}

/* Loading ----------------------------------------------------------------- */

static void
clear_hit(gpointer data)
{
	PageSearchHit *h = data;

	store_head_free(h->head);
}

void
search_hits_clear(SearchHits *h)
{
	g_clear_pointer(&h->hits, g_array_unref);
	g_clear_pointer(&h->lists, g_hash_table_unref);
}

static void
free_list(gpointer list)
{
	store_list_free(list);
}

/* The public list of that number, in *list, which is NULL if there is none
 * such. */
static bool
find_list(const Ask *a, SearchHits *h, int64_t id, const StoreList **list,
    GError **err)
{
	g_autoptr(GError) why = NULL;
	gpointer found = NULL;

	if (!g_hash_table_lookup_extended(h->lists, &id, NULL, &found)) {
		found = read_list_get(a->store, id, &why);
		if (found == NULL && !g_error_matches(why, ERR, ERR_NOTFOUND)) {
			g_propagate_error(err, g_steal_pointer(&why));
			return false;
		}
		g_hash_table_insert(h->lists, g_memdup2(&id, sizeof id), found);
	}
	*list = found;
	return true;
}

static bool
load_hit(const Ask *a, const StoreList *only, const SearchHit *hit,
    SearchHits *out, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Head) head = store_head(a->store, hit->post, &why);
	const StoreList *list = only;

	/* It may have been removed since. */
	if (head == NULL && (g_error_matches(why, ERR, ERR_GONE) ||
				g_error_matches(why, ERR, ERR_NOTFOUND)))
		return true;
	if (head == NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	if (only == NULL && !find_list(a, out, head->list, &list, err))
		return false;
	if (list == NULL || head->list != list->id)
		return true;
	if (!store_author_id(a->store, head->from_addr, head->author_id, err))
		return false;
	const PageSearchHit one = {
	    .list = list, .head = g_steal_pointer(&head), .hit = hit};

	g_array_append_val(out->hits, one);
	return true;
}

bool
search_load(const Ask *a, const StoreList *list, const SearchReply *found,
    uint32_t n, SearchHits *out, GError **err)
{
	out->hits = g_array_new(FALSE, FALSE, sizeof(PageSearchHit));
	g_array_set_clear_func(out->hits, clear_hit);
	out->lists = g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, g_free, free_list);
	for (guint i = 0; i < found->hits->len && i < n; i++)
		if (!load_hit(a, list, found->hits->pdata[i], out, err))
			return false;
	return true;
}

/* Answering --------------------------------------------------------------- */

PageSearchTrouble
search_trouble(const SearchReply *found)
{
	if (found == NULL)
		return PAGE_SEARCH_BUSY;
	switch (found->status) {
	case SEARCH_OK:
		return PAGE_SEARCH_FINE;
	case SEARCH_NO_INDEX:
		return PAGE_SEARCH_NO_INDEX;
	case SEARCH_LATE:
		return PAGE_SEARCH_LATE;
	case SEARCH_FAILED:
	default:
		return PAGE_SEARCH_FAILED;
	}
}

static void
write_page(const Ask *a, const PageSearch *p, Response *out)
{
	bool fine = p->trouble == PAGE_SEARCH_FINE;

	pages_html(
	    out, fine ? 200 : 503, fine ? RESPONSE_PAGE : RESPONSE_PASSING);
	page_search(out->text, a->site, p);
	response_field(out, "X-Robots-Tag", g_strdup("noindex, nofollow"));
	if (!fine)
		response_field(
		    out, "Retry-After", g_strdup(SEARCH_RETRY_AFTER));
}

bool
search_counts_public(const Ask *a, const SearchReply *found)
{
	for (guint i = 0; i < found->counts->len; i++) {
		const SearchCount *c = found->counts->pdata[i];
		g_autoptr(StoreList) own = NULL;

		if (c->by == SEARCH_BY_LIST &&
		    pages_find_list(a, c->value, &own, NULL) == NULL)
			return false;
	}
	return true;
}

static void
answer_page(const Ask *a, PageSearch *p, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(SearchHits) h = {0};
	uint32_t skip = (uint32_t)(p->ask.number - 1) * LIMIT_SEARCH_ROWS;

	if (p->ask.q[0] != '\0' && !a->q->asked) {
		search_ask(&p->ask, skip, LIMIT_SEARCH_ROWS + 1, false, out);
		return;
	}
	if (p->ask.q[0] != '\0') {
		p->found = a->q->found;
		p->trouble = search_trouble(p->found);
	}
	if (p->found != NULL && !search_load(a, p->ask.list, p->found,
				    LIMIT_SEARCH_ROWS, &h, &err)) {
		pages_fail(a, err, out);
		return;
	}
	p->hits = h.hits;
	p->lists = p->found != NULL && search_counts_public(a, p->found);
	p->more = p->found != NULL && p->found->hits->len > LIMIT_SEARCH_ROWS &&
		  p->ask.number < LIMIT_SEARCH_PAGES;
	write_page(a, p, out);
}

/* Say why there is no feed or mailbox, if that is so. */
static bool
is_trouble(const Ask *a, const PageSearchAsk *ask, Response *out)
{
	const PageSearch p = {
	    .ask = *ask, .trouble = search_trouble(a->q->found)};

	if (p.trouble == PAGE_SEARCH_FINE)
		return false;
	write_page(a, &p, out);
	return true;
}

/* Feeds ------------------------------------------------------------------- */

static void
write_feed(const Ask *a, const PageSearchAsk *p, const GArray *hits, bool more,
    Response *out)
{
	int64_t updated = 0;

	for (guint i = 0; i < hits->len; i++)
		updated = MAX(updated,
		    g_array_index(hits, PageSearchHit, i).head->arrived);
	pages_html(out, 200, RESPONSE_PAGE);
	out->type = "application/atom+xml; charset=utf-8";
	response_field(out, "X-Robots-Tag", g_strdup("noindex, nofollow"));
	atom_begin_results(out->text, a->site, p, more, updated);
	for (guint i = 0; i < hits->len && out->text->len <= LIMIT_PAGE_BYTES;
	     i++) {
		const PageSearchHit *h = &g_array_index(hits, PageSearchHit, i);
		g_autoptr(ReadMsg) m = read_body_of(a->store, h->head, NULL);

		if (m != NULL)
			atom_entry(out->text, a->site, h->list, NULL, m);
	}
	atom_end(out->text);
}

static void
answer_feed(const Ask *a, PageSearchAsk *p, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(SearchHits) h = {0};
	uint32_t skip = (uint32_t)(p->number - 1) * LIMIT_SEARCH_ROWS;

	/* Its URL has no order: it has no other. */
	p->order = SEARCH_BEST;
	p->threads = false;
	if (!a->q->asked) {
		PageSearchAsk newest = *p;

		newest.order = SEARCH_NEWEST;
		search_ask(&newest, skip, LIMIT_SEARCH_ROWS + 1, true, out);
		return;
	}
	if (is_trouble(a, p, out))
		return;
	const SearchReply *r = a->q->found;

	if (search_load(a, p->list, r, LIMIT_SEARCH_ROWS, &h, &err))
		write_feed(a, p, h.hits,
		    r->hits->len > LIMIT_SEARCH_ROWS &&
			p->number < LIMIT_SEARCH_PAGES,
		    out);
	else
		pages_fail(a, err, out);
}

/* Mailboxes --------------------------------------------------------------- */

static void
answer_mbox(const Ask *a, PageSearchAsk *p, Response *out)
{
	if (p->thread == NULL && query_answer_ids(a, p->list, p->q, out))
		return;
	if (!a->site->search || p->q[0] == '\0') {
		pages_say_no(a, 501, p->list, NULL, out);
		return;
	}
	if (!a->q->asked) {
		bool threads = p->threads;

		/* Each message, of which the threads are gathered here. */
		p->order = SEARCH_NEWEST;
		p->threads = false;
		search_ask(p, 0, LIMIT_SEARCH_MBOX, true, out);
		p->threads = threads;
	} else if (!is_trouble(a, p, out)) {
		query_answer_found(a, p->list, a->q->found, out);
	}
}

/* Have out lead to path, and what is asked for there, if that is not where
 * it was asked for. */
static bool
is_moved(const Ask *a, char *take_path, Response *out)
{
	g_autofree char *path = take_path;
	g_autofree char *asked = route_plain(a->q->path, a->site->path);

	if (a->q->post || strcmp(asked, path + strlen(a->site->path)) == 0)
		return false;
	response_redirect(out, g_strconcat(path, "?", a->q->query, NULL));
	return true;
}

static char *
path_of(const Ask *a, const PageSearchAsk *p)
{
	if (p->list == NULL)
		return g_strconcat(a->site->path, "/all/", NULL);
	return pages_path(a, p->list, p->thread != NULL ? p->thread->key : NULL,
	    p->thread != NULL ? "t/" : "");
}

void
search_answer(const Ask *a, const StoreList *list, int64_t post, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) head = NULL;
	const char *q = request_arg(a->q, "q");
	g_autofree char *text =
	    q != NULL ? text_from_octets(q, strlen(q)) : g_strdup("");
	PageSearch p = {.ask = {.list = list, .q = g_strstrip(text)}};

	if (post != 0)
		head = store_head(a->store, post, &err);
	if (post != 0 && head == NULL) {
		pages_fail(a, err, out);
		return;
	}
	p.ask.thread = head;
	if (is_moved(a, path_of(a, &p.ask), out) || !read_args(a, &p.ask, out))
		return;
	if (g_strcmp0(p.ask.x, "m") == 0)
		answer_mbox(a, &p.ask, out);
	else if (!a->site->search)
		pages_say_no(a, 501, list, NULL, out);
	else if (p.ask.x != NULL && p.ask.q[0] != '\0')
		answer_feed(a, &p.ask, out);
	else
		answer_page(a, &p, out);
}
