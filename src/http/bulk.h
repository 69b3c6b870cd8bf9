/* bulk.h - answers for machines about a list: its mail as mailboxes, its feed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_BULK_H
#define HTTP_BULK_H

#include "http/private.h"

/* A month of list, or all of it, as r says, as one compressed mailbox. */
void bulk_answer_mbox(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

/* The newest messages of list as a feed, or, with the parameter "before",
 * those that come after the message with that key. */
void bulk_answer_feed(const Ask *a, const StoreList *list, Response *out);

#endif
