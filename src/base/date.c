/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"

#include <string.h>
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/* 1970-01-01 was a Thursday. */
static const char *const weekdays[] = {
    "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

/* RFC 5322 section 4.3: the zones with a meaning of their own. */
static const struct {
	const char *name;
	int hours;
} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7},
    {"MDT", -6}, {"PST", -8}, {"PDT", -7}};

/* A date and time as it is written; zone_s is how far it is east of UTC. */
typedef struct {
	int year, month, day, hour, minute, second, zone_s;
} Stamp;

/* What is still to be read. */
typedef struct {
	const char *p, *end;
} Text;

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_days(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
 * Years begin in March, so that the leap day is the last. */
static int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static DateDay
civil_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (DateDay){.year = (int)(yoe + era * 400) + (month <= 2),
	    .month = month,
	    .day = (int)(doy - (153 * mp + 2) / 5) + 1};
}

static bool
stamp_time(const Stamp *s, int64_t *t)
{
	if (s->year < 1 || s->year > 9999 || s->month < 1 || s->month > 12 ||
	    s->day < 1 || s->day > month_days(s->year, s->month) ||
	    s->hour > 23 || s->minute > 59 || s->second > 60)
		return false;
	*t = days_from_civil(s->year, s->month, s->day) * DATE_DAY_S +
	     (int64_t)s->hour * 3600 + (int64_t)s->minute * 60 + s->second -
	     s->zone_s;
	return true;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Pass over a comment, nested ones and quoted pairs in it included; one
 * that is not closed goes on to the end. */
static void
skip_comment(Text *s)
{
	size_t depth = 0;

	for (; s->p < s->end; s->p++) {
		if (*s->p == '\\' && s->p + 1 < s->end) {
			s->p++;
		} else if (*s->p == '(') {
			depth++;
		} else if (*s->p == ')' && --depth == 0) {
			s->p++;
			return;
		}
	}
}

/* Pass over CFWS (RFC 5322 section 3.2.2). */
static void
skip_space(Text *s)
{
	while (s->p < s->end) {
		if (*s->p == '(')
			skip_comment(s);
		else if (is_space(*s->p))
			s->p++;
		else
			return;
	}
}

/* Take c, if it is next. */
static bool
take(Text *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Take from min to max digits; more than max is none. */
static bool
take_digits(Text *s, int min, int max, int *value, int *n_digits)
{
	int n = 0, v = 0;

	while (s->p + n < s->end && g_ascii_isdigit(s->p[n])) {
		if (n == max)
			return false;
		v = v * 10 + (s->p[n++] - '0');
	}
	if (n < min)
		return false;
	s->p += n;
	*value = v;
	if (n_digits != NULL)
		*n_digits = n;
	return true;
}

/* Take a run of letters; its length, which may be 0. */
static size_t
take_word(Text *s, const char **word)
{
	*word = s->p;
	while (s->p < s->end && g_ascii_isalpha(*s->p))
		s->p++;
	return (size_t)(s->p - *word);
}

static bool
word_is(const char *word, size_t len, const char *name)
{
	return strlen(name) == len && g_ascii_strncasecmp(word, name, len) == 0;
}

static bool
take_month(Text *s, int *month)
{
	const char *word = NULL;
	size_t len = take_word(s, &word);

	for (int i = 0; i < 12; i++) {
		if (word_is(word, len, months[i])) {
			*month = i + 1;
			return true;
		}
	}
	return false;
}

/* RFC 5322 section 4.3: years of two and of three digits. */
static bool
take_year(Text *s, int *year)
{
	int n = 0;

	if (!take_digits(s, 2, 4, year, &n))
		return false;
	if (n == 2)
		*year += *year < 50 ? 2000 : 1900;
	else if (n == 3)
		*year += 1900;
	return true;
}

/* hour ":" minute [":" second], with CFWS around the colons. */
static bool
take_time(Text *s, Stamp *out)
{
	if (!take_digits(s, 1, 2, &out->hour, NULL))
		return false;
	skip_space(s);
	if (!take(s, ':'))
		return false;
	skip_space(s);
	if (!take_digits(s, 2, 2, &out->minute, NULL))
		return false;
	skip_space(s);
	out->second = 0;
	if (!take(s, ':'))
		return true;
	skip_space(s);
	return take_digits(s, 2, 2, &out->second, NULL);
}

/* A zone, if there is one: "+hhmm", "-hhmm" or a name. */
static bool
take_zone(Text *s, int *zone_s)
{
	const char *word = NULL;
	int hhmm = 0;
	size_t len = 0;

	*zone_s = 0;
	if (s->p < s->end && (*s->p == '+' || *s->p == '-')) {
		bool west = *s->p++ == '-';

		if (!take_digits(s, 4, 4, &hhmm, NULL) || hhmm % 100 > 59)
			return false;
		*zone_s =
		    (hhmm / 100 * 3600 + hhmm % 100 * 60) * (west ? -1 : 1);
		return true;
	}
	len = take_word(s, &word);
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++)
		if (word_is(word, len, zones[i].name))
			*zone_s = zones[i].hours * 3600;
	return true;
}

bool
date_parse_mail(const char *text, size_t len, int64_t *t)
{
	int zone_s = 0;

	return date_parse_mail_zone(text, len, t, &zone_s);
}

bool
date_parse_mail_zone(const char *text, size_t len, int64_t *t, int *zone_s)
{
	Text s = {text, text + len};
	Stamp stamp = {0};
	const char *word = NULL;

	skip_space(&s);
	if (take_word(&s, &word) > 0) {
		skip_space(&s);
		take(&s, ',');
		skip_space(&s);
	}
	if (!take_digits(&s, 1, 2, &stamp.day, NULL))
		return false;
	skip_space(&s);
	if (!take_month(&s, &stamp.month))
		return false;
	skip_space(&s);
	if (!take_year(&s, &stamp.year))
		return false;
	skip_space(&s);
	if (!take_time(&s, &stamp))
		return false;
	skip_space(&s);
	if (!take_zone(&s, &stamp.zone_s))
		return false;
	skip_space(&s);
	if (s.p != s.end || !stamp_time(&stamp, t))
		return false;
	*zone_s = stamp.zone_s;
	return true;
}

bool
date_parse_asctime(const char *text, size_t len, int64_t *t)
{
	Text s = {text, text + len};
	Stamp stamp = {0};
	const char *word = NULL;
	bool zone_first = false;

	skip_space(&s);
	if (take_word(&s, &word) == 0)
		return false;
	skip_space(&s);
	if (!take_month(&s, &stamp.month))
		return false;
	skip_space(&s);
	if (!take_digits(&s, 1, 2, &stamp.day, NULL))
		return false;
	skip_space(&s);
	if (!take_time(&s, &stamp))
		return false;
	skip_space(&s);
	zone_first = s.p < s.end && !g_ascii_isdigit(*s.p);
	if (zone_first && !take_zone(&s, &stamp.zone_s))
		return false;
	skip_space(&s);
	if (!take_digits(&s, 4, 4, &stamp.year, NULL))
		return false;
	skip_space(&s);
	if (!zone_first && !take_zone(&s, &stamp.zone_s))
		return false;
	skip_space(&s);
	return s.p == s.end && stamp_time(&stamp, t);
}

bool
date_parse_http(const char *text, int64_t *t)
{
	size_t len = strlen(text);
	Text s = {text, text + len};
	Stamp stamp = {0};
	const char *word = NULL;

	/* "Sun Nov  6 08:49:37 1994" has no comma. */
	if (strchr(text, ',') == NULL)
		return date_parse_asctime(text, len, t);
	if (take_word(&s, &word) == 0 || !take(&s, ',') || !take(&s, ' ') ||
	    !take_digits(&s, 2, 2, &stamp.day, NULL))
		return false;
	/* "06-Nov-94" is RFC 850's. */
	if (!take(&s, '-'))
		skip_space(&s);
	if (!take_month(&s, &stamp.month))
		return false;
	if (!take(&s, '-'))
		skip_space(&s);
	if (!take_year(&s, &stamp.year))
		return false;
	skip_space(&s);
	if (!take_time(&s, &stamp))
		return false;
	skip_space(&s);
	return word_is(s.p, (size_t)(s.end - s.p), "GMT") &&
	       stamp_time(&stamp, t);
}

/* t clamped to the years 1 to 9999; its day, and the seconds in it. */
static DateDay
split(int64_t t, int *second, const char **weekday)
{
	int64_t first = days_from_civil(1, 1, 1) * DATE_DAY_S;
	int64_t end = days_from_civil(10000, 1, 1) * DATE_DAY_S;
	int64_t days = 0;

	t = CLAMP(t, first, end - 1);
	days = (t - first) / DATE_DAY_S + first / DATE_DAY_S;
	*second = (int)(t - days * DATE_DAY_S);
	if (weekday != NULL)
		*weekday = weekdays[((days % 7) + 7) % 7];
	return civil_from_days(days);
}

/* By hand: every page has dozens, and printf takes five times as long. */
static void
put_two(char *at, int n)
{
	at[0] = (char)('0' + n / 10);
	at[1] = (char)('0' + n % 10);
}

/* "2024-03-05?14:02:07" over what is at text. */
static void
put_time(char *text, int64_t t)
{
	int s = 0;
	DateDay d = split(t, &s, NULL);

	put_two(text, d.year / 100);
	put_two(text + 2, d.year % 100);
	put_two(text + 5, d.month);
	put_two(text + 8, d.day);
	put_two(text + 11, s / 3600);
	put_two(text + 14, s / 60 % 60);
	put_two(text + 17, s % 60);
}

char *
date_format_http(int64_t t)
{
	const char *weekday = NULL;
	int s = 0;
	DateDay d = split(t, &s, &weekday);
	char *text = g_strdup("Thu, 00 Jan 0000 00:00:00 GMT");

	memcpy(text, weekday, 3);
	put_two(text + 5, d.day);
	memcpy(text + 8, months[d.month - 1], 3);
	put_two(text + 12, d.year / 100);
	put_two(text + 14, d.year % 100);
	put_two(text + 17, s / 3600);
	put_two(text + 20, s / 60 % 60);
	put_two(text + 23, s % 60);
	return text;
}

char *
date_format_rfc3339(int64_t t)
{
	char *text = g_strdup("0000-00-00T00:00:00Z");

	put_time(text, t);
	return text;
}

char *
date_format_rfc3339_zone(int64_t t, int zone_s)
{
	char *text = g_strdup("0000-00-00T00:00:00+00:00");
	int minutes = ABS(zone_s) / 60;

	put_time(text, t + zone_s);
	text[19] = zone_s < 0 ? '-' : '+';
	put_two(text + 20, minutes / 60);
	put_two(text + 23, minutes % 60);
	return text;
}

char *
date_format_asctime(int64_t t)
{
	const char *weekday = NULL;
	int s = 0;
	DateDay d = split(t, &s, &weekday);

	return g_strdup_printf("%s %s %2d %02d:%02d:%02d %04d", weekday,
	    months[d.month - 1], d.day, s / 3600, s / 60 % 60, s % 60, d.year);
}

char *
date_format_minute(int64_t t)
{
	char *text = g_strdup("0000-00-00 00:00:00");

	put_time(text, t);
	text[16] = '\0';
	return text;
}

DateDay
date_day(int64_t t)
{
	int s = 0;

	return split(t, &s, NULL);
}

bool
date_parse_day(const char *text, int64_t *t)
{
	static const char form[] = "0000-00-00";
	int n[3] = {0};
	size_t at = 0;

	for (size_t i = 0; i < sizeof form; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == '0' ? !digit : text[i] != form[i])
			return false;
		if (digit)
			n[at] = n[at] * 10 + (text[i] - '0');
		else
			at++;
	}
	if (n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > month_days(n[0], n[1]))
		return false;
	*t = days_from_civil(n[0], n[1], n[2]) * DATE_DAY_S;
	return true;
}

int64_t
date_month_start(int year, int month)
{
	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	return days_from_civil(year, month, 1) * DATE_DAY_S;
}
