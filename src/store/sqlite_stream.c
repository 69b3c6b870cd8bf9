/* sqlite_stream.c - large messages, a little at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Compressed bytes that are taken at once: rows of raw, none of which is more
 * than a page. */
#define TAKE_BYTES ((size_t)64 << 10)
#define ROWS ((int64_t)(TAKE_BYTES / SQL_PAGE_BYTES))

struct StoreReader {
	Store *s;
	PackReader *pack;
	int64_t post, raw;
	int64_t next;  /* row of raw */
	uint64_t left; /* bytes that are to come */
	bool last;     /* all rows are taken */
	GByteArray *z;
	size_t used; /* of z */
};

StoreReader *
store_reader_new(Store *s, const Head *head)
{
	StoreReader *r = g_new0(StoreReader, 1);

	r->s = s;
	r->pack = pack_reader_new(s->pack);
	r->post = head->post;
	r->raw = r->next = head->raw;
	r->left = head->size;
	r->z = g_byte_array_sized_new(TAKE_BYTES);
	return r;
}

void
store_reader_free(StoreReader *r)
{
	if (r == NULL)
		return;
	pack_reader_free(r->pack);
	g_byte_array_unref(r->z);
	g_free(r);
}

/*
 * Take the next rows.  The numbers of those that were removed may be given
 * to another message's, so the post is looked at in the same breath.
 */
static bool
take_rows(StoreReader *r, GError **err)
{
	g_auto(Sql) q = sql(r->s,
	    "SELECT z, size IS NOT NULL, id FROM raw WHERE id >= ?1 AND "
	    "EXISTS (SELECT 1 FROM post WHERE id = ?2 AND raw = ?3) "
	    "ORDER BY id LIMIT ?4");
	int64_t begun = r->next;
	SqlStep step = SQL_DONE;

	g_byte_array_remove_range(r->z, 0, (guint)r->used);
	r->used = 0;
	sql_int(&q, r->next);
	sql_int(&q, r->post);
	sql_int(&q, r->raw);
	sql_int(&q, ROWS);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		int64_t id = sqlite3_column_int64(q.stmt, 2);
		bool first = sqlite3_column_int(q.stmt, 1) != 0;

		if (first != (id == r->raw))
			break;
		g_byte_array_append(r->z, sqlite3_column_blob(q.stmt, 0),
		    (guint)sqlite3_column_bytes(q.stmt, 0));
		r->next = id + 1;
	}
	r->last = r->next - begun < ROWS;
	return step != SQL_FAILED;
}

/* Why there are no more bytes. */
static bool
cut_short(const StoreReader *r, GError **err)
{
	g_autoptr(GError) why = NULL;

	(void)sql_no_message(r->s, r->post, &why);
	if (g_error_matches(why, ERR, ERR_GONE))
		return err_set(err, ERR_GONE, "%s", why->message);
	return err_set(err, ERR_IO,
	    "%s: message %" G_GINT64_FORMAT ": its bytes are cut short",
	    r->s->path, r->post);
}

/* Read once, up to max bytes. */
static bool
read_some(StoreReader *r, char *out, size_t max, size_t *n, GError **err)
{
	if (!r->last && r->z->len - r->used < PACK_READ_MIN &&
	    !take_rows(r, err))
		return false;
	PackInput in = {.z = (const char *)r->z->data + r->used,
	    .len = r->z->len - r->used};
	size_t had = in.len;
	uint32_t id = pack_read_missing_dict(r->pack, &in);

	if (id != 0 && !sql_load_dict(r->s, id, err))
		return false;
	if (!pack_read(r->pack, &in, out, max, n, err))
		return err_prefix(err, "%s: message %" G_GINT64_FORMAT ": ",
		    r->s->path, r->post);
	r->used += had - in.len;
	return *n > 0 || had > in.len || !r->last || cut_short(r, err);
}

/* See that the last bytes fit the checksum, before they are given out. */
static bool
finish(StoreReader *r, GError **err)
{
	while (!pack_read_whole(r->pack)) {
		char more = '\0';
		size_t n = 0;

		if (!read_some(r, &more, 1, &n, err))
			return false;
		if (n > 0)
			return err_set(err, ERR_IO,
			    "%s: message %" G_GINT64_FORMAT
			    ": its size is wrong",
			    r->s->path, r->post);
	}
	return true;
}

bool
store_reader_read(
    StoreReader *r, char *out, size_t max, size_t *n, GError **err)
{
	*n = 0;
	while (*n < max && r->left > 0) {
		size_t some = 0;

		if (!read_some(r, out + *n, (size_t)MIN(max - *n, r->left),
			&some, err))
			return false;
		r->left -= some;
		*n += some;
	}
	return r->left > 0 || finish(r, err);
}
