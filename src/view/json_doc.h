/*
 * json_doc.h - the documents of the API: models of archive/read.h to JSON.
 * web/openapi.json says what is in them.  No socket, no store.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_JSON_DOC_H
#define VIEW_JSON_DOC_H

#include "archive/read.h"
#include "view/html.h"
#include "view/json.h"
#include "view/page.h"

#include <glib.h>

#include <stdint.h>

/* Where all of it is, behind the archive's URL. */
#define JSON_API "/~api/v1"

/* URLs (json_url.c) ------------------------------------------------------- */

/* Texts that are absolute URLs: of a path that is ours, of a document of the
 * API ("lists/LIST/what/key", what and key perhaps NULL), and of what a
 * list or a message has for people; suffix stands behind each. */
void json_url(Json *j, const HtmlSite *site, const char *path);
void json_url_api(Json *j, const HtmlSite *site, const StoreList *list,
    const char *what, const char *key);
void json_url_list(
    Json *j, const HtmlSite *site, const StoreList *list, const char *suffix);
void json_url_msg(Json *j, const HtmlSite *site, const StoreList *list,
    const char *key, const char *suffix);

/* Octets that may be no text; NULL: null. */
void json_octets(Json *j, const char *octets);

/* A text with its addresses hidden where site says so; NULL: null. */
void json_protected(Json *j, const HtmlSite *site, const char *text);

/* The members "name" and "address" of an object. */
void json_called(
    Json *j, const HtmlSite *site, const char *name, const char *addr);

typedef struct {
	const char *name, *addr, *author_id; /* each "" where there is none */
} JsonPerson;

/* One who wrote to list: an object. */
void json_person(
    Json *j, const HtmlSite *site, const StoreList *list, const JsonPerson *p);

/* Lists (json_list.c) ----------------------------------------------------- */

/* next, here and below: the URL of the page that follows, or NULL. */

void json_doc_home(GString *o, const HtmlSite *site);
void json_doc_lists(GString *o, const HtmlSite *site, const PageHomeRow *rows,
    size_t n, const char *next);

typedef struct {
	const StoreList *list;
	uint64_t n_bytes; /* of its messages */
	const Ways *ways;
	const GPtrArray
	    *active; /* StoreThread, those most written to of late */
} JsonList;

void json_doc_list(GString *o, const HtmlSite *site, const JsonList *p);
/* StoreMonth */
void json_doc_months(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreMonth *months, size_t n, const char *next);

typedef struct {
	const StoreList *list;
	const StoreMonth *month;
	const StoreMonth *newer, *older; /* that have messages, or NULL */
	uint64_t mbox_sizes[2];          /* as .gz, .zst; 0: not known */
	uint64_t n_threads;              /* that have messages in it */
	const GArray *days;              /* StoreDay, of the month */
	const GPtrArray *threads;        /* StoreThread, some of these */
	const char *next;
} JsonMonth;

void json_doc_month(GString *o, const HtmlSite *site, const JsonMonth *p);
void json_doc_year(GString *o, const HtmlSite *site, const PageYear *p);
/* StoreThread */
void json_doc_threads(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *threads, const char *next);

/* Authors (json_author.c) ------------------------------------------------- */

/* Those that wrote to list, StoreAuthor: an array. */
void json_authors(Json *j, const HtmlSite *site, const StoreList *list,
    const GPtrArray *authors);

/* Who wrote most in a year of list (0: in all of it): StoreAuthor. */
void json_doc_authors(GString *o, const HtmlSite *site, const StoreList *list,
    int year, const GPtrArray *authors);

typedef struct {
	const StoreList *list;
	const StoreAuthor *author;
	StoreAuthorSum sum;     /* of his messages in list */
	const GArray *years;    /* StoreAuthorYear, of these, oldest first */
	const GPtrArray *lists; /* ReadAuthorList, list among them */
} JsonAuthor;

void json_doc_author(GString *o, const HtmlSite *site, const JsonAuthor *p);

/* Messages (json_message.c) ----------------------------------------------- */

/* What an index says of a message: an object. */
void json_head(
    Json *j, const HtmlSite *site, const StoreList *list, const Head *h);

/* Head */
void json_doc_messages(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *heads, const char *next);

/* What a name led to: Head, with the StoreList of each. */
void json_doc_found(GString *o, const HtmlSite *site, ReadFound found,
    const GPtrArray *heads, const GPtrArray *lists);

typedef struct {
	const StoreList *list;
	const ReadMsg *msg;
	const ReadThread *thread;
	size_t row;               /* of msg in thread, or THREAD_GHOST */
	const GPtrArray *sharing; /* Head: others with its key */
} JsonMessage;

/* Of thread there is loaded what msg refers to and, with the ids of their
 * authors, what it answers, what is beside it, and what answers it. */
void json_doc_message(GString *o, const HtmlSite *site, const JsonMessage *p);

typedef struct {
	const StoreList *list;
	const ReadThread *thread;
	GPtrArray *ids; /* char *: of each row that is a ghost, or NULL */
	const StoreThread *newer, *older; /* by last activity, or NULL */
} JsonThread;

void json_doc_thread(GString *o, const HtmlSite *site, const JsonThread *p);

/* Errors (json_url.c) ----------------------------------------------------- */

/* RFC 9457 */
typedef struct {
	unsigned int status;
	const char *title;
	const char *detail;    /* for people, or NULL */
	const char *instance;  /* the URL's path that was asked for */
	const char *parameter; /* that is wrong, or NULL */
	int64_t removed;       /* 410: when; or 0 */
	const PageNear *near;  /* 404: what may have been meant, or NULL */
	const StoreList *list; /* whose months near has, or NULL */
} JsonProblem;

void json_doc_problem(GString *o, const HtmlSite *site, const JsonProblem *p);

#endif
