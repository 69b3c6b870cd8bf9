/* api_author.c - who wrote to a list, and what. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "http/api_private.h"

#include <string.h>

bool
api_name_heads(const Ask *a, GPtrArray *heads, GError **err)
{
	for (guint i = 0; i < heads->len; i++) {
		Head *h = heads->pdata[i];

		if (!store_author_id(a->store, h->from_addr, h->author_id, err))
			return false;
	}
	return true;
}

bool
api_name_threads(const Ask *a, GPtrArray *threads, GError **err)
{
	for (guint i = 0; i < threads->len; i++) {
		StoreThread *t = threads->pdata[i];

		if (!store_author_id(a->store, t->from_addr, t->author_id, err))
			return false;
	}
	return true;
}

void
api_answer_authors(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	const char *text = request_arg(q->a->q, "year");
	guint64 year = 0;
	ApiPage p;

	if (!api_read_page(q->a, 0, &p, out))
		return;
	if (text != NULL &&
	    !g_ascii_string_to_unsigned(text, 10, 1, 9999, &year, NULL)) {
		api_say_no(
		    q->a, 400, "year", "It must be a year, as in 2024.", out);
		return;
	}
	if (pages_unchanged(q->a, &q->list, 1, out))
		return;
	g_autoptr(GPtrArray) authors = store_top_authors(
	    q->a->store, q->list->id, (int)year, p.limit, &err);

	if (authors == NULL) {
		api_fail(q->a, err, out);
		return;
	}
	json_doc_authors(
	    api_begin(out), q->a->site, q->list, (int)year, authors);
}

/* The author whom q names; NULL if out is the answer: there is none, or a
 * redirect to his one URL, which ends in suffix. */
static StoreAuthor *
find_author(const Api *q, const char *suffix, Response *out)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	g_autoptr(GError) err = NULL;

	if (strlen(q->key) != AUTHOR_ID_LEN ||
	    strspn(q->key, digits) != AUTHOR_ID_LEN) {
		api_say_no(q->a, 400, "author",
		    "It must be an author's id: twelve base32 digits.", out);
		return NULL;
	}
	g_autoptr(StoreAuthor) author =
	    read_author(q->a->store, q->list, q->key, &err);

	if (author == NULL) {
		api_fail(q->a, err, out);
		return NULL;
	}
	char *path = g_strdup_printf(
	    "/lists/%s/authors/%s%s", q->list->list_id, author->id, suffix);

	return api_moved(q->a, path, out) ? NULL : g_steal_pointer(&author);
}

void
api_answer_author(const Api *q, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreAuthor) author = find_author(q, "", out);
	JsonAuthor doc = {.list = q->list, .author = author};

	if (author == NULL)
		return;
	/* His other lists change it, too. */
	g_autoptr(GPtrArray) all = pages_lists(q->a, out);

	if (all == NULL)
		return;
	g_autoptr(GPtrArray) lists =
	    read_author_lists(q->a->store, author, &err);

	g_autoptr(GArray) years =
	    lists == NULL ? NULL
			  : store_author_years(q->a->store, author, &err);

	if (years == NULL ||
	    !store_author_sum(q->a->store, author, &doc.sum, &err)) {
		api_fail(q->a, err, out);
		return;
	}
	doc.lists = lists;
	doc.years = years;
	json_doc_author(api_begin(out), q->a->site, &doc);
}

void
api_answer_author_messages(const Api *q, Response *out)
{
	g_autoptr(StoreAuthor) author = find_author(q, "/messages", out);

	if (author == NULL)
		return;
	g_autofree char *path =
	    g_strconcat("/authors/", author->id, "/messages", NULL);

	api_answer_heads(q, author, path, out);
}
