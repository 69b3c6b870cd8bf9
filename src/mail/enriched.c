/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/enriched.h"

#include <glib.h>

#include <string.h>

typedef struct {
	GString *out;
	bool rich;
	unsigned int hidden; /* open elements whose content is not text */
	unsigned int nofill; /* and those whose line ends are kept */
} Reader;

static bool
is_command(const char *name, size_t len, const char *word)
{
	return strlen(word) == len && g_ascii_strncasecmp(name, word, len) == 0;
}

static void
nest(unsigned int *depth, bool end)
{
	if (!end)
		(*depth)++;
	else if (*depth > 0)
		(*depth)--;
}

/* The command of len bytes between "<" and ">". */
static void
take_command(Reader *r, const char *name, size_t len)
{
	bool end = len > 0 && *name == '/';

	if (end) {
		name++;
		len--;
	}
	if (is_command(name, len, r->rich ? "comment" : "param")) {
		nest(&r->hidden, end);
	} else if (!r->rich && is_command(name, len, "nofill")) {
		nest(&r->nofill, end);
	} else if (r->rich && r->hidden == 0) {
		if (is_command(name, len, "lt"))
			g_string_append_c(r->out, '<');
		else if (is_command(name, len, "nl") ||
			 (end && is_command(name, len, "paragraph")))
			g_string_append_c(r->out, '\n');
	}
}

/* n line ends: one is white space, and of more one goes. */
static void
take_breaks(Reader *r, size_t n)
{
	if (r->hidden > 0)
		return;
	if (r->rich || (n == 1 && r->nofill == 0)) {
		g_string_append_c(r->out, ' ');
		return;
	}
	for (size_t i = r->nofill > 0 ? 0 : 1; i < n; i++)
		g_string_append_c(r->out, '\n');
}

char *
enriched_to_text(const char *text, bool rich)
{
	Reader r = {.out = g_string_sized_new(strlen(text)), .rich = rich};

	for (const char *p = text; *p != '\0';) {
		size_t n = strspn(p, "\n");
		const char *close = NULL;

		if (n > 0) {
			take_breaks(&r, n);
			p += n;
			continue;
		}
		if (!rich && p[0] == '<' && p[1] == '<') {
			p++;
		} else if (*p == '<') {
			/* A command has at most 60 letters. */
			n = strcspn(p, "> \n");
			close = n <= 62 && p[n] == '>' ? p + n : NULL;
		}
		if (close != NULL) {
			take_command(&r, p + 1, (size_t)(close - p) - 1);
			p = close + 1;
			continue;
		}
		if (r.hidden == 0)
			g_string_append_c(r.out, *p);
		p++;
	}
	if (r.out->len > 0)
		g_string_append_c(r.out, '\n');
	return g_string_free(r.out, FALSE);
}
