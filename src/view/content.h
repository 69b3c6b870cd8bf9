/*
 * content.h - what a message says, as HTML: its text parts one after the
 * other, HTML made safe, then a list of what is attached.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_CONTENT_H
#define VIEW_CONTENT_H

#include "view/html.h"

#include <glib.h>

/* The content of m, which stands in list under a heading of this level. */
void content_write(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, unsigned int level);

/* The whole of its text as plain text, UTF-8, addresses hidden where site
 * says so; and the same as XML has it, for feeds. */
void content_plain(GString *o, const HtmlSite *site, const ReadMsg *m);
void content_xml(GString *o, const HtmlSite *site, const ReadMsg *m);

#endif
