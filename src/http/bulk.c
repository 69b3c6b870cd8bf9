/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bulk.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "http/mbox.h"
#include "http/near.h"
#include "http/range.h"

/* Mailboxes --------------------------------------------------------------- */

/* The days from whose first on, and before whose last, mail is wanted. */
typedef struct {
	bool some;
	int64_t from, to;
} Days;

/* Read the parameter name to *t, if it is there. */
static bool
read_day(const Ask *a, const char *name, Days *days, int64_t *t)
{
	const char *text = request_arg(a->q, name);

	days->some = days->some || text != NULL;
	return text == NULL || date_parse_day(text, t);
}

/* False, out being the answer, where the parameters are no days. */
static bool
read_days(const Ask *a, const StoreList *list, Days *out_days, Response *out)
{
	/* No mail is filed before the year 0, or behind 9999. */
	*out_days = (Days){
	    .from = date_month_start(0, 1), .to = date_month_start(10000, 1)};
	bool start = read_day(a, "start", out_days, &out_days->from);

	if (start && read_day(a, "end", out_days, &out_days->to))
		return true;
	pages_say_no(a, 400, list,
	    start ? html_word(a->site,
			"The parameter \xe2\x80\x9c"
			"end\xe2\x80\x9d must be a day, as 2024-05-31.")
		  : html_word(a->site,
			"The parameter \xe2\x80\x9cstart\xe2\x80\x9d must "
			"be a day, as 2024-05-31."),
	    out);
	return false;
}

/* Of months leave the one that r names, if it names one, and is there; of a
 * whole list those with any of days. */
static void
choose_months(GArray *months, const Route *r, const Days *days)
{
	for (guint i = months->len; i > 0; i--) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i - 1);
		bool named = m->year == r->year && m->month == r->month;
		bool within =
		    date_month_start(m->year, m->month) < days->to &&
		    date_month_start(m->year, m->month + 1) > days->from;

		if (r->year > 0 ? !named : !within)
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
	bool kept = !b->what.cut && mbox_find(&b->what, b->ask->keep, &size);
	bool ranged = !b->what.cut && q->range != NULL &&
		      range_stands(q->if_range, b->tag) &&
		      b->what.months->len > 0;

	if (ranged && !kept && fits(b))
		return mbox_stream_months(
		    b->ask->store, &b->what, b->ask->keep, 0, &out->work, err);
	name_box(b, out);
	if (!kept) {
		out->status = 200;
		if (b->ask->keep != NULL && !b->what.cut)
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

	Days days = {0};

	if (pages_moved(a, pages_path(a, list, NULL, name), out))
		return;
	if (r->year == 0 && !read_days(a, list, &days, out))
		return;
	g_autoptr(GArray) months = store_months(a->store, list->id, &err);

	if (months == NULL) {
		pages_fail(a, err, out);
		return;
	}
	choose_months(months, r, &days);
	if (months->len == 0 && r->year > 0) {
		near_answer_month(a, list, r, 0, out);
		return;
	}
	Box b = {.ask = a,
	    .list = list,
	    .route = r,
	    .what = {.list = list->id,
		.form = form,
		.months = months,
		.cut = days.some,
		.from = days.from,
		.to = days.to}};
	g_autofree char *tag = mbox_tag(&b.what);

	b.tag = tag;
	if (!box_unchanged(&b, out) && !answer_box(&b, out, &err))
		pages_fail(a, err, out);
}
