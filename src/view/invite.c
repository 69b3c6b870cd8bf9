/* SPDX-License-Identifier: Apache-2.0 */
#include "view/invite.h"

#include "base/date.h"
#include "mail/addr.h"
#include "view/out.h"
#include "view/prose.h"

#include <string.h>

#define DAY_S 86400

/* Who answers, of a reply. */
static CalendarAnswer
answer_of(const Calendar *c)
{
	return c->attendees->len > 0
		   ? ((const CalendarPerson *)c->attendees->pdata[0])->answer
		   : CALENDAR_NO_ANSWER;
}

/* What the part is about, in a word or two. */
static const char *
title_of(const Calendar *c)
{
	static const char *const answers[] = {
	    [CALENDAR_NO_ANSWER] = N_("Answer to an invitation"),
	    [CALENDAR_ACCEPTED] = N_("Invitation accepted"),
	    [CALENDAR_DECLINED] = N_("Invitation declined"),
	    [CALENDAR_TENTATIVE] = N_("Invitation accepted tentatively"),
	    [CALENDAR_DELEGATED] = N_("Invitation passed on")};

	switch (c->method) {
	case CALENDAR_REQUEST:
		return N_("Invitation");
	case CALENDAR_REPLY:
		return answers[answer_of(c)];
	case CALENDAR_CANCEL:
		return N_("Event cancelled");
	case CALENDAR_COUNTER:
		return N_("Other time proposed");
	case CALENDAR_PUBLISH:
	default:
		return N_("Event");
	}
}

static void
begin_row(GString *o, const HtmlSite *site, const char *word)
{
	out_raw(o, "<dt>");
	html_say(o, site, word);
	out_raw(o, "</dt><dd>");
}

static void
end_row(GString *o)
{
	out_raw(o, "</dd>\n");
}

/* "+01:00" */
static void
write_offset(GString *o, int offset)
{
	int minutes = ABS(offset) / 60;

	g_string_append_printf(o, "%c%02d:%02d", offset < 0 ? '-' : '+',
	    minutes / 60, minutes % 60);
}

/* A <time> as a clock there shows it; brief: without its day. */
static void
write_clock(GString *o, const CalendarTime *t, bool brief)
{
	g_autofree char *local = date_format_minute(t->local);

	out_raw(o, "<time datetime=\"");
	out_text_len(o, local, 10);
	if (t->kind != CALENDAR_DAY) {
		out_raw(o, "T");
		out_text_len(o, local + 11, 5);
	}
	if (t->kind == CALENDAR_UTC)
		out_raw(o, "Z");
	else if (t->has_offset)
		write_offset(o, t->offset);
	out_raw(o, "\">");
	if (!brief || t->kind == CALENDAR_DAY)
		out_text_len(o, local, 10);
	if (!brief && t->kind != CALENDAR_DAY)
		out_raw(o, "&nbsp;");
	if (t->kind != CALENDAR_DAY)
		out_text_len(o, local + 11, 5);
	out_raw(o, "</time>");
}

/* Which clock shows it. */
static void
write_zone(GString *o, const HtmlSite *site, const CalendarTime *t)
{
	if (t->kind == CALENDAR_UTC)
		out_raw(o, " UTC");
	if (t->kind == CALENDAR_FLOATING) {
		out_raw(o, " ");
		html_say(o, site, "(local time)");
	}
	if (t->kind != CALENDAR_ZONED)
		return;
	out_raw(o, " ");
	html_protected(o, site, t->zone);
	if (t->has_offset) {
		out_raw(o, " (UTC");
		write_offset(o, t->offset);
		out_raw(o, ")");
	}
}

/* Whether two times are told by one clock. */
static bool
is_same_clock(const CalendarTime *a, const CalendarTime *b)
{
	return a->kind == b->kind && a->offset == b->offset &&
	       g_strcmp0(a->zone, b->zone) == 0;
}

static void
write_when(GString *o, const HtmlSite *site, const Calendar *c)
{
	const CalendarTime *start = &c->start, *end = &c->end;
	bool one_clock = is_same_clock(start, end);

	if (start->kind == CALENDAR_NEVER)
		return;
	begin_row(o, site, N_("When"));
	write_clock(o, start, false);
	if (!one_clock)
		write_zone(o, site, start);
	if (end->kind != CALENDAR_NEVER &&
	    !(one_clock && end->local == start->local)) {
		out_raw(o, " \xe2\x80\x93 ");
		write_clock(o, end,
		    one_clock && start->local / DAY_S == end->local / DAY_S);
		write_zone(o, site, end);
	} else if (one_clock) {
		write_zone(o, site, start);
	}
	end_row(o);
}

/* How often ---------------------------------------------------------------- */

static void
write_every(GString *o, const HtmlSite *site, const CalendarRecurrence *r)
{
	static const char *const each[] = {N_("Every day"), N_("Every week"),
	    N_("Every month"), N_("Every year")};
	static const char *const others[] = {N_("Every %s days"),
	    N_("Every %s weeks"), N_("Every %s months"), N_("Every %s years")};
	const char *text = NULL;

	if (r->interval == 1) {
		html_say(o, site, each[r->every]);
		return;
	}
	text = words(site->words, others[r->every]);
	html_until(o, &text);
	out_num(o, r->interval);
	html_until(o, &text);
}

static void
write_days(GString *o, const HtmlSite *site, unsigned int days)
{
	static const char *const names[] = {N_("Sunday"), N_("Monday"),
	    N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
	    N_("Saturday")};
	bool any = false;

	/* The week as most of our readers count it, from Monday on. */
	for (size_t i = 1; i <= G_N_ELEMENTS(names); i++) {
		size_t day = i % G_N_ELEMENTS(names);

		if ((days & 1u << day) == 0)
			continue;
		if (any)
			out_raw(o, ", ");
		else
			out_raw(o, ": ");
		any = true;
		html_say(o, site, names[day]);
	}
}

static void
write_recurrence(GString *o, const HtmlSite *site, const CalendarRecurrence *r)
{
	const char *text = NULL;

	if (r->rule == NULL)
		return;
	begin_row(o, site, N_("Repeats"));
	if (r->every == CALENDAR_ODDLY) {
		out_raw(o, "<code>");
		html_protected(o, site, r->rule);
		out_raw(o, "</code>");
		end_row(o);
		return;
	}
	write_every(o, site, r);
	write_days(o, site, r->days);
	if (r->count > 0) {
		out_raw(o, "; ");
		text = html_word_n(site, "%s time", "%s times", r->count);
		html_until(o, &text);
		out_num(o, r->count);
		html_until(o, &text);
	}
	if (r->has_until) {
		out_raw(o, "; ");
		text = html_word(site, "until %s");
		html_until(o, &text);
		html_day(o, r->until);
		html_until(o, &text);
	}
	end_row(o);
}

/* Who ---------------------------------------------------------------------- */

static void
write_attendees(GString *o, const HtmlSite *site, const Calendar *c)
{
	const char *text =
	    html_word_n(site, "%s attendee", "%s attendees", c->n_attendees);

	if (c->n_attendees == 0)
		return;
	out_raw(o, "<dt>");
	html_until(o, &text);
	out_count(o, c->n_attendees);
	html_until(o, &text);
	out_raw(o, "</dt><dd>");
	for (guint i = 0; i < c->attendees->len; i++) {
		const CalendarPerson *p = c->attendees->pdata[i];

		if (i > 0)
			out_raw(o, ", ");
		html_author(o, site, p->name, p->addr);
	}
	if (c->attendees->len < c->n_attendees)
		out_raw(o, ", \xe2\x80\xa6");
	end_row(o);
}

/* Often a URL: that of the meeting. */
static void
write_location(GString *o, const HtmlSite *site, const char *location)
{
	g_autofree char *safe = site->protect ? addr_protect(location) : NULL;
	const char *text = safe != NULL ? safe : location;

	prose_linked(o, site, text, strlen(text));
}

void
invite_write(GString *o, const HtmlSite *site, const Calendar *c)
{
	out_raw(o, "<dl>\n");
	begin_row(o, site, title_of(c));
	out_raw(o, "<b>");
	html_subject(o, site, c->summary);
	out_raw(o, "</b>");
	end_row(o);
	write_when(o, site, c);
	write_recurrence(o, site, &c->recurs);
	if (c->location[0] != '\0') {
		begin_row(o, site, N_("Where"));
		write_location(o, site, c->location);
		end_row(o);
	}
	if (c->organizer != NULL) {
		begin_row(o, site, N_("Organizer"));
		html_author(o, site, c->organizer->name, c->organizer->addr);
		end_row(o);
	}
	write_attendees(o, site, c);
	out_raw(o, "</dl>\n");
}
