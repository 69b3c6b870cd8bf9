/*
 * read.h - the models of pages: what a reader may see, in no protocol's
 * terms.  A list that is not public is ERR_NOTFOUND here, everywhere, just
 * as one that does not exist.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_READ_H
#define ARCHIVE_READ_H

#include "mail/msg.h"
#include "mail/permalink.h"
#include "mail/thread.h"
#include "mail/ways.h"
#include "store/store.h"

#include <glib.h>

#include <stdbool.h>

/* Lists ------------------------------------------------------------------ */

/* The public list that name (List-Id, old or new, or address) means, or
 * NULL with *err set: ERR_NOTFOUND, ERR_IO. */
StoreList *read_list(Store *s, const char *name, GError **err);
StoreList *read_list_get(Store *s, int64_t list, GError **err);

/* The public lists that have an address or a List-Id beginning with local
 * and "@" or ".": StoreList, owned by the array; LIMIT_CHOICES at most. */
GPtrArray *read_lists_called(Store *s, const char *local, GError **err);

/* The public lists by List-Id: StoreList, owned by the array. */
GPtrArray *read_lists(Store *s, GError **err);

/* The public lists whose name is nearly name, the nearest first; LIMIT_NEAR at
 * most.  StoreList, owned by the array; NULL with *err set: ERR_IO. */
GPtrArray *read_lists_like(Store *s, const char *name, GError **err);

/* How to subscribe to list and the like, as its newest messages tell, into
 * *out, which ways_init made; nothing where too few do, or cannot be read. */
void read_ways(Store *s, const StoreList *list, Ways *out);

/* Authors ---------------------------------------------------------------- */

/* The author that id means in list, or NULL with *err set: ERR_NOTFOUND if
 * none has a message there, ERR_IO. */
StoreAuthor *read_author(
    Store *s, const StoreList *list, const char *id, GError **err);

typedef struct {
	StoreList *list;
	uint64_t n_messages;
} ReadAuthorList;

/* The public lists that author has messages in, LIMIT_PAGE_ROWS at most:
 * ReadAuthorList, owned by the array; or NULL. */
GPtrArray *read_author_lists(Store *s, const StoreAuthor *author, GError **err);

/* Looking up --------------------------------------------------------------- */

/* What a name in a URL led to. */
typedef enum {
	READ_NONE,
	READ_ONE,    /* one message, and the name is its permalink's key */
	READ_MOVED,  /* one message, by another name of it: redirect */
	READ_SHARED, /* the holder of this key as permalink, then the others
		      * that have the key too */
	READ_CHOICE, /* several, and none holds it */
} ReadFound;

typedef struct {
	ReadFound found;
	GArray *hits; /* StoreHit, of public lists alone; the one first */
} ReadLookup;

void read_lookup_clear(ReadLookup *l);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadLookup, read_lookup_clear)

/*
 * What name leads to in list (NULL: in every public list): a key, a whole
 * digest, a legacy hash, or a prefix of LIMIT_PREFIX_MIN digits or more of
 * any of them, in either case.  Anything else leads nowhere.
 * Returns false with *err set to ERR_IO, *out then unset.
 */
bool read_find_key(Store *s, const StoreList *list, const char *name,
    ReadLookup *out, GError **err);

/* The same for a raw Message-ID, with or without its brackets. */
bool read_find_id(Store *s, const StoreList *list, const char *id,
    ReadLookup *out, GError **err);

/* Messages ----------------------------------------------------------------- */

/* One message: head, outline and bytes. */
typedef struct {
	const Head *head;
	Msg *outline; /* parts alone; texts are in head */
	GBytes *raw;  /* whole, or its body: offsets of outline are into it */
	Head *owned;  /* head, where read_msg read it */
	bool partial; /* raw is of the message's size, and has its header and
		       * what a page shows of it; zeros else.  The parts that
		       * are not there at all are absent. */
} ReadMsg;

void read_msg_free(ReadMsg *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadMsg, read_msg_free)

/* When the message of post was removed; 0 if it was not, or with *err set:
 * ERR_IO. */
int64_t read_removed(Store *s, int64_t post, GError **err);

/* The message of a post that a look-up found, partial above
 * LIMIT_WHOLE_BYTES; or NULL with *err set:
 * ERR_GONE if the operator removed it; ERR_IO, also where its bytes fail
 * their checksum. */
ReadMsg *read_msg(Store *s, int64_t post, GError **err);

/* The same without its bytes: raw is NULL. */
ReadMsg *read_parts(Store *s, int64_t post, GError **err);

/* The same of a head that is there already and stays the caller's. */
ReadMsg *read_msg_of(Store *s, const Head *head, GError **err);

/* The same less its header, where that is kept apart: what its parts are
 * read from, for half of what all of it costs. */
ReadMsg *read_body_of(Store *s, const Head *head, GError **err);

/*
 * The bytes of a message as anyone may have them: as they came, less what
 * would unsubscribe whoever they were sent to (mail/unsubscribe.h).  NULL
 * with *err set: ERR_NOTFOUND, ERR_GONE, ERR_IO.
 */
GBytes *read_raw_public(Store *s, int64_t post, GError **err);

/* Fields of a header, as header_find gives them; NULL where there are none. */
typedef struct {
	char *date, *to, *cc, *reply_to, *references, *in_reply_to;
} ReadFields;

/* Those of m, which is whole. */
void read_fields(const ReadMsg *m, ReadFields *out);
void read_fields_clear(ReadFields *f);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadFields, read_fields_clear)

/*
 * The Message-ID that f names as an ancestor and whose thread_id is id, as
 * valid UTF-8; NULL if there is none.  Free with g_free.
 */
char *read_ancestor_id(const ReadFields *f, uint64_t id);

/* The time that a Date field tells, and how many seconds its zone is east
 * of UTC; false where it tells none, or a zone that is a day or more away,
 * which RFC 3339 cannot write. */
bool read_sent(const char *date, int64_t *t, int *zone_s);

/* A message that a thread's answer and that an operator took out. */
typedef struct {
	uint64_t id; /* thread_id */
	int64_t at;  /* when it went */
} ReadRemoved;

/* A thread in reading order. */
typedef struct {
	int64_t thread;
	GPtrArray *heads; /* Head, by post; NULL where not loaded */
	GArray *posts;    /* StoreThreadPost, by post */
	GArray *rows;     /* ThreadRow: msg is an index into both */
	GArray *removed;  /* ReadRemoved, of rows without a message */
	uint64_t n_all;   /* messages, those beyond the limit included */
} ReadThread;

void read_thread_free(ReadThread *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadThread, read_thread_free)

/* All heads of LIMIT_THREAD_MESSAGES at most. */
ReadThread *read_thread(Store *s, int64_t thread, GError **err);

/* The order alone, of LIMIT_THREAD_ROWS at most: a page shows few of them,
 * and a head is three quarters of the cost of a row. */
ReadThread *read_thread_order(Store *s, int64_t thread, GError **err);

/* Load the head of row, if it has one and is not there yet. */
bool read_thread_load(Store *s, ReadThread *t, size_t row, GError **err);

/* The same, and its author's id. */
bool read_thread_load_author(Store *s, ReadThread *t, size_t row, GError **err);

/* Load all heads of a thread that has LIMIT_THREAD_MESSAGES at most: half of
 * what they cost one by one. */
bool read_thread_load_all(Store *s, ReadThread *t, GError **err);

/* The row of post in t; THREAD_GHOST if it lies beyond the limit. */
size_t read_thread_row(const ReadThread *t, int64_t post);

/* The first row that has a message; there is one. */
size_t read_thread_first(const ReadThread *t);

/* What is known of the message of row without its head; NULL for a ghost. */
const StoreThreadPost *read_thread_post(const ReadThread *t, size_t row);

/* Its head, or NULL for a ghost's row, or one that is not loaded. */
const Head *read_thread_head(const ReadThread *t, size_t row);

/* When the message of row was removed; 0 if the row has one, or it never was
 * there. */
int64_t read_thread_removed(const ReadThread *t, size_t row);

/* The Message-ID of the ghost at row, from a message that answers it; NULL
 * where that cannot be read.  Free with g_free. */
char *read_thread_ghost_id(Store *s, const ReadThread *t, size_t row);

/* How many people wrote the messages of t. */
size_t read_thread_authors(const ReadThread *t);

#endif
