/*
 * mbox.h - a thread, or months, as a compressed mboxrd, made while it is
 * sent.
 *
 * The mail is packed in pieces, each a gzip member (RFC 1952 section 2.2)
 * or a zstd frame (RFC 8878 section 3.1) of its own: a piece ends with the
 * message, or the 64 KiB of a large one, that make it LIMIT_MBOX_PIECE_BYTES
 * or more, and at the end of a month.  So the bytes are a function of the mail
 * alone, a whole list is its months one after the other, and what is held for a
 * peer is a piece.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_MBOX_H
#define HTTP_MBOX_H

#include "archive/read.h"
#include "http/keep.h"
#include "http/response.h"

#include <stdbool.h>

typedef enum {
	MBOX_GZIP,
	MBOX_ZSTD,
} MboxForm;

/* ".gz" or ".zst", and the media type. */
const char *mbox_suffix(MboxForm form);
const char *mbox_type(MboxForm form);

/* Set *out to the messages that take_posts (StoreArrival) names; s must
 * outlive the stream.  A message whose bytes can't be had ends it as
 * failed: the peer sees that it is cut off. */
void mbox_stream(
    Store *s, MboxForm form, GArray *take_posts, ResponseStream *out);

/* Months (StoreMonth, newest first) of a list as one mailbox. */
typedef struct {
	int64_t list;
	MboxForm form;
	const GArray *months;
	bool cut;         /* of them what is filed in [from, to) alone: */
	int64_t from, to; /* a month of which not all is wanted is not kept */
} MboxMonths;

/*
 * What tells the bytes of m from those that it had or will have: a month's
 * stays while no mail comes into it or goes, whatever comes into the list.
 * Fit for an ETag.  Free with g_free.
 */
char *mbox_tag(const MboxMonths *m);

/* Whether all of m is kept; its size then goes to *size. */
bool mbox_find(const MboxMonths *m, const Keep *keep, uint64_t *size);

/* m, which is one month, opened as a file; -1 where it is not kept. */
int mbox_open(const MboxMonths *m, const Keep *keep);

/*
 * Set *out to m from byte from on: its months one after the other, oldest
 * first, each as it is kept, or made anew and, where keep is not NULL, kept
 * once it is whole.  What is known at once is one month's numbers, and each
 * read is a short one of its own, however slow the peer; what comes in
 * meanwhile is left out.  What goes meanwhile ends it as failed.
 * Returns false with *err set: ERR_IO.
 */
bool mbox_stream_months(Store *s, const MboxMonths *m, Keep *keep,
    uint64_t from, ResponseStream *out, GError **err);

#endif
