/*
 * pages.h - from a request to its answer: archive/read's models, view/'s
 * pages.  No socket.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_PAGES_H
#define HTTP_PAGES_H

#include "base/conf.h"
#include "http/response.h"
#include "view/look.h"

#include <glib.h>

typedef struct Pages Pages;

/* What answers for the archive of conf, which looks like look (or NULL);
 * both must outlive it.  The store is opened at once, or, where that fails, at
 * a later request: until then every answer is a 503.  Never NULL. */
Pages *pages_new(const Conf *conf, const Look *look);
void pages_free(Pages *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pages, pages_free)

/*
 * Answer a GET, HEAD, POST or OPTIONS.  *out is all zero before; free it with
 * response_clear.
 *
 * All answers until pages_end_turn, at the latest before waiting for anything,
 * see the store as it was at the first of them: to look at it anew for each
 * was a sixth of what a kept page costs.
 */
void pages_answer(Pages *p, const Request *q, Response *out);
void pages_end_turn(Pages *p);

/* An answer to what never gets to a page: 405, 411, 413, 414. */
void pages_refuse(
    const Pages *p, const char *path, unsigned int status, Response *out);

/* The answer to what there is no room for at the moment: a 503 to come
 * again. */
void pages_busy(const Pages *p, const char *path, Response *out);

/* Whether messages came in a moment ago that no page shows yet. */
bool pages_is_behind(const Pages *p);

/* Look now and then, without a request, whether what is kept may still be:
 * files of a list that is public no longer go. */
void pages_tidy(Pages *p);

#endif
