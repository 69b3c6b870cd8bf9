/* SPDX-License-Identifier: Apache-2.0 */
#include "search/plan_private.h"

#include "base/err.h"
#include "base/limits.h"

#include <string.h>

/* Pieces ------------------------------------------------------------------ */

void
test_free(gpointer test)
{
	Test *t = test;

	if (t->set != NULL)
		g_hash_table_unref(t->set);
	if (t->tests != NULL)
		g_ptr_array_unref(t->tests);
	g_free(t);
}

Test *
test_new(TestKind kind)
{
	Test *t = g_new0(Test, 1);

	t->kind = kind;
	return t;
}

void
piece_init(Piece *p)
{
	*p = (Piece){.last = INT64_MAX};
	p->tests = g_ptr_array_new_with_free_func(test_free);
}

void
piece_clear(Piece *p)
{
	if (p->match != NULL)
		g_string_free(p->match, TRUE);
	if (p->without != NULL)
		g_string_free(p->without, TRUE);
	if (p->docs != NULL)
		g_array_unref(p->docs);
	g_clear_pointer(&p->tests, g_ptr_array_unref);
}

/* Whether p is FTS5's alone to answer. */
bool
piece_is_match(const Piece *p)
{
	return !p->none && (p->match != NULL || p->without != NULL) &&
	       p->docs == NULL && p->tests->len == 0 && p->first == 0 &&
	       p->last == INT64_MAX;
}

/* Whether p is tests alone, or every document. */
bool
piece_is_test(const Piece *p)
{
	return !p->none && p->match == NULL && p->without == NULL &&
	       p->docs == NULL;
}

/* Put text behind what s has, op between; s may be NULL. */
void
piece_join(GString **s, const char *op, const char *text)
{
	if (*s == NULL)
		*s = g_string_new(NULL);
	else
		g_string_append(*s, op);
	g_string_append(*s, text);
}

/* What FTS5 is to look for, or NULL. */
char *
piece_match(const Piece *p)
{
	const char *match = p->match != NULL ? p->match->str : INDEX_ANY;

	if (p->without != NULL)
		return g_strdup_printf(
		    "((%s) NOT (%s))", match, p->without->str);
	return p->match != NULL ? g_strdup_printf("(%s)", match) : NULL;
}

/* Running ----------------------------------------------------------------- */

static bool
between(const Test *t, int64_t v)
{
	return v >= t->from && v <= t->to;
}

static bool passes(
    const PlanEnv *env, const Test *t, const IndexEntry *e, bool *failed);

static bool
passes_all(const PlanEnv *env, const GPtrArray *tests, const IndexEntry *e,
    bool *failed)
{
	for (guint i = 0; i < tests->len; i++)
		if (!passes(env, tests->pdata[i], e, failed))
			return false;
	return true;
}

static bool
passes_any(const PlanEnv *env, const GPtrArray *tests, const IndexEntry *e,
    bool *failed)
{
	for (guint i = 0; i < tests->len; i++)
		if (passes(env, tests->pdata[i], e, failed))
			return true;
	return false;
}

static bool
passes_thread(
    const PlanEnv *env, const Test *t, const IndexEntry *e, bool *failed)
{
	StoreThreadOf of = {0};

	if (!store_thread_of(env->store, e->post, &of, NULL))
		*failed = true;
	return of.thread != 0 &&
	       between(t,
		   (int64_t)(t->kind == TEST_MESSAGES ? of.n : of.n_authors));
}

static bool
passes_received(
    const PlanEnv *env, const Test *t, const IndexEntry *e, bool *failed)
{
	StorePost post = {0};

	if (store_post(env->store, e->post, &post, NULL))
		return between(t, post.came);
	*failed = true;
	return false;
}

static bool
passes(const PlanEnv *env, const Test *t, const IndexEntry *e, bool *failed)
{
	switch (t->kind) {
	case TEST_DATE:
		return between(t, e->date);
	case TEST_RECEIVED:
		return passes_received(env, t, e, failed);
	case TEST_SIZE:
		return between(t, (int64_t)e->size);
	case TEST_MESSAGES:
	case TEST_PARTICIPANTS:
		return passes_thread(env, t, e, failed);
	case TEST_IN:
		return g_hash_table_contains(t->set, &e->doc);
	case TEST_NOT:
		return !passes(env, t->tests->pdata[0], e, failed);
	case TEST_ANY:
		return passes_any(env, t->tests, e, failed);
	case TEST_ALL:
		return passes_all(env, t->tests, e, failed);
	}
	g_assert_not_reached();
}

/* One run over the documents of a piece. */
typedef struct {
	const PieceRun *run;
	PlanSeen *out;
	size_t n_scanned;
	bool ended, failed;
} Run;

/* IndexSeen.  A list that the reader may not see is none, whatever the
 * expression says. */
static bool
look_at(void *arg, const IndexEntry *e)
{
	Run *r = arg;
	const PieceRun *run = r->run;

	r->out->lowest = e->doc;
	if (g_hash_table_contains(run->env->allowed, &e->list) &&
	    e->doc >= run->piece->first && e->doc <= run->piece->last &&
	    passes_all(run->env, run->piece->tests, e, &r->failed) &&
	    !run->seen(run->arg, e))
		r->ended = true;
	if (++r->n_scanned >= LIMIT_SEARCH_SCANNED)
		r->ended = true;
	return !r->ended && !r->failed;
}

void
numbers_add(GHashTable *set, int64_t n)
{
	g_hash_table_add(set, g_memdup2(&n, sizeof n));
}

GHashTable *
numbers_new(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* IndexSeen: adds to a set. */
static bool
keep_number(void *arg, const IndexEntry *e)
{
	numbers_add(arg, e->doc);
	return true;
}

/* Where a run of docs ends that begins at i: those filed within a day or two
 * of each other, like most of a thread; all of them where they are many. */
static guint
end_of_run(const GArray *docs, guint i)
{
	const IndexEntry *e = (const IndexEntry *)(void *)docs->data;

	if (docs->len > LIMIT_SEARCH_SINGLE)
		return docs->len;
	for (i++; i < docs->len &&
		  e[i - 1].doc - e[i].doc <= (int64_t)LIMIT_SEARCH_GAP;
	     i++)
		continue;
	return i;
}

/* The numbers of those of docs that match finds: a query for each run of
 * them, since what it finds between them may be much. */
static GHashTable *
match_docs(Index *x, const GArray *docs, const char *match, GError **err)
{
	g_autoptr(GHashTable) found = numbers_new();

	for (guint i = 0, end = 0; i < docs->len; i = end) {
		end = end_of_run(docs, i);
		const IndexAsk ask = {.match = match,
		    .first = g_array_index(docs, IndexEntry, end - 1).doc,
		    .last = g_array_index(docs, IndexEntry, i).doc};

		if (!index_newest(x, &ask, keep_number, found, err))
			return NULL;
	}
	return g_steal_pointer(&found);
}

/* How many of the piece's documents, of which found (NULL: all) match, the
 * reader may see; 0 where each has to be asked more. */
static uint64_t
count_docs(const PieceRun *run, GHashTable *found)
{
	const Piece *p = run->piece;
	uint64_t n = 0;

	for (guint i = 0; i < p->docs->len && p->tests->len == 0; i++) {
		const IndexEntry *e = &g_array_index(p->docs, IndexEntry, i);

		n += g_hash_table_contains(run->env->allowed, &e->list) &&
		     e->doc >= p->first && e->doc <= p->last &&
		     (found == NULL || g_hash_table_contains(found, &e->doc));
	}
	return n;
}

/* Give those of the piece's documents that match (NULL: any) finds to r. */
static bool
run_docs(Run *r, const char *match, GError **err)
{
	const GArray *docs = r->run->piece->docs;
	g_autoptr(GHashTable) found = NULL;

	if (match != NULL) {
		found = match_docs(r->run->env->index, docs, match, err);
		if (found == NULL)
			return false;
	}
	for (guint i = 0; i < docs->len; i++) {
		const IndexEntry *e = &g_array_index(docs, IndexEntry, i);

		if ((found == NULL || g_hash_table_contains(found, &e->doc)) &&
		    !look_at(r, e))
			break;
	}
	if (r->ended)
		r->out->n = count_docs(r->run, found);
	return true;
}

bool
piece_run(const PieceRun *run, PlanSeen *out, GError **err)
{
	const Piece *p = run->piece;
	g_autofree char *match = piece_match(p);
	const IndexAsk ask = {.match = match,
	    .first = p->first,
	    .last = p->last,
	    .scores = run->scores};
	Run r = {.run = run, .out = out};

	*out = (PlanSeen){.all = true};
	if (p->none)
		return true;
	if (p->docs != NULL
		? !run_docs(&r, match, err)
		: !index_newest(run->env->index, &ask, look_at, &r, err))
		return false;
	if (r.failed)
		return err_set(err, ERR_IO, "the store cannot be read");
	out->all = !r.ended;
	return true;
}
