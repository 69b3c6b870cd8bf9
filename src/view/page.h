/*
 * page.h - the pages: models of archive/read.h to HTML.  No socket, no
 * store.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

#include "archive/read.h"
#include "view/chart.h"
#include "view/html.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

/* The lists (page_home.c) -------------------------------------------------- */

typedef enum {
	PAGE_HOME_NAME,
	PAGE_HOME_ACTIVITY, /* latest message first */
	PAGE_HOME_SIZE,     /* most messages first */
	PAGE_N_HOME_SORTS,
} PageHomeSort;

/* What "?sort=" calls them. */
extern const char *const page_home_sorts[PAGE_N_HOME_SORTS];

typedef struct {
	const StoreList *list;
	uint64_t counts[CHART_MONTHS]; /* of messages, oldest month first */
} PageHomeRow;

typedef struct {
	const PageHomeRow *rows; /* of this page */
	size_t n_rows, n_live;   /* the first n_live have had a message within a
				  * year */
	uint64_t n_all;          /* public lists that there are */
	uint64_t n_found, n_idle; /* that were asked for; and of these, without
				   * a message for a year */
	uint64_t number;          /* of this page, from 1 */
	const char *q;            /* what was looked for, or "" */
	PageHomeSort sort;
} PageHome;

void page_home(GString *o, const HtmlSite *site, const PageHome *p);

/* A list (page_list.c) ---------------------------------------------------- */

typedef struct {
	const StoreList *list;
	uint64_t n_bytes;         /* of its messages */
	const Ways *ways;         /* to subscribe and the like */
	const GArray *months;     /* StoreMonth, newest first */
	const GPtrArray *threads; /* StoreThread, the newest */
	const GPtrArray
	    *active; /* StoreThread, those most written to of late */
	const GPtrArray *authors; /* StoreAuthor: who wrote most in the year of
				   * the latest message */
} PageList;

void page_list(GString *o, const HtmlSite *site, const PageList *p);

/* A year of it (page_year.c) ---------------------------------------------- */

typedef struct {
	const StoreList *list;
	int year;
	int older, newer;         /* years beside it that have messages, or 0 */
	uint64_t n_messages;      /* of the year */
	const GArray *months;     /* StoreMonth, of the year, newest first */
	const GArray *days;       /* StoreDay, of those that have messages */
	const GPtrArray *threads; /* StoreThread: those most written to */
	const GPtrArray *authors; /* StoreAuthor: who wrote most */
} PageYear;

void page_year(GString *o, const HtmlSite *site, const PageYear *p);

/* A month of it (page_month.c) -------------------------------------------- */

typedef struct {
	const StoreList *list;
	int year, month;
	const char *path;         /* of the month, its first page */
	const GArray *months;     /* it and those next to it */
	const GPtrArray *threads; /* StoreThread, of this page */
	uint64_t n_threads;       /* of the month */
	uint64_t skipped;         /* before this page's */
	uint64_t number;          /* of this page, from 1 */
	StoreOrder order;         /* as asked for */
	uint64_t mbox_sizes[2];   /* as .gz, .zst, where that is known; or 0 */
} PageMonth;

/* What ?by= asks for, by StoreOrder. */
extern const char *const page_month_orders[STORE_N_ORDERS];

void page_month(GString *o, const HtmlSite *site, const PageMonth *p);

/* An author in a list (page_author.c) ------------------------------------- */

typedef struct {
	const StoreList *list;
	const StoreAuthor *author;
	StoreAuthorSum sum;     /* of all that he wrote there */
	const GArray *years;    /* StoreAuthorYear, of these, oldest first */
	const GPtrArray *posts; /* Head, newest first */
	bool more;              /* there are older ones */
	const GPtrArray *lists; /* ReadAuthorList: all that have some */
} PageAuthor;

void page_author(GString *o, const HtmlSite *site, const PageAuthor *p);

/* A message (page_message.c) --------------------------------------------- */

typedef struct {
	const StoreList *list;
	const ReadMsg *msg;
	const ReadFields *fields; /* of msg */
	const char *id_hash;      /* Hashed-Message-ID-SHA256, or NULL */
	const ReadThread *thread;
	size_t row;               /* of msg in thread, or THREAD_GHOST */
	const char *lost_parent;  /* Message-ID that it answers, which the
				   * archive does not have; or NULL */
	const GPtrArray *sharing; /* Head: others with its key; or NULL */
} PageMessage;

/* Answers that the page of a message names. */
#define PAGE_REPLIES 100u

/* The nearest row before or after row that has a message, or row. */
size_t page_message_neighbour(const ReadThread *t, size_t row, bool next);

/* Of thread the heads are there of: the first, what msg answers, those
 * beside it, PAGE_REPLIES and one of those that answer it. */
void page_message(GString *o, const HtmlSite *site, const PageMessage *p);

/* How to go on with it in a mail program, folded (page_mail.c). */
void page_mail(GString *o, const HtmlSite *site, const PageMessage *p);

/* The mailto: URL (RFC 6068) of addr, which has an "@". */
void page_mailto(GString *o, const char *addr);

/* The header of the message of h, whose bytes raw are as anyone may have
 * them (page_header.c). */
void page_header(GString *o, const HtmlSite *site, const StoreList *list,
    const Head *h, GBytes *raw);

/* A thread (page_thread.c, page_tree.c) ------------------------------------ */

typedef struct {
	const StoreList *list;
	const ReadThread *thread;
	bool flat;           /* by date; else by who answers whom */
	const GArray *order; /* size_t: its rows, as the pages have them */
	const GArray *place; /* size_t: where in order each row stands */
	size_t from, to;     /* of order, on this page */
	const StoreThread *newer, *older; /* of the list, by last activity;
					   * or NULL */
} PageThread;

/* The number of the page, from 1, that has what stands at place. */
uint64_t page_thread_number(size_t place);

/* "?page=N" as page number has it, so that it may follow a path. */
void page_thread_query(GString *o, uint64_t number);

/* "/LIST/KEY/t/?page=2" */
void page_thread_path(
    GString *o, const HtmlSite *site, const PageThread *p, uint64_t number);

/* What an href needs to lead to the message of row. */
void page_thread_link(
    GString *o, const HtmlSite *site, const PageThread *p, size_t row);

/* How deep its lists are nested; replies further down stand under their last
 * ancestor that is. */
#define PAGE_TREE_DEPTH 8u

/* Who answers whom, with links to all of this page and to other pages. */
void page_tree(GString *o, const HtmlSite *site, const PageThread *p);

/* What stands before the messages; then each of them, in any order; then
 * what stands after them. */
void page_thread_begin(GString *o, const HtmlSite *site, const PageThread *p);

/* The message of row. */
void page_thread_msg(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const ReadMsg *m);

/* A row without one: a ghost, whose Message-ID is id if not NULL; or what was
 * removed. */
void page_thread_ghost(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const char *id);

/* A row whose message is not shown: why is for people. */
void page_thread_left_out(GString *o, const HtmlSite *site, const PageThread *p,
    size_t row, const char *why);

void page_thread_end(GString *o, const HtmlSite *site, const PageThread *p);

/* The head that stands for a thread: the first there is in it. */
const Head *page_thread_first(const ReadThread *t);

/* Answers in words (page_note.c) ------------------------------------------ */

/* Several lists (StoreList) that one name may mean. */
void page_which_list(GString *o, const HtmlSite *site, const GPtrArray *lists);

/* Several messages that one name may mean: Head, with the StoreList of
 * each.  list: that was asked in, or NULL. */
void page_choice(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *heads, const GPtrArray *lists);

/* What may have been meant where there is nothing; any may be NULL. */
typedef struct {
	const GPtrArray *named;         /* StoreList: called nearly so */
	const GPtrArray *heads, *lists; /* Head, with the StoreList of each */
	const StoreMonth *earlier, *same, *later; /* of the list */
	uint64_t last_page;                       /* of the same month */
} PageNear;

/* Why there is no page. */
typedef struct {
	unsigned int status;
	bool busy;             /* 503: for want of room alone */
	const StoreList *list; /* that it was looked for in, or NULL */
	const char *detail;    /* for people, or NULL */
	const PageNear *near;  /* or NULL */
	int64_t removed;       /* 410: when the message was; or 0 */
} PageError;

void page_error(GString *o, const HtmlSite *site, const PageError *e);

#endif
