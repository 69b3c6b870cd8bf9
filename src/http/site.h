/* site.h - answers to what programs ask for first: see view/site.h. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_SITE_H
#define HTTP_SITE_H

#include "http/private.h"

/* robots.txt, llms.txt or sitemap.xml. */
void site_answer(const Ask *a, const char *name, Response *out);

/* A list's sitemap, or that of its month that r names. */
void site_answer_list(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

/* How list, NULL for all, is searched, in the words of OpenSearch. */
void site_answer_opensearch(const Ask *a, const StoreList *list, Response *out);

#endif
