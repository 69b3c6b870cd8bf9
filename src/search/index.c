/* SPDX-License-Identifier: Apache-2.0 */
#include "search/index.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "search/index_fts.h"
#include "search/index_word.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* "feli", and the number of this form of the file, which says what terms
 * there are, too: whatever changes those makes it another one. */
#define APPLICATION_ID 1717922921
#define FORM (3000 + TOKEN_VERSION)

/* Bits of a document's number behind its day, and days that there are: any
 * day from 1970 on that a message is filed at. */
#define DAY_BITS 14
#define DAY_S 86400
#define DAYS_MAX ((int64_t)1 << 20)

/* Documents are counted by spans of so many numbers: 32 days. */
#define SPAN_BITS (DAY_BITS + 5)

/* One byte of so many of the file may be free. */
#define FREE_SHARE 8

/* How long a lock is waited for, in ms. */
#define BUSY_MS 5000

/* How often a read looks at the clock, in steps of SQLite's machine. */
#define CLOCK_STEPS 1000

typedef enum {
	RUN_BEGIN,
	RUN_COMMIT,
	RUN_ROLLBACK,
	READ_BEGIN,
	READ_END,
	GET_MARK,
	SET_MARK,
	LAST_OF_DAY,
	ADD_DOC,
	ADD_TERMS,
	COUNT_IN,
	COUNT_OUT,
	FIND_DOC,
	DROP_DOC,
	DROP_TERMS,
	MERGE,
	MERGE_ALL,
	GET_SPANS,
	GET_VERSION,
	SEEK_MATCH,
	SEEK_ALL,
	SEEK_SCORES,
	SEEK_BARE,
	COUNT_PAGES,
	COUNT_FREE,
	N_STATEMENTS,
} Statement;

#define NAME(id, name, kind) #name ", "
#define VALUE(id, name, kind) "?, "
#define COLUMNS DOCUMENT_COLUMNS(NAME)
#define VALUES DOCUMENT_COLUMNS(VALUE)

/* What read_entry reads. */
#define ROW "d.id, d.post, d.list, d.date, d.size, d.author"

static const char *const texts[N_STATEMENTS] = {
    [RUN_BEGIN] = "BEGIN IMMEDIATE",
    [RUN_COMMIT] = "COMMIT",
    [RUN_ROLLBACK] = "ROLLBACK",
    [READ_BEGIN] = "BEGIN",
    [READ_END] = "COMMIT",
    [GET_MARK] = "SELECT post, store FROM mark",
    [SET_MARK] = "UPDATE mark SET post = ?, store = ?",
    [LAST_OF_DAY] = "SELECT max(id) FROM doc WHERE id >= ? AND id < ?",
    [ADD_DOC] = "INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?)",
    [ADD_TERMS] = "INSERT INTO term (" COLUMNS "rowid) "
		  "VALUES (" VALUES "?)",
    [COUNT_IN] = "INSERT INTO span VALUES (?, 1) "
		 "ON CONFLICT DO UPDATE SET n = n + 1",
    [COUNT_OUT] = "UPDATE span SET n = n - 1 WHERE id = ?",
    [FIND_DOC] = "SELECT " ROW " FROM doc d WHERE d.post = ?",
    [DROP_DOC] = "DELETE FROM doc WHERE id = ?",
    [DROP_TERMS] = "INSERT INTO term (" COLUMNS "rowid, term) "
		   "VALUES (" VALUES "?, 'delete')",
    [MERGE] = "INSERT INTO term (term, rank) VALUES ('merge', 200)",
    [MERGE_ALL] = "INSERT INTO term (term, rank) VALUES ('merge', -2000)",
    [GET_SPANS] = "SELECT id, n FROM span ORDER BY id",
    [GET_VERSION] = "PRAGMA data_version",
    [SEEK_MATCH] = "SELECT " ROW " "
		   "FROM term t JOIN doc d ON d.id = t.rowid "
		   "WHERE term MATCH ? AND t.rowid BETWEEN ? AND ? "
		   "ORDER BY t.rowid DESC",
    [SEEK_ALL] = "SELECT " ROW " FROM doc d WHERE d.id BETWEEN ?2 AND ?3 "
		 "ORDER BY d.id DESC",
    [SEEK_SCORES] = "SELECT " ROW ", score(term, d.terms) "
		    "FROM term t JOIN doc d ON d.id = t.rowid "
		    "WHERE term MATCH ? AND t.rowid BETWEEN ? AND ? "
		    "ORDER BY t.rowid DESC",
    [SEEK_BARE] = "SELECT rowid, 0, 0, 0, 0, '' FROM term "
		  "WHERE term MATCH ? AND rowid BETWEEN ? AND ? "
		  "ORDER BY rowid DESC",
    [COUNT_PAGES] = "SELECT page_count * page_size "
		    "FROM pragma_page_count, pragma_page_size",
    [COUNT_FREE] = "SELECT freelist_count * page_size "
		   "FROM pragma_freelist_count, pragma_page_size",
};

struct Index {
	sqlite3 *db;
	char *path;
	sqlite3_stmt *statements[N_STATEMENTS];
	IndexShares shares;
	IndexCount *count;
	GArray *spans; /* Span, by id */
	uint64_t n_docs;
	int64_t version; /* of the file when spans was read; 0: not yet */
	int64_t deadline_ms;
};

typedef struct {
	int64_t id;
	uint64_t n; /* its documents, and those of all before */
} Span;

/* Running statements ------------------------------------------------------ */

static bool
fail(Index *x, int rc, GError **err)
{
	ErrCode code = ERR_IO;

	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		code = ERR_BUSY;
	if ((rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_INTERRUPT)
		code = ERR_LIMIT;
	return err_set(err, code, "%s: %s", x->path,
	    x->db == NULL || rc == SQLITE_NOMEM ? sqlite3_errstr(rc)
						: sqlite3_errmsg(x->db));
}

/* A statement to be bound, run and reset; NULL with *err set. */
static sqlite3_stmt *
get(Index *x, Statement which, GError **err)
{
	sqlite3_stmt **stmt = &x->statements[which];

	if (*stmt == NULL) {
		int rc = sqlite3_prepare_v3(x->db, texts[which], -1,
		    SQLITE_PREPARE_PERSISTENT, stmt, NULL);

		if (rc != SQLITE_OK)
			fail(x, rc, err);
	}
	return *stmt;
}

/* Run which, bound to values, that gives no rows. */
static bool
run(Index *x, Statement which, const int64_t *values, int n, GError **err)
{
	sqlite3_stmt *stmt = get(x, which, err);
	int rc = SQLITE_OK;

	if (stmt == NULL)
		return false;
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(stmt, i + 1, values[i]);
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		fail(x, rc, err);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE;
}

/* The number that which gives, bound to n values; *out stays as it is where
 * it gives none. */
static bool
number(Index *x, Statement which, const int64_t *values, int n, int64_t *out,
    GError **err)
{
	sqlite3_stmt *stmt = get(x, which, err);
	int rc = SQLITE_OK;

	if (stmt == NULL)
		return false;
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(stmt, i + 1, values[i]);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(stmt, 0);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		fail(x, rc, err);
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool
script(Index *x, const char *text, GError **err)
{
	int rc = sqlite3_exec(x->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK || fail(x, rc, err);
}

/* Counting ---------------------------------------------------------------- */

/* See that spans tells of the file as it is now. */
static bool
read_spans(Index *x, GError **err)
{
	int64_t version = 0;
	sqlite3_stmt *stmt = NULL;
	Span span = {0};
	int rc = SQLITE_OK;

	if (!number(x, GET_VERSION, NULL, 0, &version, err))
		return false;
	version =
	    (int64_t)((uint64_t)version << 32) + sqlite3_total_changes64(x->db);
	if (version == x->version)
		return true;
	stmt = get(x, GET_SPANS, err);
	if (stmt == NULL)
		return false;
	g_array_set_size(x->spans, 0);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		span.id = sqlite3_column_int64(stmt, 0);
		span.n += (uint64_t)sqlite3_column_int64(stmt, 1);
		g_array_append_val(x->spans, span);
	}
	if (rc != SQLITE_DONE)
		fail(x, rc, err);
	sqlite3_reset(stmt);
	x->n_docs = span.n;
	x->version = version;
	return rc == SQLITE_DONE;
}

/* IndexShare: a span that doc lies in counts whole. */
static double
share(void *arg, int64_t doc)
{
	const Index *x = arg;
	guint low = 0, high = x->spans->len;

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if (g_array_index(x->spans, Span, mid).id < doc >> SPAN_BITS)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == x->spans->len)
		return 1;
	return (double)g_array_index(x->spans, Span, low).n /
	       (double)MAX(x->n_docs, 1);
}

bool
index_share(Index *x, int64_t doc, double *part, GError **err)
{
	if (!read_spans(x, err))
		return false;
	*part = 1 - share(x, doc - (INT64_C(1) << SPAN_BITS));
	return true;
}

bool
index_count(Index *x, uint64_t *n, uint64_t *bytes, GError **err)
{
	int64_t size = 0;

	if (!read_spans(x, err) || !number(x, COUNT_PAGES, NULL, 0, &size, err))
		return false;
	*n = x->n_docs;
	*bytes = (uint64_t)size;
	return true;
}

/* Opening ----------------------------------------------------------------- */

/* FTS5 keeps what it is told here.  It gathers terms up to hashsize before
 * it writes any: a commit of one message has few, an import's many.  Merging
 * eight pieces at a time takes 7 % less of an import's CPU time than four;
 * idle times merge more.  How many terms a document has stands in its row,
 * which is read anyway. */
static const char tables[] =
    "CREATE TABLE mark (post INTEGER NOT NULL, store TEXT NOT NULL) STRICT;"
    "INSERT INTO mark VALUES (0, '');"
    "CREATE TABLE doc ("
    "	id INTEGER PRIMARY KEY,"
    "	post INTEGER NOT NULL,"
    "	list INTEGER NOT NULL,"
    "	date INTEGER NOT NULL,"
    "	size INTEGER NOT NULL,"
    "	terms INTEGER NOT NULL,"
    "	author TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX doc_post ON doc (post);"
    "CREATE TABLE span (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
    "CREATE VIRTUAL TABLE term USING fts5 (" COLUMNS "content = '',"
    "	detail = full, columnsize = 0, tokenize = 'stream');"
    "INSERT INTO term (term, rank) VALUES ('hashsize', 16777216);"
    "INSERT INTO term (term, rank) VALUES ('automerge', 8);" INDEX_WORD_TABLES
    "PRAGMA application_id = 1717922921;";

static bool
is_ours(Index *x, bool *ours, GError **err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(x->db,
	    "SELECT application_id, user_version "
	    "FROM pragma_application_id, pragma_user_version",
	    -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ours = sqlite3_column_int64(stmt, 0) == APPLICATION_ID &&
			sqlite3_column_int64(stmt, 1) == FORM;
	else
		fail(x, rc, err);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW;
}

/* Delete the file and what SQLite keeps beside it. */
static void
drop_files(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *file = g_strconcat(path, ends[i], NULL);

		(void)g_unlink(file);
	}
}

static int
is_late(void *arg)
{
	const Index *x = arg;

	return x->deadline_ms > 0 && clock_cpu_ms() > x->deadline_ms;
}

static bool
open_file(Index *x, IndexMode mode, GError **err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int keep_wal = 1, rc = SQLITE_OK;

	flags |= mode == INDEX_WRITE
		     ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
		     : SQLITE_OPEN_READONLY;
	rc = sqlite3_open_v2(x->path, &x->db, flags, NULL);
	sqlite3_progress_handler(x->db, CLOCK_STEPS, is_late, x);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(x->db, BUSY_MS);
	if (rc == SQLITE_OK)
		rc = index_fts_register(x->db, &x->shares);
	if (rc != SQLITE_OK)
		return fail(x, rc, err);
	if (mode == INDEX_READ)
		return script(x,
		    "PRAGMA query_only = ON; PRAGMA cache_size = -16384", err);
	/* A reader that may not write can't make the log itself. */
	sqlite3_file_control(
	    x->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_wal);
	/* A cache: a power cut may take its last commits, and what is lost
	 * is told by its mark.  Pages that merging leaves free, up to a fifth
	 * of all, can be given back; they are not overwritten first. */
	return script(x,
	    "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = OFF;"
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
	    "PRAGMA wal_autocheckpoint = 8000;"
	    "PRAGMA journal_size_limit = 33554432;"
	    "PRAGMA cache_size = -16384",
	    err);
}

static void
close_file(Index *x)
{
	for (int i = 0; i < N_STATEMENTS; i++)
		g_clear_pointer(&x->statements[i], sqlite3_finalize);
	g_clear_pointer(&x->db, sqlite3_close);
	x->version = 0;
}

static bool
open_for_reading(Index *x, GError **err)
{
	bool ours = false;

	if (g_access(x->path, F_OK) < 0)
		return err_set(err, ERR_NOTFOUND,
		    "%s: no index there; \"felid index\" makes one", x->path);
	if (!open_file(x, INDEX_READ, err) || !is_ours(x, &ours, err))
		return false;
	return ours ||
	       err_set(err, ERR_NOTFOUND,
		   "%s was made by another felid; \"felid index\" makes it "
		   "anew",
		   x->path);
}

static bool
make_tables(Index *x, GError **err)
{
	g_autofree char *form =
	    g_strdup_printf("PRAGMA user_version = %d", FORM);
	bool ours = false;

	if (!run(x, RUN_BEGIN, NULL, 0, err))
		return false;
	/* Whoever had the lock before us may have made them. */
	if (is_ours(x, &ours, err) &&
	    (ours || (script(x, tables, err) && script(x, form, err))) &&
	    run(x, RUN_COMMIT, NULL, 0, err))
		return true;
	(void)run(x, RUN_ROLLBACK, NULL, 0, NULL);
	return false;
}

static bool
open_for_writing(Index *x, GError **err)
{
	g_autofree char *folder = g_path_get_dirname(x->path);
	g_autoptr(GError) why = NULL;
	bool ours = false;

	/* The role may not even try to. */
	if (g_access(folder, F_OK) < 0 && g_mkdir(folder, 0750) < 0)
		return err_set_errno(err, ERR_IO, "%s", folder);
	if (open_file(x, INDEX_WRITE, &why) && is_ours(x, &ours, &why) && ours)
		return true;
	if (g_error_matches(why, ERR, ERR_BUSY) ||
	    g_error_matches(why, ERR, ERR_LIMIT)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	/* Of another form, damaged, or not there. */
	close_file(x);
	drop_files(x->path);
	return open_file(x, INDEX_WRITE, err) && make_tables(x, err);
}

Index *
index_open(const char *dir, IndexMode mode, GError **err)
{
	g_autoptr(Index) x = g_new0(Index, 1);

	x->path = g_build_filename(dir, INDEX_FOLDER, "index.db", NULL);
	x->count = index_count_new();
	x->spans = g_array_new(FALSE, FALSE, sizeof(Span));
	x->shares = (IndexShares){.share = share, .arg = x};
	if (mode == INDEX_WRITE ? !open_for_writing(x, err)
				: !open_for_reading(x, err))
		return NULL;
	return g_steal_pointer(&x);
}

void
index_close(Index *x)
{
	if (x == NULL)
		return;
	close_file(x);
	index_count_free(x->count);
	g_array_unref(x->spans);
	g_free(x->path);
	g_free(x);
}

/* Writing ----------------------------------------------------------------- */

bool
index_begin(Index *x, GError **err)
{
	return run(x, RUN_BEGIN, NULL, 0, err);
}

bool
index_commit(Index *x, GError **err)
{
	if (run(x, RUN_COMMIT, NULL, 0, err))
		return true;
	index_rollback(x);
	return false;
}

void
index_rollback(Index *x)
{
	/* SQLite may have rolled back by itself, on a full disk for one. */
	if (sqlite3_get_autocommit(x->db) == 0)
		(void)run(x, RUN_ROLLBACK, NULL, 0, NULL);
}

/* Copy a column's text, where it is one that fits. */
static void
copy_id(char id[INDEX_ID_LEN + 1], sqlite3_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);

	(void)g_strlcpy(
	    id, text != NULL ? (const char *)text : "", INDEX_ID_LEN + 1);
}

bool
index_mark(Index *x, IndexMark *mark, GError **err)
{
	sqlite3_stmt *stmt = get(x, GET_MARK, err);
	int rc = SQLITE_OK;

	if (stmt == NULL)
		return false;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		mark->post = sqlite3_column_int64(stmt, 0);
		copy_id(mark->store, stmt, 1);
	} else {
		fail(x, rc, err);
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW;
}

bool
index_set_mark(Index *x, const IndexMark *mark, GError **err)
{
	sqlite3_stmt *stmt = get(x, SET_MARK, err);

	return stmt != NULL &&
	       sqlite3_bind_text(stmt, 2, mark->store, -1, SQLITE_STATIC) ==
		   SQLITE_OK &&
	       run(x, SET_MARK, &mark->post, 1, err);
}

bool
index_empty(Index *x, GError **err)
{
	/* In the file that is there: others have it open. */
	if (!index_begin(x, err))
		return false;
	if (script(x,
		INDEX_WORD_DROP
		"DROP TABLE term; DROP TABLE doc; DROP TABLE span;"
		"DROP TABLE mark",
		err) &&
	    script(x, tables, err))
		return index_commit(x, err);
	index_rollback(x);
	return false;
}

int64_t
index_doc_of(int64_t date)
{
	return CLAMP(date / DAY_S, 0, DAYS_MAX) << DAY_BITS;
}

/* A number that is free for a message of that date: of its day, or of the
 * next one that is not full. */
static bool
find_number(Index *x, int64_t date, int64_t *doc, GError **err)
{
	int64_t day = index_doc_of(date);

	for (;;) {
		int64_t next = day + ((int64_t)1 << DAY_BITS), last = day - 1;

		if (!number(
			x, LAST_OF_DAY, (int64_t[]){day, next}, 2, &last, err))
			return false;
		*doc = last + 1;
		if (*doc < next)
			return true;
		day = next;
	}
}

/* Give FTS5 the terms of d, or take them away; to those of the column of
 * exact terms that of the list is added. */
static bool
write_terms(Index *x, Statement which, const IndexEntry *e, const Document *d,
    GError **err)
{
	sqlite3_stmt *stmt = get(x, which, err);
	g_autofree char *exact =
	    g_strdup_printf("%s" INDEX_ANY_TERM "\n" INDEX_LIST_TERM "\n",
		d->columns[DOCUMENT_X]->str, e->list);
	int rc = SQLITE_OK;

	if (stmt == NULL)
		return false;
	for (int i = 0; i < DOCUMENT_X; i++)
		sqlite3_bind_text64(stmt, i + 1, d->columns[i]->str,
		    d->columns[i]->len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_text(stmt, DOCUMENT_X + 1, exact, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, DOCUMENT_N_COLUMNS + 1, e->doc);
	rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		fail(x, rc, err);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return rc == SQLITE_DONE;
}

/* How long d is, as FTS5 counts it: other forms at a place count for none. */
static int64_t
count_terms(const Document *d)
{
	int64_t n = 0;

	for (int i = 0; i < DOCUMENT_N_COLUMNS; i++) {
		const GString *s = d->columns[i];
		const char *end = s->str + s->len;

		for (const char *p = s->str; p != NULL && p < end;) {
			n += *p != '\t';
			p = memchr(p, '\n', (size_t)(end - p));
			p += p != NULL;
		}
	}
	return n;
}

bool
index_add(Index *x, IndexEntry *e, const Document *d, GError **err)
{
	if (!find_number(x, e->date, &e->doc, err))
		return false;
	const int64_t row[] = {e->doc, e->post, e->list, e->date,
	    (int64_t)e->size, count_terms(d)};
	const int64_t span = e->doc >> SPAN_BITS;
	sqlite3_stmt *stmt = get(x, ADD_DOC, err);

	if (stmt == NULL)
		return false;
	sqlite3_bind_text(stmt, 7, e->author, -1, SQLITE_STATIC);
	return run(x, ADD_DOC, row, G_N_ELEMENTS(row), err) &&
	       run(x, COUNT_IN, &span, 1, err) &&
	       write_terms(x, ADD_TERMS, e, d, err);
}

bool
index_remove(Index *x, int64_t post, const Document *d, GError **err)
{
	IndexEntry e = {0};

	if (!index_find(x, post, &e, err))
		return false;
	const int64_t span = e.doc >> SPAN_BITS;

	return e.doc == 0 || (write_terms(x, DROP_TERMS, &e, d, err) &&
				 run(x, DROP_DOC, &e.doc, 1, err) &&
				 run(x, COUNT_OUT, &span, 1, err));
}

bool
index_overwrite(Index *x, GError **err)
{
	return script(x, "PRAGMA secure_delete = ON", err);
}

bool
index_checkpoint(Index *x)
{
	return sqlite3_wal_checkpoint_v2(x->db, NULL,
		   SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK;
}

/* Give some of the pages back that FTS5 merged from: any, or those above the
 * share that it needs again and again. */
static bool
give_back(Index *x, bool any, bool *more, GError **err)
{
	int64_t size = 0, n_free = 0;

	if (!number(x, COUNT_PAGES, NULL, 0, &size, err) ||
	    !number(x, COUNT_FREE, NULL, 0, &n_free, err))
		return false;
	*more = n_free > (any ? 0 : size / FREE_SHARE);
	return !*more || script(x, "PRAGMA incremental_vacuum(1000)", err);
}

static bool
count_words(Index *x, bool *more, GError **err)
{
	int rc = SQLITE_OK;

	if (!read_spans(x, err))
		return false;
	rc = index_count_some(x->count, x->db, x->n_docs, more);
	return rc == SQLITE_OK || fail(x, rc, err);
}

bool
index_merge(Index *x, bool all, bool *more, GError **err)
{
	int64_t before = sqlite3_total_changes64(x->db);

	if (!run(x, all ? MERGE_ALL : MERGE, NULL, 0, err))
		return false;
	/* FTS5's manual, "merge": fewer than two, nothing was to be done. */
	*more = sqlite3_total_changes64(x->db) - before >= 2;
	return *more || (give_back(x, all, more, err) &&
			    (*more || count_words(x, more, err)));
}

/* Reading ----------------------------------------------------------------- */

bool
index_read_begin(Index *x, GError **err)
{
	return run(x, READ_BEGIN, NULL, 0, err);
}

void
index_read_end(Index *x)
{
	if (sqlite3_get_autocommit(x->db) == 0)
		(void)run(x, READ_END, NULL, 0, NULL);
}

void
index_set_deadline(Index *x, int64_t end_ms)
{
	x->deadline_ms = end_ms;
}

/* The row that stmt stands at. */
static IndexEntry
read_entry(sqlite3_stmt *stmt)
{
	IndexEntry e = {
	    .doc = sqlite3_column_int64(stmt, 0),
	    .post = sqlite3_column_int64(stmt, 1),
	    .list = sqlite3_column_int64(stmt, 2),
	    .date = sqlite3_column_int64(stmt, 3),
	    .size = (uint64_t)sqlite3_column_int64(stmt, 4),
	};

	copy_id(e.author, stmt, 5);
	return e;
}

bool
index_find(Index *x, int64_t post, IndexEntry *e, GError **err)
{
	sqlite3_stmt *stmt = get(x, FIND_DOC, err);
	int rc = SQLITE_OK;

	if (stmt == NULL)
		return false;
	sqlite3_bind_int64(stmt, 1, post);
	rc = sqlite3_step(stmt);
	*e = (IndexEntry){0};
	if (rc == SQLITE_ROW)
		*e = read_entry(stmt);
	else if (rc != SQLITE_DONE)
		fail(x, rc, err);
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool
index_words(
    Index *x, const char *prefix, GPtrArray *words, uint64_t *n, GError **err)
{
	int rc = index_word_find(x->db, prefix, words, n);

	return rc == SQLITE_OK || fail(x, rc, err);
}

/* Which of match's strings are how a word begins, as bits. */
static uint64_t
find_prefixes(const char *match)
{
	uint64_t bits = 0;
	unsigned int n = 0;

	for (const char *p = strchr(match, '"'); p != NULL && n < 64;
	     p = strchr(p, '"')) {
		for (p++; *p != '\0' && (*p != '"' || p[1] == '"'); p++)
			p += *p == '"';
		if (*p == '\0')
			break;
		p++;
		if (p[0] == ' ' && p[1] == '*')
			bits |= UINT64_C(1) << n;
		n++;
	}
	return bits;
}

/* Bind ask to which; NULL with *err set. */
static sqlite3_stmt *
begin_ask(Index *x, Statement which, const IndexAsk *ask, GError **err)
{
	sqlite3_stmt *stmt = get(x, which, err);

	if (stmt == NULL)
		return NULL;
	if (ask->match != NULL) {
		sqlite3_bind_text(stmt, 1, ask->match, -1, SQLITE_STATIC);
		x->shares.prefixes = find_prefixes(ask->match);
	}
	sqlite3_bind_int64(stmt, 2, ask->first);
	sqlite3_bind_int64(stmt, 3, ask->last);
	return stmt;
}

static bool
end_ask(Index *x, sqlite3_stmt *stmt, int rc, GError **err)
{
	bool ok = rc == SQLITE_DONE || rc == SQLITE_ROW;

	if (!ok)
		fail(x, rc, err);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return ok;
}

bool
index_newest(
    Index *x, const IndexAsk *ask, IndexSeen *seen, void *arg, GError **err)
{
	bool scores = ask->scores && ask->match != NULL;
	sqlite3_stmt *stmt = NULL;
	bool go_on = true;
	int rc = SQLITE_OK;

	if (!read_spans(x, err))
		return false;
	stmt = begin_ask(x,
	    scores               ? SEEK_SCORES
	    : ask->match == NULL ? SEEK_ALL
	    : ask->bare          ? SEEK_BARE
				 : SEEK_MATCH,
	    ask, err);
	if (stmt == NULL)
		return false;
	while (go_on && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		IndexEntry e = read_entry(stmt);

		if (scores)
			e.score = sqlite3_column_double(stmt, 6);
		go_on = seen(arg, &e);
	}
	return end_ask(x, stmt, rc, err);
}
