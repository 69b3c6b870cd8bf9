/* SPDX-License-Identifier: Apache-2.0 */
#include "http/original.h"

#include "archive/stream.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/message.h"
#include "http/near.h"
#include "http/range.h"
#include "mail/part.h"
#include "view/out.h"

#include <string.h>

/* Sending -----------------------------------------------------------------
 */

/* The validators of what is made from the bytes of a message alone. */
static bool
file_unchanged(const Wanted *w, const Head *h, Response *out)
{
	g_autofree char *etag =
	    g_strdup_printf("%s-%u-%" G_GUINT64_FORMAT "-%" G_GINT64_FORMAT,
		h->key, w->route->part, h->size, h->arrived);

	out->kind = RESPONSE_FILE;
	return response_unchanged(out, w->ask->q, etag, h->arrived);
}

/* A stream as a body, from byte from on. */
typedef struct {
	Stream *stream;
	uint64_t from;
} Pour;

static ssize_t
read_pour(void *arg, char *buf, size_t max)
{
	Pour *p = arg;
	g_autoptr(GError) err = NULL;
	size_t n = 0;

	if (!stream_skip(p->stream, p->from, &err) ||
	    !stream_read(p->stream, buf, max, &n, &err)) {
		log_error("%s", err->message);
		return -1;
	}
	p->from = 0;
	return (ssize_t)n;
}

static void
free_pour(void *arg)
{
	Pour *p = arg;

	stream_free(p->stream);
	g_free(p);
}

static void
pour(Stream *take_stream, uint64_t from, ResponseStream *out)
{
	Pour *p = g_new0(Pour, 1);

	p->stream = take_stream;
	p->from = from;
	*out = (ResponseStream){.read = read_pour, .free = free_pour, .arg = p};
}

/* What of a body of size bytes q asks for. */
static void
send_bytes(const Request *q, GBytes *take_bytes, Response *out)
{
	g_autoptr(GBytes) bytes = take_bytes;
	gsize size = 0;
	const char *all = g_bytes_get_data(bytes, &size);
	uint64_t first = 0, n = 0;

	if (!range_choose(q, size, &first, &n, out))
		return;
	/* A copy of a part: it would hold the whole. */
	out->bytes = n == size ? g_steal_pointer(&bytes)
			       : g_bytes_new(all + first, (gsize)n);
}

/* The same; size 0: how many they are is not known. */
static void
send_stream(const Request *q, Stream *take_stream, uint64_t size, Response *out)
{
	uint64_t first = 0, n = 0;

	out->status = 200;
	if (size > 0 && !range_choose(q, size, &first, &n, out)) {
		stream_free(take_stream);
		return;
	}
	pour(take_stream, first, &out->stream);
	out->stream_size = n;
}

/* The message ---------------------------------------------------------------
 */

static bool
send_raw(const Wanted *w, const Head *h, Response *out, GError **err)
{
	const Request *q = w->ask->q;
	Store *s = w->ask->store;
	uint64_t size = 0;
	GBytes *raw = NULL;
	Stream *st = NULL;

	if (h->size <= LIMIT_WHOLE_BYTES)
		raw = read_raw_public(s, h->post, err);
	else
		st = stream_raw(s, h, &size, err);
	if (raw == NULL && st == NULL)
		return false;
	message_name(w, h, out);
	/* message/rfc822 would be saved and not shown. */
	out->type = "text/plain; charset=utf-8";
	if (raw != NULL)
		send_bytes(q, raw, out);
	else
		send_stream(q, st, size, out);
	return true;
}

void
original_answer_raw(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) h = store_head(w->ask->store, w->hit->post, &err);

	if (h == NULL ||
	    (!file_unchanged(w, h, out) && !send_raw(w, h, out, &err)))
		pages_fail(w->ask, err, out);
}

/* A part ------------------------------------------------------------------ */

/* Types that a browser may show by itself: they can do nothing. */
static bool
is_harmless(const char *type)
{
	static const char *const types[] = {
	    "image/png", "image/jpeg", "image/gif", "image/webp"};

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* Whether text is a token of RFC 9110 section 5.6.2, a "/" allowed once:
 * fit for a header field. */
static bool
is_type(const char *text)
{
	bool slash = false;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '/' && !slash && p > text && p[1] != '\0')
			slash = true;
		else if (!g_ascii_isalnum(*p) &&
			 strchr("!#$&-^_.+", *p) == NULL)
			return false;
	}
	return slash;
}

/* Text other than HTML is shown as the plain text that it is. */
static char *
type_for(const Part *p, bool *shown)
{
	bool text = g_str_has_prefix(p->type, "text/") &&
		    strcmp(p->type, "text/html") != 0 &&
		    strcmp(p->type, "text/xml") != 0;
	bool charset = p->charset != NULL &&
		       p->charset[strspn(p->charset,
			   "abcdefghijklmnopqrstuvwxyz0123456789-_.:")] == '\0';

	*shown = text || is_harmless(p->type);
	if (text)
		return g_strconcat("text/plain; charset=",
		    charset ? p->charset : "utf-8", NULL);
	/* Our pages may load scripts from here: none is to be found. */
	bool script = strstr(p->type, "javascript") != NULL ||
		      strstr(p->type, "ecmascript") != NULL;

	return g_strdup(!script && is_type(p->type) && strlen(p->type) < 128
			    ? p->type
			    : "application/octet-stream");
}

static void
name_part(const Part *p, Response *out)
{
	bool shown = false;
	char *type = type_for(p, &shown);

	response_field(out, "Content-Type", type);
	if (!shown)
		response_field(
		    out, "Content-Disposition", g_strdup("attachment"));
}

/* The octets of p, a part of a large message that is no large part; NULL
 * with *err set. */
static GBytes *
read_small(Store *s, const Head *h, const Part *p, GError **err)
{
	Part octets = *p, all = *p;
	uint64_t size = 0;

	octets.encoding = ENCODING_IDENTITY;
	all.off = 0;
	g_autoptr(Stream) st = stream_part(s, h, &octets, &size);
	g_autofree char *buf = g_malloc((gsize)size + 1);

	for (size_t at = 0, n = 1; at < size && n > 0; at += n)
		if (!stream_read(st, buf + at, (size_t)size - at, &n, err))
			return NULL;
	g_autoptr(GBytes) raw =
	    g_bytes_new_take(g_steal_pointer(&buf), (gsize)size);

	return part_decode(raw, &all);
}

/*
 * How many octets a large part has that is encoded is known once it was
 * decoded: that is done first, with other requests between, and the request
 * looked at again.
 */
static void
send_large(const Wanted *w, const Head *h, const Part *p, Response *out)
{
	const Request *q = w->ask->q;
	uint64_t size = 0;
	Stream *st = stream_part(w->ask->store, h, p, &size);

	if (size == 0 && !q->again) {
		pour(st, 0, &out->work);
		return;
	}
	if (size == 0 && q->worked == 0 &&
	    p->encoding != ENCODING_QUOTED_PRINTABLE) {
		Part octets = *p; /* not encoded after all */

		octets.encoding = ENCODING_IDENTITY;
		stream_free(st);
		st = stream_part(w->ask->store, h, &octets, &size);
	} else if (size == 0 && q->worked > 0) {
		size = (uint64_t)q->worked;
	}
	name_part(p, out);
	send_stream(q, st, size, out);
}

static bool
send_part(
    const Wanted *w, const Head *h, const Part *p, Response *out, GError **err)
{
	g_autoptr(GBytes) raw = NULL;
	GBytes *octets = NULL;

	if (h->size > LIMIT_WHOLE_BYTES && p->len > LIMIT_WHOLE_BYTES) {
		send_large(w, h, p, out);
		return true;
	}
	if (h->size > LIMIT_WHOLE_BYTES) {
		octets = read_small(w->ask->store, h, p, err);
	} else {
		raw = store_raw_of(w->ask->store, h, err);
		octets = raw != NULL ? part_decode(raw, p) : NULL;
	}
	if (octets == NULL)
		return false;
	name_part(p, out);
	/* A copy where it is not encoded: it would hold all of the message. */
	gsize len = 0;
	void *part = g_bytes_unref_to_data(octets, &len);

	send_bytes(w->ask->q, g_bytes_new_take(part, len), out);
	return true;
}

/*
 * The number of the part that HyperKitty has under the route's: the first
 * of that file name, for numbers are the same only where both take a
 * message apart alike; else, since HyperKitty makes up names, by number.
 */
static unsigned int
part_by_file(const Wanted *w, const ReadMsg *m)
{
	unsigned int n = w->route->part, found = 0;

	for (size_t i = m->outline->n_parts; i > 0; i--) {
		const Part *p = &m->outline->parts[i - 1];

		if (p->leaf && p->name != NULL &&
		    strcmp(p->name, w->route->file) == 0 && found != n)
			found = (unsigned int)i;
	}
	return found > 0 ? found : n;
}

void
original_answer_part(const Wanted *w, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(ReadMsg) m = read_parts(w->ask->store, w->hit->post, &err);

	if (m == NULL) {
		pages_fail(w->ask, err, out);
		return;
	}
	unsigned int n =
	    w->route->by_file ? part_by_file(w, m) : w->route->part;

	if (n == 0 || n > m->outline->n_parts ||
	    !m->outline->parts[n - 1].leaf) {
		near_answer_part(w->ask, w->list, m->owned, out);
		return;
	}
	g_autofree char *file = part_file_name(&m->outline->parts[n - 1], n);
	g_autoptr(GString) name = g_string_new(NULL);

	/* Names are compared decoded, since a proxy may write them in its
	 * own way. */
	out_num(name, n);
	out_raw(name, "-");
	g_string_append(name, file);
	g_autofree char *plain =
	    route_plain(w->ask->q->path, w->ask->site->path);
	g_autofree char *right = g_strconcat(
	    "/", w->list->list_id, "/", w->hit->key, "/", name->str, NULL);

	if (strcmp(plain, right) != 0) {
		g_string_truncate(name, 0);
		out_num(name, n);
		out_raw(name, "-");
		out_url(name, file);
		response_redirect(
		    out, pages_path(w->ask, w->list, w->hit->key, name->str));
	} else if (!file_unchanged(w, m->head, out) &&
		   !send_part(
		       w, m->head, &m->outline->parts[n - 1], out, &err)) {
		pages_fail(w->ask, err, out);
	}
}
