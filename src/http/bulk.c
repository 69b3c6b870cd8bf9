/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bulk.h"

#include "base/clock.h"
#include "base/date.h"
#include "http/mbox.h"

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

/*
 * Whether the client has these months.  A month is as it was while it has as
 * many messages: a month that is over keeps its tag, whatever comes into
 * the list, unless older mail is imported.
 */
static bool
months_unchanged(
    const Ask *a, const StoreList *list, const GArray *months, Response *out)
{
	StoreList as_month = *list;
	const StoreList *one = list;

	if (months->len == 1) {
		as_month.n_messages =
		    g_array_index(months, StoreMonth, 0).n_messages;
		as_month.changed = 0;
		one = &as_month;
	}
	return pages_unchanged(a, &one, 1, out);
}

void
bulk_answer_mbox(
    const Ask *a, const StoreList *list, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *name =
	    r->year > 0
		? g_strdup_printf("%04d/%02d.mbox.gz", r->year, r->month)
		: g_strdup("all.mbox.gz");

	if (pages_moved(a, pages_path(a, list, NULL, name), out))
		return;
	g_autoptr(GArray) months = store_months(a->store, list->id, &err);

	if (months == NULL) {
		pages_fail(a, err, out);
		return;
	}
	choose_months(months, r);
	if (months->len == 0 && r->year > 0) {
		pages_not_found(a, list, out);
		return;
	}
	out->kind =
	    r->year > 0 && date_month_start(r->year, r->month + 1) < clock_now()
		? RESPONSE_FILE
		: RESPONSE_PAGE;
	if (months_unchanged(a, list, months, out))
		return;
	out->status = 200;
	out->type = "application/gzip";
	response_field(out, "Content-Disposition",
	    r->year > 0 ? g_strdup_printf(
			      "attachment; filename=\"%s-%04d-%02d.mbox.gz\"",
			      list->list_id, r->year, r->month)
			: g_strdup_printf("attachment; filename=\"%s.mbox.gz\"",
			      list->list_id));
	mbox_stream_months(
	    a->store, list->id, g_steal_pointer(&months), &out->stream);
}
