/* range.h - which part of a file a request asks for (RFC 9110 section 14).
 * Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_RANGE_H
#define HTTP_RANGE_H

#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
	RANGE_ALL,  /* no range, or one that may be passed over: 200 */
	RANGE_PART, /* 206 */
	RANGE_NONE, /* no byte of it is there: 416 */
} RangeKind;

/*
 * Read the Range field's value (or NULL) about a file of size bytes; the
 * first and the last byte of a part go to *first and *last.  Several ranges
 * at once count as none (section 14.2: the field may be ignored).
 */
RangeKind range_read(
    const char *value, uint64_t size, uint64_t *first, uint64_t *last);

/*
 * Whether an If-Range value (or NULL) lets the range stand that came with
 * it: it is exactly the strong etag, which is without its quotes (section
 * 13.1.5).  A date never does: a second may see two states of a file.
 */
bool range_stands(const char *if_range, const char *etag);

/*
 * Which bytes of a body of size bytes q asks for, whose ETag
 * response_unchanged was told: n from first on.  Sets out's status and the
 * fields that go with it.  Returns false if that is none of them: a 416,
 * which has no body.
 */
bool range_choose(const Request *q, uint64_t size, uint64_t *first, uint64_t *n,
    Response *out);

#endif
