/*
 * tray.h - messages that came in faster than they can be filed.
 *
 * A post changes a page of most tables, wherever its digests and its author
 * fall in them, and each of those pages is written whole at every commit:
 * three times the message's own bytes, of 64 messages at once.  On the tray
 * a message costs its compressed bytes and a row; it is on disk and may be
 * answered.  Filed together a moment later, a thousand of them share those
 * pages.  Until then no page shows them.
 *
 * What a message will become was decided when it was laid there: what might
 * change that is dealt with after the tray was filed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_TRAY_H
#define LMTP_TRAY_H

#include "archive/ingest.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct LmtpTray LmtpTray;

/* On s, which must outlive it.  Never NULL. */
LmtpTray *lmtp_tray_new(Store *s);

/* Free t; what lies there stays in the store.  Does nothing if t is NULL. */
void lmtp_tray_free(LmtpTray *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpTray, lmtp_tray_free)

/* Take up what an earlier process left in the store. */
bool lmtp_tray_load(LmtpTray *t, GError **err);

/*
 * Lay m there, a message for list that shall have the key asked, or NULL,
 * within the transaction that the caller began.  In key comes the permalink
 * that it will have.  It is t's when lmtp_tray_keep was called behind the
 * commit; without, lmtp_tray_file is to be called next.
 *
 * Returns false, with *err set if something failed, where it must not lie
 * there: it is not new, or one that lies there has a name of its.
 */
bool lmtp_tray_put(LmtpTray *t, const StoreList *list, IngestMsg *m,
    const unsigned char *asked, char key[static KEY_LEN + 1], GError **err);
void lmtp_tray_keep(LmtpTray *t);

/* Whether a message there may get key in list. */
bool lmtp_tray_has(
    const LmtpTray *t, int64_t list, const unsigned char key[static KEY_BYTES]);

/* How many lie there, and whether they are to be filed now. */
size_t lmtp_tray_n(const LmtpTray *t);
bool lmtp_tray_is_full(const LmtpTray *t);

/*
 * Make posts of them, in one transaction.  One that can't be filed is left
 * in the store for the next process to try.  Returns false with *err set
 * where none was filed: all stay there.
 */
bool lmtp_tray_file(LmtpTray *t, GError **err);

#endif
