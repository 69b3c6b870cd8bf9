/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/path.h"

#include <glib.h>

#include <string.h>

static bool
is_atext(char c)
{
	return g_ascii_isalnum(c) || (c & 0x80) != 0 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* A label's: "_" too, which List-Ids have. */
static bool
is_label(char c)
{
	return g_ascii_isalnum(c) || (c & 0x80) != 0 || c == '-' || c == '_';
}

/* Behind the domain or address literal at p, or NULL. */
static const char *
skip_domain(const char *p)
{
	if (*p == '[') {
		p += strcspn(p + 1, "[]\\ ") + 1;
		return *p == ']' ? p + 1 : NULL;
	}
	for (;;) {
		const char *label = p;

		while (is_label(*p))
			p++;
		if (p == label)
			return NULL;
		if (*p != '.')
			return p;
		p++;
	}
}

/* RFC 5321's A-d-l, "@a,@b:", obsolete and ignored.  p if there is none,
 * NULL if there is half of one. */
static const char *
skip_route(const char *p)
{
	if (*p != '@')
		return p;
	for (;;) {
		if (*p != '@' || (p = skip_domain(p + 1)) == NULL)
			return NULL;
		if (*p == ':')
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

/* Whether local is none but atext and dots. */
static bool
is_plain(const char *local)
{
	const char *p = local;

	while (is_atext(*p) || *p == '.')
		p++;
	return p != local && *p == '\0';
}

/* Put the quoted string at p into out; behind it, or NULL. */
static const char *
read_quoted(const char *p, GString *out)
{
	g_autoptr(GString) bare = g_string_new(NULL);

	for (p++; *p != '"'; p++) {
		if (*p == '\\')
			p++;
		if (*p == '\0')
			return NULL;
		g_string_append_c(bare, *p);
	}
	if (is_plain(bare->str)) {
		g_string_append(out, bare->str);
		return p + 1;
	}
	g_string_append_c(out, '"');
	for (const char *q = bare->str; *q != '\0'; q++) {
		if (*q == '"' || *q == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *q);
	}
	g_string_append_c(out, '"');
	return p + 1;
}

static const char *
read_local(const char *p, GString *out)
{
	const char *begin = p;

	if (*p == '"')
		return read_quoted(p, out);
	while (is_atext(*p) || *p == '.')
		p++;
	if (p == begin)
		return NULL;
	g_string_append_len(out, begin, p - begin);
	return p;
}

static const char *
read_mailbox(const char *p, GString *out)
{
	const char *domain = NULL;

	p = skip_route(p);
	if (p != NULL)
		p = read_local(p, out);
	if (p == NULL)
		return NULL;
	if (*p != '@')
		return g_ascii_strcasecmp(out->str, "postmaster") == 0 ? p
								       : NULL;
	domain = p;
	p = skip_domain(p + 1);
	if (p != NULL)
		g_string_append_len(out, domain, p - domain);
	return p;
}

char *
lmtp_path_read(const char **text)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *p = *text;

	if (*p++ != '<')
		return NULL;
	if (*p != '>')
		p = read_mailbox(p, out);
	if (p == NULL || *p != '>' || !g_utf8_validate(out->str, -1, NULL))
		return NULL;
	*text = p + 1;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

bool
lmtp_path_is_utf8(const char *path)
{
	return !g_str_is_ascii(path);
}
