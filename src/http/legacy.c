/* SPDX-License-Identifier: Apache-2.0 */
#include "http/legacy.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

static bool
is_one_of(const char *word, const char *const *words)
{
	return word != NULL && g_strv_contains(words, word);
}

/* The segments of path, decoded, less empty ones at its end.  NULL if there
 * is a NUL in one, or too many are there. */
static char **
split(const char *path)
{
	g_auto(GStrv) s = g_strsplit(path, "/", LIMIT_LEGACY_SEGMENTS + 1);
	guint n = g_strv_length(s);

	if (n > LIMIT_LEGACY_SEGMENTS)
		return NULL;
	while (n > 0 && s[n - 1][0] == '\0')
		g_clear_pointer(&s[--n], g_free);
	for (guint i = 0; i < n; i++) {
		size_t len = 0;
		char *plain = text_percent_decode(s[i], &len);

		g_free(s[i]);
		s[i] = plain;
		if (strlen(plain) != len)
			return NULL;
	}
	return g_steal_pointer(&s);
}

/* Dates ------------------------------------------------------------------- */

/* The number that is all of text, of min to max digits; or -1. */
static int
number(const char *text, size_t min, size_t max)
{
	size_t len = strspn(text, "0123456789");
	int value = 0;

	if (text[len] != '\0' || len < min || len > max)
		return -1;
	for (size_t i = 0; i < len; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* Set out's month; month 0: the year. */
static bool
set_month(int year, int month, Route *out)
{
	if (year < 1 || month < 0 || month > 12)
		return false;
	out->kind = ROUTE_MONTH;
	out->year = year;
	out->month = month;
	return true;
}

/* YYYY, YYYY/MM or YYYY/MM/DD as segments, MM and DD of one digit or two. */
static bool
read_date(char **s, Route *out)
{
	int year = number(s[0], 4, 4);
	int month = s[1] == NULL ? 0 : number(s[1], 1, 2);

	if (s[1] != NULL &&
	    (month == 0 ||
		(s[2] != NULL && (number(s[2], 1, 2) < 1 || s[3] != NULL))))
		return false;
	return set_month(year, month, out);
}

/* YYYYMMDD, the day of its month. */
static bool
read_day(const char *text, Legacy *out)
{
	int day = number(text, 8, 8);

	if (day <= 0 || day / 100 % 100 == 0 || day % 100 > 31 ||
	    !set_month(day / 10000, day / 100 % 100, &out->route))
		return false;
	out->day = day % 100;
	return true;
}

/*
 * A volume of Pipermail's: YYYY-Month; where lists had other volumes also
 * Week-of-Mon-YYYYMMDD, YYYYMMDD, YYYYqN and YYYY.  ".txt.gz" may follow.
 */
static bool
read_volume(const char *text, Legacy *out)
{
	static const char *const names[] = {"January", "February", "March",
	    "April", "May", "June", "July", "August", "September", "October",
	    "November", "December"};
	g_autofree char *name = g_strndup(text, strcspn(text, "."));

	if (g_str_has_prefix(name, "Week-of-Mon-"))
		return read_day(name + strlen("Week-of-Mon-"), out);
	if (strlen(name) < 5)
		return set_month(number(name, 4, 4), 0, &out->route);
	if (number(name, 8, 8) > 0)
		return read_day(name, out);
	g_autofree char *digits = g_strndup(name, 4);
	int year = number(digits, 4, 4);

	if (name[4] == 'q' && name[5] >= '1' && name[5] <= '4' &&
	    name[6] == '\0')
		return set_month(year, (name[5] - '1') * 3 + 1, &out->route);
	for (int i = 0; name[4] == '-' && i < (int)G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(name + 5, names[i]) == 0)
			return set_month(year, i + 1, &out->route);
	return false;
}

/* HyperKitty -------------------------------------------------------------- */

/* A message, or the thread of it. */
static bool
set_message(const char *hash, RouteView view, Route *out)
{
	if (hash == NULL || !route_is_key(hash))
		return false;
	out->kind = ROUTE_NAME;
	out->view = view;
	out->name = g_ascii_strdown(hash, -1);
	return true;
}

static bool
set_list(Route *out)
{
	out->kind = ROUTE_TOP;
	return true;
}

/* HASH and what follows; what this archive has no page for leads to the
 * message. */
static bool
read_message(char **s, Route *out)
{
	if (s[0] != NULL && strcmp(s[0], "new") == 0)
		return set_list(out);
	if (s[0] == NULL || s[1] == NULL || strcmp(s[1], "attachment") != 0 ||
	    s[2] == NULL || s[3] == NULL)
		return set_message(s[0], ROUTE_MESSAGE, out);
	int n = number(s[2], 1, 4);

	if (n < 0 || !set_message(s[0], ROUTE_PART, out))
		return false;
	out->part = (unsigned int)n + 1;
	out->file = g_strdup(s[3]);
	out->by_file = true;
	return true;
}

/* Have out ask for a month's mailbox if that is what the days from start on
 * and before end are. */
static bool
is_month(const char *start, const char *end, Route *out)
{
	int64_t from = 0, to = 0;

	if (!date_parse_day(start, &from) || !date_parse_day(end, &to))
		return false;
	DateDay day = date_day(from);

	if (day.day != 1 || to != date_month_start(day.year, day.month + 1))
		return false;
	out->kind = ROUTE_MBOXES;
	out->year = day.year;
	out->month = day.month;
	return true;
}

/* A mailbox of a thread, of a message, of the whole list, or of the days
 * from start on and before end. */
static bool
read_export(const Request *q, Legacy *l)
{
	Route *out = &l->route;
	const char *thread = request_arg(q, "thread");
	const char *message = request_arg(q, "message");
	const char *start = request_arg(q, "start");
	const char *end = request_arg(q, "end");

	if (thread != NULL)
		return set_message(thread, ROUTE_MBOX, out);
	if (message != NULL)
		return set_message(message, ROUTE_RAW, out);
	if (start != NULL && end != NULL && is_month(start, end, out))
		return true;
	out->kind = ROUTE_MBOXES;
	l->days = start != NULL || end != NULL;
	return true;
}

/* s: what stands behind ".../list/". */
static bool
read_hyperkitty(const Request *q, char **s, Legacy *l)
{
	Route *out = &l->route;
	static const char *const pages[] = {"latest", "search",
	    "recent-threads", "recent-activity", "top-threads", "pop-threads",
	    "top-posters", "favorites", "posted-to", "delete", NULL};
	const char *sort = request_arg(q, "sort");

	out->list = g_strdup(s[0]);
	if (s[1] == NULL || is_one_of(s[1], pages))
		return set_list(out);
	if (strcmp(s[1], "feed") == 0) {
		out->kind = ROUTE_FEED;
		return true;
	}
	if (strcmp(s[1], "message") == 0)
		return read_message(s + 2, out);
	if (strcmp(s[1], "thread") == 0)
		return set_message(s[2],
		    sort != NULL && strcmp(sort, "date") == 0 ? ROUTE_FLAT
							      : ROUTE_NESTED,
		    out);
	if (strcmp(s[1], "export") == 0)
		return read_export(q, l);
	if (number(s[1], 1, 8) >= 0) {
		if (s[2] != NULL && s[3] != NULL)
			l->day = number(s[3], 1, 2);
		return read_date(s + 1, out);
	}
	return read_volume(s[1], l);
}

/* s: what stands behind ".../api/". */
static bool
read_api(char **s, Legacy *l)
{
	Route *out = &l->route;
	static const char *const others[] = {"tags", "sender", NULL};

	out->kind = ROUTE_API;
	if (s[0] == NULL || (strcmp(s[0], "lists") == 0 && s[1] == NULL)) {
		out->name = g_strdup(s[0] == NULL ? "" : "/lists");
		return true;
	}
	if (strcmp(s[0], "list") != 0 || s[1] == NULL || s[1][0] == '\0')
		return is_one_of(s[0], others);
	out->list = g_strdup(s[1]);
	if (s[2] == NULL)
		out->name = g_strdup("");
	else if (strcmp(s[2], "threads") == 0)
		out->name = g_strdup("/threads");
	else if (strcmp(s[2], "emails") == 0)
		out->name = g_strdup("/messages");
	else if (s[3] != NULL && route_is_key(s[3]))
		out->name = strcmp(s[2], "thread") == 0
				? g_strconcat("/threads/", s[3], NULL)
			    : strcmp(s[2], "email") == 0
				? g_strconcat("/messages/", s[3], NULL)
				: NULL;
	return true;
}

/* Pipermail --------------------------------------------------------------- */

/* An index of a volume, or NNNNNN.html, a message. */
static void
read_page(const char *text, Legacy *out)
{
	static const char *const orders[] = {"author", "subject"};
	g_autofree char *name = g_strndup(text, strcspn(text, "."));

	if (strcmp(text + strlen(name), ".html") != 0)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++)
		if (strcmp(name, orders[i]) == 0)
			out->by = orders[i];
	out->number = number(name, 1, 9);
	out->numbered = out->number >= 0;
}

/* s: what stands behind ".../pipermail/". */
static bool
read_pipermail(char **s, Legacy *out)
{
	size_t len = strlen(s[0]);

	if (g_str_has_suffix(s[0], ".mbox"))
		len -= strlen(".mbox");
	out->route.list = g_strndup(s[0], len);
	out->local = strchr(out->route.list, '@') == NULL;
	if (len == 0)
		return false;
	if (s[0][len] != '\0') {
		out->route.kind = ROUTE_MBOXES;
		return true;
	}
	if (s[1] == NULL || strcmp(s[1], "index.html") == 0)
		return set_list(&out->route);
	if (strcmp(s[1], "attachments") == 0)
		return s[2] != NULL && read_day(s[2], out);
	if (!read_volume(s[1], out))
		return false;
	if (s[2] != NULL)
		read_page(s[2], out);
	if (out->route.month > 0 && strstr(s[1], ".txt") != NULL)
		out->route.kind = ROUTE_MBOXES;
	return true;
}

/* Both -------------------------------------------------------------------- */

/* What the path ends in where it names no list. */
static bool
read_end(const Request *q, const char *last, Legacy *out)
{
	static const char *const homes[] = {"hyperkitty", "archives",
	    "pipermail", "listinfo", "list", "lists", "mailman3", NULL};
	const char *list = request_arg(q, "mlist");

	if (strcmp(last, "api") == 0) {
		char *none[] = {NULL};

		return read_api(none, out);
	}
	out->search = strcmp(last, "search") == 0;
	if (!out->search && !is_one_of(last, homes))
		return false;
	if (out->search && list != NULL && list[0] != '\0') {
		out->route.list = g_strdup(list);
		return set_list(&out->route);
	}
	out->route.kind = ROUTE_HOME;
	return true;
}

/* Whether what stands behind s[0] is a month of Pipermail's, whose own name
 * need not be in the path. */
static bool
is_pipermail(char **s)
{
	g_auto(Legacy) l = {0};

	return strlen(s[1]) > 5 && s[1][4] == '-' && read_volume(s[1], &l);
}

static bool
read_segments(const Request *q, char **s, Legacy *out)
{
	static const char *const lists[] = {"list", "lists", NULL};
	static const char *const volumes[] = {"pipermail", "listinfo", NULL};

	for (; s[0] != NULL && s[1] != NULL; s++) {
		if (strcmp(s[0], "api") == 0)
			return read_api(s + 1, out);
		if (is_one_of(s[0], lists) && strpbrk(s[1], "@.") != NULL)
			return read_hyperkitty(q, s + 1, out);
		if (is_one_of(s[0], volumes))
			return read_pipermail(s + 1, out);
		if (strcmp(s[0], "mailman") == 0 && s[2] != NULL &&
		    strcmp(s[1], "private") == 0)
			return read_pipermail(s + 2, out);
		if (is_pipermail(s))
			return read_pipermail(s, out);
	}
	return s[0] != NULL && read_end(q, s[0], out);
}

bool
legacy_parse(const Request *q, Legacy *out)
{
	g_auto(GStrv) s = split(q->path);

	memset(out, 0, sizeof *out);
	if (s != NULL && read_segments(q, s, out))
		return true;
	legacy_clear(out);
	return false;
}

void
legacy_clear(Legacy *l)
{
	route_clear(&l->route);
	memset(l, 0, sizeof *l);
}
