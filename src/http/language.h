/*
 * language.h - which language a reader gets: the one that was chosen on a
 * page, which a cookie keeps, or else the one that the browser asks for.
 *
 * The cookie holds the language's tag and nothing else.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_LANGUAGE_H
#define HTTP_LANGUAGE_H

#include "http/private.h"
#include "http/response.h"
#include "view/words.h"

#include <glib.h>

const Words *language_of(const Request *q);

/* Answer "/~lang?to=TAG": keep the choice, and go back to the page that the
 * Referer field names.  Pages are the same whatever their address, so none
 * holds its own. */
void language_choose(const Ask *a, Response *out);

#endif
