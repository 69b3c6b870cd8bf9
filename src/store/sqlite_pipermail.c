/* sqlite_pipermail.c - numbers that Pipermail had for messages. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite_private.h"

bool
store_put_number(
    Store *s, int64_t list, int64_t number, int64_t post, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "INSERT INTO pipermail (list, number, post) VALUES (?, ?, ?) "
	    "ON CONFLICT DO UPDATE SET post = excluded.post");

	sql_int(&q, list);
	sql_int(&q, number);
	sql_int(&q, post);
	return sql_run(&q, err);
}

int64_t
store_find_number(Store *s, int64_t list, int64_t number, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT post FROM pipermail WHERE list = ? AND number = ?");
	int64_t post = 0;

	sql_int(&q, list);
	sql_int(&q, number);
	return sql_number(&q, &post, err) ? post : 0;
}

GArray *
store_numbers(Store *s, int64_t post, GError **err)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_auto(Sql) q =
	    sql(s, "SELECT number FROM pipermail WHERE post = ? ORDER BY 1");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		int64_t number = sqlite3_column_int64(q.stmt, 0);

		g_array_append_val(numbers, number);
	}
	return step == SQL_DONE ? g_steal_pointer(&numbers) : NULL;
}
