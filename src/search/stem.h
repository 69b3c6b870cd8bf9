/*
 * stem.h - words to their stems by libstemmer, and which language a text is
 * in.  Pure, but for a cache of what was stemmed before.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_STEM_H
#define SEARCH_STEM_H

#include <glib.h>

#include <stddef.h>

/* Languages that are told apart.  Those up to STEM_LAST_STEMMED have a
 * stemmer; words of the others are only folded. */
typedef enum {
	STEM_NONE, /* not known */
	STEM_EN,
	STEM_DE,
	STEM_FR,
	STEM_RU,
	STEM_ES,
	STEM_IT,
	STEM_NL,
	STEM_PT,
	STEM_SV,
	STEM_LAST_STEMMED = STEM_SV,
	STEM_CS,
	STEM_DA,
	STEM_FI,
	STEM_JA,
	STEM_KO,
	STEM_PL,
	STEM_UK,
	STEM_ZH,
	STEM_N_LANGS,
} StemLang;

/* A set of languages: these bits, or-ed. */
#define STEM_SET(lang) (1u << (unsigned int)(lang))

/* "de" for STEM_DE; NULL for STEM_NONE. */
const char *stem_code(StemLang lang);

/* The language of a code that may go on ("de-AT", "pt_BR.UTF-8"), in either
 * case; STEM_NONE if it is not known. */
StemLang stem_find(const char *code);

typedef struct Stemmer Stemmer;

/* Free with stem_free. */
Stemmer *stem_new(void);
void stem_free(Stemmer *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stemmer, stem_free)

/*
 * The stem of a word in lower case, NFC, of which len bytes are UTF-8: the
 * word itself where lang has no stemmer.  Valid until the next call;
 * *stem_len bytes, without a NUL.
 */
const char *stem_word(
    Stemmer *s, StemLang lang, const char *word, size_t len, size_t *stem_len);

/*
 * The language of a text by its script and its most frequent words; only the
 * beginning is looked at.  hint, what the message itself says or STEM_NONE,
 * decides where that leaves it open.  ASCII that tells nothing is taken for
 * English.
 */
StemLang stem_guess(
    const Stemmer *s, const char *text, size_t len, StemLang hint);

#endif
