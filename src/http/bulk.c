/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bulk.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "http/mbox.h"
#include "http/near.h"
#include "http/range.h"
#include "view/atom.h"

/* Messages of one page of a feed. */
#define FEED_MESSAGES 50u

/* Mailboxes --------------------------------------------------------------- */

/* Of months leave the one that r names, if it names one, and is there. */
static void
choose_months(GArray *months, const Route *r)
{
	for (guint i = months->len; i > 0 && r->year > 0; i--) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i - 1);

		if (m->year != r->year || m->month != r->month)
			g_array_remove_index(months, i - 1);
	}
}

/* What of a mailbox a request asks for, and is to get. */
typedef struct {
	const Ask *ask;
	const StoreList *list;
	const Route *route;
	MboxMonths what;
	char *tag;
} Box;

/* Set the validators and the fields of what b is; true: the client has it. */
static bool
box_unchanged(const Box *b, Response *out)
{
	const Route *r = b->route;
	const GArray *months = b->what.months;
	int64_t changed = 0;

	for (guint i = 0; i < months->len; i++)
		changed =
		    MAX(changed, g_array_index(months, StoreMonth, i).changed);
	out->kind =
	    r->year > 0 && date_month_start(r->year, r->month + 1) < clock_now()
		? RESPONSE_FILE
		: RESPONSE_DATA;
	if (b->ask->keep != NULL)
		response_field(out, "Accept-Ranges", g_strdup("bytes"));
	return response_unchanged(
	    out, b->ask->q, b->tag, changed / G_USEC_PER_SEC);
}

static void
name_box(const Box *b, Response *out)
{
	const Route *r = b->route;
	g_autofree char *month =
	    r->year > 0 ? g_strdup_printf("-%04d-%02d", r->year, r->month)
			: g_strdup("");

	out->type = mbox_type(b->what.form);
	response_field(out, "Content-Disposition",
	    g_strdup_printf("attachment; filename=\"%s%s.mbox%s\"",
		b->list->list_id, month, mbox_suffix(b->what.form)));
}

/* Set out's body to size bytes of b from byte from on; size 0: all, and how
 * many they are is not known. */
static bool
send_box(
    const Box *b, uint64_t from, uint64_t size, Response *out, GError **err)
{
	int fd = size > 0 && b->what.months->len == 1
		     ? mbox_open(&b->what, b->ask->keep)
		     : -1;

	out->status = 200;
	if (fd >= 0) {
		out->file = (ResponseFile){
		    .open = true, .fd = fd, .from = from, .size = size};
		return true;
	}
	out->stream_size = size;
	return mbox_stream_months(
	    b->ask->store, &b->what, b->ask->keep, from, &out->stream, err);
}

/* Whether the range that q asks for is worth making all of b first: what
 * does not fit into the folder is not there afterwards. */
static bool
fits(const Box *b)
{
	uint64_t n = 0, bytes = 0;

	/* Mail becomes a quarter of its size, or less. */
	return !b->ask->q->again && b->ask->keep != NULL &&
	       store_count(b->ask->store, b->list->id, &n, &bytes, NULL) &&
	       bytes / 4 < keep_max(b->ask->keep);
}

/*
 * A part is that of a whole whose size is known: where some of it is not
 * kept, it is made first, and the request looked at again.
 */
static bool
answer_box(const Box *b, Response *out, GError **err)
{
	const Request *q = b->ask->q;
	uint64_t size = 0, first = 0, last = 0;
	bool kept = mbox_find(&b->what, b->ask->keep, &size);
	bool ranged = q->range != NULL && range_stands(q->if_range, b->tag) &&
		      b->what.months->len > 0;

	if (ranged && !kept && fits(b))
		return mbox_stream_months(
		    b->ask->store, &b->what, b->ask->keep, 0, &out->work, err);
	name_box(b, out);
	if (!ranged || !kept)
		return send_box(b, 0, size, out, err);
	switch (range_read(q->range, size, &first, &last)) {
	case RANGE_PART:
		response_field(out, "Content-Range",
		    g_strdup_printf("bytes %" G_GUINT64_FORMAT
				    "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
			first, last, size));
		if (!send_box(b, first, last - first + 1, out, err))
			return false;
		out->status = 206;
		return true;
	case RANGE_NONE:
		response_field(out, "Content-Range",
		    g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size));
		out->status = 416;
		return true;
	case RANGE_ALL:
	default:
		return send_box(b, 0, size, out, err);
	}
}

void
bulk_answer_mbox(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	const MboxForm form = r->zstd ? MBOX_ZSTD : MBOX_GZIP;
	g_autofree char *month =
	    g_strdup_printf("%04d/%02d", r->year, r->month);
	g_autofree char *name = g_strconcat(
	    r->year > 0 ? month : "all", ".mbox", mbox_suffix(form), NULL);

	if (pages_moved(a, pages_path(a, list, NULL, name), out))
		return;
	g_autoptr(GArray) months = store_months(a->store, list->id, &err);

	if (months == NULL) {
		pages_fail(a, err, out);
		return;
	}
	choose_months(months, r);
	if (months->len == 0 && r->year > 0) {
		near_answer_month(a, list, r, 0, out);
		return;
	}
	Box b = {.ask = a,
	    .list = list,
	    .route = r,
	    .what = {.list = list->id, .form = form, .months = months}};
	g_autofree char *tag = mbox_tag(&b.what);

	b.tag = tag;
	if (!box_unchanged(&b, out) && !answer_box(&b, out, &err))
		pages_fail(a, err, out);
}

/* Feeds -------------------------------------------------------------------- */

/* Heads of the page that is asked for, one more than it shows, newest first.
 * NULL with out being the answer. */
static GPtrArray *
read_feed(const Ask *a, const StoreList *list, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) than = NULL;
	g_auto(ReadLookup) found = {0};
	const char *before = request_arg(a->q, "before");
	GPtrArray *heads = NULL;

	if (before == NULL) {
		heads =
		    store_newest(a->store, list->id, FEED_MESSAGES + 1, &err);
	} else if (read_find_key(a->store, list, before, &found, &err)) {
		if (found.found == READ_NONE) {
			pages_say_no(a, 400, list,
			    html_word(a->site,
				"The parameter \xe2\x80\x9c"
				"before\xe2\x80\x9d must be the key of a "
				"message of this list."),
			    out);
			return NULL;
		}
		than = store_head(a->store,
		    g_array_index(found.hits, StoreHit, 0).post, &err);
		if (than != NULL)
			heads = store_older(
			    a->store, than, FEED_MESSAGES + 1, &err);
	}
	if (heads == NULL)
		pages_fail(a, err, out);
	return heads;
}

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

/* The message that m, which is whole, answers, if the list has it: its key
 * goes to *key. */
static void
find_parent(const Ask *a, const StoreList *list, const ReadMsg *m,
    char key[static KEY_LEN + 1])
{
	const Head *h = m->head;
	g_auto(ReadLookup) found = {0};
	g_autofree char *id =
	    h->n_refs > 0 ? read_ancestor_id(m, h->refs[h->n_refs - 1]) : NULL;

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

void
bulk_answer_feed(const Ask *a, const StoreList *list, Response *out)
{
	if (pages_moved(a, pages_path(a, list, NULL, "new.atom"), out))
		return;
	g_autoptr(GPtrArray) heads = read_feed(a, list, out);

	if (heads == NULL || pages_unchanged(a, &list, 1, out))
		return;
	const Head *last =
	    heads->len > FEED_MESSAGES ? heads->pdata[FEED_MESSAGES - 1] : NULL;
	const AtomPage page = {.list = list,
	    .newest = heads->len > 0 ? heads->pdata[0] : NULL,
	    .before = request_arg(a->q, "before"),
	    .next = last != NULL ? last->key : NULL};

	pages_html(out, 200, RESPONSE_PAGE);
	out->type = "application/atom+xml; charset=utf-8";
	atom_begin_list(out->text, a->site, &page);
	for (guint i = 0; i < MIN(heads->len, FEED_MESSAGES) &&
			  out->text->len <= LIMIT_PAGE_BYTES;
	     i++)
		write_entry(a, list, heads, i, out->text);
	atom_end(out->text);
}
