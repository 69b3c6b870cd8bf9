/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include "base/limits.h"
#include "base/text.h"
#include "mail/permalink.h"

#include <string.h>

static const char *const suffixes[N_ROUTE_VIEWS] = {
    [ROUTE_MESSAGE] = "",
    [ROUTE_RAW] = "raw",
    [ROUTE_NESTED] = "t/",
    [ROUTE_FLAT] = "T/",
    [ROUTE_MBOX] = "t.mbox.gz",
    [ROUTE_MBOX_ZSTD] = "t.mbox.zst",
    [ROUTE_ATOM] = "t.atom",
};

/* What the name of a list's mailbox ends in. */
static const char *const mbox_ends[] = {".mbox.gz", ".mbox.zst"};

/* What stands before an author's id. */
#define AUTHOR "author/"

const char *
route_suffix(RouteView view)
{
	g_assert(view < N_ROUTE_VIEWS);
	return suffixes[view];
}

bool
route_is_key(const char *name)
{
	size_t len = strspn(
	    name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

	return name[len] == '\0' && len >= LIMIT_PREFIX_MIN &&
	       len <= DIGEST_LEN;
}

const char *
route_rest(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (g_ascii_strncasecmp(path, "http://", 7) == 0 ||
	    g_ascii_strncasecmp(path, "https://", 8) == 0) {
		path = strchr(strchr(path, '/') + 2, '/');
		if (path == NULL)
			return "/";
	}
	if (len > 0 && strncmp(path, prefix, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0'))
		path += len;
	return path[0] == '\0' ? "/" : path;
}

/* What stands in front of the API's paths. */
#define API "/~api"

bool
route_is_api(const char *path, const char *prefix)
{
	const char *p = route_rest(path, prefix);

	return g_str_has_prefix(p, API) &&
	       (p[sizeof API - 1] == '/' || p[sizeof API - 1] == '\0');
}

/* len bytes of path with %XX undone, or NULL if there is a NUL in it. */
static char *
decode(const char *path, size_t len)
{
	g_autofree char *raw = g_strndup(path, len);
	size_t got = 0;
	g_autofree char *text = text_percent_decode(raw, &got);

	return strlen(text) == got ? g_steal_pointer(&text) : NULL;
}

char *
route_plain(const char *path, const char *prefix)
{
	const char *p = route_rest(path, prefix);
	char *plain = decode(p, strlen(p));

	if (plain != NULL && plain[0] == '/')
		return plain;
	g_free(plain);
	return g_strdup("/");
}

/* The number of n digits at p, or -1. */
static int
number(const char *p, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (!g_ascii_isdigit(p[i]))
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

/* YYYY, YYYY/ and YYYY/MM, YYYY/MM/ behind a list. */
static bool
read_month(const char *rest, Route *out)
{
	size_t len = strlen(rest);

	if (len > 0 && rest[len - 1] == '/')
		len--;
	if (len != 4 && !(len == 7 && rest[4] == '/'))
		return false;
	int year = number(rest, 4), month = len == 7 ? number(rest + 5, 2) : 0;

	if (year < 1 || month < 0 || month > 12 || (len == 7 && month == 0))
		return false;
	out->year = year;
	out->month = month;
	return true;
}

/* sitemap.xml and sitemap-YYYY-MM.xml behind a list. */
static bool
read_map(const char *rest, Route *out)
{
	static const char head[] = "sitemap-", tail[] = ".xml";

	if (strcmp(rest, "sitemap.xml") == 0)
		return true;
	if (strlen(rest) != strlen("sitemap-2024-03.xml") ||
	    !g_str_has_prefix(rest, head) || !g_str_has_suffix(rest, tail))
		return false;
	const char *at = rest + sizeof head - 1;
	int year = number(at, 4), month = number(at + 5, 2);

	if (at[4] != '-' || year < 1 || month < 1 || month > 12)
		return false;
	out->year = year;
	out->month = month;
	return true;
}

/* YYYY/MM.mbox.gz and all.mbox.gz behind a list, .zst alike. */
static bool
read_mbox_name(const char *rest, Route *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mbox_ends); i++) {
		if (!g_str_has_suffix(rest, mbox_ends[i]))
			continue;
		g_autofree char *name =
		    g_strndup(rest, strlen(rest) - strlen(mbox_ends[i]));

		out->zstd = i == 1;
		return strcmp(name, "all") == 0 ||
		       (strlen(name) == 7 && read_month(name, out));
	}
	return false;
}

/* "N-FILE" as the segment of len bytes at p. */
static bool
read_part(const char *p, size_t len, Route *out)
{
	size_t n = 0;

	while (n < len && g_ascii_isdigit(p[n]))
		n++;
	/* No message has a part with a number of more digits than the
	 * limit on parts, and no number begins with 0. */
	if (n == 0 || n > 4 || n + 1 >= len || p[n] != '-' || p[0] == '0')
		return false;
	char *file = decode(p + n + 1, len - n - 1);

	if (file == NULL)
		return false;
	g_free(out->file);
	out->file = file;
	out->part = (unsigned int)number(p, n);
	return true;
}

/* Which view the end of rest asks for; the length of what stands before
 * it goes to *name_len. */
static RouteView
read_suffix(const char *rest, size_t *name_len, Route *out)
{
	size_t len = strlen(rest);

	*name_len = len;
	if (len > 0 && rest[len - 1] == '/') {
		len--;
		*name_len = len;
	}
	const char *last = g_strrstr_len(rest, (gssize)len, "/");

	if (last == NULL)
		return ROUTE_MESSAGE;
	last++;
	size_t last_len = (size_t)(rest + len - last);

	for (RouteView v = ROUTE_RAW; v < ROUTE_PART; v++) {
		size_t n = strcspn(suffixes[v], "/");

		if (n == last_len && strncmp(last, suffixes[v], n) == 0) {
			*name_len = (size_t)(last - 1 - rest);
			return v;
		}
	}
	if (rest[len] == '\0' && read_part(last, last_len, out)) {
		*name_len = (size_t)(last - 1 - rest);
		return ROUTE_PART;
	}
	return ROUTE_MESSAGE;
}

/* Note that the Message-ID may be the first len bytes of text, decoded and
 * as they stand. */
static void
add_readings(const char *text, size_t len, RouteView view, Route *out)
{
	g_autofree char *coded = g_strndup(text, len);
	char *plain = decode(text, len);

	for (int i = 0; i < 2; i++) {
		char *id = i == 0 ? plain : coded;

		if (id == NULL || id[0] == '\0' ||
		    (i == 1 && g_strcmp0(plain, coded) == 0))
			continue;
		if (out->name == NULL) {
			out->name = g_strdup(id);
			out->view = view;
			continue;
		}
		g_assert(out->n_others < G_N_ELEMENTS(out->others));
		out->others[out->n_others++] =
		    (RouteReading){.id = g_strdup(id), .view = view};
	}
	g_free(plain);
}

/* The readings of text: its name, a suffix perhaps behind it. */
static void
read_readings(const char *text, Route *out)
{
	size_t name_len = 0, len = strlen(text);
	RouteView view = read_suffix(text, &name_len, out);
	bool slash = text[len - 1] == '/';

	add_readings(text, name_len, view, out);
	if (view != ROUTE_MESSAGE)
		add_readings(text, len - slash, ROUTE_MESSAGE, out);
	if (slash)
		add_readings(text, len, ROUTE_MESSAGE, out);
	/* How those differ that have this id: they are there to choose from. */
	len -= slash;
	if (len > 2 && text[len - 2] == '/' && text[len - 1] == 'd')
		add_readings(text, len - 2, ROUTE_MESSAGE, out);
}

/* A message: rest is its name; whole, if not NULL, may be. */
static void
read_name(const char *rest, const char *whole, RouteKind kind, Route *out)
{
	read_readings(rest, out);
	if (whole != NULL)
		read_readings(whole, out);
	if (out->name != NULL)
		out->kind = kind;
}

/* "author/ID", "author/ID/", "author/ID/new.atom" behind a list. */
static bool
read_author(const char *rest, Route *out)
{
	if (!g_str_has_prefix(rest, AUTHOR))
		return false;
	rest += sizeof AUTHOR - 1;
	size_t len = strspn(
	    rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

	if (len > 0 && strcmp(rest + len, "/new.atom") == 0)
		out->view = ROUTE_ATOM;
	else if (len == 0 ||
		 (rest[len] != '\0' && strcmp(rest + len, "/") != 0))
		return false;
	out->name = g_strndup(rest, len);
	return true;
}

/* public-inbox's pages and feeds of a list's threads. */
static bool
read_topics(const char *rest, Route *out)
{
	static const char *const pages[] = {
	    "new.html", "topics_new.html", "topics_active.html", NULL};
	static const char *const feeds[] = {
	    "new.atom", "topics_new.atom", "topics_active.atom", NULL};

	if (g_strv_contains(feeds, rest)) {
		out->kind = ROUTE_FEED;
		return true;
	}
	if (!g_strv_contains(pages, rest))
		return false;
	out->kind = ROUTE_TOP;
	out->name = g_steal_pointer(&out->list);
	return true;
}

static void
read_in_list(const char *rest, Route *out)
{
	if (read_topics(rest, out))
		return;
	if (read_month(rest, out))
		out->kind = ROUTE_MONTH;
	else if (read_mbox_name(rest, out))
		out->kind = ROUTE_MBOXES;
	else if (strcmp(rest, "opensearch.xml") == 0)
		out->kind = ROUTE_OPENSEARCH;
	else if (read_map(rest, out))
		out->kind = ROUTE_MAP;
	else if (read_author(rest, out))
		out->kind = ROUTE_AUTHOR;
	else if (g_str_has_prefix(rest, "mid/") && rest[4] != '\0')
		read_name(rest + 4, rest, ROUTE_ID, out);
	else
		read_name(rest, NULL, ROUTE_NAME, out);
}

void
route_parse(const char *path, const char *prefix, Route *out)
{
	const char *p = route_rest(path, prefix);

	memset(out, 0, sizeof *out);
	if (p[0] != '/')
		return;
	if (route_is_api(p, "")) {
		out->kind = ROUTE_API;
		out->name = g_strdup(p + sizeof API - 1);
		return;
	}
	p++;
	size_t len = strcspn(p, "/");
	const char *rest = p + len + (p[len] == '/');

	if (len == 0) {
		out->kind = *p == '\0' ? ROUTE_HOME : ROUTE_NONE;
	} else if (len == 1 && p[0] == '~') {
		out->kind = ROUTE_ASSET;
		out->name = g_strdup(rest);
	} else if (strcmp(p, "~lang") == 0) {
		out->kind = ROUTE_LANG;
	} else if (strcmp(p, "robots.txt") == 0 || strcmp(p, "llms.txt") == 0 ||
		   strcmp(p, "sitemap.xml") == 0) {
		out->kind = ROUTE_SITE;
		out->name = g_strdup(p);
	} else if (strcmp(p, "favicon.ico") == 0) {
		out->kind = ROUTE_ASSET;
		out->name = g_strdup(p);
	} else if (len == 1 && p[0] == 'r' && rest[0] != '\0') {
		read_name(rest, NULL, ROUTE_ID, out);
	} else {
		char *top = decode(p, len);

		if (top == NULL)
			return;
		if (rest[0] == '\0') {
			out->kind = ROUTE_TOP;
			out->name = top;
		} else {
			out->list = top;
			read_in_list(rest, out);
		}
	}
}

void
route_clear(Route *r)
{
	g_free(r->list);
	g_free(r->name);
	g_free(r->file);
	for (size_t i = 0; i < r->n_others; i++)
		g_free(r->others[i].id);
	memset(r, 0, sizeof *r);
}
