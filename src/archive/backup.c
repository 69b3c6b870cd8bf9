/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/backup.h"

#include "archive/ingest.h"
#include "archive/remove.h"
#include "base/err.h"

/* Messages of one transaction. */
#define STEP 500u

typedef struct {
	StoreCopy copy;
	const FsckHooks *hooks;
	BackupSum *sum;
	uint64_t n_all;
} Backup;

/* Removing ------------------------------------------------------------------
 */

static bool
remove_one(Backup *b, int64_t post, GError **err)
{
	g_autoptr(StoreGone) gone = store_gone(b->copy.from, post, err);
	g_autoptr(GPtrArray) heads =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_head_free);
	Head *head = NULL;
	bool overwritten = false;

	if (gone == NULL)
		return false;
	head = store_head(b->copy.to, post, err);
	if (head == NULL)
		return false;
	g_ptr_array_add(heads, head);
	if (!remove_messages(b->copy.to, heads, gone->at, &overwritten, err))
		return false;
	b->sum->n_removed++;
	return true;
}

static bool
remove_gone(Backup *b, GError **err)
{
	g_autoptr(GArray) posts = store_copy_gone(&b->copy, err);

	for (guint i = 0; posts != NULL && i < posts->len; i++)
		if (!remove_one(b, g_array_index(posts, int64_t, i), err))
			return false;
	return posts != NULL;
}

/* Copying ------------------------------------------------------------------ */

static bool
derive_gone(Store *to, int64_t post, GError **err)
{
	g_autoptr(StoreGone) gone = store_gone(to, post, err);

	return gone != NULL && store_rebuild_gone(to, gone, err);
}

static bool
derive(Backup *b, int64_t post, GError **err)
{
	Store *to = b->copy.to;
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) raw = store_raw(to, post, &why);
	g_autoptr(IngestMsg) m = NULL;
	StorePost row;

	if (g_error_matches(why, ERR, ERR_GONE))
		return derive_gone(to, post, err);
	if (raw == NULL) {
		b->hooks->fault(b->hooks->arg, why->message);
		return true;
	}
	if (!store_post(to, post, &row, err))
		return false;
	m = ingest_msg_new(raw, row.arrived);
	const StoreDerived d = {.post = post,
	    .msg = m->msg,
	    .links = &m->links,
	    .date = ingest_date(m->msg, row.came)};

	return store_rebuild_post(to, &d, err);
}

/* Copy some posts; *n is how many. */
static bool
copy_posts(Backup *b, guint *n, GError **err)
{
	GError *why = NULL;
	int64_t post = 0;

	for (*n = 0; *n < STEP; ++*n) {
		post = store_next(b->copy.from, 0, b->copy.last, &why);
		if (post == 0)
			break;
		if (!store_copy_post(&b->copy, post, err) ||
		    !derive(b, post, err))
			return false;
	}
	if (why != NULL)
		g_propagate_error(err, why);
	return why == NULL;
}

/* All that one transaction does, of one state of from. */
static bool
run_step(Backup *b, guint *n, GError **err)
{
	Store *to = b->copy.to;

	if (!store_copy_begin(&b->copy, err) || !remove_gone(b, err) ||
	    !store_begin(to, err))
		return false;
	/* Who else writes to it may have been quicker. */
	if (store_copy_begin(&b->copy, err) &&
	    store_copy_lists(&b->copy, err) && copy_posts(b, n, err) &&
	    store_copy_end(&b->copy, err))
		return store_commit(to, err);
	store_rollback(to);
	return false;
}

bool
backup_run(Store *from, Store *to, const FsckHooks *hooks, BackupSum *sum,
    GError **err)
{
	Backup b = {
	    .copy = {.from = from, .to = to}, .hooks = hooks, .sum = sum};
	uint64_t bytes = 0, n_there = 0;
	guint n = STEP;

	*sum = (BackupSum){0};
	if (!store_count(from, 0, &b.n_all, &bytes, err) ||
	    !store_count(to, 0, &n_there, &bytes, err))
		return false;
	b.n_all -= MIN(n_there, b.n_all);
	while (n == STEP) {
		bool ok = store_read_begin(from, err);

		if (!ok)
			return false;
		ok = run_step(&b, &n, err);
		store_read_end(from);
		if (!ok)
			return false;
		sum->n_copied += n;
		if (!hooks->progress(
			hooks->arg, sum->n_copied, MAX(b.n_all, sum->n_copied)))
			return err_set(err, ERR_BUSY, "stopped before the end");
	}
	return true;
}
