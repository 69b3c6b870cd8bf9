/* patchid.h - the id by which git knows the same change again.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_PATCHID_H
#define SEARCH_PATCHID_H

#include <stdbool.h>
#include <stddef.h>

/* Digits of an id, with the NUL. */
#define PATCHID_SIZE 41

/*
 * What "git patch-id --stable" (2.39) says first of the len bytes of text: its
 * first patch from a line "diff ..." on.  Returns false, out untouched, if
 * there is none.
 */
bool patchid_find(const char *text, size_t len, char out[PATCHID_SIZE]);

#endif
