/* api_query.c - the parameters of the API. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "http/api_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool
api_read_time(const char *text, int64_t *t)
{
	bool day = strlen(text) == strlen("2024-03-05");
	g_autofree char *whole =
	    g_strconcat(text, day ? "T00:00:00Z" : "", NULL);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(whole, utc);

	if (time == NULL)
		return false;
	*t = g_date_time_to_unix(time);
	return true;
}

/* "1.2.3": whole numbers, n of them. */
static bool
read_cursor(const char *text, int64_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *end = NULL;

		if (*text != '-' && !g_ascii_isdigit(*text))
			return false;
		errno = 0;
		at[i] = g_ascii_strtoll(text, &end, 10);
		if (errno != 0 || end == text ||
		    *end != (i + 1 < n ? '.' : '\0'))
			return false;
		text = end + 1;
	}
	return true;
}

char *
api_cursor(const int64_t *at, size_t n)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(
		    text, "%s%" G_GINT64_FORMAT, i > 0 ? "." : "", at[i]);
	return g_string_free(text, FALSE);
}

/* The parameter called name as a time in *t, if it is there. */
static bool
read_time_arg(const Ask *a, const char *name, int64_t *t, Response *out)
{
	const char *text = request_arg(a->q, name);

	if (text == NULL || api_read_time(text, t))
		return true;
	api_say_no(a, 400, name,
	    "It must be a day, as in 2024-03-05, or a time of RFC 3339, as in "
	    "2024-03-05T12:00:00Z.",
	    out);
	return false;
}

bool
api_read_page(const Ask *a, size_t n_at, ApiPage *p, Response *out)
{
	const char *limit = request_arg(a->q, "limit");
	const char *order = request_arg(a->q, "order");
	guint64 n = API_ROWS;

	*p = (ApiPage){.from = INT64_MIN,
	    .to = INT64_MAX,
	    .after = request_arg(a->q, "after"),
	    .oldest = g_strcmp0(order, "oldest") == 0};
	if (limit != NULL && !g_ascii_string_to_unsigned(
				 limit, 10, 1, LIMIT_PAGE_ROWS, &n, NULL)) {
		g_autofree char *detail = g_strdup_printf(
		    "It must be a number from 1 to %u.", LIMIT_PAGE_ROWS);

		api_say_no(a, 400, "limit", detail, out);
		return false;
	}
	p->limit = n;
	if (order != NULL && !p->oldest && strcmp(order, "newest") != 0) {
		api_say_no(a, 400, "order",
		    "It must be \"newest\" or \"oldest\".", out);
		return false;
	}
	if (p->after != NULL && n_at > 0 &&
	    !read_cursor(p->after, p->at, n_at)) {
		api_say_no(a, 400, "after",
		    "It must be what a page's \"next\" has.", out);
		return false;
	}
	return read_time_arg(a, "from", &p->from, out) &&
	       read_time_arg(a, "to", &p->to, out);
}
