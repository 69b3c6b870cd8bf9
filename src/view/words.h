/*
 * words.h - the words of the interface in the reader's language.
 *
 * English stands in the code and is the key to the others, which are
 * gettext catalogues (po/LANGUAGE.po) that the build turns into tables.
 * The C library's gettext is not called: it knows one language a process,
 * and only those whose locale the machine has.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_WORDS_H
#define VIEW_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A language; NULL is English.  They live as long as the program. */
typedef struct Words Words;

/* The languages besides English by their tags' order; NULL-ended. */
const Words *const *words_all(void);

/* The language whose tag (RFC 5646) is tag, "de", or "en", which is NULL
 * with *known true. */
const Words *words_find(const char *tag, bool *known);

/* The best of our languages for an Accept-Language value (RFC 9110 section
 * 12.5.4), which may be NULL. */
const Words *words_accepted(const char *accept_language);

/* "de", and what it calls itself: "Deutsch". */
const char *words_tag(const Words *w);
const char *words_name(const Words *w);

/* english in w; english itself where w has no translation of it. */
const char *words(const Words *w, const char *english)
    __attribute__((format_arg(2)));

/* The form for n things of a text that counts. */
const char *words_n(
    const Words *w, const char *one, const char *many, uint64_t n);

#endif
