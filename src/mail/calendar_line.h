/* calendar_line.h - content lines of RFC 5545 section 3.1, and their
 * values.  Pure; for calendar.c and calendar_zone.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_CALENDAR_LINE_H
#define MAIL_CALENDAR_LINE_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One unfolded line; nothing of it ends with a NUL. */
typedef struct {
	const char *name, *params, *value;
	size_t name_len, params_len, value_len;
} CalendarLine;

/* text with its folds undone. */
GString *calendar_unfold(const char *text, size_t len);

/* Read the line of len bytes at p.  Returns false if it is none. */
bool calendar_line(const char *p, size_t len, CalendarLine *out);

/* Whether len bytes at p are word, in either case. */
bool calendar_is(const char *p, size_t len, const char *word);

/* The parameter of that name without its quotes, or NULL.  g_free. */
char *calendar_param(const CalendarLine *l, const char *name);

/* The value as TEXT (section 3.3.11): escapes undone, white space squeezed,
 * no longer than is shown.  g_free. */
char *calendar_text(const CalendarLine *l);

/*
 * The DATE or DATE-TIME at p (sections 3.3.4, 3.3.5), *local counted as if
 * it were UTC.  *has_time is whether it has a time of day, *utc whether "Z"
 * stands behind it.
 */
bool calendar_when(
    const char *p, size_t len, int64_t *local, bool *has_time, bool *utc);

/* The number of at most six digits at p, or -1. */
int calendar_number(const char *p, size_t len);

/* The part NAME=VALUE of a RECUR value (section 3.3.10): where the value
 * begins, or NULL. */
const char *calendar_recur(
    const CalendarLine *l, const char *name, size_t *len);

/* The day of "MO" and its like: 0 is Sunday; -1 for none. */
int calendar_weekday(const char *p, size_t len);

#endif
