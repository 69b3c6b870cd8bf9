/* SPDX-License-Identifier: Apache-2.0 */
#include "http/mbox.h"

#include "archive/read.h"
#include "base/log.h"
#include "mail/mbox.h"

#include <string.h>
#include <zlib.h>

/* 15 bits of window, the most; 16 more ask for gzip's header. */
#define GZIP_WINDOW (15 + 16)

typedef struct {
	Store *store;
	GArray *posts; /* StoreArrival */
	guint next;
	GString *text; /* of the entry at hand; z points into it */
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
		log_error("t.mbox.gz: %s", err->message);
		return false;
	}
	g_string_truncate(m->text, 0);
	mbox_write(m->text, raw, e->arrived);
	m->z.next_in = (Bytef *)m->text->str;
	m->z.avail_in = (uInt)m->text->len;
	return true;
}

static ssize_t
read_mbox(void *arg, char *buf, size_t max)
{
	MboxStream *m = arg;
	uInt room = (uInt)MIN(max, (size_t)1 << 20);

	m->z.next_out = (Bytef *)buf;
	m->z.avail_out = room;
	while (m->z.avail_out > 0 && !m->ended) {
		if (m->z.avail_in == 0 && m->next < m->posts->len &&
		    !next_entry(m))
			return -1;
		bool last = m->z.avail_in == 0 && m->next >= m->posts->len;
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
	g_string_free(m->text, TRUE);
	g_free(m);
}

void
mbox_stream(Store *s, GArray *take_posts, ResponseStream *out)
{
	MboxStream *m = g_new0(MboxStream, 1);

	m->store = s;
	m->posts = take_posts;
	m->text = g_string_new(NULL);
	int rc = deflateInit2(&m->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
	    GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);

	g_assert(rc == Z_OK); /* else: no memory, where GLib aborts too */
	*out = (ResponseStream){.read = read_mbox, .free = free_mbox, .arg = m};
}
