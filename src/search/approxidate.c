/* SPDX-License-Identifier: Apache-2.0 */
#include "search/approxidate.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"

#include <glib.h>

#include <string.h>

#define MINUTE_S ((int64_t)60)
#define HOUR_S ((int64_t)3600)
#define DAY_S ((int64_t)86400)

/* Amounts that are read: a billion years are as far as any. */
#define MAX_AMOUNT 99999999

typedef enum {
	UNIT_SECOND,
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_YEAR,
} Unit;

typedef enum {
	WORD_UNIT,
	WORD_MONTH,
	WORD_WEEKDAY,
	WORD_NUMBER,
	WORD_DAYS_AGO, /* 0: today */
	WORD_HOUR,     /* of the day */
	WORD_HALF,     /* of the day: 12 is pm */
	WORD_NOW,
	WORD_LAST,
	WORD_THIS,
	WORD_NOTHING,
} WordKind;

/* Words of which any beginning of min letters counts. */
static const struct {
	const char *word;
	size_t min;
	WordKind kind;
	int value;
} words[] = {
    {"seconds", 1, WORD_UNIT, UNIT_SECOND},
    {"secs", 1, WORD_UNIT, UNIT_SECOND},
    {"minutes", 3, WORD_UNIT, UNIT_MINUTE},
    {"mins", 3, WORD_UNIT, UNIT_MINUTE},
    {"hours", 1, WORD_UNIT, UNIT_HOUR},
    {"hrs", 1, WORD_UNIT, UNIT_HOUR},
    {"days", 1, WORD_UNIT, UNIT_DAY},
    {"weeks", 1, WORD_UNIT, UNIT_WEEK},
    {"wks", 2, WORD_UNIT, UNIT_WEEK},
    {"mo", 1, WORD_UNIT, UNIT_MONTH},
    {"months", 4, WORD_UNIT, UNIT_MONTH},
    {"years", 1, WORD_UNIT, UNIT_YEAR},
    {"yrs", 2, WORD_UNIT, UNIT_YEAR},
    {"january", 3, WORD_MONTH, 1},
    {"february", 3, WORD_MONTH, 2},
    {"march", 3, WORD_MONTH, 3},
    {"april", 3, WORD_MONTH, 4},
    {"may", 3, WORD_MONTH, 5},
    {"june", 3, WORD_MONTH, 6},
    {"july", 3, WORD_MONTH, 7},
    {"august", 3, WORD_MONTH, 8},
    {"september", 3, WORD_MONTH, 9},
    {"october", 3, WORD_MONTH, 10},
    {"november", 3, WORD_MONTH, 11},
    {"december", 3, WORD_MONTH, 12},
    {"monday", 3, WORD_WEEKDAY, 0},
    {"tuesday", 3, WORD_WEEKDAY, 1},
    {"wednesday", 3, WORD_WEEKDAY, 2},
    {"thursday", 3, WORD_WEEKDAY, 3},
    {"friday", 3, WORD_WEEKDAY, 4},
    {"saturday", 3, WORD_WEEKDAY, 5},
    {"sunday", 3, WORD_WEEKDAY, 6},
    {"a", 1, WORD_NUMBER, 1},
    {"an", 2, WORD_NUMBER, 1},
    {"one", 3, WORD_NUMBER, 1},
    {"two", 3, WORD_NUMBER, 2},
    {"three", 5, WORD_NUMBER, 3},
    {"four", 4, WORD_NUMBER, 4},
    {"five", 4, WORD_NUMBER, 5},
    {"six", 3, WORD_NUMBER, 6},
    {"seven", 5, WORD_NUMBER, 7},
    {"eight", 5, WORD_NUMBER, 8},
    {"nine", 4, WORD_NUMBER, 9},
    {"ten", 3, WORD_NUMBER, 10},
    {"dozen", 5, WORD_NUMBER, 12},
    {"tomorrow", 8, WORD_DAYS_AGO, -1},
    {"today", 5, WORD_DAYS_AGO, 0},
    {"yesterday", 9, WORD_DAYS_AGO, 1},
    {"midnight", 8, WORD_HOUR, 0},
    {"noon", 4, WORD_HOUR, 12},
    {"tea", 3, WORD_HOUR, 17},
    {"am", 2, WORD_HALF, 0},
    {"pm", 2, WORD_HALF, 12},
    {"now", 3, WORD_NOW, 0},
    {"last", 4, WORD_LAST, 0},
    {"this", 4, WORD_THIS, 0},
    {"ago", 3, WORD_NOTHING, 0},
    {"at", 2, WORD_NOTHING, 0},
    {"of", 2, WORD_NOTHING, 0},
    {"on", 2, WORD_NOTHING, 0},
    {"the", 3, WORD_NOTHING, 0},
};

/* What was read so far; -1 where nothing was. */
typedef struct {
	const char *p, *end;
	int64_t now;
	int year, month, day, weekday;
	int hour, minute, second;
	int64_t zone_s;
	int64_t number; /* before a unit, or a day of a month */
	WordKind which; /* WORD_LAST or WORD_THIS before a unit */
	int64_t ago_s;  /* what goes off */
	int64_t ago_months;
	Unit finest;   /* of what goes off */
	int whole;     /* the Unit of the calendar that is meant */
	int last;      /* the Unit of "last UNIT" */
	int n_ago;     /* how many amounts go off */
	bool relative; /* something goes off, or is now */
	bool epoch;    /* now is the time itself */
} When;

/* Reading ----------------------------------------------------------------- */

static bool
is_between(char c)
{
	return text_is_space(c) || (c != '\0' && strchr("._,-/", c) != NULL);
}

static size_t
count_digits(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && g_ascii_isdigit(p[n]))
		n++;
	return n;
}

/* The number that n digits at w->p are, up to MAX_AMOUNT. */
static int
take_number(When *w, size_t n)
{
	int64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = MIN(value * 10 + (w->p[i] - '0'), MAX_AMOUNT);
	w->p += n;
	return (int)value;
}

static bool
take(When *w, char c)
{
	if (w->p == w->end || *w->p != c)
		return false;
	w->p++;
	return true;
}

/* Set *into, once. */
static bool
set(int *into, int value)
{
	if (*into != -1)
		return false;
	*into = value;
	return true;
}

/* Z, or "+02:00", "-0500", "+02", right behind a time; or nothing. */
static bool
take_zone(When *w)
{
	if (take(w, 'Z') || take(w, 'z'))
		return true;
	if (w->p == w->end || (*w->p != '+' && *w->p != '-'))
		return true;
	int sign = *w->p == '-' ? -1 : 1;
	size_t n = count_digits(w->p + 1, w->end);

	if (n != 2 && n != 4)
		return sign < 0;
	w->p++;
	int hours = take_number(w, 2);
	int minutes = 0;

	if (n == 4 || (take(w, ':') && count_digits(w->p, w->end) == 2))
		minutes = take_number(w, 2);
	w->zone_s = sign * (hours * HOUR_S + minutes * MINUTE_S);
	return hours < 24 && minutes < 60;
}

/* Minutes and seconds behind an hour and its ":". */
static bool
take_clock(When *w, int hour)
{
	size_t n = count_digits(w->p, w->end);

	if (n == 0 || n > 2 || !set(&w->hour, hour))
		return false;
	w->minute = take_number(w, n);
	w->second = 0;
	if (take(w, ':')) {
		n = count_digits(w->p, w->end);
		if (n == 0 || n > 2)
			return false;
		w->second = take_number(w, n);
		/* A fraction: more than one dot's digits are none. */
		if (w->p < w->end && *w->p == '.')
			w->p += 1 + count_digits(w->p + 1, w->end);
	}
	return w->hour < 24 && w->minute < 60 && w->second <= 60 &&
	       take_zone(w);
}

static bool
set_date(When *w, int year, int month, int day)
{
	return (year == -1 || set(&w->year, year)) && set(&w->month, month) &&
	       (day == -1 || set(&w->day, day));
}

/* "YYYYMMDDHHMMSS", "YYYYMMDD", "YYYYMM". */
static bool
take_run(When *w, size_t n)
{
	int year = take_number(w, 4);
	int month = take_number(w, 2);
	int day = n >= 8 ? take_number(w, 2) : -1;

	if (!set_date(w, year, month, day))
		return false;
	if (n < 14)
		return true;
	if (!set(&w->hour, take_number(w, 2)))
		return false;
	w->minute = take_number(w, 2);
	w->second = take_number(w, 2);
	return w->hour < 24 && w->minute < 60 && w->second <= 60;
}

static bool
set_epoch(When *w, size_t n)
{
	int64_t t = 0;

	for (size_t i = 0; i < n && t < INT64_C(999999999999); i++)
		t = t * 10 + (w->p[i] - '0');
	w->p += n;
	w->now = t;
	w->epoch = true;
	w->relative = true;
	w->finest = UNIT_SECOND;
	return true;
}

/* What follows a year, a month or a day of n digits, a sep and a digit. */
static bool
take_parted(When *w, int first, size_t n, char sep)
{
	int part[3] = {first, -1, -1};
	size_t digits[3] = {n, 0, 0};

	for (size_t i = 1; i < 3 && w->p + 1 < w->end && *w->p == sep &&
			   g_ascii_isdigit(w->p[1]);
	     i++) {
		w->p++;
		digits[i] = count_digits(w->p, w->end);
		part[i] = take_number(w, digits[i]);
	}
	if (n == 4)
		return set_date(w, first, part[1], part[2]);
	if (digits[1] == 4)
		return part[2] == -1 && set_date(w, part[1], first, -1);
	/* "31.5.2024" and "31-5-2024", but "5/31/2024", unless that is none. */
	bool day_first = sep == '/' ? first > 12 : part[1] <= 12;
	int year = part[2];

	/* POSIX's years of two digits. */
	if (digits[2] == 2)
		year += year < 69 ? 2000 : 1900;
	return day_first ? set_date(w, year, part[1], first)
			 : set_date(w, year, first, part[1]);
}

/* Whether a part of a date goes on: one of "-./" and a digit. */
static bool
goes_on(const When *w)
{
	return w->p + 1 < w->end && strchr("-./", *w->p) != NULL &&
	       *w->p != '\0' && g_ascii_isdigit(w->p[1]);
}

static bool
take_suffix(When *w, const char *suffix)
{
	size_t n = strlen(suffix);

	if ((size_t)(w->end - w->p) < n ||
	    g_ascii_strncasecmp(w->p, suffix, n) != 0 ||
	    (w->p + n < w->end && g_ascii_isalnum(w->p[n])))
		return false;
	w->p += n;
	return true;
}

static bool
take_digits(When *w)
{
	size_t n = count_digits(w->p, w->end);

	if (n == 14 || n == 8 || n == 6)
		return take_run(w, n);
	if (n >= 9)
		return set_epoch(w, n);
	int value = take_number(w, n);

	if (n <= 2 && take(w, ':'))
		return take_clock(w, value);
	if ((n <= 2 || n == 4) && goes_on(w)) {
		if (!take_parted(w, value, n, *w->p))
			return false;
		/* ISO 8601's time. */
		if (w->p + 1 < w->end && (*w->p == 'T' || *w->p == 't') &&
		    g_ascii_isdigit(w->p[1]))
			w->p++;
		return true;
	}
	if (take_suffix(w, "st") || take_suffix(w, "nd") ||
	    take_suffix(w, "rd") || take_suffix(w, "th"))
		return set(&w->day, value);
	if (w->number != -1)
		return false;
	w->number = value;
	return true;
}

static bool
take_unit(When *w, Unit unit)
{
	static const int64_t seconds[] = {
	    1, MINUTE_S, HOUR_S, DAY_S, 7 * DAY_S, 0, 0};

	if (w->which == WORD_THIS) {
		w->which = WORD_NOTHING;
		return w->number == -1 && set(&w->whole, (int)unit);
	}
	if (w->number == -1 && w->which != WORD_LAST)
		return false;
	int64_t n = w->number != -1 ? w->number : 1;

	if (w->number == -1)
		w->last = (int)unit;
	w->n_ago++;
	w->which = WORD_NOTHING;
	w->number = -1;
	w->relative = true;
	w->finest = MIN(w->finest, unit);
	w->ago_s += n * seconds[unit];
	if (unit == UNIT_MONTH)
		w->ago_months += n;
	else if (unit == UNIT_YEAR)
		w->ago_months += 12 * n;
	return true;
}

/* A number that nothing came of yet is a month's day or, of four digits,
 * its year. */
static bool
settle_number(When *w)
{
	int64_t n = w->number;

	w->number = -1;
	if (n == -1)
		return true;
	if (n >= 1000)
		return n <= 9999 && set(&w->year, (int)n);
	return n >= 1 && n <= 31 && set(&w->day, (int)n);
}

static bool
take_half(When *w, int half)
{
	if (w->hour == -1) {
		if (w->number < 1 || w->number > 12)
			return false;
		w->hour = (int)w->number;
		w->minute = 0;
		w->second = 0;
		w->number = -1;
	}
	if (w->hour < 1 || w->hour > 12)
		return false;
	w->hour = w->hour % 12 + half;
	return true;
}

static bool
take_known(When *w, WordKind kind, int value)
{
	/* Whatever is no unit leaves a number to itself. */
	if (kind != WORD_UNIT && kind != WORD_HALF && kind != WORD_NOTHING &&
	    !settle_number(w))
		return false;
	switch (kind) {
	case WORD_UNIT:
		return take_unit(w, (Unit)value);
	case WORD_MONTH:
		return set(&w->month, value);
	case WORD_WEEKDAY:
		return set(&w->weekday, value);
	case WORD_NUMBER:
		w->number = value;
		return true;
	case WORD_DAYS_AGO:
		w->ago_s += value * DAY_S;
		w->relative = true;
		w->finest = MIN(w->finest, UNIT_DAY);
		return true;
	case WORD_HOUR:
		w->minute = 0;
		w->second = 0;
		return set(&w->hour, value);
	case WORD_HALF:
		return take_half(w, value);
	case WORD_NOW:
		w->relative = true;
		w->finest = UNIT_SECOND;
		return true;
	case WORD_LAST:
	case WORD_THIS:
		w->which = kind;
		return true;
	case WORD_NOTHING:
		break;
	}
	return true;
}

static bool
take_word(When *w)
{
	size_t n = 0;

	while (w->p + n < w->end && g_ascii_isalpha(w->p[n]))
		n++;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (n >= words[i].min && n <= strlen(words[i].word) &&
		    g_ascii_strncasecmp(w->p, words[i].word, n) == 0) {
			w->p += n;
			return take_known(w, words[i].kind, words[i].value);
		}
	if (w->hour == -1 || n != 3 ||
	    (g_ascii_strncasecmp(w->p, "UTC", 3) != 0 &&
		g_ascii_strncasecmp(w->p, "GMT", 3) != 0))
		return false;
	w->p += n;
	return true;
}

/* Whether a zone stands at w->p, behind a time: "-0500" may have a blank
 * before it (RFC 5322). */
static bool
is_zone(const When *w)
{
	return w->hour != -1 &&
	       (*w->p == '+' ||
		   (*w->p == '-' && count_digits(w->p + 1, w->end) == 4));
}

static bool
take_one(When *w)
{
	if (take(w, '@')) {
		size_t n = count_digits(w->p, w->end);

		return n > 0 && set_epoch(w, n);
	}
	if (g_ascii_isdigit(*w->p))
		return (w->number == -1 || settle_number(w)) && take_digits(w);
	return take_word(w);
}

static bool
take_all(When *w)
{
	while (w->p < w->end) {
		if (is_zone(w)) {
			if (!take_zone(w))
				return false;
		} else if (is_between(*w->p)) {
			w->p++;
		} else if (!take_one(w)) {
			return false;
		}
	}
	return settle_number(w) && w->which != WORD_THIS &&
	       (w->which != WORD_LAST || w->weekday != -1);
}

/* Meaning ----------------------------------------------------------------- */

/* Midnight of a month's first day, months of any number. */
static int64_t
month_start(int64_t months)
{
	int64_t year = CLAMP(months / 12, 1, 9999);

	if (months < 12)
		return date_month_start(1, 1);
	if (months / 12 > 9999)
		return date_month_start(9999, 13);
	return date_month_start((int)year, (int)(months % 12) + 1);
}

static int64_t
clamp_time(int64_t t)
{
	return CLAMP(t, date_month_start(1, 1), date_month_start(9999, 13) - 1);
}

static int64_t
midnight(int64_t t)
{
	DateDay d = date_day(t);

	return date_month_start(d.year, d.month) + (d.day - 1) * DAY_S;
}

/* Days since Monday; the epoch's day was a Thursday. */
static int
weekday_of(int64_t t)
{
	int64_t days = midnight(t) / DAY_S;

	return (int)(((days + 3) % 7 + 7) % 7);
}

/* The unit of the calendar that t is in. */
static ApproxSpan
unit_around(int64_t t, Unit unit)
{
	DateDay d = date_day(t);
	int64_t from = t, to = t;
	int64_t months = d.year * INT64_C(12) + d.month - 1;

	switch (unit) {
	case UNIT_SECOND:
		break;
	case UNIT_MINUTE:
	case UNIT_HOUR: {
		int64_t size = unit == UNIT_HOUR ? HOUR_S : MINUTE_S;

		from = t - (t - midnight(t)) % size;
		to = from + size - 1;
		break;
	}
	case UNIT_DAY:
		from = midnight(t);
		to = from + DAY_S - 1;
		break;
	case UNIT_WEEK:
		from = midnight(t) - weekday_of(t) * DAY_S;
		to = from + 7 * DAY_S - 1;
		break;
	case UNIT_MONTH:
		from = month_start(months);
		to = month_start(months + 1) - 1;
		break;
	case UNIT_YEAR:
		from = month_start(d.year * INT64_C(12));
		to = month_start((d.year + 1) * INT64_C(12)) - 1;
		break;
	}
	return (ApproxSpan){clamp_time(from), clamp_time(to)};
}

/* t less so many months, on the last day of a month that is shorter. */
static int64_t
months_before(int64_t t, int64_t months)
{
	DateDay d = date_day(t);
	int64_t at = d.year * INT64_C(12) + d.month - 1 - months;
	int64_t from = month_start(at);
	int64_t n_days = MAX((month_start(at + 1) - from) / DAY_S, 1);

	return clamp_time(
	    from + (MIN(d.day, n_days) - 1) * DAY_S + t - midnight(t));
}

/* Whether a month has that day; February's 29th where no year is told. */
static bool
is_day(int year, int month, int day)
{
	int64_t first = date_month_start(year, month);

	return day >= 1 &&
	       day * DAY_S <= date_month_start(year, month + 1) - first;
}

/* The day or, where none is told, the month or the year that is meant. */
static bool
named_span(const When *w, ApproxSpan *span)
{
	DateDay today = date_day(w->now);
	int year = w->year != -1 ? w->year : today.year;

	if (year < 1 || year > 9999 || w->month == 0 || w->month > 12)
		return false;
	if (w->month == -1 && w->day == -1) {
		*span = unit_around(date_month_start(year, 1), UNIT_YEAR);
		return true;
	}
	/* A day of no month: of this one or the last one. */
	if (w->month == -1) {
		int64_t first = date_month_start(today.year, today.month);

		if (w->year != -1)
			return false;
		if (w->day > today.day)
			first = months_before(first, 1);
		today = date_day(first);
		if (!is_day(today.year, today.month, w->day))
			return false;
		*span = unit_around(first + (w->day - 1) * DAY_S, UNIT_DAY);
		return true;
	}
	int day = w->day != -1 ? w->day : 1;

	if (w->year == -1 && (w->month > today.month ||
				 (w->month == today.month && day > today.day)))
		year--;
	/* February's 29th is of the latest year that has one. */
	while (w->year == -1 && w->month == 2 && day == 29 && year > 8 &&
	       !is_day(year, 2, 29))
		year--;
	if (year < 1 || !is_day(year, w->month, day))
		return false;
	int64_t t = date_month_start(year, w->month) + (day - 1) * DAY_S;

	*span = unit_around(t, w->day != -1 ? UNIT_DAY : UNIT_MONTH);
	return true;
}

static bool
weekday_span(const When *w, ApproxSpan *span)
{
	int back = (weekday_of(w->now) - w->weekday + 7) % 7;

	if (back == 0 && w->which == WORD_LAST)
		back = 7;
	*span = unit_around(clamp_time(w->now - back * DAY_S), UNIT_DAY);
	return true;
}

/* What was read, as times. */
static bool
make_span(const When *w, ApproxSpan *span)
{
	bool named = w->year != -1 || w->month != -1 || w->day != -1;
	bool timed = w->hour != -1;
	ApproxSpan s = {w->now, w->now};

	if (w->whole != -1) {
		if (named || timed || w->relative || w->weekday != -1)
			return false;
		*span = unit_around(w->now, (Unit)w->whole);
		return true;
	}
	if (!named && !timed && !w->relative && w->weekday == -1)
		return false;
	if (w->epoch && (named || timed || w->weekday != -1))
		return false;
	if (named ? !named_span(w, &s)
		  : (w->weekday != -1 && !weekday_span(w, &s)))
		return false;
	if (timed) {
		if (named && w->day == -1)
			return false;
		s.from =
		    clamp_time(midnight(s.from) + w->hour * HOUR_S +
			       w->minute * MINUTE_S + w->second - w->zone_s);
		s.to = s.from;
	}
	if (w->relative) {
		s.from = months_before(s.from, w->ago_months);
		s.from = clamp_time(s.from - w->ago_s);
		s.to = s.from;
		if (!timed && w->finest >= UNIT_DAY)
			s = unit_around(s.from, UNIT_DAY);
	}
	*span = s;
	return true;
}

static bool
read_when(const char *text, size_t len, int64_t now, When *w)
{
	*w = (When){.p = text,
	    .end = text + len,
	    .now = clamp_time(now),
	    .year = -1,
	    .month = -1,
	    .day = -1,
	    .weekday = -1,
	    .hour = -1,
	    .number = -1,
	    .which = WORD_NOTHING,
	    .finest = UNIT_YEAR,
	    .whole = -1,
	    .last = -1};
	return len <= LIMIT_QUERY_DATE_BYTES && take_all(w);
}

bool
approxidate_span(const char *text, size_t len, int64_t now, ApproxSpan *span)
{
	When w;

	return read_when(text, len, now, &w) && make_span(&w, span);
}

/* All of what text means by itself. */
static bool
lone_span(const char *text, size_t len, int64_t now, ApproxSpan *span)
{
	When w;

	if (!read_when(text, len, now, &w) || !make_span(&w, span))
		return false;
	if (w.last >= UNIT_DAY && w.n_ago == 1 && w.year == -1 &&
	    w.month == -1 && w.day == -1 && w.hour == -1 && w.weekday == -1)
		*span = unit_around(span->from, (Unit)w.last);
	else if (span->from == span->to)
		span->to = clamp_time(span->from + DAY_S - 1);
	return true;
}

/* "<A", "<=A", ">A", ">=A". */
static bool
compared_span(const char *text, size_t len, int64_t now, ApproxSpan *span)
{
	bool before = text[0] == '<';
	bool with = len > 1 && text[1] == '=';
	size_t n = with ? 2 : 1;
	ApproxSpan s;

	if (!approxidate_span(text + n, len - n, now, &s))
		return false;
	if (before)
		*span = (ApproxSpan){INT64_MIN, with ? s.to : s.from - 1};
	else
		*span = (ApproxSpan){with ? s.from : s.to + 1, INT64_MAX};
	return true;
}

bool
approxidate_range(const char *text, size_t len, int64_t now, ApproxSpan *span)
{
	const char *dots = len >= 2 ? memmem(text, len, "..", 2) : NULL;
	ApproxSpan a = {INT64_MIN, INT64_MIN}, b = {INT64_MAX, INT64_MAX};

	if (len > 0 && (text[0] == '<' || text[0] == '>'))
		return compared_span(text, len, now, span);
	if (dots == NULL)
		return lone_span(text, len, now, span);
	size_t before = (size_t)(dots - text);
	size_t behind = len - before - 2;

	if ((before == 0 && behind == 0) ||
	    (before > 0 && !approxidate_span(text, before, now, &a)))
		return false;
	if (behind == 1 && dots[2] == '!' && before > 0)
		b = a;
	else if (behind > 0 && !approxidate_span(dots + 2, behind, now, &b))
		return false;
	/* Who wrote them the wrong way round meant the same. */
	*span = (ApproxSpan){MIN(a.from, b.from), MAX(a.to, b.to)};
	return true;
}
