/* What is read of a calendar is text that a page can show. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "mail/calendar.h"

#include <string.h>

static void
check_person(const CalendarPerson *p)
{
	g_assert(g_utf8_validate(p->name, -1, NULL));
	g_assert(g_utf8_validate(p->addr, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text =
	    g_utf8_make_valid((const char *)data, (gssize)size);
	g_autoptr(Calendar) c = calendar_read(text, strlen(text));

	if (c == NULL)
		return 0;
	g_assert(g_utf8_validate(c->summary, -1, NULL));
	g_assert(g_utf8_validate(c->location, -1, NULL));
	g_assert((c->start.kind == CALENDAR_ZONED) == (c->start.zone != NULL));
	g_assert((c->end.kind == CALENDAR_ZONED) == (c->end.zone != NULL));
	g_assert(c->attendees->len <= LIMIT_CALENDAR_PEOPLE);
	g_assert(c->attendees->len <= c->n_attendees);
	for (guint i = 0; i < c->attendees->len; i++)
		check_person(c->attendees->pdata[i]);
	if (c->organizer != NULL)
		check_person(c->organizer);
	g_assert(c->recurs.rule == NULL || c->recurs.interval > 0);
	return 0;
}
