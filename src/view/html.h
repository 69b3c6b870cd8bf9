/*
 * html.h - what all HTML pages have in common: the frame, links, times,
 * and the text of a message.
 *
 * Semantic HTML5 that reads well without its style sheet, since text
 * browsers and screen readers get just that.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_HTML_H
#define VIEW_HTML_H

#include "archive/read.h"
#include "mail/msg.h"
#include "view/look.h"
#include "view/words.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which message of list the URL of another archive names. */
typedef struct {
	const StoreList *list;
	/* Its key, valid as long as user is; NULL where there is none. */
	const char *(*find)(void *user, const char *url, size_t len);
	void *user;
} HtmlHere;

/* The archive whose pages these are; what it points to is the caller's. */
typedef struct {
	const char *title;    /* its name */
	const char *url;      /* its public base, no "/" at the end */
	const char *path;     /* the path of url: "" or "/archive" */
	bool protect;         /* hide addresses from harvesters */
	const Words *words;   /* the reader's language; NULL: English */
	const Look *look;     /* what the operator added, or NULL */
	const HtmlHere *here; /* or NULL */
	bool search;          /* it can be searched */
} HtmlSite;

/* What the top of a page says. */
typedef struct {
	const char *title;     /* of the page; NULL: the archive's alone */
	const StoreList *list; /* that it is in, or NULL */
	int year, month;       /* that it is in, or 0; month 0: the year */
	const char *key;       /* message that is canonical for it, or NULL */
	const char *suffix;    /* of its canonical URL behind list and key */
	const char *author;    /* whose page it is, an id; or NULL */
	const char *data;      /* its document, behind that of list; or NULL */
	bool feed;             /* key has a thread whose feed it may have */
	const char *results;   /* of results: the URL of their feed, escaped,
				* or ""; NULL on other pages */
	bool hidden;           /* not for search engines */
} HtmlTop;

/* From "<!DOCTYPE" up to and with "<main>"; and from "</main>" on. */
void html_begin(GString *o, const HtmlSite *site, const HtmlTop *top);
void html_end(GString *o, const HtmlSite *site);

/*
 * A text of the interface in the reader's language.  Literals alone are
 * given to html_say, html_word and html_word_n: po/ has their translations.
 * (xgettext is told these names.)
 */
void html_say(GString *o, const HtmlSite *site, const char *english);
#define N_(english) english /* one that is looked up elsewhere, by words() */
#define html_word(site, english) words((site)->words, "" english "")
#define html_word_n(site, one, many, n)                                        \
	words_n((site)->words, "" one "", "" many "", (n))

/*
 * A sentence with markup inside: write *sentence up to its next "%s", or
 * its end, and move past that.
 *
 *	const char *rest = html_word(site, "%s answers %s.");
 *	html_until(o, &rest); ... html_until(o, &rest); ... html_until(o,
 *&rest);
 */
void html_until(GString *o, const char **sentence);

/* "/archive/LIST/" and "/archive/LIST/KEY/", for href="". */
void html_list_path(GString *o, const HtmlSite *site, const StoreList *list);
void html_msg_path(
    GString *o, const HtmlSite *site, const StoreList *list, const char *key);
void html_month_path(GString *o, const HtmlSite *site, const StoreList *list,
    int year, int month);
void html_year_path(
    GString *o, const HtmlSite *site, const StoreList *list, int year);
void html_author_path(
    GString *o, const HtmlSite *site, const StoreList *list, const char *id);

/* What stands behind a link of a message to url: " (here)", a link to what it
 * names, where site's here finds that. */
void html_here(GString *o, const HtmlSite *site, const char *url, size_t len);

/* A <time> to the minute, UTC. */
void html_time(GString *o, int64_t t);
/* The same beneath a heading that has the day. */
void html_clock(GString *o, int64_t t);
/* To the day. */
void html_day(GString *o, int64_t t);

/* From one day to another. */
void html_span(GString *o, const HtmlSite *site, int64_t from, int64_t to);

/* A subject, a name or an address, a text: hidden where site says so, and
 * escaped; "(no subject)", "(no author)" for nothing. */
void html_subject(GString *o, const HtmlSite *site, const char *subject);
void html_author(
    GString *o, const HtmlSite *site, const char *name, const char *addr);
/* Of h, leading to the author's page where h has the id. */
void html_author_link(
    GString *o, const HtmlSite *site, const StoreList *list, const Head *h);
void html_protected(GString *o, const HtmlSite *site, const char *text);

/* "1 message", "2 messages". */
void html_messages(GString *o, const HtmlSite *site, uint64_t n);

/* What is to be had as a mailbox. */
typedef struct {
	const StoreList *list;
	const char *key;   /* of a message in it, or NULL */
	const char *name;  /* "all", "2024/03", "t" */
	uint64_t sizes[2]; /* as .gz, as .zst; 0: not known */
} HtmlMailbox;

/* Links to b, as .gz and as .zst, in the next two gaps of *sentence. */
void html_mailbox(GString *o, const HtmlSite *site, const HtmlMailbox *b,
    const char **sentence);

/* A size for people: "512 B", "12 KB", "3.4 MB". */
void html_size(GString *o, uint64_t n_bytes);

/* "March 2024" */
void html_month(GString *o, const HtmlSite *site, int year, int month);

#endif
