/* feed.h - answers with Atom feeds of a list.  The parameter "before" asks
 * for what comes after the message with that key. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_FEED_H
#define HTTP_FEED_H

#include "http/private.h"

/* The newest messages of list. */
void feed_answer_list(const Ask *a, const StoreList *list, Response *out);

/* Those of the author that r names. */
void feed_answer_author(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

#endif
