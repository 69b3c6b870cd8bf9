/*
 * patch.h - a diff as HTML: added and removed lines marked, an anchor for
 * each file, and what it changes in sum.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_PATCH_H
#define VIEW_PATCH_H

#include "mail/body.h"
#include "view/html.h"

#include <glib.h>

#include <stddef.h>

typedef struct {
	const char *name; /* in the text */
	size_t name_len;
	uint64_t added, removed;
} PatchFile;

/* The files of a text's diffs, and what their anchors end with. */
typedef struct {
	GArray *files;   /* PatchFile, or NULL as long as there are none */
	const char *key; /* of the message that the text is of */
	size_t part;     /* its part, from 0 */
} Patch;

/* Write the diff that text has in n blocks; its files are added to p. */
void patch_write(GString *o, const HtmlSite *site, Patch *p, const char *text,
    const BodyBlock *blocks, size_t n);

/* The files of p with links to their anchors. */
void patch_stat(GString *o, const HtmlSite *site, const Patch *p);

#endif
