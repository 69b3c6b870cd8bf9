/* api_private.h - what the files of the API share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_API_PRIVATE_H
#define HTTP_API_PRIVATE_H

#include "http/api.h"
#include "view/json_doc.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a path of the API asks for. */
typedef struct {
	const Ask *a;
	const StoreList *list; /* or NULL */
	const char *key;       /* of a message, an author's id, a month or a
				* year, as it was asked for; or NULL */
} Api;

/* Answers (api.c) ---------------------------------------------------------- */

/* Begin a document in out->text. */
GString *api_begin(Response *out);

/* Say no: parameter: the one that is wrong, or NULL; detail: for people. */
void api_say_no(const Ask *a, unsigned int status, const char *parameter,
    const char *detail, Response *out);
/* Say that nothing is there, and what may have been meant; list: whose months
 * near has, or NULL. */
void api_say_near(const Ask *a, const char *detail, const PageNear *near,
    const StoreList *list, Response *out);
/* Say that a message was removed then. */
void api_say_gone(
    const Ask *a, const char *detail, int64_t removed, Response *out);
void api_fail(const Ask *a, const GError *err, Response *out);

/* Make out a redirect to path, behind JSON_API, with the same query, and
 * return true, unless that is what was asked for. */
bool api_moved(const Ask *a, char *take_path, Response *out);

/* The URL of the page of what follows after, and the field that says it. */
char *api_next(const Api *q, const char *path, const char *after);
void api_link_next(const char *next, Response *out);

/* Parameters (api_query.c) ------------------------------------------------- */

/* Rows of a page that does not say how many it wants. */
#define API_ROWS 50u

/* Numbers that a cursor may have. */
#define API_CURSOR 3u

/* Which page of rows is asked for. */
typedef struct {
	size_t limit;
	bool oldest;            /* first; else the newest */
	int64_t from, to;       /* within [from, to) */
	const char *after;      /* as it was asked for, or NULL */
	int64_t at[API_CURSOR]; /* the numbers of after */
} ApiPage;

/*
 * Read what a says of it into *p; a cursor has n_at numbers (0: it is read
 * by the caller).  Returns false, out being the answer, if a parameter is
 * wrong.
 */
bool api_read_page(const Ask *a, size_t n_at, ApiPage *p, Response *out);

/* A cursor of n numbers, for api_read_page; free with g_free. */
char *api_cursor(const int64_t *at, size_t n);

/* A day (2024-03-05, its midnight) or a time (RFC 3339) as *t. */
bool api_read_time(const char *text, int64_t *t);

/* Documents ---------------------------------------------------------------- */

typedef void ApiAnswer(const Api *q, Response *out);

ApiAnswer api_answer_home, api_answer_lists, api_answer_list, api_answer_months,
    api_answer_month, api_answer_year, api_answer_threads, api_answer_messages,
    api_answer_message, api_answer_thread, api_answer_authors,
    api_answer_author, api_answer_author_messages, api_answer_find,
    api_answer_search;

/* The page of messages of q's list that is asked for, which path leads to
 * behind it; of author alone, unless that is NULL. */
void api_answer_heads(
    const Api *q, const StoreAuthor *author, const char *path, Response *out);

/* Set the author_id of each Head, StoreThread (api_author.c). */
bool api_name_heads(const Ask *a, GPtrArray *heads, GError **err);
bool api_name_threads(const Ask *a, GPtrArray *threads, GError **err);

#endif
