/* lists.h - answers about a list, and a month of one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_LISTS_H
#define HTTP_LISTS_H

#include "http/private.h"

/* A list's own page. */
void lists_answer_list(const Ask *a, const StoreList *list, Response *out);

/* The month that r names, of list. */
void lists_answer_month(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

/* The threads that a list's page tells of as most active of late, or NULL:
 * StoreThread. */
GPtrArray *lists_active(const Ask *a, const StoreList *list, GError **err);

/* How large the mailboxes of month m of list are, as .gz and .zst, where they
 * are kept; else 0. */
void lists_mbox_sizes(const Ask *a, const StoreList *list, const StoreMonth *m,
    uint64_t sizes[static 2]);

/* "by" as an order; false where it is none.  NULL: by activity. */
bool lists_order(const char *by, StoreOrder *order);

#endif
