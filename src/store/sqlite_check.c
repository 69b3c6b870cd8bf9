/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "mail/thread.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Faults of one kind that are told one by one. */
#define FAULTS_TOLD 20

/* What poster must say. */
#define AUTHOR_YEARS                                                           \
	"(SELECT list, author, 0 + strftime('%Y', date, 'unixepoch'), "        \
	"count(*), 0 FROM head WHERE author IS NOT NULL GROUP BY 1, 2, 3 "     \
	"UNION ALL SELECT list, author, 0, count(*), count(DISTINCT thread) "  \
	"FROM head WHERE author IS NOT NULL GROUP BY 1, 2)"

/* What day must say. */
#define DAYS                                                                   \
	"(SELECT list, (date - (date % 86400 + 86400) % 86400) / 86400, "      \
	"count(*) FROM head GROUP BY 1, 2)"

/*
 * Every invariant between the tables: each query gives one row, a text,
 * for each thing that is wrong.  Those that count once a thread or a list
 * read the tables from end to end.
 */
static const char *const invariants[] = {
    "SELECT 'table ' || \"table\" || ': row ' || coalesce(rowid, '?') || "
    "' names what is not in table ' || parent "
    "FROM pragma_foreign_key_check",

    "SELECT 'list ' || l.id || ' has ' || count(n.name) || ' List-Ids' "
    "FROM list l LEFT JOIN list_name n ON n.list = l.id AND n.kind = 0 "
    "GROUP BY l.id HAVING count(n.name) <> 1",

    "SELECT 'bytes ' || id || ' belong to no message' FROM raw "
    "WHERE size IS NOT NULL AND id NOT IN (SELECT raw FROM post "
    "UNION ALL SELECT raw FROM tray)",

    "SELECT 'message ' || id || ' has no head' FROM post "
    "WHERE id NOT IN (SELECT post FROM head UNION ALL "
    "SELECT post FROM gone)",

    "SELECT 'message ' || g.post || ' is gone and not gone' FROM gone g "
    "JOIN post p ON p.id = g.post WHERE p.raw <> 0 OR g.post IN "
    "(SELECT post FROM head)",

    "SELECT 'message ' || id || ' has no bytes and is not gone' FROM post "
    "WHERE raw = 0 AND id NOT IN (SELECT post FROM gone)",

    "SELECT 'the head of message ' || h.post || ' is in list ' || h.list "
    "|| ', the message in ' || p.list FROM head h "
    "JOIN post p ON p.id = h.post WHERE p.list <> h.list",

    "SELECT 'the head of message ' || h.post || ' does not say what the "
    "message does' FROM head h JOIN post p ON p.id = h.post "
    "WHERE (h.raw, h.kind, h.key, h.arrived) <> "
    "(p.raw, p.kind, p.key, p.arrived)",

    "SELECT 'the head of message ' || h.post || ' says ' || h.size || "
    "' bytes, there are ' || r.size FROM head h "
    "JOIN post p ON p.id = h.post JOIN raw r ON r.id = p.raw "
    "WHERE r.size <> h.size",

    "SELECT 'number ' || n.number || ' of list ' || n.list || ' is "
    "message ' || n.post || ', which is in ' || p.list FROM pipermail n "
    "JOIN post p ON p.id = n.post WHERE p.list <> n.list",

    "SELECT 'a key leads to message ' || k.post || ' in list ' || k.list "
    "|| ', which is in ' || p.list FROM key k "
    "JOIN post p ON p.id = k.post WHERE p.list <> k.list",

    "SELECT 'message ' || h.post || ' is in thread ' || h.thread || "
    "', which is in another' FROM head h JOIN thread t ON t.id = "
    "h.thread WHERE t.into_thread IS NOT NULL OR t.list <> h.list",

    "SELECT 'thread ' || t.id || ' says ' || t.n || ' messages, there "
    "are ' || count(h.post) FROM thread t "
    "LEFT JOIN head h ON h.thread = t.id GROUP BY t.id "
    "HAVING t.n <> count(h.post)",

    "SELECT 'thread ' || t.id || ' begins with message ' || t.first || "
    "', which is not its first' FROM thread t WHERE t.n > 0 "
    "AND t.first <> coalesce((SELECT post FROM head WHERE thread = t.id "
    "ORDER BY date, post LIMIT 1), 0)",

    "SELECT 'thread ' || t.id || ' tells of its first message what that "
    "does not say' FROM thread t LEFT JOIN head h ON h.post = t.first AND "
    "t.n > 0 LEFT JOIN post p ON p.id = h.post WHERE "
    "(t.key, t.subject, t.from_name, t.from_addr) IS NOT "
    "(p.key, h.subject, h.from_name, h.from_addr)",

    "SELECT 'thread ' || t.id || ' says another last date than its "
    "messages' FROM thread t WHERE t.n > 0 AND t.last_date <> "
    "coalesce((SELECT max(date) FROM head WHERE thread = t.id), 0)",

    "SELECT 'thread ' || t.id || ' says ' || t.n_authors || ' authors, "
    "there are ' || count(a.author) FROM thread t "
    "LEFT JOIN thread_author a ON a.thread = t.id GROUP BY t.id "
    "HAVING t.n_authors <> count(a.author)",

    "SELECT 'thread ' || thread || ' says other messages of its authors' "
    "FROM (SELECT thread, author, n FROM thread_author EXCEPT "
    "SELECT thread, author, count(*) FROM head WHERE author IS NOT NULL "
    "GROUP BY 1, 2) GROUP BY thread",

    "SELECT 'thread ' || thread || ' lacks authors' FROM (SELECT thread, "
    "author FROM head WHERE author IS NOT NULL EXCEPT "
    "SELECT thread, author FROM thread_author) GROUP BY thread",

    "SELECT 'list ' || list || ' says other messages of its authors' FROM "
    "(SELECT list, author, year, n, n_threads FROM poster EXCEPT SELECT * "
    "FROM " AUTHOR_YEARS ") GROUP BY list",

    "SELECT 'list ' || list || ' lacks authors' FROM (SELECT * "
    "FROM " AUTHOR_YEARS " EXCEPT SELECT list, author, year, n, n_threads "
    "FROM poster) GROUP BY list",

    "SELECT 'author ' || id || ' has no message' FROM author "
    "WHERE id NOT IN (SELECT author FROM poster)",

    "SELECT 'there are ' || count(*) || ' secrets' FROM secret "
    "HAVING count(*) <> 1",

    "SELECT 'an id of list ' || i.list || ' is in a thread of list ' || "
    "t.list FROM thread_id i JOIN thread t ON t.id = i.thread "
    "WHERE t.list <> i.list",

    "SELECT 'list ' || list || ' says other months than its messages' "
    "FROM (SELECT list, ym, n FROM month EXCEPT "
    "SELECT list, 12 * strftime('%Y', date, 'unixepoch') + "
    "strftime('%m', date, 'unixepoch') - 1, count(*) FROM head "
    "GROUP BY 1, 2) GROUP BY list",

    "SELECT 'list ' || list || ' says ' || n || ' messages in its months, "
    "there are others' FROM (SELECT list, sum(n) AS n FROM month "
    "GROUP BY list EXCEPT SELECT list, count(*) FROM head GROUP BY list)",

    "SELECT 'list ' || list || ' says other days than its messages' FROM "
    "(SELECT list, day, n FROM day EXCEPT SELECT * FROM " DAYS ") "
    "GROUP BY list",

    "SELECT 'list ' || list || ' lacks days' FROM (SELECT * FROM " DAYS
    " EXCEPT SELECT list, day, n FROM day) GROUP BY list",

    "SELECT 'list ' || list || ' says other sums than its messages' FROM "
    "(SELECT list, n, bytes, first_date, last_date FROM list_sum EXCEPT "
    "SELECT list, count(*), sum(size), min(date), max(date) FROM head "
    "GROUP BY list)",

    "SELECT 'list ' || list || ' has messages and no months' FROM "
    "(SELECT DISTINCT list FROM head) "
    "WHERE list NOT IN (SELECT list FROM month)",

    "SELECT 'list ' || list || ' has messages and no sums' FROM "
    "(SELECT DISTINCT list FROM head) "
    "WHERE list NOT IN (SELECT list FROM list_sum)",
};

/* Tell what each row of q says in its first column; *n is how many. */
static bool
tell(Sql *q, StoreFault *fault, void *arg, uint64_t *n, GError **err)
{
	SqlStep step = SQL_DONE;

	*n = 0;
	while ((step = sql_step(q, err)) == SQL_ROW) {
		g_autofree char *what = sql_dup(q, 0);

		if (++*n <= FAULTS_TOLD)
			fault(arg, what == NULL ? "a NULL" : what);
	}
	if (*n > FAULTS_TOLD) {
		g_autofree char *more =
		    g_strdup_printf("%" G_GUINT64_FORMAT " more of that kind",
			*n - FAULTS_TOLD);

		fault(arg, more);
	}
	return step == SQL_DONE;
}

/* The same where a failure is a fault; how many there are. */
static uint64_t
tell_all(Store *s, const char *text, StoreFault *fault, void *arg)
{
	g_auto(Sql) q = sql(s, text);
	g_autoptr(GError) err = NULL;
	uint64_t n = 0;

	if (tell(&q, fault, arg, &n, &err))
		return n;
	fault(arg, err->message);
	return n + 1;
}

void
store_check(Store *s, StoreFault *fault, void *arg)
{
	uint64_t n = tell_all(s,
	    "SELECT 'database: ' || integrity_check "
	    "FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
	    fault, arg);

	/* Of tables whose pages are damaged the rest would say nothing. */
	for (size_t i = 0; n == 0 && i < G_N_ELEMENTS(invariants); i++)
		(void)tell_all(s, invariants[i], fault, arg);
}

/* What is lost ------------------------------------------------------------- */

/* The first post from at on that a look-up finds again; 0 if there is none
 * or the page is damaged, of which *damaged is told. */
static int64_t
readable_from(Store *s, int64_t at, bool *damaged)
{
	g_auto(Sql) q =
	    sql(s, "SELECT id FROM post WHERE id >= ? ORDER BY id LIMIT 1");
	g_auto(Sql) again = sql(s, "SELECT id FROM post WHERE id = ?");
	int64_t post = 0, same = 0;

	sql_int(&q, at);
	*damaged = !sql_number(&q, &post, NULL);
	if (*damaged || post == 0)
		return 0;
	sql_int(&again, post);
	*damaged =
	    post < at || !sql_number(&again, &same, NULL) || same != post;
	return *damaged ? 0 : post;
}

/* The rows of a page follow one another, some dozens of them, so that a
 * look-up of one behind them leads to another page. */
static int64_t
next_readable(Store *s, int64_t after)
{
	bool damaged = true;
	int64_t bad = after, good = after, post = 0;

	for (int64_t step = 1; damaged && step < INT64_C(1) << 40; step *= 2) {
		bad = good;
		good = after + step;
		post = readable_from(s, good, &damaged);
	}
	while (!damaged && good - bad > 1) {
		int64_t middle = bad + (good - bad) / 2;
		bool here = false;
		int64_t found = readable_from(s, middle, &here);

		if (here) {
			bad = middle;
		} else {
			good = middle;
			post = found;
		}
	}
	return damaged ? 0 : post;
}

/* Tell of the post that is q's row: its number, list and key. */
static void
tell_lost(Sql *q, StoreFault *fault, void *arg)
{
	int64_t post = sqlite3_column_int64(q->stmt, 0);
	int64_t list = sqlite3_column_int64(q->stmt, 1);
	g_autofree char *what = NULL;
	char key[KEY_LEN + 1] = "unknown";

	if (sqlite3_column_bytes(q->stmt, 2) == KEY_BYTES)
		permalink_key(sqlite3_column_blob(q->stmt, 2), key);
	what = g_strdup_printf(
	    "message %" G_GINT64_FORMAT
	    ": its row is lost; it was in list %" G_GINT64_FORMAT
	    ", its permalink is %s",
	    post, list, key);
	fault(arg, what);
}

int64_t
store_check_lost(
    Store *s, int64_t after, uint64_t *n_lost, StoreFault *fault, void *arg)
{
	int64_t next = next_readable(s, after);
	/* All that is asked for is in the index: the table is left alone. */
	g_auto(Sql) q =
	    sql(s, "SELECT id, list, key FROM post INDEXED BY post_key "
		   "WHERE id > ?1 AND (?2 = 0 OR id < ?2)");
	g_autoptr(GError) err = NULL;
	SqlStep step = SQL_DONE;

	sql_int(&q, after);
	sql_int(&q, next);
	while ((step = sql_step(&q, &err)) == SQL_ROW) {
		tell_lost(&q, fault, arg);
		++*n_lost;
	}
	if (step == SQL_FAILED)
		fault(arg, err->message);
	return next;
}

/* One post ---------------------------------------------------------------- */

static bool
check_head(
    Store *s, const SqlPost *d, StoreFault *fault, void *arg, GError **err)
{
	g_auto(SqlTexts) texts = {0};
	g_auto(Sql) q = sql(s,
	    "WITH n (post, list, date, has_date, size, message_id, subject, "
	    "from_name, from_addr, ids, outline, code) AS "
	    "(SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0)) "
	    "SELECT 'message ' || n.post || ': its head says another ' || "
	    "iif(h.date IS n.date, '', 'date ') || "
	    "iif(h.has_date IS n.has_date, '', 'has_date ') || "
	    "iif(h.message_id IS n.message_id, '', 'Message-ID ') || "
	    "iif(h.subject IS n.subject, '', 'subject ') || "
	    "iif(h.from_name IS n.from_name, '', 'name ') || "
	    "iif(h.from_addr IS n.from_addr, '', 'address ') || "
	    "iif(h.ids IS n.ids, '', 'ids ') || "
	    "iif(h.outline IS n.outline, '', 'outline ') || "
	    "iif(a.code IS n.code, '', 'author ') "
	    "FROM n JOIN head h ON h.post = n.post "
	    "LEFT JOIN author a ON a.id = h.author "
	    "WHERE (h.date, h.has_date, h.message_id, h.subject, "
	    "h.from_name, h.from_addr, h.ids, h.outline, a.code) IS NOT "
	    "(n.date, n.has_date, n.message_id, n.subject, n.from_name, "
	    "n.from_addr, n.ids, n.outline, n.code)");
	uint64_t n = 0;
	int64_t code = 0;

	if (!sql_author_code(s, d->msg->from_addr, &code, err))
		return false;
	sql_bind_head(&q, d, &texts);
	sql_int(&q, code);
	return tell(&q, fault, arg, &n, err);
}

/* Which key is looked for. */
typedef struct {
	KeyKind kind;
	const unsigned char *digest;
} Key;

static bool
check_key(Store *s, const SqlPost *d, const Key *key, bool *there, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "SELECT EXISTS (SELECT 1 FROM key WHERE digest = ? AND list = ? "
	    "AND kind = ? AND post = ?)");
	int64_t n = 0;

	sql_blob(&q, key->digest, KEY_BYTES);
	sql_int(&q, d->list);
	sql_int(&q, (int64_t)key->kind);
	sql_int(&q, d->post);
	if (!sql_number(&q, &n, err))
		return false;
	*there = n != 0;
	return true;
}

/* A post's own keys, without its permalink, or those of a copy. */
static bool
check_keys(Store *s, const SqlPost *d, const Permalinks *links,
    uint64_t *n_keys, uint64_t *n_missing, GError **err)
{
	for (int k = 0; k < N_KEYS; k++) {
		Key key = {(KeyKind)k, links->digest[k]};
		bool there = false;

		if (!links->has[k] ||
		    (links == d->links && (KeyKind)k == d->key))
			continue;
		if (!check_key(s, d, &key, &there, err))
			return false;
		*n_keys += there;
		*n_missing += !there;
	}
	return true;
}

/* Whether an id of a post leads to the thread that its head names. */
static bool
check_id(
    Store *s, const SqlPost *d, uint64_t id, uint64_t *n_missing, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT thread FROM head WHERE post = ?");
	int64_t mine = 0, thread = 0;
	uint64_t n = 0;

	sql_int(&q, d->post);
	if (!sql_number(&q, &mine, err) ||
	    !sql_thread_of_id(s, d->list, id, &thread, err))
		return false;
	if (thread != 0 && !sql_thread_root(s, thread, &thread, &n, err))
		return false;
	*n_missing += mine != 0 && thread != mine;
	return true;
}

static bool
check_ids(Store *s, const SqlPost *d, uint64_t *n_missing, GError **err)
{
	const Msg *m = d->msg;

	if (m->id != NULL && !check_id(s, d, thread_id(m->id), n_missing, err))
		return false;
	for (size_t i = 0; i < m->n_refs; i++)
		if (!check_id(s, d, thread_id(m->refs[i]), n_missing, err))
			return false;
	return true;
}

static bool
check_names(Store *s, const SqlPost *d, uint64_t *n_keys, uint64_t *n_missing,
    GError **err)
{
	g_autoptr(GPtrArray) copies = store_copies(s, d->post, err);

	if (copies == NULL ||
	    !check_keys(s, d, d->links, n_keys, n_missing, err))
		return false;
	for (guint i = 0; i < copies->len; i++) {
		Permalinks links = {0};

		permalink_of_id(copies->pdata[i], &links);
		if (!check_keys(s, d, &links, n_keys, n_missing, err) ||
		    !check_id(
			s, d, thread_id(copies->pdata[i]), n_missing, err))
			return false;
	}
	return check_ids(s, d, n_missing, err);
}

bool
store_check_post(Store *s, const StoreDerived *from, uint64_t *n_keys,
    StoreFault *fault, void *arg, GError **err)
{
	uint64_t n_missing = 0;
	StorePost post;
	SqlPost d;

	if (!sql_read_post(s, from, &d, err) ||
	    !store_post(s, from->post, &post, err) ||
	    !check_head(s, &d, fault, arg, err) ||
	    !check_names(s, &d, n_keys, &n_missing, err))
		return false;
	if (n_missing > 0) {
		g_autofree char *what = g_strdup_printf(
		    "message %" G_GINT64_FORMAT ": %" G_GUINT64_FORMAT
		    " of its names do not lead to it",
		    from->post, n_missing);

		fault(arg, what);
	}
	if (!d.links->has[d.key] ||
	    memcmp(d.links->digest[d.key], post.key, KEY_BYTES) != 0) {
		g_autofree char *what = g_strdup_printf(
		    "message %" G_GINT64_FORMAT
		    ": its permalink is not computed from its bytes",
		    from->post);

		fault(arg, what);
	}
	return true;
}

bool
store_count_names(Store *s, uint64_t *n_keys, uint64_t *n_ids, GError **err)
{
	g_auto(Sql) keys = sql(s, "SELECT count(*) FROM key");
	g_auto(Sql) ids = sql(s, "SELECT count(*) FROM thread_id");
	int64_t k = 0, i = 0;

	if (!sql_number(&keys, &k, err) || !sql_number(&ids, &i, err))
		return false;
	*n_keys = (uint64_t)k;
	*n_ids = (uint64_t)i;
	return true;
}
