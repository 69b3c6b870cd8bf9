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
	    sql(s, "SELECT h.post, h.arrived, h.size FROM head h "
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

/* Add the months of q's rows to months. */
static bool
read_months(Sql *q, GArray *months, GError **err)
{
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW) {
		int ym = sqlite3_column_int(q->stmt, 0);
		StoreMonth m = {
		    .year = ym / 12,
		    .month = ym % 12 + 1,
		    .n_messages = (uint64_t)sqlite3_column_int64(q->stmt, 1),
		    .changed = sqlite3_column_int64(q->stmt, 2),
		};

		g_array_append_val(months, m);
	}
	return step == SQL_DONE;
}

GArray *
store_months(Store *s, int64_t list, GError **err)
{
	g_autoptr(GArray) months =
	    g_array_new(FALSE, FALSE, sizeof(StoreMonth));
	g_auto(Sql) q =
	    sql(s, "SELECT ym, n, changed FROM month WHERE list = ? "
		   "ORDER BY ym DESC");

	sql_int(&q, list);
	return read_months(&q, months, err) ? g_steal_pointer(&months) : NULL;
}

GArray *
store_months_near(Store *s, int64_t list, int year, int month, GError **err)
{
	int64_t ym = (int64_t)12 * year + month - 1;
	g_autoptr(GArray) months =
	    g_array_new(FALSE, FALSE, sizeof(StoreMonth));
	g_auto(Sql) newer =
	    sql(s, "SELECT ym, n, changed FROM month "
		   "WHERE list = ? AND ym > ? ORDER BY ym LIMIT 1");
	g_auto(Sql) down =
	    sql(s, "SELECT ym, n, changed FROM month "
		   "WHERE list = ? AND ym <= ? ORDER BY ym DESC LIMIT 2");

	sql_int(&newer, list);
	sql_int(&newer, ym);
	sql_int(&down, list);
	sql_int(&down, ym);
	return read_months(&newer, months, err) &&
		       read_months(&down, months, err)
		   ? g_steal_pointer(&months)
		   : NULL;
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

/* Threads of a range of dates -----------------------------------------------
 */

/* What the messages of a range say of their thread. */
typedef struct {
	int64_t thread, first_date, last_date;
	uint64_t n;
} Tally;

/*
 * Tallies in the order that their threads were met in, and where that of
 * each is: a GHashTable, and a StoreThread for each that is met, took as
 * long as SQLite took to give the rows.
 */
typedef struct {
	GArray *all;      /* Tally */
	GArray *slots;    /* guint: 0, or 1 + a place in all */
	unsigned int log; /* of how many slots there are, to base 2 */
} Tallies;

static void
tallies_clear(Tallies *t)
{
	g_array_unref(t->all);
	g_array_unref(t->slots);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tallies, tallies_clear)

/* The slot that thread has, or is to have. */
static guint *
find_slot(const Tallies *t, int64_t thread)
{
	/* Numbers of threads follow one another: multiplied by that of
	 * Fibonacci they are spread. */
	uint64_t i =
	    (uint64_t)thread * UINT64_C(0x9e3779b97f4a7c15) >> (64 - t->log);

	for (;; i = (i + 1) & ((UINT64_C(1) << t->log) - 1)) {
		guint *slot = &g_array_index(t->slots, guint, i);

		if (*slot == 0 ||
		    g_array_index(t->all, Tally, *slot - 1).thread == thread)
			return slot;
	}
}

static void
add_slots(Tallies *t, unsigned int log)
{
	t->log = log;
	g_array_set_size(t->slots, 0);
	g_array_set_size(t->slots, 1u << log);
	for (guint i = 0; i < t->all->len; i++)
		*find_slot(t, g_array_index(t->all, Tally, i).thread) = i + 1;
}

static void
tallies_init(Tallies *t)
{
	t->all = g_array_new(FALSE, FALSE, sizeof(Tally));
	t->slots = g_array_new(FALSE, TRUE, sizeof(guint));
	add_slots(t, 8);
}

/* Count a message of thread that is older than those before it. */
static void
tally(Tallies *t, int64_t thread, int64_t date)
{
	guint *slot = find_slot(t, thread);

	if (*slot != 0) {
		Tally *known = &g_array_index(t->all, Tally, *slot - 1);

		known->first_date = date;
		known->n++;
		return;
	}
	Tally first = {
	    .thread = thread, .first_date = date, .last_date = date, .n = 1};

	g_array_append_val(t->all, first);
	*slot = t->all->len;
	if (t->all->len * 2 > t->slots->len)
		add_slots(t, t->log + 1);
}

/* Tally what q names: thread and date, from the newest on. */
static bool
tally_rows(Sql *q, Tallies *t, GError **err)
{
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW)
		tally(t, sqlite3_column_int64(q->stmt, 0),
		    sqlite3_column_int64(q->stmt, 1));
	return step == SQL_DONE;
}

/* Threads ------------------------------------------------------------------ */

void
store_thread_free(StoreThread *t)
{
	g_free(t);
}

static void
free_thread(gpointer thread)
{
	store_thread_free(thread);
}

/* What read_thread reads. */
#define THREAD_COLUMNS                                                         \
	"t.key, t.subject, t.from_name, t.from_addr, t.n, t.n_authors, t.id, " \
	"t.first_date, t.last_date "
#define SQL_THREAD "SELECT " THREAD_COLUMNS "FROM thread t "

/* The thread of q's row; its range is all time. */
static StoreThread *
read_thread(Sql *q, GError **err)
{
	sqlite3_stmt *row = q->stmt;
	bool told = sqlite3_column_bytes(row, 0) == KEY_BYTES;
	size_t texts = 0;

	for (int i = 1; i <= 3; i++) {
		told = told && sqlite3_column_type(row, i) != SQLITE_NULL;
		texts += (size_t)sqlite3_column_bytes(row, i) + 1;
	}
	if (!told) {
		err_set(err, ERR_IO, "%s: thread %lld has no first message",
		    q->s->path, sqlite3_column_int64(row, 6));
		return NULL;
	}
	StoreThread *t = g_malloc(sizeof *t + texts);
	char *at = (char *)(t + 1);

	*t = (StoreThread){
	    .thread = sqlite3_column_int64(row, 6),
	    .first_date = sqlite3_column_int64(row, 7),
	    .last_date = sqlite3_column_int64(row, 8),
	    .n_messages = (uint64_t)sqlite3_column_int64(row, 4),
	    .n_all = (uint64_t)sqlite3_column_int64(row, 4),
	    .n_authors = (uint64_t)sqlite3_column_int64(row, 5),
	};
	permalink_key(sqlite3_column_blob(row, 0), t->key);
	t->subject = sql_take_text(q, 1, &at);
	t->from_name = sql_take_text(q, 2, &at);
	t->from_addr = sql_take_text(q, 3, &at);
	return t;
}

/* Rows that one statement reads: for each a run of it took twice as long. */
#define BATCH 25
#define FIVE "(?), (?), (?), (?), (?)"

/* Add the threads of n tallies, BATCH at most, to threads. */
static bool
read_batch(
    Store *s, const Tally *tallies, size_t n, GPtrArray *threads, GError **err)
{
	/* Values that are not bound are NULL, and no thread's. */
	g_auto(Sql) q =
	    sql(s, "WITH w (id) AS (VALUES " FIVE ", " FIVE ", " FIVE ", " FIVE
		   ", " FIVE ") SELECT " THREAD_COLUMNS
		   "FROM w CROSS JOIN thread t ON t.id = w.id");

	for (size_t i = 0; i < n; i++)
		sql_int(&q, tallies[i].thread);
	for (size_t i = 0; i < n; i++) {
		SqlStep step = sql_step(&q, err);
		StoreThread *t = step == SQL_ROW ? read_thread(&q, err) : NULL;

		if (t != NULL)
			g_ptr_array_add(threads, t);
		if (step == SQL_DONE ||
		    (t != NULL && t->thread != tallies[i].thread))
			return err_set(err, ERR_IO,
			    "%s: thread %" G_GINT64_FORMAT " is missing",
			    s->path, tallies[i].thread);
		if (t == NULL)
			return false;
		t->first_date = tallies[i].first_date;
		t->last_date = tallies[i].last_date;
		t->n_messages = tallies[i].n;
	}
	return true;
}

/* The threads of n tallies from first on, of those there are. */
static GPtrArray *
read_tallied(
    Store *s, const GArray *tallies, size_t first, size_t n, GError **err)
{
	size_t end = first >= tallies->len
			 ? first
			 : first + MIN(tallies->len - first, n);
	g_autoptr(GPtrArray) threads =
	    g_ptr_array_new_with_free_func(free_thread);

	for (size_t i = first; i < end; i += BATCH)
		if (!read_batch(s, &g_array_index(tallies, Tally, i),
			MIN(end - i, BATCH), threads, err))
			return NULL;
	return g_steal_pointer(&threads);
}

GPtrArray *
store_threads(Store *s, const StoreRange *range, uint64_t *n_all, GError **err)
{
	g_auto(Tallies) tallies;
	/* The index alone, in its order: that SQLite groups and sorts took
	 * 100 us more of a month with 113 threads. */
	g_auto(Sql) q = sql(s, "SELECT thread, date FROM head "
			       "WHERE list = ? AND date >= ? AND date < ? "
			       "ORDER BY date DESC, thread DESC");

	sql_int(&q, range->list);
	sql_int(&q, range->from);
	sql_int(&q, range->to);
	tallies_init(&tallies);
	if (!tally_rows(&q, &tallies, err))
		return NULL;
	guint n = tallies.all->len;
	bool sort =
	    range->order != STORE_BY_ACTIVITY && n <= LIMIT_SORTED_THREADS;
	guint skip = (guint)MIN(range->skip, n);
	g_autoptr(GPtrArray) threads =
	    sort ? read_tallied(s, tallies.all, 0, n, err)
		 : read_tallied(s, tallies.all, skip, LIMIT_PAGE_ROWS, err);

	if (threads == NULL)
		return NULL;
	if (sort) {
		order_threads(threads, range->order);
		g_ptr_array_remove_range(threads, 0, skip);
		g_ptr_array_set_size(
		    threads, (gint)MIN(threads->len, LIMIT_PAGE_ROWS));
	}
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
	    sql(s, "SELECT h.key, h.arrived FROM head h "
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

/* Whether a stands before b. */
static bool
is_busier(const Tally *a, const Tally *b)
{
	if (a->n != b->n)
		return a->n > b->n;
	if (a->last_date != b->last_date)
		return a->last_date > b->last_date;
	return a->thread > b->thread;
}

/* Put the n busiest of all before the others, in order. */
static void
raise_busiest(GArray *all, size_t n)
{
	Tally *t = &g_array_index(all, Tally, 0);

	for (size_t i = 1; n > 0 && i < all->len; i++) {
		size_t at = MIN(i, n - 1);
		Tally one = t[i];

		if (i >= n && !is_busier(&one, &t[at]))
			continue;
		t[i] = t[at];
		for (; at > 0 && is_busier(&one, &t[at - 1]); at--)
			t[at] = t[at - 1];
		t[at] = one;
	}
}

GPtrArray *
store_threads_active(
    Store *s, const StoreRange *range, size_t max, size_t n, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT thread, date FROM head "
			       "WHERE list = ? AND date >= ? AND date < ? "
			       "ORDER BY date DESC LIMIT ?");
	g_auto(Tallies) tallies;
	size_t n_rows = MIN(n, LIMIT_PAGE_ROWS);

	sql_int(&q, range->list);
	sql_int(&q, range->from);
	sql_int(&q, range->to);
	sql_int(&q, (int64_t)max);
	tallies_init(&tallies);
	if (!tally_rows(&q, &tallies, err))
		return NULL;
	raise_busiest(tallies.all, n_rows);
	return read_tallied(s, tallies.all, 0, n_rows, err);
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
