/*
 * stream.h - the bytes of a message that is too large to be held, a little
 * at a time.  Each is what archive/read.h gives of it whole.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_STREAM_H
#define ARCHIVE_STREAM_H

#include "mail/msg.h"
#include "store/store.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one holds is less than LIMIT_READER_BYTES. */
typedef struct Stream Stream;

void stream_free(Stream *st);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)

/*
 * The message as anyone may have it (read_raw_public), its size in *size;
 * s must outlive it.  Of a header longer than LIMIT_ALL_HEADER_BYTES that
 * beginning alone is looked through.  NULL with *err set: ERR_GONE, ERR_IO.
 */
Stream *stream_raw(Store *s, const Head *head, uint64_t *size, GError **err);

/* Of that its beginning, which has its header; or NULL. */
GBytes *stream_header(Store *s, const Head *head, GError **err);

/*
 * The message's bytes as they lie in it where a page may look: its header,
 * and of the parts of outline what part_choose_shown says, which this asks.
 * Elsewhere are zeros, which take no memory.  NULL with *err set: ERR_GONE,
 * ERR_IO.
 */
GBytes *stream_shown(Store *s, const Head *head, Msg *outline, GError **err);

/* The octets of p, a part of it (part_decode); *size is 0 where they are
 * encoded: how many they are is known at their end alone.  Octets that are
 * not encoded as p says are none. */
Stream *stream_part(Store *s, const Head *head, const Part *p, uint64_t *size);

/* Put the next max bytes into buf, or as many as there are; *n is how many.
 * False with *err set: ERR_IO, ERR_GONE. */
bool stream_read(Stream *st, char *buf, size_t max, size_t *n, GError **err);

/* Pass over the next n bytes. */
bool stream_skip(Stream *st, uint64_t n, GError **err);

#endif
