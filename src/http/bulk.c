/* SPDX-License-Identifier: Apache-2.0 */
#include "http/bulk.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "http/mbox.h"
#include "http/near.h"
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

/*
 * What tells the bytes of months from those that they had or will have: a
 * month's while no mail comes into it or goes, whatever comes into the list.
 * Times of change only grow, and so does their sum.
 */
static char *
tag_months(const StoreList *list, const GArray *months, MboxForm form)
{
	uint64_t n = 0, changed = 0;
	g_autofree char *version = mbox_version(form);

	for (guint i = 0; i < months->len; i++) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i);

		n += m->n_messages;
		changed += (uint64_t)m->changed;
	}
	return g_strdup_printf("%" G_GINT64_FORMAT "-%" G_GUINT64_FORMAT
			       "-%" G_GINT64_MODIFIER "x-%s",
	    list->id, n, changed, version);
}

/* Whether the client has months; sets the fields of what they are. */
static bool
months_unchanged(const Ask *a, const StoreList *list, const GArray *months,
    const Route *r, Response *out)
{
	g_autofree char *tag =
	    tag_months(list, months, r->zstd ? MBOX_ZSTD : MBOX_GZIP);
	int64_t changed = 0;

	for (guint i = 0; i < months->len; i++)
		changed =
		    MAX(changed, g_array_index(months, StoreMonth, i).changed);
	out->kind =
	    r->year > 0 && date_month_start(r->year, r->month + 1) < clock_now()
		? RESPONSE_FILE
		: RESPONSE_DATA;
	return response_unchanged(out, a->q, tag, changed / G_USEC_PER_SEC);
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
	if (months_unchanged(a, list, months, r, out))
		return;
	out->status = 200;
	out->type = mbox_type(form);
	if (r->year > 0)
		month[4] = '-';
	response_field(out, "Content-Disposition",
	    g_strdup_printf("attachment; filename=\"%s%s%s.mbox%s\"",
		list->list_id, r->year > 0 ? "-" : "", r->year > 0 ? month : "",
		mbox_suffix(form)));
	mbox_stream_months(
	    a->store, form, list->id, g_steal_pointer(&months), &out->stream);
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
			    "The parameter \xe2\x80\x9c"
			    "before\xe2\x80\x9d must be the key of a "
			    "message of this list.",
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

/* The message that m answers, if the list has it: its key goes to *key. */
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
	     i++) {
		g_autoptr(ReadMsg) m =
		    read_msg_of(a->store, heads->pdata[i], NULL);
		char parent[KEY_LEN + 1];

		if (m == NULL)
			continue;
		find_parent(a, list, m, parent);
		atom_entry(out->text, a->site, list,
		    parent[0] != '\0' ? parent : NULL, m);
	}
	atom_end(out->text);
}
