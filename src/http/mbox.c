/* SPDX-License-Identifier: Apache-2.0 */
#include "http/mbox.h"

#include "archive/read.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "mail/mbox.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* 15 bits of window, the most; 16 more ask for gzip's header. */
#define GZIP_WINDOW (15 + 16)

/*
 * In pieces of 1 MiB gzip packs 80 MB of mail in a CPU-second to 0.235 of
 * its size at level 6, 127 MB to 0.245 at level 4; zstd 220 MB to 0.180 at
 * level 6, 470 MB to 0.196 at level 3.
 */
#define GZIP_LEVEL 6
#define ZSTD_LEVEL 6

/* To be raised where the same libraries make other bytes of the same mail:
 * another level, other pieces, another order. */
#define BYTES_VERSION "1"

const char *
mbox_suffix(MboxForm form)
{
	return form == MBOX_ZSTD ? ".zst" : ".gz";
}

const char *
mbox_type(MboxForm form)
{
	return form == MBOX_ZSTD ? "application/zstd" : "application/gzip";
}

char *
mbox_version(MboxForm form)
{
	return g_strconcat(BYTES_VERSION, mbox_suffix(form), "-",
	    form == MBOX_ZSTD ? ZSTD_versionString() : zlibVersion(), NULL);
}

/* Packing ----------------------------------------------------------------- */

static GString *
pack_gzip(const GString *text)
{
	z_stream z = {0};
	int rc = deflateInit2(
	    &z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);

	g_assert(rc == Z_OK); /* else: no memory, where GLib aborts too */
	uLong bound = deflateBound(&z, text->len);
	GString *out = g_string_sized_new(bound);

	z.next_in = (Bytef *)text->str;
	z.avail_in = (uInt)text->len;
	z.next_out = (Bytef *)out->str;
	z.avail_out = (uInt)bound;
	rc = deflate(&z, Z_FINISH);
	g_assert(rc == Z_STREAM_END);
	(void)deflateEnd(&z);
	g_string_set_size(out, bound - z.avail_out);
	return out;
}

static GString *
pack_zstd(const GString *text)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t bound = ZSTD_compressBound(text->len);
	GString *out = g_string_sized_new(bound);

	g_assert(z != NULL);
	(void)ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	(void)ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	size_t len = ZSTD_compress2(z, out->str, bound, text->str, text->len);

	g_assert(!ZSTD_isError(len));
	(void)ZSTD_freeCCtx(z);
	g_string_set_size(out, len);
	return out;
}

/* text as one piece, which takes the room that it needs. */
static GBytes *
pack(MboxForm form, const GString *text)
{
	GString *piece = form == MBOX_ZSTD ? pack_zstd(text) : pack_gzip(text);
	size_t len = piece->len;
	char *bytes = g_string_free(piece, FALSE);

	return g_bytes_new_take(g_realloc(bytes, len + 1), len);
}

/* Streaming --------------------------------------------------------------- */

typedef struct {
	Store *store;
	MboxForm form;
	GArray *posts; /* StoreArrival: of the month, or all there is */
	guint next;
	int64_t list;   /* of months */
	GArray *months; /* StoreMonth: those to come, the next one last; or
			 * NULL */
	GBytes *piece;  /* what is being sent, or NULL */
	size_t sent;    /* of it */
	uint64_t n_pieces;
} MboxStream;

/* Append the next messages to text, a piece of them.  False: one of them
 * can't be had. */
static bool
gather(MboxStream *m, GString *text)
{
	while (m->next < m->posts->len && text->len < LIMIT_MBOX_PIECE_BYTES) {
		g_autoptr(GError) err = NULL;
		const StoreArrival *e =
		    &g_array_index(m->posts, StoreArrival, m->next++);
		g_autoptr(GBytes) raw =
		    read_raw_public(m->store, e->post, &err);

		if (raw == NULL) {
			log_error("mailbox: %s", err->message);
			return false;
		}
		mbox_write(text, raw, e->arrived);
	}
	return true;
}

/* Go on to the next month once this one's posts are through, past those
 * that have none any more.  False: it can't be had. */
static bool
next_month(MboxStream *m)
{
	g_autoptr(GError) err = NULL;

	while (m->next >= m->posts->len && m->months != NULL &&
	       m->months->len > 0) {
		const StoreMonth at =
		    g_array_index(m->months, StoreMonth, m->months->len - 1);
		GArray *posts = store_range_posts(m->store, m->list,
		    date_month_start(at.year, at.month),
		    date_month_start(at.year, at.month + 1), &err);

		if (posts == NULL) {
			log_error("mailbox: %s", err->message);
			return false;
		}
		g_array_set_size(m->months, m->months->len - 1);
		g_array_unref(m->posts);
		m->posts = posts;
		m->next = 0;
	}
	return true;
}

/* Make the next piece, which at the end is none: NULL.  A mailbox without a
 * message is one empty piece.  False: it can't be had. */
static bool
next_piece(MboxStream *m)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_clear_pointer(&m->piece, g_bytes_unref);
	m->sent = 0;
	if (!next_month(m))
		return false;
	if (m->next >= m->posts->len && m->n_pieces > 0)
		return true;
	if (!gather(m, text))
		return false;
	m->piece = pack(m->form, text);
	m->n_pieces++;
	return true;
}

static ssize_t
read_mbox(void *arg, char *buf, size_t max)
{
	MboxStream *m = arg;
	gsize len = 0;

	if ((m->piece == NULL || m->sent == g_bytes_get_size(m->piece)) &&
	    !next_piece(m))
		return -1;
	if (m->piece == NULL)
		return 0;
	const char *bytes = g_bytes_get_data(m->piece, &len);
	size_t n = MIN(max, len - m->sent);

	memcpy(buf, bytes + m->sent, n);
	m->sent += n;
	return (ssize_t)n;
}

static void
free_mbox(void *arg)
{
	MboxStream *m = arg;

	g_array_unref(m->posts);
	g_clear_pointer(&m->months, g_array_unref);
	g_clear_pointer(&m->piece, g_bytes_unref);
	g_free(m);
}

static MboxStream *
begin(Store *s, MboxForm form, GArray *take_posts, ResponseStream *out)
{
	MboxStream *m = g_new0(MboxStream, 1);

	m->store = s;
	m->form = form;
	m->posts = take_posts;
	*out = (ResponseStream){.read = read_mbox, .free = free_mbox, .arg = m};
	return m;
}

void
mbox_stream(Store *s, MboxForm form, GArray *take_posts, ResponseStream *out)
{
	(void)begin(s, form, take_posts, out);
}

void
mbox_stream_months(Store *s, MboxForm form, int64_t list, GArray *take_months,
    ResponseStream *out)
{
	MboxStream *m = begin(
	    s, form, g_array_new(FALSE, FALSE, sizeof(StoreArrival)), out);

	m->list = list;
	m->months = take_months;
}
