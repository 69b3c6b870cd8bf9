/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/tray.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "lmtp/reserve.h"

#include <string.h>

struct LmtpTray {
	Store *store;
	GPtrArray *kept;    /* Lying: their transactions are committed */
	GPtrArray *coming;  /* Lying, whose messages are the caller's still */
	LmtpReserve *names; /* of all of them */
	uint64_t bytes;     /* of those that are kept */
	int64_t since_ms;   /* of the first of them */
};

typedef struct {
	StoreTray at;
	IngestMsg *msg;
} Lying;

static void
lying_free(void *arg)
{
	Lying *l = arg;

	ingest_msg_free(l->msg);
	g_free(l);
}

LmtpTray *
lmtp_tray_new(Store *s)
{
	LmtpTray *t = g_new0(LmtpTray, 1);

	t->store = s;
	t->kept = g_ptr_array_new_with_free_func(lying_free);
	t->coming = g_ptr_array_new_with_free_func(g_free);
	t->names = lmtp_reserve_new();
	return t;
}

void
lmtp_tray_free(LmtpTray *t)
{
	if (t == NULL)
		return;
	g_ptr_array_unref(t->kept);
	g_ptr_array_unref(t->coming);
	lmtp_reserve_free(t->names);
	g_free(t);
}

size_t
lmtp_tray_n(const LmtpTray *t)
{
	return t->kept->len;
}

bool
lmtp_tray_is_full(const LmtpTray *t)
{
	return t->kept->len >= LIMIT_TRAY_MESSAGES ||
	       t->bytes >= LIMIT_TRAY_BYTES ||
	       (t->kept->len > 0 &&
		   clock_mono_ms() - t->since_ms >= LIMIT_TRAY_MS);
}

bool
lmtp_tray_has(
    const LmtpTray *t, int64_t list, const unsigned char key[static KEY_BYTES])
{
	return lmtp_reserve_owner(t->names, list, key) != NULL;
}

static void
keep(LmtpTray *t, Lying *l)
{
	if (t->kept->len == 0)
		t->since_ms = clock_mono_ms();
	t->bytes += g_bytes_get_size(l->msg->raw);
	g_ptr_array_add(t->kept, l);
}

void
lmtp_tray_keep(LmtpTray *t)
{
	while (t->coming->len > 0)
		keep(t, g_ptr_array_steal_index(t->coming, 0));
}

/* Laying ------------------------------------------------------------------ */

/* Hold the names by which m is told from others.  Returns false if one is
 * held for another. */
static bool
hold_names(LmtpTray *t, int64_t list, const IngestMsg *m)
{
	for (int k = KEY_ID; k <= KEY_CONTENT; k++)
		if (m->links.has[k] &&
		    !lmtp_reserve_take(t->names, list, m->links.digest[k], m))
			return false;
	return true;
}

bool
lmtp_tray_put(LmtpTray *t, const StoreList *list, IngestMsg *m,
    const unsigned char *asked, char key[static KEY_LEN + 1], GError **err)
{
	Lying *l = NULL;
	StoreTray at = {.list = list->id, .arrived = m->arrived};

	if (!hold_names(t, list->id, m) ||
	    ingest_ask(t->store, list, m, asked, key, err) != INGEST_STORED)
		return false;
	at.has_key = asked != NULL;
	if (asked != NULL)
		memcpy(at.key, asked, KEY_BYTES);
	if (!store_tray_add(t->store, &at, m->raw, m->msg->body_off, err))
		return false;
	l = g_new0(Lying, 1);
	l->at = at;
	l->msg = m;
	g_ptr_array_add(t->coming, l);
	return true;
}

bool
lmtp_tray_load(LmtpTray *t, GError **err)
{
	g_autoptr(GArray) all = store_tray(t->store, err);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const StoreTray *at = &g_array_index(all, StoreTray, i);
		g_autoptr(GError) why = NULL;
		g_autoptr(GBytes) raw = store_tray_raw(t->store, at, &why);
		Lying *l = NULL;

		if (raw == NULL) {
			log_error("%s", why->message);
			continue;
		}
		l = g_new0(Lying, 1);
		l->at = *at;
		l->msg = ingest_msg_new(raw, at->arrived);
		(void)hold_names(t, at->list, l->msg);
		keep(t, l);
	}
	return all != NULL;
}

/* Filing ------------------------------------------------------------------ */

static bool
file_one(LmtpTray *t, Lying *l, const StoreList *list, GError **err)
{
	const unsigned char *asked = l->at.has_key ? l->at.key : NULL;
	char key[KEY_LEN + 1] = "";
	IngestResult result;

	l->msg->raw_id = l->at.raw;
	result = ingest_put(t->store, list, l->msg, asked, key, err);
	/* An import has it since.  It was answered: it gets another. */
	if (result == INGEST_OCCUPIED)
		result = ingest_put(t->store, list, l->msg, NULL, key, err);
	return result != INGEST_FAILED &&
	       store_tray_drop(t->store, &l->at, result == INGEST_STORED, err);
}

/* File n of those that are kept, from the first on, or none; *culprit says
 * whether one of them is what failed. */
static bool
file_some(LmtpTray *t, guint n, bool *culprit, GError **err)
{
	g_autoptr(StoreList) list = NULL;
	bool ok = true;

	*culprit = false;
	if (!store_begin(t->store, err))
		return false;
	for (guint i = 0; i < n && ok; i++) {
		Lying *l = g_ptr_array_index(t->kept, i);

		if (list == NULL || list->id != l->at.list) {
			g_clear_pointer(&list, store_list_free);
			list = store_list_get(t->store, l->at.list, err);
		}
		ok = list != NULL && file_one(t, l, list, err);
	}
	if (ok)
		return store_commit(t->store, err);
	*culprit = true;
	store_rollback(t->store);
	return false;
}

static void
take_off(LmtpTray *t, guint n)
{
	g_ptr_array_remove_range(t->kept, 0, n);
	if (t->kept->len > 0)
		return;
	t->bytes = 0;
	lmtp_reserve_free(t->names);
	t->names = lmtp_reserve_new();
}

/* Each by itself, so that none stays for another's sake. */
static bool
file_each(LmtpTray *t, GError **err)
{
	while (t->kept->len > 0) {
		const Lying *l = g_ptr_array_index(t->kept, 0);
		g_autoptr(GError) why = NULL;
		bool culprit = false;

		if (!file_some(t, 1, &culprit, &why)) {
			if (!culprit || why->code != ERR_IO) {
				g_propagate_error(err, g_steal_pointer(&why));
				return false;
			}
			log_error("left on the tray: message=%" G_GINT64_FORMAT
				  ": %s",
			    l->at.id, why->message);
		}
		take_off(t, 1);
	}
	return true;
}

bool
lmtp_tray_file(LmtpTray *t, GError **err)
{
	g_autoptr(GError) why = NULL;
	bool culprit = false;

	g_ptr_array_set_size(t->coming, 0);
	if (t->kept->len == 0 || file_some(t, t->kept->len, &culprit, &why)) {
		log_debug("filed messages=%u", t->kept->len);
		take_off(t, t->kept->len);
		return true;
	}
	if (culprit && why->code == ERR_IO)
		return file_each(t, err);
	g_propagate_error(err, g_steal_pointer(&why));
	return false;
}
