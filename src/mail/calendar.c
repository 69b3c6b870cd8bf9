/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/calendar.h"

#include "base/limits.h"
#include "base/text.h"
#include "mail/calendar_line.h"
#include "mail/calendar_zone.h"

#include <string.h>

#define DAY_S ((int64_t)86400)

/* What the line is directly within. */
typedef enum {
	IN_CALENDAR,
	IN_EVENT,
	IN_ZONE,
	IN_OBSERVANCE,
	IN_OTHER, /* an alarm, a later event, or none of ours */
} Within;

typedef struct {
	Calendar *c;
	Within within;
	Within around; /* of what IN_OTHER began */
	size_t depth;  /* of components in IN_OTHER */
	bool has_event;
	int64_t duration;
	bool has_duration;
	char *zone;          /* TZID of the open VTIMEZONE, or NULL */
	GArray *observances; /* CalendarObservance */
} Reader;

static void
person_free(gpointer data)
{
	CalendarPerson *p = data;

	g_free(p->name);
	g_free(p->addr);
	g_free(p);
}

void
calendar_free(Calendar *c)
{
	if (c == NULL)
		return;
	g_free(c->summary);
	g_free(c->location);
	g_free(c->start.zone);
	g_free(c->end.zone);
	if (c->organizer != NULL)
		person_free(c->organizer);
	g_ptr_array_unref(c->attendees);
	g_free(c->recurs.rule);
	g_free(c);
}

static void
observance_clear(gpointer data)
{
	g_free(((CalendarObservance *)data)->zone);
}

/* Values ------------------------------------------------------------------ */

static CalendarMethod
read_method(const CalendarLine *l)
{
	static const struct {
		const char *name;
		CalendarMethod method;
	} methods[] = {{"REQUEST", CALENDAR_REQUEST}, {"ADD", CALENDAR_REQUEST},
	    {"REPLY", CALENDAR_REPLY}, {"CANCEL", CALENDAR_CANCEL},
	    {"COUNTER", CALENDAR_COUNTER}};

	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (calendar_is(l->value, l->value_len, methods[i].name))
			return methods[i].method;
	return CALENDAR_PUBLISH;
}

static CalendarAnswer
read_answer(const char *partstat)
{
	static const char *const names[] = {[CALENDAR_ACCEPTED] = "ACCEPTED",
	    [CALENDAR_DECLINED] = "DECLINED",
	    [CALENDAR_TENTATIVE] = "TENTATIVE",
	    [CALENDAR_DELEGATED] = "DELEGATED"};

	for (size_t i = 1; partstat != NULL && i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(partstat, names[i]) == 0)
			return (CalendarAnswer)i;
	return CALENDAR_NO_ANSWER;
}

static CalendarPerson *
read_person(const CalendarLine *l)
{
	static const char mailto[] = "mailto:";
	CalendarPerson *p = g_new0(CalendarPerson, 1);
	g_autofree char *name = calendar_param(l, "CN");
	g_autofree char *answer = calendar_param(l, "PARTSTAT");
	g_autofree char *uri = calendar_text(l);
	g_autofree char *squeezed = text_squeeze(name != NULL ? name : "");
	bool has_addr = g_ascii_strncasecmp(uri, mailto, strlen(mailto)) == 0;
	size_t len = 0;
	/* A URI: what is told to be an address must look like one. */
	g_autofree char *addr =
	    text_percent_decode(has_addr ? uri + strlen(mailto) : "", &len);

	p->name = text_cut(squeezed, LIMIT_SHOWN_FIELD_BYTES);
	p->addr = text_from_octets(addr, len);
	p->answer = read_answer(answer);
	return p;
}

static void
read_time(const CalendarLine *l, CalendarTime *t)
{
	bool has_time = false, utc = false;

	if (t->kind != CALENDAR_NEVER ||
	    !calendar_when(l->value, l->value_len, &t->local, &has_time, &utc))
		return;
	g_autofree char *zone = calendar_param(l, "TZID");
	g_autofree char *squeezed = zone != NULL ? text_squeeze(zone) : NULL;

	if (!has_time) {
		t->kind = CALENDAR_DAY;
	} else if (utc) {
		t->kind = CALENDAR_UTC;
	} else if (squeezed != NULL && squeezed[0] != '\0') {
		t->kind = CALENDAR_ZONED;
		t->zone = text_cut(squeezed, LIMIT_SHOWN_FIELD_BYTES);
	} else {
		t->kind = CALENDAR_FLOATING;
	}
}

/* "PT1H30M", "P1D" (section 3.3.6); one that goes back says nothing. */
static bool
read_duration(const CalendarLine *l, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
	    {'W', 7 * DAY_S}, {'D', DAY_S}, {'H', 3600}, {'M', 60}, {'S', 1}};
	const char *p = l->value, *end = p + l->value_len;

	p += p < end && *p == '+';
	if (p == end || *p++ != 'P')
		return false;
	*seconds = 0;
	while (p < end) {
		const char *digits = p;

		if (*p == 'T') {
			p++;
			continue;
		}
		while (p < end && g_ascii_isdigit(*p))
			p++;
		int n = calendar_number(digits, (size_t)(p - digits));

		if (n < 0 || p == end)
			return false;
		for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
			if (*p == units[i].unit)
				*seconds += n * units[i].seconds;
		p++;
	}
	return true;
}

/* Recurrence -------------------------------------------------------------- */

/* Weekdays without numbers before them, as bits; 0 if there are others. */
static unsigned int
read_days(const char *p, size_t len)
{
	unsigned int days = 0;

	for (size_t i = 0; i < len; i += 3) {
		int day = i + 2 <= len ? calendar_weekday(p + i, 2) : -1;

		if (day < 0 || (i + 2 < len && p[i + 2] != ','))
			return 0;
		days |= 1u << day;
	}
	return days;
}

/* Whether all that the rule says is of these parts. */
static bool
is_simple(const CalendarLine *l)
{
	static const char *const known[] = {
	    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"};
	g_autofree char *rule = g_strndup(l->value, l->value_len);
	g_auto(GStrv) parts = g_strsplit(rule, ";", 16);

	for (size_t i = 0; parts[i] != NULL; i++) {
		size_t len = strcspn(parts[i], "="), j = 0;

		while (j < G_N_ELEMENTS(known) &&
		       !calendar_is(parts[i], len, known[j]))
			j++;
		if (len > 0 && j == G_N_ELEMENTS(known))
			return false;
	}
	return true;
}

static CalendarFrequency
read_frequency(const CalendarLine *l)
{
	static const char *const names[] = {
	    "DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
	size_t n = 0;
	const char *freq = calendar_recur(l, "FREQ", &n);

	for (size_t i = 0; freq != NULL && i < G_N_ELEMENTS(names); i++)
		if (calendar_is(freq, n, names[i]))
			return (CalendarFrequency)i;
	return CALENDAR_ODDLY;
}

static void
read_recurrence(const CalendarLine *l, CalendarRecurrence *r)
{
	size_t n = 0;
	bool has_time = false, utc = false;
	const char *part = NULL;

	if (r->rule != NULL)
		return;
	r->rule = calendar_text(l);
	r->every = is_simple(l) ? read_frequency(l) : CALENDAR_ODDLY;
	r->interval = 1;
	part = calendar_recur(l, "INTERVAL", &n);
	if (part != NULL && calendar_number(part, n) > 0)
		r->interval = (unsigned int)calendar_number(part, n);
	part = calendar_recur(l, "COUNT", &n);
	if (part != NULL && calendar_number(part, n) > 0)
		r->count = (unsigned int)calendar_number(part, n);
	part = calendar_recur(l, "UNTIL", &n);
	if (part != NULL)
		r->has_until =
		    calendar_when(part, n, &r->until, &has_time, &utc);
	part = calendar_recur(l, "BYDAY", &n);
	if (part == NULL)
		return;
	r->days = read_days(part, n);
	if (r->every != CALENDAR_WEEKLY || r->days == 0)
		r->every = CALENDAR_ODDLY;
}

/* Components -------------------------------------------------------------- */

static void
take_attendee(Calendar *c, const CalendarLine *l)
{
	c->n_attendees++;
	if (c->attendees->len < LIMIT_CALENDAR_PEOPLE)
		g_ptr_array_add(c->attendees, read_person(l));
}

/* A property of the event. */
static void
take_property(Reader *r, const CalendarLine *l)
{
	Calendar *c = r->c;

	if (calendar_is(l->name, l->name_len, "SUMMARY") && c->summary == NULL)
		c->summary = calendar_text(l);
	else if (calendar_is(l->name, l->name_len, "LOCATION") &&
		 c->location == NULL)
		c->location = calendar_text(l);
	else if (calendar_is(l->name, l->name_len, "DTSTART"))
		read_time(l, &c->start);
	else if (calendar_is(l->name, l->name_len, "DTEND"))
		read_time(l, &c->end);
	else if (calendar_is(l->name, l->name_len, "DURATION"))
		r->has_duration = read_duration(l, &r->duration);
	else if (calendar_is(l->name, l->name_len, "RRULE"))
		read_recurrence(l, &c->recurs);
	else if (calendar_is(l->name, l->name_len, "ATTENDEE"))
		take_attendee(c, l);
	else if (calendar_is(l->name, l->name_len, "ORGANIZER") &&
		 c->organizer == NULL)
		c->organizer = read_person(l);
}

static void
begin_component(Reader *r, const CalendarLine *l)
{
	const char *name = l->value;
	size_t len = l->value_len;

	if (r->within == IN_OTHER) {
		r->depth++;
	} else if (r->within == IN_CALENDAR &&
		   calendar_is(name, len, "VCALENDAR")) {
		return;
	} else if (r->within == IN_CALENDAR && !r->has_event &&
		   calendar_is(name, len, "VEVENT")) {
		r->within = IN_EVENT;
		r->has_event = true;
	} else if (r->within == IN_CALENDAR &&
		   calendar_is(name, len, "VTIMEZONE")) {
		r->within = IN_ZONE;
		g_clear_pointer(&r->zone, g_free);
	} else if (r->within == IN_ZONE && r->zone != NULL &&
		   r->observances->len < LIMIT_CALENDAR_OBSERVANCES) {
		const CalendarObservance o = {.zone = g_strdup(r->zone)};

		g_array_append_val(r->observances, o);
		r->within = IN_OBSERVANCE;
	} else {
		r->around = r->within;
		r->within = IN_OTHER;
		r->depth = 1;
	}
}

static void
end_component(Reader *r)
{
	if (r->within == IN_OBSERVANCE)
		r->within = IN_ZONE;
	else if (r->within != IN_OTHER)
		r->within = IN_CALENDAR;
	else if (--r->depth == 0)
		r->within = r->around;
}

static void
take_line(Reader *r, const CalendarLine *l)
{
	if (calendar_is(l->name, l->name_len, "BEGIN")) {
		begin_component(r, l);
	} else if (calendar_is(l->name, l->name_len, "END")) {
		end_component(r);
	} else if (r->within == IN_EVENT) {
		take_property(r, l);
	} else if (r->within == IN_OBSERVANCE) {
		calendar_zone_take(
		    &g_array_index(r->observances, CalendarObservance,
			r->observances->len - 1),
		    l);
	} else if (r->within == IN_ZONE && r->zone == NULL &&
		   calendar_is(l->name, l->name_len, "TZID")) {
		r->zone = calendar_text(l);
	} else if (r->within == IN_CALENDAR &&
		   calendar_is(l->name, l->name_len, "METHOD")) {
		r->c->method = read_method(l);
	}
}

/* When it ends, where that is not said outright. */
static void
finish_times(Reader *r)
{
	CalendarTime *start = &r->c->start, *end = &r->c->end;

	if (end->kind == CALENDAR_NEVER && r->has_duration &&
	    start->kind != CALENDAR_NEVER) {
		*end = *start;
		end->zone = g_strdup(start->zone);
		end->local += r->duration;
	}
	/* The end of a day is the one after it (section 3.6.1). */
	if (end->kind == CALENDAR_DAY && end->local > start->local)
		end->local -= DAY_S;
	calendar_zone_resolve(r->observances, start);
	calendar_zone_resolve(r->observances, end);
}

Calendar *
calendar_read(const char *text, size_t len)
{
	g_autoptr(GString) lines = calendar_unfold(text, len);
	g_autoptr(GArray) observances =
	    g_array_new(FALSE, FALSE, sizeof(CalendarObservance));
	g_autoptr(Calendar) c = g_new0(Calendar, 1);
	Reader r = {.c = c, .observances = observances};
	const char *p = lines->str, *end = p + lines->len;

	c->attendees = g_ptr_array_new_with_free_func(person_free);
	g_array_set_clear_func(observances, observance_clear);
	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf != NULL ? lf : end;
		CalendarLine l;

		if (calendar_line(p, (size_t)(stop - p), &l))
			take_line(&r, &l);
		p = stop + (lf != NULL);
	}
	g_free(r.zone);
	if (!r.has_event)
		return NULL;
	finish_times(&r);
	if (c->summary == NULL)
		c->summary = g_strdup("");
	if (c->location == NULL)
		c->location = g_strdup("");
	return g_steal_pointer(&c);
}
