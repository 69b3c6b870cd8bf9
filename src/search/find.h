/* find.h - one search, from the reader's words to what is shown of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_FIND_H
#define SEARCH_FIND_H

#include "search/ask.h"

#include <glib.h>

typedef struct Finder Finder;

/* To search the store in the folder dir, which is opened when it is first
 * asked for anything. */
Finder *finder_new(const char *dir);
void finder_free(Finder *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Finder, finder_free)

/*
 * Search for what a asks, in public lists alone.  Never NULL; what fails is
 * logged, and told by the status.
 *
 * The newest LIMIT_SEARCH_WINDOW messages that fit are put in order; where
 * there are more, the reply's n is an estimate.
 */
SearchReply *find(Finder *f, const SearchAsk *a);

#endif
