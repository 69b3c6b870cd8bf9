/* api.h - the API: what pages show, as JSON, under JSON_API. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_API_H
#define HTTP_API_H

#include "http/private.h"

/* Answer what r, a ROUTE_API, asks for. */
void api_answer(const Ask *a, const Route *r, Response *out);

/* Answer an OPTIONS request, as scripts of other sites send it before their
 * own. */
void api_answer_options(Response *out);

/* Make out, which says no to path in HTML, say so as an API does. */
void api_refuse(const HtmlSite *site, const char *path, Response *out);

#endif
