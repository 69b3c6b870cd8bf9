/*
 * pack.h - messages compressed one by one, with the store's dictionaries.
 *
 * A message is two zstd frames, its header and its body, since who shows a
 * text has no use for the header, half of a list's bytes; or one, where
 * either is empty, or an older felid made it.  Each frame has its size and
 * checksum in it, and the number of the dictionary that it needs: it is
 * readable as long as that dictionary is kept.  Private to store/.
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

typedef enum { PACK_HEADER, PACK_BODY, N_PACK_PARTS } PackPart;

/* Make frames that need dict readable, until LIMIT_DICTS others were added or
 * used since.  Returns false with *err set to ERR_IO if it is none. */
bool pack_add_dict(Pack *p, GBytes *dict, GError **err);

/* The same, and make later frames of that part with it. */
bool pack_use_dict(Pack *p, PackPart part, GBytes *dict, GError **err);

/* Whether dictionaries are in use for new frames. */
bool pack_has_dicts(const Pack *p);

/* Whether z is the whole frames of size bytes. */
bool pack_is_whole(const void *z, size_t z_len, int64_t size);

/* The number of a dictionary that the frames at z need and that is not there;
 * 0 if there is none. */
uint32_t pack_missing_dict(const Pack *p, const void *z, size_t z_len);

/*
 * Compress raw, whose body begins at body_off or at its end.  *z_len is the
 * length of the frames returned, which are valid until the next call on p;
 * NULL with *err set to ERR_IO if memory is short.
 */
const void *pack_deflate(
    Pack *p, GBytes *raw, size_t body_off, size_t *z_len, GError **err);

/*
 * The size bytes in the frames at z; or, with off, those of the body's
 * frame alone, *off being how many come before them: these should be read
 * and freed soon, others are faster then.  NULL with *err set to
 * ERR_IO if z is no whole frames, the checksum of one that is read or the
 * size of any does not fit, or a dictionary is not known.
 */
GBytes *pack_inflate(Pack *p, const void *z, size_t z_len, size_t size,
    size_t *off, GError **err);

/* A dictionary as it is kept, which is a third of its bytes; NULL with *err set
 * to ERR_IO if memory is short. */
GBytes *pack_deflate_dict(GBytes *dict, GError **err);

/* The same back: what is kept may be the dictionary itself. */
GBytes *pack_inflate_dict(const void *kept, size_t len, GError **err);

/* The frames of one message, a little at a time. */
typedef struct PackReader PackReader;

/* p must outlive it.  Never NULL; free with pack_reader_free. */
PackReader *pack_reader_new(Pack *p);
void pack_reader_free(PackReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackReader, pack_reader_free)

/* Bytes that are to be read, which a call moves on. */
typedef struct {
	const char *z;
	size_t len;
} PackInput;

/* Bytes that a call needs there at least, where as many are left. */
#define PACK_READ_MIN ((size_t)32)

/*
 * Take some bytes of in, and put up to max into out; *n is how many.  Nothing
 * comes, and nothing is taken, only at the end of what is there.  Returns
 * false with *err set to ERR_IO as pack_inflate does.
 */
bool pack_read(PackReader *r, PackInput *in, void *out, size_t max, size_t *n,
    GError **err);

/* The number of the dictionary that the next pack_read needs, where it is not
 * there; else 0. */
uint32_t pack_read_missing_dict(const PackReader *r, const PackInput *in);

/* Whether r is between two frames. */
bool pack_read_whole(const PackReader *r);

/*
 * Train a dictionary of at most LIMIT_DICT_BYTES, and an eighth of their size,
 * on samples that stand one behind the other in bytes, sizes (size_t) telling
 * where each ends.  NULL if they are too few or too much alike.  *id is its
 * number.
 */
GBytes *pack_train(const GByteArray *bytes, const GArray *sizes, uint32_t *id);

#endif
