/*
 * thread.h - References to a forest: RFC 5256 section 3 (REFERENCES),
 * without its subject step.  A pure algorithm over numbers.
 *
 * An id here is the first 64 bits of the SHA-256 of a Message-ID.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_THREAD_H
#define MAIL_THREAD_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the algorithm is told of one message. */
typedef struct {
	uint64_t id;          /* 0: it has no Message-ID */
	const uint64_t *refs; /* ancestors, oldest first */
	size_t n_refs;
	int64_t date;
} ThreadMsg;

/* One line of the drawn thread, in the order of reading. */
typedef struct {
	size_t msg;         /* index into the messages; THREAD_GHOST: a ghost */
	uint64_t id;        /* the id of a ghost: referred to, never seen */
	unsigned int depth; /* 0: a root */
	size_t parent;      /* index of the parent's row; THREAD_GHOST: none */
} ThreadRow;

#define THREAD_GHOST SIZE_MAX

/* Whether a ghost of that id is known of, so that it stands where anything
 * answers it. */
typedef bool (*ThreadKnown)(uint64_t id, void *user);

/* The first 64 bits of the SHA-256 of a Message-ID; never 0. */
uint64_t thread_id(const char *message_id);

/*
 * The forest of n messages in reading order (siblings by date, then by
 * index; a ghost counts as its first child): every message stands in it
 * exactly once.
 *
 * A message's own refs decide about its parent: the last one that makes
 * no circle.  Where those of other messages name the ancestors of a ghost,
 * or of a message without refs, they are believed.  Of several messages
 * with one id the first is the one that is replied to; one of the others
 * that has no refs stands beside it.
 *
 * A ghost stands only where it holds two or more children together, or at
 * the root; of a row of ghosts at the root with one child each, only the
 * lowest.  One that is known stands in any case; known, which may be NULL,
 * is asked once of each that is answered, those that stand anyway included.
 *
 * Time: n log n, and linear in the refs, whatever they are; no recursion.
 * An array of ThreadRow; free with g_array_unref.
 */
GArray *thread_forest(
    const ThreadMsg *msgs, size_t n, ThreadKnown known, void *user);

#endif
