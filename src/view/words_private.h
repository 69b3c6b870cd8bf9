/* words_private.h - what tools/embed-words.py writes for words.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_WORDS_PRIVATE_H
#define VIEW_WORDS_PRIVATE_H

#include "view/words.h"

typedef struct {
	const char *english;
	unsigned int form; /* of those for numbers */
	const char *text;
} WordsRow;

struct Words {
	const char *tag, *name;
	const WordsRow *rows; /* by english, then form */
	size_t n_rows;
	unsigned int (*plural)(uint64_t n); /* the form for n */
};

/* All, NULL-ended. */
extern const Words *const words_tables[];

#endif
