/* SPDX-License-Identifier: Apache-2.0 */
#include "http/range.h"

#include <glib.h>

#include <string.h>

/* The digits at *p as a number that stops growing at the largest; *p is
 * moved behind them.  False: there are none. */
static bool
read_number(const char **p, uint64_t *n)
{
	const char *begin = *p;

	*n = 0;
	for (; g_ascii_isdigit(**p); ++*p) {
		uint64_t digit = (uint64_t)(**p - '0');

		*n = *n > (UINT64_MAX - digit) / 10 ? UINT64_MAX
						    : 10 * *n + digit;
	}
	return *p > begin;
}

RangeKind
range_read(const char *value, uint64_t size, uint64_t *first, uint64_t *last)
{
	uint64_t from = 0, to = 0;

	if (value == NULL || g_ascii_strncasecmp(value, "bytes=", 6) != 0)
		return RANGE_ALL;
	const char *p = value + 6;
	bool has_from = read_number(&p, &from);

	if (*p++ != '-')
		return RANGE_ALL;
	bool has_to = read_number(&p, &to);

	if (*p != '\0' || (!has_from && !has_to) ||
	    (has_from && has_to && to < from))
		return RANGE_ALL;
	if (!has_from) { /* the last so many bytes */
		if (to == 0 || size == 0)
			return RANGE_NONE;
		*first = size - MIN(to, size);
		*last = size - 1;
		return RANGE_PART;
	}
	if (from >= size)
		return RANGE_NONE;
	*first = from;
	*last = has_to ? MIN(to, size - 1) : size - 1;
	return RANGE_PART;
}

bool
range_stands(const char *if_range, const char *etag)
{
	size_t len = strlen(etag);

	return if_range == NULL ||
	       (if_range[0] == '"' && strncmp(if_range + 1, etag, len) == 0 &&
		   strcmp(if_range + 1 + len, "\"") == 0);
}

bool
range_choose(const Request *q, uint64_t size, uint64_t *first, uint64_t *n,
    Response *out)
{
	uint64_t last = 0;
	RangeKind kind =
	    q->range != NULL && range_stands(q->if_range, out->etag)
		? range_read(q->range, size, first, &last)
		: RANGE_ALL;

	response_field(out, "Accept-Ranges", g_strdup("bytes"));
	if (kind == RANGE_NONE) {
		out->status = 416;
		response_field(out, "Content-Range",
		    g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size));
		return false;
	}
	if (kind == RANGE_ALL) {
		*first = 0;
		*n = size;
		out->status = 200;
		return true;
	}
	*n = last - *first + 1;
	out->status = 206;
	response_field(out, "Content-Range",
	    g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT
			    "/%" G_GUINT64_FORMAT,
		*first, last, size));
	return true;
}
