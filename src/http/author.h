/* author.h - the page of who wrote to a list: /LIST/author/ID/. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_AUTHOR_H
#define HTTP_AUTHOR_H

#include "http/private.h"

/* Messages of the author that r names, newest first; "?after=KEY": from
 * the one behind that message on. */
void author_answer(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

/* The author that r names, to be freed with store_author_free; or NULL, out
 * being the answer. */
StoreAuthor *author_find(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

#endif
