/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

void
response_clear(Response *r)
{
	if (r->text != NULL)
		g_string_free(r->text, TRUE);
	g_clear_pointer(&r->bytes, g_bytes_unref);
	if (r->stream.free != NULL)
		r->stream.free(r->stream.arg);
	if (r->work.free != NULL)
		r->work.free(r->work.arg);
	if (r->ask != NULL) {
		search_ask_clear(r->ask);
		g_free(r->ask);
	}
	if (r->file.open)
		close(r->file.fd);
	for (size_t i = 0; i < r->n_fields; i++)
		g_free(r->fields[i].value);
	g_free(r->etag);
	memset(r, 0, sizeof *r);
}

void
response_pack(Response *r)
{
	if (r->text == NULL)
		return;
	/* A page is made with room to grow, which is given back. */
	size_t len = r->text->len;
	char *text = g_string_free(g_steal_pointer(&r->text), FALSE);

	r->bytes = g_bytes_new_take(g_realloc(text, len + 1), len);
}

void
response_field(Response *r, const char *name, char *take_value)
{
	g_assert(r->n_fields < RESPONSE_FIELDS);
	r->fields[r->n_fields].name = name;
	r->fields[r->n_fields++].value = take_value;
}

/*
 * Whether an If-None-Match value names etag (RFC 9110 section 13.1.2: the
 * weak comparison, so a "W/" before either does not count).
 */
static bool
names_etag(const char *value, const char *etag)
{
	size_t len = strlen(etag);
	const char *p = value;

	if (strcmp(value, "*") == 0)
		return true;
	while ((p = strchr(p, '"')) != NULL) {
		const char *end = strchr(p + 1, '"');

		if (end == NULL)
			return false;
		if ((size_t)(end - p - 1) == len &&
		    strncmp(p + 1, etag, len) == 0)
			return true;
		p = end + 1;
	}
	return false;
}

/* Asking ------------------------------------------------------------------ */

/* Each name that request_arg is asked for, and no other. */
static const char *const known_args[] = {"after", "before", "by", "end", "from",
    "header", "id", "key", "limit", "list", "message", "mlist", "order", "page",
    "q", "sort", "start", "t", "thread", "to", "x", "year"};

G_STATIC_ASSERT(G_N_ELEMENTS(known_args) <= LIMIT_HTTP_ARGS);

bool
request_knows(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known_args); i++)
		if (strcmp(known_args[i], name) == 0)
			return true;
	return false;
}

const char *
request_arg(const Request *q, const char *name)
{
	g_assert(request_knows(name));
	for (size_t i = 0; i < q->n_args; i++)
		if (strcmp(q->args[i].name, name) == 0)
			return q->args[i].value;
	return NULL;
}

/* What the ETag of a page ends in that is compressed. */
#define GZIP_TAG "-gz"

/* Which of etag's two forms an If-None-Match value names, or NULL. */
static char *
named_etag(const char *value, const char *etag)
{
	g_autofree char *gzip = g_strconcat(etag, GZIP_TAG, NULL);

	if (names_etag(value, etag))
		return g_strconcat("\"", etag, "\"", NULL);
	return names_etag(value, gzip) ? g_strconcat("\"", gzip, "\"", NULL)
				       : NULL;
}

bool
response_unchanged(
    Response *r, const Request *q, const char *etag, int64_t changed)
{
	char *named = NULL;
	int64_t since = 0;
	bool same = false;

	g_free(r->etag);
	r->etag = g_strdup(etag);
	r->changed = changed;

	if (changed > 0 && changed < clock_now())
		response_field(r, "Last-Modified", date_format_http(changed));
	else
		changed = 0;
	/* Only the very time that was given out is believed: a client that
	 * had none may send the time at which it asked. */
	if (q->if_none_match != NULL) {
		named = named_etag(q->if_none_match, etag);
		same = named != NULL;
	} else if (q->if_modified_since != NULL && changed > 0) {
		same = date_parse_http(q->if_modified_since, &since) &&
		       since == changed;
	}
	response_field(r, "ETag",
	    named != NULL ? named : g_strconcat("\"", etag, "\"", NULL));
	if (same)
		r->status = 304;
	return same;
}

const char *
response_value(const Response *r, const char *name)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (strcmp(r->fields[i].name, name) == 0)
			return r->fields[i].value;
	return NULL;
}

void
response_of_kept(Response *r, ResponseKept *kept, const Request *q)
{
	const Response *a = &kept->answer;
	const char *tag = response_value(a, "ETag");
	const char *date = response_value(a, "Last-Modified");
	bool same = false;

	if (q->if_none_match != NULL) {
		g_autofree char *bare =
		    tag != NULL ? g_strndup(tag + 1, strlen(tag) - 2) : NULL;

		same = bare != NULL && names_etag(q->if_none_match, bare);
	} else if (q->if_modified_since != NULL && date != NULL) {
		same = strcmp(q->if_modified_since, date) == 0;
	}
	r->kind = a->kind;
	r->status = same ? 304 : a->status;
	r->kept = kept;
}

void
response_redirect(Response *r, char *take_location)
{
	r->status = 301;
	r->kind = RESPONSE_PAGE;
	response_field(r, "Location", take_location);
}

/* Compressing ------------------------------------------------------------- */

/* Bytes below which a page is sent as it is: it fits into what TCP sends
 * before the first answer (RFC 6928), so that to compress it would cost
 * twice its time and gain none. */
#define GZIP_MIN ((size_t)10 * 1460)

/* 15 bits of window, the most; 16 more ask for gzip's header. */
#define GZIP_WINDOW (15 + 16)
#define GZIP_LEVEL 1

/* Whether an Accept-Encoding value (RFC 9110 section 12.5.3) allows gzip. */
static bool
allows_gzip(const char *value)
{
	g_auto(GStrv) codings = g_strsplit(value, ",", 32);

	for (char **c = codings; *c != NULL; c++) {
		char *weight = strchr(*c, ';');

		if (weight != NULL)
			*weight++ = '\0';
		if (g_ascii_strcasecmp(g_strstrip(*c), "gzip") != 0)
			continue;
		weight = weight != NULL ? strstr(weight, "q=") : NULL;
		return weight == NULL ||
		       strspn(weight + 2, "0.") != strcspn(weight + 2, " ,;");
	}
	return false;
}

/* text, compressed; or NULL if that makes it no shorter. */
static GString *
gzip(const GString *text)
{
	z_stream z = {0};
	GString *out = g_string_sized_new(text->len);
	int rc = deflateInit2(
	    &z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);

	g_assert(rc == Z_OK); /* else: no memory, where GLib aborts too */
	z.next_in = (Bytef *)text->str;
	z.avail_in = (uInt)text->len;
	z.next_out = (Bytef *)out->str;
	z.avail_out = (uInt)text->len;
	rc = deflate(&z, Z_FINISH);
	(void)deflateEnd(&z);
	if (rc != Z_STREAM_END) {
		g_string_free(out, TRUE);
		return NULL;
	}
	g_string_set_size(out, text->len - z.avail_out);
	return out;
}

bool
response_takes_gzip(const Request *q)
{
	return q->accept_encoding != NULL && allows_gzip(q->accept_encoding);
}

void
response_compress(Response *r, const Request *q)
{
	if (r->kind != RESPONSE_PAGE ||
	    (r->status != 304 && (r->status != 200 || r->text == NULL)))
		return;
	response_field(
	    r, "Vary", g_strdup("Accept-Encoding, Accept-Language, Cookie"));
	if (r->text == NULL || r->text->len < GZIP_MIN ||
	    !response_takes_gzip(q))
		return;
	GString *small = gzip(r->text);

	if (small == NULL)
		return;
	g_string_free(r->text, TRUE);
	r->text = small;
	response_field(r, "Content-Encoding", g_strdup("gzip"));
	for (size_t i = 0; i < r->n_fields; i++) {
		char *value = r->fields[i].value;

		if (strcmp(r->fields[i].name, "ETag") != 0)
			continue;
		r->fields[i].value = g_strdup_printf(
		    "%.*s" GZIP_TAG "\"", (int)strlen(value) - 1, value);
		g_free(value);
	}
}
