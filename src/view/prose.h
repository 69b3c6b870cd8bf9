/*
 * prose.h - the plain text of a message as HTML: quotes, signature and
 * diffs marked, URLs and Message-IDs made links.  Nothing is left out or
 * hidden, and copied text is the text that came.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_PROSE_H
#define VIEW_PROSE_H

#include "view/html.h"

#include <glib.h>

#include <stddef.h>

/* The whole text of a part, UTF-8 with LF line ends, addresses already
 * hidden where site says so. */
void prose_write(GString *o, const HtmlSite *site, const char *text);

/* One run of it with its links, for text within an element. */
void prose_linked(
    GString *o, const HtmlSite *site, const char *text, size_t len);

#endif
