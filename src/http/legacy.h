/*
 * legacy.h - URLs of the archives that lists had before: HyperKitty's and
 * Pipermail's, wherever they were mounted, as ours.
 *
 *   .../list/LIST/                      LIST: posting address or List-Id
 *   .../list/LIST/latest  feed/         the list
 *   .../list/LIST/YYYY/MM/DD/           the day on its month's page
 *   .../list/LIST/thread/HASH/          HASH in either case
 *   .../list/LIST/message/HASH/attachment/N/NAME
 *   .../list/LIST/export/FILE?thread=HASH message=HASH start= end=
 *   .../search?mlist=LIST               the list
 *   .../api/list/LIST/...               our API's document of the same
 *   .../pipermail/NAME/YYYY-Month/...   NAME: the local part of an address
 *   .../NAME/YYYY-Month/...
 *   .../mailman/listinfo/NAME
 *
 * Pipermail counted messages as they came to its files, which no message
 * says: the URL of one leads to it where an import was told to count along,
 * else to its month.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_LEGACY_H
#define HTTP_LEGACY_H

#include "http/private.h"
#include "http/route.h"

#include <stdbool.h>

typedef struct {
	/* ROUTE_HOME, or ROUTE_TOP, ROUTE_MONTH, ROUTE_MBOXES, ROUTE_FEED,
	 * ROUTE_NAME, whose list is set.  The part of a ROUTE_PART counts as
	 * HyperKitty does.  Or ROUTE_API: name is what stands behind the
	 * list's own path, or the API's where there is no list; NULL for what
	 * our API has not. */
	Route route;
	const char *by; /* the order of a month: static, or NULL */
	int day;        /* of a month, that is meant; or 0 */
	int number;     /* if numbered: Pipermail's, of a message */
	bool numbered;
	bool local;  /* list is the local part of an address alone */
	bool search; /* the query "q" goes along */
	bool days;   /* "start" and "end" do */
} Legacy;

/* Read q's path and parameters.  False if it is no URL of theirs, *out then
 * being zero.  Pure; free *out with legacy_clear. */
bool legacy_parse(const Request *q, Legacy *out);
void legacy_clear(Legacy *l);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Legacy, legacy_clear)

/* Answer a's request, by a redirect where it can be, if it is for a URL of
 * theirs.  False if not. */
bool legacy_answer(const Ask *a, Response *out);

#endif
