/* sqlite_remove.c - messages that an operator takes out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/err.h"
#include "mail/thread.h"
#include "store/sqlite_private.h"

#include <string.h>

/* The log is emptied while nobody reads it, and whoever does is waited for with
 * the writer's lock held: so many ms at a time, so that LMTP gets it between
 * two of so many times (pause: us). */
#define EMPTY_TRIES 300
#define EMPTY_TIMES 15
#define EMPTY_PAUSE_US 100000

/* A row of gone.keys. */
#define KEY_ROW (1 + KEY_BYTES)

/* What the tables have of a post that is to go. */
typedef struct {
	int64_t post, list, raw, date, size, thread, author;
} Going;

/* Reading ------------------------------------------------------------------ */

void
store_gone_free(StoreGone *g)
{
	if (g == NULL)
		return;
	g_array_unref(g->ids);
	g_byte_array_unref(g->keys);
	g_free(g);
}

static void
read_ids(Sql *q, int column, GArray *ids)
{
	const unsigned char *p = sqlite3_column_blob(q->stmt, column);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, column) / 8;

	for (size_t i = 0; p != NULL && i < n; i++) {
		uint64_t be = 0;

		memcpy(&be, p + 8 * i, sizeof be);
		be = GUINT64_FROM_BE(be);
		g_array_append_val(ids, be);
	}
}

/* The thread that the first known one of g's ids leads to. */
static bool
find_thread(Store *s, StoreGone *g, GError **err)
{
	uint64_t n = 0;

	for (guint i = 0; i < g->ids->len && g->thread == 0; i++) {
		uint64_t id = g_array_index(g->ids, uint64_t, i);

		if (id != 0 &&
		    !sql_thread_of_id(s, g->list, id, &g->thread, err))
			return false;
	}
	return g->thread == 0 ||
	       sql_thread_root(s, g->thread, &g->thread, &n, err);
}

StoreGone *
store_gone(Store *s, int64_t post, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT p.list, g.at, g.date, g.ids, g.keys FROM gone g "
		   "JOIN post p ON p.id = g.post WHERE g.post = ?");
	g_autoptr(StoreGone) g = NULL;
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(
		    err, ERR_NOTFOUND, "no message %" G_GINT64_FORMAT, post);
	if (step != SQL_ROW)
		return NULL;
	g = g_new0(StoreGone, 1);
	g->post = post;
	g->list = sqlite3_column_int64(q.stmt, 0);
	g->at = sqlite3_column_int64(q.stmt, 1);
	g->date = sqlite3_column_int64(q.stmt, 2);
	g->ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g->keys = g_byte_array_new();
	read_ids(&q, 3, g->ids);
	g_byte_array_append(g->keys, sqlite3_column_blob(q.stmt, 4),
	    (guint)sqlite3_column_bytes(q.stmt, 4));
	return find_thread(s, g, err) ? g_steal_pointer(&g) : NULL;
}

bool
store_gone_of_id(
    Store *s, int64_t thread, uint64_t id, int64_t *at, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT g.at FROM post p JOIN gone g ON g.post = p.id "
		   "WHERE p.key BETWEEN ?1 AND ?2 AND p.kind = 0 AND p.list = "
		   "(SELECT list FROM thread WHERE id = ?3)");
	unsigned char low[KEY_BYTES] = {0}, high[KEY_BYTES];
	uint64_t be = GUINT64_TO_BE(id);

	/* Both are the beginning of the same digest. */
	G_STATIC_ASSERT(KEY_ID == 0);
	memset(high, 0xff, sizeof high);
	memcpy(low, &be, sizeof be);
	memcpy(high, &be, sizeof be);
	sql_blob(&q, low, sizeof low);
	sql_blob(&q, high, sizeof high);
	sql_int(&q, thread);
	*at = 0;
	return sql_number(&q, at, err);
}

bool
store_any_gone(Store *s, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT max(post) FROM gone");
	int64_t post = 0;

	return sql_number(&q, &post, err) && post != 0;
}

bool
sql_no_message(Store *s, int64_t post, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT strftime('%Y-%m-%d', at, 'unixepoch') FROM gone "
		   "WHERE post = ?");
	g_autofree char *day = NULL;
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_FAILED)
		return false;
	if (step == SQL_DONE)
		return err_set(
		    err, ERR_NOTFOUND, "no message %" G_GINT64_FORMAT, post);
	day = sql_dup(&q, 0);
	return err_set(err, ERR_GONE,
	    "The archive's operator removed this message on %s.", day);
}

/* Its row ------------------------------------------------------------------ */

static void
add_key(GByteArray *keys, KeyKind kind, const unsigned char *digest)
{
	guint8 octet = (guint8)kind;

	g_byte_array_append(keys, &octet, 1);
	g_byte_array_append(keys, digest, KEY_BYTES);
}

static void
add_id(GByteArray *ids, const char *id)
{
	uint64_t be = GUINT64_TO_BE(id == NULL ? 0 : thread_id(id));

	g_byte_array_append(ids, (const guint8 *)&be, sizeof be);
}

static bool
put_gone(Store *s, const Going *g, const StoreDerived *d, KeyKind own,
    int64_t at, GError **err)
{
	g_autoptr(GPtrArray) copies = store_copies(s, g->post, err);
	g_autoptr(GByteArray) ids = g_byte_array_new();
	g_autoptr(GByteArray) keys = g_byte_array_new();
	g_auto(Sql) q = sql(s, "INSERT INTO gone (post, at, date, ids, keys) "
			       "VALUES (?, ?, ?, ?, ?)");

	if (copies == NULL)
		return false;
	for (int k = 0; k < N_KEYS; k++)
		if (d->links->has[k] && (KeyKind)k != own)
			add_key(keys, (KeyKind)k, d->links->digest[k]);
	add_id(ids, d->msg->id);
	for (size_t i = 0; i < d->msg->n_refs; i++)
		add_id(ids, d->msg->refs[i]);
	for (guint i = 0; i < copies->len; i++) {
		Permalinks links = {0};

		permalink_of_id(copies->pdata[i], &links);
		add_key(keys, KEY_ID, links.digest[KEY_ID]);
		add_key(keys, KEY_LEGACY, links.digest[KEY_LEGACY]);
		add_id(ids, copies->pdata[i]);
	}
	sql_int(&q, g->post);
	sql_int(&q, at);
	sql_int(&q, g->date);
	sql_blob(&q, ids->data, ids->len);
	sql_blob(&q, keys->len > 0 ? (const void *)keys->data : "", keys->len);
	return sql_run(&q, err);
}

/* What goes ---------------------------------------------------------------- */

/* Run text, whose parameters are numbers. */
static bool
run(Store *s, const char *text, const int64_t *v, size_t n, GError **err)
{
	g_auto(Sql) q = sql(s, text);

	for (size_t i = 0; i < n; i++)
		sql_int(&q, v[i]);
	return sql_run(&q, err);
}

bool
sql_drop_raw(Store *s, int64_t raw, GError **err)
{
	/* Pieces go on to the next row that has a size. */
	return run(s,
	    "DELETE FROM raw WHERE id >= ?1 AND id < coalesce("
	    "(SELECT min(id) FROM raw WHERE id > ?1 AND "
	    "size IS NOT NULL), 9223372036854775807) AND NOT EXISTS "
	    "(SELECT 1 FROM post WHERE raw = ?1)",
	    &raw, 1, err);
}

static bool
drop_bytes(Store *s, const Going *g, GError **err)
{
	const int64_t post[] = {g->post};

	return run(s, "DELETE FROM copy WHERE post = ?", post, 1, err) &&
	       run(s,
		   "INSERT OR IGNORE INTO raw (id, size, z) VALUES (0, 0, x'')",
		   NULL, 0, err) &&
	       run(s, "UPDATE post SET raw = 0 WHERE id = ?", post, 1, err) &&
	       sql_drop_raw(s, g->raw, err) &&
	       run(s, "DELETE FROM head WHERE post = ?", post, 1, err);
}

static bool
uncount_author(Store *s, const Going *g, GError **err)
{
	const int64_t who[] = {
	    g->author, g->list, date_day(g->date).year, g->thread};
	const int64_t thread[] = {g->thread, g->author};

	/* He may be gone after this. */
	g_hash_table_remove_all(s->authors);
	return run(s,
		   "UPDATE poster SET n = n - 1, n_threads = n_threads - "
		   "(year = 0 AND EXISTS (SELECT 1 FROM thread_author "
		   "WHERE thread = ?4 AND author = ?1 AND n = 1)) "
		   "WHERE author = ?1 AND list = ?2 AND year IN (0, ?3)",
		   who, 4, err) &&
	       run(s, "DELETE FROM poster WHERE author = ? AND n = 0", who, 1,
		   err) &&
	       run(s,
		   "UPDATE thread_author SET n = n - 1 WHERE thread = ? AND "
		   "author = ?",
		   thread, 2, err) &&
	       run(s,
		   "DELETE FROM thread_author WHERE thread = ? AND author = ? "
		   "AND n = 0",
		   thread, 2, err) &&
	       run(s,
		   "DELETE FROM author WHERE id = ?1 AND NOT EXISTS "
		   "(SELECT 1 FROM poster WHERE author = ?1)",
		   who, 1, err);
}

static bool
uncount_thread(Store *s, const Going *g, GError **err)
{
	const int64_t thread[] = {g->thread};

	return run(s,
		   "UPDATE thread SET n = n - 1, "
		   "n_authors = (SELECT count(*) FROM thread_author "
		   "WHERE thread = ?1), "
		   "first = coalesce((SELECT post FROM head WHERE thread = ?1 "
		   "ORDER BY date, post LIMIT 1), first), "
		   "first_date = coalesce((SELECT min(date) FROM head "
		   "WHERE thread = ?1), first_date), "
		   "last_date = coalesce((SELECT max(date) FROM head "
		   "WHERE thread = ?1), last_date) WHERE id = ?1",
		   thread, 1, err) &&
	       sql_tell_first(s, g->thread, err);
}

static bool
uncount(Store *s, const Going *g, GError **err)
{
	DateDay day = date_day(g->date);
	const int64_t month[] = {
	    g->list, 12 * day.year + day.month - 1, g_get_real_time()};
	const int64_t at[] = {g->list, sql_day(g->date)};
	const int64_t list[] = {g->list, g->size, g_get_real_time()};

	return uncount_author(s, g, err) && uncount_thread(s, g, err) &&
	       run(s,
		   "UPDATE month SET n = n - 1, "
		   "changed = max(changed + 1, ?3) WHERE list = ?1 AND ym = ?2",
		   month, 3, err) &&
	       run(s, "DELETE FROM month WHERE list = ? AND ym = ? AND n = 0",
		   month, 2, err) &&
	       run(s, "UPDATE day SET n = n - 1 WHERE list = ? AND day = ?", at,
		   2, err) &&
	       run(s, "DELETE FROM day WHERE list = ? AND day = ? AND n = 0",
		   at, 2, err) &&
	       run(s,
		   "UPDATE list_sum SET n = n - 1, bytes = bytes - ?2, "
		   "first_date = coalesce((SELECT min(date) FROM head "
		   "WHERE list = ?1), 0), "
		   "last_date = coalesce((SELECT max(date) FROM head "
		   "WHERE list = ?1), 0), "
		   "changed = max(changed + 1, ?3) WHERE list = ?1",
		   list, 3, err) &&
	       run(s, "DELETE FROM list_sum WHERE list = ? AND n = 0", list, 1,
		   err);
}

static bool
read_going(Store *s, int64_t post, Going *g, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT h.list, p.raw, h.date, h.size, h.thread, "
		   "coalesce(h.author, 0) FROM head h "
		   "JOIN post p ON p.id = h.post WHERE h.post = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		return sql_no_message(s, post, err);
	if (step == SQL_FAILED)
		return false;
	*g = (Going){.post = post,
	    .list = sqlite3_column_int64(q.stmt, 0),
	    .raw = sqlite3_column_int64(q.stmt, 1),
	    .date = sqlite3_column_int64(q.stmt, 2),
	    .size = sqlite3_column_int64(q.stmt, 3),
	    .thread = sqlite3_column_int64(q.stmt, 4),
	    .author = sqlite3_column_int64(q.stmt, 5)};
	return true;
}

bool
store_remove(Store *s, const StoreDerived *d, int64_t at, GError **err)
{
	bool own = false, ok = false;
	StorePost post = {0};
	Going g = {0};

	if (!sql_enter(s, &own, err))
		return false;
	ok = store_post(s, d->post, &post, err) &&
	     read_going(s, d->post, &g, err) &&
	     put_gone(s, &g, d, post.kind, at, err) && drop_bytes(s, &g, err) &&
	     uncount(s, &g, err);
	return sql_leave(s, own, ok, err);
}

bool
store_overwrite(Store *s, GError **err)
{
	return sql_script(s, "PRAGMA secure_delete = ON", err);
}

bool
store_checkpoint(Store *s)
{
	int tries = s->busy_tries, rc = SQLITE_BUSY;

	s->busy_tries = EMPTY_TRIES;
	for (int i = 0; i < EMPTY_TIMES && rc == SQLITE_BUSY; i++) {
		if (i > 0)
			g_usleep(EMPTY_PAUSE_US);
		rc = sqlite3_wal_checkpoint_v2(
		    s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	}
	s->busy_tries = tries;
	return rc == SQLITE_OK;
}

/* Checking and rebuilding ---------------------------------------------------
 */

static bool
put_key(Store *s, const StoreGone *g, const guint8 *row, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT OR IGNORE INTO key (digest, list, kind, post) "
		   "VALUES (?, ?, ?, ?)");

	sql_blob(&q, row + 1, KEY_BYTES);
	sql_int(&q, g->list);
	sql_int(&q, row[0]);
	sql_int(&q, g->post);
	return sql_run(&q, err);
}

bool
store_rebuild_gone(Store *s, const StoreGone *g, GError **err)
{
	const SqlPlace at = {
	    .list = g->list, .post = g->post, .date = g->date, .gone = true};

	g_assert(s->writing);
	for (guint i = 0; i + KEY_ROW <= g->keys->len; i += KEY_ROW)
		if (!put_key(s, g, g->keys->data + i, err))
			return false;
	return sql_unite(s, &at, g->ids, err) != 0;
}

static bool
has_key(Store *s, const StoreGone *g, const guint8 *row, int64_t *there,
    GError **err)
{
	g_auto(Sql) q = sql(s,
	    "SELECT EXISTS (SELECT 1 FROM key WHERE digest = ? AND list = ? "
	    "AND kind = ? AND post = ?)");

	sql_blob(&q, row + 1, KEY_BYTES);
	sql_int(&q, g->list);
	sql_int(&q, row[0]);
	sql_int(&q, g->post);
	return sql_number(&q, there, err);
}

bool
store_check_gone(Store *s, const StoreGone *g, uint64_t *n_keys,
    StoreFault *fault, void *arg, GError **err)
{
	bool whole = g->ids->len > 0 && g->keys->len % KEY_ROW == 0;

	for (guint i = 0; i + KEY_ROW <= g->keys->len; i += KEY_ROW) {
		int64_t there = 0;

		if (!has_key(s, g, g->keys->data + i, &there, err))
			return false;
		*n_keys += there != 0;
		whole = whole && there != 0;
	}
	if (!whole) {
		g_autofree char *what =
		    g_strdup_printf("message %" G_GINT64_FORMAT
				    ", which is gone: some of its names do "
				    "not lead to it",
			g->post);

		fault(arg, what);
	}
	return true;
}
