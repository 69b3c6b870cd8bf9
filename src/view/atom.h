/* atom.h - feeds: RFC 4287, with the threads of RFC 4685. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_ATOM_H
#define VIEW_ATOM_H

#include "archive/read.h"
#include "view/html.h"
#include "view/page_search.h"

#include <glib.h>

/* A feed of a thread: its beginning, its messages in any order, its end. */
void atom_begin(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadThread *t);
void atom_msg(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadThread *t, size_t row, const ReadMsg *m);
void atom_end(GString *o);

/* A page of a list's feed, newest first (RFC 5005 section 3). */
typedef struct {
	const StoreList *list;
	const StoreAuthor *author; /* whose messages alone, or NULL */
	int64_t updated;    /* when the last one of the page came in; or 0 */
	const char *before; /* key that the page was asked for with, or NULL */
	const char *next;   /* the same for the page after it, or NULL */
} AtomPage;

void atom_begin_list(GString *o, const HtmlSite *site, const AtomPage *p);

/* A page of what is searched for, newest first; more: there is one after it;
 * updated: as of an AtomPage. */
void atom_begin_results(GString *o, const HtmlSite *site,
    const PageSearchAsk *a, bool more, int64_t updated);

/* A message of any feed; up_key: of the message that it answers, or NULL. */
void atom_entry(GString *o, const HtmlSite *site, const StoreList *list,
    const char *up_key, const ReadMsg *m);

#endif
