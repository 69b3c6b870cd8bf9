/* SPDX-License-Identifier: Apache-2.0 */
#include "http/feed.h"

#include "base/limits.h"
#include "http/author.h"
#include "view/atom.h"

/* Messages of one page. */
#define FEED_MESSAGES 50u

/* Bytes that one of patches takes: grown to, they were copied twice more. */
#define FEED_ROOM ((gsize)512 << 10)

/* The heads of a page ------------------------------------------------------ */

/* Those behind than, NULL for the newest, one more than a page shows. */
static GPtrArray *
read_heads(const Ask *a, const AtomPage *page, const Head *than, GError **err)
{
	if (page->author != NULL)
		return store_author_posts(
		    a->store, page->author, than, FEED_MESSAGES + 1, err);
	if (than == NULL)
		return store_newest(
		    a->store, page->list->id, FEED_MESSAGES + 1, err);
	return store_older(a->store, than, FEED_MESSAGES + 1, err);
}

/* The message that the page begins behind; false, out being the answer, if
 * it is not of this feed. */
static bool
read_before(const Ask *a, const AtomPage *page, Head **than, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_auto(ReadLookup) found = {0};

	if (page->before == NULL)
		return true;
	if (!read_find_key(a->store, page->list, page->before, &found, &err)) {
		pages_fail(a, err, out);
		return false;
	}
	if (found.found != READ_NONE)
		*than = store_head(a->store,
		    g_array_index(found.hits, StoreHit, 0).post, NULL);
	if (*than != NULL &&
	    (page->author == NULL || (*than)->author == page->author->author))
		return true;
	pages_say_no(a, 400, page->list,
	    html_word(a->site, "The parameter \xe2\x80\x9c"
			       "before\xe2\x80\x9d must be the key of a "
			       "message of this feed."),
	    out);
	return false;
}

/* Entries ------------------------------------------------------------------ */

/* The message of heads that h answers, or NULL. */
static const Head *
parent_among(const GPtrArray *heads, const Head *h)
{
	uint64_t up = h->n_refs > 0 ? h->refs[h->n_refs - 1] : 0;

	for (guint i = 0; up != 0 && i < heads->len; i++) {
		const Head *other = heads->pdata[i];

		if (other->id64 == up && other != h)
			return other;
	}
	return NULL;
}

/* The message that m, which is whole and has one, answers, if the list has it:
 * its key goes to *key. */
static void
find_parent(const Ask *a, const StoreList *list, const ReadMsg *m,
    char key[static KEY_LEN + 1])
{
	const Head *h = m->head;
	g_auto(ReadLookup) found = {0};
	g_auto(ReadFields) f = {0};

	read_fields(m, &f);
	g_autofree char *id = read_ancestor_id(&f, h->refs[h->n_refs - 1]);

	key[0] = '\0';
	if (id != NULL && read_find_id(a->store, list, id, &found, NULL) &&
	    found.found != READ_NONE)
		g_strlcpy(key, g_array_index(found.hits, StoreHit, 0).key,
		    KEY_LEN + 1);
}

/* The header is read of those alone whose answered message is not in the
 * feed itself: half of them. */
static void
write_entry(const Ask *a, const StoreList *list, const GPtrArray *heads,
    guint i, GString *o)
{
	const Head *h = heads->pdata[i], *up = parent_among(heads, h);
	bool whole = up == NULL && h->n_refs > 0;
	g_autoptr(ReadMsg) m = whole ? read_msg_of(a->store, h, NULL)
				     : read_body_of(a->store, h, NULL);
	char parent[KEY_LEN + 1] = "";

	if (m == NULL)
		return;
	if (whole)
		find_parent(a, list, m, parent);
	else if (up != NULL)
		g_strlcpy(parent, up->key, sizeof parent);
	atom_entry(o, a->site, list, parent[0] != '\0' ? parent : NULL, m);
}

/* Answering --------------------------------------------------------------- */

static void
write_feed(const Ask *a, AtomPage *page, const GPtrArray *heads, Response *out)
{
	guint n = MIN(heads->len, FEED_MESSAGES);
	const Head *last = heads->len > n ? heads->pdata[n - 1] : NULL;

	page->next = last != NULL ? last->key : NULL;
	for (guint i = 0; i < n; i++) {
		const Head *h = heads->pdata[i];

		page->updated = MAX(page->updated, h->arrived);
	}
	pages_html(out, 200, RESPONSE_PAGE);
	out->type = "application/atom+xml; charset=utf-8";
	g_string_set_size(out->text, FEED_ROOM - 1);
	g_string_truncate(out->text, 0);
	atom_begin_list(out->text, a->site, page);
	for (guint i = 0; i < n && out->text->len <= LIMIT_PAGE_BYTES; i++)
		write_entry(a, page->list, heads, i, out->text);
	atom_end(out->text);
}

/* Of a list, or of an author in it; takes path. */
static void
answer(const Ask *a, AtomPage *page, char *take_path, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) than = NULL;

	page->before = request_arg(a->q, "before");
	if (pages_moved(a, take_path, out) ||
	    !read_before(a, page, &than, out) ||
	    pages_unchanged(a, &page->list, 1, out))
		return;
	g_autoptr(GPtrArray) heads = read_heads(a, page, than, &err);

	if (heads == NULL)
		pages_fail(a, err, out);
	else
		write_feed(a, page, heads, out);
}

void
feed_answer_list(const Ask *a, const StoreList *list, Response *out)
{
	AtomPage page = {.list = list};

	answer(a, &page, pages_path(a, list, NULL, "new.atom"), out);
}

void
feed_answer_author(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(StoreAuthor) author = author_find(a, list, r, out);

	if (author == NULL)
		return;
	g_autofree char *suffix =
	    g_strconcat("author/", author->id, "/new.atom", NULL);
	AtomPage page = {.list = list, .author = author};

	answer(a, &page, pages_path(a, list, NULL, suffix), out);
}
