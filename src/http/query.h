/*
 * query.h - what tools ask of public-inbox's search: "POST /LIST/?x=m&q=",
 * answered by the messages that match as a mailbox.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_QUERY_H
#define HTTP_QUERY_H

#include "http/private.h"
#include "search/ask.h"

#include <glib.h>

/*
 * The Message-IDs that query asks for, any of them, in public-inbox's
 * language: "m:ID", "mid:<ID>", "m:"ID" OR m:ID".  NULL if it asks for
 * anything else, or for nothing.  Pure.  char *, owned by the array.
 */
GPtrArray *query_ids(const char *query);

/* Answer for list (NULL: for all) if query asks for Message-IDs alone, which
 * needs no index; a 404 where nothing is found, which b4 and lei wait for. */
bool query_answer_ids(
    const Ask *a, const StoreList *list, const char *query, Response *out);

/* The same of what was found. */
void query_answer_found(const Ask *a, const StoreList *list,
    const SearchReply *found, Response *out);

/* Make out the mailbox of the threads that hits (StoreHit) are in. */
void query_answer_threads(const Ask *a, const GArray *hits, Response *out);

#endif
