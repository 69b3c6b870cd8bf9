/*
 * index_fts.h - what SQLite's FTS5 is taught for search/index: to split the
 * streams of terms that it is given, and to rank.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_INDEX_FTS_H
#define SEARCH_INDEX_FTS_H

#include <sqlite3.h>

#include <stdint.h>

/* The share of all documents whose number is at most doc: 0 to 1. */
typedef double IndexShare(void *arg, int64_t doc);

typedef struct {
	IndexShare *share;
	void *arg;
	uint64_t prefixes; /* bits of the query's phrases that are how a word
			    * begins: to count those took as long as finding
			    * them */
} IndexShares;

/*
 * Register for db the tokenizer "stream", and the function "score" of a row
 * and of how many terms it has: Okapi BM25 of the phrases that the query has.
 * shares is asked how much of the index was looked at where a phrase is in too
 * many documents to count them; it must live as long as db.  Returns an SQLite
 * result code.
 */
int index_fts_register(sqlite3 *db, const IndexShares *shares);

#endif
