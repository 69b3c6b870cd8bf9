/*
 * route.h - the path of a URL to what it asks for.  Pure: whether there
 * is such a list or message is for pages.c to find out.
 *
 *   /                                  the lists
 *   /LIST  /ADDRESS  /KEY              a list, or a message in any list
 *   /LIST/YYYY/MM/                     a month
 *   /LIST/YYYY/MM.mbox.gz  all.mbox.gz a month, or all, as a mailbox
 *   /LIST/author/ID/                   who wrote to it
 *   /LIST/author/ID/new.atom           his messages, as a feed
 *   /LIST/new.atom                     its newest messages, as a feed
 *   /LIST/NAME/                        a message: NAME is a key, or a raw
 *                                      Message-ID with whatever is in it
 *   /LIST/NAME/raw t/ T/ t.mbox.gz t.atom N-FILE
 *   /LIST/mid/ID  /r/ID                by Message-ID alone; suffixes too
 *   /LIST/topics_new.html  ID/d/ ...   what public-inbox has besides, as what
 *                                      comes nearest to it
 *   /LIST/opensearch.xml               tells a browser how to search it
 *   /all/...                           as LIST: all of them together
 *   /~lang                             the choice of a language
 *   /robots.txt  /llms.txt             for programs; a list of such a name
 *   /sitemap.xml  /LIST/sitemap.xml    is at it with a slash
 *   /LIST/sitemap-YYYY-MM.xml          all that a month has for crawlers
 *   /~api/...                          the same for programs (http/api)
 *   /~/FILE  /favicon.ico              the server's own
 *
 * Segments may be percent-encoded or not.  A Message-ID may hold "/", "%"
 * and "?" as it stands, so what looks like a suffix may be a part of it, and
 * so on: every reading is given.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include <glib.h>

#include <stdbool.h>

typedef enum {
	ROUTE_NONE,   /* no such page */
	ROUTE_HOME,   /* the list of lists */
	ROUTE_ASSET,  /* name: a file of web/ */
	ROUTE_SITE,   /* name: robots.txt, llms.txt or sitemap.xml */
	ROUTE_LANG,   /* a language was chosen */
	ROUTE_API,    /* name: what stands behind "/~api", not decoded */
	ROUTE_TOP,    /* name: a List-Id, an address, or a key of any list */
	ROUTE_MONTH,  /* list, year, month */
	ROUTE_MBOXES, /* list, year, month; year 0: all of it */
	ROUTE_FEED,   /* list */
	ROUTE_MAP,    /* list, year, month: its sitemap; year 0: its own */
	ROUTE_OPENSEARCH, /* list, or "all": how it is searched */
	ROUTE_AUTHOR,     /* list, name: who wrote to it */
	ROUTE_NAME,       /* list, name: a message by key or Message-ID */
	ROUTE_ID,         /* list (NULL: any), name: a message by Message-ID */
} RouteKind;

typedef enum {
	ROUTE_MESSAGE,
	ROUTE_RAW,
	ROUTE_NESTED,
	ROUTE_FLAT,
	ROUTE_MBOX,
	ROUTE_MBOX_ZSTD,
	ROUTE_ATOM,
	ROUTE_PART,
	N_ROUTE_VIEWS,
} RouteView;

/* A Message-ID that a path may name, and the view of it. */
typedef struct {
	char *id;
	RouteView view;
} RouteReading;

/* "mid/" may belong to it or not; what looks like a suffix, a slash at the
 * end, and "/d/", too; and each may be percent-encoded or not. */
#define ROUTE_OTHERS (2 * 4 * 2 - 1)

typedef struct {
	RouteKind kind;
	RouteView view;
	char *list;        /* decoded; NULL where the kind has none */
	char *name;        /* decoded, without its suffix */
	char *file;        /* of ROUTE_PART, decoded */
	unsigned int part; /* of ROUTE_PART, from 1 */
	int year, month;   /* month 0: the year alone */
	bool by_file;      /* file tells which part, and only then part */
	bool zstd;         /* of ROUTE_MBOXES: not gzip */
	/* What else may be meant as a Message-ID, likelier ones first. */
	RouteReading others[ROUTE_OTHERS];
	size_t n_others;
} Route;

/*
 * Read path, as it stands in the request line less its query; prefix is
 * the path of the archive's public URL ("" or "/archive"), which a proxy
 * may or may not have taken off.  Free *out with route_clear.
 */
void route_parse(const char *path, const char *prefix, Route *out);
void route_clear(Route *r);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Route, route_clear)

/*
 * path behind what stands before it as we mean it: the scheme and host of a
 * proxy's request (RFC 9112 section 3.2.2), and prefix.  Not decoded; never
 * empty; part of path, or static.
 */
const char *route_rest(const char *path, const char *prefix);

/*
 * path decoded, prefix and the scheme and host of a proxy's request taken
 * off: to be compared with the path that a page is at.  Never NULL; begins
 * with "/"; free with g_free.
 */
char *route_plain(const char *path, const char *prefix);

/* Whether path is one of the API's. */
bool route_is_api(const char *path, const char *prefix);

/* The suffix of a view: "", "raw", "t/" ...; NULL for ROUTE_PART. */
const char *route_suffix(RouteView view);

/* Whether name reads as a key or a prefix of one: LIMIT_PREFIX_MIN to 52
 * base32 digits. */
bool route_is_key(const char *name);

#endif
