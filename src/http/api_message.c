/* api_message.c - one message, its thread, and finding it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "http/api_private.h"
#include "http/near.h"
#include "mail/permalink.h"

#include <string.h>

/* Finding ----------------------------------------------------------------- */

/* The list of each of hits. */
static bool
read_lists_of(const Ask *a, const GArray *hits, GPtrArray *lists, GError **err)
{
	for (guint i = 0; i < hits->len; i++) {
		StoreList *l = read_list_get(
		    a->store, g_array_index(hits, StoreHit, i).list, err);

		if (l == NULL)
			return false;
		g_ptr_array_add(lists, l);
	}
	return true;
}

/* The head of each, and whose it is. */
static bool
read_heads_of(const Ask *a, const GArray *hits, GPtrArray *heads, GError **err)
{
	for (guint i = 0; i < hits->len; i++) {
		Head *h = store_head(
		    a->store, g_array_index(hits, StoreHit, i).post, err);

		if (h == NULL)
			return false;
		g_ptr_array_add(heads, h);
	}
	return api_name_heads(a, heads, err);
}

/* What name, a key or a Message-ID, led to. */
static void
answer_found(const Ask *a, const ReadLookup *found, const char *name,
    unsigned int status, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) heads =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_head_free);
	g_autoptr(GPtrArray) lists =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_list_free);

	if (found->found == READ_NONE) {
		g_auto(Near) near = {0};

		near_find(a, NULL, name, &near);
		api_say_near(
		    a, "No message has this name.", &near.page, NULL, out);
		return;
	}
	if (!read_lists_of(a, found->hits, lists, &err)) {
		api_fail(a, err, out);
		return;
	}
	const StoreList *const *made_of =
	    (const StoreList *const *)lists->pdata;

	if (status == 200 && pages_unchanged(a, made_of, lists->len, out))
		return;
	if (!read_heads_of(a, found->hits, heads, &err)) {
		api_fail(a, err, out);
		return;
	}
	json_doc_found(api_begin(out), a->site, found->found, heads, lists);
	out->status = status;
	out->kind = status == 200 ? RESPONSE_PAGE : RESPONSE_PASSING;
}

void
api_answer_find(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(ReadLookup) found = {0};
	const char *id = request_arg(q->a->q, "id");
	const char *key = request_arg(q->a->q, "key");
	bool ok = false;

	if ((id == NULL) == (key == NULL)) {
		api_say_no(q->a, 400, "id",
		    "One of \"id\", a Message-ID, and \"key\", a key, must be "
		    "there.",
		    out);
		return;
	}
	if (id != NULL &&
	    (id[0] == '\0' || strlen(id) > LIMIT_MESSAGE_ID_BYTES ||
		!g_utf8_validate(id, -1, NULL))) {
		api_say_no(q->a, 400, "id", "It must be a Message-ID.", out);
		return;
	}
	if (key != NULL && !route_is_key(key)) {
		api_say_no(q->a, 400, "key",
		    "It must be a key: base32 digits, eight of them or more.",
		    out);
		return;
	}
	ok = id != NULL ? read_find_id(q->a->store, NULL, id, &found, &err)
			: read_find_key(q->a->store, NULL, key, &found, &err);
	if (ok)
		answer_found(q->a, &found, id != NULL ? id : key, 200, out);
	else
		api_fail(q->a, err, out);
}

/*
 * The post that q's key leads to, 0 if out is the answer: a redirect to the
 * one URL of what it leads to.
 */
static int64_t
find_post(const Api *q, const char *what, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(ReadLookup) found = {0};

	if (!read_find_key(q->a->store, q->list, q->key, &found, &err)) {
		api_fail(q->a, err, out);
		return 0;
	}
	if (found.found == READ_NONE || found.found == READ_CHOICE) {
		answer_found(q->a, &found, q->key, 300, out);
		return 0;
	}
	const StoreHit *hit = &g_array_index(found.hits, StoreHit, 0);
	char *path = g_strdup_printf(
	    "/lists/%s/%s/%s", q->list->list_id, what, hit->key);

	return api_moved(q->a, path, out) ? 0 : hit->post;
}

/* Messages ---------------------------------------------------------------- */

/* Others of q's list that have m's key: Head. */
static GPtrArray *
read_sharing(const Api *q, const ReadMsg *m, GError **err)
{
	g_auto(ReadLookup) found = {0};
	GPtrArray *heads =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_head_free);

	if (!read_find_key(q->a->store, q->list, m->head->key, &found, err)) {
		g_ptr_array_unref(heads);
		return NULL;
	}
	for (guint i = 1; i < found.hits->len; i++) {
		Head *h = store_head(q->a->store,
		    g_array_index(found.hits, StoreHit, i).post, err);

		if (h == NULL) {
			g_ptr_array_unref(heads);
			return NULL;
		}
		g_ptr_array_add(heads, h);
	}
	return heads;
}

/* Whether post is one that h refers to. */
static bool
refers_to(const Head *h, const StoreThreadPost *post)
{
	for (size_t i = 0; post != NULL && i < h->n_refs; i++)
		if (h->refs[i] == post->id)
			return true;
	return false;
}

/* Load what the message of h, at row of t, is told of with: what it refers to,
 * what is beside it, and what answers it. */
static bool
load_near(const Api *q, ReadThread *t, const Head *h, size_t row, GError **err)
{
	bool known = row != THREAD_GHOST;
	size_t parent =
	    known ? g_array_index(t->rows, ThreadRow, row).parent : row;
	size_t prev = known ? page_message_neighbour(t, row, false) : row,
	       next = known ? page_message_neighbour(t, row, true) : row;

	for (size_t i = 0; i < t->rows->len; i++) {
		size_t of = g_array_index(t->rows, ThreadRow, i).parent;
		bool near = known && (i == parent || i == prev || i == next ||
					 of == row);

		if ((near || refers_to(h, read_thread_post(t, i))) &&
		    !read_thread_load_author(q->a->store, t, i, err))
			return false;
	}
	return true;
}

/* Say when the message was removed, where it was. */
static void
fail_message(const Api *q, int64_t post, const GError *err, Response *out)
{
	int64_t removed =
	    err->code == ERR_GONE ? read_removed(q->a->store, post, NULL) : 0;

	if (removed != 0)
		api_say_gone(q->a, err->message, removed, out);
	else
		api_fail(q->a, err, out);
}

void
api_answer_message(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	int64_t post = find_post(q, "messages", out);

	if (post == 0 || pages_unchanged(q->a, &q->list, 1, out))
		return;
	g_autoptr(ReadMsg) m = read_msg(q->a->store, post, &err);
	g_autoptr(ReadThread) t =
	    m == NULL ? NULL
		      : read_thread_order(q->a->store, m->head->thread, &err);
	g_autoptr(GPtrArray) sharing =
	    t == NULL ? NULL : read_sharing(q, m, &err);
	JsonMessage doc = {
	    .list = q->list, .msg = m, .thread = t, .sharing = sharing};

	if (sharing != NULL)
		doc.row = read_thread_row(t, m->head->post);
	if (sharing == NULL || !api_name_heads(q->a, sharing, &err) ||
	    !load_near(q, t, m->head, doc.row, &err) ||
	    !store_author_id(
		q->a->store, m->owned->from_addr, m->owned->author_id, &err)) {
		fail_message(q, post, err, out);
		return;
	}

	json_doc_message(api_begin(out), q->a->site, &doc);
}

/* The Message-ID of each row of t that is a ghost, of as many as one of its
 * pages may have: each is a message that is read. */
static GPtrArray *
read_ghosts(const Api *q, const ReadThread *t)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	size_t n = 0;

	for (guint i = 0; i < t->rows->len; i++) {
		bool ghost = read_thread_post(t, i) == NULL &&
			     read_thread_removed(t, i) == 0;

		g_ptr_array_add(
		    ids, ghost && n++ < LIMIT_THREAD_PAGE
			     ? read_thread_ghost_id(q->a->store, t, i)
			     : NULL);
	}
	return ids;
}

void
api_answer_thread(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreThread) newer = NULL;
	g_autoptr(StoreThread) older = NULL;
	int64_t post = find_post(q, "threads", out);

	if (post == 0 || pages_unchanged(q->a, &q->list, 1, out))
		return;
	g_autoptr(Head) h = store_head(q->a->store, post, &err);
	g_autoptr(ReadThread) t =
	    h == NULL ? NULL : read_thread(q->a->store, h->thread, &err);

	if (t == NULL || !api_name_heads(q->a, t->heads, &err) ||
	    !store_thread_neighbours(
		q->a->store, h->thread, &newer, &older, &err)) {
		fail_message(q, post, err, out);
		return;
	}
	g_autoptr(GPtrArray) ids = read_ghosts(q, t);
	const JsonThread doc = {.list = q->list,
	    .thread = t,
	    .ids = ids,
	    .newer = newer,
	    .older = older};

	json_doc_thread(api_begin(out), q->a->site, &doc);
}
