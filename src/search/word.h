/*
 * word.h - one word of a text, as it is read and folded: for token.c.  Pure.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_WORD_H
#define SEARCH_WORD_H

#include "base/limits.h"
#include "search/fold.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the characters of a word are. */
enum {
	HAS_DIGIT = 1,
	HAS_HEX = 2,   /* a-f */
	HAS_LOWER = 4, /* g-z */
	HAS_UPPER = 8,
	HAS_WIDE = 16, /* beyond ASCII */
};

/* For each octet of ASCII; 0 if it is no letter or digit. */
extern const uint8_t word_has[128];

/* Room for a term and the character that makes it too long. */
#define WORD_BYTES (LIMIT_TERM_BYTES + sizeof(((FoldChar *)NULL)->fold))

/* A word as it is read.  One that does not fit has len above
 * LIMIT_TERM_BYTES, and only the beginning is there. */
typedef struct {
	const char *from, *to; /* in the text */
	size_t len, low_len;
	uint8_t has;
	char fold[WORD_BYTES];
	char low[WORD_BYTES]; /* where has is HAS_WIDE; else it is fold */
} Word;

/* Whether a letter or a digit stands at p of a text that ends at end. */
bool word_at(Fold *f, const char *p, const char *end);

/* Read the word at p into w.  Returns where it ends, at the next character
 * that is no part of it. */
const char *word_read(Fold *f, const char *p, const char *end, Word *w);

/* The word in lower case with its diacritics: low_len bytes. */
static inline const char *
word_low(const Word *w)
{
	return (w->has & HAS_WIDE) != 0 ? w->low : w->fold;
}

/* Letters and digits of one word from which on it may be noise: shorter ones
 * are names of chips and variables. */
#define WORD_NOISE_BYTES 24u

/* Text that people do not write: of letters in both cases and digits that
 * change as in base64, where two of three neighbours differ. */
bool word_is_random(const char *p, const char *to);

/* Whether w is fit to be a term. */
bool word_gives_term(const Word *w);

#endif
