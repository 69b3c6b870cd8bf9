/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "search/approxidate.h"
#include "search/query_parser.h"

#include <string.h>

/* What larger numbers are read as. */
#define MAX_NUMBER (INT64_C(1) << 53)

/* Values that a field has, and what else they are called. */
static const struct {
	QueryField field, is_field;
	const char *word, *is;
} choices[] = {
    {QUERY_F_HAS, QUERY_F_HAS, "attachment", "attachment"},
    {QUERY_F_HAS, QUERY_F_HAS, "attachments", "attachment"},
    {QUERY_F_HAS, QUERY_F_HAS, "patch", "patch"},
    {QUERY_F_HAS, QUERY_F_HAS, "patches", "patch"},
    {QUERY_F_HAS, QUERY_F_HAS, "diff", "patch"},
    {QUERY_F_HAS, QUERY_F_HAS, "html", "html"},
    {QUERY_F_IS, QUERY_F_IS, "reply", "reply"},
    {QUERY_F_IS, QUERY_F_IS, "root", "root"},
    {QUERY_F_IS, QUERY_F_HAS, "patch", "patch"},
};

/* Reading ----------------------------------------------------------------- */

/* The quoted value at ps->p, where "" is one quotation mark; NULL, and a note,
 * if nothing closes it. */
static char *
take_quoted(QueryParser *ps)
{
	const char *open = ps->p;
	size_t n = query_quote_len(ps, open);
	g_autoptr(GString) value = g_string_new(NULL);
	const char *p = open + n;

	for (;; p = query_next(p)) {
		if (p == ps->end || (ps->in.doubled && *p == '"' &&
					query_quote_len(ps, p) == 0)) {
			query_note(ps, QUERY_NOTE_QUOTE, open, n, NULL);
			ps->p = open + n;
			return NULL;
		}
		if (query_quote_len(ps, p) == n && (n == 3) == (*p != '"')) {
			if (n != 1 || p + 1 == ps->end || p[1] != '"')
				break;
			p++;
		}
		g_string_append_unichar(value, g_utf8_get_char(p));
	}
	ps->p = p + n;
	return g_string_free(g_steal_pointer(&value), FALSE);
}

/* The value at ps->p, quoted or up to white space or a bracket that closes. */
static char *
take_raw(QueryParser *ps, QueryField field)
{
	const char *from = ps->p;
	size_t open = 0;

	if (query_quote_len(ps, from) > 0) {
		char *quoted = take_quoted(ps);

		if (quoted != NULL)
			return quoted;
		from = ps->p;
	}
	for (; ps->p < ps->end; ps->p = query_next(ps->p)) {
		if (*ps->p == '(') {
			open++;
		} else if (*ps->p == ')' && open > 0) {
			open--;
		} else if (query_is_stop(ps, ps->p) ||
			   query_is_space(ps, ps->p) ||
			   (ps->in.doubled && *ps->p == '"') ||
			   (field == QUERY_F_HAS && ps->p > from &&
			       query_is_condition(ps, ps->p))) {
			break;
		}
	}
	return g_strndup(from, (size_t)(ps->p - from));
}

/* Exact values ------------------------------------------------------------ */

static char *
strip_angle(const char *text)
{
	size_t n = strlen(text);

	if (n > 2 && text[0] == '<' && text[n - 1] == '>')
		return g_strndup(text + 1, n - 2);
	return g_strdup(text);
}

static QueryNode *
make_choice(QueryField field, const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
		if (choices[i].field == field &&
		    g_ascii_strcasecmp(choices[i].word, text) == 0)
			return query_leaf(QUERY_EXACT, choices[i].is_field,
			    g_strdup(choices[i].is));
	return NULL;
}

/* The values that field has. */
static char *
list_choices(QueryField field)
{
	GString *all = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
		if (choices[i].field != field ||
		    strcmp(choices[i].word, choices[i].is) != 0)
			continue;
		if (all->len > 0)
			g_string_append(all, ", ");
		g_string_append(all, choices[i].word);
	}
	return g_string_free(all, all->len == 0);
}

/* A list's id, or how it begins. */
static QueryNode *
make_list(const char *text)
{
	const char *id = text + strspn(text, "<");
	size_t n = strlen(id);
	bool prefix = false;

	for (; n > 0 && (id[n - 1] == '>' || id[n - 1] == '*'); n--)
		prefix |= id[n - 1] == '*';
	if (n == 0)
		return NULL;
	QueryNode *node =
	    query_leaf(QUERY_EXACT, QUERY_F_L, g_ascii_strdown(id, (gssize)n));

	node->prefix = prefix;
	return node;
}

/* Digits of which git abbreviates ids to no fewer than four. */
static QueryNode *
make_hex(QueryField field, const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	if (n < 4 || n > 64 || text[n + strspn(text + n, "*.")] != '\0')
		return NULL;
	QueryNode *node =
	    query_leaf(QUERY_EXACT, field, g_ascii_strdown(text, (gssize)n));

	node->prefix = n < 40;
	return node;
}

/* Types that people name by half. */
static const struct {
	const char *word, *type;
} types[] = {
    {"application", "application/"},
    {"audio", "audio/"},
    {"font", "font/"},
    {"image", "image/"},
    {"message", "message/"},
    {"multipart", "multipart/"},
    {"text", "text/"},
    {"video", "video/"},
    {"gif", "image/gif"},
    {"html", "text/html"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"pdf", "application/pdf"},
    {"plain", "text/plain"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"zip", "application/zip"},
};

/* The type that word is a half of, or NULL. */
static const char *
whole_type(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].word, word) == 0)
			return types[i].type;
	return NULL;
}

/* "image/png", or what "image", "png" and "image/" with a star mean. */
static QueryNode *
make_type(const char *text)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "0123456789!#$&^_.+-";
	g_autofree char *type = g_ascii_strdown(text, -1);
	size_t n = strspn(type, chars);
	const char *whole = type[n] == '\0' ? whole_type(type) : NULL;

	if (whole != NULL) {
		g_free(type);
		type = g_strdup(whole);
		n = strcspn(type, "/");
	}
	if (n == 0 || type[n] != '/')
		return NULL;
	size_t sub = strspn(type + n + 1, chars);
	bool prefix = sub == 0 || type[n + 1 + sub] == '*';

	n += 1 + sub;
	if (type[n] != '\0' && strcmp(type + n, "*") != 0)
		return NULL;
	type[n] = '\0';
	QueryNode *node =
	    query_leaf(QUERY_EXACT, QUERY_F_TYPE, g_steal_pointer(&type));

	node->prefix = prefix;
	return node;
}

/* "de", "de-AT". */
static QueryNode *
make_language(const char *text)
{
	size_t n = 0;

	while (g_ascii_isalpha(text[n]))
		n++;
	if (n != 2 || (text[n] != '\0' && text[n] != '-' && text[n] != '_'))
		return NULL;
	return query_leaf(QUERY_EXACT, QUERY_F_LANG, g_ascii_strdown(text, 2));
}

static QueryNode *
make_exact(QueryField field, const char *text)
{
	switch ((int)field) {
	case QUERY_F_MID:
		return query_leaf(QUERY_EXACT, field, strip_angle(text));
	case QUERY_F_L:
		return make_list(text);
	case QUERY_F_HAS:
	case QUERY_F_IS:
		return make_choice(field, text);
	case QUERY_F_TYPE:
		return make_type(text);
	case QUERY_F_LANG:
		return make_language(text);
	default:
		return make_hex(field, text);
	}
}

/* Ranges ------------------------------------------------------------------ */

/* A date, in the words of the field that it is written in. */
static QueryNode *
make_date(const QueryParser *ps, QueryField field, QueryAs as, const char *text)
{
	static const char *const forms[][2] = {
	    [QUERY_AS_IT_IS] = {"", ""},
	    [QUERY_AS_SINCE] = {"", ".."},
	    [QUERY_AS_BEFORE] = {"<", ""},
	    [QUERY_AS_UNTIL] = {"..", ""},
	    [QUERY_AS_FIRST_SINCE] = {"", ".."},
	    [QUERY_AS_FIRST_BEFORE] = {"<", ""},
	    [QUERY_AS_SOME_SINCE] = {"", ".."},
	    [QUERY_AS_SOME_BEFORE] = {"<", ""},
	    [QUERY_AS_LAST_BEFORE] = {"", ".."},
	};
	ApproxSpan span;

	if (as != QUERY_AS_IT_IS &&
	    !approxidate_span(text, strlen(text), ps->now, &span))
		return NULL;
	g_autofree char *own =
	    g_strconcat(forms[as][0], text, forms[as][1], NULL);
	g_autofree char *range = text_collapse(own);

	if (!approxidate_range(range, strlen(range), ps->now, &span))
		return NULL;
	QueryNode *node =
	    query_leaf(QUERY_DATE, field, g_steal_pointer(&range));

	node->from = span.from;
	node->to = span.to;
	return node;
}

/* A number of digits at *p, with a unit of bytes behind it if sized. */
static bool
take_amount(const char **p, bool sized, int64_t *n)
{
	static const struct {
		const char *unit;
		unsigned shift;
	} units[] = {{"kib", 10}, {"mib", 20}, {"gib", 30}, {"kb", 10},
	    {"mb", 20}, {"gb", 30}, {"k", 10}, {"m", 20}, {"g", 30}, {"b", 0}};

	if (!g_ascii_isdigit(**p))
		return false;
	for (*n = 0; g_ascii_isdigit(**p); (*p)++)
		*n = MIN(*n * 10 + (**p - '0'), MAX_NUMBER);
	for (size_t i = 0; sized && i < G_N_ELEMENTS(units); i++) {
		size_t len = strlen(units[i].unit);

		if (g_ascii_strncasecmp(*p, units[i].unit, len) == 0) {
			*n = MIN(*n, MAX_NUMBER >> units[i].shift)
			     << units[i].shift;
			*p += len;
			break;
		}
	}
	return true;
}

/* "N..M", "N..", "..M", "N". */
static bool
read_span(const char *p, bool sized, int64_t *from, int64_t *to)
{
	bool first = take_amount(&p, sized, from);

	if (*p == '\0') {
		/* Nobody looks for one number of bytes. */
		*to = sized ? INT64_MAX : *from;
		return first;
	}
	if (!g_str_has_prefix(p, ".."))
		return false;
	p += 2;
	bool last = take_amount(&p, sized, to);

	if (!first)
		*from = INT64_MIN;
	if (!last)
		*to = INT64_MAX;
	if (first && last && *from > *to) {
		int64_t swap = *from;

		*from = *to;
		*to = swap;
	}
	return *p == '\0' && (first || last);
}

static bool
read_range(const char *p, bool sized, int64_t *from, int64_t *to)
{
	char sign = *p;
	int64_t n = 0;

	if (sign != '<' && sign != '>' && sign != '=')
		return read_span(p, sized, from, to);
	bool with = p[1] == '=' || sign == '=';

	p += sign != '=' && with ? 2 : 1;
	if (!take_amount(&p, sized, &n) || *p != '\0' ||
	    (sign == '<' && !with && n == 0))
		return false;
	*from = sign == '<' ? INT64_MIN : MIN(n + !with, MAX_NUMBER);
	*to = sign == '>' ? INT64_MAX : n - !with;
	return true;
}

static QueryNode *
make_number(QueryField field, QueryAs as, const char *text)
{
	const char *sign = as == QUERY_AS_MORE   ? ">"
			   : as == QUERY_AS_LESS ? "<"
						 : "";
	g_autofree char *range = g_strconcat(sign, text, NULL);
	int64_t from = 0, to = 0;

	if (!read_range(range, field == QUERY_F_SIZE, &from, &to))
		return NULL;
	QueryNode *node = query_leaf(QUERY_NUMBER, field, NULL);

	node->from = from;
	node->to = to;
	return node;
}

/* Any --------------------------------------------------------------------- */

static QueryNode *
make_value(const QueryParser *ps, const QueryName *name, const char *text)
{
	QueryKind kind = query_field_kind(name->field);

	if (kind == QUERY_DATE)
		return make_date(ps, name->field, name->as, text);
	if (kind == QUERY_NUMBER)
		return make_number(name->field, name->as, text);
	if (kind == QUERY_THREAD_ID)
		return query_leaf(kind, name->field, strip_angle(text));
	return make_exact(name->field, text);
}

static void
drop_value(QueryParser *ps, QueryField field, const char *at, const char *text)
{
	QueryKind kind = query_field_kind(field);
	QueryNoteKind note = kind == QUERY_DATE     ? QUERY_NOTE_DATE
			     : kind == QUERY_NUMBER ? QUERY_NOTE_NUMBER
						    : QUERY_NOTE_VALUE;

	query_note(ps, note, at, (size_t)(ps->p - at),
	    note == QUERY_NOTE_VALUE ? list_choices(field) : NULL);
	if (ps->dropped == NULL)
		ps->dropped = g_strdup(text);
}

QueryNode *
query_take_value(QueryParser *ps, const QueryName *name)
{
	const char *at = ps->p;
	g_autofree char *text = take_raw(ps, name->field);

	if (text[strspn(text, " \t\r\n")] == '\0') {
		query_note(
		    ps, QUERY_NOTE_EMPTY, at, (size_t)(ps->p - at), NULL);
		return NULL;
	}
	QueryNode *node = make_value(ps, name, text);

	if (node == NULL) {
		drop_value(ps, name->field, at, text);
		return NULL;
	}
	if (!query_count(ps, at, 1))
		g_clear_pointer(&node, query_node_free);
	return node;
}
