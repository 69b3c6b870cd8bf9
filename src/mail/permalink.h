/*
 * permalink.h - the names of a message that anyone can compute.
 *
 * Pure: no store, no clock, no configuration.  contrib/mailman computes
 * the same from the same headers; tests/vectors/permalink.tsv is the
 * contract between the two, and docs/draft-felid-hashed-message-id.md
 * says it in words.  Nothing else in the project computes a key.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_PERMALINK_H
#define MAIL_PERMALINK_H

#include "mail/msg.h"

/* A key is the first 160 bits of a digest: 32 base32 digits. */
#define KEY_BYTES 20
#define KEY_LEN 32
/* Digits of a whole SHA-256 digest. */
#define DIGEST_BYTES 32
#define DIGEST_LEN 52

/* Which of a message's names a key is. */
typedef enum {
	KEY_ID,         /* of the Message-ID */
	KEY_ORIGINATOR, /* of author, date, recipients and subject */
	KEY_CONTENT,    /* of those and the decoded body */
	KEY_LEGACY,     /* SHA-1, Mailman's Message-ID-Hash: looked up only */
	KEY_LEGACY_ID,  /* SHA-1 of the octets that KEY_ID is of: looked up only
			 */
	N_KEYS,
} KeyKind;

/*
 * Of "Message-ID:\r\n <id@host>", which Exchange writes, Python before
 * 3.12.8 hands Mailman the fold too, so that its brackets stay and are
 * hashed; later ones take the fold off.  KEY_LEGACY is the former reading,
 * KEY_LEGACY_ID the latter, there only where the two differ.
 */
typedef struct {
	bool has[N_KEYS]; /* id and legacy: only with a Message-ID */
	/* Whole digests; of the legacy ones, 20 octets. */
	unsigned char digest[N_KEYS][DIGEST_BYTES];
} Permalinks;

/* All digests of the message raw, of which m is the parse. */
void permalink_compute(GBytes *raw, const Msg *m, Permalinks *out);

/* All but the content digest, from the header alone: for feeders. */
void permalink_of_header(const char *msg, size_t len, Permalinks *out);

/* The canonical originator text (for tests and people); g_free. */
char *permalink_originator_text(const char *msg, size_t len);

/* The id and legacy digests of a bare id (octets without brackets), for
 * a copy's Message-ID and for look-ups by raw Message-ID. */
void permalink_of_id(const char *id, Permalinks *out);

/* The one of them that kind names. */
void permalink_digest_of_id(
    const char *id, KeyKind kind, unsigned char digest[static DIGEST_BYTES]);

/* Write key KEY_LEN digits and a NUL to out: lower case; the legacy hash,
 * too, since that is how URLs write it. */
void permalink_key(
    const unsigned char digest[static KEY_BYTES], char out[static KEY_LEN + 1]);

#endif
