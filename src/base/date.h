/* date.h - dates of mail, of HTTP and of pages, both ways.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds of a day. */
#define DATE_DAY_S ((int64_t)24 * 60 * 60)

/* A day of the Gregorian calendar, UTC. */
typedef struct {
	int year;  /* 1 to 9999 */
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
} DateDay;

/*
 * Read the date-time of RFC 5322 sections 3.3 and 4.3 (obsolete years of
 * two and three digits, alphabetic zones, comments and folding white
 * space included; no zone, or one not known, counts as UTC) from text of
 * len bytes into *t, seconds since the epoch.
 *
 * Returns false, and leaves *t alone, where it is not one: such a date is
 * "unreadable" in the permalink's terms.
 */
bool date_parse_mail(const char *text, size_t len, int64_t *t);

/* The same, and how many seconds its zone is east of UTC: less than a
 * hundred hours. */
bool date_parse_mail_zone(
    const char *text, size_t len, int64_t *t, int *zone_s);

/* Read asctime's form, as in an mbox's "From " line ("Thu Jan  1 00:00:00
 * 1970", with an optional zone before or after the year). */
bool date_parse_asctime(const char *text, size_t len, int64_t *t);

/* Read YYYY-MM-DD, a day that there is, as the time at which it begins in
 * UTC.  Returns false, and leaves *t alone, where it is none. */
bool date_parse_day(const char *text, int64_t *t);

/* Read an HTTP-date (RFC 9110 section 5.6.7, all three forms). */
bool date_parse_http(const char *text, int64_t *t);

/* "Sun, 06 Nov 1994 08:49:37 GMT".  Free with g_free, as those below.
 * t is clamped to the years 1 to 9999. */
char *date_format_http(int64_t t);

/* "1994-11-06T08:49:37Z" (RFC 3339). */
char *date_format_rfc3339(int64_t t);

/* "1994-11-06T09:49:37+01:00", of a zone within a day of UTC. */
char *date_format_rfc3339_zone(int64_t t, int zone_s);

/* "Sun Nov  6 08:49:37 1994", for mbox. */
char *date_format_asctime(int64_t t);

/* "1994-11-06 08:49", for people; pages say once that it is UTC. */
char *date_format_minute(int64_t t);

/* The day of t, clamped to the years 1 to 9999. */
DateDay date_day(int64_t t);

/* Midnight of the first of a month; month 13 is January of the next year. */
int64_t date_month_start(int year, int month);

#endif
