/* fuzz_prose.c - the text of a message as HTML: with the tags taken out
 * and the entities undone it is the text again, and no tag but ours came
 * in. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "view/prose.h"

#include <glib.h>

#include <string.h>

/* What stands in html besides its tags, entities undone; takes nothing. */
static char *
text_of(const char *html)
{
	GString *text = g_string_new(NULL);
	const char *p = html;

	while (*p != '\0') {
		if (*p == '<') {
			const char *end = strchr(p, '>');

			g_assert(g_str_has_prefix(p, "<a href=\"") ||
				 g_str_has_prefix(p, "</a>"));
			g_assert(end != NULL);
			p = end + 1;
		} else {
			g_string_append_c(text, *p++);
		}
	}
	g_string_replace(text, "&lt;", "<", 0);
	g_string_replace(text, "&gt;", ">", 0);
	g_string_replace(text, "&quot;", "\"", 0);
	g_string_replace(text, "&amp;", "&", 0);
	return g_string_free(text, FALSE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const HtmlSite site = {.title = "t",
	    .url = "https://h",
	    .path = "",
	    .protect = size % 2 != 0};
	g_autofree char *in =
	    g_utf8_make_valid((const char *)data, (gssize)size);
	g_autoptr(GString) linked = g_string_new(NULL);
	g_autoptr(GString) page = g_string_new(NULL);

	prose_linked(linked, &site, in, strlen(in));
	g_autofree char *out = text_of(linked->str);

	g_assert_cmpstr(in, ==, out);
	prose_write(page, &site, in, "k", 0);
	g_assert(g_str_has_suffix(page->str, "</div>\n"));
	return 0;
}
