/* private.h - what the files share that answer for pages. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_PRIVATE_H
#define HTTP_PRIVATE_H

#include "archive/read.h"
#include "http/keep.h"
#include "http/response.h"
#include "http/route.h"
#include "view/html.h"
#include "view/page.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

/* One request on its way to its answer. */
typedef struct {
	const Request *q;
	const HtmlSite *site;
	Store *store;
	uint64_t program;   /* what makes the page, for validators: hashed */
	GHashTable *lists;  /* those known to be as they were read */
	GHashTable *ways;   /* http/ways.h's */
	ResponseKept *kept; /* the page as it was once made, or NULL */
	int64_t version;    /* of the store */
	Keep *keep;         /* of files, or NULL */
} Ask;

/* One message that was found, and how. */
typedef struct {
	const Ask *ask;
	const StoreList *list;
	const ReadLookup *found;
	const StoreHit *hit; /* its own, the first of found */
	const Route *route;
} Wanted;

/* Begin an HTML page in out->text. */
void pages_html(Response *out, unsigned int status, ResponseKind kind);

/* An answer in words; list: that it was looked for in, or NULL; detail: for
 * people, or NULL. */
void pages_say_no(const Ask *a, unsigned int status, const StoreList *list,
    const char *detail, Response *out);

/* The 404, with what may help; list: that it was looked for in, or NULL. */
void pages_not_found(const Ask *a, const StoreList *list, Response *out);
void pages_not_found_near(
    const Ask *a, const StoreList *list, const PageNear *near, Response *out);

/* The 410 of a message of list that was removed then. */
void pages_gone(
    const Ask *a, const StoreList *list, int64_t removed, Response *out);

/* The page for an error, which is logged here where it is ours. */
void pages_fail(const Ask *a, const GError *err, Response *out);

/*
 * Set the validators of a page made from these lists.  Returns true, out
 * being all the answer, if the client has that page, or we still have.
 */
bool pages_unchanged(
    const Ask *a, const StoreList *const *lists, size_t n_lists, Response *out);

/* The same of a page made from less than a list: state tells that as it is
 * from as it was or will be; changed: when it last did, or 0. */
bool pages_unchanged_as(
    const Ask *a, const char *state, int64_t changed, Response *out);

/*
 * The public list called name, or NULL with *err set.  Owned by a, or by
 * *own, which may be set.
 */
const StoreList *pages_find_list(
    const Ask *a, const char *name, StoreList **own, GError **err);

/* The public lists (StoreList, owned by the array), for a page made from all
 * of them; or NULL, out then being the answer: an error or a 304. */
GPtrArray *pages_lists(const Ask *a, Response *out);

/* The number of the page of an index that "page" asks for, 1 without it, in
 * *n; false, out being the answer, where it is none.  list: that it is of,
 * or NULL. */
bool pages_number(
    const Ask *a, const StoreList *list, uint64_t *n, Response *out);

/* "/archive/LIST/KEY/SUFFIX", or without "KEY/" where key is NULL. */
char *pages_path(
    const Ask *a, const StoreList *list, const char *key, const char *suffix);

/* Make out a redirect to path, and return true, unless that is what was
 * asked for. */
bool pages_moved(const Ask *a, char *take_path, Response *out);

#endif
