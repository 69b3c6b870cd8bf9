/*
 * fold.h - what a character is to search: part of a word, of a run without
 * spaces, or a break; and what it becomes there.
 *
 * Case, width and compatibility forms (NFKC) go from everything; diacritics
 * from Latin and Greek letters, points from Hebrew and Arabic ones.  In other
 * scripts a mark is part of the letter: "й" is no "и", "が" no "か".
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_FOLD_H
#define SEARCH_FOLD_H

#include <glib.h>

#include <stdint.h>

typedef enum {
	FOLD_BREAK,   /* no part of a word */
	FOLD_WORD,    /* a letter, a digit, a mark that makes a letter */
	FOLD_RUN,     /* of a script that does not part words: Han, kana, Thai,
		       * and Hangul, whose words have too many endings */
	FOLD_MARK,    /* joins the letter before it, or goes */
	FOLD_NOTHING, /* as if it were not there: a soft hyphen */
} FoldKind;

typedef struct {
	uint8_t kind; /* FoldKind */
	uint8_t low_len, fold_len;
	char low[6];  /* lower case, NFKC: what a stemmer wants */
	char fold[7]; /* the same without its diacritics */
} FoldChar;

typedef struct Fold Fold;

/* Free with fold_free. */
Fold *fold_new(void);
void fold_free(Fold *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fold, fold_free)

/* What c is.  Valid until the next call. */
const FoldChar *fold_find(Fold *f, gunichar c);

/* Behind the character at p.  (g_utf8_next_char casts const away.) */
static inline const char *
fold_next(const char *p)
{
	return p + g_utf8_skip[(uint8_t)*p];
}

/* The character that mark makes of base, or 0. */
gunichar fold_compose(gunichar base, gunichar mark);

#endif
