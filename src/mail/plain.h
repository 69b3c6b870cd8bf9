/* plain.h - a part of a message as the plain text that it is meant to be read
 * as.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_PLAIN_H
#define MAIL_PLAIN_H

#include "mail/msg.h"

/*
 * part_text, *cut as there, with what is no plain text made that: HTML that
 * is shown, enriched text, flowed paragraphs.  Free with g_free.
 */
char *plain_text(GBytes *raw, const Part *p, bool *cut);

#endif
