/* SPDX-License-Identifier: Apache-2.0 */
#include "http/author.h"

#include "base/err.h"
#include "view/page.h"

/* Messages on a page. */
#define POSTS 100u

/* The message behind which the page begins, NULL for the newest; false, out
 * being the answer, where "after" is none of the author's in list. */
static bool
read_after(const Ask *a, const StoreList *list, const StoreAuthor *author,
    Head **than, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(ReadLookup) found = {0};
	const char *after = request_arg(a->q, "after");

	if (after == NULL)
		return true;
	if (!read_find_key(a->store, list, after, &found, &err)) {
		pages_fail(a, err, out);
		return false;
	}
	if (found.found == READ_ONE)
		*than = store_head(a->store,
		    g_array_index(found.hits, StoreHit, 0).post, NULL);
	if (*than != NULL && (*than)->author == author->author)
		return true;
	pages_say_no(a, 400, list,
	    html_word(a->site, "The parameter \xe2\x80\x9c"
			       "after\xe2\x80\x9d must be the key of a "
			       "message of this author."),
	    out);
	return false;
}

static void
answer(const Ask *a, PageAuthor *p, const Head *than, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) lists =
	    read_author_lists(a->store, p->author, &err);
	g_autoptr(GPtrArray) posts =
	    lists == NULL ? NULL
			  : store_author_posts(
				a->store, p->author, than, POSTS + 1, &err);

	g_autoptr(GArray) years =
	    posts == NULL ? NULL
			  : store_author_years(a->store, p->author, &err);

	if (years == NULL ||
	    !store_author_sum(a->store, p->author, &p->sum, &err)) {
		pages_fail(a, err, out);
		return;
	}
	p->more = posts->len > POSTS;
	if (p->more)
		g_ptr_array_set_size(posts, POSTS);
	if (posts->len == 0) {
		pages_not_found(a, p->list, out);
		return;
	}
	p->years = years;
	p->posts = posts;
	p->lists = lists;
	pages_html(out, 200, RESPONSE_PAGE);
	page_author(out->text, a->site, p);
}

StoreAuthor *
author_find(const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	StoreAuthor *author = read_author(a->store, list, r->name, &err);

	if (author != NULL)
		return author;
	if (g_error_matches(err, ERR, ERR_NOTFOUND))
		pages_not_found(a, list, out);
	else
		pages_fail(a, err, out);
	return NULL;
}

void
author_answer(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(Head) than = NULL;
	g_autoptr(StoreAuthor) author = author_find(a, list, r, out);

	if (author == NULL)
		return;
	g_autofree char *suffix = g_strconcat("author/", author->id, "/", NULL);
	PageAuthor p = {.list = list, .author = author};

	if (pages_moved(a, pages_path(a, list, NULL, suffix), out) ||
	    !read_after(a, list, author, &than, out))
		return;
	/* Its other lists change it, too. */
	g_autoptr(GPtrArray) all = pages_lists(a, out);

	if (all != NULL)
		answer(a, &p, than, out);
}
