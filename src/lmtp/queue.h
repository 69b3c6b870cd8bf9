/*
 * queue.h - the spool: what is to be sent, when next, and setting aside.
 *
 * A spool is a folder with three in it.  Whoever hands a message over
 * writes it to a file in tmp, syncs it and renames it into new; it stays
 * there until the archive has it.  What the archive will not have goes to
 * failed, with its reason beside it in NAME.reason.  Names sort by age.
 *
 * A file begins with an envelope and goes on with the message's exact
 * bytes; felid-forward(1) tells feeders so:
 *
 *	felid-spool-1
 *	list-id: LIST-ID
 *	sender: ADDRESS
 *	(an empty line)
 *
 * A queue knows the names alone: a message is read when its turn comes.
 * How often a message was tried is forgotten when the process ends.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_QUEUE_H
#define LMTP_QUEUE_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	char *list_id; /* lower case */
	char *sender;  /* an address without brackets; may be "" */
	GBytes *message;
} LmtpMail;

/*
 * Read the file of a spool.  Returns a mail to be freed with
 * lmtp_mail_free, or NULL with *err set to ERR_SYNTAX.
 */
LmtpMail *lmtp_mail_parse(GBytes *file, GError **err);

/* Free m.  Does nothing if m is NULL. */
void lmtp_mail_free(LmtpMail *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpMail, lmtp_mail_free)

typedef struct LmtpQueue LmtpQueue;

/*
 * Open the spool in the folder dir, making what is not there, and watch
 * it.  Returns a queue, empty before its first scan, to be closed with
 * lmtp_queue_close, or NULL with *err set to ERR_IO.
 */
LmtpQueue *lmtp_queue_open(const char *dir, GError **err);

/* Close q; the files stay.  Does nothing if q is NULL. */
void lmtp_queue_close(LmtpQueue *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpQueue, lmtp_queue_close)

/* A descriptor that can be read when lmtp_queue_take_news should be
 * called; -1 where the kernel has no watching to give.  Owned by q. */
int lmtp_queue_fd(const LmtpQueue *q);

/* Add what the watched folder got since the last call. */
void lmtp_queue_take_news(LmtpQueue *q);

/* Look through the folder for what was not noticed.  Returns false with
 * *err set to ERR_IO. */
bool lmtp_queue_scan(LmtpQueue *q, GError **err);

/* How many messages wait, due or not. */
size_t lmtp_queue_count(const LmtpQueue *q);

/*
 * The name of the message whose turn it is: of those that are due now (by
 * clock_mono_ms), the one that is due for longest.  NULL if none is.
 * Owned by q, valid until that message is done, set aside or gone.
 */
const char *lmtp_queue_next(const LmtpQueue *q);

/* Milliseconds until a message is due: 0 now, -1 never. */
int lmtp_queue_wait_ms(const LmtpQueue *q);

/*
 * Read the message called name.  Free with lmtp_mail_free; or NULL with
 * *err set:
 *   ERR_NOTFOUND	the file is gone, and so is its place in q
 *   ERR_SYNTAX		it is none of a spool's: to be set aside
 *   ERR_LIMIT		it is larger than a message may be: likewise
 *   ERR_IO		it cannot be read: to be tried later
 */
LmtpMail *lmtp_queue_load(LmtpQueue *q, const char *name, GError **err);

/* The archive has it: remove it.  Returns false with *err set to ERR_IO,
 * and it is out of q all the same. */
bool lmtp_queue_done(LmtpQueue *q, const char *name, GError **err);

/* Try it again later: after LIMIT_RETRY_FIRST_S, then twice that and so on
 * up to LIMIT_RETRY_MAX_S; or only after that, if long_wait. */
void lmtp_queue_later(LmtpQueue *q, const char *name, bool long_wait);

/* The archive will never have it: move it to failed, with why.  Returns
 * false with *err set to ERR_IO; it is then tried again later. */
bool lmtp_queue_set_aside(
    LmtpQueue *q, const char *name, const char *why, GError **err);

/*
 * Milliseconds to wait before try number n_failed + 1 (n_failed at least
 * 1): LIMIT_RETRY_FIRST_S doubled with each failure up to
 * LIMIT_RETRY_MAX_S, less up to a quarter by chance, so that many feeders
 * do not come back at once.
 */
int lmtp_queue_backoff_ms(unsigned int n_failed);

#endif
