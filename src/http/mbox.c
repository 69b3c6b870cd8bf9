/* SPDX-License-Identifier: Apache-2.0 */
#include "http/mbox.h"

#include "archive/read.h"
#include "archive/stream.h"
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "mail/mbox.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
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
#define BYTES_VERSION "2"

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

/* Names ------------------------------------------------------------------- */

/* What tells the bytes that this build makes from another build's. */
static const char *
library(MboxForm form)
{
	return form == MBOX_ZSTD ? ZSTD_versionString() : zlibVersion();
}

char *
mbox_tag(const MboxMonths *m)
{
	uint64_t n = 0, changed = 0;

	/* Times of change only grow, and so does their sum. */
	for (guint i = 0; i < m->months->len; i++) {
		const StoreMonth *one =
		    &g_array_index(m->months, StoreMonth, i);

		n += one->n_messages;
		changed += (uint64_t)one->changed;
	}
	g_autofree char *days =
	    m->cut ? g_strdup_printf("-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
			 m->from / DATE_DAY_S, m->to / DATE_DAY_S)
		   : g_strdup("");

	return g_strdup_printf("%" G_GUINT64_FORMAT "-%" G_GINT64_MODIFIER
			       "x-" BYTES_VERSION "%s-%s%s",
	    n, changed, mbox_suffix(m->form), library(m->form), days);
}

/* The name that a month is kept under. */
static char *
name_month(int64_t list, MboxForm form, const StoreMonth *month)
{
	return g_strdup_printf("%" G_GINT64_FORMAT
			       "-%04d-%02d.mbox%s=%" G_GUINT64_FORMAT
			       "-%" G_GINT64_MODIFIER "x-" BYTES_VERSION "-%s",
	    list, month->year, month->month, mbox_suffix(form),
	    month->n_messages, (uint64_t)month->changed, library(form));
}

bool
mbox_find(const MboxMonths *m, const Keep *keep, uint64_t *size)
{
	uint64_t sum = 0;

	for (guint i = 0; i < m->months->len; i++) {
		uint64_t one = 0;
		g_autofree char *name = name_month(
		    m->list, m->form, &g_array_index(m->months, StoreMonth, i));

		if (!keep_find(keep, name, &one))
			return false;
		sum += one;
	}
	*size = sum;
	return m->months->len > 0;
}

int
mbox_open(const MboxMonths *m, const Keep *keep)
{
	uint64_t size = 0;
	g_autofree char *name = name_month(
	    m->list, m->form, &g_array_index(m->months, StoreMonth, 0));

	return keep_open(keep, name, &size);
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

/* Bytes of a kept file that are read at once, and of a large message. */
#define FILE_CHUNK ((size_t)256 << 10)
#define LARGE_CHUNK ((size_t)64 << 10)

typedef struct {
	Store *store;
	MboxForm form;
	GArray *posts; /* StoreArrival: of the month, or all there is */
	guint next;
	Stream *large; /* the message that is being gone through, or NULL */
	MboxQuote quote;
	bool newline; /* it ends in LF */
	/* Of months. */
	int64_t list, last_post; /* the last one that counts */
	bool cut;                /* to what is filed in [from, to) */
	int64_t from, to;
	GArray *months; /* StoreMonth: those to come, the next one last; or
			 * NULL */
	Keep *keep;
	KeepFile *made;     /* the month, as it is being kept, or NULL */
	int fd;             /* the month, as it is kept, or -1 */
	uint64_t file_left; /* bytes of it */
	uint64_t skip; /* bytes that are not wanted before those that are */
	GBytes *piece; /* what is being sent, or NULL */
	size_t sent;   /* of it */
	uint64_t n_pieces;
} MboxStream;

/* Append the next bytes of the large message; *n is how many. */
static bool
go_on(MboxStream *m, GString *text, size_t *n, GError **err)
{
	g_autofree char *buf = g_malloc(LARGE_CHUNK);

	/* As many each time as there are: a piece ends with them. */
	for (size_t some = 1; some > 0 && *n < LARGE_CHUNK; *n += some)
		if (!stream_read(
			m->large, buf + *n, LARGE_CHUNK - *n, &some, err))
			return false;
	if (*n > 0)
		m->newline = buf[*n - 1] == '\n';
	if (text != NULL)
		mbox_quote(&m->quote, text, buf, *n);
	return true;
}

/* Begin the message e, which is large.  Its From line tells how it ends, so
 * it is gone through once before. */
static bool
begin_large(MboxStream *m, const StoreArrival *e, GString *text, GError **err)
{
	g_autoptr(Head) h = store_head(m->store, e->post, err);
	uint64_t size = 0;
	size_t n = 1;

	m->newline = false;
	m->large = h != NULL ? stream_raw(m->store, h, &size, err) : NULL;
	while (m->large != NULL && n > 0) {
		n = 0;
		if (!go_on(m, NULL, &n, err))
			return false;
	}
	stream_free(m->large);
	m->large = h != NULL ? stream_raw(m->store, h, &size, err) : NULL;
	m->quote = (MboxQuote){.in_line = false};
	if (m->large != NULL)
		mbox_begin(text, m->newline, e->arrived, NULL);
	return m->large != NULL;
}

/* Append the next message, or some of a large one. */
static bool
gather_one(MboxStream *m, GString *text, GError **err)
{
	if (m->large != NULL) {
		size_t n = 0;

		if (!go_on(m, text, &n, err))
			return false;
		if (n == 0) {
			mbox_end(&m->quote, text, m->newline);
			g_clear_pointer(&m->large, stream_free);
		}
		return true;
	}
	const StoreArrival *e =
	    &g_array_index(m->posts, StoreArrival, m->next++);

	if (e->size > LIMIT_WHOLE_BYTES)
		return begin_large(m, e, text, err);
	g_autoptr(GBytes) raw = read_raw_public(m->store, e->post, err);

	if (raw != NULL)
		mbox_write(text, raw, e->arrived, NULL);
	return raw != NULL;
}

/* Whether there is more of what m->posts has. */
static bool
has_more(const MboxStream *m)
{
	return m->large != NULL || m->next < m->posts->len;
}

/* Append the next messages to text, a piece of them.  False: one of them
 * can't be had, or was removed: without it the bytes would be others than
 * their tag tells. */
static bool
gather(MboxStream *m, GString *text)
{
	g_autoptr(GError) err = NULL;

	while (has_more(m) && text->len < LIMIT_MBOX_PIECE_BYTES) {
		if (!gather_one(m, text, &err)) {
			if (g_error_matches(err, ERR, ERR_GONE))
				log_warn("mailbox: %s", err->message);
			else
				log_error("mailbox: %s", err->message);
			return false;
		}
	}
	return true;
}

/* Whether not all of month is wanted. */
static bool
is_cut(const MboxStream *m, const StoreMonth *month)
{
	return m->cut &&
	       (date_month_start(month->year, month->month) < m->from ||
		   date_month_start(month->year, month->month + 1) > m->to);
}

/* Set m's posts to those filed in [from, to) when the stream began. */
static bool
read_posts(MboxStream *m, int64_t from, int64_t to)
{
	g_autoptr(GError) err = NULL;
	GArray *posts = store_range_posts(m->store, m->list, from, to, &err);

	if (posts == NULL) {
		log_error("mailbox: %s", err->message);
		return false;
	}
	g_array_unref(m->posts);
	m->posts = posts;
	m->next = 0;
	for (guint i = posts->len; i > 0; i--)
		if (g_array_index(posts, StoreArrival, i - 1).post >
		    m->last_post)
			g_array_remove_index(posts, i - 1);
	return true;
}

/* Read what is wanted of month; all of it is to be as the tag says. */
static bool
read_month(MboxStream *m, const StoreMonth *month)
{
	int64_t from = date_month_start(month->year, month->month);
	int64_t to = date_month_start(month->year, month->month + 1);

	if (!read_posts(m, from, to))
		return false;
	if (m->posts->len != month->n_messages) {
		log_warn("mailbox: %04d-%02d changed while it was sent",
		    month->year, month->month);
		return false;
	}
	return !is_cut(m, month) ||
	       read_posts(m, MAX(from, m->from), MIN(to, m->to));
}

/* Begin month: a file, or its posts.  False: it can't be had. */
static bool
begin_month(MboxStream *m, const StoreMonth *month)
{
	uint64_t size = 0;
	g_autofree char *name = name_month(m->list, m->form, month);

	if (is_cut(m, month))
		return read_month(m, month);
	if (keep_find(m->keep, name, &size) && size <= m->skip) {
		m->skip -= size;
		return true;
	}
	m->fd = keep_open(m->keep, name, &m->file_left);
	if (m->fd >= 0)
		return true;
	if (!read_month(m, month))
		return false;
	m->made = keep_begin(m->keep, name);
	return true;
}

/* Whether the list that months are of is one that may be read. */
static bool
still_public(const MboxStream *m)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = read_list_get(m->store, m->list, &err);

	if (list == NULL)
		log_warn("mailbox: %s", err->message);
	return list != NULL;
}

/* Go on to the next month once this one is through.  False: it can't be
 * had. */
static bool
next_month(MboxStream *m)
{
	while (m->fd < 0 && !has_more(m)) {
		if (m->months != NULL && !still_public(m))
			return false;
		keep_end(m->made, true);
		m->made = NULL;
		if (m->months == NULL || m->months->len == 0)
			return true;
		const StoreMonth at =
		    g_array_index(m->months, StoreMonth, m->months->len - 1);

		g_array_set_size(m->months, m->months->len - 1);
		m->n_pieces++;
		if (!begin_month(m, &at))
			return false;
	}
	return true;
}

/* The next bytes of a kept file to *bytes; NULL at its end. */
static bool
read_file(MboxStream *m, GBytes **bytes)
{
	size_t want = (size_t)MIN(FILE_CHUNK, m->file_left);
	g_autofree char *buf = g_malloc(want + 1);
	ssize_t n = want > 0 ? read(m->fd, buf, want) : 0;

	if (n < 0 || (n == 0 && want > 0)) {
		log_error("mailbox: a kept file cannot be read: %s",
		    n < 0 ? g_strerror(errno) : "cut short");
		return false;
	}
	m->file_left -= (uint64_t)n;
	if (n > 0) {
		*bytes = g_bytes_new_take(g_steal_pointer(&buf), (gsize)n);
		return true;
	}
	close(m->fd);
	m->fd = -1;
	return true;
}

/* Make the next piece, which at the end is none: NULL.  A mailbox without a
 * message is one empty piece.  False: it can't be had. */
static bool
next_piece(MboxStream *m)
{
	g_clear_pointer(&m->piece, g_bytes_unref);
	m->sent = 0;
	while (m->piece == NULL) {
		g_autoptr(GString) text = g_string_new(NULL);

		if (!next_month(m))
			return false;
		if (m->fd >= 0) {
			if (!read_file(m, &m->piece))
				return false;
			continue;
		}
		if (!has_more(m) && m->n_pieces > 0)
			return true;
		if (!gather(m, text))
			return false;
		m->piece = pack(m->form, text);
		m->n_pieces++;
		gsize len = 0;
		const void *bytes = g_bytes_get_data(m->piece, &len);

		if (m->made != NULL && !keep_write(m->made, bytes, len)) {
			keep_end(m->made, false);
			m->made = NULL;
		}
	}
	return true;
}

/* See that there is something to send, past what is to be skipped. */
static bool
fill(MboxStream *m)
{
	while (m->piece == NULL || m->sent == g_bytes_get_size(m->piece)) {
		if (!next_piece(m))
			return false;
		if (m->piece == NULL)
			return true;
		m->sent = (size_t)MIN(m->skip, g_bytes_get_size(m->piece));
		m->skip -= m->sent;
	}
	return true;
}

static ssize_t
read_mbox(void *arg, char *buf, size_t max)
{
	MboxStream *m = arg;
	gsize len = 0;

	if (!fill(m))
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

	keep_end(m->made, false);
	stream_free(m->large);
	if (m->fd >= 0)
		close(m->fd);
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
	m->fd = -1;
	*out = (ResponseStream){.read = read_mbox, .free = free_mbox, .arg = m};
	return m;
}

void
mbox_stream(Store *s, MboxForm form, GArray *take_posts, ResponseStream *out)
{
	(void)begin(s, form, take_posts, out);
}

bool
mbox_stream_months(Store *s, const MboxMonths *what, Keep *keep, uint64_t from,
    ResponseStream *out, GError **err)
{
	int64_t last_post = 0;

	if (!store_last_post(s, &last_post, err))
		return false;
	MboxStream *m = begin(s, what->form,
	    g_array_new(FALSE, FALSE, sizeof(StoreArrival)), out);

	m->list = what->list;
	m->cut = what->cut;
	m->from = what->from;
	m->to = what->to;
	m->last_post = last_post;
	m->months = g_array_copy((GArray *)(uintptr_t)what->months);
	m->keep = keep;
	m->skip = from;
	return true;
}
