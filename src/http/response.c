/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include "base/clock.h"
#include "base/date.h"

#include <string.h>

void
response_clear(Response *r)
{
	if (r->text != NULL)
		g_string_free(r->text, TRUE);
	g_clear_pointer(&r->bytes, g_bytes_unref);
	if (r->stream.free != NULL)
		r->stream.free(r->stream.arg);
	for (size_t i = 0; i < r->n_fields; i++)
		g_free(r->fields[i].value);
	memset(r, 0, sizeof *r);
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

bool
response_unchanged(
    Response *r, const Request *q, const char *etag, int64_t changed)
{
	int64_t since = 0;
	bool same = false;

	if (changed > 0 && changed < clock_now())
		response_field(r, "Last-Modified", date_format_http(changed));
	else
		changed = 0;
	if (etag != NULL)
		response_field(r, "ETag", g_strdup_printf("\"%s\"", etag));
	/* Only the very time that was given out is believed: a client that
	 * had none may send the time at which it asked. */
	if (q->if_none_match != NULL)
		same = etag != NULL && names_etag(q->if_none_match, etag);
	else if (q->if_modified_since != NULL && changed > 0)
		same = date_parse_http(q->if_modified_since, &since) &&
		       since == changed;
	if (same)
		r->status = 304;
	return same;
}

void
response_redirect(Response *r, char *take_location)
{
	r->status = 301;
	r->kind = RESPONSE_PAGE;
	response_field(r, "Location", take_location);
}
