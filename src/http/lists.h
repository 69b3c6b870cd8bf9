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

#endif
