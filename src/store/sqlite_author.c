/* sqlite_author.c - who wrote what. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Bits of an author's id. */
#define CODE_BITS 60

/* Counting ---------------------------------------------------------------- */

static bool
load_secret(Store *s, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT bytes FROM secret WHERE id = 1");
	SqlStep step = SQL_DONE;

	if (s->has_secret)
		return true;
	step = sql_step(&q, err);
	if (step == SQL_FAILED)
		return false;
	if (step == SQL_DONE || sqlite3_column_bytes(q.stmt, 0) != SECRET_BYTES)
		return err_set(err, ERR_IO, "%s: its secret is gone", s->path);
	memcpy(s->secret, sqlite3_column_blob(q.stmt, 0), SECRET_BYTES);
	s->has_secret = true;
	return true;
}

static bool
make_code(Store *s, const char *addr, int64_t *code, GError **err)
{
	g_autofree char *low = g_ascii_strdown(addr, -1);
	g_autoptr(GHmac) hmac = NULL;
	guint8 digest[32];
	gsize len = sizeof digest;
	uint64_t be = 0;

	if (!load_secret(s, err))
		return false;
	hmac = g_hmac_new(G_CHECKSUM_SHA256, s->secret, SECRET_BYTES);
	g_hmac_update(hmac, (const guchar *)low, -1);
	g_hmac_get_digest(hmac, digest, &len);
	memcpy(&be, digest, sizeof be);
	*code = (int64_t)(GUINT64_FROM_BE(be) >> (64 - CODE_BITS));
	return true;
}

/* Remember v under addr in table, which has few enough. */
static void
remember(GHashTable *table, const char *addr, int64_t v)
{
	if (g_hash_table_size(table) >= LIMIT_KNOWN_AUTHORS)
		g_hash_table_remove_all(table);
	g_hash_table_insert(table, g_strdup(addr), g_memdup2(&v, sizeof v));
}

/* The same few write most of what is read: the HMAC of each message's author
 * was a fifteenth of a thread's page. */
bool
sql_author_code(Store *s, const char *addr, int64_t *code, GError **err)
{
	const int64_t *known = g_hash_table_lookup(s->codes, addr);

	*code = known != NULL ? *known : 0;
	if (known != NULL || addr[0] == '\0')
		return true;
	if (!make_code(s, addr, code, err))
		return false;
	remember(s->codes, addr, *code);
	return true;
}

static bool
find_code(Store *s, int64_t code, int64_t *author, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT id FROM author WHERE code = ?");

	*author = 0;
	sql_int(&q, code);
	return sql_number(&q, author, err);
}

/* Count a post in list, and a thread if that is new to author. */
static bool
count(Store *s, int64_t list, int64_t author, int year, bool new_thread,
    GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO poster (author, year, list, n, n_threads) "
		   "VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT DO UPDATE SET "
		   "n = n + 1, n_threads = n_threads + ?4");

	sql_int(&q, author);
	sql_int(&q, year);
	sql_int(&q, list);
	sql_int(&q, new_thread);
	return sql_run(&q, err);
}

/* The author of code, who may be new. */
static bool
have_author(Store *s, int64_t code, int64_t *author, GError **err)
{
	g_auto(Sql) add = sql(s, "INSERT INTO author (code) VALUES (?)");

	if (!find_code(s, code, author, err))
		return false;
	if (*author != 0)
		return true;
	sql_int(&add, code);
	if (!sql_run(&add, err))
		return false;
	*author = sqlite3_last_insert_rowid(s->db);
	return true;
}

/* An import meets the same few again and again, and their HMAC and look-up
 * were a hundredth of it. */
bool
sql_author_of(Store *s, const char *addr, int64_t *author, GError **err)
{
	const int64_t *known = g_hash_table_lookup(s->authors, addr);
	int64_t code = 0;

	*author = known != NULL ? *known : 0;
	if (known != NULL)
		return true;
	if (!sql_author_code(s, addr, &code, err))
		return false;
	if (code == 0)
		return true;
	if (!have_author(s, code, author, err))
		return false;
	remember(s->authors, addr, *author);
	return true;
}

/* *is_new: nothing of author's was in thread. */
static bool
add_to_thread(
    Store *s, int64_t thread, int64_t author, bool *is_new, GError **err)
{
	g_auto(Sql) add = sql(s,
	    "INSERT INTO thread_author (thread, author, n) VALUES (?, ?, 1) "
	    "ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n");
	g_auto(Sql) more =
	    sql(s, "UPDATE thread SET n_authors = n_authors + 1 WHERE id = ?");
	int64_t n = 0;

	sql_int(&add, thread);
	sql_int(&add, author);
	if (!sql_number(&add, &n, err))
		return false;
	*is_new = n == 1;
	sql_int(&more, thread);
	return !*is_new || sql_run(&more, err);
}

bool
sql_count_author(
    Store *s, const SqlPost *d, int64_t thread, int64_t author, GError **err)
{
	bool is_new = false;

	return author == 0 || (add_to_thread(s, thread, author, &is_new, err) &&
				  count(s, d->list, author, 0, is_new, err) &&
				  count(s, d->list, author,
				      date_day(d->date).year, false, err));
}

bool
sql_move_authors(
    Store *s, int64_t from, int64_t to, int64_t *n_both, GError **err)
{
	g_auto(Sql) both = sql(s,
	    "SELECT count(*) FROM thread_author a WHERE thread = ? AND EXISTS "
	    "(SELECT 1 FROM thread_author WHERE thread = ? AND "
	    "author = a.author)");
	g_auto(Sql) fewer =
	    sql(s, "UPDATE poster SET n_threads = n_threads - 1 "
		   "FROM thread_author a, thread_author b, thread t "
		   "WHERE t.id = ?1 AND a.thread = ?1 AND b.thread = ?2 AND "
		   "b.author = a.author AND poster.author = a.author AND "
		   "poster.year = 0 AND poster.list = t.list");
	g_auto(Sql) add =
	    sql(s, "INSERT INTO thread_author (thread, author, n) "
		   "SELECT ?, author, n FROM thread_author WHERE thread = ? "
		   "ON CONFLICT DO UPDATE SET n = n + excluded.n");
	g_auto(Sql) drop = sql(s, "DELETE FROM thread_author WHERE thread = ?");

	sql_int(&both, from);
	sql_int(&both, to);
	sql_int(&fewer, from);
	sql_int(&fewer, to);
	sql_int(&add, to);
	sql_int(&add, from);
	sql_int(&drop, from);
	return sql_number(&both, n_both, err) &&
	       (*n_both == 0 || sql_run(&fewer, err)) && sql_run(&add, err) &&
	       sql_run(&drop, err);
}

/* Reading ------------------------------------------------------------------ */

void
store_author_free(StoreAuthor *a)
{
	if (a == NULL)
		return;
	g_free(a->name);
	g_free(a->addr);
	g_free(a);
}

static void
free_author(gpointer author)
{
	store_author_free(author);
}

int64_t
store_find_author(Store *s, const char *id, GError **err)
{
	unsigned char octets[sizeof(uint64_t)] = {0};
	size_t n_bits = 0;
	int64_t author = 0;
	uint64_t be = 0;

	if (strlen(id) != AUTHOR_ID_LEN ||
	    !text_base32_decode(
		id, AUTHOR_ID_LEN, octets, sizeof octets, &n_bits))
		return 0;
	memcpy(&be, octets, sizeof be);
	(void)find_code(s, (int64_t)(GUINT64_FROM_BE(be) >> (64 - CODE_BITS)),
	    &author, err);
	return author;
}

static void
write_id(int64_t code, char *id)
{
	uint64_t be = GUINT64_TO_BE((uint64_t)code << (64 - CODE_BITS));
	g_autofree char *text =
	    text_base32((const unsigned char *)&be, sizeof be);

	g_strlcpy(id, text, AUTHOR_ID_LEN + 1);
}

bool
store_author_id(
    Store *s, const char *addr, char id[AUTHOR_ID_LEN + 1], GError **err)
{
	int64_t code = 0;

	if (!sql_author_code(s, addr, &code, err))
		return false;
	id[0] = '\0';
	if (code != 0)
		write_id(code, id);
	return true;
}

/* Fill in what the newest post of a in a->list says of him. */
static bool
read_newest(Store *s, StoreAuthor *a, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT a.code, h.from_name, h.from_addr FROM head h "
		   "JOIN author a ON a.id = h.author "
		   "WHERE h.author = ? AND h.list = ? "
		   "ORDER BY h.date DESC, h.post DESC LIMIT 1");
	SqlStep step = SQL_DONE;

	sql_int(&q, a->author);
	sql_int(&q, a->list);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(err, ERR_NOTFOUND, "no such author");
	if (step != SQL_ROW)
		return false;
	write_id(sqlite3_column_int64(q.stmt, 0), a->id);
	a->name = sql_dup(&q, 1);
	a->addr = sql_dup(&q, 2);
	return true;
}

static StoreAuthor *
read_author(Store *s, int64_t author, int64_t list, uint64_t n, GError **err)
{
	g_autoptr(StoreAuthor) a = g_new0(StoreAuthor, 1);

	a->author = author;
	a->list = list;
	a->n_messages = n;
	return read_newest(s, a, err) ? g_steal_pointer(&a) : NULL;
}

StoreAuthor *
store_author(Store *s, int64_t author, int64_t list, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT n FROM poster "
			       "WHERE author = ? AND year = 0 AND list = ?");
	int64_t n = 0;

	sql_int(&q, author);
	sql_int(&q, list);
	return sql_number(&q, &n, err)
		   ? read_author(s, author, list, (uint64_t)n, err)
		   : NULL;
}

bool
store_author_sum(
    Store *s, const StoreAuthor *author, StoreAuthorSum *sum, GError **err)
{
	/* Three look-ups: min and max take the ends of head_author only if
	 * each stands alone. */
	g_auto(Sql) q = sql(s,
	    "SELECT (SELECT min(date) FROM head WHERE author = ?1 AND "
	    "list = ?2), (SELECT max(date) FROM head WHERE author = ?1 AND "
	    "list = ?2), n_threads FROM poster "
	    "WHERE author = ?1 AND year = 0 AND list = ?2");
	SqlStep step = SQL_DONE;

	sql_int(&q, author->author);
	sql_int(&q, author->list);
	step = sql_step(&q, err);
	if (step != SQL_ROW)
		return step == SQL_DONE &&
		       err_set(err, ERR_NOTFOUND, "no such author");
	*sum = (StoreAuthorSum){
	    .first_date = sqlite3_column_int64(q.stmt, 0),
	    .last_date = sqlite3_column_int64(q.stmt, 1),
	    .n_threads = (uint64_t)sqlite3_column_int64(q.stmt, 2),
	};
	return true;
}

static bool
read_year(Store *s, const StoreAuthor *a, int year, int64_t *n, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT n FROM poster "
			       "WHERE author = ? AND year = ? AND list = ?");

	*n = 0;
	sql_int(&q, a->author);
	sql_int(&q, year);
	sql_int(&q, a->list);
	return sql_number(&q, n, err);
}

GArray *
store_author_years(Store *s, const StoreAuthor *author, GError **err)
{
	g_autoptr(GArray) years =
	    g_array_new(FALSE, FALSE, sizeof(StoreAuthorYear));
	StoreAuthorSum sum = {0};

	if (!store_author_sum(s, author, &sum, err))
		return NULL;
	int last = date_day(sum.last_date).year,
	    first = MAX(date_day(sum.first_date).year,
		last - (int)LIMIT_AUTHOR_YEARS + 1);

	/* Year by year: one range of the table would be all his lists'. */
	for (int year = first; year <= last; year++) {
		StoreAuthorYear y = {.year = year};
		int64_t n = 0;

		if (!read_year(s, author, year, &n, err))
			return NULL;
		y.n_messages = (uint64_t)n;
		if (n > 0)
			g_array_append_val(years, y);
	}
	return g_steal_pointer(&years);
}

GArray *
store_author_lists(Store *s, int64_t author, GError **err)
{
	g_autoptr(GArray) lists =
	    g_array_new(FALSE, FALSE, sizeof(StoreAuthorList));
	g_auto(Sql) q =
	    sql(s, "SELECT list, n FROM poster WHERE author = ? AND year = 0 "
		   "ORDER BY list");
	SqlStep step = SQL_DONE;

	sql_int(&q, author);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreAuthorList l = {
		    .list = sqlite3_column_int64(q.stmt, 0),
		    .n_messages = (uint64_t)sqlite3_column_int64(q.stmt, 1),
		};

		g_array_append_val(lists, l);
	}
	return step == SQL_DONE ? g_steal_pointer(&lists) : NULL;
}

GPtrArray *
store_author_posts_from(Store *s, const StoreAuthor *author,
    const StorePlace *at, size_t n, GError **err)
{
	g_auto(Sql) q =
	    at->oldest
		? sql(s, SQL_HEAD "WHERE h.author = ? AND h.list = ? AND "
				  "(h.date, h.post) > (?, ?) "
				  "ORDER BY h.date, h.post LIMIT ?")
		: sql(s, SQL_HEAD "WHERE h.author = ? AND h.list = ? AND "
				  "(h.date, h.post) < (?, ?) "
				  "ORDER BY h.date DESC, h.post DESC LIMIT ?");

	sql_int(&q, author->author);
	sql_int(&q, author->list);
	sql_int(&q, at->date);
	sql_int(&q, at->post);
	sql_int(&q, (int64_t)MIN(n, LIMIT_PAGE_ROWS + 1));
	return sql_heads(&q, err);
}

GPtrArray *
store_author_posts(Store *s, const StoreAuthor *author, const Head *than,
    size_t n, GError **err)
{
	const StorePlace at = {.date = than != NULL ? than->date : INT64_MAX,
	    .post = than != NULL ? than->post : INT64_MAX};

	return store_author_posts_from(s, author, &at, n, err);
}

GPtrArray *
store_top_authors(Store *s, int64_t list, int year, size_t n, GError **err)
{
	g_autoptr(GPtrArray) top = g_ptr_array_new_with_free_func(free_author);
	g_auto(Sql) q =
	    sql(s, "SELECT author, n FROM poster WHERE list = ? AND year = ? "
		   "ORDER BY n DESC, author DESC LIMIT ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, list);
	sql_int(&q, year);
	sql_int(&q, (int64_t)MIN(n, LIMIT_PAGE_ROWS));
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreAuthor *a = read_author(s, sqlite3_column_int64(q.stmt, 0),
		    list, (uint64_t)sqlite3_column_int64(q.stmt, 1), err);

		if (a == NULL)
			return NULL;
		g_ptr_array_add(top, a);
	}
	return step == SQL_DONE ? g_steal_pointer(&top) : NULL;
}

/* One who takes part in a thread. */
typedef struct {
	int64_t author, list;
	uint64_t n;
} Talker;

static gint
by_messages(gconstpointer left, gconstpointer right)
{
	const Talker *a = left, *b = right;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return a->author < b->author ? -1 : a->author > b->author;
}

static GArray *
read_talkers(Store *s, int64_t thread, GError **err)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Talker));
	g_auto(Sql) q = sql(s, "SELECT a.author, t.list, a.n FROM thread t "
			       "JOIN thread_author a ON a.thread = t.id "
			       "WHERE t.id = ? ORDER BY a.author LIMIT ?");
	SqlStep step = SQL_DONE;
	int64_t root = 0;
	uint64_t n_all = 0;

	if (!sql_thread_root(s, thread, &root, &n_all, err))
		return NULL;
	sql_int(&q, root);
	sql_int(&q, LIMIT_THREAD_AUTHORS);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		Talker t = {
		    .author = sqlite3_column_int64(q.stmt, 0),
		    .list = sqlite3_column_int64(q.stmt, 1),
		    .n = (uint64_t)sqlite3_column_int64(q.stmt, 2),
		};

		g_array_append_val(all, t);
	}
	return step == SQL_DONE ? g_steal_pointer(&all) : NULL;
}

GPtrArray *
store_thread_authors(Store *s, int64_t thread, size_t n, GError **err)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(free_author);
	g_autoptr(GArray) all = read_talkers(s, thread, err);

	if (all == NULL)
		return NULL;
	g_array_sort(all, by_messages);
	for (guint i = 0; i < MIN(all->len, MIN(n, LIMIT_PAGE_ROWS)); i++) {
		const Talker *t = &g_array_index(all, Talker, i);
		StoreAuthor *a = read_author(s, t->author, t->list, t->n, err);

		if (a == NULL)
			return NULL;
		g_ptr_array_add(out, a);
	}
	return g_steal_pointer(&out);
}
