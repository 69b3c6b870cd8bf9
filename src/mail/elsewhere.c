/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/elsewhere.h"

#include "base/limits.h"
#include "mail/permalink.h"

#include <glib.h>

#include <stdbool.h>
#include <string.h>

/* A URL taken apart; what follows "#" is left out. */
typedef struct {
	const char *host, *path, *query, *end;
} Url;

/* Where an archive has the id in its URLs. */
typedef struct {
	const char *host;
	const char *path;  /* that stands before it; "*": any one segment */
	const char *with;  /* parameter that must be there, or NULL */
	const char *param; /* that is the id; NULL: the path's next segment */
} Form;

static const Form forms[] = {
    {"lore.kernel.org", "/*/", NULL, NULL},
    {"lkml.kernel.org", "/r/", NULL, NULL},
    {"patch.msgid.link", "/", NULL, NULL},
    {"mid.mail-archive.com", "/", NULL, NULL},
    {"mid.gmane.org", "/", NULL, NULL},
    {"marc.info", "/", NULL, "i="},
    {"mail-archive.com", "/search", "l=mid", "q="},
    {"www.mail-archive.com", "/search", "l=mid", "q="},
};

static bool
take_apart(const char *p, size_t len, Url *u)
{
	static const char *const schemes[] = {"https://", "http://"};
	const char *end = memchr(p, '#', len);

	end = end != NULL ? end : p + len;
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if ((size_t)(end - p) < n ||
		    g_ascii_strncasecmp(p, schemes[i], n) != 0)
			continue;
		u->host = p + n;
		u->path = memchr(u->host, '/', (size_t)(end - u->host));
		u->end = end;
		if (u->path == NULL)
			return false;
		u->query = memchr(u->path, '?', (size_t)(end - u->path));
		u->query = u->query != NULL ? u->query : end;
		return true;
	}
	return false;
}

/* Whether [p, end) is text, in either case. */
static bool
is_text(const char *p, const char *end, const char *text)
{
	return (size_t)(end - p) == strlen(text) &&
	       g_ascii_strncasecmp(p, text, strlen(text)) == 0;
}

static const char *
segment_end(const char *p, const char *end)
{
	const char *slash = memchr(p, '/', (size_t)(end - p));

	return slash != NULL ? slash : end;
}

/* The octets of [p, end) that a Message-ID is written with there, or NULL. */
static char *
decode_id(const char *p, const char *end)
{
	/* Each octet of it may be three. */
	if ((size_t)(end - p) > 3 * (size_t)LIMIT_MESSAGE_ID_BYTES)
		return NULL;
	g_autofree char *id = g_uri_unescape_segment(p, end, NULL);
	const char *at = id != NULL ? strchr(id, '@') : NULL;

	if (at == NULL || at == id || at[1] == '\0' ||
	    strlen(id) > LIMIT_MESSAGE_ID_BYTES ||
	    !g_utf8_validate(id, -1, NULL))
		return NULL;
	return g_steal_pointer(&id);
}

/* What follows name ("i=", "l=mid") in the first parameter that begins so,
 * and in *stop its end; or NULL. */
static const char *
find_param(const Url *u, const char *name, const char **stop)
{
	size_t n = strlen(name);

	for (const char *p = u->query; p < u->end; p = *stop) {
		p++; /* "?" or "&" */
		*stop = memchr(p, '&', (size_t)(u->end - p));
		*stop = *stop != NULL ? *stop : u->end;
		if ((size_t)(*stop - p) >= n && memcmp(p, name, n) == 0)
			return p + n;
	}
	return NULL;
}

/* The id of u, whose host is that of form; or NULL. */
static char *
read_form(const Url *u, const Form *form)
{
	const char *p = u->path, *stop = NULL;

	for (const char *want = form->path; *want != '\0'; want++) {
		if (p == u->query || (*want != '*' && *p != *want))
			return NULL;
		p = *want == '*' ? segment_end(p, u->query) : p + 1;
	}
	if (form->param == NULL)
		return decode_id(p, segment_end(p, u->query));
	if (p < u->query && !is_text(p, u->query, "/"))
		return NULL;
	if (form->with != NULL) {
		p = find_param(u, form->with, &stop);
		if (p == NULL || p != stop)
			return NULL;
	}
	p = find_param(u, form->param, &stop);
	return p != NULL ? decode_id(p, stop) : NULL;
}

/* HyperKitty's hash, wherever that is mounted; or NULL. */
static char *
read_hash(const Url *u)
{
	static const char list[] = "/list/", message[] = "/message/";
	const char *p = u->path;

	while ((p = g_strstr_len(p, u->query - p, list)) != NULL) {
		const char *addr = p + strlen(list);
		const char *stop = segment_end(addr, u->query);

		p++;
		if (u->query - stop < (ptrdiff_t)strlen(message) + KEY_LEN ||
		    memcmp(stop, message, strlen(message)) != 0 ||
		    (memchr(addr, '@', (size_t)(stop - addr)) == NULL &&
			g_strstr_len(addr, stop - addr, "%40") == NULL))
			continue;
		const char *hash = stop + strlen(message);

		if (segment_end(hash, u->query) != hash + KEY_LEN)
			continue;
		g_autofree char *low = g_ascii_strdown(hash, KEY_LEN);

		if (strspn(low, "abcdefghijklmnopqrstuvwxyz234567") == KEY_LEN)
			return g_steal_pointer(&low);
	}
	return NULL;
}

ElsewhereKind
elsewhere_parse(const char *url, size_t len, char **name)
{
	Url u = {0};

	*name = NULL;
	if (len > LIMIT_ELSEWHERE_BYTES || !take_apart(url, len, &u))
		return ELSEWHERE_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(forms) && *name == NULL; i++)
		if (is_text(u.host, u.path, forms[i].host))
			*name = read_form(&u, &forms[i]);
	if (*name != NULL)
		return ELSEWHERE_ID;
	*name = read_hash(&u);
	return *name != NULL ? ELSEWHERE_HASH : ELSEWHERE_NONE;
}
