/*
 * plan.h - a query's tree as what the index and the store can be asked for.
 *
 * What FTS5 can answer becomes one expression of it; what names messages one
 * by one (a Message-ID, a thread) a list of documents; the rest tests that
 * each document has to pass.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_PLAN_H
#define SEARCH_PLAN_H

#include "archive/read.h"
#include "search/index.h"
#include "search/query.h"
#include "search/token.h"

#include <glib.h>

#include <stdbool.h>

/* What planning and running need; all of it the caller's. */
typedef struct {
	Store *store;
	Index *index;
	Tokenizer *tokenizer;
	unsigned int langs;  /* STEM_SET of what queries may be in */
	GPtrArray *lists;    /* StoreList: those that the reader may see */
	GHashTable *allowed; /* gint64 of their numbers */
} PlanEnv;

typedef struct Plan Plan;

/*
 * The plan for root (NULL: every message) in list (NULL: in all of env's) and,
 * if thread is not 0, in that thread.  NULL with *err set: ERR_IO, ERR_LIMIT
 * (it took too long).
 */
Plan *plan_new(const PlanEnv *env, const QueryNode *root, const StoreList *list,
    int64_t thread, GError **err);
void plan_free(Plan *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Whether anything tells how well a document fits. */
bool plan_has_scores(const Plan *p);

/* Terms that a passage should show: char *; those that may go on end in
 * "*", other forms of the one before begin with a TAB. */
const GPtrArray *plan_terms(const Plan *p);

/* How words begin of which only the most frequent are looked for: char *. */
const GPtrArray *plan_begun(const Plan *p);

typedef struct {
	bool all;       /* every document that fits was seen */
	int64_t lowest; /* the last that was looked at; 0: none */
	uint64_t n;     /* that fit, if all are known; or 0 */
} PlanSeen;

/* Who is given what fits. */
typedef struct {
	IndexSeen *seen;
	void *arg;
	bool scores; /* he wants those that there are */
} PlanTaker;

/*
 * Give those that fit to t, newest first, until he returns false;
 * LIMIT_SEARCH_SCANNED are looked at, at most.  Returns false with *err set:
 * ERR_IO, ERR_LIMIT.
 */
bool plan_run(const PlanEnv *env, const Plan *p, const PlanTaker *t,
    PlanSeen *out, GError **err);

#endif
