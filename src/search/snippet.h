/*
 * snippet.h - the passage of a text that shows best why it was found.  Pure.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_SNIPPET_H
#define SEARCH_SNIPPET_H

#include "search/ask.h"
#include "search/token.h"

#include <glib.h>

#include <stddef.h>

typedef struct Snippet Snippet;

/* To look for terms (char *, as plan_terms has them).  t stays the
 * caller's. */
Snippet *snippet_new(Tokenizer *t, const GPtrArray *terms);
void snippet_free(Snippet *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snippet, snippet_free)

/*
 * The passage of some LIMIT_PASSAGE_BYTES that has most of the terms, white
 * space squeezed; that at the beginning where it has none.  marks (SearchMark)
 * is filled with where they stand.  Free with g_free.
 */
char *snippet_make(Snippet *s, const char *text, size_t len, GArray *marks);

#endif
