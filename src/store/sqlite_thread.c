/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "store/sqlite_private.h"

/*
 * Union and find: a thread that is united with another one keeps its row,
 * which says into which; the smaller goes into the larger, so that a post
 * moves at most log2(n) times and a chain of rows is as short.
 */
typedef struct {
	int64_t id, n, first, first_date, last_date, n_authors;
	int64_t told; /* the post that the row tells of */
} Thread;

static bool
read_thread(Store *s, int64_t id, Thread *t, int64_t *into, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "SELECT n, first, first_date, last_date, "
	    "n_authors, coalesce(into_thread, 0) FROM thread WHERE id = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, id);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		return err_set(err, ERR_IO,
		    "%s: thread %" G_GINT64_FORMAT " is missing", s->path, id);
	if (step == SQL_FAILED)
		return false;
	*t = (Thread){.id = id,
	    .n = sqlite3_column_int64(q.stmt, 0),
	    .first = sqlite3_column_int64(q.stmt, 1),
	    .first_date = sqlite3_column_int64(q.stmt, 2),
	    .last_date = sqlite3_column_int64(q.stmt, 3),
	    .n_authors = sqlite3_column_int64(q.stmt, 4)};
	t->told = t->first;
	*into = sqlite3_column_int64(q.stmt, 5);
	return true;
}

static bool
find_root(Store *s, int64_t id, Thread *t, GError **err)
{
	int64_t into = id;

	/* 64 steps would take 2^64 posts: a longer chain is a damaged one. */
	for (int i = 0; i < 64; i++) {
		if (!read_thread(s, into, t, &into, err))
			return false;
		if (into == 0)
			return true;
	}
	return err_set(err, ERR_IO,
	    "%s: thread %" G_GINT64_FORMAT " runs in a circle", s->path, id);
}

bool
sql_thread_root(
    Store *s, int64_t thread, int64_t *root, uint64_t *n, GError **err)
{
	Thread t;

	if (!find_root(s, thread, &t, err))
		return false;
	*root = t.id;
	*n = (uint64_t)t.n;
	return true;
}

bool
sql_thread_of_id(
    Store *s, int64_t list, uint64_t id, int64_t *thread, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT thread FROM thread_id WHERE list = ? AND id = ?");

	*thread = 0;
	sql_int(&q, list);
	sql_int(&q, (int64_t)id);
	return sql_number(&q, thread, err);
}

static bool
add_id(Store *s, int64_t list, uint64_t id, int64_t thread, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT OR IGNORE INTO thread_id (list, id, thread) "
		   "VALUES (?, ?, ?)");

	sql_int(&q, list);
	sql_int(&q, (int64_t)id);
	sql_int(&q, thread);
	return sql_run(&q, err);
}

/* Let t span what o does, which has messages. */
static void
take_dates(Thread *t, const Thread *o)
{
	t->last_date =
	    t->n > 0 ? MAX(t->last_date, o->last_date) : o->last_date;
	if (t->n > 0 &&
	    (o->first_date > t->first_date ||
		(o->first_date == t->first_date && o->first > t->first)))
		return;
	t->first = o->first;
	t->first_date = o->first_date;
}

static bool
write_thread(Store *s, const Thread *t, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "UPDATE thread SET n = ?, first = ?, first_date = ?, "
		   "last_date = ?, n_authors = ? WHERE id = ?");

	sql_int(&q, t->n);
	sql_int(&q, t->first);
	sql_int(&q, t->first_date);
	sql_int(&q, t->last_date);
	sql_int(&q, t->n_authors);
	sql_int(&q, t->id);
	return sql_run(&q, err);
}

static bool
move(Store *s, const Thread *from, Thread *to, GError **err)
{
	int64_t n_both = 0;
	g_auto(Sql) posts =
	    sql(s, "UPDATE head SET thread = ? WHERE thread = ?");
	g_auto(Sql) thread =
	    sql(s, "UPDATE thread SET n = 0, n_authors = 0, into_thread = ?, "
		   "key = NULL, subject = NULL, from_name = NULL, "
		   "from_addr = NULL WHERE id = ?");

	sql_int(&posts, to->id);
	sql_int(&posts, from->id);
	sql_int(&thread, to->id);
	sql_int(&thread, from->id);
	if (!sql_move_authors(s, from->id, to->id, &n_both, err))
		return false;
	to->n_authors += from->n_authors - n_both;
	return sql_run(&posts, err) && sql_run(&thread, err);
}

/* Unite other with *t, which may be none yet (id 0). */
static bool
join(Store *s, Thread *t, int64_t other, GError **err)
{
	Thread o;

	if (!find_root(s, other, &o, err))
		return false;
	if (t->id == 0) {
		*t = o;
		return true;
	}
	if (o.id == t->id)
		return true;
	if (o.n > t->n) {
		Thread swap = o;

		o = *t;
		*t = swap;
	}
	if (o.n > 0)
		take_dates(t, &o);
	t->n += o.n;
	return move(s, &o, t, err);
}

/* Bind what a thread tells of at's post: NULL where it is gone. */
static void
bind_first(Sql *q, const SqlPlace *at)
{
	const SqlTexts *t = at->texts;

	sql_blob(q, at->key, at->key != NULL ? KEY_BYTES : 0);
	sql_text(q, t != NULL ? t->subject : NULL);
	sql_text(q, t != NULL ? t->from_name : NULL);
	sql_text(q, t != NULL ? t->from_addr : NULL);
}

static bool
found(Store *s, const SqlPlace *at, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO thread "
		   "(id, list, n, first, first_date, last_date, n_authors, "
		   "key, subject, from_name, from_addr) "
		   "VALUES (?1, ?2, ?4, ?1, ?3, ?3, 0, ?5, ?6, ?7, ?8)");

	sql_int(&q, at->post);
	sql_int(&q, at->list);
	sql_int(&q, at->date);
	sql_int(&q, !at->gone);
	bind_first(&q, at);
	return sql_run(&q, err);
}

bool
sql_tell_first(Store *s, int64_t thread, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "UPDATE thread SET (key, subject, from_name, from_addr) = "
		   "(SELECT key, subject, from_name, from_addr FROM head "
		   "WHERE post = thread.first) WHERE id = ?");

	sql_int(&q, thread);
	return sql_run(&q, err);
}

/* Have t's row tell of its first post, which may be at's. */
static bool
tell_first(Store *s, const Thread *t, const SqlPlace *at, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "UPDATE thread SET key = ?, subject = ?, from_name = ?, "
		   "from_addr = ? WHERE id = ?");

	if (t->first == t->told)
		return true;
	if (t->first != at->post || at->texts == NULL)
		return sql_tell_first(s, t->id, err);
	bind_first(&q, at);
	sql_int(&q, t->id);
	return sql_run(&q, err);
}

int64_t
sql_unite(Store *s, const SqlPlace *at, const GArray *ids, GError **err)
{
	g_autofree bool *known = g_new0(bool, ids->len + 1);
	Thread t = {0};

	if (at->thread != 0 && !join(s, &t, at->thread, err))
		return 0;
	for (guint i = 0; i < ids->len; i++) {
		int64_t thread = 0;

		if (g_array_index(ids, uint64_t, i) == 0)
			continue;
		if (!sql_thread_of_id(s, at->list,
			g_array_index(ids, uint64_t, i), &thread, err) ||
		    (thread != 0 && !join(s, &t, thread, err)))
			return 0;
		known[i] = thread != 0;
	}
	if (t.id == 0) {
		t.id = at->post;
		if (!found(s, at, err))
			return 0;
	} else {
		if (at->thread == 0 && !at->gone) {
			const Thread one = {.first = at->post,
			    .first_date = at->date,
			    .last_date = at->date};

			take_dates(&t, &one);
			t.n++;
		}
		if (!write_thread(s, &t, err) || !tell_first(s, &t, at, err))
			return 0;
	}
	for (guint i = 0; i < ids->len; i++)
		if (g_array_index(ids, uint64_t, i) != 0 && !known[i] &&
		    !add_id(s, at->list, g_array_index(ids, uint64_t, i), t.id,
			err))
			return 0;
	return t.id;
}
