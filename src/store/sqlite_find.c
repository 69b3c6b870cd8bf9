/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Rows of the key table that one look-up reads: a post may have several
 * that fit, so more than the choices it gives. */
#define FIND_ROWS (INT64_C(8) * LIMIT_CHOICES)

/* Bits of the shortest prefix, and of a key. */
#define PREFIX_BITS ((size_t)5 * LIMIT_PREFIX_MIN)
#define KEY_BITS ((size_t)8 * KEY_BYTES)

/* The lowest and highest key that begin with n_bits of digest. */
typedef struct {
	unsigned char low[KEY_BYTES], high[KEY_BYTES];
} Range;

static Range
range_of(const unsigned char *digest, size_t n_bits)
{
	Range r;

	for (size_t i = 0; i < KEY_BYTES; i++) {
		size_t n = n_bits > 8 * i ? MIN(n_bits - 8 * i, 8) : 0;
		unsigned char mask = (unsigned char)(0xff00u >> n);

		r.low[i] = n == 0 ? 0 : digest[i] & mask;
		r.high[i] = r.low[i] | (unsigned char)~mask;
	}
	return r;
}

static void
bind_range(Sql *q, const Range *r, int64_t list)
{
	sql_blob(q, r->low, sizeof r->low);
	sql_blob(q, r->high, sizeof r->high);
	if (list != 0)
		sql_int(q, list);
}

/* Add a row of post, list, key, unless its post is there already. */
static void
add_hit(GArray *hits, Sql *q, bool permalink)
{
	StoreHit hit = {
	    .post = sqlite3_column_int64(q->stmt, 0),
	    .list = sqlite3_column_int64(q->stmt, 1),
	    .permalink = permalink,
	};

	for (guint i = 0; i < hits->len; i++)
		if (g_array_index(hits, StoreHit, i).post == hit.post)
			return;
	if (sqlite3_column_bytes(q->stmt, 2) != KEY_BYTES)
		return;
	permalink_key(sqlite3_column_blob(q->stmt, 2), hit.key);
	g_array_append_val(hits, hit);
}

static bool
add_hits(GArray *hits, Sql *q, bool permalink, GError **err)
{
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW)
		add_hit(hits, q, permalink);
	return step == SQL_DONE;
}

/* A permalink's exact key in one list is found, whoever else shares it;
 * the rest is read as far as the limits go. */
static gint
by_rank(gconstpointer left, gconstpointer right)
{
	const StoreHit *a = left, *b = right;

	if (a->permalink != b->permalink)
		return a->permalink ? -1 : 1;
	return a->post < b->post ? -1 : a->post > b->post;
}

/* Two statements, not one with "list = ? OR ? = 0": the plan of that one
 * would read every list's rows. */
static Sql
permalinks(Store *s, bool one_list)
{
	return one_list ? sql(s, "SELECT id, list, key FROM post WHERE "
				 "key BETWEEN ?1 AND ?2 AND list = ?3 "
				 "LIMIT ?4")
			: sql(s, "SELECT id, list, key FROM post WHERE "
				 "key BETWEEN ?1 AND ?2 LIMIT ?3");
}

static Sql
other_keys(Store *s, bool one_list)
{
	return one_list ? sql(s, "SELECT k.post, k.list, p.key FROM key k "
				 "JOIN post p ON p.id = k.post WHERE k.digest "
				 "BETWEEN ?1 AND ?2 AND k.list = ?3 LIMIT ?4")
			: sql(s, "SELECT k.post, k.list, p.key FROM key k "
				 "JOIN post p ON p.id = k.post WHERE k.digest "
				 "BETWEEN ?1 AND ?2 LIMIT ?3");
}

GArray *
store_find(Store *s, int64_t list, const unsigned char *digest, size_t n_bits,
    GError **err)
{
	g_autoptr(GArray) hits = g_array_new(FALSE, TRUE, sizeof(StoreHit));
	Range range = range_of(digest, n_bits);
	g_auto(Sql) first = permalinks(s, list != 0);
	g_auto(Sql) then = other_keys(s, list != 0);

	g_assert(n_bits >= PREFIX_BITS && n_bits <= KEY_BITS);
	bind_range(&first, &range, list);
	sql_int(&first, LIMIT_CHOICES);
	bind_range(&then, &range, list);
	sql_int(&then, FIND_ROWS);
	if (!add_hits(hits, &first, true, err) ||
	    !add_hits(hits, &then, false, err))
		return NULL;
	g_array_sort(hits, by_rank);
	if (hits->len > LIMIT_CHOICES)
		g_array_set_size(hits, LIMIT_CHOICES);
	return g_steal_pointer(&hits);
}

int64_t
store_find_permalink(Store *s, int64_t list,
    const unsigned char key[static KEY_BYTES], GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT id FROM post WHERE key = ? AND list = ?");
	int64_t post = 0;

	sql_blob(&q, key, KEY_BYTES);
	sql_int(&q, list);
	return sql_number(&q, &post, err) ? post : 0;
}

int64_t
store_find_same(Store *s, int64_t list, const StoreSame *what, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "WITH c (post) AS ("
	    "SELECT id FROM post WHERE key = ?1 AND list = ?2 AND kind = 2 "
	    "UNION ALL SELECT post FROM key "
	    "WHERE digest = ?1 AND list = ?2 AND kind = 2) "
	    "SELECT c.post FROM c WHERE ?3 OR CASE WHEN ?4 IS NULL THEN "
	    "NOT EXISTS (SELECT 1 FROM head WHERE post = c.post AND "
	    "message_id IS NOT NULL) ELSE "
	    "EXISTS (SELECT 1 FROM key WHERE digest = ?4 AND list = ?2 AND "
	    "kind = 0 AND post = c.post) OR EXISTS (SELECT 1 FROM post WHERE "
	    "id = c.post AND kind = 0 AND key = ?4) END LIMIT 1");
	int64_t post = 0;

	G_STATIC_ASSERT(KEY_ID == 0 && KEY_CONTENT == 2);
	sql_blob(&q, what->content, KEY_BYTES);
	sql_int(&q, list);
	sql_int(&q, what->dated);
	sql_blob(&q, what->id, what->id == NULL ? 0 : KEY_BYTES);
	return sql_number(&q, &post, err) ? post : 0;
}
