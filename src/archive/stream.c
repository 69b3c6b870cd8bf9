/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stream.h"

#include "base/err.h"
#include "base/limits.h"
#include "mail/encoding.h"
#include "mail/header.h"
#include "mail/part.h"
#include "mail/unsubscribe.h"

#include <string.h>

/* Bytes that are decoded, passed over, or looked through for the header's
 * end at once. */
#define CHUNK ((size_t)64 << 10)

struct Stream {
	StoreReader *reader;
	GBytes *head;        /* what comes first, or NULL */
	size_t sent;         /* of it */
	uint64_t skip, left; /* of the message: before the part, and of it */
	/* Where it is encoded. */
	bool encoded;
	EncodingState state;
	char *in, *out;
	size_t in_len, out_len, out_sent;
};

void
stream_free(Stream *st)
{
	if (st == NULL)
		return;
	store_reader_free(st->reader);
	g_clear_pointer(&st->head, g_bytes_unref);
	g_free(st->in);
	g_free(st->out);
	g_free(st);
}

static Stream *
begin(Store *s, const Head *head)
{
	Stream *st = g_new0(Stream, 1);

	st->reader = store_reader_new(s, head);
	st->left = head->size;
	return st;
}

/* The whole message ---------------------------------------------------------
 */

/* Whether the header block ends within the len bytes. */
static bool
has_header(const GByteArray *bytes)
{
	HeaderWalk w;
	HeaderField f;

	header_walk_init(&w, (const char *)bytes->data, bytes->len);
	while (header_next(&w, &f))
		;
	return w.body < w.end;
}

/* Read st's header, and what comes with it. */
static GByteArray *
read_header(Stream *st, GError **err)
{
	g_autoptr(GByteArray) all = g_byte_array_new();

	while (st->left > 0 && all->len < LIMIT_ALL_HEADER_BYTES &&
	       (all->len == 0 || !has_header(all))) {
		guint at = all->len;
		size_t n = 0;

		g_byte_array_set_size(all, at + CHUNK);
		if (!store_reader_read(
			st->reader, (char *)all->data + at, CHUNK, &n, err))
			return NULL;
		g_byte_array_set_size(all, at + (guint)n);
		st->left -= n;
	}
	return g_steal_pointer(&all);
}

Stream *
stream_raw(Store *s, const Head *head, uint64_t *size, GError **err)
{
	g_autoptr(Stream) st = begin(s, head);
	GByteArray *all = read_header(st, err);

	if (all == NULL)
		return NULL;
	st->head = unsubscribe_strip(g_byte_array_free_to_bytes(all));
	*size = g_bytes_get_size(st->head) + st->left;
	return g_steal_pointer(&st);
}

GBytes *
stream_header(Store *s, const Head *head, GError **err)
{
	uint64_t size = 0;
	g_autoptr(Stream) st = stream_raw(s, head, &size, err);

	return st != NULL ? g_steal_pointer(&st->head) : NULL;
}

/* Of the len bytes at all that lie from off on, keep those that are needed of
 * [from, from + n). */
static void
keep_some(
    char *all, const char *buf, size_t off, size_t len, size_t from, size_t n)
{
	size_t begin = MAX(off, from), end = MIN(off + len, from + n);

	if (begin < end)
		memcpy(all + begin, buf + (begin - off), end - begin);
}

/* Where the last byte lies that is needed. */
static size_t
end_of_need(const Msg *m, const size_t *need)
{
	size_t end = LIMIT_ALL_HEADER_BYTES;

	for (size_t i = 0; i < m->n_parts; i++)
		if (need[i] > 0)
			end = MAX(end, m->parts[i].off + need[i]);
	return end;
}

GBytes *
stream_shown(Store *s, const Head *head, Msg *outline, GError **err)
{
	g_autofree size_t *need = g_new0(size_t, outline->n_parts + 1);
	g_autofree char *buf = g_malloc(CHUNK);
	/* Of the kernel's pages, which are there once they are written. */
	g_autofree char *all = g_try_malloc0(head->size);
	g_autoptr(StoreReader) r = store_reader_new(s, head);
	size_t n = 1, end = 0;

	if (all == NULL) {
		err_set(err, ERR_IO, "no memory for a message");
		return NULL;
	}
	part_choose_shown(outline, need);
	end = MIN(end_of_need(outline, need), head->size);
	for (size_t off = 0; off < end && n > 0; off += n) {
		if (!store_reader_read(r, buf, CHUNK, &n, err))
			return NULL;
		keep_some(all, buf, off, n, 0, LIMIT_ALL_HEADER_BYTES);
		for (size_t i = 0; i < outline->n_parts; i++)
			keep_some(
			    all, buf, off, n, outline->parts[i].off, need[i]);
	}
	return g_bytes_new_take(g_steal_pointer(&all), head->size);
}

/* Parts -------------------------------------------------------------------- */

Stream *
stream_part(Store *s, const Head *head, const Part *p, uint64_t *size)
{
	Stream *st = begin(s, head);

	st->skip = MIN(p->off, head->size);
	st->left = MIN(p->len, head->size - st->skip);
	st->encoded =
	    p->encoding != ENCODING_IDENTITY && p->encoding != ENCODING_BINARY;
	*size = st->encoded ? 0 : st->left;
	if (!st->encoded)
		return st;
	st->state.encoding = p->encoding;
	st->in = g_malloc(CHUNK);
	st->out = g_malloc(CHUNK + ENCODING_ROOM);
	return st;
}

/* Decode some more, if there is more. */
static bool
decode(Stream *st, GError **err)
{
	size_t n = 0, used = 0,
	       want = (size_t)MIN(CHUNK - st->in_len, st->left);

	if (!store_reader_read(st->reader, st->in + st->in_len, want, &n, err))
		return false;
	st->in_len += n;
	st->left -= n;
	/* White space for as long as that behind a "=" is no mail. */
	bool last = st->left == 0;

	st->out_sent = 0;
	st->out_len =
	    encoding_feed(&st->state, st->in, st->in_len, last, st->out, &used);
	if (used == 0 && st->in_len == CHUNK && !last)
		st->out_len = encoding_feed(
		    &st->state, st->in, st->in_len, true, st->out, &used);
	st->in_len -= used;
	memmove(st->in, st->in + used, st->in_len);
	return true;
}

/* Reading ------------------------------------------------------------------ */

static bool
pass_over(Stream *st, GError **err)
{
	g_autofree char *buf = st->skip > 0 ? g_malloc(CHUNK) : NULL;

	while (st->skip > 0) {
		size_t n = 0;

		if (!store_reader_read(
			st->reader, buf, (size_t)MIN(st->skip, CHUNK), &n, err))
			return false;
		st->skip -= n;
	}
	return true;
}

/* From what is there already. */
static size_t
take(const char *from, size_t len, size_t *sent, char *buf, size_t max)
{
	size_t n = MIN(max, len - *sent);

	memcpy(buf, from + *sent, n);
	*sent += n;
	return n;
}

static bool
read_decoded(Stream *st, char *buf, size_t max, size_t *n, GError **err)
{
	while (st->out_sent == st->out_len && (st->left > 0 || st->in_len > 0))
		if (!decode(st, err))
			return false;
	*n = take(st->out, st->out_len, &st->out_sent, buf, max);
	return true;
}

bool
stream_read(Stream *st, char *buf, size_t max, size_t *n, GError **err)
{
	*n = 0;
	if (st->head != NULL) {
		gsize len = 0;
		const char *head = g_bytes_get_data(st->head, &len);

		if (len > st->sent) {
			*n = take(head, len, &st->sent, buf, max);
			return true;
		}
		g_clear_pointer(&st->head, g_bytes_unref);
	}
	if (!pass_over(st, err))
		return false;
	if (st->encoded)
		return read_decoded(st, buf, max, n, err);
	if (!store_reader_read(
		st->reader, buf, (size_t)MIN(max, st->left), n, err))
		return false;
	st->left -= *n;
	return true;
}

bool
stream_skip(Stream *st, uint64_t n, GError **err)
{
	g_autofree char *buf = n > 0 ? g_malloc(CHUNK) : NULL;

	while (n > 0) {
		size_t some = 0;

		if (!stream_read(st, buf, (size_t)MIN(n, CHUNK), &some, err))
			return false;
		if (some == 0)
			return true;
		n -= some;
	}
	return true;
}
