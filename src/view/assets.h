/*
 * assets.h - the files of web/, built into the program.
 *
 * A page links to each under a name that holds a hash of its content, so
 * that a browser may keep it for ever.  The names are literals of
 * view/assets_names.h, which the build writes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_ASSETS_H
#define VIEW_ASSETS_H

#include <stddef.h>

typedef struct {
	const char *file; /* in web/: "style.css" */
	const char *name; /* "style-1a2b3c4d.css" */
	const char *type; /* Content-Type */
	const unsigned char *bytes;
	size_t len;
} Asset;

/* The asset with that file or name, or NULL. */
const Asset *assets_find(const char *name);

#endif
