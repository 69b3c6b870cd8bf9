/*
 * ask.h - what one process asks another to search for, and what that
 * answers, as one datagram each.
 *
 * Pure.  The bytes are those of a GVariant, never meant for another machine
 * or another version; what is read back is checked all the same.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_ASK_H
#define SEARCH_ASK_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest datagram of either kind. */
#define ASK_BYTES ((size_t)192 << 10)

typedef enum {
	SEARCH_BEST, /* what fits best, the newer of what fits as well */
	SEARCH_NEWEST,
	SEARCH_OLDEST,
} SearchOrder;

typedef struct {
	uint32_t id;  /* comes back with the answer */
	char *query;  /* as the reader wrote it: valid UTF-8 */
	char *list;   /* List-Id of the only list, or NULL: all public ones */
	int64_t post; /* only in this one's thread, or 0 */
	SearchOrder order;
	bool threads;     /* the best message of each thread alone */
	bool bare;        /* numbers alone: no passages, no counts */
	uint32_t skip, n; /* of what is found */
	int64_t now;      /* that "yesterday" is the day before of */
} SearchAsk;

void search_ask_clear(SearchAsk *a);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchAsk, search_ask_clear)

typedef struct {
	uint32_t off, len; /* in the passage, in bytes */
} SearchMark;

typedef struct {
	int64_t post;
	uint32_t n_thread; /* found in the same thread, this one included */
	char *passage;     /* of the text, or "" */
	GArray *marks;     /* SearchMark: what matches in it, in order */
} SearchHit;

/* Where the query could not be taken as it was meant: a QueryNote. */
typedef struct {
	uint32_t kind;     /* QueryNoteKind */
	uint32_t at;       /* offset in the query */
	char *what, *more; /* or NULL */
} SearchNote;

typedef enum {
	SEARCH_BY_YEAR,
	SEARCH_BY_LIST,   /* value is a List-Id */
	SEARCH_BY_AUTHOR, /* value is an author's id; name is his */
} SearchBy;

/* How many of what was found share something. */
typedef struct {
	SearchBy by;
	char *value, *name;
	uint32_t n;
} SearchCount;

typedef enum {
	SEARCH_OK,
	SEARCH_NO_INDEX, /* none is there yet */
	SEARCH_LATE,     /* it took too long */
	SEARCH_FAILED,   /* the log of the search process says why */
} SearchStatus;

typedef struct {
	uint32_t id;
	SearchStatus status;
	char *searched;    /* the query as it was understood */
	uint64_t n;        /* found */
	bool about;        /* n is an estimate: not all were looked at */
	uint32_t n_seen;   /* found, put in order and counted: the newest */
	GPtrArray *notes;  /* SearchNote */
	GPtrArray *hits;   /* SearchHit */
	GPtrArray *counts; /* SearchCount, by kind, the largest first */
} SearchReply;

/* An empty one, to be freed with search_reply_free. */
SearchReply *search_reply_new(uint32_t id, SearchStatus status);
void search_reply_free(SearchReply *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchReply, search_reply_free)

/* Add what is owned by r from then on; texts are copied. */
SearchHit *search_reply_add_hit(
    SearchReply *r, int64_t post, const char *passage);
void search_reply_add_note(SearchReply *r, const SearchNote *note);
void search_reply_add_count(SearchReply *r, const SearchCount *count);

/* The bytes of a, or of r: g_bytes_unref. */
GBytes *search_ask_pack(const SearchAsk *a);
GBytes *search_reply_pack(const SearchReply *r);

/* Read len bytes.  false, or NULL, with *err ERR_SYNTAX if they are no such
 * thing. */
bool search_ask_unpack(
    SearchAsk *out, const void *bytes, size_t len, GError **err);
SearchReply *search_reply_unpack(const void *bytes, size_t len, GError **err);

#endif
