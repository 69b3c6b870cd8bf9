/*
 * read.h - the models of pages: what a reader may see, in no protocol's
 * terms.  A private list is ERR_NOTFOUND here, everywhere.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_READ_H
#define ARCHIVE_READ_H

#include "mail/msg.h"
#include "mail/permalink.h"
#include "mail/thread.h"
#include "store/store.h"

#include <glib.h>

#include <stdbool.h>

/* One message whole: head, outline and bytes. */
typedef struct {
	Head *head;
	Msg *outline; /* parts alone; texts are in head */
	GBytes *raw;
	StoreList *list;
} ReadMsg;

void read_msg_free(ReadMsg *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadMsg, read_msg_free)

/* What a name in a URL led to. */
typedef enum {
	READ_ONE,    /* one message, by its permalink as it stands */
	READ_MOVED,  /* one message: redirect to its permalink */
	READ_SHARED, /* the holder of this key; others share it */
	READ_CHOICE, /* several, and none holds the key */
	READ_NONE,
} ReadFound;

typedef struct {
	ReadFound found;
	GPtrArray *heads; /* Head: the holder or the one match first */
	GPtrArray *lists; /* StoreList of each head, in step */
} ReadLookup;

void read_lookup_clear(ReadLookup *l);

/*
 * What name leads to in list (NULL: in every public list): a key, a whole
 * digest, a legacy hash, a prefix of 8 digits or more of any of them, in
 * either case.  Returns false with *err set only on ERR_IO.
 */
bool read_find_key(Store *s, const StoreList *list, const char *name,
    ReadLookup *out, GError **err);

/* The same for a raw Message-ID, with or without its brackets. */
bool read_find_id(Store *s, const StoreList *list, const char *id,
    ReadLookup *out, GError **err);

/* The public list that name (List-Id or address) means, or NULL with
 * *err set: ERR_NOTFOUND, ERR_IO. */
StoreList *read_list(Store *s, const char *name, GError **err);
GPtrArray *read_lists(Store *s, GError **err);

ReadMsg *read_msg(Store *s, const StoreList *list, int64_t post, GError **err);

/* A thread in reading order. */
typedef struct {
	GPtrArray *heads; /* Head, by post */
	GArray *rows;     /* ThreadRow: msg is an index into heads */
	uint64_t n_all;   /* messages, those beyond the limit included */
} ReadThread;

void read_thread_free(ReadThread *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadThread, read_thread_free)

ReadThread *read_thread(Store *s, int64_t thread, GError **err);

#endif
