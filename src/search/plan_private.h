/*
 * plan_private.h - what the files of search/plan share: the parts that a plan
 * is made of (plan_piece.c), and how text becomes one (plan_term.c).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_PLAN_PRIVATE_H
#define SEARCH_PLAN_PRIVATE_H

#include "search/plan.h"

/* Tests ------------------------------------------------------------------- */

/* What a document is asked besides what the index can tell. */
typedef enum {
	TEST_DATE,
	TEST_RECEIVED,
	TEST_SIZE,
	TEST_MESSAGES,     /* of its thread */
	TEST_PARTICIPANTS, /* the same */
	TEST_IN,           /* it is one of set */
	TEST_NOT,
	TEST_ANY,
	TEST_ALL,
} TestKind;

typedef struct {
	TestKind kind;
	int64_t from, to;
	GHashTable *set;  /* gint64, numbers of documents */
	GPtrArray *tests; /* Test, of NOT one */
} Test;

/* Free with test_free. */
Test *test_new(TestKind kind);
void test_free(gpointer test);

/* A set of numbers, gint64: g_hash_table_unref. */
GHashTable *numbers_new(void);
void numbers_add(GHashTable *set, int64_t n);

/* Pieces ------------------------------------------------------------------ */

/*
 * A part of a query while it is planned: what fits all that is set.  Empty,
 * it is every document.
 */
typedef struct {
	bool none;        /* nothing fits */
	GString *match;   /* of FTS5, or NULL */
	GString *without; /* of FTS5, what must not match; or NULL */
	GArray *docs; /* IndexEntry, newest first; or NULL: not these alone */
	GPtrArray *tests; /* Test */
	int64_t first, last;
} Piece;

void piece_init(Piece *p);
void piece_clear(Piece *p);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Piece, piece_clear)

/* Whether p is FTS5's alone to answer. */
bool piece_is_match(const Piece *p);

/* Whether p is tests alone, or every document. */
bool piece_is_test(const Piece *p);

/* Put text behind what s has, op between; s may be NULL. */
void piece_join(GString **s, const char *op, const char *text);

/* What FTS5 is to look for, or NULL: it is not asked.  Free with g_free. */
char *piece_match(const Piece *p);

/* plan_run, of a piece. */
typedef struct {
	const PlanEnv *env;
	const Piece *piece;
	bool scores;
	IndexSeen *seen;
	void *arg;
} PieceRun;

bool piece_run(const PieceRun *run, PlanSeen *out, GError **err);

/* Terms ------------------------------------------------------------------- */

typedef struct {
	const PlanEnv *env;
	GPtrArray *terms;
	bool negative;    /* within a NOT: its terms are not to be shown */
	bool cut;         /* a limit kept it from looking at all */
	GPtrArray *begun; /* char *: see plan_begun */
} Planner;

/* Let out, which is empty, be what node asks for: a text, or several that are
 * near each other; every document if it has no terms. */
void term_plan_text(Planner *pl, const QueryNode *node, Piece *out);
void term_plan_near(Planner *pl, const QueryNode *node, Piece *out);

/* Let out be what has one of the lists that node names. */
void term_plan_list(Planner *pl, const QueryNode *node, Piece *out);

/* The same for any other exact term. */
void term_plan_exact(const QueryNode *node, Piece *out);

/* Let out, which is empty or has such terms alone, be also what has term. */
void term_add_exact(Piece *out, const char *term, bool prefix);

#endif
