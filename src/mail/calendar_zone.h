/* calendar_zone.h - the time zones that a calendar brings along (RFC 5545
 * section 3.6.5).  Pure; for calendar.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_CALENDAR_ZONE_H
#define MAIL_CALENDAR_ZONE_H

#include "mail/calendar.h"
#include "mail/calendar_line.h"

/* One STANDARD or DAYLIGHT of a VTIMEZONE. */
typedef struct {
	char *zone; /* its TZID */
	int64_t onset;
	int offset; /* seconds east of UTC, from then on */
	bool has_onset, has_offset;
	int month, weekday, nth; /* of each year; month 0: that once */
	bool has_until;
	int64_t until;
} CalendarObservance;

/* Take one property of an observance. */
void calendar_zone_take(CalendarObservance *o, const CalendarLine *l);

/* Set the offset of t from those of all: CalendarObservance. */
void calendar_zone_resolve(const GArray *all, CalendarTime *t);

#endif
