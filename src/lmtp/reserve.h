/* reserve.h - keys that RCPT promised to a transaction that is open. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_RESERVE_H
#define LMTP_RESERVE_H

#include "mail/permalink.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct LmtpReserve LmtpReserve;

/* None are reserved.  Never NULL. */
LmtpReserve *lmtp_reserve_new(void);

/* Does nothing if r is NULL. */
void lmtp_reserve_free(LmtpReserve *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpReserve, lmtp_reserve_free)

/* Whom key of list is promised to, or NULL. */
const void *lmtp_reserve_owner(const LmtpReserve *r, int64_t list,
    const unsigned char key[static KEY_BYTES]);

/* Promise key of list to owner, once or again.  Returns false if it is
 * promised to another. */
bool lmtp_reserve_take(LmtpReserve *r, int64_t list,
    const unsigned char key[static KEY_BYTES], const void *owner);

/* Take the promise back, if it was made to owner. */
void lmtp_reserve_drop(LmtpReserve *r, int64_t list,
    const unsigned char key[static KEY_BYTES], const void *owner);

#endif
