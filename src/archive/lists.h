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

/*
 * Read the addr-spec rcpt, with sender that of MAIL FROM and host what
 * the archive calls itself.  open_lists: an unknown list is added, its
 * policy private.
 * Returns false with *err set: ERR_NOTFOUND (no such list), ERR_SYNTAX
 * (no address), ERR_IO.
 */
bool lists_rcpt(Store *s, const char *rcpt, const char *sender,
    const char *host, bool open_lists, ListsRcpt *out, GError **err);

/* The list of a message by the List-Ids that it carries: the first that
 * is known, else (open_lists) the first one, added.  ERR_NOTFOUND. */
StoreList *lists_of_msg(Store *s, const Msg *m, bool open_lists, GError **err);

#endif
