/*
 * mbox.h - a thread, or months, as a compressed mboxrd, made while it is
 * sent.
 *
 * The mail is packed in pieces, each a gzip member (RFC 1952 section 2.2)
 * or a zstd frame (RFC 8878 section 3.1) of its own: a piece ends with the
 * message that makes it LIMIT_MBOX_PIECE_BYTES or more, and at the end of a
 * month.  So the bytes are a function of the mail alone, a whole list is
 * its months one after the other, and what is held for a peer is a piece.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_MBOX_H
#define HTTP_MBOX_H

#include "archive/read.h"
#include "http/response.h"

#include <stdbool.h>

typedef enum {
	MBOX_GZIP,
	MBOX_ZSTD,
} MboxForm;

/* ".gz" or ".zst", and the media type. */
const char *mbox_suffix(MboxForm form);
const char *mbox_type(MboxForm form);

/* What tells the bytes that this build makes of the same mail from another
 * build's, fit for an ETag.  Free with g_free. */
char *mbox_version(MboxForm form);

/* Set *out to the messages that take_posts (StoreArrival) names; s must
 * outlive the stream.  A message whose bytes can't be had ends it as
 * failed: the peer sees that it is cut off. */
void mbox_stream(
    Store *s, MboxForm form, GArray *take_posts, ResponseStream *out);

/*
 * The same of months (StoreMonth, newest first) of list, oldest first, one
 * after the other: what is known at once is one month's numbers, and each
 * read is a short one of its own, however slow the peer.
 */
void mbox_stream_months(Store *s, MboxForm form, int64_t list,
    GArray *take_months, ResponseStream *out);

#endif
