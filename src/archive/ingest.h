/*
 * ingest.h - the one way in: bytes to a message of a list.
 *
 * Which key a message gets, when two messages are the same, and what is
 * never stored is decided here, as docs/draft-felid-hashed-message-id.md
 * says, for LMTP and import alike.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_INGEST_H
#define ARCHIVE_INGEST_H

#include "mail/msg.h"
#include "mail/permalink.h"
#include "store/store.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef enum {
	INGEST_STORED, /* new */
	INGEST_COPY,   /* the same message was there: its permalink is given */
	INGEST_UNWANTED,    /* X-No-Archive, or a list whose policy is never */
	INGEST_NOT_ITS_KEY, /* the key asked for is none of its candidates */
	INGEST_OCCUPIED,    /* the key asked for is another message's */
	INGEST_FAILED, /* *err says why; the transaction must be rolled back */
} IngestResult;

/* A message, parsed and hashed once for all its lists. */
typedef struct {
	GBytes *raw;
	Msg *msg;
	Permalinks links;
	int64_t arrived;
	int64_t came;   /* when it came to whoever had it before us, for mail
			 * that is imported; else the same as arrived */
	int64_t raw_id; /* 0 until the first put stored the bytes */
	int64_t post;   /* that it is, or is a copy of, in the list of the
			 * last put that stored it or found it there */
	bool removed;   /* that one was, by the operator */
} IngestMsg;

/* Parse and hash raw, which came in at arrived.  Never NULL. */
IngestMsg *ingest_msg_new(GBytes *raw, int64_t arrived);
void ingest_msg_free(IngestMsg *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IngestMsg, ingest_msg_free)

/*
 * Put m into list within the transaction that the caller began.  asked
 * is the key (KEY_BYTES) that it shall have, or NULL to take the first
 * free candidate.  In key (KEY_LEN + 1) comes the permalink that it has,
 * for INGEST_STORED and INGEST_COPY.
 */
IngestResult ingest_put(Store *s, const StoreList *list, IngestMsg *m,
    const unsigned char *asked, char key[static KEY_LEN + 1], GError **err);

/* What ingest_put would do now, and for INGEST_STORED the permalink. */
IngestResult ingest_ask(Store *s, const StoreList *list, const IngestMsg *m,
    const unsigned char *asked, char key[static KEY_LEN + 1], GError **err);

/* Where a message is filed that came in at came: the sender's date,
 * unless it is missing, before 1970 or more than two days after came; then
 * came. */
int64_t ingest_date(const Msg *m, int64_t came);

#endif
