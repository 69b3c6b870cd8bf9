/* SPDX-License-Identifier: Apache-2.0 */
#include "http/query.h"

#include "base/err.h"
#include "base/limits.h"
#include "http/mbox.h"
#include "http/search.h"
#include "search/query.h"

#include <string.h>

/* Asking ------------------------------------------------------------------ */

/* Add the Message-ID that n asks for, if that is all that it does. */
static bool
add_id(GPtrArray *ids, const QueryNode *n)
{
	if (n->kind != QUERY_EXACT || n->field != QUERY_F_MID)
		return false;
	g_ptr_array_add(ids, g_strdup(n->text));
	return true;
}

GPtrArray *
query_ids(const char *query)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Query) q = query_parse(query, strlen(query), 0);

	if (q->root == NULL || q->notes->len > 0)
		return NULL;
	if (q->root->kind != QUERY_OR)
		return add_id(ids, q->root) ? g_steal_pointer(&ids) : NULL;
	const GPtrArray *any = q->root->children;

	if (any->len > LIMIT_QUERY_IDS)
		return NULL;
	for (guint i = 0; i < any->len; i++)
		if (!add_id(ids, any->pdata[i]))
			return NULL;
	return g_steal_pointer(&ids);
}

/* Gathering --------------------------------------------------------------- */

/* What is in the mailbox by now. */
typedef struct {
	GArray *posts;    /* StoreArrival */
	GHashTable *seen; /* threads, or posts: gint64 */
	bool threads;     /* not the messages alone that were found */
} Gathered;

static void
gathered_clear(Gathered *g)
{
	g_clear_pointer(&g->posts, g_array_unref);
	g_clear_pointer(&g->seen, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gathered, gathered_clear)

static void
gathered_init(Gathered *g, bool threads)
{
	g->posts = g_array_new(FALSE, FALSE, sizeof(StoreArrival));
	g->seen =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g->threads = threads;
}

/* Add the message of h, or all of its thread. */
static bool
gather_head(Store *s, const Head *h, Gathered *g, GError **err)
{
	gint64 what = g->threads ? h->thread : h->post;

	if (!g_hash_table_add(g->seen, g_memdup2(&what, sizeof what)))
		return true;
	if (!g->threads) {
		const StoreArrival one = {
		    .post = h->post, .arrived = h->arrived, .size = h->size};

		g_array_append_val(g->posts, one);
		return true;
	}
	g_autoptr(GArray) thread = store_thread_posts(s, h->thread, err);

	if (thread == NULL)
		return false;
	g_array_append_vals(g->posts, thread->data, thread->len);
	return true;
}

static bool
gather(Store *s, const StoreHit *hit, Gathered *g, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Head) h = store_head(s, hit->post, &why);

	if (g_error_matches(why, ERR, ERR_GONE))
		return true;
	if (h == NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	return gather_head(s, h, g, err);
}

static bool
gather_all(Store *s, const GArray *hits, Gathered *g, GError **err)
{
	for (guint i = 0; i < hits->len; i++)
		if (!gather(s, &g_array_index(hits, StoreHit, i), g, err))
			return false;
	return true;
}

/* Answering --------------------------------------------------------------- */

static void
send_mbox(const Ask *a, Gathered *g, const char *name, Response *out)
{
	out->status = 200;
	out->kind = RESPONSE_PASSING;
	out->type = "application/gzip";
	response_field(out, "Content-Disposition",
	    g_strdup_printf("attachment; filename=\"%s.mbox.gz\"", name));
	mbox_stream(
	    a->store, MBOX_GZIP, g_steal_pointer(&g->posts), &out->stream);
}

/* Answer with what was gathered; a 404 where that is nothing. */
static void
answer_gathered(const Ask *a, const StoreList *list, Gathered *g, Response *out)
{
	if (g->posts->len == 0)
		pages_not_found(a, list, out);
	else
		send_mbox(a, g, "results", out);
}

/* Whether whole threads are asked for. */
static bool
wants_threads(const Ask *a)
{
	return g_strcmp0(request_arg(a->q, "t"), "1") == 0;
}

bool
query_answer_ids(
    const Ask *a, const StoreList *list, const char *query, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(Gathered) g = {0};
	g_autoptr(GPtrArray) ids = query_ids(query);

	if (ids == NULL)
		return false;
	gathered_init(&g, wants_threads(a));
	for (guint i = 0; i < ids->len; i++) {
		g_auto(ReadLookup) found = {0};

		if (!read_find_id(
			a->store, list, ids->pdata[i], &found, &err) ||
		    (found.found != READ_NONE &&
			!gather_all(a->store, found.hits, &g, &err))) {
			pages_fail(a, err, out);
			return true;
		}
	}
	answer_gathered(a, list, &g, out);
	return true;
}

void
query_answer_found(const Ask *a, const StoreList *list,
    const SearchReply *found, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(Gathered) g = {0};
	g_auto(SearchHits) h = {0};

	if (!search_load(a, list, found, LIMIT_SEARCH_MBOX, &h, &err)) {
		pages_fail(a, err, out);
		return;
	}
	gathered_init(&g, wants_threads(a));
	for (guint i = 0;
	     i < h.hits->len && g.posts->len < LIMIT_SEARCH_MBOX_ALL; i++) {
		const Head *head = g_array_index(h.hits, PageSearchHit, i).head;

		if (!gather_head(a->store, head, &g, &err)) {
			pages_fail(a, err, out);
			return;
		}
	}
	answer_gathered(a, list, &g, out);
}

void
query_answer_threads(const Ask *a, const GArray *hits, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(Gathered) g = {0};

	gathered_init(&g, true);
	if (gather_all(a->store, hits, &g, &err))
		send_mbox(a, &g, g_array_index(hits, StoreHit, 0).key, out);
	else
		pages_fail(a, err, out);
}
