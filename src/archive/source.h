/*
 * source.h - a file of mail as a stream of bytes, whatever it is packed in.
 *
 * What a file is shows in its first bytes, not in its name: gzip (RFC
 * 1952, any number of members), zstd (RFC 8878, any number of frames), or
 * neither, and then it is read as it is.  A few other packings are known
 * by sight, to say what to do about them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SOURCE_H
#define ARCHIVE_SOURCE_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Source Source;

/*
 * Open the file at path; "-" is standard input.
 *
 * Returns a source to be closed with source_close, or NULL with *err set:
 *   ERR_NOTFOUND	there is no such file
 *   ERR_SYNTAX	it is packed in a way that is not read here
 *   ERR_IO	it cannot be read
 */
Source *source_open(const char *path, GError **err);

/* Close s and free it.  Does nothing if s is NULL. */
void source_close(Source *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_close)

/*
 * The next bytes in *data, which are valid until the next call on s, and
 * how many in *len: 0 at the end.
 *
 * Returns false with *err set: ERR_IO, or ERR_SYNTAX where what is packed
 * is damaged or cut off.  All that could be read before was given out.
 */
bool source_read(Source *s, const char **data, size_t *len, GError **err);

/* Have the next bytes be those from off on; where the file is packed, or no
 * file, nothing happens.  Not to be called by who needs every byte. */
void source_seek(Source *s, uint64_t off);

/* How many bytes of the file, as it lies on disk, were read so far. */
uint64_t source_done(const Source *s);

#endif
