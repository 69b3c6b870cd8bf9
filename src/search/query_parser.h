/* query_parser.h - the state of one parsing, and its words.  Private to
 * search/query*. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_QUERY_PARSER_H
#define SEARCH_QUERY_PARSER_H

#include "search/query_private.h"

/* What closes around p, and is undone where that ends. */
typedef struct {
	unsigned parens;  /* "(" that a ")" closes */
	unsigned ignored; /* "(" that were too deep */
	bool braces;      /* "}" closes */
	bool brackets;    /* "]" closes, and "," parts */
	bool doubled;     /* within quotation marks: "" is one, " closes */
} QueryContext;

typedef struct {
	const char *p, *end;
	int64_t now;
	Query *q;
	QueryContext in;
	unsigned depth;
	unsigned n_terms, n_prefixes, n_threads;
	GQueue queue;  /* QueryNode: read already */
	bool direct;   /* the last atom was a value and no bracket */
	bool full;     /* there were too many terms */
	char *dropped; /* what was left out first; or NULL */
} QueryParser;

/* Tell that something is wrong with the len bytes at at; more is taken. */
void query_note(QueryParser *ps, QueryNoteKind kind, const char *at, size_t len,
    char *more);

/* Words (query_word.c) ---------------------------------------------------- */

/* The character behind the one at p. */
static inline const char *
query_next(const char *p)
{
	return p + g_utf8_skip[(guchar)*p];
}

/* Bytes of the quotation mark at p, or 0. */
size_t query_quote_len(const QueryParser *ps, const char *p);

/* Whether white space, a bracket that closes or the end is at p. */
bool query_is_space(const QueryParser *ps, const char *p);
bool query_is_stop(const QueryParser *ps, const char *p);

/* Pass over white space, and closing brackets that close nothing. */
void query_skip_space(QueryParser *ps);

/* Whether an operator stands at p, by itself; behind it then in *behind. */
bool query_is_operator(const QueryParser *ps, const char *p, const char *name,
    const char **behind);

/* Whether "[" at p begins conditions: a known field is the first. */
bool query_is_condition(const QueryParser *ps, const char *p);

/* The field that is named at p, and behind its colon in *behind; *name_len is
 * set, to 0 where nothing at p looks like one's name.  NULL if none is. */
const QueryName *query_field_at(const QueryParser *ps, const char *p,
    size_t *name_len, const char **behind);

/* The phrase at ps->p, where a quotation mark is, in field; NULL, and a note,
 * if there is none.  p moves on in any case. */
QueryNode *query_take_phrase(QueryParser *ps, QueryField field);

/* The word at ps->p in field; NULL if that has nothing to search for. */
QueryNode *query_take_word(QueryParser *ps, QueryField field);

/* The node for text, which stands at at and is taken, in field: NULL if it
 * has nothing to search for. */
QueryNode *query_text_node(
    QueryParser *ps, QueryField field, bool phrase, const char *at, char *text);

/* Count n terms; or false, and nothing is read any more. */
bool query_count(QueryParser *ps, const char *at, size_t n);

/* Values (query_value.c) -------------------------------------------------- */

/* The value at ps->p of a field that is no text; NULL, and a note, if it is
 * none. */
QueryNode *query_take_value(QueryParser *ps, const QueryName *name);

#endif
