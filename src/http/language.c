/* SPDX-License-Identifier: Apache-2.0 */
#include "http/language.h"

#include <string.h>

#define COOKIE "felid-lang"
#define YEAR_S "31536000"

/* The value of our cookie in a Cookie field (RFC 6265 section 4.2.1), or
 * NULL.  Free with g_free. */
static char *
find_cookie(const char *field)
{
	static const char name[] = COOKIE "=";

	for (const char *p = field; p != NULL;) {
		p += strspn(p, "; \t");
		if (g_str_has_prefix(p, name)) {
			p += strlen(name);
			return g_strndup(p, strcspn(p, "; \t"));
		}
		p = strchr(p, ';');
	}
	return NULL;
}

const Words *
language_of(const Request *q)
{
	g_autofree char *tag = find_cookie(q->cookie);
	bool known = false;
	const Words *chosen = tag != NULL ? words_find(tag, &known) : NULL;

	return known ? chosen : words_accepted(q->accept_language);
}

/*
 * Whether it leads to a page of ours: a browser takes what follows "//" or
 * "/\" for a host, and drops tabs and line ends before it looks.
 */
static bool
is_ours(const char *back)
{
	if (back[0] != '/' || back[1] == '/')
		return false;
	for (const char *p = back; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || *p == '\\')
			return false;
	return true;
}

/* A parameter that names no language: say which there are. */
static void
refuse_language(const Ask *a, Response *out)
{
	const Words *const *all = words_all();
	g_autoptr(GString) tags = g_string_new(words_tag(NULL));

	for (size_t i = 0; all[i] != NULL; i++)
		g_string_append_printf(tags, ", %s", words_tag(all[i]));
	g_autofree char *detail = g_strdup_printf(
	    html_word(a->site,
		"The parameter \xe2\x80\x9cto\xe2\x80\x9d must be one of: "
		"%s."),
	    tags->str);

	pages_say_no(a, 400, NULL, detail, out);
}

void
language_choose(const Ask *a, Response *out)
{
	const char *to = request_arg(a->q, "to");
	const char *back = a->q->referer != NULL
			       ? route_rest(a->q->referer, a->site->path)
			       : "/";
	bool known = false;
	const Words *w = to != NULL ? words_find(to, &known) : NULL;

	if (!known) {
		refuse_language(a, out);
		return;
	}
	response_redirect(
	    out, g_strconcat(a->site->path, is_ours(back) ? back : "/", NULL));
	out->status = 303;
	out->kind = RESPONSE_PASSING;
	response_field(out, "Set-Cookie",
	    g_strconcat(COOKIE "=", words_tag(w), "; Path=", a->site->path,
		"/; Max-Age=" YEAR_S "; SameSite=Lax; HttpOnly",
		g_str_has_prefix(a->site->url, "https:") ? "; Secure" : "",
		NULL));
}
