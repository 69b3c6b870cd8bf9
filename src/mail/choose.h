/* choose.h - which of a message's parts say the same, and which of those
 * is shown.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_CHOOSE_H
#define MAIL_CHOOSE_H

#include "mail/msg.h"

/*
 * In each multipart/alternative of m, let one alternative be shown: the
 * one with plain text, unless that is a stub (empty, or a line that says
 * to look at the HTML) beside HTML that is none; else the HTML; else other
 * text.  Text and HTML of the other ones become SHOW_NONE; files among
 * them stay, so that nothing is lost.
 */
void choose_alternatives(Msg *m, GBytes *raw);

#endif
