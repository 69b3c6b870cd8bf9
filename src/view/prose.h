/*
 * prose.h - the plain text of a message as HTML: quotes, signature and
 * diffs marked, URLs and Message-IDs made links.  Long quotes are folded,
 * which no reader needs a script to open.  Nothing is left out, and copied
 * text is the text that came.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_PROSE_H
#define VIEW_PROSE_H

#include "view/html.h"

#include <glib.h>

#include <stddef.h>

/* The whole text of a part, UTF-8 with LF line ends, addresses already
 * hidden where site says so; its anchors are named after the message's key
 * and the part's index. */
void prose_write(GString *o, const HtmlSite *site, const char *text,
    const char *key, size_t part);

/* One run of it with its links, for text within an element. */
void prose_linked(
    GString *o, const HtmlSite *site, const char *text, size_t len);

#endif
