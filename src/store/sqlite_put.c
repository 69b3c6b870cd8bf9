/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/thread.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Primary -------------------------------------------------------------- */

/*
 * What raw takes is most of the store, and of pages where every message began
 * a row of its own, or rows had 1000 bytes, a tenth or more stayed empty.  So a
 * row is cut to fill the page that the table ends in, which SQLite leaves as it
 * is when a row is put behind its last.  How full that is we know from what
 * we have put: where that is wrong, as another process put some, a page stays
 * emptier than it might, until a row of a whole page comes.
 */
#define PAGE_ROOM (SQL_PAGE_BYTES - 8) /* behind its header */
/* What a row takes besides its piece: a pointer, its length, its number and
 * the types of its columns; in a message's first also its size. */
#define ROW_BYTES (2u + 2 + 4 + 5)
#define SIZE_BYTES 4u
/* Bytes of a piece, which SQLite would put into pages of its own beyond. */
#define PIECE_MAX (SQL_PAGE_BYTES - 35 - 5 - SIZE_BYTES)
/* What is not worth a row. */
#define PIECE_MIN ((size_t)64)

/* How many of the bytes that are left the next row takes. */
static size_t
cut_row(Store *s, size_t left, bool first)
{
	size_t beside = ROW_BYTES + (first ? SIZE_BYTES : 0), n = 0;

	if (s->raw_room < beside + MIN(left, PIECE_MIN))
		s->raw_room = PAGE_ROOM;
	n = MIN(left, MIN(s->raw_room - beside, PIECE_MAX));
	s->raw_room -= beside + n;
	return n;
}

static bool
put_piece(
    Store *s, const unsigned char *z, size_t z_len, int64_t size, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO raw (z, size) VALUES (?1, nullif(?2, -1))");

	sql_blob(&q, z, z_len);
	sql_int(&q, size);
	return sql_run(&q, err);
}

int64_t
sql_put_raw(Store *s, GBytes *raw, size_t body_off, GError **err)
{
	int64_t size = (int64_t)g_bytes_get_size(raw), first = 0;
	size_t z_len = 0, n = 0;
	const unsigned char *z =
	    pack_deflate(s->pack, raw, body_off, &z_len, err);

	if (z == NULL) {
		s->doomed = true;
		return 0;
	}
	for (size_t at = 0; at < z_len; at += n) {
		n = cut_row(s, z_len - at, at == 0);
		if (!put_piece(s, z + at, n, at == 0 ? size : -1, err))
			return 0;
		if (at == 0)
			first = sqlite3_last_insert_rowid(s->db);
	}
	return first;
}

static bool
put_raw(Store *s, StorePut *put, GError **err)
{
	if (put->raw_id == 0)
		put->raw_id = sql_put_raw(s, put->raw, put->msg->body_off, err);
	return put->raw_id != 0;
}

static int64_t
put_post(Store *s, const StorePut *put, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO post (raw, list, kind, key, arrived, came) "
		   "VALUES (?, ?, ?, ?, ?, ?)");

	sql_int(&q, put->raw_id);
	sql_int(&q, put->list);
	sql_int(&q, (int64_t)put->key);
	sql_blob(&q, put->links->digest[put->key], KEY_BYTES);
	sql_int(&q, put->arrived);
	sql_int(&q, put->came);
	return sql_run(&q, err) ? sqlite3_last_insert_rowid(s->db) : 0;
}

/* Derived -------------------------------------------------------------- */

static bool
add_key(Store *s, const SqlPost *d, KeyKind kind, const unsigned char *digest,
    GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT OR IGNORE INTO key (digest, list, kind, post) "
		   "VALUES (?, ?, ?, ?)");

	sql_blob(&q, digest, KEY_BYTES);
	sql_int(&q, d->list);
	sql_int(&q, (int64_t)kind);
	sql_int(&q, d->post);
	return sql_run(&q, err);
}

static bool
add_keys(Store *s, const SqlPost *d, GError **err)
{
	for (int k = 0; k < N_KEYS; k++)
		if (d->links->has[k] && (KeyKind)k != d->key &&
		    !add_key(s, d, (KeyKind)k, d->links->digest[k], err))
			return false;
	return true;
}

/* Ids of m as the head keeps them: its own first, 0 where it has none. */
static GArray *
ids_of(const Msg *m)
{
	GArray *ids = g_array_sized_new(
	    FALSE, FALSE, sizeof(uint64_t), (guint)m->n_refs + 1);
	uint64_t id = m->id == NULL ? 0 : thread_id(m->id);

	g_array_append_val(ids, id);
	for (size_t i = 0; i < m->n_refs; i++) {
		id = thread_id(m->refs[i]);
		g_array_append_val(ids, id);
	}
	return ids;
}

static GByteArray *
pack_ids(const GArray *ids)
{
	GByteArray *out = g_byte_array_sized_new(8 * ids->len);

	for (guint i = 0; i < ids->len; i++) {
		uint64_t be = GUINT64_TO_BE(g_array_index(ids, uint64_t, i));

		g_byte_array_append(out, (const guint8 *)&be, sizeof be);
	}
	return out;
}

void
sql_bind_head(Sql *q, const SqlPost *d, SqlTexts *t)
{
	const Msg *m = d->msg;

	t->subject = text_cut(m->subject, LIMIT_HEAD_TEXT_BYTES);
	t->from_name = text_cut(m->from_name, LIMIT_HEAD_TEXT_BYTES);
	t->from_addr = text_cut(m->from_addr, LIMIT_HEAD_TEXT_BYTES);
	t->outline = msg_write_outline(m);
	t->ids = ids_of(m);
	t->packed = pack_ids(t->ids);
	sql_int(q, d->post);
	sql_int(q, d->list);
	sql_int(q, d->date);
	sql_int(q, m->has_date);
	sql_int(q, (int64_t)d->size);
	sql_blob(q, m->id,
	    m->id == NULL ? 0 : strnlen(m->id, LIMIT_MESSAGE_ID_BYTES));
	sql_text(q, t->subject);
	sql_text(q, t->from_name);
	sql_text(q, t->from_addr);
	sql_blob(q, t->packed->data, t->packed->len);
	sql_text(q, t->outline);
}

void
sql_texts_clear(SqlTexts *t)
{
	g_free(t->subject);
	g_free(t->from_name);
	g_free(t->from_addr);
	g_free(t->outline);
	g_clear_pointer(&t->ids, g_array_unref);
	g_clear_pointer(&t->packed, g_byte_array_unref);
}

static bool
count_month(Store *s, const SqlPost *d, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO month (list, ym, n, changed) "
		   "VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE SET "
		   "n = n + 1, changed = max(changed + 1, ?3)");
	DateDay day = date_day(d->date);

	sql_int(&q, d->list);
	sql_int(&q, 12 * day.year + day.month - 1);
	sql_int(&q, g_get_real_time());
	return sql_run(&q, err);
}

int64_t
sql_day(int64_t t)
{
	/* Towards the past, also before the epoch. */
	return t / SQL_DAY_S - (t % SQL_DAY_S < 0);
}

static bool
count_day(Store *s, const SqlPost *d, GError **err)
{
	g_auto(Sql) q = sql(s, "INSERT INTO day (list, day, n) "
			       "VALUES (?, ?, 1) "
			       "ON CONFLICT DO UPDATE SET n = n + 1");

	sql_int(&q, d->list);
	sql_int(&q, sql_day(d->date));
	return sql_run(&q, err);
}

static bool
count_list(Store *s, const SqlPost *d, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO list_sum "
		   "(list, n, bytes, first_date, last_date, changed) "
		   "VALUES (?1, 1, ?2, ?3, ?3, ?4) ON CONFLICT DO UPDATE SET "
		   "n = n + 1, bytes = bytes + ?2, "
		   "first_date = min(first_date, ?3), "
		   "last_date = max(last_date, ?3), "
		   "changed = max(changed + 1, ?4)");

	sql_int(&q, d->list);
	sql_int(&q, (int64_t)d->size);
	sql_int(&q, d->date);
	sql_int(&q, g_get_real_time());
	return sql_run(&q, err);
}

static bool
derive(Store *s, const SqlPost *d, GError **err)
{
	g_auto(SqlTexts) texts = {0};
	g_auto(Sql) q = sql(s,
	    "INSERT INTO head (post, list, date, has_date, size, message_id, "
	    "subject, from_name, from_addr, ids, outline, thread, author, raw, "
	    "kind, key, arrived) "
	    "SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
	    "nullif(?13, 0), raw, kind, key, arrived FROM post WHERE id = ?1");
	SqlPlace at = {.list = d->list,
	    .post = d->post,
	    .date = d->date,
	    .key = d->links->digest[d->key],
	    .texts = &texts};
	int64_t thread = 0, author = 0;

	sql_bind_head(&q, d, &texts);
	thread = sql_unite(s, &at, texts.ids, err);
	if (thread == 0 || !sql_author_of(s, d->msg->from_addr, &author, err))
		return false;
	sql_int(&q, thread);
	sql_int(&q, author);
	return sql_run(&q, err) &&
	       sql_count_author(s, d, thread, author, err) &&
	       add_keys(s, d, err) && count_month(s, d, err) &&
	       count_day(s, d, err) && count_list(s, d, err);
}

int64_t
store_put(Store *s, StorePut *put, GError **err)
{
	SqlPost d = {
	    .list = put->list,
	    .msg = put->msg,
	    .links = put->links,
	    .key = put->key,
	    .date = put->date,
	    .arrived = put->arrived,
	    .size = g_bytes_get_size(put->raw),
	};
	bool own = false, ok = false;

	g_assert(put->key < KEY_LEGACY && put->links->has[put->key]);
	if (!sql_enter(s, &own, err))
		return 0;
	if (store_find_permalink(
		s, put->list, put->links->digest[put->key], err) != 0)
		ok = err_set(err, ERR_EXISTS, "the permalink is taken");
	else if (!s->doomed && put_raw(s, put, err)) {
		d.post = put_post(s, put, err);
		ok = d.post != 0 && derive(s, &d, err);
	}
	if (ok) {
		s->last_post = d.post;
		s->n_put++;
	}
	return sql_leave(s, own, ok, err) ? d.post : 0;
}

/* Copies ----------------------------------------------------------------- */

/* Where a post is that a copy's names are to be added to. */
typedef struct {
	SqlPost post;
	int64_t thread;
	uint64_t id64; /* its own, or 0 */
} Original;

static bool
read_original(Store *s, int64_t post, Original *o, GError **err)
{
	g_autoptr(Head) head = store_head(s, post, err);

	if (head == NULL)
		return false;
	*o = (Original){
	    .post = {.post = post, .list = head->list, .date = head->date},
	    .thread = head->thread,
	    .id64 = head->id64,
	};
	return true;
}

/* A copy brings names and may unite threads: pages change. */
static bool
touch_list(Store *s, int64_t list, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "UPDATE list_sum SET changed = max(changed + 1, ?1) "
		   "WHERE list = ?2");

	sql_int(&q, g_get_real_time());
	sql_int(&q, list);
	return sql_run(&q, err);
}

/* Make the keys and the thread_id of a copy's Message-ID lead to o. */
static bool
derive_copy(Store *s, const Original *o, const char *id, GError **err)
{
	SqlPlace at = {
	    .list = o->post.list,
	    .post = o->post.post,
	    .date = o->post.date,
	    .thread = o->thread,
	};
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	uint64_t id64 = thread_id(id);
	Permalinks links = {0};

	g_array_append_val(ids, id64);
	permalink_of_id(id, &links);
	return add_key(s, &o->post, KEY_ID, links.digest[KEY_ID], err) &&
	       add_key(
		   s, &o->post, KEY_LEGACY, links.digest[KEY_LEGACY], err) &&
	       sql_unite(s, &at, ids, err) != 0 &&
	       touch_list(s, o->post.list, err);
}

static bool
put_copy(Store *s, int64_t post, const char *id, GError **err)
{
	g_auto(Sql) q = sql(
	    s, "INSERT OR IGNORE INTO copy (post, message_id) VALUES (?, ?)");
	Original o;

	if (!read_original(s, post, &o, err))
		return false;
	if (o.id64 == thread_id(id))
		return true;
	sql_int(&q, post);
	sql_blob(&q, id, strlen(id));
	if (!sql_run(&q, err))
		return false;
	return sqlite3_changes(s->db) == 0 || derive_copy(s, &o, id, err);
}

bool
store_put_copy(Store *s, int64_t post, const char *id, GError **err)
{
	bool own = false;

	if (id == NULL)
		return true;
	return sql_enter(s, &own, err) &&
	       sql_leave(s, own, put_copy(s, post, id, err), err);
}

/* Rebuilding -------------------------------------------------------------- */

static bool
begin_rebuild(Store *s, bool forget, GError **err)
{
	if (!store_begin(s, err))
		return false;
	/* Another process may have brought it up to date. */
	if (sql_read_schema(s, err) && (!forget || sql_forget_tables(s, err)) &&
	    sql_make_tables(s, err))
		return true;
	store_rollback(s);
	return false;
}

bool
store_rebuild_begin(Store *s, GError **err)
{
	g_autoptr(GError) why = NULL;

	s->leaks = false;
	if (begin_rebuild(s, false, &why))
		return true;
	if (!g_error_matches(why, ERR, ERR_IO)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	/* SQLite goes through all pages of a table that it drops, and gives
	 * up at one that is damaged. */
	s->leaks = begin_rebuild(s, true, err);
	return s->leaks;
}

bool
store_rebuild_end(Store *s, GError **err)
{
	if (!store_commit(s, err))
		return false;
	return !s->leaks || sql_script(s, "VACUUM", err);
}

bool
sql_read_post(Store *s, const StoreDerived *from, SqlPost *d, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT p.list, p.kind, p.arrived, r.size FROM post p "
		   "JOIN raw r ON r.id = p.raw WHERE p.id = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, from->post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(err, ERR_NOTFOUND, "no message %" G_GINT64_FORMAT,
		    from->post);
	if (step != SQL_ROW)
		return false;
	*d = (SqlPost){
	    .post = from->post,
	    .list = sqlite3_column_int64(q.stmt, 0),
	    .msg = from->msg,
	    .links = from->links,
	    .key = (KeyKind)sqlite3_column_int(q.stmt, 1),
	    .date = from->date,
	    .arrived = sqlite3_column_int64(q.stmt, 2),
	    .size = (uint64_t)sqlite3_column_int64(q.stmt, 3),
	};
	return true;
}

bool
store_rebuild_post(Store *s, const StoreDerived *from, GError **err)
{
	g_autoptr(GPtrArray) copies = NULL;
	SqlPost d;

	g_assert(s->writing);
	if (!sql_read_post(s, from, &d, err) || !derive(s, &d, err))
		return false;
	copies = store_copies(s, from->post, err);
	for (guint i = 0; copies != NULL && i < copies->len; i++) {
		Original o;

		/* Each may have moved the post to another thread. */
		if (!read_original(s, from->post, &o, err) ||
		    !derive_copy(s, &o, copies->pdata[i], err))
			return false;
	}
	return copies != NULL;
}
