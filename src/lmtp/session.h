/*
 * session.h - one LMTP conversation, the server's side, as a pure machine:
 * bytes in, bytes and events out.  No socket, no clock, no store, so that
 * a test or a fuzzer holds a whole conversation in memory.
 *
 * RFC 2033 with 5321, 1870 (SIZE), 2034 (ENHANCEDSTATUSCODES), 2920
 * (PIPELINING), 3030 (CHUNKING, BINARYMIME), 6152 (8BITMIME), 6531
 * (SMTPUTF8).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_SESSION_H
#define LMTP_SESSION_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct LmtpSession LmtpSession;

typedef enum {
	LMTP_MORE,    /* nothing to do until more bytes come */
	LMTP_RCPT,    /* answer lmtp_session_rcpt with lmtp_session_reply */
	LMTP_MESSAGE, /* answer for each accepted recipient, in order */
	LMTP_RESET,   /* the transaction ended without a message: let go of
		       * what its recipients reserved; needs no answer */
	LMTP_CLOSE,   /* send what is in out, then close: a transaction that
		       * was open is over */
} LmtpEvent;

typedef struct {
	const char *host;     /* what we call ourselves */
	size_t message_bytes; /* largest message */
	/* Bytes that all sessions together may still hold; or NULL.  A
	 * message that finds no room is refused for a time, 452 4.3.1. */
	size_t *room;
} LmtpLimits;

/* A new session, its greeting already in its output.  Never NULL.  limits
 * is read while it lives. */
LmtpSession *lmtp_session_new(const LmtpLimits *limits);

/* Free s.  Does nothing if s is NULL. */
void lmtp_session_free(LmtpSession *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpSession, lmtp_session_free)

/*
 * Take bytes from data until an event is due or they are used up, and
 * set *used to how many were taken.  Call again with the rest.  While an
 * answer is due none are taken, and after LMTP_CLOSE none ever.
 */
LmtpEvent lmtp_session_feed(
    LmtpSession *s, const char *data, size_t len, size_t *used);

/* Of the event LMTP_RCPT: the address, and MAIL FROM's ("" for <>).
 * Owned by s, valid until the next feed. */
const char *lmtp_session_rcpt(const LmtpSession *s);
const char *lmtp_session_sender(const LmtpSession *s);

/* Of LMTP_MESSAGE: the message's exact bytes (the caller unrefs them) and
 * how many recipients were accepted: as many answers are due. */
GBytes *lmtp_session_message(LmtpSession *s);
size_t lmtp_session_n_rcpts(const LmtpSession *s);

/*
 * Answer LMTP_RCPT, or LMTP_MESSAGE for the next recipient.  status is an
 * enhanced code ("2.1.5"), or NULL for none; control characters in text
 * become spaces.  A recipient is accepted by a code below 300.  After the
 * last answer the session takes bytes again.
 */
void lmtp_session_reply(
    LmtpSession *s, unsigned int code, const char *status, const char *text);

/* Say 421 and end, for time-outs and shutdown; not while an answer to
 * LMTP_MESSAGE is due.  The next feed returns LMTP_CLOSE. */
void lmtp_session_close(LmtpSession *s, const char *status, const char *text);

/* What is to be sent.  Owned by s; the caller erases what it has sent. */
GString *lmtp_session_out(LmtpSession *s);

#endif
