/*
 * index_word.h - the frequent words of search/index, and in how many
 * documents each is: FTS5 can only be asked for all words that begin with
 * something, and takes as long as all of their places together.
 *
 * They are counted anew whenever the index has grown by a quarter, a little
 * at a time; between, the counts are those of then.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_INDEX_WORD_H
#define SEARCH_INDEX_WORD_H

#include <glib.h>
#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

/* What search/index's file has for it. */
#define INDEX_WORD_TABLES                                                      \
	"CREATE TABLE word (term TEXT PRIMARY KEY, n INTEGER NOT NULL)"        \
	" WITHOUT ROWID, STRICT;"                                              \
	"CREATE TABLE counted (n_docs INTEGER NOT NULL) STRICT;"               \
	"INSERT INTO counted VALUES (0);"                                      \
	"CREATE VIRTUAL TABLE vocabulary USING fts5vocab (term, row);"

/* Tables to be dropped before they are made anew. */
#define INDEX_WORD_DROP                                                        \
	"DROP TABLE vocabulary; DROP TABLE word; DROP TABLE counted;"

/* A count under way. */
typedef struct IndexCount IndexCount;

/* Free with index_count_free. */
IndexCount *index_count_new(void);
void index_count_free(IndexCount *c);

/* Do a little of the counting that is due where there are n_docs documents;
 * *more says whether there is more of it.  In no transaction.  Returns an
 * SQLite result code. */
int index_count_some(IndexCount *c, sqlite3 *db, uint64_t n_docs, bool *more);

/* Add to words, char *, the most frequent of the frequent ones that begin with
 * prefix; *n is in how many documents all of these are, each counted by
 * itself.  Returns an SQLite result code. */
int index_word_find(
    sqlite3 *db, const char *prefix, GPtrArray *words, uint64_t *n);

#endif
