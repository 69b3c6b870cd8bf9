/* lanes.h - sixteen bytes of a text looked at at once, whatever the machine
 * has. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include <glib.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A comparison of these is one too: all bits of a lane, or none.  Bytes that
 * are not ASCII are negative. */
typedef signed char Lanes __attribute__((vector_size(16)));

static inline Lanes
lanes_at(const char *p)
{
	Lanes v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* The first lane of hit, which came of a comparison, that has bits set;
 * sizeof(Lanes) if none has. */
static inline size_t
lanes_first(Lanes hit)
{
#ifdef __SSE2__
	/* In half of the instructions that the rest becomes. */
	unsigned int mask = (unsigned int)_mm_movemask_epi8((__m128i)hit);

	return mask != 0 ? (size_t)__builtin_ctz(mask) : sizeof hit;
#else
	uint64_t found[2];

	memcpy(found, &hit, sizeof found);
	if (G_LIKELY((found[0] | found[1]) == 0))
		return sizeof hit;
	if (found[0] != 0)
		return (size_t)__builtin_ctzll(GUINT64_FROM_LE(found[0])) / 8;
	return 8 + (size_t)__builtin_ctzll(GUINT64_FROM_LE(found[1])) / 8;
#endif
}

/* A bit for each lane of hit that has bits set, the first lane's lowest. */
static inline unsigned int
lanes_bits(Lanes hit)
{
#ifdef __SSE2__
	return (unsigned int)_mm_movemask_epi8((__m128i)hit);
#else
	unsigned int bits = 0;

	for (unsigned int i = 0; i < sizeof hit; i++)
		bits |= (unsigned int)(hit[i] & 1) << i;
	return bits;
#endif
}

#endif
