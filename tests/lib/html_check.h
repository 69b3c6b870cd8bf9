/*
 * html_check.h - a strict reader of what html_sanitise may write.
 *
 * It knows the form of each tag to the letter, so that whatever slips
 * through the sanitiser in any other form fails.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LIB_HTML_CHECK_H
#define TESTS_LIB_HTML_CHECK_H

#include <glib.h>

#include <string.h>

/* Whether list, names between single spaces, has the n bytes at name. */
static inline gboolean
html_check_listed(const char *list, const char *name, size_t n)
{
	for (const char *p = list; *p != '\0';
	     p += strcspn(p, " "), p += *p == ' ')
		if (strcspn(p, " ") == n && memcmp(p, name, n) == 0)
			return TRUE;
	return FALSE;
}

/* The link at p, which begins with "<a ": what follows it, or NULL. */
static inline const char *
html_check_link(const char *p)
{
	static const char *const starts[] = {
	    "http://", "https://", "mailto:", "news:", "mid:", "/r/"};
	static const char rel[] =
	    "\" rel=\"nofollow noopener noreferrer ugc\">";
	gboolean safe = FALSE;

	if (!g_str_has_prefix(p, "<a href=\""))
		return NULL;
	p += strlen("<a href=\"");
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
		safe = safe || g_ascii_strncasecmp(
				   p, starts[i], strlen(starts[i])) == 0;
	if (!safe)
		return NULL;
	for (; *p != '\0' && *p != '"'; p++)
		if ((unsigned char)*p <= ' ' || *p == '<' || *p == '>')
			return NULL;
	return g_str_has_prefix(p, rel) ? p + strlen(rel) : NULL;
}

/* The image at p, which begins with "<img ": likewise. */
static inline const char *
html_check_image(const char *p)
{
	static const char start[] = "<img src=\"/p/", alt[] = "\" alt=\"",
			  end[] = "\" loading=\"lazy\">";

	if (!g_str_has_prefix(p, start))
		return NULL;
	p += strlen(start);
	p += strcspn(p, "\"<> ");
	if (!g_str_has_prefix(p, alt))
		return NULL;
	p += strlen(alt);
	p += strcspn(p, "\"<>");
	return g_str_has_prefix(p, end) ? p + strlen(end) : NULL;
}

/* What a page has for each id: the pages that the two above know. */
static inline char *
html_check_part(void *user, const char *cid)
{
	g_autofree char *at = g_uri_escape_string(cid, NULL, FALSE);

	return user == NULL ? g_strconcat("/p/", at, NULL) : NULL;
}

static inline char *
html_check_message(void *user, const char *id)
{
	g_autofree char *at = g_uri_escape_string(id, NULL, FALSE);

	return user == NULL ? g_strconcat("/r/", at, NULL) : NULL;
}

/* NULL if html is as it should be; else where it is not. */
static inline const char *
html_check(const char *html)
{
	static const char names[] =
	    "a b blockquote br code dd div dl dt em h3 h4 h5 h6 hr i img li ol "
	    "p "
	    "pre s small strong sub sup table tbody td th thead tr u ul";
	g_autoptr(GString) open = g_string_new(NULL);
	const char *p = html;

	while (*p != '\0') {
		const char *start = p;
		gboolean end = FALSE;
		size_t n = 0;

		if (*p == '&' && !g_str_has_prefix(p, "&amp;") &&
		    !g_str_has_prefix(p, "&lt;") &&
		    !g_str_has_prefix(p, "&gt;") &&
		    !g_str_has_prefix(p, "&quot;"))
			return p;
		if (*p == '>' || *p == '"')
			return p;
		if (*p++ != '<')
			continue;
		end = *p == '/';
		p += end;
		n = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
		if (!html_check_listed(names, p, n))
			return start;
		if (n == 3 && g_str_has_prefix(start, "<img")) {
			p = html_check_image(start);
			if (p == NULL)
				return start;
			continue;
		}
		if (n == 1 && *p == 'a' && !end) {
			p = html_check_link(start);
			if (p == NULL)
				return start;
			g_string_append(open, "<a");
			continue;
		}
		if (p[n] != '>')
			return start;
		if (end) {
			g_autofree char *last =
			    g_strdup_printf("<%.*s", (int)n, p);

			if (!g_str_has_suffix(open->str, last))
				return start;
			g_string_truncate(open, open->len - n - 1);
		} else if (!html_check_listed("br hr", p, n)) {
			g_string_append_len(open, start, (gssize)n + 1);
		}
		p += n + 1;
	}
	return open->len == 0 ? NULL : p;
}

#endif
