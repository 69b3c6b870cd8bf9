/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/choose.h"

#include "mail/part.h"

#include <string.h>

/* Bytes of a plain text that may be a stub, as it is encoded and as it is
 * read; and how much longer the HTML is then. */
#define STUB_ENCODED 2000
#define STUB_LEN 300
#define STUB_RATIO 4

/* How well an alternative suits a reader. */
typedef enum {
	SUITS_NOT,
	SUITS_TEXT, /* text of some other type */
	SUITS_HTML,
	SUITS_PLAIN,
} Suits;

typedef struct {
	size_t first, end; /* its parts */
	Suits suits;
	const Part *text; /* that makes it suit */
} Alternative;

/* What stubs say, in lower case. */
static const char *const stub_words[] = {
    "html", "browser", "mail client", "email client", "not supported"};

static bool
is_stub(GBytes *raw, const Part *plain, const Part *html)
{
	g_autofree char *text = NULL;
	g_autofree char *lower = NULL;
	bool cut = false;

	if (plain->len > STUB_ENCODED || html->len == 0)
		return false;
	text = g_strstrip(part_text(raw, plain, &cut));
	if (text[0] == '\0')
		return true;
	if (strlen(text) > STUB_LEN || html->len < STUB_RATIO * plain->len)
		return false;
	lower = g_ascii_strdown(text, -1);
	for (size_t i = 0; i < G_N_ELEMENTS(stub_words); i++)
		if (strstr(lower, stub_words[i]) != NULL)
			return true;
	return false;
}

static Suits
suits(const Part *p)
{
	if (p->show == SHOW_HTML)
		return SUITS_HTML;
	if (p->show != SHOW_TEXT)
		return SUITS_NOT;
	return strcmp(p->type, "text/plain") == 0 ? SUITS_PLAIN : SUITS_TEXT;
}

/* The alternative that begins with part first. */
static Alternative
weigh(const Msg *m, size_t first, size_t end)
{
	Alternative a = {first, first, SUITS_NOT, NULL};

	do {
		const Part *p = &m->parts[a.end++];

		if (a.suits == SUITS_NOT && suits(p) != SUITS_NOT) {
			a.suits = suits(p);
			a.text = p;
		}
	} while (a.end < end && m->parts[a.end].depth > m->parts[first].depth);
	return a;
}

static void
hide(Msg *m, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (m->parts[i].show != SHOW_FILE)
			m->parts[i].show = SHOW_NONE;
}

/* The parts [first, end) are those of one multipart/alternative. */
static void
choose_one(Msg *m, GBytes *raw, size_t first, size_t end)
{
	Alternative best = {0}, html = {0};

	for (size_t i = first; i < end;) {
		Alternative a = weigh(m, i, end);

		if (a.suits > best.suits)
			best = a;
		if (a.suits == SUITS_HTML)
			html = a; /* the last is the richest */
		i = a.end;
	}
	if (best.suits == SUITS_NOT)
		return;
	if (best.suits == SUITS_HTML ||
	    (best.suits == SUITS_PLAIN && html.suits == SUITS_HTML &&
		is_stub(raw, best.text, html.text)))
		best = html;
	hide(m, first, best.first);
	hide(m, best.end, end);
}

/* Behind the last part within part i. */
static size_t
end_within(const Msg *m, size_t i)
{
	size_t end = i + 1;

	while (end < m->n_parts && m->parts[end].depth > m->parts[i].depth)
		end++;
	return end;
}

void
choose_alternatives(Msg *m, GBytes *raw)
{
	/* Inner ones first: what they hide does not count further out. */
	for (size_t i = m->n_parts; i-- > 0;) {
		const Part *p = &m->parts[i];

		if (!p->leaf && strcmp(p->type, "multipart/alternative") == 0)
			choose_one(m, raw, i + 1, end_within(m, i));
	}
}
