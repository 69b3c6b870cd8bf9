/* SPDX-License-Identifier: Apache-2.0 */
#include "search/index_fts.h"

#include "base/limits.h"
#include "search/document.h"

#include <glib.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Splitting --------------------------------------------------------------- */

typedef int TakeTerm(
    void *arg, int flags, const char *term, int len, int start, int end);

static int
split_create(void *arg, const char **args, int n_args, Fts5Tokenizer **out)
{
	static char none;

	(void)arg;
	(void)args;
	(void)n_args;
	*out = (Fts5Tokenizer *)(void *)&none;
	return SQLITE_OK;
}

static void
split_delete(Fts5Tokenizer *t)
{
	(void)t;
}

/* NOLINTBEGIN(readability-function-size): the library's signature */
static int
split(Fts5Tokenizer *t, void *arg, int flags, const char *text, int len,
    TakeTerm *take)
{
	const char *p = text, *end = text + len;
	int rc = SQLITE_OK;

	(void)t;
	(void)flags;
	while (p < end && rc == SQLITE_OK) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf != NULL ? lf : end;
		int same = *p == '\t' ? FTS5_TOKEN_COLOCATED : 0;
		const char *term = p + (same != 0);

		if (stop > term)
			rc = take(arg, same, term, (int)(stop - term),
			    (int)(term - text), (int)(stop - text));
		p = stop + 1;
	}
	return rc;
}
/* NOLINTEND(readability-function-size) */

/* Ranking ----------------------------------------------------------------- */

/*
 * Okapi BM25 over all columns at once: where a phrase stands it counts for
 * what that column weighs.
 */
#define K1 1.2
#define B 0.6

/* How rare it is taken for how a word begins: one message in a hundred. */
#define PREFIX_IDF 4.6

/* What a phrase is worth in each column. */
static const double weights[DOCUMENT_N_COLUMNS] = {
    [DOCUMENT_S] = 5,
    [DOCUMENT_F] = 3,
    [DOCUMENT_T] = 0.5,
    [DOCUMENT_C] = 0.5,
    [DOCUMENT_NQ] = 1,
    [DOCUMENT_Q] = 0.3,
    [DOCUMENT_N] = 2,
    [DOCUMENT_DFN] = 1.5,
    [DOCUMENT_DFA] = 0.5,
    [DOCUMENT_DFB] = 0.4,
    [DOCUMENT_DFCTX] = 0.2,
    [DOCUMENT_DFHH] = 0.3,
};

/* What all rows of one query share. */
typedef struct {
	double mean; /* terms of a document */
	int n_phrases;
	double *idf; /* of each phrase */
} Query;

typedef struct {
	int64_t n, last;
} Counted;

static int
count_row(const Fts5ExtensionApi *api, Fts5Context *c, void *arg)
{
	Counted *n = arg;

	n->n++;
	n->last = api->xRowid(c);
	return n->n < LIMIT_SEARCH_COUNTED ? SQLITE_OK : SQLITE_DONE;
}

/*
 * How rare a phrase is, by the documents that have it.  They are counted
 * from the oldest on, up to a limit, as if those behind it were like those
 * before: what a query costs must not grow with the archive.
 */
static int
measure(const Fts5ExtensionApi *api, Fts5Context *c, int phrase, double n_all,
    double *idf)
{
	const IndexShares *shares = api->xUserData(c);
	Counted counted = {0};

	/* Of one alone it is the same for all rows. */
	if (api->xPhraseCount(c) == 1) {
		*idf = 1;
		return SQLITE_OK;
	}
	if (phrase < 64 && (shares->prefixes >> phrase & 1) != 0) {
		*idf = PREFIX_IDF;
		return SQLITE_OK;
	}
	int rc = api->xQueryPhrase(c, phrase, &counted, count_row);
	double n = (double)counted.n;

	if (rc != SQLITE_OK)
		return rc;
	if (counted.n >= LIMIT_SEARCH_COUNTED)
		n /= MAX(shares->share(shares->arg, counted.last), 1e-6);
	n = MIN(n, n_all);
	*idf = log(1 + (n_all - n + 0.5) / (n + 0.5));
	return SQLITE_OK;
}

static void
free_query(void *query)
{
	Query *q = query;

	g_free(q->idf);
	g_free(q);
}

static int
begin_query(const Fts5ExtensionApi *api, Fts5Context *c, Query **out)
{
	Query *q = g_new0(Query, 1);
	sqlite3_int64 n_all = 0, n_terms = 0;
	int rc = api->xRowCount(c, &n_all);

	if (rc == SQLITE_OK)
		rc = api->xColumnTotalSize(c, -1, &n_terms);
	q->mean = (double)n_terms / (double)MAX(n_all, 1);
	q->n_phrases = api->xPhraseCount(c);
	q->idf = g_new0(double, (gsize)q->n_phrases);
	for (int i = 0; i < q->n_phrases && rc == SQLITE_OK; i++)
		rc = measure(api, c, i, (double)n_all, &q->idf[i]);
	if (rc != SQLITE_OK) {
		free_query(q);
		return rc;
	}
	*out = q;
	return api->xSetAuxdata(c, q, free_query);
}

/* What the places of a phrase in the row at hand are worth. */
static double
weigh(const Fts5ExtensionApi *api, Fts5Context *c, int phrase, int *rc)
{
	Fts5PhraseIter i;
	int column = 0, place = 0;
	double sum = 0;

	/* Not by xInst, which sorts the places of all phrases first. */
	*rc = api->xPhraseFirst(c, phrase, &i, &column, &place);
	for (; *rc == SQLITE_OK && column >= 0;
	     api->xPhraseNext(c, &i, &column, &place))
		sum += weights[column];
	return sum;
}

/* NOLINTBEGIN(readability-function-size): the library's signature */
static void
score(const Fts5ExtensionApi *api, Fts5Context *c, sqlite3_context *out,
    int n_args, sqlite3_value **args)
{
	Query *q = api->xGetAuxdata(c, 0);
	int n_terms = n_args > 0 ? sqlite3_value_int(args[0]) : 0;
	int rc = SQLITE_OK;
	double sum = 0;

	if (q == NULL)
		rc = begin_query(api, c, &q);
	if (rc != SQLITE_OK) {
		sqlite3_result_error_code(out, rc);
		return;
	}
	double norm = K1 * (1 - B + B * n_terms / MAX(q->mean, 1));

	for (int i = 0; i < q->n_phrases && rc == SQLITE_OK; i++) {
		double found = weigh(api, c, i, &rc);

		sum += q->idf[i] * found * (K1 + 1) / (found + norm);
	}
	if (rc == SQLITE_OK)
		sqlite3_result_double(out, sum);
	else
		sqlite3_result_error_code(out, rc);
}
/* NOLINTEND(readability-function-size) */

/* Registering ------------------------------------------------------------- */

static fts5_api *
find_api(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?)", -1, &stmt, NULL) ==
	    SQLITE_OK) {
		sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
		(void)sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	return api;
}

int
index_fts_register(sqlite3 *db, const IndexShares *shares)
{
	fts5_tokenizer stream = {split_create, split_delete, split};
	fts5_api *api = find_api(db);
	/* FTS5 asks for a pointer that may be written to. */
	void *arg = (void *)(uintptr_t)shares;
	int rc = SQLITE_ERROR;

	if (api == NULL)
		return rc;
	rc = api->xCreateTokenizer(api, "stream", NULL, &stream, NULL);
	return rc == SQLITE_OK
		   ? api->xCreateFunction(api, "score", arg, score, NULL)
		   : rc;
}
