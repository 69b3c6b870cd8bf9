/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.h - text that is made up, for make_mail: words as often as Zipf
 * says, phrases that come again, names, and what looks like code.
 *
 * The same seed gives the same text, so that a reply can quote what it
 * answers without that being kept.
 */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include <glib.h>

#include <stddef.h>
#include <stdint.h>

#define WORDS_N 300000U

typedef struct Rng {
	uint64_t state;
} Rng;

typedef struct Words Words;

/* A generator for what seed and n name together. */
Rng rng_of(uint64_t seed, uint64_t n);

uint64_t rng_next(Rng *r);

/* A number below n, which is not 0. */
uint32_t rng_below(Rng *r, uint32_t n);

/* A number of [0, 1). */
double rng_unit(Rng *r);

/* A number with the median given whose logarithm has the deviation sigma. */
double rng_lognormal(Rng *r, double median, double sigma);

/* A number below n, the lower the more often: rank k with 1 / (k + 1). */
uint32_t rng_zipf(Rng *r, uint32_t n);

Words *words_new(void);

void words_free(Words *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Words, words_free)

/* What text, patches and subjects are of from now on. */
void words_set_topic(Words *w, uint64_t topic);

/* The word of a rank below WORDS_N, 0 being the most frequent; w's. */
const char *words_at(const Words *w, uint32_t rank);

/* n words at random, as a subject has them. */
void words_add(const Words *w, Rng *r, unsigned int n, GString *out);

/* The first n lines of the text called seed, each behind prefix. */
void words_text(const Words *w, uint64_t seed, unsigned int n,
    const char *prefix, GString *out);

/* A patch of about n lines. */
void words_patch(const Words *w, Rng *r, unsigned int n, GString *out);

/* The name of somebody called n, and the address, which has no space. */
void words_name(const Words *w, uint32_t n, GString *out);
void words_address(const Words *w, uint32_t n, GString *out);

/* n characters of base 64 in lines of 72, each behind prefix. */
void words_base64(Rng *r, size_t n, const char *prefix, GString *out);

#endif
