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

/* What "back" is to say for the page that q asks for: its path without the
 * archive's, "/LIST/KEY/", and query.  Free with g_free. */
char *language_here(const Request *q, const char *prefix);

/* Answer "/~lang?to=TAG&back=PATH": keep the choice and go back. */
void language_choose(const Ask *a, Response *out);

#endif
