/*
 * client.h - one LMTP conversation, the client's side, as a pure machine:
 * bytes in, bytes and events out.  No socket, no clock, no spool, and no
 * opinion on permalinks: it is told which recipient to try, and says what
 * came of it.  One recipient a message.
 *
 * RFC 2033 with 5321, and of what the server offers: 1870 (SIZE), 2920
 * (PIPELINING), 3030 (CHUNKING, BINARYMIME), 6152 (8BITMIME).
 *
 * The message goes by DATA with every line end as CRLF.  One with a NUL
 * or a CR that no LF follows would not survive that: it goes by BDAT, as
 * it is, where the server offers CHUNKING.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_CLIENT_H
#define LMTP_CLIENT_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct LmtpClient LmtpClient;

typedef enum {
	LMTP_CLIENT_MORE,     /* nothing to do until more bytes come */
	LMTP_CLIENT_READY,    /* greeted: lmtp_client_begin or _quit may come */
	LMTP_CLIENT_OCCUPIED, /* that key is taken: name another recipient
			       * with lmtp_client_try, or NULL */
	LMTP_CLIENT_DONE,     /* lmtp_client_outcome says how it went; the next
			       * message may begin */
	LMTP_CLIENT_CLOSE,    /* the conversation is over: send what is in
			       * out, then close.  A message that was begun and
			       * has not had DONE is still to be sent */
} LmtpClientEvent;

typedef enum {
	LMTP_OUTCOME_STORED,  /* 250 after the message */
	LMTP_OUTCOME_HELD,    /* lmtp_client_try was told NULL */
	LMTP_OUTCOME_LATER,   /* a 4xx reply: to be sent again */
	LMTP_OUTCOME_NO_RCPT, /* a 5xx reply before the message was seen: no
			       * such list, or another thing that an operator
			       * has to set right */
	LMTP_OUTCOME_REFUSED, /* the archive will not have this message: 5xx
			       * to its content, or 552 to its size */
} LmtpOutcome;

/* A new conversation, before the server's greeting; we are host in LHLO.
 * Never NULL. */
LmtpClient *lmtp_client_new(const char *host);

/* Free c.  Does nothing if c is NULL. */
void lmtp_client_free(LmtpClient *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpClient, lmtp_client_free)

/*
 * Take bytes from data until an event is due or they are used up, and
 * set *used to how many were taken.  Call again with the rest; after
 * LMTP_CLIENT_CLOSE, do not.
 */
LmtpClientEvent lmtp_client_feed(
    LmtpClient *c, const char *data, size_t len, size_t *used);

/*
 * Send message from sender ("" for <>) to rcpt: allowed after READY and
 * after DONE.  Both addresses are without angle brackets and have been
 * looked at by lmtp_client_is_address.  A reference to message is kept
 * until DONE.
 */
void lmtp_client_begin(
    LmtpClient *c, const char *sender, const char *rcpt, GBytes *message);

/* Answer OCCUPIED with the next recipient; or with NULL: every one is
 * taken, DONE with LMTP_OUTCOME_HELD follows. */
void lmtp_client_try(LmtpClient *c, const char *rcpt);

/* Whether address may stand in MAIL FROM or RCPT TO: printable, without
 * spaces and angle brackets, and no longer than a path may be. */
bool lmtp_client_is_address(const char *address);

/* Say QUIT: allowed after READY and after DONE; CLOSE follows. */
void lmtp_client_quit(LmtpClient *c);

/* Of DONE. */
LmtpOutcome lmtp_client_outcome(const LmtpClient *c);

/*
 * The reply that decided DONE or CLOSE, as one line of valid UTF-8, or
 * what was wrong with it.  Owned by c, valid until the next feed.
 */
const char *lmtp_client_why(const LmtpClient *c);

/* What is to be sent.  Owned by c; the caller erases what it has sent. */
GString *lmtp_client_out(LmtpClient *c);

#endif
