/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"

#include <string.h>

/* No date has this value in the tables below. */
#define UNREADABLE G_MININT64

typedef struct {
	const char *text;
	int64_t want;
} Row;

static void
mail(void)
{
	static const Row rows[] = {
	    {"Thu, 01 Jan 1970 00:00:00 +0000", 0},
	    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
	    {"6 Nov 1994 08:49:37 +0000", 784111777},
	    {"Sun, 06 Nov 1994 09:49:37 +0100 (CET)", 784111777},
	    {"Sun, 06 Nov 1994 03:49:37 -0500", 784111777},
	    {"Sun, 06 Nov 1994 03:49:37 EST", 784111777},
	    {"Sun, 06 Nov 1994 04:49:37 edt", 784111777},
	    {"06 Nov 94 08:49:37 UT", 784111777},
	    {"06 Nov 094 08:49:37 Z", 784111777},
	    {"06 nov 1994 8:49:37 CEST", 784111777},
	    {"06 Nov 1994 08:49:37", 784111777},
	    {"06 Nov 1994 08:49:37 J", 784111777},
	    {"06 Nov 1994 08:49 +0000", 784111740},
	    {" Sun , \t06(day) (a(b\\)c)) Nov\r\n 1994 08 : 49 : 37 +0000 ",
		784111777},
	    {"Sun,06 Nov 1994 08:49:37 +0000", 784111777},
	    {"Sun 06 Nov 1994 08:49:37 +0000", 784111777},
	    {"06 Nov 1994 08:49:37 +0000 (not closed", 784111777},
	    /* The weekday is not looked at. */
	    {"Mon, 06 Nov 1994 08:49:37 GMT", 784111777},
	    {"1 Jan 49 00:00:00 +0000", 2493072000},
	    {"1 Jan 50 00:00:00 +0000", -631152000},
	    {"1 Jan 00 00:00:00 +0000", 946684800},
	    {"29 Feb 2000 00:00:00 +0000", 951782400},
	    {"31 Dec 1998 23:59:60 +0000", 915148800},
	    {"1 Jan 0001 00:00:00 +0000", -62135596800},
	    {"31 Dec 9999 23:59:59 +0000", 253402300799},
	    {"", UNREADABLE},
	    {"Sun,", UNREADABLE},
	    {"no date", UNREADABLE},
	    {"06 Nov 1994", UNREADABLE},
	    {"29 Feb 1900 00:00:00 +0000", UNREADABLE},
	    {"31 Apr 2000 00:00:00 +0000", UNREADABLE},
	    {"0 Jan 2000 00:00:00 +0000", UNREADABLE},
	    {"1 Jan 2000 24:00:00 +0000", UNREADABLE},
	    {"1 Jan 2000 00:60:00 +0000", UNREADABLE},
	    {"1 Jan 2000 00:00:61 +0000", UNREADABLE},
	    {"1 Jan 2000 00:00:00 +00:00", UNREADABLE},
	    {"1 Jan 2000 00:00:00 +0060", UNREADABLE},
	    {"1 Jan 2000 00:00:00 +000", UNREADABLE},
	    {"1 Jan 2000 00:00:00 +00000", UNREADABLE},
	    {"1 Jan 2000 00:00:00 +0000 GMT", UNREADABLE},
	    {"1 Jan 2000 00:00:00 PM", 946684800},
	    {"1 Jan 2000 0:0:0 +0000", UNREADABLE},
	    {"1 January 2000 00:00:00 +0000", UNREADABLE},
	    {"1 Jan 0000 00:00:00 +0000", UNREADABLE},
	    {"1 Jan 20000 00:00:00 +0000", UNREADABLE},
	    {"1 Jan 2 00:00:00 +0000", UNREADABLE},
	    {"001 Jan 2000 00:00:00 +0000", UNREADABLE},
	    {"Sun Nov  6 08:49:37 1994", UNREADABLE},
	    {"2000-01-01T00:00:00Z", UNREADABLE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int64_t t = UNREADABLE;
		bool ok =
		    date_parse_mail(rows[i].text, strlen(rows[i].text), &t);

		g_assert_cmpint(t, ==, rows[i].want);
		g_assert_true(ok == (rows[i].want != UNREADABLE));
	}
}

static void
mail_has_a_zone(void)
{
	static const struct {
		const char *text, *want;
	} zoned[] = {
	    {"6 Nov 1994 08:49:37", "1994-11-06T08:49:37+00:00"},
	    {"6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37+00:00"},
	    {"6 Nov 1994 09:49:37 +0100", "1994-11-06T09:49:37+01:00"},
	    {"31 Dec 1999 20:30:00 -0330", "1999-12-31T20:30:00-03:30"},
	    {"1 Jan 2000 00:30:00 PST", "2000-01-01T00:30:00-08:00"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(zoned); i++) {
		int64_t t = 0;
		int zone_s = 0;

		g_assert_true(date_parse_mail_zone(
		    zoned[i].text, strlen(zoned[i].text), &t, &zone_s));
		g_autofree char *got = date_format_rfc3339_zone(t, zone_s);

		g_assert_cmpstr(got, ==, zoned[i].want);
	}
}

static void
mail_heeds_length(void)
{
	int64_t t = 0;

	g_assert_true(date_parse_mail("1 Jan 1970 00:00:01junk", 19, &t));
	g_assert_cmpint(t, ==, 1);
	g_assert_false(date_parse_mail("1 Jan 1970 00:00:01", 17, &t));
}

static void
asctime_form(void)
{
	static const Row rows[] = {
	    {"Thu Jan  1 00:00:00 1970", 0},
	    {"Sun Nov  6 08:49:37 1994", 784111777},
	    {"Sun Nov 06 08:49:37 1994", 784111777},
	    {"Sun Nov  6 03:49:37 EST 1994", 784111777},
	    {"Sun Nov  6 09:49:37 1994 +0100", 784111777},
	    {"Sun Nov  6 08:49 1994", 784111740},
	    {"Sun Nov  6 08:49:37", UNREADABLE},
	    {"Nov  6 08:49:37 1994", UNREADABLE},
	    {"Sun Nov 31 08:49:37 1994", UNREADABLE},
	    {"Sun Nov  6 08:49:37 94", UNREADABLE},
	    {"Sun Nov  6 08:49:37 1994 and so on", UNREADABLE},
	    {"", UNREADABLE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int64_t t = UNREADABLE;
		bool ok =
		    date_parse_asctime(rows[i].text, strlen(rows[i].text), &t);

		g_assert_cmpint(t, ==, rows[i].want);
		g_assert_true(ok == (rows[i].want != UNREADABLE));
	}
}

static void
http(void)
{
	static const Row rows[] = {
	    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
	    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
	    {"Sun Nov  6 08:49:37 1994", 784111777},
	    {"Sun, 06 Nov 1994 08:49:37 +0000", UNREADABLE},
	    {"Sun, 06 Nov 1994 08:49:37", UNREADABLE},
	    {"Sun, 6 Nov 1994 08:49:37 GMT", UNREADABLE},
	    {"Sun, 31 Nov 1994 08:49:37 GMT", UNREADABLE},
	    {"784111777", UNREADABLE},
	    {"", UNREADABLE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		int64_t t = UNREADABLE;
		bool ok = date_parse_http(rows[i].text, &t);

		g_assert_cmpint(t, ==, rows[i].want);
		g_assert_true(ok == (rows[i].want != UNREADABLE));
	}
}

static void
format(void)
{
	static const struct {
		char *(*fn)(int64_t);
		int64_t t;
		const char *want;
	} rows[] = {
	    {date_format_http, 784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
	    {date_format_http, -1, "Wed, 31 Dec 1969 23:59:59 GMT"},
	    {date_format_rfc3339, 784111777, "1994-11-06T08:49:37Z"},
	    {date_format_rfc3339, 951782400, "2000-02-29T00:00:00Z"},
	    {date_format_rfc3339, G_MAXINT64, "9999-12-31T23:59:59Z"},
	    {date_format_rfc3339, G_MININT64, "0001-01-01T00:00:00Z"},
	    {date_format_asctime, 784111777, "Sun Nov  6 08:49:37 1994"},
	    {date_format_minute, 784111777, "1994-11-06 08:49"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = rows[i].fn(rows[i].t);

		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

/* What is written is read back, over all the years there are. */
static void
round_trip(void)
{
	for (int64_t t = -62135596800; t <= 253402300799; t += 99999989) {
		g_autofree char *http_date = date_format_http(t);
		g_autofree char *asctime_date = date_format_asctime(t);
		int64_t got = 0;
		DateDay d = date_day(t);

		g_assert_true(
		    date_parse_mail(http_date, strlen(http_date), &got));
		g_assert_cmpint(got, ==, t);
		g_assert_true(date_parse_http(http_date, &got));
		g_assert_cmpint(got, ==, t);
		g_assert_true(date_parse_asctime(
		    asctime_date, strlen(asctime_date), &got));
		g_assert_cmpint(got, ==, t);
		got = date_month_start(d.year, d.month);
		g_assert_cmpint(got, <=, t);
		g_assert_cmpint(got + (int64_t)d.day * 86400, >, t);
	}
}

static void
months(void)
{
	g_assert_cmpint(date_month_start(1970, 1), ==, 0);
	g_assert_cmpint(date_month_start(2000, 3), ==, 951868800);
	g_assert_cmpint(
	    date_month_start(1999, 13), ==, date_month_start(2000, 1));
}

static void
days(void)
{
	static const char *const none[] = {"", "2024", "2024-02", "2024-2-01",
	    "2024-02-1", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01",
	    "2024-01-00", "2024-01-01x", "2024-01-01T00:00:00Z", " 2024-01-01",
	    "2024/01/01", "+024-01-01", "20240101"};
	int64_t t = 1;

	g_assert_true(date_parse_day("1970-01-02", &t));
	g_assert_cmpint(t, ==, 86400);
	g_assert_true(date_parse_day("2024-02-29", &t));
	g_assert_cmpint(t, ==, 1709164800);
	g_assert_true(date_parse_day("0000-01-01", &t));
	g_assert_cmpint(t, ==, date_month_start(0, 1));
	g_assert_true(date_parse_day("9999-12-31", &t));
	g_assert_cmpint(t, ==, date_month_start(10000, 1) - 86400);
	t = 1;
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
		g_assert_false(date_parse_day(none[i], &t));
	g_assert_cmpint(t, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/date/mail", mail);
	g_test_add_func("/date/mail-heeds-length", mail_heeds_length);
	g_test_add_func("/date/mail-has-a-zone", mail_has_a_zone);
	g_test_add_func("/date/asctime", asctime_form);
	g_test_add_func("/date/http", http);
	g_test_add_func("/date/format", format);
	g_test_add_func("/date/round-trip", round_trip);
	g_test_add_func("/date/months", months);
	g_test_add_func("/date/days", days);
	return g_test_run();
}
