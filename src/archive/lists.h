/* lists.h - which list a message or a reader means. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_LISTS_H
#define ARCHIVE_LISTS_H

#include "store/store.h"

#include <glib.h>

#include <stdbool.h>

/* What a recipient of LMTP stands for (docs/draft..., "Recipients"). */
typedef struct {
	StoreList *list; /* NULL: to be found by the message's List-Id */
	bool has_key;
	unsigned char key[KEY_BYTES];
} ListsRcpt;

void lists_rcpt_clear(ListsRcpt *r);

/* What a recipient is read by. */
typedef struct {
	const char *sender; /* addr-spec of MAIL FROM, or NULL */
	const char *host;   /* what the archive calls itself */
	bool open_lists;    /* an unknown list is added, its policy private */
} ListsAsk;

/*
 * Read the addr-spec rcpt:
 *
 *   a posting address     its list; that of a@b is also known by having
 *                         the List-Id a.b
 *   KEY@LIST-ID           that list, and the key
 *   archive@LIST-ID       that list
 *   KEY@host              the key; the list whose posting, -bounces or
 *                         -owner address the sender is, else NULL
 *   archive@host          list NULL: the message's List-Id says which
 *
 * in this order, letters in either case.
 * Returns true with *out to be cleared with lists_rcpt_clear, or false
 * with *err set: ERR_NOTFOUND (no such list), ERR_SYNTAX (no address, or
 * no list can have that name), ERR_BUSY, ERR_IO.
 */
bool lists_rcpt(Store *s, const char *rcpt, const ListsAsk *ask, ListsRcpt *out,
    GError **err);

/* The list of a message by the List-Ids that it carries: the first that
 * is known, else (open_lists) the first one, added.  ERR_NOTFOUND. */
StoreList *lists_of_msg(Store *s, const Msg *m, bool open_lists, GError **err);

#endif
