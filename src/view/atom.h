/* atom.h - feeds: RFC 4287, with the threads of RFC 4685. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_ATOM_H
#define VIEW_ATOM_H

#include "archive/read.h"
#include "view/html.h"

#include <glib.h>

/* A feed of a thread: its beginning, its messages in any order, its end. */
void atom_begin(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadThread *t);
void atom_msg(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadThread *t, size_t row, const ReadMsg *m);
void atom_end(GString *o);

#endif
