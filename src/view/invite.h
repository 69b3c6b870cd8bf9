/* invite.h - an event of a calendar as a card: what, when, where, who. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_INVITE_H
#define VIEW_INVITE_H

#include "mail/calendar.h"
#include "view/html.h"

#include <glib.h>

/* c as a description list. */
void invite_write(GString *o, const HtmlSite *site, const Calendar *c);

#endif
