/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/thread.h"
#include "store/sqlite_private.h"

#include <string.h>

/* What the derived tables are told of a post, put or rebuilt. */
typedef struct {
	int64_t post, list;
	const Msg *msg;
	const Permalinks *links;
	KeyKind key;
	int64_t date, arrived;
	uint64_t size;
} Derive;

/* Primary -------------------------------------------------------------- */

static bool
put_raw(Store *s, StorePut *put, GError **err)
{
	g_auto(Sql) q = sql(s, "INSERT INTO raw (size, z) VALUES (?, ?)");
	size_t z_len = 0;
	const void *z = NULL;

	if (put->raw_id != 0)
		return true;
	z = pack_deflate(s->pack, put->raw, &z_len, err);
	if (z == NULL) {
		s->doomed = true;
		return false;
	}
	sql_int(&q, (int64_t)g_bytes_get_size(put->raw));
	sql_blob(&q, z, z_len);
	if (!sql_run(&q, err))
		return false;
	put->raw_id = sqlite3_last_insert_rowid(s->db);
	s->n_raw = put->raw_id;
	return true;
}

static int64_t
put_post(Store *s, const StorePut *put, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO post (raw, list, kind, key, arrived) "
		   "VALUES (?, ?, ?, ?, ?)");

	sql_int(&q, put->raw_id);
	sql_int(&q, put->list);
	sql_int(&q, (int64_t)put->key);
	sql_blob(&q, put->links->digest[put->key], KEY_BYTES);
	sql_int(&q, put->arrived);
	return sql_run(&q, err) ? sqlite3_last_insert_rowid(s->db) : 0;
}

/* Derived -------------------------------------------------------------- */

static bool
add_key(Store *s, const Derive *d, KeyKind kind, const unsigned char *digest,
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
add_keys(Store *s, const Derive *d, GError **err)
{
	for (int k = 0; k < N_KEYS; k++)
		if (d->links->has[k] && (KeyKind)k != d->key &&
		    !add_key(s, d, (KeyKind)k, d->links->digest[k], err))
			return false;
	return true;
}

static bool
add_head(
    Store *s, const Derive *d, int64_t thread, GByteArray *ids, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "INSERT INTO head (post, list, thread, date, has_date, size, "
	    "message_id, subject, from_name, from_addr, ids, outline) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	const Msg *m = d->msg;
	g_autofree char *subject = text_cut(m->subject, LIMIT_HEAD_TEXT_BYTES);
	g_autofree char *name = text_cut(m->from_name, LIMIT_HEAD_TEXT_BYTES);
	g_autofree char *addr = text_cut(m->from_addr, LIMIT_HEAD_TEXT_BYTES);
	g_autofree char *outline = msg_write_outline(m);

	sql_int(&q, d->post);
	sql_int(&q, d->list);
	sql_int(&q, thread);
	sql_int(&q, d->date);
	sql_int(&q, m->has_date);
	sql_int(&q, (int64_t)d->size);
	sql_blob(&q, m->id,
	    m->id == NULL ? 0 : strnlen(m->id, LIMIT_MESSAGE_ID_BYTES));
	sql_text(&q, subject);
	sql_text(&q, name);
	sql_text(&q, addr);
	sql_blob(&q, ids->data, ids->len);
	sql_text(&q, outline);
	return sql_run(&q, err);
}

static bool
count_month(Store *s, const Derive *d, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO month (list, ym, n) VALUES (?, ?, 1) "
		   "ON CONFLICT DO UPDATE SET n = n + 1");
	DateDay day = date_day(d->date);

	sql_int(&q, d->list);
	sql_int(&q, 12 * day.year + day.month - 1);
	return sql_run(&q, err);
}

static bool
count_list(Store *s, const Derive *d, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "INSERT INTO list_sum "
	    "(list, n, bytes, first_date, last_date, changed) "
	    "VALUES (?1, 1, ?2, ?3, ?3, ?4) ON CONFLICT DO UPDATE SET "
	    "n = n + 1, bytes = bytes + ?2, "
	    "first_date = min(first_date, ?3), "
	    "last_date = max(last_date, ?3), changed = max(changed, ?4)");

	sql_int(&q, d->list);
	sql_int(&q, (int64_t)d->size);
	sql_int(&q, d->date);
	sql_int(&q, d->arrived);
	return sql_run(&q, err);
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

static bool
derive(Store *s, const Derive *d, GError **err)
{
	g_autoptr(GArray) ids = ids_of(d->msg);
	g_autoptr(GByteArray) packed = pack_ids(ids);
	SqlPlace at = {.list = d->list, .post = d->post, .date = d->date};
	SqlIds all = {(const uint64_t *)(const void *)ids->data, ids->len};
	int64_t thread = sql_unite(s, &at, &all, err);

	return thread != 0 && add_head(s, d, thread, packed, err) &&
	       add_keys(s, d, err) && count_month(s, d, err) &&
	       count_list(s, d, err);
}

int64_t
store_put(Store *s, StorePut *put, GError **err)
{
	Derive d = {
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
	return sql_leave(s, own, ok, err) ? d.post : 0;
}

/* Copies ----------------------------------------------------------------- */

/* Where post is, so that what names a copy can be added to it. */
static bool
read_place(Store *s, int64_t post, Derive *d, int64_t *thread, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT h.list, h.thread, h.date, p.kind FROM head h "
		   "JOIN post p ON p.id = h.post WHERE h.post = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(
		    err, ERR_NOTFOUND, "no message %" G_GINT64_FORMAT, post);
	if (step != SQL_ROW)
		return false;
	*d = (Derive){
	    .post = post,
	    .list = sqlite3_column_int64(q.stmt, 0),
	    .date = sqlite3_column_int64(q.stmt, 2),
	    .key = (KeyKind)sqlite3_column_int(q.stmt, 3),
	};
	*thread = sqlite3_column_int64(q.stmt, 1);
	return true;
}

/* Make the keys and the thread_id of a copy's Message-ID lead to post. */
static bool
derive_copy(Store *s, int64_t post, const char *id, GError **err)
{
	SqlPlace at = {.post = post};
	uint64_t id64 = thread_id(id);
	SqlIds ids = {&id64, 1};
	Permalinks links = {0};
	Derive d;

	if (!read_place(s, post, &d, &at.thread, err))
		return false;
	permalink_of_id(id, &links);
	at.list = d.list;
	at.date = d.date;
	return add_key(s, &d, KEY_ID, links.digest[KEY_ID], err) &&
	       add_key(s, &d, KEY_LEGACY, links.digest[KEY_LEGACY], err) &&
	       sql_unite(s, &at, &ids, err) != 0;
}

static bool
put_copy(Store *s, int64_t post, const char *id, GError **err)
{
	g_auto(Sql) q = sql(
	    s, "INSERT OR IGNORE INTO copy (post, message_id) VALUES (?, ?)");

	sql_int(&q, post);
	sql_blob(&q, id, strlen(id));
	if (!sql_run(&q, err))
		return false;
	return sqlite3_changes(s->db) == 0 || derive_copy(s, post, id, err);
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

bool
store_rebuild_begin(Store *s, GError **err)
{
	if (!store_begin(s, err))
		return false;
	if (sql_make_derived(s, err))
		return true;
	store_rollback(s);
	return false;
}

static bool
read_post(Store *s, int64_t post, Derive *d, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT p.list, p.kind, p.arrived, r.size FROM post p "
		   "JOIN raw r ON r.id = p.raw WHERE p.id = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(
		    err, ERR_NOTFOUND, "no message %" G_GINT64_FORMAT, post);
	if (step != SQL_ROW)
		return false;
	d->post = post;
	d->list = sqlite3_column_int64(q.stmt, 0);
	d->key = (KeyKind)sqlite3_column_int(q.stmt, 1);
	d->arrived = sqlite3_column_int64(q.stmt, 2);
	d->size = (uint64_t)sqlite3_column_int64(q.stmt, 3);
	return true;
}

bool
store_rebuild_post(Store *s, int64_t post, const Msg *m,
    const Permalinks *links, int64_t date, GError **err)
{
	Derive d = {.msg = m, .links = links, .date = date};
	g_auto(Sql) q = sql(s, "SELECT message_id FROM copy WHERE post = ?");
	SqlStep step = SQL_DONE;

	g_assert(s->writing);
	if (!read_post(s, post, &d, err) || !derive(s, &d, err))
		return false;
	sql_int(&q, post);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		g_autofree char *id = sql_dup(&q, 0);

		if (!derive_copy(s, post, id, err))
			return false;
	}
	return step == SQL_DONE;
}
