/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bulk.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "http/mbox.h"
#include "http/near.h"
#include "http/range.h"

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
	uint64_t size = 0, first = 0, n = 0;
	bool kept = mbox_find(&b->what, b->ask->keep, &size);
	bool ranged = q->range != NULL && range_stands(q->if_range, b->tag) &&
		      b->what.months->len > 0;

	if (ranged && !kept && fits(b))
		return mbox_stream_months(
		    b->ask->store, &b->what, b->ask->keep, 0, &out->work, err);
	name_box(b, out);
	if (!kept) {
		out->status = 200;
		if (b->ask->keep != NULL)
			response_field(out, "Accept-Ranges", g_strdup("bytes"));
		return send_box(b, 0, 0, out, err);
	}
	if (!range_choose(q, size, &first, &n, out))
		return true;
	return send_box(b, first, n, out, err);
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
