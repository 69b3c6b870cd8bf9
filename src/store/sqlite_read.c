/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Heads ------------------------------------------------------------------ */

void
store_head_free(Head *h)
{
	g_free(h);
}

static void
free_head(gpointer head)
{
	store_head_free((Head *)head);
}

/* The columns that are texts, from one to the other. */
enum {
	HEAD_ID = 8,
	HEAD_OUTLINE = 12,
	HEAD_IDS = 13,
	HEAD_RAW = 14,
	HEAD_AUTHOR = 15,
	HEAD_KIND = 16
};

/* The ids of column HEAD_IDS, at h->refs. */
static void
read_ids(Sql *q, Head *h)
{
	const unsigned char *p = sqlite3_column_blob(q->stmt, HEAD_IDS);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, HEAD_IDS) / 8;

	for (size_t i = 0; p != NULL && i < n; i++) {
		uint64_t be = 0;

		memcpy(&be, p + 8 * i, sizeof be);
		if (i == 0)
			h->id64 = GUINT64_FROM_BE(be);
		else
			h->refs[i - 1] = GUINT64_FROM_BE(be);
	}
	h->n_refs = n > 0 ? n - 1 : 0;
}

/* One block for all of it: a thread's heads were nine each. */
static Head *
read_head(Sql *q)
{
	sqlite3_stmt *row = q->stmt;
	size_t ids = (size_t)sqlite3_column_bytes(row, HEAD_IDS), texts = 0;

	for (int i = HEAD_ID; i <= HEAD_OUTLINE; i++)
		texts += (size_t)sqlite3_column_bytes(row, i) + 1;
	Head *h = g_malloc(sizeof *h + ids + texts);
	char *at = (char *)(h + 1) + ids;

	*h = (Head){
	    .post = sqlite3_column_int64(row, 0),
	    .list = sqlite3_column_int64(row, 1),
	    .thread = sqlite3_column_int64(row, 2),
	    .date = sqlite3_column_int64(row, 4),
	    .arrived = sqlite3_column_int64(row, 5),
	    .has_date = sqlite3_column_int(row, 6) != 0,
	    .size = (uint64_t)sqlite3_column_int64(row, 7),
	    .raw = sqlite3_column_int64(row, HEAD_RAW),
	    .author = sqlite3_column_int64(row, HEAD_AUTHOR),
	    .kind = (KeyKind)sqlite3_column_int(row, HEAD_KIND),
	    .refs = (uint64_t *)(void *)(h + 1),
	};
	if (sqlite3_column_bytes(row, 3) == KEY_BYTES)
		permalink_key(sqlite3_column_blob(row, 3), h->key);
	h->id = sql_take_text(q, HEAD_ID, &at);
	h->subject = sql_take_text(q, HEAD_ID + 1, &at);
	h->from_name = sql_take_text(q, HEAD_ID + 2, &at);
	h->from_addr = sql_take_text(q, HEAD_ID + 3, &at);
	h->outline = sql_take_text(q, HEAD_OUTLINE, &at);
	read_ids(q, h);
	return h;
}

Head *
store_head(Store *s, int64_t post, GError **err)
{
	g_auto(Sql) q = sql(s, SQL_HEAD "WHERE h.post = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		sql_no_message(s, post, err);
	return step == SQL_ROW ? read_head(&q) : NULL;
}

GPtrArray *
sql_heads(Sql *q, GError **err)
{
	g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(free_head);
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW)
		g_ptr_array_add(heads, read_head(q));
	return step == SQL_DONE ? g_steal_pointer(&heads) : NULL;
}

GPtrArray *
store_thread(Store *s, int64_t thread, uint64_t *n_all, GError **err)
{
	g_auto(Sql) q =
	    sql(s, SQL_HEAD "WHERE h.thread = ? ORDER BY h.post LIMIT ?");
	int64_t root = 0;

	if (!sql_thread_root(s, thread, &root, n_all, err))
		return NULL;
	sql_int(&q, root);
	sql_int(&q, LIMIT_THREAD_MESSAGES);
	return sql_heads(&q, err);
}

int64_t
store_author_hash(int64_t author, const char *name)
{
	/* FNV-1a: who has two authors counted as one has gained nothing. */
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	if (author != 0)
		return author;
	for (const char *p = name; *p != '\0'; p++)
		sum = (sum ^ (unsigned char)g_ascii_tolower(*p)) *
		      UINT64_C(0x100000001b3);
	return (int64_t)sum;
}

/* The ids of column to *post and the end of refs. */
static void
take_refs(Sql *q, int column, StoreThreadPost *post, GArray *refs)
{
	const unsigned char *p = sqlite3_column_blob(q->stmt, column);
	guint n = (guint)sqlite3_column_bytes(q->stmt, column) / 8;

	post->ref = refs->len;
	if (p == NULL || n == 0)
		return;
	post->n_refs = n - 1;
	g_array_set_size(refs, refs->len + n - 1);
	for (guint i = 0; i < n; i++) {
		uint64_t be = 0;

		memcpy(&be, p + 8 * (size_t)i, sizeof be);
		be = GUINT64_FROM_BE(be);
		if (i == 0)
			post->id = be;
		else
			g_array_index(refs, uint64_t, post->ref + i - 1) = be;
	}
}

/* Who has no address is told from others by name. */
static bool
name_author(Store *s, StoreThreadPost *post, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT from_name FROM head WHERE post = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post->post);
	step = sql_step(&q, err);
	if (step == SQL_ROW)
		post->author = store_author_hash(
		    0, (const char *)sqlite3_column_text(q.stmt, 0));
	return step != SQL_FAILED;
}

/* From the index alone: to look at each head was a sixth of a message's
 * page. */
static bool
read_order(Store *s, int64_t thread, GArray *posts, GArray *refs, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT post, date, author, ids FROM head "
			       "WHERE thread = ? ORDER BY post LIMIT ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, thread);
	sql_int(&q, LIMIT_THREAD_ROWS);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreThreadPost post = {
		    .post = sqlite3_column_int64(q.stmt, 0),
		    .date = sqlite3_column_int64(q.stmt, 1),
		    .author = sqlite3_column_int64(q.stmt, 2),
		};

		if (post.author == 0 && !name_author(s, &post, err))
			return false;
		take_refs(&q, 3, &post, refs);
		g_array_append_val(posts, post);
	}
	return step == SQL_DONE;
}

/* Of those that messages are in, most threads have no more. */
#define USUAL_POSTS 32u

GArray *
store_thread_order(
    Store *s, int64_t thread, GArray *refs, uint64_t *n_all, GError **err)
{
	g_autoptr(GArray) posts = g_array_sized_new(
	    FALSE, FALSE, sizeof(StoreThreadPost), USUAL_POSTS);
	int64_t root = thread;

	if (!read_order(s, thread, posts, refs, err))
		return NULL;
	*n_all = posts->len;
	/* There are more, or they are in the one that it was united with. */
	if ((posts->len == 0 || posts->len >= LIMIT_THREAD_ROWS) &&
	    (!sql_thread_root(s, thread, &root, n_all, err) ||
		(root != thread && !read_order(s, root, posts, refs, err))))
		return NULL;
	return g_steal_pointer(&posts);
}

GArray *
sql_arrivals(Sql *q, GError **err)
{
	g_autoptr(GArray) posts =
	    g_array_new(FALSE, FALSE, sizeof(StoreArrival));
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW) {
		StoreArrival a = {
		    .post = sqlite3_column_int64(q->stmt, 0),
		    .arrived = sqlite3_column_int64(q->stmt, 1),
		    .size = (uint64_t)sqlite3_column_int64(q->stmt, 2),
		};

		g_array_append_val(posts, a);
	}
	return step == SQL_DONE ? g_steal_pointer(&posts) : NULL;
}

bool
store_thread_of(Store *s, int64_t post, StoreThreadOf *out, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT t.id, t.n, t.n_authors FROM head h "
		   "JOIN thread t ON t.id = h.thread WHERE h.post = ?");
	SqlStep step = SQL_DONE;

	*out = (StoreThreadOf){0};
	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_ROW) {
		out->thread = sqlite3_column_int64(q.stmt, 0);
		out->n = (uint64_t)sqlite3_column_int64(q.stmt, 1);
		out->n_authors = (uint64_t)sqlite3_column_int64(q.stmt, 2);
	}
	return step != SQL_FAILED;
}

GArray *
store_thread_posts(Store *s, int64_t thread, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT post, arrived, size FROM head WHERE thread = ? "
		   "ORDER BY post");
	int64_t root = 0;
	uint64_t n_all = 0;

	if (!sql_thread_root(s, thread, &root, &n_all, err))
		return NULL;
	sql_int(&q, root);
	return sql_arrivals(&q, err);
}

GPtrArray *
store_newest(Store *s, int64_t list, size_t n, GError **err)
{
	g_auto(Sql) q =
	    sql(s, SQL_HEAD "WHERE h.list = ? ORDER BY h.date DESC, "
			    "h.thread DESC, h.post DESC LIMIT ?");

	sql_int(&q, list);
	sql_int(&q, (int64_t)MIN(n, LIMIT_PAGE_ROWS));
	return sql_heads(&q, err);
}

GPtrArray *
store_heads_from(Store *s, const StorePlace *at, size_t n, GError **err)
{
	g_auto(Sql) q =
	    at->oldest
		? sql(s, SQL_HEAD "WHERE h.list = ? AND "
				  "(h.date, h.thread, h.post) > (?, ?, ?) "
				  "ORDER BY h.date, h.thread, h.post LIMIT ?")
		: sql(s, SQL_HEAD
		      "WHERE h.list = ? AND "
		      "(h.date, h.thread, h.post) < (?, ?, ?) "
		      "ORDER BY h.date DESC, h.thread DESC, h.post DESC "
		      "LIMIT ?");

	sql_int(&q, at->list);
	sql_int(&q, at->date);
	sql_int(&q, at->thread);
	sql_int(&q, at->post);
	sql_int(&q, (int64_t)MIN(n, LIMIT_PAGE_ROWS + 1));
	return sql_heads(&q, err);
}

GPtrArray *
store_older(Store *s, const Head *than, size_t n, GError **err)
{
	const StorePlace at = {.list = than->list,
	    .date = than->date,
	    .thread = than->thread,
	    .post = than->post};

	return store_heads_from(s, &at, n, err);
}

/* Bytes ------------------------------------------------------------------ */

/* The pieces of frames that q, by id from raw on, gives, one behind the other
 * in z, and the size of what is in them; -1 if there are none. */
static bool
read_pieces(Sql *q, int64_t raw, GByteArray *z, int64_t *size, GError **err)
{
	SqlStep step = SQL_DONE;
	int before = -1;

	*size = -1;
	for (int64_t id = raw; (step = sql_step(q, err)) == SQL_ROW; id++) {
		bool first = sqlite3_column_type(q->stmt, 1) != SQLITE_NULL;
		int len = sqlite3_column_bytes(q->stmt, 0);

		/* The next message's, or another one's where ours is gone. */
		if (first != (id == raw) ||
		    sqlite3_column_int64(q->stmt, 2) != id)
			return true;
		if (first)
			*size = sqlite3_column_int64(q->stmt, 1);
		g_byte_array_append(
		    z, sqlite3_column_blob(q->stmt, 0), (guint)len);
		/* The row behind the last may be in a page of its own.  Of many
		 * rows all but the outer ones are alike. */
		if (len != before && pack_is_whole(z->data, z->len, *size))
			return true;
		before = len;
	}
	return step == SQL_DONE;
}

/* The number that post's bytes have. */
static bool
find_raw(Store *s, int64_t post, int64_t *raw, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT raw FROM post WHERE id = ?");

	*raw = 0;
	sql_int(&q, post);
	if (!sql_number(&q, raw, err))
		return false;
	return *raw != 0 || sql_no_message(s, post, err);
}

/* An array that pieces were put into and that is above this is given back
 * after use. */
#define KEEP_BYTES ((guint)1 << 20)

static GBytes *
inflate(Store *s, const GByteArray *z, int64_t size, size_t *off, GError **err)
{
	if (size < 0) {
		err_set(err, ERR_IO, "its bytes are missing");
		return NULL;
	}
	GBytes *bytes =
	    pack_inflate(s->pack, z->data, z->len, (size_t)size, off, NULL);
	uint32_t id = 0;

	if (bytes != NULL)
		return bytes;
	while ((id = pack_missing_dict(s->pack, z->data, z->len)) != 0)
		if (!sql_load_dict(s, id, err))
			return NULL;
	return pack_inflate(s->pack, z->data, z->len, (size_t)size, off, err);
}

GBytes *
sql_read_raw(Store *s, int64_t raw, size_t *off, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT z, size, id FROM raw WHERE id >= ? ORDER BY id");
	GBytes *bytes = NULL;
	int64_t size = 0;

	sql_int(&q, raw);
	g_byte_array_set_size(s->pieces, 0);
	if (read_pieces(&q, raw, s->pieces, &size, err))
		bytes = inflate(s, s->pieces, size, off, err);
	if (s->pieces->len > KEEP_BYTES) {
		g_byte_array_unref(s->pieces);
		s->pieces = g_byte_array_new();
	}
	return bytes;
}

static GBytes *
raw_of_post(Store *s, int64_t post, int64_t raw, size_t *off, GError **err)
{
	GBytes *bytes = sql_read_raw(s, raw, off, err);

	if (bytes == NULL)
		err_prefix(
		    err, "%s: message %" G_GINT64_FORMAT ": ", s->path, post);
	return bytes;
}

GBytes *
store_raw(Store *s, int64_t post, GError **err)
{
	int64_t raw = 0;

	return find_raw(s, post, &raw, err)
		   ? raw_of_post(s, post, raw, NULL, err)
		   : NULL;
}

GBytes *
store_raw_of(Store *s, const Head *head, GError **err)
{
	return raw_of_post(s, head->post, head->raw, NULL, err);
}

GBytes *
store_body_of(Store *s, const Head *head, size_t *off, GError **err)
{
	return raw_of_post(s, head->post, head->raw, off, err);
}

/* Posts as they came ------------------------------------------------------ */

bool
store_post(Store *s, int64_t post, StorePost *out, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT list, arrived, kind, key, came FROM post "
		   "WHERE id = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(
		    err, ERR_NOTFOUND, "no message %" G_GINT64_FORMAT, post);
	if (step != SQL_ROW)
		return false;
	*out = (StorePost){
	    .list = sqlite3_column_int64(q.stmt, 0),
	    .arrived = sqlite3_column_int64(q.stmt, 1),
	    .kind = (KeyKind)sqlite3_column_int(q.stmt, 2),
	    .came = sqlite3_column_int64(q.stmt, 4),
	};
	if (sqlite3_column_bytes(q.stmt, 3) == KEY_BYTES)
		memcpy(out->key, sqlite3_column_blob(q.stmt, 3), KEY_BYTES);
	return true;
}

GPtrArray *
store_copies(Store *s, int64_t post, GError **err)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_auto(Sql) q = sql(s, "SELECT message_id FROM copy WHERE post = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, post);
	while ((step = sql_step(&q, err)) == SQL_ROW)
		g_ptr_array_add(ids, sql_dup(&q, 0));
	return step == SQL_DONE ? g_steal_pointer(&ids) : NULL;
}

/* Walking ----------------------------------------------------------------- */

int64_t
store_next(Store *s, int64_t list, int64_t after, GError **err)
{
	g_auto(Sql) q =
	    list == 0
		? sql(s,
		      "SELECT id FROM post WHERE id > ?1 ORDER BY id LIMIT 1")
		: sql(s, "SELECT id FROM post WHERE id > ?1 AND list = ?2 "
			 "ORDER BY id LIMIT 1");
	int64_t post = 0;

	sql_int(&q, after);
	if (list != 0)
		sql_int(&q, list);
	if (!sql_number(&q, &post, err))
		return 0;
	/* Of a damaged table the next may be one that was before: who goes
	 * through it would never come to its end. */
	if (post != 0 && post <= after) {
		err_set(err, ERR_IO,
		    "%s: the table of messages is damaged behind "
		    "message %" G_GINT64_FORMAT,
		    s->path, after);
		return 0;
	}
	return post;
}

bool
store_count(Store *s, int64_t list, uint64_t *n, uint64_t *bytes, GError **err)
{
	g_auto(Sql) q =
	    list == 0
		? sql(s, "SELECT coalesce(sum(n), 0), coalesce(sum(bytes), 0) "
			 "FROM list_sum")
		: sql(s, "SELECT n, bytes FROM list_sum WHERE list = ?");
	SqlStep step = SQL_DONE;

	if (list != 0)
		sql_int(&q, list);
	step = sql_step(&q, err);
	if (step == SQL_FAILED)
		return false;
	*n = 0;
	*bytes = 0;
	if (step == SQL_ROW) {
		*n = (uint64_t)sqlite3_column_int64(q.stmt, 0);
		*bytes = (uint64_t)sqlite3_column_int64(q.stmt, 1);
	}
	return true;
}
