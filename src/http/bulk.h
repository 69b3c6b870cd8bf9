/* bulk.h - answers with the mail of a list as mailboxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_BULK_H
#define HTTP_BULK_H

#include "http/private.h"

/* A month of list, or all of it, as r says, as one compressed mailbox; of
 * all the days from "start" on and before "end". */
void bulk_answer_mbox(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

#endif
