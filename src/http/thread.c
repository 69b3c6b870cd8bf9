/* SPDX-License-Identifier: Apache-2.0 */
#include "http/thread.h"

#include "base/limits.h"
#include "base/log.h"
#include "view/atom.h"
#include "view/page.h"

/* Its thread ------------------------------------------------------------------
 */

static ReadThread *
thread_of(const Wanted *w, bool whole, GError **err)
{
	Store *s = w->ask->store;
	g_autoptr(Head) h = store_head(s, w->hit->post, err);

	if (h == NULL)
		return NULL;
	return whole ? read_thread(s, h->thread, err)
		     : read_thread_order(s, h->thread, err);
}

static void
write_row(const Wanted *w, const PageThread *p, size_t row, GString *o)
{
	const HtmlSite *site = w->ask->site;
	const Head *h = read_thread_head(p->thread, row);
	g_autoptr(GError) err = NULL;

	if (h == NULL) {
		g_autofree char *id =
		    read_thread_ghost_id(w->ask->store, p->thread, row);

		page_thread_ghost(o, site, p, row, id);
		return;
	}
	const char *full = html_word(
	    site, "This page is full: follow the date to read this message.");
	size_t begun = o->len;

	if (begun > LIMIT_PAGE_BYTES) {
		page_thread_left_out(o, site, p, row, full);
		return;
	}
	g_autoptr(ReadMsg) m = read_body_of(w->ask->store, h, &err);

	if (m != NULL) {
		page_thread_msg(o, site, p, row, m);
		/* A text may become ten times as long. */
		if (o->len / 2 > LIMIT_PAGE_BYTES) {
			g_string_truncate(o, begun);
			page_thread_left_out(o, site, p, row, full);
		}
		return;
	}
	log_error("%s path=%s", err->message, w->ask->q->path);
	page_thread_left_out(o, site, p, row,
	    html_word(site,
		"This message cannot be shown: what the archive keeps of it "
		"is damaged."));
}

typedef struct {
	int64_t date;
	size_t row;
} Dated;

static gint
by_date(gconstpointer left, gconstpointer right)
{
	const Dated *a = left, *b = right;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The rows that have a message, oldest first: size_t. */
static GArray *
rows_by_date(const ReadThread *t)
{
	g_autoptr(GArray) dated = g_array_new(FALSE, FALSE, sizeof(Dated));
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(size_t));

	for (guint i = 0; i < t->rows->len; i++) {
		const StoreThreadPost *post = read_thread_post(t, i);
		Dated d = {.date = post != NULL ? post->date : 0, .row = i};

		if (post != NULL)
			g_array_append_val(dated, d);
	}
	g_array_sort(dated, by_date);
	for (guint i = 0; i < dated->len; i++)
		g_array_append_val(rows, g_array_index(dated, Dated, i).row);
	return rows;
}

/* All rows, as they are read: size_t. */
static GArray *
rows_nested(const ReadThread *t)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(size_t));

	for (size_t i = 0; i < t->rows->len; i++)
		g_array_append_val(rows, i);
	return rows;
}

/* Where in order each row stands, 0 for one that does not: size_t. */
static GArray *
places_of(const GArray *order, size_t n_rows)
{
	GArray *places = g_array_new(FALSE, TRUE, sizeof(size_t));

	g_array_set_size(places, (guint)n_rows);
	for (size_t i = 0; i < order->len; i++)
		g_array_index(places, size_t, g_array_index(order, size_t, i)) =
		    i;
	return places;
}

/* Make room in o for about what p's messages will take. */
static void
make_room(const PageThread *p, GString *o)
{
	uint64_t size = 0;
	size_t len = o->len;

	for (size_t i = p->from; i < p->to; i++) {
		const Head *h = read_thread_head(
		    p->thread, g_array_index(p->order, size_t, i));

		size += h != NULL ? h->size : 0;
	}
	g_string_set_size(o, len + MIN(size + size / 8, LIMIT_PAGE_BYTES));
	g_string_truncate(o, len);
}

static void
write_page(const Wanted *w, const PageThread *p, Response *out)
{
	pages_html(out, 200, RESPONSE_PAGE);
	make_room(p, out->text);
	page_thread_begin(out->text, w->ask->site, p);
	for (size_t i = p->from; i < p->to; i++)
		write_row(w, p, g_array_index(p->order, size_t, i), out->text);
	page_thread_end(out->text, w->ask->site, p);
}

/* The heads that the page needs besides those of its rows: the thread's
 * first, and what its rows answer. */
static bool
load_heads(Store *s, ReadThread *t, const PageThread *p, GError **err)
{
	if (t->posts->len <= LIMIT_THREAD_PAGE &&
	    !read_thread_load_all(s, t, err))
		return false;
	if (!read_thread_load(s, t, read_thread_first(t), err))
		return false;
	for (size_t i = p->from; i < p->to; i++) {
		size_t row = g_array_index(p->order, size_t, i);
		size_t up = g_array_index(t->rows, ThreadRow, row).parent;

		if (!read_thread_load_author(s, t, row, err) ||
		    (up != THREAD_GHOST && !read_thread_load(s, t, up, err)))
			return false;
	}
	/* What the first row's parent answers, and so on. */
	size_t row = g_array_index(p->order, size_t, p->from);

	while (row != THREAD_GHOST) {
		const ThreadRow *r = &g_array_index(t->rows, ThreadRow, row);

		if (r->depth < PAGE_TREE_DEPTH &&
		    !read_thread_load(s, t, row, err))
			return false;
		row = r->parent;
	}
	return true;
}

static void
answer_page(
    const Wanted *w, ReadThread *t, bool flat, uint64_t number, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreThread) newer = NULL;
	g_autoptr(StoreThread) older = NULL;
	g_autoptr(GArray) order = flat ? rows_by_date(t) : rows_nested(t);
	g_autoptr(GArray) place = places_of(order, t->rows->len);
	PageThread p = {.list = w->list,
	    .thread = t,
	    .flat = flat,
	    .order = order,
	    .place = place,
	    .from = (number - 1) * LIMIT_THREAD_PAGE};

	if (p.from >= order->len) {
		pages_not_found(w->ask, w->list, out);
		return;
	}
	p.to = MIN(p.from + LIMIT_THREAD_PAGE, order->len);
	if (!load_heads(w->ask->store, t, &p, &err) ||
	    !store_thread_neighbours(
		w->ask->store, t->thread, &newer, &older, &err)) {
		pages_fail(w->ask, err, out);
		return;
	}
	p.newer = newer;
	p.older = older;
	write_page(w, &p, out);
}

void
thread_answer(const Wanted *w, bool flat, Response *out)
{
	g_autoptr(GError) err = NULL;
	uint64_t number = 1;

	if (!pages_number(w->ask, w->list, &number, out) ||
	    pages_unchanged(w->ask, &w->list, 1, out))
		return;
	g_autoptr(ReadThread) t = thread_of(w, false, &err);

	if (t == NULL)
		pages_fail(w->ask, err, out);
	else
		answer_page(w, t, flat, number, out);
}

void
thread_answer_atom(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_unchanged(w->ask, &w->list, 1, out))
		return;
	g_autoptr(ReadThread) t = thread_of(w, true, &err);

	if (t == NULL) {
		pages_fail(w->ask, err, out);
		return;
	}
	g_autoptr(GArray) dated = rows_by_date(t);

	pages_html(out, 200, RESPONSE_PAGE);
	out->type = "application/atom+xml; charset=utf-8";
	atom_begin(out->text, w->ask->site, w->list, t);
	/* Newest first, as far as the page goes. */
	for (guint i = dated->len; i > 0 && out->text->len <= LIMIT_PAGE_BYTES;
	     i--) {
		size_t row = g_array_index(dated, size_t, i - 1);

		g_autoptr(ReadMsg) m =
		    read_body_of(w->ask->store, read_thread_head(t, row), NULL);

		if (m != NULL)
			atom_msg(out->text, w->ask->site, w->list, t, row, m);
	}
	atom_end(out->text);
}

void
thread_answer_mbox(const Wanted *w, MboxForm form, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_unchanged(w->ask, &w->list, 1, out))
		return;
	g_autoptr(Head) h = store_head(w->ask->store, w->hit->post, &err);
	GArray *posts =
	    h == NULL ? NULL
		      : store_thread_posts(w->ask->store, h->thread, &err);

	if (posts == NULL) {
		pages_fail(w->ask, err, out);
		return;
	}
	out->status = 200;
	out->type = mbox_type(form);
	response_field(out, "Content-Disposition",
	    g_strdup_printf("attachment; filename=\"%.8s.mbox%s\"", h->key,
		mbox_suffix(form)));
	mbox_stream(w->ask->store, form, posts, &out->stream);
}
