/* sqlite_list_read.c - what a list's pages are made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "store/order.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Months and their threads ------------------------------------------------ */

GArray *
store_range_posts(
    Store *s, int64_t list, int64_t from, int64_t to, GError **err)
{
	/* Not by thread, as the index has those of one second: threads are
	 * united, and the order is to stay. */
	g_auto(Sql) q =
	    sql(s, "SELECT h.post, p.arrived FROM head h "
		   "JOIN post p ON p.id = h.post "
		   "WHERE h.list = ? AND h.date >= ? AND h.date < ? "
		   "ORDER BY h.date, h.post");

	sql_int(&q, list);
	sql_int(&q, from);
	sql_int(&q, to);
	return sql_arrivals(&q, err);
}

bool
store_last_post(Store *s, int64_t *post, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT max(id) FROM post");

	return sql_number(&q, post, err);
}

GArray *
store_months(Store *s, int64_t list, GError **err)
{
	g_autoptr(GArray) months =
	    g_array_new(FALSE, FALSE, sizeof(StoreMonth));
	g_auto(Sql) q =
	    sql(s, "SELECT ym, n, changed FROM month WHERE list = ? "
		   "ORDER BY ym DESC");
	SqlStep step = SQL_DONE;

	sql_int(&q, list);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		int ym = sqlite3_column_int(q.stmt, 0);
		StoreMonth m = {
		    .year = ym / 12,
		    .month = ym % 12 + 1,
		    .n_messages = (uint64_t)sqlite3_column_int64(q.stmt, 1),
		    .changed = sqlite3_column_int64(q.stmt, 2),
		};

		g_array_append_val(months, m);
	}
	return step == SQL_DONE ? g_steal_pointer(&months) : NULL;
}

bool
store_month_counts(Store *s, int64_t list, int64_t ym, uint64_t *counts,
    size_t n, GError **err)
{
	int64_t first = ym - (int64_t)n + 1;
	g_auto(Sql) q = sql(s, "SELECT ym, n FROM month "
			       "WHERE list = ? AND ym BETWEEN ? AND ?");
	SqlStep step = SQL_DONE;

	memset(counts, 0, n * sizeof *counts);
	sql_int(&q, list);
	sql_int(&q, first);
	sql_int(&q, ym);
	while ((step = sql_step(&q, err)) == SQL_ROW)
		counts[sqlite3_column_int64(q.stmt, 0) - first] =
		    (uint64_t)sqlite3_column_int64(q.stmt, 1);
	return step == SQL_DONE;
}

GArray *
store_days(Store *s, int64_t list, int year, int month, GError **err)
{
	g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(StoreDay));
	g_auto(Sql) q =
	    sql(s, "SELECT day, n FROM day "
		   "WHERE list = ? AND day >= ? AND day < ? ORDER BY day");
	SqlStep step = SQL_DONE;

	sql_int(&q, list);
	sql_int(&q, sql_day(date_month_start(year, MAX(month, 1))));
	sql_int(
	    &q, sql_day(date_month_start(year, month == 0 ? 13 : month + 1)));
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		DateDay day =
		    date_day(sqlite3_column_int64(q.stmt, 0) * SQL_DAY_S);
		StoreDay d = {
		    .year = day.year,
		    .month = day.month,
		    .day = day.day,
		    .n_messages = (uint64_t)sqlite3_column_int64(q.stmt, 1),
		};

		g_array_append_val(days, d);
	}
	return step == SQL_DONE ? g_steal_pointer(&days) : NULL;
}

void
store_thread_free(StoreThread *t)
{
	if (t == NULL)
		return;
	g_free(t->subject);
	g_free(t->from_name);
	g_free(t->from_addr);
	g_free(t);
}

static void
free_thread(gpointer thread)
{
	store_thread_free(thread);
}

/* What queries for threads that take_first reads begin with. */
#define SQL_THREAD                                                             \
	"SELECT key, subject, from_name, from_addr, n, n_authors, id, "        \
	"first_date, last_date FROM thread "

/* What q's row says of a thread as a whole. */
static bool
take_first(Sql *q, StoreThread *t, GError **err)
{
	if (sqlite3_column_bytes(q->stmt, 0) != KEY_BYTES ||
	    (t->subject = sql_dup(q, 1)) == NULL ||
	    (t->from_name = sql_dup(q, 2)) == NULL ||
	    (t->from_addr = sql_dup(q, 3)) == NULL)
		return err_set(err, ERR_IO,
		    "%s: thread %" G_GINT64_FORMAT " has no first message",
		    q->s->path, t->thread);
	permalink_key(sqlite3_column_blob(q->stmt, 0), t->key);
	t->n_all = (uint64_t)sqlite3_column_int64(q->stmt, 4);
	t->n_authors = (uint64_t)sqlite3_column_int64(q->stmt, 5);
	return true;
}

static bool
read_first(Store *s, StoreThread *t, GError **err)
{
	g_auto(Sql) q = sql(s, SQL_THREAD "WHERE id = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, t->thread);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		return err_set(err, ERR_IO,
		    "%s: thread %" G_GINT64_FORMAT " is missing", s->path,
		    t->thread);
	return step == SQL_ROW && take_first(&q, t, err);
}

static bool
read_firsts(Store *s, const GPtrArray *threads, GError **err)
{
	for (guint i = 0; i < threads->len; i++)
		if (!read_first(s, threads->pdata[i], err))
			return false;
	return true;
}

/* The threads that q, thread and date from the newest on, names. */
static GPtrArray *
count_threads(Sql *q, GError **err)
{
	g_autoptr(GPtrArray) threads =
	    g_ptr_array_new_with_free_func(free_thread);
	g_autoptr(GHashTable) known =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW) {
		int64_t thread = sqlite3_column_int64(q->stmt, 0);
		StoreThread *t = g_hash_table_lookup(known, &thread);

		if (t == NULL) {
			t = g_new0(StoreThread, 1);
			t->thread = thread;
			t->last_date = sqlite3_column_int64(q->stmt, 1);
			g_ptr_array_add(threads, t);
			g_hash_table_insert(known, &t->thread, t);
		}
		t->first_date = sqlite3_column_int64(q->stmt, 1);
		t->n_messages++;
	}
	return step == SQL_DONE ? g_steal_pointer(&threads) : NULL;
}

GPtrArray *
store_threads(Store *s, const StoreRange *range, uint64_t *n_all, GError **err)
{
	g_autoptr(GPtrArray) threads = NULL;
	/* The index alone, in its order: that SQLite groups and sorts took
	 * 100 us more of a month with 113 threads. */
	g_auto(Sql) q = sql(s, "SELECT thread, date FROM head "
			       "WHERE list = ? AND date >= ? AND date < ? "
			       "ORDER BY date DESC, thread DESC");

	sql_int(&q, range->list);
	sql_int(&q, range->from);
	sql_int(&q, range->to);
	threads = count_threads(&q, err);
	if (threads == NULL)
		return NULL;
	uint64_t n = threads->len;
	bool sort =
	    range->order != STORE_BY_ACTIVITY && n <= LIMIT_SORTED_THREADS;

	if (sort) {
		if (!read_firsts(s, threads, err))
			return NULL;
		order_threads(threads, range->order);
	}

	if (range->skip > 0)
		g_ptr_array_remove_range(
		    threads, 0, (guint)MIN(range->skip, n));
	g_ptr_array_set_size(threads, (gint)MIN(threads->len, LIMIT_PAGE_ROWS));
	if (!sort && !read_firsts(s, threads, err))
		return NULL;
	*n_all = n;
	return g_steal_pointer(&threads);
}

/* Pages for crawlers ------------------------------------------------------- */

/* The rows of q, a key and a time, that range and n choose. */
static GArray *
read_pages(Sql *q, const StoreRange *range, size_t n, GError **err)
{
	g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(StorePage));
	SqlStep step = SQL_DONE;

	sql_int(q, range->list);
	sql_int(q, range->from);
	sql_int(q, range->to);
	sql_int(q, (int64_t)n);
	sql_int(q, (int64_t)range->skip);
	while ((step = sql_step(q, err)) == SQL_ROW) {
		StorePage page = {.at = sqlite3_column_int64(q->stmt, 1)};

		if (sqlite3_column_bytes(q->stmt, 0) == KEY_BYTES)
			permalink_key(
			    sqlite3_column_blob(q->stmt, 0), page.key);
		g_array_append_val(pages, page);
	}
	return step == SQL_DONE ? g_steal_pointer(&pages) : NULL;
}

GArray *
store_range_messages(Store *s, const StoreRange *range, size_t n, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT p.key, p.arrived FROM head h "
		   "JOIN post p ON p.id = h.post "
		   "WHERE h.list = ? AND h.date >= ? AND h.date < ? "
		   "ORDER BY h.date, h.post LIMIT ? OFFSET ?");

	return read_pages(&q, range, n, err);
}

GArray *
store_range_threads(Store *s, const StoreRange *range, size_t n, GError **err)
{
	/* "n > 0" is the index's. */
	g_auto(Sql) q =
	    sql(s, "SELECT p.key, t.last_date FROM thread t "
		   "JOIN post p ON p.id = t.first "
		   "WHERE t.list = ? AND t.last_date >= ? AND t.last_date < ? "
		   "AND t.into_thread IS NULL AND t.n > 0 AND t.n > 1 "
		   "ORDER BY t.last_date, t.id LIMIT ? OFFSET ?");

	return read_pages(&q, range, n, err);
}

/* Threads by activity ------------------------------------------------------ */

/* The thread of q's row. */
static StoreThread *
read_thread(Sql *q, GError **err)
{
	g_autoptr(StoreThread) t = g_new0(StoreThread, 1);

	t->thread = sqlite3_column_int64(q->stmt, 6);
	t->first_date = sqlite3_column_int64(q->stmt, 7);
	t->last_date = sqlite3_column_int64(q->stmt, 8);
	if (!take_first(q, t, err))
		return NULL;
	t->n_messages = t->n_all;
	return g_steal_pointer(&t);
}

GPtrArray *
store_threads_newest(Store *s, int64_t list, size_t n, GError **err)
{
	g_autoptr(GPtrArray) threads =
	    g_ptr_array_new_with_free_func(free_thread);
	g_auto(Sql) q = sql(s,
	    SQL_THREAD "WHERE list = ? AND into_thread IS NULL AND n > 0 "
		       "ORDER BY last_date DESC, id DESC LIMIT ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, list);
	sql_int(&q, (int64_t)MIN(n, LIMIT_PAGE_ROWS));
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreThread *t = read_thread(&q, err);

		if (t == NULL)
			return NULL;
		g_ptr_array_add(threads, t);
	}
	return step == SQL_DONE ? g_steal_pointer(&threads) : NULL;
}

GPtrArray *
store_threads_from(Store *s, const StorePlace *at, size_t n, GError **err)
{
	g_autoptr(GPtrArray) threads =
	    g_ptr_array_new_with_free_func(free_thread);
	g_auto(Sql) q =
	    at->oldest ? sql(s, SQL_THREAD
			     "WHERE list = ? AND into_thread IS NULL AND n > 0 "
			     "AND (last_date, id) > (?, ?) "
			     "ORDER BY last_date, id LIMIT ?")
		       : sql(s, SQL_THREAD
			     "WHERE list = ? AND into_thread IS NULL AND n > 0 "
			     "AND (last_date, id) < (?, ?) "
			     "ORDER BY last_date DESC, id DESC LIMIT ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, at->list);
	sql_int(&q, at->date);
	sql_int(&q, at->thread);
	sql_int(&q, (int64_t)MIN(n, LIMIT_PAGE_ROWS + 1));
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreThread *t = read_thread(&q, err);

		if (t == NULL)
			return NULL;
		g_ptr_array_add(threads, t);
	}
	return step == SQL_DONE ? g_steal_pointer(&threads) : NULL;
}

static gint
by_messages(gconstpointer left, gconstpointer right)
{
	const StoreThread *a = *(StoreThread *const *)left;
	const StoreThread *b = *(StoreThread *const *)right;

	if (a->n_messages != b->n_messages)
		return a->n_messages > b->n_messages ? -1 : 1;
	if (a->last_date != b->last_date)
		return a->last_date > b->last_date ? -1 : 1;
	return a->thread > b->thread ? -1 : a->thread < b->thread;
}

GPtrArray *
store_threads_active(
    Store *s, int64_t list, int64_t since, size_t n, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT thread, date FROM head "
		   "WHERE list = ? AND date >= ? ORDER BY date DESC LIMIT ?");
	g_autoptr(GPtrArray) threads = NULL;

	sql_int(&q, list);
	sql_int(&q, since);
	sql_int(&q, LIMIT_ACTIVE_MESSAGES);
	threads = count_threads(&q, err);
	if (threads == NULL)
		return NULL;
	g_ptr_array_sort(threads, by_messages);
	g_ptr_array_set_size(
	    threads, (gint)MIN(threads->len, MIN(n, LIMIT_PAGE_ROWS)));
	if (!read_firsts(s, threads, err))
		return NULL;
	return g_steal_pointer(&threads);
}

/* Where a thread stands among those of its list. */
typedef struct {
	int64_t list, last_date, thread;
} Place;

static bool
read_place(Store *s, int64_t thread, Place *at, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT list, last_date FROM thread WHERE id = ?");
	SqlStep step = SQL_DONE;
	uint64_t n = 0;

	if (!sql_thread_root(s, thread, &at->thread, &n, err))
		return false;
	sql_int(&q, at->thread);
	step = sql_step(&q, err);
	if (step != SQL_ROW)
		return step == SQL_DONE &&
		       err_set(err, ERR_NOTFOUND, "no such thread");
	at->list = sqlite3_column_int64(q.stmt, 0);
	at->last_date = sqlite3_column_int64(q.stmt, 1);
	return true;
}

/* The thread next to at: *out is NULL if there is none. */
static bool
read_next(Sql *q, const Place *at, StoreThread **out, GError **err)
{
	SqlStep step = SQL_DONE;

	sql_int(q, at->list);
	sql_int(q, at->last_date);
	sql_int(q, at->thread);
	step = sql_step(q, err);
	if (step == SQL_ROW)
		*out = read_thread(q, err);
	return step == SQL_DONE || *out != NULL;
}

bool
store_thread_neighbours(Store *s, int64_t thread, StoreThread **newer,
    StoreThread **older, GError **err)
{
	g_auto(Sql) up = sql(s,
	    SQL_THREAD "WHERE list = ? AND into_thread IS NULL AND n > 0 "
		       "AND (last_date, id) > (?, ?) "
		       "ORDER BY last_date, id LIMIT 1");
	g_auto(Sql) down = sql(s,
	    SQL_THREAD "WHERE list = ? AND into_thread IS NULL AND n > 0 "
		       "AND (last_date, id) < (?, ?) "
		       "ORDER BY last_date DESC, id DESC LIMIT 1");
	g_autoptr(StoreThread) above = NULL;
	g_autoptr(StoreThread) below = NULL;
	Place at = {0};

	if (!read_place(s, thread, &at, err) ||
	    !read_next(&up, &at, &above, err) ||
	    !read_next(&down, &at, &below, err))
		return false;
	*newer = g_steal_pointer(&above);
	*older = g_steal_pointer(&below);
	return true;
}
