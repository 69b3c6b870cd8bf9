/*
 * sqlite_private.h - what the files of the SQLite store share.
 *
 * SQL stands where it is used, as a literal given to sql(): the statement
 * is prepared once and kept under the literal's address.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SQLITE_PRIVATE_H
#define STORE_SQLITE_PRIVATE_H

#include "store/pack.h"
#include "store/store.h"

#include <glib.h>
#include <sqlite3.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a page of the database (write_settings). */
#define SQL_PAGE_BYTES ((size_t)4096)

/* The store's secret. */
#define SECRET_BYTES 32

struct Store {
	sqlite3 *db;
	char *path; /* of the database file, for messages */
	StoreMode mode;
	GHashTable *statements; /* SqlKept, by the address of its text */
	Pack *pack;
	GByteArray *pieces; /* of the frame that is read */
	int64_t schema;     /* of the file; below ours until a rebuild */
	unsigned char secret[SECRET_BYTES];
	bool has_secret;     /* secret was read */
	GHashTable *authors; /* gint64 of each address of this transaction */
	GHashTable *codes;   /* sql_author_code's of addresses that were met */
	int busy_tries;      /* for a lock, a millisecond apart */
	bool writing;        /* between store_begin and its end */
	bool doomed;         /* a write of this transaction failed */
	bool leaks;          /* sql_forget_tables was called */
	bool trained;        /* training a dictionary was tried */
	size_t raw_room;     /* in the page that raw ends in; see cut_row */
	int64_t last_post;   /* put by this process, 0 before the first */
	int64_t n_put;       /* posts that it put */
};

typedef struct {
	const char *text;
	sqlite3_stmt *stmt;
} SqlKept;

/* Kinds of list_name. */
enum { NAME_LIST_ID, NAME_OLD, NAME_ADDRESS };

/* One run of a statement: values are bound in their order. */
typedef struct {
	Store *s;
	sqlite3_stmt *stmt; /* columns are read by sqlite3_column_* */
	int n_bound;
	int rc;
} Sql;

typedef enum { SQL_ROW, SQL_DONE, SQL_FAILED } SqlStep;

/* Begin to run text, a literal.  A failure shows at the first sql_step.
 * Not to be nested in a run of the same literal. */
Sql sql(Store *s, const char *text);
void sql_end(Sql *q);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sql, sql_end)

void sql_int(Sql *q, int64_t v);
/* text and blob must live until sql_end; NULL binds NULL. */
void sql_text(Sql *q, const char *text);
void sql_blob(Sql *q, const void *data, size_t len);

/* SQL_FAILED sets *err: ERR_BUSY, or ERR_IO, after which the transaction
 * can only be rolled back. */
SqlStep sql_step(Sql *q, GError **err);

/* Run a statement that gives no rows. */
bool sql_run(Sql *q, GError **err);

/* The integer in the first column of the first row; *v stays as it is if
 * there is no row. */
bool sql_number(Sql *q, int64_t *v, GError **err);

/* A text column as a string to be freed with g_free; NULL for NULL. */
char *sql_dup(Sql *q, int column);

/* The same as a string at *at, where there is room for it and a NUL: *at
 * moves behind that. */
char *sql_take_text(Sql *q, int column, char **at);

/* What queries for heads begin with. */
#define SQL_HEAD                                                               \
	"SELECT h.post, h.list, h.thread, h.key, h.date, h.arrived, "          \
	"h.has_date, h.size, h.message_id, h.subject, h.from_name, "           \
	"h.from_addr, h.outline, h.ids, h.raw, h.author, h.kind "              \
	"FROM head h "

/* The rows of a query that begins so: Head, owned by the array; or NULL. */
GPtrArray *sql_heads(Sql *q, GError **err);

/* The rows of q, post, arrival and size: StoreArrival; or NULL. */
GArray *sql_arrivals(Sql *q, GError **err);

/* Say why post has no head or no bytes: ERR_GONE, ERR_NOTFOUND; false. */
bool sql_no_message(Store *s, int64_t post, GError **err);

/* Run several statements that are prepared once only. */
bool sql_script(Store *s, const char *text, GError **err);

/* Set *err for the SQLite result rc; returns false. */
bool sql_fail(Store *s, int rc, GError **err);

/* Begin a transaction unless one is there; *own says whether.  sql_leave
 * commits it or, if ok is false, rolls it back, if it is own; it returns
 * whether all is well. */
bool sql_enter(Store *s, bool *own, GError **err);
bool sql_leave(Store *s, bool own, bool ok, GError **err);

/* Store the bytes of a message, whose body begins at body_off; where they
 * are, or 0 with *err set. */
int64_t sql_put_raw(Store *s, GBytes *raw, size_t body_off, GError **err);

/* The bytes at raw, or with off, its body alone; see pack_inflate. */
GBytes *sql_read_raw(Store *s, int64_t raw, size_t *off, GError **err);

/* Delete the bytes at raw, unless a post has them. */
bool sql_drop_raw(Store *s, int64_t raw, GError **err);

/* A post and all that the tables are told of it. */
typedef struct {
	int64_t post, list;
	const Msg *msg;
	const Permalinks *links;
	KeyKind key;
	int64_t date, arrived;
	uint64_t size;
} SqlPost;

/* Fill *d with what from and the primary tables say. */
bool sql_read_post(
    Store *s, const StoreDerived *from, SqlPost *d, GError **err);

/* What the columns of a head point to while they are bound. */
typedef struct {
	char *subject, *from_name, *from_addr, *outline;
	GArray *ids;        /* uint64_t: its thread_id or 0, its refs' */
	GByteArray *packed; /* the same as the column has them */
} SqlTexts;

/* Bind post, list, date, has_date, size, message_id, subject, from_name,
 * from_addr, ids and outline.  texts must live until sql_end. */
void sql_bind_head(Sql *q, const SqlPost *d, SqlTexts *texts);
void sql_texts_clear(SqlTexts *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SqlTexts, sql_texts_clear)

/* Unite what ids name in list with post, which is filed at date, or with
 * its thread if that is not 0, and return the thread that holds it now, or
 * 0 with *err set. */
typedef struct {
	int64_t list, post, date;
	int64_t thread; /* that the post has already, or 0 */
	bool gone;      /* the post: it counts for no thread */
	/* What a thread tells of its first post, where that has no head yet:
	 * its key, of KEY_BYTES, and texts. */
	const unsigned char *key;
	const SqlTexts *texts;
} SqlPlace;
int64_t sql_unite(
    Store *s, const SqlPlace *at, const GArray *ids, GError **err);

/* Have the row of thread tell what its first post's head says. */
bool sql_tell_first(Store *s, int64_t thread, GError **err);

/* The thread that id of list was put into, 0 if it is not known. */
bool sql_thread_of_id(
    Store *s, int64_t list, uint64_t id, int64_t *thread, GError **err);

/* The thread that thread was united into in the end, in *root, and how
 * many posts it has. */
bool sql_thread_root(
    Store *s, int64_t thread, int64_t *root, uint64_t *n, GError **err);

/* Note which schema the file has.  ERR_IO if that is none of ours. */
bool sql_read_schema(Store *s, GError **err);

/* Make the derived tables, empty, and those primary ones that a store of
 * an older schema lacks. */
bool sql_make_tables(Store *s, GError **err);

/* Take the derived tables and the index of permalinks out of the schema,
 * without a look at their pages, which belong to nothing then. */
bool sql_forget_tables(Store *s, GError **err);

/* 60 bits that stand for an address, or 0 for none: HMAC-SHA256 under the
 * store's secret of the address with ASCII letters in lower case. */
bool sql_author_code(Store *s, const char *addr, int64_t *code, GError **err);

/* The number of who has addr, who may be new; 0: it is none. */
bool sql_author_of(Store *s, const char *addr, int64_t *author, GError **err);

/* Count a post of author, which is in thread, for both. */
bool sql_count_author(
    Store *s, const SqlPost *d, int64_t thread, int64_t author, GError **err);

/* Give the authors of thread from to thread to of the same list; *n_both is
 * how many had written to both. */
bool sql_move_authors(
    Store *s, int64_t from, int64_t to, int64_t *n_both, GError **err);

/* Seconds of a day; which one since the epoch t is in. */
#define SQL_DAY_S INT64_C(86400)
int64_t sql_day(int64_t t);

/* Once there is mail enough and no dictionary, make two; see limits.h. */
void sql_train(Store *s);
/* Use the newest two dictionaries. */
bool sql_load_dicts(Store *s, GError **err);
/* Make the one called id readable. */
bool sql_load_dict(Store *s, uint32_t id, GError **err);

#endif
