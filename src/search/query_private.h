/* query_private.h - what the files of query.h share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_QUERY_PRIVATE_H
#define SEARCH_QUERY_PRIVATE_H

#include "search/query.h"

/* Places that words which are "near" may be apart, as Xapian has it. */
#define QUERY_DISTANCE 10

/* How a field's value is read, where not as its own. */
typedef enum {
	QUERY_AS_IT_IS,
	QUERY_AS_SINCE,        /* "d:X.." */
	QUERY_AS_BEFORE,       /* "d:<X" */
	QUERY_AS_UNTIL,        /* "d:..X" */
	QUERY_AS_MORE,         /* "size:>N" */
	QUERY_AS_LESS,         /* "size:<N" */
	QUERY_AS_STARTER,      /* "thread:{is:root f:X}" */
	QUERY_AS_FIRST_SINCE,  /* "thread:{is:root d:X..}" */
	QUERY_AS_FIRST_BEFORE, /* "thread:{is:root d:<X}" */
	QUERY_AS_SOME_SINCE,   /* "thread:{d:X..}" */
	QUERY_AS_SOME_BEFORE,  /* "thread:{d:<X}" */
	QUERY_AS_LAST_BEFORE,  /* "-thread:{d:X..}" */
} QueryAs;

/* A name of a field. */
typedef struct {
	const char *name; /* lower case, no colon */
	QueryField field;
	QueryAs as;
} QueryName;

/* The field of that name, of any case; or NULL. */
const QueryName *query_name_find(const char *name, size_t len);

/* The names that are near that one, parted by ", "; or NULL.  Free with
 * g_free. */
char *query_name_near(const char *name, size_t len);

/* What kind of node a field's values are. */
QueryKind query_field_kind(QueryField field);

/* Whether terms of field that stand side by side are alternatives. */
bool query_is_choice(const QueryNode *node);

/* A node without children; text is taken. */
QueryNode *query_leaf(QueryKind kind, QueryField field, char *text);

/* A node of one child, which is taken: NULL stays NULL, and a NOT of a NOT is
 * what that is of. */
QueryNode *query_of(QueryKind kind, QueryNode *child);

/* The AND, OR, NEAR or ADJ of nodes, which are taken and the array freed: NULL
 * of none, the node itself of one. */
QueryNode *query_join(QueryKind kind, GPtrArray *nodes);

/* Both of two, either of them NULL. */
QueryNode *query_both(QueryNode *a, QueryNode *b);

void query_node_free(gpointer data);
void query_note_free(gpointer data);

#endif
