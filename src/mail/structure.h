/*
 * structure.h - the parts of a message, by GMime.
 *
 * Here are all of GMime's types; nobody but mail/parse calls this.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_STRUCTURE_H
#define MAIL_STRUCTURE_H

#include "mail/msg.h"

/* To be called once by each process, before structure_read. */
void structure_init(void);

/*
 * Set the parts of m, which has body_off and none yet, to those of the
 * message raw that prescan_is_tame let pass.
 *
 * Each octet of the body that GMime takes for a part's is in some part: a
 * multipart in which it finds none is followed by a text/plain of its
 * octets; one that is nested too deep is a leaf; where there are more than
 * LIMIT_PARTS, the last is an application/octet-stream of all the rest.
 * Where the header has a line that is no field, GMime reads on and
 * mail/header ends it: what lies between is a text/plain before the rest.
 *
 * show is set as if each part stood alone: mail/choose does the rest.
 *
 * Returns false, m without parts, if GMime sees no message in raw, or one
 * whose header ends before m's body_off.
 */
bool structure_read(Msg *m, GBytes *raw);

#endif
