/* SPDX-License-Identifier: Apache-2.0 */
#include "search/ask.h"

#include "base/err.h"

#include <string.h>

/* The forms, in GVariant's words. */
#define ASK_FORM "(usxmsubbuux)"
#define HIT_FORM "(xusa(uu))"
#define NOTE_FORM "(uumsms)"
#define COUNT_FORM "(ussu)"
#define REPLY_FORM "(uustbua" NOTE_FORM "a" HIT_FORM "a" COUNT_FORM ")"

void
search_ask_clear(SearchAsk *a)
{
	g_clear_pointer(&a->query, g_free);
	g_clear_pointer(&a->list, g_free);
}

/* Replies ----------------------------------------------------------------- */

static void
free_hit(gpointer hit)
{
	SearchHit *h = hit;

	g_free(h->passage);
	g_array_unref(h->marks);
	g_free(h);
}

static void
free_note(gpointer note)
{
	SearchNote *n = note;

	g_free(n->what);
	g_free(n->more);
	g_free(n);
}

static void
free_count(gpointer count)
{
	SearchCount *c = count;

	g_free(c->value);
	g_free(c->name);
	g_free(c);
}

SearchReply *
search_reply_new(uint32_t id, SearchStatus status)
{
	SearchReply *r = g_new0(SearchReply, 1);

	r->id = id;
	r->status = status;
	r->searched = g_strdup("");
	r->notes = g_ptr_array_new_with_free_func(free_note);
	r->hits = g_ptr_array_new_with_free_func(free_hit);
	r->counts = g_ptr_array_new_with_free_func(free_count);
	return r;
}

void
search_reply_free(SearchReply *r)
{
	if (r == NULL)
		return;
	g_free(r->searched);
	g_ptr_array_unref(r->notes);
	g_ptr_array_unref(r->hits);
	g_ptr_array_unref(r->counts);
	g_free(r);
}

SearchHit *
search_reply_add_hit(SearchReply *r, int64_t post, const char *passage)
{
	SearchHit *h = g_new0(SearchHit, 1);

	h->post = post;
	h->n_thread = 1;
	h->passage = g_strdup(passage);
	h->marks = g_array_new(FALSE, FALSE, sizeof(SearchMark));
	g_ptr_array_add(r->hits, h);
	return h;
}

void
search_reply_add_note(SearchReply *r, const SearchNote *note)
{
	SearchNote *n = g_memdup2(note, sizeof *note);

	n->what = g_strdup(note->what);
	n->more = g_strdup(note->more);
	g_ptr_array_add(r->notes, n);
}

void
search_reply_add_count(SearchReply *r, const SearchCount *count)
{
	SearchCount *c = g_memdup2(count, sizeof *count);

	c->value = g_strdup(count->value);
	c->name = g_strdup(count->name != NULL ? count->name : "");
	g_ptr_array_add(r->counts, c);
}

/* Packing ----------------------------------------------------------------- */

static GBytes *
pack(GVariant *take)
{
	g_autoptr(GVariant) v = g_variant_ref_sink(take);

	return g_variant_get_data_as_bytes(v);
}

GBytes *
search_ask_pack(const SearchAsk *a)
{
	return pack(g_variant_new(ASK_FORM, a->id, a->query, a->post, a->list,
	    (guint32)a->order, a->threads, a->bare, a->skip, a->n, a->now));
}

static void
add_hit(GVariantBuilder *b, const SearchHit *h)
{
	g_variant_builder_open(b, G_VARIANT_TYPE(HIT_FORM));
	g_variant_builder_add(b, "x", h->post);
	g_variant_builder_add(b, "u", h->n_thread);
	g_variant_builder_add(b, "s", h->passage);
	g_variant_builder_open(b, G_VARIANT_TYPE("a(uu)"));
	for (guint i = 0; i < h->marks->len; i++) {
		const SearchMark *m = &g_array_index(h->marks, SearchMark, i);

		g_variant_builder_add(b, "(uu)", m->off, m->len);
	}
	g_variant_builder_close(b);
	g_variant_builder_close(b);
}

GBytes *
search_reply_pack(const SearchReply *r)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(REPLY_FORM));
	g_variant_builder_add(&b, "u", r->id);
	g_variant_builder_add(&b, "u", (guint32)r->status);
	g_variant_builder_add(&b, "s", r->searched);
	g_variant_builder_add(&b, "t", r->n);
	g_variant_builder_add(&b, "b", r->about);
	g_variant_builder_add(&b, "u", r->n_seen);
	g_variant_builder_open(&b, G_VARIANT_TYPE("a" NOTE_FORM));
	for (guint i = 0; i < r->notes->len; i++) {
		const SearchNote *n = r->notes->pdata[i];

		g_variant_builder_add(
		    &b, NOTE_FORM, n->kind, n->at, n->what, n->more);
	}
	g_variant_builder_close(&b);
	g_variant_builder_open(&b, G_VARIANT_TYPE("a" HIT_FORM));
	for (guint i = 0; i < r->hits->len; i++)
		add_hit(&b, r->hits->pdata[i]);
	g_variant_builder_close(&b);
	g_variant_builder_open(&b, G_VARIANT_TYPE("a" COUNT_FORM));
	for (guint i = 0; i < r->counts->len; i++) {
		const SearchCount *c = r->counts->pdata[i];

		g_variant_builder_add(
		    &b, COUNT_FORM, (guint32)c->by, c->value, c->name, c->n);
	}
	g_variant_builder_close(&b);
	return pack(g_variant_builder_end(&b));
}

/* Unpacking --------------------------------------------------------------- */

/* len bytes as a value of form, or NULL with *err set. */
static GVariant *
unpack(const char *form, const void *bytes, size_t len, GError **err)
{
	/* In memory of its own: numbers must lie at their boundaries. */
	g_autoptr(GBytes) copy = g_bytes_new(bytes, len);
	g_autoptr(GVariant) v = g_variant_ref_sink(
	    g_variant_new_from_bytes(G_VARIANT_TYPE(form), copy, FALSE));

	if (len > ASK_BYTES || !g_variant_is_normal_form(v)) {
		err_set(err, ERR_SYNTAX, "%zu bytes are no search", len);
		return NULL;
	}
	return g_steal_pointer(&v);
}

bool
search_ask_unpack(SearchAsk *out, const void *bytes, size_t len, GError **err)
{
	g_autoptr(GVariant) v = unpack(ASK_FORM, bytes, len, err);
	gboolean threads = FALSE, bare = FALSE;
	guint32 order = 0;
	SearchAsk a = {0};

	if (v == NULL)
		return false;
	g_variant_get(v, ASK_FORM, &a.id, &a.query, &a.post, &a.list, &order,
	    &threads, &bare, &a.skip, &a.n, &a.now);
	if (order > SEARCH_OLDEST) {
		search_ask_clear(&a);
		return err_set(err, ERR_SYNTAX, "no such order: %u", order);
	}
	a.order = (SearchOrder)order;
	a.threads = threads;
	a.bare = bare;
	*out = a;
	return true;
}

/* Whether mark is within the passage and behind the marks before it. */
static bool
fits(const SearchHit *h, size_t len, const SearchMark *mark)
{
	const SearchMark *last =
	    h->marks->len > 0
		? &g_array_index(h->marks, SearchMark, h->marks->len - 1)
		: NULL;

	return mark->off <= len && mark->len <= len - mark->off &&
	       (last == NULL || mark->off >= last->off + last->len);
}

static void
read_hits(SearchReply *r, GVariantIter *hits)
{
	g_autoptr(GVariantIter) marks = NULL;
	const char *passage = NULL;
	gint64 post = 0;
	guint32 n = 0;

	while (g_variant_iter_loop(
	    hits, "(xu&sa(uu))", &post, &n, &passage, &marks)) {
		SearchHit *h = search_reply_add_hit(r, post, passage);
		size_t len = strlen(passage);
		SearchMark mark = {0};

		h->n_thread = n;
		while (g_variant_iter_next(marks, "(uu)", &mark.off, &mark.len))
			if (fits(h, len, &mark))
				g_array_append_val(h->marks, mark);
	}
	/* The loop has freed it. */
	marks = NULL;
}

static void
read_counts(SearchReply *r, GVariantIter *counts)
{
	const char *value = NULL, *name = NULL;
	guint32 by = 0, n = 0;

	while (
	    g_variant_iter_next(counts, "(u&s&su)", &by, &value, &name, &n)) {
		const SearchCount c = {
		    .by = (SearchBy)MIN(by, SEARCH_BY_AUTHOR),
		    .value = (char *)(uintptr_t)value,
		    .name = (char *)(uintptr_t)name,
		    .n = n,
		};

		search_reply_add_count(r, &c);
	}
}

static void
read_notes(SearchReply *r, GVariantIter *notes)
{
	const char *what = NULL, *more = NULL;
	SearchNote n = {0};

	while (g_variant_iter_next(
	    notes, "(uum&sm&s)", &n.kind, &n.at, &what, &more)) {
		n.what = (char *)(uintptr_t)what;
		n.more = (char *)(uintptr_t)more;
		search_reply_add_note(r, &n);
	}
}

SearchReply *
search_reply_unpack(const void *bytes, size_t len, GError **err)
{
	g_autoptr(GVariant) v = unpack(REPLY_FORM, bytes, len, err);
	g_autoptr(GVariantIter) notes = NULL;
	g_autoptr(GVariantIter) hits = NULL;
	g_autoptr(GVariantIter) counts = NULL;
	g_autoptr(SearchReply) r = NULL;
	guint32 id = 0, status = 0;
	gboolean about = FALSE;

	if (v == NULL)
		return NULL;
	r = search_reply_new(0, SEARCH_FAILED);
	g_clear_pointer(&r->searched, g_free);
	g_variant_get(v, REPLY_FORM, &id, &status, &r->searched, &r->n, &about,
	    &r->n_seen, &notes, &hits, &counts);
	r->id = id;
	r->status = (SearchStatus)MIN(status, SEARCH_FAILED);
	r->about = about;
	read_notes(r, notes);
	read_hits(r, hits);
	read_counts(r, counts);
	return g_steal_pointer(&r);
}
