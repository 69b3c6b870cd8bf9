/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "search/query_parser.h"

#include <string.h>

/* Curly quotation marks count too, as Xapian has it: telephones make them.
 * U+201C, U+201D, U+201E. */
static bool
is_curly(const char *p, const char *end)
{
	return end - p >= 3 && p[0] == '\xe2' && p[1] == '\x80' &&
	       p[2] >= '\x9c' && p[2] <= '\x9e';
}

size_t
query_quote_len(const QueryParser *ps, const char *p)
{
	if (p == ps->end)
		return 0;
	if (*p != '"')
		return is_curly(p, ps->end) ? 3 : 0;
	if (!ps->in.doubled)
		return 1;
	return p + 1 < ps->end && p[1] == '"' ? 2 : 0;
}

static bool
is_blank(gunichar c)
{
	return c <= ' ' || c == 0x7f || g_unichar_isspace(c);
}

bool
query_is_space(const QueryParser *ps, const char *p)
{
	if (p == ps->end)
		return false;
	return (ps->in.brackets && *p == ',') || is_blank(g_utf8_get_char(p));
}

bool
query_is_stop(const QueryParser *ps, const char *p)
{
	return p == ps->end || *p == ')' || (ps->in.braces && *p == '}') ||
	       (ps->in.brackets && *p == ']') ||
	       (ps->in.doubled && *p == '"' && query_quote_len(ps, p) == 0);
}

void
query_skip_space(QueryParser *ps)
{
	for (; ps->p < ps->end; ps->p = query_next(ps->p)) {
		if (query_is_space(ps, ps->p))
			continue;
		if (*ps->p != ')' || (ps->in.ignored == 0 && ps->in.parens > 0))
			return;
		if (ps->in.ignored > 0)
			ps->in.ignored--;
		else
			query_note(ps, QUERY_NOTE_CLOSE, ps->p, 1, NULL);
	}
}

/* Whether a word ends at p, wherever it began. */
static bool
is_end(const QueryParser *ps, const char *p)
{
	return query_is_stop(ps, p) || *p == '(' || query_is_space(ps, p) ||
	       query_quote_len(ps, p) > 0;
}

bool
query_is_operator(
    const QueryParser *ps, const char *p, const char *name, const char **behind)
{
	size_t n = strlen(name);

	if ((size_t)(ps->end - p) < n || memcmp(p, name, n) != 0 ||
	    !is_end(ps, p + n))
		return false;
	*behind = p + n;
	return true;
}

const QueryName *
query_field_at(
    const QueryParser *ps, const char *p, size_t *name_len, const char **behind)
{
	size_t n = 0;

	*name_len = 0;
	while (p + n < ps->end && n < LIMIT_QUERY_NOTE_BYTES &&
	       (g_ascii_isalnum(p[n]) || p[n] == '_'))
		n++;
	if (n == 0 || p + n == ps->end || p[n] != ':' || g_ascii_isdigit(p[0]))
		return NULL;
	*behind = p + n + 1;
	const QueryName *found = query_name_find(p, n);

	/* "https://...", "std::string" and what is only followed by a colon
	 * are words. */
	if (found != NULL ||
	    !(query_is_stop(ps, *behind) || query_is_space(ps, *behind) ||
		**behind == '/' || **behind == ':'))
		*name_len = n;
	return found;
}

bool
query_is_condition(const QueryParser *ps, const char *p)
{
	const char *behind = NULL;
	size_t n = 0;

	return p < ps->end && *p == '[' &&
	       query_field_at(ps, p + 1, &n, &behind) != NULL;
}

/* Text -------------------------------------------------------------------- */

/* Whether c is a term by itself, or may be: where words are not parted by
 * blanks. */
static bool
is_ideograph(gunichar c)
{
	return c >= 0x2e80;
}

/* How many terms text has, as near as matters; *cut is where the last of the
 * first max ends. */
static size_t
count_terms(const char *text, size_t max, size_t *cut)
{
	size_t n = 0;
	bool within = false;

	for (const char *p = text; *p != '\0'; p = query_next(p)) {
		gunichar c = g_utf8_get_char(p);
		bool is = g_unichar_isalnum(c);

		if (is && (!within || is_ideograph(c)))
			n++;
		if (is && n <= max)
			*cut = (size_t)(query_next(p) - text);
		within = is;
	}
	return n;
}

/* Take the stars off text that ends in them behind a letter or a digit.
 * Whether it is the beginning of a word then. */
static bool
take_stars(QueryParser *ps, const char *at, char *text)
{
	size_t len = strlen(text), n = len;

	while (n > 0 && text[n - 1] == '*')
		n--;
	const char *last = g_utf8_find_prev_char(text, text + n);

	if (n == len || last == NULL ||
	    !g_unichar_isalnum(g_utf8_get_char(last)))
		return false;
	text[n] = '\0';
	if (n >= LIMIT_QUERY_PREFIX_BYTES &&
	    ps->n_prefixes < LIMIT_QUERY_PREFIXES) {
		ps->n_prefixes++;
		return true;
	}
	query_note(ps, QUERY_NOTE_PREFIX, at, (size_t)(ps->p - at), NULL);
	return false;
}

bool
query_count(QueryParser *ps, const char *at, size_t n)
{
	if (LIMIT_QUERY_TERMS - ps->n_terms >= n) {
		ps->n_terms += (unsigned)n;
		return true;
	}
	if (!ps->full)
		query_note(ps, QUERY_NOTE_TERMS, at, 0, NULL);
	ps->n_terms = LIMIT_QUERY_TERMS;
	ps->full = true;
	ps->p = ps->end;
	return false;
}

QueryNode *
query_text_node(
    QueryParser *ps, QueryField field, bool phrase, const char *at, char *text)
{
	size_t left = LIMIT_QUERY_TERMS - ps->n_terms, cut = 0;
	size_t n = count_terms(text, left, &cut);

	if (n == 0 || (!query_count(ps, at, n) && left == 0)) {
		g_free(text);
		return NULL;
	}
	QueryNode *node = query_leaf(QUERY_TEXT, field, text);

	node->phrase = phrase;
	if (n > left)
		text[cut] = '\0';
	else
		node->prefix = take_stars(ps, at, text);
	return node;
}

QueryNode *
query_take_phrase(QueryParser *ps, QueryField field)
{
	const char *open = ps->p;
	const char *from = open + query_quote_len(ps, open);
	const char *to = from;

	while (to < ps->end && *to != '"' && query_quote_len(ps, to) == 0)
		to = query_next(to);
	ps->p = from;
	if (query_quote_len(ps, to) == 0) {
		query_note(
		    ps, QUERY_NOTE_QUOTE, open, (size_t)(from - open), NULL);
		return NULL;
	}
	g_autofree char *text = g_strndup(from, (size_t)(to - from));

	ps->p = to + query_quote_len(ps, to);
	QueryNode *node =
	    query_text_node(ps, field, true, open, text_collapse(text));

	if (node == NULL)
		query_note(
		    ps, QUERY_NOTE_EMPTY, open, (size_t)(ps->p - open), NULL);
	return node;
}

static bool
is_operator_name(const char *word)
{
	return strcmp(word, "AND") == 0 || strcmp(word, "OR") == 0 ||
	       strcmp(word, "NOT") == 0 || g_str_has_prefix(word, "NEAR") ||
	       g_str_has_prefix(word, "ADJ");
}

QueryNode *
query_take_word(QueryParser *ps, QueryField field)
{
	const char *from = ps->p;

	while (ps->p < ps->end) {
		/* The parentheses of a function's name are its own. */
		if (ps->p > from && ps->end - ps->p >= 2 && ps->p[0] == '(' &&
		    ps->p[1] == ')') {
			ps->p += 2;
			continue;
		}
		if (is_end(ps, ps->p) || (ps->p > from && field == QUERY_F_F &&
					     query_is_condition(ps, ps->p)))
			break;
		ps->p = query_next(ps->p);
	}
	g_autofree char *word = g_strndup(from, (size_t)(ps->p - from));

	/* An operator where none can be is a word, and looks like one. */
	return query_text_node(ps, field, false, from,
	    field == QUERY_F_ANY && is_operator_name(word)
		? g_ascii_strdown(word, -1)
		: g_steal_pointer(&word));
}
