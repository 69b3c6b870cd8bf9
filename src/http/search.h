/*
 * search.h - "?q=" at a list, at /all/ and at a thread: a page of results,
 * a feed of them, or they themselves as a mailbox.
 *
 * An answer takes two turns: the first says what is to be searched for, the
 * second has what was found.  Each message of that is looked up once more,
 * so that none of a list that is not public is shown, whatever was found.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_SEARCH_H
#define HTTP_SEARCH_H

#include "http/private.h"
#include "view/page_search.h"

#include <glib.h>

/* Seconds after which to try again: a search takes less than one. */
#define SEARCH_RETRY_AFTER "5"

/* Whether q asks for a search, at a place that has them. */
bool search_is_asked(const Request *q);

/* Answer for list, NULL for all of them, or for the thread of the message
 * at post, if that is not 0. */
void search_answer(
    const Ask *a, const StoreList *list, int64_t post, Response *out);

/* Have out ask for what p asks for: n results from the one after skip on,
 * the numbers of messages alone if bare. */
void search_ask(const PageSearchAsk *p, uint32_t skip, uint32_t n, bool bare,
    Response *out);

/* What was found. */
typedef struct {
	GArray *hits;      /* PageSearchHit, whose heads are its own */
	GHashTable *lists; /* StoreList by its number: gint64; NULL for those
			    * that are not public */
} SearchHits;

void search_hits_clear(SearchHits *h);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchHits, search_hits_clear)

/* Look up at most n of what was found in list, or in all if that is NULL. */
bool search_load(const Ask *a, const StoreList *list, const SearchReply *found,
    uint32_t n, SearchHits *out, GError **err);

/* Whether each list that counts are of is public: what was found was found a
 * moment ago. */
bool search_counts_public(const Ask *a, const SearchReply *found);

/* Why found, which may be NULL, is no answer. */
PageSearchTrouble search_trouble(const SearchReply *found);

#endif
