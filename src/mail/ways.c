/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/ways.h"

#include "base/limits.h"
#include "mail/header.h"
#include "mail/html_link.h"

#include <string.h>

static const char *const fields[N_WAYS] = {
    [WAY_SUBSCRIBE] = "List-Subscribe",
    [WAY_HELP] = "List-Help",
    [WAY_OWNER] = "List-Owner",
    [WAY_POST] = "List-Post",
};

void
ways_init(Ways *w)
{
	for (size_t i = 0; i < N_WAYS; i++)
		w->urls[i] = g_ptr_array_new_with_free_func(g_free);
	w->n = 0;
}

void
ways_clear(Ways *w)
{
	for (size_t i = 0; i < N_WAYS; i++)
		g_clear_pointer(&w->urls[i], g_ptr_array_unref);
	w->n = 0;
}

/* Letters and digits in a row that make a token of what has both. */
#define TOKEN 16u

static bool
has_token(const char *url)
{
	for (const char *p = url; *p != '\0';) {
		size_t n = 0;
		bool letter = false, digit = false;

		for (; g_ascii_isalnum(p[n]); n++) {
			letter = letter || g_ascii_isalpha(p[n]);
			digit = digit || g_ascii_isdigit(p[n]);
		}
		if (n >= TOKEN && letter && digit)
			return true;
		p += n > 0 ? n : 1;
	}
	return false;
}

/* Whether name is in local, parted from what else is there. */
static bool
holds(const char *local, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = local; len > 0 && (p = strstr(p, name)) != NULL;
	     p++)
		if ((p == local || !g_ascii_isalnum(p[-1])) &&
		    !g_ascii_isalnum(p[len]))
			return true;
	return false;
}

/* Whether url, a mailto, writes to the list or to what serves it. */
static bool
is_role(const char *url, const char *const *names)
{
	static const char *const servers[] = {"majordomo", "listserv", "sympa",
	    "mlmmj", "ecartis", "mailman", "listmaster", "lists", "postmaster"};
	const char *addr = url + strlen("mailto:"), *at = strchr(addr, '@');

	if (at == NULL || strcspn(addr, "?") < (size_t)(at - addr))
		return false;
	g_autofree char *local = g_ascii_strdown(addr, at - addr);

	for (size_t i = 0; i < G_N_ELEMENTS(servers); i++)
		if (strcmp(local, servers[i]) == 0)
			return true;
	for (; *names != NULL; names++)
		if (holds(local, *names))
			return true;
	return false;
}

static bool
is_public(const char *url, const char *const *names)
{
	g_autofree char *lower = g_ascii_strdown(url, -1);

	if (strlen(url) > LIMIT_WAY_BYTES || has_token(url) ||
	    strstr(lower, "unsub") != NULL || !g_str_is_ascii(url))
		return false;
	if (g_str_has_prefix(lower, "mailto:"))
		return is_role(url, names);
	/* Who is logged in where is nobody else's. */
	return (g_str_has_prefix(lower, "https://") ||
		   g_str_has_prefix(lower, "http://")) &&
	       strchr(url, '@') == NULL;
}

/* The URLs of the field called name that may be shown. */
static GPtrArray *
read_field(
    const char *raw, size_t len, const char *name, const char *const *names)
{
	GPtrArray *urls = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *value = header_find(raw, len, name);

	/* They stand in the brackets that Message-IDs stand in. */
	if (value != NULL)
		header_ids(value, found);
	for (guint i = 0; i < found->len && urls->len < LIMIT_WAYS; i++) {
		g_autofree char *url = html_link_safe(found->pdata[i]);

		if (url != NULL && is_public(url, names))
			g_ptr_array_add(urls, g_steal_pointer(&url));
	}
	return urls;
}

/* Leave of urls what others have too. */
static void
keep_common(GPtrArray *urls, const GPtrArray *others)
{
	for (guint i = urls->len; i > 0; i--) {
		bool there = false;

		for (guint k = 0; k < others->len && !there; k++)
			there =
			    strcmp(urls->pdata[i - 1], others->pdata[k]) == 0;
		if (!there)
			g_ptr_array_remove_index(urls, i - 1);
	}
}

static bool
is_of(const char *raw, size_t len, const char *const *ids)
{
	g_autofree char *value = header_find(raw, len, "List-Id");
	g_autofree char *id = value != NULL ? header_message_id(value) : NULL;

	for (; id != NULL && *ids != NULL; ids++)
		if (g_ascii_strcasecmp(id, *ids) == 0)
			return true;
	return false;
}

void
ways_add(Ways *w, const char *raw, size_t len, const char *const *ids,
    const char *const *names)
{
	if (!is_of(raw, len, ids))
		return;
	for (size_t i = 0; i < N_WAYS; i++) {
		GPtrArray *urls = read_field(raw, len, fields[i], names);

		if (w->n > 0) {
			keep_common(w->urls[i], urls);
			g_ptr_array_unref(urls);
		} else {
			g_ptr_array_unref(w->urls[i]);
			w->urls[i] = urls;
		}
	}
	w->n++;
}
