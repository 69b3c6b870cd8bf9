/* near.h - the 404 that offers what may have been meant. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_NEAR_H
#define HTTP_NEAR_H

#include "http/private.h"
#include "http/route.h"

/* What may have been meant, and what holds it. */
typedef struct {
	PageNear page;
	GPtrArray *named, *heads, *lists;
} Near;

/* Find public lists called nearly as list, and messages of any whose key
 * begins as message, or whose Message-ID it is; either may be NULL. */
void near_find(const Ask *a, const char *list, const char *message, Near *out);

/* Of months, the newest first, those before and after this one. */
void near_find_month(const GArray *months, int year, int month, PageNear *out);

void near_clear(Near *near);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Near, near_clear)

/*
 * Nothing is where r leads: offer public lists called nearly so, messages
 * whose key begins alike, and those of the same Message-ID in other lists.
 * list: that it was looked for in, or NULL.
 */
void near_answer(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

/* Nothing is in r's month of list, or not on that page: offer the months
 * before and after, or the last page (0: there is none). */
void near_answer_month(const Ask *a, const StoreList *list, const Route *r,
    uint64_t last_page, Response *out);

/* No such part is in the message of h. */
void near_answer_part(
    const Ask *a, const StoreList *list, Head *h, Response *out);

/* The heads of the first max hits, and their lists; free either. */
bool near_read_hits(const Ask *a, const GArray *hits, guint max,
    GPtrArray **heads, GPtrArray **lists, GError **err);

#endif
