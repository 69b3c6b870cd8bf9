/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html_protect.h"

#include "mail/addr.h"

#include <stdbool.h>
#include <string.h>

/* One character's octet as it is read, and where it stands in markup: an
 * entity is longer. */
typedef struct {
	const char *at;
	size_t len;
} Place;

/* What a reader sees as one run of characters without white space, with
 * the tags in it. */
typedef struct {
	GString *out;
	GString *text;
	GArray *places; /* of each octet of text: Place */
	const char *from;
	bool has_at;
	bool quoted; /* behind a quoted local part */
} Run;

/* Whether the tag at p, which begins with "<", leaves what is before and
 * behind it one word. */
static bool
is_within_line(const char *p)
{
	static const char *const names[] = {"a", "b", "code", "em", "i", "s",
	    "small", "strong", "sub", "sup", "u"};
	size_t n = 0;

	p += p[1] == '/' ? 2 : 1;
	n = strcspn(p, " >");
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == n && memcmp(names[i], p, n) == 0)
			return true;
	return false;
}

/* Write the tag of len octets. */
static void
put_tag(GString *out, const char *tag, size_t len)
{
	if (memchr(tag, '@', len) == NULL) {
		g_string_append_len(out, tag, (gssize)len);
		return;
	}
	g_autofree char *whole = g_strndup(tag, len);
	g_autofree char *safe = addr_protect(whole);

	g_string_append(out, safe);
}

/* Write what stands from p to end: characters as they are, and tags. */
static void
put_markup(GString *out, const char *p, const char *end)
{
	while (p < end) {
		const char *tag = memchr(p, '<', (size_t)(end - p));
		const char *stop = tag != NULL ? tag : end;

		g_string_append_len(out, p, stop - p);
		if (tag == NULL)
			return;
		stop = memchr(tag, '>', (size_t)(end - tag));
		g_assert(stop != NULL);
		put_tag(out, tag, (size_t)(stop + 1 - tag));
		p = stop + 1;
	}
}

/* Write the run, which ends at stop, and begin the next there. */
static void
end_run(Run *r, const char *stop)
{
	const Place *places = (const Place *)(void *)r->places->data;
	size_t len = r->text->len, dot = 0, end = 0;
	const char *done = r->from;
	bool hide = r->has_at && !addr_is_url(r->text->str, len);

	for (size_t i = 0; hide && i < len; i++) {
		if (!addr_at(r->text->str, len, i, &dot, &end) &&
		    !(i == 0 && r->quoted &&
			addr_behind_quote(r->text->str, len, &dot, &end)))
			continue;
		put_markup(r->out, done, places[i].at);
		g_string_append(r->out, ADDR_AT);
		done = places[i].at + places[i].len;
		put_markup(
		    r->out, done, places[dot - 1].at + places[dot - 1].len);
		g_string_append(r->out, ADDR_ELLIPSIS);
		for (i = dot; i < end; i++)
			put_markup(r->out, places[i - 1].at + places[i - 1].len,
			    places[i].at);
		i = end - 1;
		done = places[i].at + places[i].len;
	}
	put_markup(r->out, done, stop);
	g_string_truncate(r->text, 0);
	g_array_set_size(r->places, 0);
	r->from = stop;
	r->has_at = false;
}

/* The character that is written as an entity at p. */
static char
entity_at(const char *p, size_t *len)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = {
	    {"&amp;", '&'}, {"&gt;", '>'}, {"&lt;", '<'}, {"&quot;", '"'}};

	for (size_t i = 0; i < G_N_ELEMENTS(entities); i++) {
		*len = strlen(entities[i].entity);
		if (strncmp(p, entities[i].entity, *len) == 0)
			return entities[i].c;
	}
	*len = 1;
	return *p;
}

/* Take the character at p; returns how long it is. */
static size_t
take_character(Run *r, const char *p)
{
	size_t len = 1;
	char c = *p;

	if (c == '&')
		c = entity_at(p, &len);
	const Place place = {.at = p, .len = len};

	if (strchr(" \t\n<>\"", c) != NULL) {
		bool quoted = c == '"' && r->text->len > 0 &&
			      addr_closes_quote(r->text->str[r->text->len - 1]);

		end_run(r, p);
		r->quoted = quoted;
		return len;
	}
	g_string_append_c(r->text, c);
	g_array_append_val(r->places, place);
	r->has_at |= c == '@';
	return len;
}

void
html_protect(GString *markup)
{
	g_autofree char *in = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
	Run r = {.out = markup, .text = text, .places = places};

	addr_hide_wide(markup);
	if (memchr(markup->str, '@', markup->len) == NULL)
		return;
	in = g_strndup(markup->str, markup->len);
	g_string_truncate(markup, 0);
	r.from = in;
	for (const char *p = in; *p != '\0';) {
		if (*p == '<') {
			if (!is_within_line(p))
				end_run(&r, p);
			p = strchr(p, '>') + 1;
		} else {
			p += take_character(&r, p);
		}
	}
	end_run(&r, in + strlen(in));
}
