/*
 * deliver.h - what the archive answers to recipients and messages.
 *
 * The rules of docs/draft-felid-hashed-message-id.md, "Over LMTP", on the
 * store; no connections here.  Messages are gathered in a group that is
 * committed at once: one fsync for all, and only then is any of them
 * answered.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_DELIVER_H
#define LMTP_DELIVER_H

#include "archive/lists.h"
#include "base/conf.h"

#include <glib.h>

#include <stddef.h>

typedef struct LmtpDeliver LmtpDeliver;

/* One reply: 250, "2.1.5", "text". */
typedef struct {
	unsigned int code;
	const char *status;
	char *text; /* g_free */
} LmtpAnswer;

void lmtp_answer_clear(LmtpAnswer *a);

/* A transaction: its accepted recipients, and in the end its message. */
typedef struct LmtpTransaction LmtpTransaction;

/* Told once of each transaction that was added, when its n answers are
 * known; they are the callee's for the call only. */
typedef void LmtpAnswered(void *arg, const LmtpAnswer *answers, size_t n);

/* On s, which must outlive it, as must conf; files what an earlier one had
 * to leave unfiled.  Never NULL. */
LmtpDeliver *lmtp_deliver_new(Store *s, const Conf *conf);

/* Free d, when it has no transaction any more.  Does nothing if d is
 * NULL. */
void lmtp_deliver_free(LmtpDeliver *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpDeliver, lmtp_deliver_free)

/* A transaction without recipients; answered is called with arg. */
LmtpTransaction *lmtp_transaction_new(
    LmtpDeliver *d, LmtpAnswered *answered, void *arg);

/* Free t, and let go of what it reserved.  It may be freed while its
 * message waits for the commit: the message is archived, and answered is
 * not called.  Does nothing if t is NULL. */
void lmtp_transaction_free(LmtpTransaction *t);

/* Begin it anew: without recipients, and nothing reserved. */
void lmtp_transaction_reset(LmtpTransaction *t);

/* Answer RCPT TO:<rcpt> after MAIL FROM:<sender>, in *out.  With a code
 * below 300 the recipient is one of t's, and its key reserved for it. */
void lmtp_transaction_rcpt(
    LmtpTransaction *t, const char *rcpt, const char *sender, LmtpAnswer *out);

/* Add t with its message, of which it keeps a reference, to the group. */
void lmtp_transaction_message(LmtpTransaction *t, GBytes *raw);

/* How many messages wait for the commit, and how many milliseconds the
 * first of them has. */
size_t lmtp_deliver_n_waiting(const LmtpDeliver *d);
int64_t lmtp_deliver_age_ms(const LmtpDeliver *d);

/*
 * Archive all messages of the group in one transaction of the store, and
 * answer them.  Where one of them can't be stored each is tried by itself,
 * so that none fails for another's sake; where the store can't be written
 * or the commit fails nothing was stored, and all are answered 4xx.
 *
 * While large groups follow one another their messages are stored unfiled
 * (lmtp/tray.h).  They are filed when there are enough, when the groups have
 * become smaller, or when lmtp_deliver_file is called.
 */
void lmtp_deliver_commit(LmtpDeliver *d);

/* How many messages are stored and not filed; file them.  What can't be
 * filed is logged, and tried again. */
size_t lmtp_deliver_n_unfiled(const LmtpDeliver *d);
void lmtp_deliver_file(LmtpDeliver *d);

#endif
