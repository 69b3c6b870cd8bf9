/* SPDX-License-Identifier: Apache-2.0 */
#include "search/rank.h"

#include "base/err.h"
#include "base/limits.h"
#include "search/index.h"

#include <stdlib.h>
#include <string.h>

/*
 * Of two messages that fit as well, a new one counts for as much more as
 * this, less with each year that it is old.
 */
#define NEW_BONUS 0.3
#define YEAR_S (365.25 * 86400)

/*
 * An answer has its subject, and what it quotes, from the message that it
 * answers, which is the one to begin to read at.
 */
#define ANSWER 0.7

/* What a message counts for that has another form of each word. */
#define INEXACT 0.8

/* What a subject counts for that says what was asked for and no more. */
#define SUBJECT_BONUS 0.6

static double
with_date(const RankBy *by, const IndexEntry *e)
{
	double years = (double)MAX(by->now - e->date, 0) / YEAR_S;

	return e->score * (1 + NEW_BONUS / (1 + years));
}

static int
by_score(const void *left, const void *right)
{
	const IndexEntry *a = left, *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->doc > b->doc ? -1 : a->doc < b->doc;
}

/* Subjects ---------------------------------------------------------------- */

/* How much of a subject was asked for. */
typedef struct {
	GHashTable *asked; /* terms */
	unsigned int n, n_asked;
	bool counted; /* the place at hand is one of n_asked */
} Share;

/* TokenFn */
static void
take_term(void *arg, const Token *token)
{
	Share *s = arg;
	char term[LIMIT_TERM_BYTES + 1];

	if (!token->same_place) {
		s->n++;
		s->counted = false;
	}
	if (s->counted || token->len >= sizeof term)
		return;
	memcpy(term, token->term, token->len);
	term[token->len] = '\0';
	s->counted = g_hash_table_contains(s->asked, term);
	s->n_asked += s->counted;
}

/* Where the words of a subject begin, behind "[tag]" and "Re:". */
static const char *
skip_tags(const char *subject)
{
	for (;;) {
		const char *p = subject + strspn(subject, " \t"), *end = NULL;

		if (*p == '[' && (end = strchr(p, ']')) != NULL)
			subject = end + 1;
		else if (g_ascii_strncasecmp(p, "re:", 3) == 0)
			subject = p + 3;
		else
			return p;
	}
}

static double
share_asked(const RankBy *by, GHashTable *asked, const char *subject)
{
	Share s = {.asked = asked};
	const char *words = skip_tags(subject);
	const TokenText text = {.kind = TOKEN_PROSE,
	    .langs = STEM_SET(STEM_EN),
	    .text = words,
	    .len = strlen(words)};

	token_restart(by->tokenizer);
	token_each(by->tokenizer, &text, take_term, &s);
	return s.n > 0 ? (double)s.n_asked / s.n : 0;
}

/* A patch is none, whatever its series is sent in reply to. */
static bool
is_answer(const Head *h)
{
	const char *tag = strchr(h->subject, '[');

	if (h->n_refs == 0)
		return false;
	return g_ascii_strncasecmp(h->subject, "re:", 3) == 0 || tag == NULL ||
	       g_strstr_len(tag, -1, "PATCH") == NULL;
}

/* The very words -------------------------------------------------------- */

/* Which of the best have the words of the query themselves. */
typedef struct {
	IndexEntry *best;
	guint n;
	GHashTable *places; /* by document, from 1 on: of it in best */
	unsigned int n_exact[LIMIT_SEARCH_RANKED]; /* words that it has */
	unsigned int n_seen;                       /* of the one at hand */
	int64_t lowest;
} Exact;

/* IndexSeen */
static bool
take_exact(void *arg, const IndexEntry *e)
{
	Exact *x = arg;
	guint place = GPOINTER_TO_UINT(g_hash_table_lookup(x->places, &e->doc));

	if (place > 0)
		x->n_exact[place - 1]++;
	x->lowest = e->doc;
	return ++x->n_seen < LIMIT_SEARCH_EXACT_ROWS;
}

/* Whether others are taken for the term at i of the query, too. */
static bool
has_forms(const GPtrArray *terms, guint i)
{
	const char *term = terms->pdata[i];

	return term[0] != '\t' && !g_str_has_suffix(term, "*") &&
	       i + 1 < terms->len &&
	       ((const char *)terms->pdata[i + 1])[0] == '\t';
}

/* Note which of the best have term.  A word that is in so many that not all
 * can be looked at is one that the others have, too. */
static bool
find_exact(const RankBy *by, const char *term, Exact *x, GError **err)
{
	g_auto(GStrv) parts = g_strsplit(term, "\"", -1);
	g_autofree char *doubled = g_strjoinv("\"\"", parts);
	g_autofree char *match = g_strdup_printf("\"%s\"", doubled);
	IndexAsk ask = {.match = match, .first = INT64_MAX, .bare = true};

	for (guint i = 0; i < x->n; i++) {
		ask.first = MIN(ask.first, x->best[i].doc);
		ask.last = MAX(ask.last, x->best[i].doc);
	}
	x->n_seen = 0;
	if (!index_newest(by->index, &ask, take_exact, x, err))
		return false;
	for (guint i = 0; i < x->n && x->n_seen == LIMIT_SEARCH_EXACT_ROWS; i++)
		x->n_exact[i] += x->best[i].doc < x->lowest;
	return true;
}

/*
 * Count less what has other forms of the words.  FTS5 does not tell which of
 * the terms of a place it found, and would take twice as long if it were
 * asked for each: it is asked about the best.
 */
static bool
weigh_forms(const RankBy *by, IndexEntry *best, guint n, GError **err)
{
	g_autoptr(GHashTable) places =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	Exact x = {.best = best, .n = n, .places = places};
	unsigned int n_words = 0, n_asked = 0;

	for (guint i = 0; i < n; i++)
		g_hash_table_insert(
		    places, &best[i].doc, GUINT_TO_POINTER(i + 1));
	for (guint i = 0; i < by->terms->len; i++) {
		const char *term = by->terms->pdata[i];

		n_words += term[0] != '\t';
		if (n_asked == LIMIT_SEARCH_EXACT || !has_forms(by->terms, i))
			continue;
		n_asked++;
		if (!find_exact(by, term, &x, err))
			return false;
	}
	for (guint i = 0; i < n && n_asked > 0; i++)
		best[i].score *=
		    1 - (1 - INEXACT) * (n_asked - x.n_exact[i]) / n_words;
	return true;
}

/* Best first -------------------------------------------------------------- */

static bool
look_at(const RankBy *by, GHashTable *asked, IndexEntry *e, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Head) h = store_head(by->store, e->post, &why);

	if (h == NULL && g_error_matches(why, ERR, ERR_GONE))
		return true;
	if (h == NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	e->score *= 1 + SUBJECT_BONUS * share_asked(by, asked, h->subject);
	if (is_answer(h))
		e->score *= ANSWER;
	return true;
}

bool
rank_best(const RankBy *by, GArray *found, GError **err)
{
	g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal);
	guint n = MIN(found->len, LIMIT_SEARCH_RANKED);

	for (guint i = 0; i < found->len; i++) {
		IndexEntry *e = &g_array_index(found, IndexEntry, i);

		e->score = with_date(by, e);
	}
	g_array_sort(found, by_score);
	for (guint i = 0; i < by->terms->len; i++)
		g_hash_table_add(asked, by->terms->pdata[i]);
	for (guint i = 0; i < n; i++)
		if (!look_at(
			by, asked, &g_array_index(found, IndexEntry, i), err))
			return false;
	if (!weigh_forms(by, (IndexEntry *)(void *)found->data, n, err))
		return false;
	if (n > 0)
		qsort(found->data, n, sizeof(IndexEntry), by_score);
	return true;
}
