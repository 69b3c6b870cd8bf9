/*
 * page_search.h - what was searched for, and what was found.  No socket, no
 * store.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_PAGE_SEARCH_H
#define VIEW_PAGE_SEARCH_H

#include "search/ask.h"
#include "view/html.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

/* What a page of results is asked for with. */
typedef struct {
	const StoreList *list; /* the only one that is searched; NULL: all */
	const Head *thread;    /* a message of the only thread, or NULL */
	const char *q;         /* as it was written, or "" */
	SearchOrder order;
	bool threads;    /* the best of each thread alone */
	uint64_t number; /* of the page, from 1 */
	const char *x;   /* "A": as a feed; "m": as a mailbox; or NULL */
} PageSearchAsk;

typedef struct {
	const StoreList *list;
	Head *head;
	const SearchHit *hit;
} PageSearchHit;

/* Why there is nothing to be shown, which is another thing than that nothing
 * was found. */
typedef enum {
	PAGE_SEARCH_FINE,
	PAGE_SEARCH_BUSY,     /* too many search */
	PAGE_SEARCH_NO_INDEX, /* it is being made */
	PAGE_SEARCH_LATE,     /* it would have taken too long */
	PAGE_SEARCH_FAILED,
} PageSearchTrouble;

typedef struct {
	PageSearchAsk ask;
	PageSearchTrouble trouble;
	const SearchReply *found; /* or NULL: nothing was asked for, or was
				   * answered */
	const GArray *hits;       /* PageSearchHit: found's, of this page */
	bool lists;               /* found's counts by list may be shown */
	bool more;                /* there is a page after this one */
} PageSearch;

void page_search(GString *o, const HtmlSite *site, const PageSearch *p);

/* The URL of such a page, fit for an attribute; whole: with scheme and host. */
void page_search_url(
    GString *o, const HtmlSite *site, const PageSearchAsk *a, bool whole);

/* The passage of hit, what was found in it marked. */
void page_search_passage(
    GString *o, const HtmlSite *site, const SearchHit *hit);

/* What is said of a note, in the reader's language, as a paragraph's text; q is
 * the query. */
void page_search_note(
    GString *o, const HtmlSite *site, const char *q, const SearchNote *n);

#endif
