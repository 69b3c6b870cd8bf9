/*
 * pack.h - messages compressed one by one, with the store's dictionary.
 *
 * zstd frames with their size and checksum in them, and the number of the
 * dictionary that they need: any frame is readable as long as that
 * dictionary is kept.  Private to store/.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Pack Pack;

/* Never NULL; free with pack_free. */
Pack *pack_new(void);
void pack_free(Pack *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pack, pack_free)

/* Make frames that need dict readable; with use, later frames are made
 * with it.  Returns false with *err set to ERR_IO if it is none. */
bool pack_add_dict(Pack *p, GBytes *dict, bool use, GError **err);

/* Whether a dictionary is in use for new frames. */
bool pack_has_dict(const Pack *p);

/* Whether frames of the dictionary called id can be read; 0, none, always
 * can. */
bool pack_knows_dict(const Pack *p, uint32_t id);

/*
 * Compress raw.  *z_len is the length of the frame returned, which is
 * valid until the next call on p; NULL with *err set to ERR_IO if memory
 * is short.
 */
const void *pack_deflate(Pack *p, GBytes *raw, size_t *z_len, GError **err);

/* The number of the dictionary that a frame needs, or 0. */
uint32_t pack_dict_of(const void *z, size_t z_len);

/*
 * The size bytes in a frame.  NULL with *err set to ERR_IO if it is no
 * whole frame, its checksum or its size does not fit, or its dictionary
 * is not known.
 */
GBytes *pack_inflate(
    Pack *p, const void *z, size_t z_len, size_t size, GError **err);

/*
 * Train a dictionary of at most LIMIT_DICT_BYTES on samples that stand one
 * behind the other in bytes, sizes (size_t) telling where each ends.
 * NULL if they are too few or too much alike.  *id is its number.
 */
GBytes *pack_train(const GByteArray *bytes, const GArray *sizes, uint32_t *id);

#endif
