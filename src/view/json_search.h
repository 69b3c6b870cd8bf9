/* json_search.h - what was found, for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_JSON_SEARCH_H
#define VIEW_JSON_SEARCH_H

#include "view/page_search.h"

#include <glib.h>

/* p's found is there. */
void json_doc_search(GString *o, const HtmlSite *site, const PageSearch *p);

#endif
