/*
 * index.h - what the pages of an index share: rows of threads, and the
 * numbers of pages where there are more than one page has.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_INDEX_H
#define VIEW_INDEX_H

#include "view/html.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

/* Where a thread stands: its extent may be that within a month alone, its
 * time that of the clock. */
typedef enum { INDEX_OF_LIST, INDEX_OF_MONTH, INDEX_OF_DAY } IndexPlace;

/* A thread as an item of a list of the class "threads". */
void index_thread(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreThread *t, IndexPlace place);

/* A section of those who wrote most (StoreAuthor) in a year of list; nothing
 * where nobody did. */
void index_authors(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *authors, int year);

typedef struct {
	const char *path;  /* of the first page, not escaped for HTML */
	const char *query; /* that all of them have, as it stands behind the
			    * "?" of a URL; or "" */
	uint64_t n_rows;   /* of all pages together */
	uint64_t number;   /* of this page, from 1 */
} IndexPages;

/* Links to the pages that n_rows rows fill; nothing where one is enough. */
void index_pages(GString *o, const HtmlSite *site, const IndexPages *p);

/* A paragraph that says why there is nothing to be seen. */
void index_nothing(GString *o, const char *why);

#endif
