/*
 * index.h - the file of terms that messages are found by.
 *
 * A cache beside the store, STORE/search/index.db: what is in it can be
 * made again from the store at any time, and is where it was made by
 * another form of felid.  One process writes; any number read meanwhile.
 *
 * A document is a message in a list.  Its number begins with the day (UTC)
 * that the message is filed at, so that the order of numbers is that of
 * dates, the newest are had first for nothing, and a time is a range of
 * numbers.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_INDEX_H
#define SEARCH_INDEX_H

#include "search/document.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The folder within the store's. */
#define INDEX_FOLDER "search"

typedef struct Index Index;

typedef enum {
	INDEX_READ,
	INDEX_WRITE, /* made anew if it is not there or of another form */
} IndexMode;

/*
 * Open the index of the store in the folder dir.
 * Returns NULL with *err set: ERR_NOTFOUND (INDEX_READ: there is none, or
 * of another form), ERR_IO.
 */
Index *index_open(const char *dir, IndexMode mode, GError **err);
void index_close(Index *x);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Index, index_close)

/* Writing ----------------------------------------------------------------- */

/* Every write stands between these.  After a commit that failed there is
 * nothing to roll back. */
bool index_begin(Index *x, GError **err);
bool index_commit(Index *x, GError **err);
void index_rollback(Index *x);

/* Digits of the id of a store, or of an author. */
#define INDEX_ID_LEN 12

/* Of which state of the store it is; all zero at first. */
typedef struct {
	int64_t post;                 /* the last that was looked at */
	char store[INDEX_ID_LEN + 1]; /* which one it is */
} IndexMark;

bool index_mark(Index *x, IndexMark *mark, GError **err);
bool index_set_mark(Index *x, const IndexMark *mark, GError **err);

/* Throw all away, and begin anew.  In no transaction. */
bool index_empty(Index *x, GError **err);

typedef struct {
	int64_t doc; /* out */
	int64_t post, list, date;
	uint64_t size;                 /* of its raw bytes */
	char author[INDEX_ID_LEN + 1]; /* his id, or "" */
	double score;                  /* of what was asked for with scores */
} IndexEntry;

/* In the column of exact terms: what stands for a list, by its number, and
 * what every document has. */
#define INDEX_LIST_TERM "list:%" G_GINT64_FORMAT
#define INDEX_ANY_TERM "any:"

/* What matches every document. */
#define INDEX_ANY "{x} : \"" INDEX_ANY_TERM "\""

/* Add a message that is not there; many are best added by their dates:
 * FTS5 begins another piece of its own wherever a number goes down. */
bool index_add(Index *x, IndexEntry *e, const Document *d, GError **err);

/* Take post out again, d being what it was added with.  Does nothing if it
 * is not there. */
bool index_remove(Index *x, int64_t post, const Document *d, GError **err);

/* From now on overwrite what is taken out of the file. */
bool index_overwrite(Index *x, GError **err);

/* Empty the write-ahead log.  false: somebody is reading from it. */
bool index_checkpoint(Index *x);

/* Do a little of what FTS5 has to merge, give pages back that this left free,
 * and count frequent words where that is due; *more says whether there may be
 * more of it to do.  For idle times; all: until it is in one piece, which takes
 * the least room and is searched fastest, but all of it is written once more.
 * In no transaction. */
bool index_merge(Index *x, bool all, bool *more, GError **err);

/* Reading ----------------------------------------------------------------- */

/* One state of the index for several reads.  To be nested in none. */
bool index_read_begin(Index *x, GError **err);
void index_read_end(Index *x);

/* From now on reads end with ERR_LIMIT once clock_cpu_ms() is above
 * end_ms; 0: never. */
void index_set_deadline(Index *x, int64_t end_ms);

/* Numbers of documents from which on they are of that time or later. */
int64_t index_doc_of(int64_t date);

/* Fill *e with what is known of post; its doc is 0 if it is not there. */
bool index_find(Index *x, int64_t post, IndexEntry *e, GError **err);

/* What is asked for: documents numbered from first to last, that match: an
 * expression of FTS5 whose strings are streams of terms; NULL: all. */
typedef struct {
	const char *match;
	int64_t first, last;
	bool scores; /* how well each fits, more being better; not of all */
	bool bare;   /* their numbers alone, for less; not of all */
} IndexAsk;

/* Called for each document that is found; false: no more of them. */
typedef bool IndexSeen(void *arg, const IndexEntry *e);

/* Those that ask is for, newest first.  ERR_LIMIT, ERR_SYNTAX (match),
 * ERR_IO. */
bool index_newest(
    Index *x, const IndexAsk *ask, IndexSeen *seen, void *arg, GError **err);

/*
 * Add to words, char *, of those that begin with prefix the LIMIT_SEARCH_WORDS
 * that most documents have; *n is in how many all that many have are, each
 * counted by itself: what FTS5 looks at for the prefix, at least.
 */
bool index_words(
    Index *x, const char *prefix, GPtrArray *words, uint64_t *n, GError **err);

/* The share of all documents that are numbered doc or above. */
bool index_share(Index *x, int64_t doc, double *part, GError **err);

/* Documents that are there, and bytes of the file. */
bool index_count(Index *x, uint64_t *n, uint64_t *bytes, GError **err);

#endif
