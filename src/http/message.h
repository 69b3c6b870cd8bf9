/* message.h - answers about one message: its page, thread and files. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "http/private.h"
#include "http/route.h"

/* Answer for the message that r names in list (NULL: in any list). */
void message_answer(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

/* Name w's message, which is h, in the fields of out: where it is kept, and
 * what permalinks are made of. */
void message_name(const Wanted *w, const Head *h, Response *out);

#endif
