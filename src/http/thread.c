/* SPDX-License-Identifier: Apache-2.0 */
#include "http/thread.h"

#include "base/limits.h"
#include "base/log.h"
#include "view/atom.h"
#include "view/page.h"

/* Its thread ------------------------------------------------------------------
 */

static ReadThread *
thread_of(const Wanted *w, GError **err)
{
	g_autoptr(Head) h = store_head(w->ask->store, w->hit->post, err);

	return h == NULL ? NULL : read_thread(w->ask->store, h->thread, err);
}

/* The Message-ID of the ghost at row, from a message that answers it. */
static char *
ghost_id(const Wanted *w, const ReadThread *t, size_t row)
{
	uint64_t id = g_array_index(t->rows, ThreadRow, row).id;

	for (guint i = (guint)row + 1; i < t->rows->len; i++) {
		const Head *h = read_thread_head(t, i);

		if (g_array_index(t->rows, ThreadRow, i).parent != row ||
		    h == NULL)
			continue;
		g_autoptr(ReadMsg) m = read_msg_of(w->ask->store, h, NULL);

		return m != NULL ? read_ancestor_id(m, id) : NULL;
	}
	return NULL;
}

static void
write_row(const Wanted *w, const PageThread *p, size_t row, GString *o)
{
	const HtmlSite *site = w->ask->site;
	const Head *h = read_thread_head(p->thread, row);
	g_autoptr(GError) err = NULL;

	if (h == NULL) {
		g_autofree char *id = ghost_id(w, p->thread, row);

		page_thread_ghost(o, site, p, row, id);
		return;
	}
	if (o->len > LIMIT_PAGE_BYTES) {
		page_thread_left_out(o, site, p, row,
		    html_word(site,
			"This page is full: follow the date to read this "
			"message."));
		return;
	}
	g_autoptr(ReadMsg) m = read_msg_of(w->ask->store, h, &err);

	if (m != NULL) {
		page_thread_msg(o, site, p, row, m);
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

/* The rows that have a message, oldest first: Dated. */
static GArray *
rows_by_date(const ReadThread *t)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(Dated));

	for (guint i = 0; i < t->rows->len; i++) {
		const Head *h = read_thread_head(t, i);
		Dated d = {.date = h != NULL ? h->date : 0, .row = i};

		if (h != NULL)
			g_array_append_val(rows, d);
	}
	g_array_sort(rows, by_date);
	return rows;
}

/* Make room in o for about what t's messages will take. */
static void
make_room(const ReadThread *t, GString *o)
{
	uint64_t size = 0;
	size_t len = o->len;

	for (guint i = 0; i < t->heads->len; i++)
		size += ((const Head *)t->heads->pdata[i])->size;
	g_string_set_size(o, len + MIN(size + size / 8, LIMIT_PAGE_BYTES));
	g_string_truncate(o, len);
}

void
thread_answer(const Wanted *w, bool flat, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_unchanged(w->ask, &w->list, 1, out))
		return;
	g_autoptr(ReadThread) t = thread_of(w, &err);

	if (t == NULL) {
		pages_fail(w->ask, err, out);
		return;
	}
	g_autoptr(StoreThread) newer = NULL;
	g_autoptr(StoreThread) older = NULL;
	const Head *any = t->heads->pdata[0];

	if (!store_thread_neighbours(
		w->ask->store, any->thread, &newer, &older, &err)) {
		pages_fail(w->ask, err, out);
		return;
	}
	const PageThread p = {.list = w->list,
	    .thread = t,
	    .flat = flat,
	    .newer = newer,
	    .older = older};
	g_autoptr(GArray) dated = p.flat ? rows_by_date(t) : NULL;
	guint n = p.flat ? dated->len : t->rows->len;

	pages_html(out, 200, RESPONSE_PAGE);
	make_room(t, out->text);
	page_thread_begin(out->text, w->ask->site, &p);
	for (guint i = 0; i < n; i++)
		write_row(w, &p,
		    p.flat ? g_array_index(dated, Dated, i).row : i, out->text);
	page_thread_end(out->text, w->ask->site, &p);
}

void
thread_answer_atom(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;

	if (pages_unchanged(w->ask, &w->list, 1, out))
		return;
	g_autoptr(ReadThread) t = thread_of(w, &err);

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
		size_t row = g_array_index(dated, Dated, i - 1).row;
		g_autoptr(ReadMsg) m =
		    read_msg_of(w->ask->store, read_thread_head(t, row), NULL);

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
