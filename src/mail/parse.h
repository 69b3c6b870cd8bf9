/*
 * parse.h - the bytes of a message to a Msg, through GMime.
 *
 * There is no message that this fails on: bytes that are no mail at all
 * become a Msg whose one part is the whole.  What would hurt GMime
 * (mail/prescan) is kept from it: such a message gets its header read by
 * mail/header alone, "plain" set, and is shown as it is.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_PARSE_H
#define MAIL_PARSE_H

#include "mail/msg.h"

/* To be called once, before parse_msg, by each process that parses. */
void parse_init(void);

/* Parse raw, line ends LF or CRLF.  Never NULL; free with msg_free.
 * raw is read during the call only. */
Msg *parse_msg(GBytes *raw);

#endif
