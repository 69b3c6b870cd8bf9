/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "store/schema.h"
#include "store/sqlite_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* "feld", so that file(1) can tell; and the schema's number. */
#define APPLICATION_ID 1717922916
#define SCHEMA 5

/* How long a writer waits for another one: tries, a millisecond apart.
 * Import and LMTP hold the lock for some 100 ms at most. */
#define BUSY_TRIES 5000

/* The running of statements -------------------------------------------- */

bool
sql_fail(Store *s, int rc, GError **err)
{
	ErrCode code = ERR_IO;

	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		code = ERR_BUSY;
	if ((rc & 0xff) == SQLITE_FULL)
		code = ERR_LIMIT;
	return err_set(err, code, "%s: %s", s->path,
	    s->db == NULL || rc == SQLITE_NOMEM ? sqlite3_errstr(rc)
						: sqlite3_errmsg(s->db));
}

static guint
hash_text(gconstpointer kept)
{
	return g_direct_hash(((const SqlKept *)kept)->text);
}

static gboolean
is_text(gconstpointer a, gconstpointer b)
{
	return ((const SqlKept *)a)->text == ((const SqlKept *)b)->text;
}

static void
free_kept(gpointer kept)
{
	sqlite3_finalize(((SqlKept *)kept)->stmt);
	g_free(kept);
}

Sql
sql(Store *s, const char *text)
{
	Sql q = {.s = s, .rc = SQLITE_OK};
	SqlKept key = {.text = text};
	SqlKept *kept = g_hash_table_lookup(s->statements, &key);

	if (kept == NULL) {
		q.rc = sqlite3_prepare_v3(s->db, text, -1,
		    SQLITE_PREPARE_PERSISTENT, &key.stmt, NULL);
		if (q.rc != SQLITE_OK)
			return q;
		kept = g_memdup2(&key, sizeof key);
		g_hash_table_add(s->statements, kept);
	}
	q.stmt = kept->stmt;
	g_assert(!sqlite3_stmt_busy(q.stmt));
	return q;
}

void
sql_end(Sql *q)
{
	if (q->stmt == NULL)
		return;
	sqlite3_reset(q->stmt);
	if (q->n_bound > 0)
		sqlite3_clear_bindings(q->stmt);
	q->stmt = NULL;
}

static void
note(Sql *q, int rc)
{
	g_assert(rc != SQLITE_RANGE && rc != SQLITE_MISUSE);
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
sql_int(Sql *q, int64_t v)
{
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_int64(q->stmt, ++q->n_bound, v));
}

void
sql_text(Sql *q, const char *text)
{
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_text(
			    q->stmt, ++q->n_bound, text, -1, SQLITE_STATIC));
}

void
sql_blob(Sql *q, const void *data, size_t len)
{
	/* A NULL pointer would bind NULL where an empty blob is meant. */
	if (q->rc == SQLITE_OK)
		note(q, sqlite3_bind_blob64(q->stmt, ++q->n_bound,
			    len == 0 && data != NULL ? "" : data, len,
			    SQLITE_STATIC));
}

SqlStep
sql_step(Sql *q, GError **err)
{
	bool writes = q->stmt != NULL && sqlite3_stmt_readonly(q->stmt) == 0;
	int rc = q->rc;

	/* SQLite may have ended the transaction: what would follow must not
	 * become one of its own. */
	if (writes && q->s->doomed) {
		err_set(err, ERR_IO, "%s: an earlier write failed", q->s->path);
		return SQL_FAILED;
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return SQL_ROW;
	if (rc == SQLITE_DONE)
		return SQL_DONE;
	if (writes || (q->s->writing && sqlite3_get_autocommit(q->s->db) != 0))
		q->s->doomed = true;
	sql_fail(q->s, rc, err);
	return SQL_FAILED;
}

bool
sql_run(Sql *q, GError **err)
{
	SqlStep step = sql_step(q, err);

	g_assert(step != SQL_ROW);
	return step == SQL_DONE;
}

bool
sql_number(Sql *q, int64_t *v, GError **err)
{
	SqlStep step = sql_step(q, err);

	if (step == SQL_ROW)
		*v = sqlite3_column_int64(q->stmt, 0);
	return step != SQL_FAILED;
}

char *
sql_dup(Sql *q, int column)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);

	if (sqlite3_column_type(q->stmt, column) == SQLITE_NULL)
		return NULL;
	/* An empty text is a null pointer here. */
	return g_strndup(bytes != NULL ? bytes : "",
	    (gsize)sqlite3_column_bytes(q->stmt, column));
}

char *
sql_take_text(Sql *q, int column, char **at)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, column);
	char *text = *at;

	if (bytes == NULL &&
	    sqlite3_column_type(q->stmt, column) == SQLITE_NULL)
		return NULL;
	if (bytes != NULL)
		memcpy(text, bytes, len);
	text[len] = '\0';
	*at += len + 1;
	return text;
}

bool
sql_script(Store *s, const char *text, GError **err)
{
	int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return true;
	s->doomed = true;
	return sql_fail(s, rc, err);
}

/* Transactions ---------------------------------------------------------- */

static int
wait_a_little(void *arg, int tries)
{
	const Store *s = arg;

	if (tries >= s->busy_tries)
		return 0;
	g_usleep(1000);
	return 1;
}

bool
store_begin(Store *s, GError **err)
{
	Sql q = sql(s, "BEGIN IMMEDIATE");
	bool ok = false;

	g_assert(s->mode == STORE_WRITE && !s->writing);
	s->doomed = false;
	/* Others may have written since, or it was rolled back. */
	g_hash_table_remove_all(s->authors);
	ok = sql_run(&q, err);
	sql_end(&q);
	s->doomed = false;
	if (!ok)
		return false;
	s->writing = true;
	/* Another process may have trained one since. */
	if (pack_has_dicts(s->pack) || sql_load_dicts(s, err))
		return true;
	store_rollback(s);
	return false;
}

bool
store_commit(Store *s, GError **err)
{
	Sql q = {0};
	bool ok = false;

	g_assert(s->writing);
	if (s->doomed) {
		store_rollback(s);
		return err_set(err, ERR_IO,
		    "%s: an earlier write of this transaction failed", s->path);
	}
	q = sql(s, "COMMIT");
	ok = sql_run(&q, err);
	sql_end(&q);
	if (!ok) {
		store_rollback(s);
		return false;
	}
	s->writing = false;
	sql_train(s);
	return true;
}

void
store_rollback(Store *s)
{
	Sql q = {0};

	g_assert(s->writing);
	s->writing = false;
	/* SQLite may have rolled back by itself, on a full disk for one. */
	if (sqlite3_get_autocommit(s->db) != 0)
		return;
	q = sql(s, "ROLLBACK");
	(void)sql_step(&q, NULL);
	sql_end(&q);
}

bool
sql_enter(Store *s, bool *own, GError **err)
{
	*own = !s->writing;
	return !*own || store_begin(s, err);
}

bool
sql_leave(Store *s, bool own, bool ok, GError **err)
{
	if (!own)
		return ok;
	if (ok)
		return store_commit(s, err);
	store_rollback(s);
	return false;
}

bool
store_read_begin(Store *s, GError **err)
{
	g_auto(Sql) q = sql(s, "BEGIN");

	g_assert(sqlite3_get_autocommit(s->db) != 0);
	return sql_run(&q, err);
}

void
store_read_end(Store *s)
{
	g_auto(Sql) q = sql(s, "COMMIT");

	if (sqlite3_get_autocommit(s->db) == 0)
		(void)sql_step(&q, NULL);
}

int64_t
store_version(Store *s)
{
	g_auto(Sql) q = sql(s, "PRAGMA data_version");
	int64_t others = 0;

	/* data_version tells of others' commits, total_changes of our own. */
	(void)sql_number(&q, &others, NULL);
	return (int64_t)((uint64_t)others << 32) +
	       sqlite3_total_changes64(s->db);
}

/* Opening ----------------------------------------------------------------- */

static bool
sync_folder(const char *dir, GError **err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		err_set_errno(err, ERR_IO, "%s", dir);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Make dir and the empty file, others kept out: lists may be private. */
static bool
make_files(const char *dir, const char *path, GError **err)
{
	g_autofree char *parent = g_path_get_dirname(dir);
	int fd = -1;

	if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
		if (g_mkdir_with_parents(dir, 0750) != 0)
			return err_set_errno(err, ERR_IO, "%s", dir);
		if (!sync_folder(parent, err))
			return false;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0)
		return err_set_errno(err, ERR_IO, "%s", path);
	close(fd);
	return true;
}

bool
sql_read_schema(Store *s, GError **err)
{
	g_auto(Sql) id = sql(s, "PRAGMA application_id");
	g_auto(Sql) version = sql(s, "PRAGMA user_version");
	int64_t app = 0, schema = 0;

	if (!sql_number(&id, &app, err) || !sql_number(&version, &schema, err))
		return false;
	if (app != APPLICATION_ID && (app != 0 || schema != 0))
		return err_set(err, ERR_IO, "%s is not a felid store", s->path);
	if (schema > SCHEMA)
		return err_set(err, ERR_IO,
		    "%s was made by a newer felid (its schema is %d, ours "
		    "%d)",
		    s->path, (int)schema, SCHEMA);
	s->schema = schema;
	return true;
}

static bool
make_secret(Store *s, GError **err)
{
	unsigned char bytes[SECRET_BYTES];
	g_auto(Sql) q = sql(s, "INSERT INTO secret VALUES (1, ?)");

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return err_set_errno(err, ERR_IO, "getrandom");
	sql_blob(&q, bytes, sizeof bytes);
	return sql_run(&q, err);
}

bool
sql_make_tables(Store *s, GError **err)
{
	if (s->schema < 1 && !sql_script(s, schema_0001, err))
		return false;
	if (s->schema < 2 &&
	    (!sql_script(s, schema_0002, err) || !make_secret(s, err)))
		return false;
	if (s->schema < 3 && !sql_script(s, schema_0003, err))
		return false;
	if (s->schema < 4 && !sql_script(s, schema_0004, err))
		return false;
	if (s->schema < 5 && !sql_script(s, schema_0005, err))
		return false;
	return sql_script(s, schema_derived, err) &&
	       sql_script(s,
		   "PRAGMA application_id = 1717922916;"
		   "PRAGMA user_version = 5",
		   err);
}

bool
sql_forget_tables(Store *s, GError **err)
{
	return sql_script(s,
	    "PRAGMA writable_schema = ON;"
	    "DELETE FROM sqlite_schema WHERE name = 'post_key' OR tbl_name IN "
	    "('head', 'key', 'thread', 'thread_id', 'author', "
	    "'thread_author', 'poster', 'month', 'day', 'list_sum');"
	    "PRAGMA writable_schema = RESET;"
	    "CREATE UNIQUE INDEX post_key ON post (key, list)",
	    err);
}

static bool
make_schema(Store *s, GError **err)
{
	if (!sql_script(s, "BEGIN IMMEDIATE", err))
		return false;
	/* Whoever had the lock before us may have made it. */
	if (!sql_read_schema(s, err) ||
	    (s->schema == 0 && !sql_make_tables(s, err)) ||
	    !sql_script(s, "COMMIT", err)) {
		(void)sql_script(s, "ROLLBACK", NULL);
		return false;
	}
	return sql_read_schema(s, err);
}

/* With pages of 8192 a commit of one message, which touches some 14 pages,
 * writes twice as much, and the store is hardly smaller.  A page that many
 * commits change is moved from the log once: the longer that is the less is
 * written. */
static const char write_settings[] = "PRAGMA page_size = 4096;"
				     "PRAGMA journal_mode = WAL;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA wal_autocheckpoint = 8000;"
				     "PRAGMA journal_size_limit = 33554432;"
				     "PRAGMA cache_size = -32768";

static const char read_settings[] = "PRAGMA query_only = ON;"
				    "PRAGMA cache_size = -8192";

/* Mapped pages count as the process's own, up to all of the store: what it
 * holds is bounded.  It costs a reader a twelfth of a message page's time,
 * and whoever writes nothing that can be measured. */
static const char no_mapping[] = "PRAGMA mmap_size = 0";

static bool
is_current(Store *s, GError **err)
{
	if (s->schema == SCHEMA)
		return true;
	if (s->schema == 0)
		return err_set(err, ERR_NOTFOUND,
		    "%s holds no archive yet; \"felid list add\" begins one",
		    s->path);
	return err_set(err, ERR_IO,
	    "%s was made by an older felid; \"felid fsck --rebuild\" brings "
	    "it up to date",
	    s->path);
}

static bool
open_for_writing(Store *s, const char *dir, StoreMode mode, GError **err)
{
	int keep_wal = 1;

	/* A reader that may not write can't make the WAL file itself. */
	sqlite3_file_control(
	    s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_wal);
	if (!sql_script(s, write_settings, err) || !sql_read_schema(s, err))
		return false;
	if (s->schema == 0 && mode == STORE_WRITE && !make_schema(s, err))
		return false;
	if ((s->schema == 0 || mode == STORE_WRITE) && !is_current(s, err))
		return false;
	return sync_folder(dir, err);
}

static bool
open_for_reading(Store *s, GError **err)
{
	return sql_script(s, read_settings, err) && sql_read_schema(s, err) &&
	       is_current(s, err);
}

static bool
open_database(Store *s, const char *dir, StoreMode mode, GError **err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc = SQLITE_OK;

	flags |= s->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE
					: SQLITE_OPEN_READONLY;
	rc = sqlite3_open_v2(s->path, &s->db, flags, NULL);
	if (rc != SQLITE_OK)
		return sql_fail(s, rc, err);
	sqlite3_busy_handler(s->db, wait_a_little, s);
	if (!sql_script(s, no_mapping, err))
		return false;
	if (s->mode == STORE_WRITE ? !open_for_writing(s, dir, mode, err)
				   : !open_for_reading(s, err))
		return false;
	return sql_load_dicts(s, err);
}

void
store_init(void)
{
	/* No thread needs its locks, and nobody reads its counts: a fiftieth
	 * of a page's instructions. */
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

Store *
store_open(const char *dir, StoreMode mode, GError **err)
{
	g_autoptr(Store) s = g_new0(Store, 1);

	s->path = g_build_filename(dir, "felid.db", NULL);
	s->mode = mode == STORE_READ ? STORE_READ : STORE_WRITE;
	s->busy_tries = BUSY_TRIES;
	s->statements =
	    g_hash_table_new_full(hash_text, is_text, free_kept, NULL);
	s->authors =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s->codes =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s->pack = pack_new();
	s->pieces = g_byte_array_new();
	if (mode != STORE_WRITE && access(s->path, F_OK) < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			err_set(err, ERR_NOTFOUND,
			    "%s: no store there; \"felid list add\" makes one",
			    dir);
		else
			err_set_errno(err, ERR_IO, "%s", s->path);
		return NULL;
	}
	if (mode == STORE_WRITE && !make_files(dir, s->path, err))
		return NULL;
	if (!open_database(s, dir, mode, err))
		return NULL;
	return g_steal_pointer(&s);
}

void
store_close(Store *s)
{
	if (s == NULL)
		return;
	g_assert(!s->writing);
	g_hash_table_unref(s->statements);
	g_hash_table_unref(s->authors);
	g_hash_table_unref(s->codes);
	sqlite3_close(s->db);
	pack_free(s->pack);
	g_byte_array_unref(s->pieces);
	g_free(s->path);
	g_free(s);
}
