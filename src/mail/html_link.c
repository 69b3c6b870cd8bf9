/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html_link.h"

#include "base/text.h"
#include "mail/html_parse.h"

#include <string.h>

const char *
html_link_attr(const char *const *attrs, const char *name)
{
	for (; attrs != NULL && attrs[0] != NULL; attrs += 2)
		if (strcmp(attrs[0], name) == 0)
			return attrs[1];
	return NULL;
}

/* The scheme that url begins with, with what must follow it and be
 * followed by something. */
static bool
has_safe_scheme(const char *url)
{
	static const char *const schemes[] = {
	    "http://", "https://", "mailto:", "mid:", "news:"};

	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (g_ascii_strncasecmp(url, schemes[i], n) == 0)
			return url[n] != '\0';
	}
	return false;
}

char *
html_link_safe(const char *href)
{
	g_autoptr(GString) url = g_string_new(NULL);

	for (const char *p = href; p != NULL && *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < ' ' || c == 0x7F || (c == ' ' && url->len == 0))
			continue; /* as browsers do */
		if (strchr(" \"<>\\^`{|}", c) != NULL)
			g_string_append_printf(url, "%%%02X", c);
		else
			g_string_append_c(url, (char)c);
	}
	while (g_str_has_suffix(url->str, "%20"))
		g_string_truncate(url, url->len - 3);
	if (!has_safe_scheme(url->str))
		return NULL;
	/* So that whoever hides addresses finds this one. */
	if (g_ascii_strncasecmp(url->str, "mailto:", 7) == 0)
		g_string_replace(url, "%40", "@", 0);
	return g_string_free(g_steal_pointer(&url), FALSE);
}

/* What follows scheme in url, percent-encoding undone; or NULL. */
static char *
after_scheme(const char *url, const char *scheme)
{
	size_t n = strlen(scheme);
	char *id = NULL;

	if (url == NULL || g_ascii_strncasecmp(url, scheme, n) != 0)
		return NULL;
	id = g_uri_unescape_string(url + n, NULL);
	if (id == NULL || *id == '\0' || !g_utf8_validate(id, -1, NULL)) {
		g_free(id);
		return NULL;
	}
	return id;
}

char *
html_link_message(const char *url)
{
	char *id = after_scheme(url, "mid:");

	if (id == NULL)
		id = after_scheme(url, "news:");
	if (id != NULL && strchr(id, '@') == NULL) {
		g_free(id); /* a newsgroup */
		return NULL;
	}
	if (id != NULL)
		id[strcspn(strchr(id, '@'), "/") +
		    (size_t)(strchr(id, '@') - id)] = '\0';
	return id;
}

char *
html_link_part(const char *url)
{
	return after_scheme(url, "cid:");
}

char *
html_link_image(const char *const *attrs)
{
	const char *alt = html_link_attr(attrs, "alt");
	const char *src = html_link_attr(attrs, "src");
	g_autofree char *clean = NULL;
	g_autofree char *text = NULL;

	if (alt != NULL) {
		clean = html_parse_clean(alt, strlen(alt));
		text = text_squeeze(clean);
		if (text[0] != '\0')
			return g_strdup_printf("[%s]", text);
	}
	if (src != NULL && g_ascii_strncasecmp(src, "cid:", 4) == 0)
		return g_strdup("[image]");
	return NULL;
}
