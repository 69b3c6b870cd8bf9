/* SPDX-License-Identifier: Apache-2.0 */
#include "http/message.h"

#include "archive/stream.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/here.h"
#include "http/near.h"
#include "http/original.h"
#include "http/query.h"
#include "http/search.h"
#include "http/thread.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

/* Fields --------------------------------------------------------------------
 */

void
message_name(const Wanted *w, const Head *h, Response *out)
{
	g_autofree char *url = g_strconcat(
	    w->ask->site->url, "/", w->list->list_id, "/", h->key, "/", NULL);
	unsigned char digest[DIGEST_BYTES];

	response_field(out, "Archived-At", g_strconcat("<", url, ">", NULL));
	response_field(
	    out, "Link", g_strconcat("<", url, ">; rel=\"canonical\"", NULL));
	if (h->id == NULL)
		return;
	permalink_digest_of_id(h->id, KEY_ID, digest);
	response_field(out, "Hashed-Message-ID-SHA256",
	    text_base32(digest, sizeof digest));
}

/* A message's page ------------------------------------------------------------
 */

/* Heads of those that have w's key too, or NULL. */
static GPtrArray *
read_sharing(const Wanted *w, GError **err)
{
	GPtrArray *heads =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_head_free);

	for (guint i = 1; i < w->found->hits->len; i++) {
		const StoreHit *hit =
		    &g_array_index(w->found->hits, StoreHit, i);
		Head *h = store_head(w->ask->store, hit->post, err);

		if (h == NULL) {
			g_ptr_array_unref(heads);
			return NULL;
		}
		g_ptr_array_add(heads, h);
	}
	return heads;
}

/* The Message-ID that the message of p answers, where its message is not in the
 * thread. */
static char *
lost_parent(const PageMessage *p)
{
	const ReadThread *t = p->thread;
	size_t row = p->row;
	const Head *h = p->msg->head;
	uint64_t id = h->n_refs > 0 ? h->refs[h->n_refs - 1] : 0;

	if (row != THREAD_GHOST) {
		size_t parent = g_array_index(t->rows, ThreadRow, row).parent;

		if (parent != THREAD_GHOST &&
		    read_thread_post(t, parent) != NULL)
			return NULL;
		if (parent != THREAD_GHOST)
			id = g_array_index(t->rows, ThreadRow, parent).id;
	}
	return id != 0 ? read_ancestor_id(p->fields, id) : NULL;
}

/* Load what the page of row's message names: the thread's first, what it
 * answers, those beside it, and answers to it, as many as are shown. */
static bool
load_near(Store *s, ReadThread *t, size_t row, GError **err)
{
	unsigned int n = 0;

	if (!read_thread_load(s, t, read_thread_first(t), err))
		return false;
	if (row == THREAD_GHOST)
		return true;
	const ThreadRow *r = &g_array_index(t->rows, ThreadRow, row);
	size_t prev = page_message_neighbour(t, row, false),
	       next = page_message_neighbour(t, row, true);

	if (!read_thread_load(s, t, prev, err) ||
	    !read_thread_load(s, t, next, err) ||
	    (r->parent != THREAD_GHOST &&
		!read_thread_load(s, t, r->parent, err)))
		return false;
	for (size_t i = row + 1; i < t->rows->len; i++) {
		const ThreadRow *c = &g_array_index(t->rows, ThreadRow, i);

		if (c->depth <= r->depth || n > PAGE_REPLIES)
			break;
		if (c->parent != row || read_thread_post(t, i) == NULL)
			continue;
		n++;
		if (!read_thread_load(s, t, i, err))
			return false;
	}
	return true;
}

static void
answer_header(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) h = store_head(w->ask->store, w->hit->post, &err);
	g_autoptr(GBytes) raw =
	    h == NULL ? NULL : stream_header(w->ask->store, h, &err);

	if (raw == NULL) {
		pages_fail(w->ask, err, out);
		return;
	}
	message_name(w, h, out);
	pages_html(out, 200, RESPONSE_PAGE);
	page_header(out->text, w->ask->site, w->list, h, raw);
}

static void
answer_message(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_unchanged(w->ask, &w->list, 1, out))
		return;
	if (request_arg(w->ask->q, "header") != NULL) {
		answer_header(w, out);
		return;
	}
	g_autoptr(ReadMsg) m = read_msg(w->ask->store, w->hit->post, &err);
	g_autoptr(ReadThread) t =
	    m == NULL ? NULL
		      : read_thread_order(w->ask->store, m->head->thread, &err);
	g_autoptr(GPtrArray) sharing = t == NULL ? NULL : read_sharing(w, &err);

	if (sharing == NULL ||
	    !store_author_id(w->ask->store, m->owned->from_addr,
		m->owned->author_id, &err) ||
	    !load_near(
		w->ask->store, t, read_thread_row(t, m->head->post), &err)) {
		pages_fail(w->ask, err, out);
		return;
	}
	g_auto(ReadFields) fields = {0};

	read_fields(m, &fields);
	message_name(w, m->head, out);
	PageMessage p = {.list = w->list,
	    .msg = m,
	    .fields = &fields,
	    .id_hash = response_value(out, "Hashed-Message-ID-SHA256"),
	    .thread = t,
	    .row = read_thread_row(t, m->head->post),
	    .sharing = sharing};
	g_autofree char *lost = lost_parent(&p);
	HtmlSite site = *w->ask->site;
	g_auto(Here) here = {0};

	here_init(&here, w);
	site.here = &here.hook;
	p.lost_parent = lost;
	pages_html(out, 200, RESPONSE_PAGE);
	page_message(out->text, &site, &p);
}

/* Which message
 * ----------------------------------------------------------------- */

/* What was looked for, and what was found. */
typedef struct {
	const Route *route; /* as it was read when something was found */
	RouteView view;     /* which is asked for */
	ReadLookup found;
	Route longer; /* what route is where the query is a part of it */
} Search;

static void
search_clear(Search *s)
{
	read_lookup_clear(&s->found);
	route_clear(&s->longer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static bool
look_up_id(const Ask *a, const StoreList *list, const char *id, Search *s,
    GError **err)
{
	read_lookup_clear(&s->found);
	return read_find_id(a->store, list, id, &s->found, err);
}

/* What the route of s names: a key comes first, then each Message-ID that
 * it may be. */
static bool
look_up(const Ask *a, const StoreList *list, Search *s, GError **err)
{
	const Route *r = s->route;

	s->view = r->view;
	if (r->kind != ROUTE_ID && route_is_key(r->name)) {
		if (!read_find_key(a->store, list, r->name, &s->found, err))
			return false;
		if (s->found.found != READ_NONE || r->kind == ROUTE_TOP)
			return true;
	}
	if (!look_up_id(a, list, r->name, s, err))
		return false;
	for (size_t i = 0; i < r->n_others && s->found.found == READ_NONE;
	     i++) {
		s->view = r->others[i].view;
		if (!look_up_id(a, list, r->others[i].id, s, err))
			return false;
	}
	return true;
}

/* Read the route of s once more, as one whose Message-ID has a "?" in it.
 * False if there is none, or the route is no such. */
static bool
take_query(const Ask *a, Search *s)
{
	const Route *r = s->route;

	if (a->q->query == NULL || r->kind == ROUTE_TOP)
		return false;
	g_autofree char *path = g_strconcat(a->q->path, "?", a->q->query, NULL);

	route_parse(path, a->site->path, &s->longer);
	s->route = &s->longer;
	return (s->longer.kind == ROUTE_NAME || s->longer.kind == ROUTE_ID) &&
	       g_strcmp0(s->longer.list, r->list) == 0;
}

static void
answer_choice(
    const Ask *a, const StoreList *list, const ReadLookup *found, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) heads = NULL;
	g_autoptr(GPtrArray) lists = NULL;

	if (!near_read_hits(
		a, found->hits, LIMIT_CHOICES, &heads, &lists, &err)) {
		pages_fail(a, err, out);
		return;
	}
	pages_html(out, 300, RESPONSE_PASSING);
	page_choice(out->text, a->site, list, heads, lists);
}

/*
 * One name, several messages.  A tool that asks for the mailbox gets the
 * threads of all.  Where b4 was told of /all/ below a path of ours, it asks
 * without the slash where an id leads, and goes on from there.
 */
static void
answer_several(
    const Ask *a, const StoreList *list, const Search *s, Response *out)
{
	const Route *r = s->route;

	if (s->view == ROUTE_MBOX) {
		query_answer_threads(a, s->found.hits, out);
	} else if (s->view == ROUTE_MESSAGE && list == NULL &&
		   r->list != NULL && !g_str_has_suffix(a->q->path, "/")) {
		GString *to = g_string_new(a->site->url);

		out_raw(to, "/");
		out_url(to, r->list);
		out_raw(to, "/");
		out_url(to, r->name);
		out_raw(to, "/");
		response_redirect(out, g_string_free(to, FALSE));
	} else {
		answer_choice(a, list, &s->found, out);
	}
}

static void
answer_view(const Wanted *w, RouteView view, Response *out)
{
	/* A POST asks for nothing else (http/pages). */
	if (w->ask->q->post || ((view == ROUTE_NESTED || view == ROUTE_FLAT) &&
				   search_is_asked(w->ask->q))) {
		search_answer(w->ask, w->list, w->hit->post, out);
		return;
	}
	/* With scheme and host: b4 makes the next URL of it that it asks for.
	 */
	if (view == ROUTE_MESSAGE && !route_is_key(w->route->name)) {
		response_redirect(
		    out, g_strconcat(w->ask->site->url, "/", w->list->list_id,
			     "/", w->hit->key, "/", NULL));
		return;
	}
	if (view != ROUTE_PART &&
	    pages_moved(w->ask,
		pages_path(w->ask, w->list, w->hit->key, route_suffix(view)),
		out))
		return;
	switch (view) {
	case ROUTE_MESSAGE:
		answer_message(w, out);
		break;
	case ROUTE_RAW:
		original_answer_raw(w, out);
		break;
	case ROUTE_NESTED:
	case ROUTE_FLAT:
		thread_answer(w, view == ROUTE_FLAT, out);
		break;
	case ROUTE_MBOX:
		thread_answer_mbox(w, MBOX_GZIP, out);
		break;
	case ROUTE_MBOX_ZSTD:
		thread_answer_mbox(w, MBOX_ZSTD, out);
		break;
	case ROUTE_ATOM:
		thread_answer_atom(w, out);
		break;
	case ROUTE_PART:
	case N_ROUTE_VIEWS:
	default:
		original_answer_part(w, out);
		break;
	}
}

/* Say when it was removed, which what failed for it did not. */
static void
answer_gone(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;
	int64_t removed = read_removed(w->ask->store, w->hit->post, &err);

	if (removed != 0)
		pages_gone(w->ask, w->list, removed, out);
}

void
message_answer(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(Search) s = {.route = r};
	g_autoptr(StoreList) its_list = NULL;

	if (!look_up(a, list, &s, &err) ||
	    (s.found.found == READ_NONE && take_query(a, &s) &&
		!look_up(a, list, &s, &err))) {
		pages_fail(a, err, out);
		return;
	}
	if (s.found.found == READ_NONE) {
		near_answer(a, list, r, out);
		return;
	}
	if (s.found.found == READ_CHOICE) {
		answer_several(a, list, &s, out);
		return;
	}
	const StoreHit *hit = &g_array_index(s.found.hits, StoreHit, 0);

	if (list == NULL)
		list = its_list = read_list_get(a->store, hit->list, &err);
	if (list == NULL) {
		pages_fail(a, err, out);
		return;
	}
	const Wanted w = {.ask = a,
	    .list = list,
	    .found = &s.found,
	    .hit = hit,
	    .route = s.route};

	answer_view(&w, s.view, out);
	if (out->status == 410)
		answer_gone(&w, out);
}
