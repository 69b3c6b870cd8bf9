/* mbox.h - a thread as a gzipped mboxrd, made while it is sent. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_MBOX_H
#define HTTP_MBOX_H

#include "archive/read.h"
#include "http/response.h"

/* Set *out to the messages that take_posts (StoreArrival) names; s must
 * outlive the stream.  A message whose bytes can't be had ends it as
 * failed: the peer sees that it is cut off. */
void mbox_stream(Store *s, GArray *take_posts, ResponseStream *out);

#endif
