/* sqlite_backup.c - what is primary, from one store to another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "store/sqlite_private.h"

/* Put each row of rows into put, column by column. */
static bool
copy_rows(Sql *rows, Sql *put, GError **err)
{
	SqlStep step = SQL_DONE;

	while ((step = sql_step(rows, err)) == SQL_ROW) {
		sqlite3_stmt *to = put->stmt;
		int n = sqlite3_column_count(rows->stmt);

		for (int i = 0; to != NULL && i < n; i++)
			sqlite3_bind_value(
			    to, i + 1, sqlite3_column_value(rows->stmt, i));
		put->n_bound = n;
		if (!sql_run(put, err))
			return false;
		sqlite3_reset(to);
	}
	return step == SQL_DONE;
}

/* A number that text asks s for, whose one parameter, if any, is v. */
static bool
ask(Store *s, const char *text, int64_t v, int64_t *out, GError **err)
{
	g_auto(Sql) q = sql(s, text);

	*out = 0;
	if (q.stmt != NULL && sqlite3_bind_parameter_count(q.stmt) > 0)
		sql_int(&q, v);
	return sql_number(&q, out, err);
}

/* The same of both. */
static bool
ask_both(
    const StoreCopy *c, const char *text, int64_t v, bool *same, GError **err)
{
	int64_t from = 0, to = 0;

	if (!ask(c->from, text, v, &from, err) ||
	    !ask(c->to, text, v, &to, err))
		return false;
	*same = from == to;
	return true;
}

/* Beginning ---------------------------------------------------------------- */

/* Whether what text says of post, or at all, is the same in both. */
static bool
is_same(const StoreCopy *c, const char *text, int64_t post, bool *same,
    GError **err)
{
	g_auto(Sql) from = sql(c->from, text);
	g_auto(Sql) to = sql(c->to, text);
	g_autofree char *a = NULL, *b = NULL;

	sql_int(&from, post);
	sql_int(&to, post);
	if (sql_step(&from, err) == SQL_FAILED ||
	    sql_step(&to, err) == SQL_FAILED)
		return false;
	a = sql_dup(&from, 0);
	b = sql_dup(&to, 0);
	*same = g_strcmp0(a, b) == 0;
	return true;
}

bool
store_copy_begin(StoreCopy *c, GError **err)
{
	bool same = true;

	/* It is not to make dictionaries of its own. */
	c->to->trained = true;
	if (!ask(c->to, "SELECT max(id) FROM post", 0, &c->last, err))
		return false;
	if (c->last > 0 &&
	    (!is_same(c, "SELECT hex(bytes) FROM secret WHERE id > 0 * ?", 0,
		 &same, err) ||
		(same && !is_same(c,
			     "SELECT hex(key) || ' ' || list || ' ' || arrived "
			     "FROM post WHERE id = ?",
			     c->last, &same, err))))
		return false;
	return same || err_set(err, ERR_EXISTS,
			   "%s is no backup of %s, or has mail of its own",
			   c->to->path, c->from->path);
}

/* Bytes, unless another post brought them. */
static bool
copy_bytes(const StoreCopy *c, int64_t raw, GError **err)
{
	int64_t there = 0;

	if (!ask(c->to, "SELECT EXISTS (SELECT 1 FROM raw WHERE id = ?)", raw,
		&there, err))
		return false;
	if (there != 0)
		return true;

	g_auto(Sql) rows = sql(c->from,
	    "SELECT id, size, z FROM raw WHERE id >= ?1 AND id < coalesce("
	    "(SELECT min(id) FROM raw WHERE id > ?1 AND size IS NOT NULL), "
	    "9223372036854775807) ORDER BY id");
	g_auto(Sql) put =
	    sql(c->to, "INSERT INTO raw (id, size, z) VALUES (?, ?, ?)");

	sql_int(&rows, raw);
	return copy_rows(&rows, &put, err);
}

/* Lists, dictionaries, numbers --------------------------------------------- */

static bool
copy_table(
    const StoreCopy *c, const char *read, const char *write, GError **err)
{
	g_auto(Sql) rows = sql(c->from, read);
	g_auto(Sql) put = sql(c->to, write);

	if (rows.stmt != NULL && sqlite3_bind_parameter_count(rows.stmt) > 0)
		sql_int(&rows, c->last);
	return copy_rows(&rows, &put, err);
}

/* What is in the tray now may be posts since, or nothing. */
static bool
empty_tray(Store *to, GError **err)
{
	g_autoptr(GArray) all = store_tray(to, err);

	for (guint i = 0; all != NULL && i < all->len; i++)
		if (!store_tray_drop(
			to, &g_array_index(all, StoreTray, i), false, err))
			return false;
	return all != NULL;
}

static bool
copy_tray(const StoreCopy *c, GError **err)
{
	g_autoptr(GArray) all = store_tray(c->from, err);

	for (guint i = 0; all != NULL && i < all->len; i++)
		if (!copy_bytes(c, g_array_index(all, StoreTray, i).raw, err))
			return false;
	return all != NULL &&
	       copy_table(c, "SELECT id, raw, list, arrived, key FROM tray",
		   "INSERT INTO tray (id, raw, list, arrived, key) "
		   "VALUES (?, ?, ?, ?, ?)",
		   err);
}

bool
store_copy_lists(StoreCopy *c, GError **err)
{
	Store *to = c->to;
	g_auto(Sql) names = sql(to, "DELETE FROM list_name");

	g_assert(to->writing);
	to->has_secret = false;
	return empty_tray(to, err) &&
	       copy_table(c, "SELECT id, bytes FROM secret",
		   "INSERT OR REPLACE INTO secret VALUES (?, ?)", err) &&
	       copy_table(c, "SELECT id, policy, description FROM list",
		   "INSERT OR REPLACE INTO list (id, policy, description) "
		   "VALUES (?, ?, ?)",
		   err) &&
	       sql_run(&names, err) &&
	       copy_table(c, "SELECT name, list, kind FROM list_name",
		   "INSERT INTO list_name (name, list, kind) "
		   "VALUES (?, ?, ?)",
		   err) &&
	       copy_table(c, "SELECT n, id, bytes FROM dict",
		   "INSERT OR IGNORE INTO dict (n, id, bytes) "
		   "VALUES (?, ?, ?)",
		   err) &&
	       sql_load_dicts(to, err);
}

static bool
copy_numbers(StoreCopy *c, GError **err)
{
	g_auto(Sql) drop = sql(c->to, "DELETE FROM pipermail");
	bool same = false;

	if (!ask_both(c,
		"SELECT count(*) + sum(number * 31 + post) FROM pipermail "
		"WHERE post <= ?",
		c->last, &same, err))
		return false;
	return same || (sql_run(&drop, err) &&
			   copy_table(c,
			       "SELECT list, number, post FROM pipermail "
			       "WHERE post <= ?",
			       "INSERT INTO pipermail (list, number, post) "
			       "VALUES (?, ?, ?)",
			       err));
}

/* Posts ------------------------------------------------------------------- */

/* Whether there is any goes by the count, lest all are compared. */
static bool
copy_copies(StoreCopy *c, GError **err)
{
	g_auto(Sql) q =
	    sql(c->from, "SELECT post, message_id FROM copy WHERE post <= ?");
	SqlStep step = SQL_DONE;
	bool same = false;

	if (!ask_both(c, "SELECT count(*) FROM copy WHERE post <= ?", c->last,
		&same, err))
		return false;
	sql_int(&q, c->last);
	while (!same && (step = sql_step(&q, err)) == SQL_ROW) {
		g_autofree char *id = sql_dup(&q, 1);

		if (!store_put_copy(
			c->to, sqlite3_column_int64(q.stmt, 0), id, err))
			return false;
	}
	return step == SQL_DONE;
}

bool
store_copy_end(StoreCopy *c, GError **err)
{
	return copy_copies(c, err) && copy_numbers(c, err) && copy_tray(c, err);
}

/* Rows of a table that belong to post. */
static bool
copy_own(const StoreCopy *c, int64_t post, const char *read, const char *write,
    GError **err)
{
	g_auto(Sql) rows = sql(c->from, read);
	g_auto(Sql) put = sql(c->to, write);

	sql_int(&rows, post);
	return copy_rows(&rows, &put, err);
}

bool
store_copy_post(StoreCopy *c, int64_t post, GError **err)
{
	g_autoptr(GError) damage = NULL;
	int64_t raw = 0;

	if (!copy_own(c, post,
		"SELECT id, raw, list, kind, key, arrived, came FROM post "
		"WHERE id = ?",
		"INSERT INTO post (id, raw, list, kind, key, arrived, came) "
		"VALUES (?, ?, ?, ?, ?, ?, ?)",
		err) ||
	    !copy_own(c, post,
		"SELECT post, message_id FROM copy WHERE post = ?",
		"INSERT INTO copy (post, message_id) VALUES (?, ?)", err) ||
	    !copy_own(c, post,
		"SELECT post, at, date, ids, keys FROM gone WHERE post = ?",
		"INSERT INTO gone (post, at, date, ids, keys) "
		"VALUES (?, ?, ?, ?, ?)",
		err))
		return false;
	c->last = post;
	/* Where they can't be read the copy has as little of them. */
	if (ask(c->from, "SELECT raw FROM post WHERE id = ?", post, &raw,
		&damage) &&
	    copy_bytes(c, raw, &damage))
		return true;
	if (!c->to->doomed)
		return true;
	g_propagate_error(err, g_steal_pointer(&damage));
	return false;
}

GArray *
store_copy_gone(StoreCopy *c, GError **err)
{
	g_autoptr(GArray) posts = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_auto(Sql) q =
	    sql(c->from, "SELECT post FROM gone WHERE post <= ? ORDER BY 1");
	SqlStep step = SQL_DONE;

	sql_int(&q, c->last);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		int64_t post = sqlite3_column_int64(q.stmt, 0), there = 0;

		if (!ask(c->to,
			"SELECT EXISTS (SELECT 1 FROM gone WHERE post = ?)",
			post, &there, err))
			return NULL;
		if (there == 0)
			g_array_append_val(posts, post);
	}
	return step == SQL_DONE ? g_steal_pointer(&posts) : NULL;
}
