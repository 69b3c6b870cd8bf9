/*
 * look.h - what an operator adds to the pages: a logo, colours, a header
 * and a footer, each a file that the configuration names.
 *
 * They are read once, before anything is given up, and are trusted as the
 * configuration is: nothing of theirs is escaped.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_LOOK_H
#define VIEW_LOOK_H

#include "base/conf.h"
#include "view/assets.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

/* One file; bytes is NULL where none was named. */
typedef struct {
	char *bytes; /* with a NUL behind them */
	size_t len;
	char *name;       /* for its URL: "logo-1a2b3c4d5e6f.svg" */
	const char *type; /* Content-Type */
} LookFile;

typedef struct {
	LookFile logo, style, header, footer;
} Look;

/*
 * Read the files that conf names.  Returns NULL with *err set: ERR_NOTFOUND,
 * ERR_IO, ERR_LIMIT (larger than base/limits.h allows), ERR_SYNTAX (no image,
 * or not UTF-8); each names key and file.
 */
Look *look_load(const Conf *conf, GError **err);
void look_free(Look *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Look, look_free)

/* The logo or the style sheet with that name, as long as l lives.  Returns
 * false if l, which may be NULL, has none. */
bool look_find(const Look *l, const char *name, Asset *out);

/* What tells one look from another, for validators.  Free with g_free. */
char *look_digest(const Look *l);

#endif
