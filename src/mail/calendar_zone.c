/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/calendar_zone.h"

#include "base/date.h"

#include <string.h>

#define DAY_S 86400

/* "+0100", "-033000" (section 3.3.14). */
static bool
read_offset(const char *p, size_t len, int *offset)
{
	if (len < 5 || (p[0] != '+' && p[0] != '-'))
		return false;
	int h = calendar_number(p + 1, 2), m = calendar_number(p + 3, 2);

	if (h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*offset = (p[0] == '-' ? -1 : 1) * (h * 3600 + m * 60);
	return true;
}

/* The rules that zones have: a month and a weekday of it, from its start
 * or its end, each year. */
static void
read_rule(CalendarObservance *o, const CalendarLine *l)
{
	size_t n = 0;
	bool has_time = false, utc = false;
	const char *month = calendar_recur(l, "BYMONTH", &n);
	int number = month != NULL ? calendar_number(month, n) : -1;
	const char *day = calendar_recur(l, "BYDAY", &n);

	if (day == NULL || n < 3 || n > 4 || number < 1 || number > 12)
		return;
	int weekday = calendar_weekday(day + n - 2, 2);
	int nth = calendar_number(day + n - 3, 1);

	if (weekday < 0 || nth < 1 || nth > 5)
		return;
	o->month = number;
	o->weekday = weekday;
	o->nth = day[0] == '-' ? -nth : nth;
	const char *until = calendar_recur(l, "UNTIL", &n);

	o->has_until = until != NULL &&
		       calendar_when(until, n, &o->until, &has_time, &utc);
}

void
calendar_zone_take(CalendarObservance *o, const CalendarLine *l)
{
	bool has_time = false, utc = false;

	if (calendar_is(l->name, l->name_len, "DTSTART"))
		o->has_onset = calendar_when(
		    l->value, l->value_len, &o->onset, &has_time, &utc);
	else if (calendar_is(l->name, l->name_len, "TZOFFSETTO"))
		o->has_offset = read_offset(l->value, l->value_len, &o->offset);
	else if (calendar_is(l->name, l->name_len, "RRULE"))
		read_rule(o, l);
}

/* When o begins in a year, or INT64_MIN. */
static int64_t
onset_in(const CalendarObservance *o, int year)
{
	if (year < 1 || year > 9999)
		return INT64_MIN;
	int64_t first = date_month_start(year, o->month) / DAY_S;
	int64_t next = date_month_start(year, o->month + 1) / DAY_S;
	int64_t from = o->nth > 0 ? first : next - 7;
	/* The epoch was a Thursday. */
	int64_t there = ((from + 4) % 7 + 7) % 7;
	int64_t day = from + (o->weekday - there + 7) % 7;

	day += 7 * (int64_t)(o->nth > 0 ? o->nth - 1 : o->nth + 1);
	return day * DAY_S + ((o->onset % DAY_S) + DAY_S) % DAY_S;
}

/* The last time up to local that o began, or INT64_MIN. */
static int64_t
last_onset(const CalendarObservance *o, int64_t local)
{
	if (!o->has_onset || !o->has_offset || o->onset > local)
		return INT64_MIN;
	if (o->month == 0)
		return o->onset;
	int year = date_day(local).year;
	int64_t t = onset_in(o, year);

	if (t > local)
		t = onset_in(o, year - 1);
	if (t < o->onset || (o->has_until && t > o->until + DAY_S))
		return o->onset;
	return t;
}

void
calendar_zone_resolve(const GArray *all, CalendarTime *t)
{
	int64_t newest = INT64_MIN;

	if (t->kind != CALENDAR_ZONED)
		return;
	for (guint i = 0; i < all->len; i++) {
		const CalendarObservance *o =
		    &g_array_index(all, CalendarObservance, i);

		if (o->zone == NULL || strcmp(o->zone, t->zone) != 0)
			continue;
		int64_t onset = last_onset(o, t->local);

		if (onset <= newest)
			continue;
		newest = onset;
		t->offset = o->offset;
		t->has_offset = true;
	}
}
