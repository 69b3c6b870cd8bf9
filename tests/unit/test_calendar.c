/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/calendar.h"

#include "base/date.h"

#include <string.h>

#define EVENT(lines) "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" lines "END:VEVENT\n"

/* As Outlook writes it: rules from 1601 on. */
#define BERLIN                                                                 \
	"BEGIN:VTIMEZONE\nTZID:W. Europe\nBEGIN:STANDARD\n"                    \
	"DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"      \
	"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"   \
	"BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\n"        \
	"TZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n"           \
	"END:DAYLIGHT\nEND:VTIMEZONE\n"

static const char *
kind_of(const CalendarTime *t)
{
	static const char *const names[] = {
	    "never", "day", "floating", "utc", "zoned"};

	return names[t->kind];
}

static void
tell_time(GString *out, const CalendarTime *t)
{
	g_autofree char *local = date_format_minute(t->local);

	g_string_append_printf(out, "|%s", kind_of(t));
	if (t->kind != CALENDAR_NEVER)
		g_string_append_printf(out, " %s", local);
	if (t->zone != NULL)
		g_string_append_printf(out, " %s", t->zone);
	if (t->has_offset)
		g_string_append_printf(out, " %+d", t->offset);
}

static void
tell_person(GString *out, const CalendarPerson *p)
{
	g_string_append_printf(
	    out, "|%s <%s> %d", p->name, p->addr, (int)p->answer);
}

/* All of it in a line. */
static char *
tell(const Calendar *c)
{
	GString *out = g_string_new(NULL);
	const CalendarRecurrence *r = &c->recurs;

	g_string_append_printf(
	    out, "%d|%s|%s", (int)c->method, c->summary, c->location);
	tell_time(out, &c->start);
	tell_time(out, &c->end);
	if (c->organizer != NULL)
		tell_person(out, c->organizer);
	for (guint i = 0; i < c->attendees->len; i++)
		tell_person(out, c->attendees->pdata[i]);
	if (r->rule != NULL)
		g_string_append_printf(out, "|%s: %d %u %u %u %d", r->rule,
		    (int)r->every, r->interval, r->days, r->count,
		    r->has_until);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *in, *out;
} rows[] = {
    {EVENT("SUMMARY:a\\, b\\n\\;c\\\\ d\nDTSTART:20240305T140000Z\n"
	   "DTEND:20240305T150000Z\nLOCATION;X=\"a:b;c\":Ro\n om\n\t 1\n"),
	"0|a, b ;c\\ d|Room 1|utc 2024-03-05 14:00|utc 2024-03-05 15:00"},
    {"METHOD:REQUEST\n" EVENT("DTSTART;VALUE=DATE:20240305\n"
			      "DTEND;VALUE=DATE:20240307\n"),
	"1|||day 2024-03-05 00:00|day 2024-03-06 00:00"},
    {EVENT("dtstart:20240305T140000\nduration:P1DT1H30M\n"),
	"0|||floating 2024-03-05 14:00|floating 2024-03-06 15:30"},
    {EVENT("DTSTART:20240305T250000\nDURATION:P1Y2\nDTEND:2024\n"),
	"0|||never|never"},
    /* The zone that comes with it: winter, summer, and at its edge. */
    {BERLIN EVENT("DTSTART;TZID=\"W. Europe\":20240305T140000\n"
		  "DTEND;TZID=W. Europe:20240705T140000\n"),
	"0|||zoned 2024-03-05 14:00 W. Europe +3600"
	"|zoned 2024-07-05 14:00 W. Europe +7200"},
    {BERLIN EVENT("DTSTART;TZID=W. Europe:20240331T015900\n"
		  "DTEND;TZID=W. Europe:20240331T030000\n"),
	"0|||zoned 2024-03-31 01:59 W. Europe +3600"
	"|zoned 2024-03-31 03:00 W. Europe +7200"},
    /* One that does not. */
    {BERLIN EVENT("DTSTART;TZID=Mars:20240305T140000\n"),
	"0|||zoned 2024-03-05 14:00 Mars|never"},
    {"METHOD:REPLY\n" EVENT(
	 "ORGANIZER;CN=Jo:mailto:jo@example.org\n"
	 "ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Al, B\":MAILTO:al%40example.org\n"
	 "ATTENDEE:urn:x\n"),
	"2|||never|never|Jo <jo@example.org> 0|Al, B <al@example.org> 1|"
	" <> 0"},
    {EVENT("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10;WKST=MO\n"),
	"0|||never|never|FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10;WKST=MO: 1 1 10 10 "
	"0"},
    {EVENT("RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20240401T000000Z\n"),
	"0|||never|never|FREQ=DAILY;INTERVAL=2;UNTIL=20240401T000000Z: 0 2 0 "
	"0 1"},
    {EVENT("RRULE:FREQ=MONTHLY;BYDAY=2TU\n"),
	"0|||never|never|FREQ=MONTHLY;BYDAY=2TU: 4 1 0 0 0"},
    {EVENT("RRULE:FREQ=MONTHLY;BYSETPOS=1\n"),
	"0|||never|never|FREQ=MONTHLY;BYSETPOS=1: 4 1 0 0 0"},
    /* An alarm's and a second event's properties are not the first's. */
    {EVENT("BEGIN:VALARM\nSUMMARY:alarm\nEND:VALARM\nSUMMARY:one\n")
	    EVENT("SUMMARY:two\nLOCATION:x\n"),
	"0|one||never|never"},
    /* Nothing ends, and junk lies between. */
    {"BEGIN:VEVENT\n:\n;\nx\nSUMMARY\nSUMMARY;A=\"b:c\nSUMMARY:d",
	"0|d||never|never"},
    {"BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:a\nEND:VTODO\n", NULL},
    {"END:VEVENT\nBEGIN", NULL},
    {"", NULL},
};

static void
events_are_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Calendar) c =
		    calendar_read(rows[i].in, strlen(rows[i].in));
		g_autofree char *got = c != NULL ? tell(c) : NULL;

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, rows[i].out);
	}
}

static void
limits_hold(void)
{
	g_autoptr(GString) text = g_string_new("BEGIN:VEVENT\n");

	for (int i = 0; i < 100000; i++)
		g_string_append(text, "ATTENDEE:mailto:jo@example.org\n");
	g_autoptr(Calendar) c = calendar_read(text->str, text->len);

	g_assert_cmpuint(c->n_attendees, ==, 100000);
	g_assert_cmpuint(c->attendees->len, ==, 20);
	g_string_assign(text, "BEGIN:VTIMEZONE\nTZID:x\n");
	for (int i = 0; i < 100000; i++)
		g_string_append(
		    text, "BEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD\n");
	g_string_append(text, "END:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:a\n");
	g_autoptr(Calendar) zoned = calendar_read(text->str, text->len);

	g_assert_cmpstr(zoned->summary, ==, "a");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/calendar/events-are-read", events_are_read);
	g_test_add_func("/calendar/limits-hold", limits_hold);
	return g_test_run();
}
