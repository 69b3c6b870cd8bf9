/*
 * calendar.h - what people want to know of a text/calendar part (RFC 5545,
 * RFC 5546): its first event.
 *
 * Pure, and ours: libical would bring its own time zone files and a record
 * of memory errors into the process that reads hostile mail, for a dozen
 * properties.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_CALENDAR_H
#define MAIL_CALENDAR_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	CALENDAR_PUBLISH, /* or no method */
	CALENDAR_REQUEST,
	CALENDAR_REPLY,
	CALENDAR_CANCEL,
	CALENDAR_COUNTER,
} CalendarMethod;

/* What an attendee answers (PARTSTAT). */
typedef enum {
	CALENDAR_NO_ANSWER,
	CALENDAR_ACCEPTED,
	CALENDAR_DECLINED,
	CALENDAR_TENTATIVE,
	CALENDAR_DELEGATED,
} CalendarAnswer;

typedef enum {
	CALENDAR_NEVER,    /* not there, or not to be read */
	CALENDAR_DAY,      /* no time of day */
	CALENDAR_FLOATING, /* wherever one is */
	CALENDAR_UTC,
	CALENDAR_ZONED,
} CalendarKind;

typedef struct {
	CalendarKind kind;
	int64_t local;   /* as its clock shows it, counted as if UTC */
	char *zone;      /* TZID of a zoned one */
	bool has_offset; /* the zone is one of the part's own */
	int offset;      /* seconds east of UTC */
} CalendarTime;

typedef struct {
	char *name, *addr; /* "" where it has none */
	CalendarAnswer answer;
} CalendarPerson;

typedef enum {
	CALENDAR_DAILY,
	CALENDAR_WEEKLY,
	CALENDAR_MONTHLY,
	CALENDAR_YEARLY,
	CALENDAR_ODDLY, /* as rule says */
} CalendarFrequency;

typedef struct {
	char *rule; /* RRULE as it stands, or NULL: it does not recur */
	CalendarFrequency every;
	unsigned int interval; /* 1: each */
	unsigned int days;     /* of weekly: 1 << 0 is Sunday */
	unsigned int count;    /* 0: no end by number */
	bool has_until;
	int64_t until; /* its last day */
} CalendarRecurrence;

typedef struct {
	CalendarMethod method;
	char *summary, *location;  /* "" where there is none */
	CalendarTime start, end;   /* a day's end is its last day */
	CalendarPerson *organizer; /* or NULL */
	GPtrArray *attendees; /* CalendarPerson: LIMIT_CALENDAR_PEOPLE at most
			       */
	size_t n_attendees;   /* of all */
	CalendarRecurrence recurs;
} Calendar;

/* The first event in text (UTF-8, LF line ends), or NULL if it has none. */
Calendar *calendar_read(const char *text, size_t len);
void calendar_free(Calendar *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_free)

#endif
