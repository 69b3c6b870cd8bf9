/* sqlite_tray.c - messages that are no posts yet. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "store/sqlite_private.h"

#include <string.h>

bool
store_tray_add(
    Store *s, StoreTray *t, GBytes *raw, size_t body_off, GError **err)
{
	g_auto(Sql) q = sql(s, "INSERT INTO tray (raw, list, arrived, key) "
			       "VALUES (?, ?, ?, ?)");
	int64_t first = sql_put_raw(s, raw, body_off, err);

	sql_int(&q, first);
	sql_int(&q, t->list);
	sql_int(&q, t->arrived);
	sql_blob(&q, t->has_key ? t->key : NULL, t->has_key ? KEY_BYTES : 0);
	if (first == 0 || !sql_run(&q, err))
		return false;
	t->raw = first;
	t->id = sqlite3_last_insert_rowid(s->db);
	return true;
}

GArray *
store_tray(Store *s, GError **err)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(StoreTray));
	g_auto(Sql) q =
	    sql(s, "SELECT id, list, raw, arrived, key FROM tray ORDER BY id");
	SqlStep step = SQL_DONE;

	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreTray t = {.id = sqlite3_column_int64(q.stmt, 0),
		    .list = sqlite3_column_int64(q.stmt, 1),
		    .raw = sqlite3_column_int64(q.stmt, 2),
		    .arrived = sqlite3_column_int64(q.stmt, 3),
		    .has_key = sqlite3_column_bytes(q.stmt, 4) == KEY_BYTES};

		if (t.has_key)
			memcpy(
			    t.key, sqlite3_column_blob(q.stmt, 4), KEY_BYTES);
		g_array_append_val(all, t);
	}
	return step == SQL_DONE ? g_steal_pointer(&all) : NULL;
}

GBytes *
store_tray_raw(Store *s, const StoreTray *t, GError **err)
{
	GBytes *bytes = sql_read_raw(s, t->raw, NULL, err);

	if (bytes == NULL)
		err_prefix(err,
		    "%s: message %" G_GINT64_FORMAT " of the tray: ", s->path,
		    t->id);
	return bytes;
}

int64_t
store_tray_last(Store *s)
{
	g_auto(Sql) q =
	    sql(s, "SELECT arrived FROM tray ORDER BY id DESC LIMIT 1");
	int64_t arrived = 0;

	(void)sql_number(&q, &arrived, NULL);
	return arrived;
}

bool
store_tray_drop(Store *s, const StoreTray *t, bool is_post, GError **err)
{
	g_auto(Sql) q = sql(s, "DELETE FROM tray WHERE id = ?");

	sql_int(&q, t->id);
	return sql_run(&q, err) && (is_post || sql_drop_raw(s, t->raw, err));
}
