/* mbox.h - a thread, or months, as a gzipped mboxrd, made while it is sent. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_MBOX_H
#define HTTP_MBOX_H

#include "archive/read.h"
#include "http/response.h"

/* Set *out to the messages that take_posts (StoreArrival) names; s must
 * outlive the stream.  A message whose bytes can't be had ends it as
 * failed: the peer sees that it is cut off. */
void mbox_stream(Store *s, GArray *take_posts, ResponseStream *out);

/*
 * The same of months (StoreMonth, newest first) of list, oldest first, one
 * after the other: what is known at once is one month's numbers, and each
 * read is a short one of its own, however slow the peer.
 */
void mbox_stream_months(
    Store *s, int64_t list, GArray *take_months, ResponseStream *out);

#endif
