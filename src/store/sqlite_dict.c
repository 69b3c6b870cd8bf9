/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Of one message no more than this is a sample: what follows is mostly
 * attachments, which have nothing in common with other mail. */
#define SAMPLE_BYTES 16384u

/* How many milliseconds the lock is waited for to keep a dictionary. */
#define TRAIN_TRIES 200

bool
sql_load_dicts(Store *s, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT bytes, n = (SELECT max(n) FROM dict) FROM dict");
	SqlStep step = SQL_DONE;

	while ((step = sql_step(&q, err)) == SQL_ROW) {
		g_autoptr(GBytes) dict =
		    g_bytes_new(sqlite3_column_blob(q.stmt, 0),
			(gsize)sqlite3_column_bytes(q.stmt, 0));
		bool use = s->mode == STORE_WRITE &&
			   sqlite3_column_int(q.stmt, 1) != 0;

		if (!pack_add_dict(s->pack, dict, use, err)) {
			err_prefix(err, "%s: ", s->path);
			return false;
		}
	}
	return step == SQL_DONE;
}

static bool
add_sample(
    Store *s, GByteArray *bytes, GArray *sizes, int64_t post, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) message = NULL;
	size_t len = 0;

	if (bytes->len + SAMPLE_BYTES > LIMIT_DICT_SAMPLE_BYTES)
		return true;
	message = store_raw(s, post, &why);
	if (message == NULL) {
		if (g_error_matches(why, ERR, ERR_NOTFOUND))
			return true;
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	len = MIN(g_bytes_get_size(message), SAMPLE_BYTES);
	if (len == 0)
		return true;
	g_byte_array_append(bytes, g_bytes_get_data(message, NULL), (guint)len);
	g_array_append_val(sizes, len);
	return true;
}

/* Every third of the newest LIMIT_DICT_MESSAGES messages, as far as they
 * fit, then those between. */
static GBytes *
train(Store *s, uint32_t *id)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(size_t));

	for (int64_t third = 0; third < 3; third++)
		for (int64_t i = third; i < LIMIT_DICT_MESSAGES; i += 3)
			if (!add_sample(
				s, bytes, sizes, s->last_post - i, NULL))
				return NULL;
	return pack_train(bytes, sizes, id);
}

static bool
put_dict(Store *s, GBytes *dict, uint32_t id, GError **err)
{
	g_auto(Sql) q = sql(s, "INSERT INTO dict (id, bytes) SELECT ?1, ?2 "
			       "WHERE NOT EXISTS (SELECT 1 FROM dict)");

	sql_int(&q, id);
	sql_blob(&q, g_bytes_get_data(dict, NULL), g_bytes_get_size(dict));
	return sql_run(&q, err);
}

static void
keep_dict(Store *s, GBytes *dict, uint32_t id)
{
	if (!store_begin(s, NULL))
		return;
	if (pack_has_dict(s->pack) || !put_dict(s, dict, id, NULL))
		store_rollback(s);
	else if (store_commit(s, NULL))
		(void)sql_load_dicts(s, NULL);
}

/* Whether there is mail to train on.  Training takes a quarter of a second:
 * a process that put little of it, as the LMTP server beside an import,
 * leaves it to the one that put more. */
static bool
is_enough(const Store *s)
{
	int64_t n = LIMIT_DICT_MESSAGES;

	return s->last_post >= (s->n_put >= n ? n : 2 * n);
}

/* Mail is kept with or without a dictionary, so nothing that goes wrong
 * here is an error: the next process tries again. */
void
sql_train(Store *s)
{
	g_autoptr(GBytes) dict = NULL;
	uint32_t id = 0;

	if (s->trained || pack_has_dict(s->pack) || !is_enough(s))
		return;
	s->trained = true;
	dict = train(s, &id);
	if (dict != NULL) {
		/* Whoever committed is waiting for us. */
		int tries = s->busy_tries;

		s->busy_tries = TRAIN_TRIES;
		keep_dict(s, dict, id);
		s->busy_tries = tries;
	}
}
