/* SPDX-License-Identifier: Apache-2.0 */
#include "search/plan.h"

#include "base/err.h"
#include "base/limits.h"
#include "search/plan_private.h"

#include <string.h>

struct Plan {
	Piece piece;
	bool scores, cut;
	GPtrArray *terms, *begun;
};

/* Making ------------------------------------------------------------------ */

static bool plan_node(
    Planner *pl, const QueryNode *node, Piece *out, GError **err);

/* IndexSeen: gathers what a part of a query finds. */
static bool
gather(void *arg, const IndexEntry *e)
{
	GArray *docs = arg;

	g_array_append_val(docs, *e);
	return docs->len < LIMIT_SEARCH_SET;
}

/* The newest LIMIT_SEARCH_SET documents of p, newest first. */
static GArray *
find_docs(Planner *pl, const Piece *p, GError **err)
{
	g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	const PieceRun run = {
	    .env = pl->env, .piece = p, .seen = gather, .arg = docs};
	PlanSeen seen = {0};

	if (!piece_run(&run, &seen, err))
		return NULL;
	pl->cut |= !seen.all;
	return g_steal_pointer(&docs);
}

/* A test that documents of p, which is cleared, pass. */
static Test *
make_test(Planner *pl, Piece *p, GError **err)
{
	if (piece_is_test(p)) {
		Test *t = test_new(TEST_ALL);

		t->tests = g_steal_pointer(&p->tests);
		if (p->first > 0 || p->last < INT64_MAX) {
			/* A range of numbers stands beside its dates' test. */
			p->first = 0;
			p->last = INT64_MAX;
		}
		return t;
	}
	g_autoptr(GArray) docs = find_docs(pl, p, err);
	Test *t = NULL;

	if (docs == NULL)
		return NULL;
	t = test_new(TEST_IN);
	t->set = numbers_new();
	for (guint i = 0; i < docs->len; i++)
		numbers_add(t->set, g_array_index(docs, IndexEntry, i).doc);
	return t;
}

/* Let out be what fits p, too, which is left empty. */
static bool
narrow(Planner *pl, Piece *out, Piece *p, GError **err)
{
	g_autofree char *match = p->match != NULL ? piece_match(p) : NULL;

	out->none |= p->none;
	out->first = MAX(out->first, p->first);
	out->last = MIN(out->last, p->last);
	if (match != NULL)
		piece_join(&out->match, " AND ", match);
	else if (p->without != NULL)
		piece_join(&out->without, " OR ", p->without->str);
	while (p->tests->len > 0)
		g_ptr_array_add(
		    out->tests, g_ptr_array_steal_index(p->tests, 0));
	if (p->docs == NULL)
		return true;
	if (out->docs == NULL) {
		out->docs = g_steal_pointer(&p->docs);
		return true;
	}
	Piece docs = {.docs = p->docs, .last = INT64_MAX, .tests = p->tests};
	Test *t = make_test(pl, &docs, err);

	if (t != NULL)
		g_ptr_array_add(out->tests, t);
	return t != NULL;
}

/* Words that questions have and their answers need not: "how to flush the
 * table".  Not "not", which error messages have. */
static bool
is_function_word(const QueryNode *n)
{
	static const char *const words[] = {"a", "an", "and", "are", "be", "by",
	    "can", "do", "does", "for", "from", "how", "i", "in", "is", "it",
	    "my", "of", "on", "or", "that", "the", "this", "to", "what", "when",
	    "where", "which", "why", "with", "you"};

	if (n->kind != QUERY_TEXT || n->field != QUERY_F_ANY || n->phrase ||
	    n->prefix)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(n->text, words[i]) == 0)
			return true;
	return false;
}

/* Whether nodes have two texts at least that tell something. */
static bool
is_question(const GPtrArray *nodes)
{
	guint n = 0;

	for (guint i = 0; i < nodes->len; i++) {
		const QueryNode *child = nodes->pdata[i];

		n += child->kind == QUERY_TEXT && !is_function_word(child);
	}
	return n >= 2;
}

static bool
plan_and(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	bool question = is_question(node->children);

	for (guint i = 0; i < node->children->len; i++) {
		g_auto(Piece) p = {0};

		if (question && is_function_word(node->children->pdata[i]))
			continue;
		piece_init(&p);
		if (!plan_node(pl, node->children->pdata[i], &p, err) ||
		    !narrow(pl, out, &p, err))
			return false;
	}
	return true;
}

static gint
by_newest(gconstpointer left, gconstpointer right)
{
	const IndexEntry *a = left, *b = right;

	return a->doc > b->doc ? -1 : a->doc < b->doc;
}

/* Let docs be in order, each once. */
static void
sort_docs(GArray *docs)
{
	guint n = 0;

	g_array_sort(docs, by_newest);
	for (guint i = 0; i < docs->len; i++) {
		const IndexEntry *e = &g_array_index(docs, IndexEntry, i);

		if (n == 0 ||
		    g_array_index(docs, IndexEntry, n - 1).doc != e->doc)
			g_array_index(docs, IndexEntry, n++) = *e;
	}
	g_array_set_size(docs, n);
}

/* Any of pieces, of which some are more than FTS5 can answer. */
static bool
unite(Planner *pl, GPtrArray *pieces, Piece *out, GError **err)
{
	g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	g_autoptr(GPtrArray) tests = g_ptr_array_new_with_free_func(test_free);
	bool tested = false;

	for (guint i = 0; i < pieces->len; i++)
		tested |= piece_is_test(pieces->pdata[i]);
	for (guint i = 0; i < pieces->len; i++) {
		Piece *p = pieces->pdata[i];
		g_autoptr(GArray) found = NULL;

		if (tested) {
			Test *t = make_test(pl, p, err);

			if (t == NULL)
				return false;
			g_ptr_array_add(tests, t);
			continue;
		}
		found = find_docs(pl, p, err);
		if (found == NULL)
			return false;
		g_array_append_vals(docs, found->data, found->len);
	}
	if (tested) {
		Test *any = test_new(TEST_ANY);

		any->tests = g_steal_pointer(&tests);
		g_ptr_array_add(out->tests, any);
		return true;
	}
	sort_docs(docs);
	out->docs = g_steal_pointer(&docs);
	return true;
}

static void
free_piece(gpointer piece)
{
	piece_clear(piece);
	g_free(piece);
}

static bool
plan_or(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	g_autoptr(GPtrArray) pieces =
	    g_ptr_array_new_with_free_func(free_piece);
	bool simple = true;

	for (guint i = 0; i < node->children->len; i++) {
		Piece *p = g_new0(Piece, 1);

		piece_init(p);
		g_ptr_array_add(pieces, p);
		if (!plan_node(pl, node->children->pdata[i], p, err))
			return false;
		simple &= piece_is_match(p);
	}
	if (!simple)
		return unite(pl, pieces, out, err);
	for (guint i = 0; i < pieces->len; i++) {
		g_autofree char *match = piece_match(pieces->pdata[i]);

		piece_join(&out->match, " OR ", match);
	}
	return true;
}

static bool
plan_not(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	g_auto(Piece) p = {0};
	bool negative = pl->negative;
	Test *t = NULL;

	piece_init(&p);
	pl->negative = true;
	bool ok = plan_node(pl, node->children->pdata[0], &p, err);

	pl->negative = negative;
	if (!ok)
		return false;
	if (p.none)
		return true;
	if (piece_is_match(&p)) {
		g_autofree char *match = piece_match(&p);

		piece_join(&out->without, " OR ", match);
		return true;
	}
	t = make_test(pl, &p, err);
	if (t == NULL)
		return false;
	Test *none = test_new(TEST_NOT);

	none->tests = g_ptr_array_new_with_free_func(test_free);
	g_ptr_array_add(none->tests, t);
	g_ptr_array_add(out->tests, none);
	return true;
}

/* Threads ----------------------------------------------------------------- */

/* Add the document of post to docs, if it has one. */
static bool
add_post(Planner *pl, int64_t post, GArray *docs, GError **err)
{
	IndexEntry e = {0};

	if (!index_find(pl->env->index, post, &e, err))
		return false;
	if (e.doc != 0)
		g_array_append_val(docs, e);
	return true;
}

/* Add all of a thread. */
static bool
add_thread(Planner *pl, int64_t thread, GArray *docs, GError **err)
{
	g_autoptr(GArray) posts =
	    store_thread_posts(pl->env->store, thread, err);

	if (posts == NULL)
		return false;
	for (guint i = 0; i < posts->len && docs->len < LIMIT_SEARCH_SET; i++)
		if (!add_post(pl, g_array_index(posts, StoreArrival, i).post,
			docs, err))
			return false;
	return true;
}

/* Threads, each once, in the order in which they were found. */
typedef struct {
	Planner *pl;
	GHashTable *seen; /* gint64 */
	GArray *threads;  /* gint64 */
	GError *err;
} Threads;

static void
threads_init(Threads *t, Planner *pl)
{
	*t = (Threads){.pl = pl, .seen = numbers_new()};
	t->threads = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void
threads_clear(Threads *t)
{
	g_hash_table_unref(t->seen);
	g_array_unref(t->threads);
	g_clear_error(&t->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Threads, threads_clear)

/* Note the thread that post is in. */
static bool
note_thread_of(Threads *t, int64_t post, GError **err)
{
	StoreThreadOf of = {0};

	if (!store_thread_of(t->pl->env->store, post, &of, err))
		return false;
	if (of.thread == 0 || g_hash_table_contains(t->seen, &of.thread))
		return true;
	numbers_add(t->seen, of.thread);
	g_array_append_val(t->threads, of.thread);
	return true;
}

/* IndexSeen */
static bool
note_thread(void *arg, const IndexEntry *e)
{
	Threads *t = arg;

	return note_thread_of(t, e->post, &t->err) &&
	       t->threads->len < LIMIT_SEARCH_THREADS;
}

static void
take_docs(Piece *out, GArray **docs)
{
	sort_docs(*docs);
	out->docs = g_steal_pointer(docs);
}

/* Let out be all messages of t. */
static bool
take_threads(Threads *t, Piece *out, GError **err)
{
	g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(IndexEntry));

	for (guint i = 0; i < t->threads->len && docs->len < LIMIT_SEARCH_SET;
	     i++)
		if (!add_thread(
			t->pl, g_array_index(t->threads, gint64, i), docs, err))
			return false;
	take_docs(out, &docs);
	return true;
}

/* The messages that the Message-ID node is of, or all of their threads. */
static bool
plan_ids(
    Planner *pl, const QueryNode *node, bool threads, Piece *out, GError **err)
{
	g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	g_auto(Threads) of = {0};
	g_auto(ReadLookup) found = {0};

	threads_init(&of, pl);
	if (!read_find_id(pl->env->store, NULL, node->text, &found, err))
		return false;
	for (guint i = 0; found.hits != NULL && i < found.hits->len; i++) {
		int64_t post = g_array_index(found.hits, StoreHit, i).post;

		if (threads ? !note_thread_of(&of, post, err)
			    : !add_post(pl, post, docs, err))
			return false;
	}
	if (threads)
		return take_threads(&of, out, err);
	take_docs(out, &docs);
	return true;
}

/* All messages of the threads that have one that fits node's child: of the
 * newest LIMIT_SEARCH_THREADS. */
static bool
plan_thread(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	g_auto(Piece) p = {0};
	g_auto(Threads) found = {0};
	PlanSeen seen = {0};

	piece_init(&p);
	threads_init(&found, pl);
	const PieceRun run = {
	    .env = pl->env, .piece = &p, .seen = note_thread, .arg = &found};

	if (!plan_node(pl, node->children->pdata[0], &p, err) ||
	    !piece_run(&run, &seen, err))
		return false;
	if (found.err != NULL) {
		g_propagate_error(err, g_steal_pointer(&found.err));
		return false;
	}
	pl->cut |= !seen.all;
	return take_threads(&found, out, err);
}

/* Count who wrote how much of a thread: in known, by "THREAD AUTHOR". */
static bool
count_thread(Planner *pl, int64_t thread, GHashTable *known, GError **err)
{
	g_autoptr(GArray) posts =
	    store_thread_posts(pl->env->store, thread, err);

	if (posts == NULL)
		return false;
	for (guint i = 0; i < posts->len; i++) {
		g_autofree char *name = NULL;
		IndexEntry e = {0};
		uint64_t *n = NULL;

		if (!index_find(pl->env->index,
			g_array_index(posts, StoreArrival, i).post, &e, err))
			return false;
		name = g_strdup_printf(
		    "%" G_GINT64_FORMAT " %s", thread, e.author);
		n = g_hash_table_lookup(known, name);
		if (n == NULL) {
			n = g_new0(uint64_t, 1);
			g_hash_table_insert(known, g_steal_pointer(&name), n);
		}
		*n += e.doc != 0;
	}
	return true;
}

/* How many messages of e's thread its author wrote. */
static bool
count_posts(Planner *pl, const IndexEntry *e, GHashTable *known, uint64_t *n,
    GError **err)
{
	StoreThreadOf of = {0};
	g_autofree char *name = NULL;
	uint64_t *kept = NULL;

	if (!store_thread_of(pl->env->store, e->post, &of, err))
		return false;
	name = g_strdup_printf("%" G_GINT64_FORMAT " %s", of.thread, e->author);
	kept = g_hash_table_lookup(known, name);
	if (kept == NULL) {
		if (!count_thread(pl, of.thread, known, err))
			return false;
		kept = g_hash_table_lookup(known, name);
	}
	*n = kept != NULL ? *kept : 0;
	return true;
}

static bool
plan_posts(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	g_auto(Piece) p = {0};
	g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	g_autoptr(GArray) found = NULL;
	g_autoptr(GHashTable) known =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	piece_init(&p);
	if (!plan_node(pl, node->children->pdata[0], &p, err))
		return false;
	found = find_docs(pl, &p, err);
	if (found == NULL)
		return false;
	for (guint i = 0; i < found->len && i < LIMIT_SEARCH_THREADS; i++) {
		const IndexEntry *e = &g_array_index(found, IndexEntry, i);
		uint64_t n = 0;

		if (!count_posts(pl, e, known, &n, err))
			return false;
		if ((int64_t)n >= node->from && (int64_t)n <= node->to)
			g_array_append_val(docs, *e);
	}
	take_docs(out, &docs);
	return true;
}

static bool
plan_exact(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	/* The store has ids of copies, too. */
	if (node->field == QUERY_F_MID && !node->prefix)
		return plan_ids(pl, node, false, out, err);
	if (node->field == QUERY_F_L)
		term_plan_list(pl, node, out);
	else
		term_plan_exact(node, out);
	return true;
}

/* Numbers ----------------------------------------------------------------- */

static void
plan_date(const QueryNode *node, Piece *out)
{
	Test *t =
	    test_new(node->field == QUERY_F_RT ? TEST_RECEIVED : TEST_DATE);

	t->from = node->from;
	t->to = node->to;
	g_ptr_array_add(out->tests, t);
	if (node->field == QUERY_F_RT)
		return;
	if (node->from > 0)
		out->first = index_doc_of(node->from);
	/* A full day's documents go on into the next ones. */
	if (node->to < INT64_MAX - LIMIT_SEARCH_SPILL_S)
		out->last =
		    index_doc_of(MAX(node->to, 0) + LIMIT_SEARCH_SPILL_S);
}

static void
plan_number(const QueryNode *node, Piece *out)
{
	Test *t =
	    test_new(node->field == QUERY_F_SIZE       ? TEST_SIZE
		     : node->field == QUERY_F_MESSAGES ? TEST_MESSAGES
						       : TEST_PARTICIPANTS);

	t->from = node->from;
	t->to = node->to;
	g_ptr_array_add(out->tests, t);
}

static bool
plan_node(Planner *pl, const QueryNode *node, Piece *out, GError **err)
{
	switch (node->kind) {
	case QUERY_ALL:
		return true;
	case QUERY_AND:
		return plan_and(pl, node, out, err);
	case QUERY_OR:
		return plan_or(pl, node, out, err);
	case QUERY_NOT:
		return plan_not(pl, node, out, err);
	case QUERY_NEAR:
	case QUERY_ADJ:
		term_plan_near(pl, node, out);
		return true;
	case QUERY_TEXT:
		term_plan_text(pl, node, out);
		return true;
	case QUERY_EXACT:
		return plan_exact(pl, node, out, err);
	case QUERY_DATE:
		plan_date(node, out);
		return true;
	case QUERY_NUMBER:
		plan_number(node, out);
		return true;
	case QUERY_THREAD:
		return plan_thread(pl, node, out, err);
	case QUERY_THREAD_ID:
		return plan_ids(pl, node, true, out, err);
	case QUERY_POSTS:
		return plan_posts(pl, node, out, err);
	}
	g_assert_not_reached();
}

/* Plans ------------------------------------------------------------------- */

static void
keep_to_list(Piece *p, const StoreList *list)
{
	g_autofree char *term = g_strdup_printf(INDEX_LIST_TERM, list->id);

	term_add_exact(p, term, false);
}

/* That lists which the reader may not see are none is seen to when it is
 * run; here it is told to FTS5, which then need not find what is in them. */
static bool
leave_out_lists(const PlanEnv *env, Piece *p, GError **err)
{
	g_autoptr(GPtrArray) all = store_lists(env->store, err);
	guint n = 0;

	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len && n < LIMIT_SEARCH_LISTS; i++) {
		const StoreList *l = all->pdata[i];

		if (l->n_messages == 0 ||
		    g_hash_table_contains(env->allowed, &l->id))
			continue;
		g_autofree char *term =
		    g_strdup_printf("{x} : \"" INDEX_LIST_TERM "\"", l->id);

		piece_join(&p->without, " OR ", term);
		n++;
	}
	return true;
}

static bool
keep_to_thread(Planner *pl, int64_t thread, Piece *p, GError **err)
{
	g_autoptr(GArray) docs = g_array_new(FALSE, FALSE, sizeof(IndexEntry));

	if (!add_thread(pl, thread, docs, err))
		return false;
	take_docs(p, &docs);
	return true;
}

/* Narrow out to where is searched. */
static bool
keep_to(Planner *pl, const StoreList *list, int64_t thread, Piece *out,
    GError **err)
{
	g_auto(Piece) p = {0};

	piece_init(&p);
	if (thread != 0) {
		if (!keep_to_thread(pl, thread, &p, err))
			return false;
	} else if (list != NULL) {
		keep_to_list(&p, list);
	} else if (!leave_out_lists(pl->env, &p, err)) {
		return false;
	}
	return narrow(pl, out, &p, err);
}

Plan *
plan_new(const PlanEnv *env, const QueryNode *root, const StoreList *list,
    int64_t thread, GError **err)
{
	g_autoptr(Plan) p = g_new0(Plan, 1);
	Planner pl = {.env = env};

	piece_init(&p->piece);
	p->terms = pl.terms = g_ptr_array_new_with_free_func(g_free);
	p->begun = pl.begun = g_ptr_array_new_with_free_func(g_free);
	token_restart(env->tokenizer);
	if (root != NULL && !plan_node(&pl, root, &p->piece, err))
		return NULL;
	/* What was asked for tells; where does not, nor do lists of messages.
	 */
	p->scores =
	    p->piece.match != NULL && p->piece.docs == NULL && thread == 0;
	if (!keep_to(&pl, list, thread, &p->piece, err))
		return NULL;
	p->cut = pl.cut;
	return g_steal_pointer(&p);
}

void
plan_free(Plan *p)
{
	if (p == NULL)
		return;
	piece_clear(&p->piece);
	g_ptr_array_unref(p->terms);
	g_ptr_array_unref(p->begun);
	g_free(p);
}

bool
plan_has_scores(const Plan *p)
{
	return p->scores;
}

const GPtrArray *
plan_terms(const Plan *p)
{
	return p->terms;
}

const GPtrArray *
plan_begun(const Plan *p)
{
	return p->begun;
}

bool
plan_run(const PlanEnv *env, const Plan *p, const PlanTaker *t, PlanSeen *out,
    GError **err)
{
	const PieceRun run = {.env = env,
	    .piece = &p->piece,
	    .seen = t->seen,
	    .arg = t->arg,
	    .scores = t->scores && p->scores};

	if (!piece_run(&run, out, err))
		return false;
	out->all &= !p->cut;
	return true;
}
