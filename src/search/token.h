/*
 * token.h - text to terms.
 *
 * One tokenizer for documents, queries and snippets, whatever the store: a
 * full-text index never sees text, only terms.  They are handed over as a
 * term stream:
 *
 *	term LF          at the next place
 *	TAB term LF      at the same place as the one before
 *
 * The terms of a text:
 *
 * - a word, folded (search/fold.h): "Café" is "cafe".  Always.
 * - "Z" and its stem, also folded, at the same place, of a text whose
 *   language has a stemmer; not if the word is the stem, the stem and "e", or
 *   the stem with "y" for its last "i": a query asks for those too.
 *   Upper case is never in any other term.
 * - what is written in one piece ("CVE-2024-1086", "sk_buff->len",
 *   "a.b@example.org", "net/ipv4/tcp.c"): its parts one after the other, and
 *   the whole at the place of the first (where that is of use: token.c).
 * - a run of a script without spaces: each two characters that follow each
 *   other, at consecutive places; the last character alone at the place of
 *   the last two.  So a run of a query, as a phrase of its pairs, is found
 *   exactly where it stands, and a single character as a prefix.
 * - a word that is hyphenated at the end of a line: its two parts, and
 *   the word at the place of the first.
 *
 * Not terms: the scheme of a URL, what follows its "?" but for numbers;
 * English "'s" and French "l'"; lines of base64 and long words as random as
 * those; words of more than LIMIT_TERM_BYTES.
 *
 * Pure, but for tables and a cache in the Tokenizer.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_TOKEN_H
#define SEARCH_TOKEN_H

#include "search/stem.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

/* To be kept with an index: one of another version is to be made anew. */
#define TOKEN_VERSION 2

/* What of the above a text gets.  Each is a trade of what is found for the
 * size of the index; the figures are in token.c. */
typedef enum {
	TOKEN_PROSE,  /* all */
	TOKEN_QUOTED, /* no stems, no wholes but hyphenated words */
	TOKEN_CODE,   /* no stems, no wholes: lines of a diff */
	TOKEN_NAME,   /* no stems: people, addresses, files */
	TOKEN_QUERY,  /* as a phrase to look for: see token_each */
	TOKEN_PREFIX, /* the same of how a word begins ("nf_ta", "CVE-2024-"):
		       * the last place is to be matched as a prefix */
} TokenKind;

typedef struct {
	TokenKind kind;
	unsigned int langs; /* STEM_SET of a document's language; of all that
			     * a query may be in */
	const char *text;   /* valid UTF-8 */
	size_t len;
} TokenText;

typedef struct {
	const char *term; /* len bytes, no NUL; valid during the call */
	size_t len;
	size_t off, end; /* where in the text it stands */
	bool same_place; /* as the token before */
	bool stem;       /* another form of the word there */
	bool prefix;     /* of a query: terms that begin with it are meant, a
			  * single character of a run or a commit's id */
} Token;

typedef void (*TokenFn)(void *arg, const Token *token);

typedef struct Tokenizer Tokenizer;

/* Free with token_free. */
Tokenizer *token_new(void);
void token_free(Tokenizer *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tokenizer, token_free)

/* The stemmer within, for stem_guess. */
Stemmer *token_stemmer(Tokenizer *t);

/* Begin a document or a query: from here on LIMIT_INDEX_TERMS terms are
 * given, then no more.  token_new has done it. */
void token_restart(Tokenizer *t);

/* How many terms may still come. */
size_t token_left(const Tokenizer *t);

/*
 * Give every term of in to fn.
 *
 * TOKEN_QUERY gives what the terms of documents are to be matched with: each
 * place of a phrase, with all that may stand there (the word, its stems with
 * "Z" and without).  Something written in one piece is the phrase of its
 * parts, which finds the piece within longer ones; "C++" is its whole alone.
 * A word of no term (too long, noise) gives none.  Without langs, exact forms
 * alone are asked for.  Of TOKEN_PREFIX there are no stems, and something
 * written in one piece whose last word is too short to be a prefix is its
 * whole, which TOKEN_QUOTED and TOKEN_CODE have not.
 */
void token_each(Tokenizer *t, const TokenText *in, TokenFn fn, void *arg);

/* The same as a term stream, appended to out. */
void token_append(Tokenizer *t, const TokenText *in, GString *out);

#endif
