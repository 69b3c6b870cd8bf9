/* SPDX-License-Identifier: Apache-2.0 */
#include "http/mbox.h"

#include "archive/read.h"
#include "base/date.h"
#include "base/log.h"
#include "mail/mbox.h"

#include <string.h>
#include <zlib.h>

/* 15 bits of window, the most; 16 more ask for gzip's header. */
#define GZIP_WINDOW (15 + 16)

/* A whole list is asked for while others wait for pages: 1 packs 99 MB of
 * mail in a CPU-second, 6 packs 58, for 18 % more bytes. */
#define GZIP_LEVEL 1

typedef struct {
	Store *store;
	GArray *posts; /* StoreArrival */
	guint next;
	int64_t list;   /* of months */
	GArray *months; /* StoreMonth: those to come, the next one last; or
			 * NULL */
	GString *text;  /* of the entry at hand; z points into it */
	z_stream z;
	bool ended;
} MboxStream;

/* Put the next entry into m->text.  False: it can't be had. */
static bool
next_entry(MboxStream *m)
{
	g_autoptr(GError) err = NULL;
	const StoreArrival *e =
	    &g_array_index(m->posts, StoreArrival, m->next++);
	g_autoptr(GBytes) raw = read_raw_public(m->store, e->post, &err);

	if (raw == NULL) {
		log_error("mailbox: %s", err->message);
		return false;
	}
	g_string_truncate(m->text, 0);
	mbox_write(m->text, raw, e->arrived);
	m->z.next_in = (Bytef *)m->text->str;
	m->z.avail_in = (uInt)m->text->len;
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

/* See that z has something to read.  False: it can't be had. */
static bool
fill(MboxStream *m)
{
	if (m->z.avail_in > 0)
		return true;
	return next_month(m) && (m->next >= m->posts->len || next_entry(m));
}

static ssize_t
read_mbox(void *arg, char *buf, size_t max)
{
	MboxStream *m = arg;
	uInt room = (uInt)MIN(max, (size_t)1 << 20);

	m->z.next_out = (Bytef *)buf;
	m->z.avail_out = room;
	while (m->z.avail_out > 0 && !m->ended) {
		if (!fill(m))
			return -1;
		/* Only at the end there is nothing more to read. */
		bool last = m->z.avail_in == 0;
		int rc = deflate(&m->z, last ? Z_FINISH : Z_NO_FLUSH);

		if (rc == Z_STREAM_ERROR)
			return -1;
		m->ended = rc == Z_STREAM_END;
	}
	return (ssize_t)(room - m->z.avail_out);
}

static void
free_mbox(void *arg)
{
	MboxStream *m = arg;

	(void)deflateEnd(&m->z);
	g_array_unref(m->posts);
	g_clear_pointer(&m->months, g_array_unref);
	g_string_free(m->text, TRUE);
	g_free(m);
}

static MboxStream *
begin(Store *s, GArray *take_posts, ResponseStream *out)
{
	MboxStream *m = g_new0(MboxStream, 1);

	m->store = s;
	m->posts = take_posts;
	m->text = g_string_new(NULL);
	int rc = deflateInit2(
	    &m->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);

	g_assert(rc == Z_OK); /* else: no memory, where GLib aborts too */
	*out = (ResponseStream){.read = read_mbox, .free = free_mbox, .arg = m};
	return m;
}

void
mbox_stream(Store *s, GArray *take_posts, ResponseStream *out)
{
	(void)begin(s, take_posts, out);
}

void
mbox_stream_months(
    Store *s, int64_t list, GArray *take_months, ResponseStream *out)
{
	MboxStream *m =
	    begin(s, g_array_new(FALSE, FALSE, sizeof(StoreArrival)), out);

	m->list = list;
	m->months = take_months;
}
