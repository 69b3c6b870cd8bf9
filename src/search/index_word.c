/* SPDX-License-Identifier: Apache-2.0 */
#include "search/index_word.h"

#include "base/limits.h"

#include <string.h>

/* Below so many documents every word is looked up fast enough. */
#define DOCS_MIN 5000u

/* A word is kept if so many documents have it: three in a hundred are. */
#define FREQUENT 100

/* Places, and words, that are looked at in one go: some 3 ms. */
#define STEP_ROWS 100000
#define STEP_WORDS 2000

typedef struct {
	char *term;
	int64_t n;
} Word;

struct IndexCount {
	bool begun;
	char *last;    /* the word that was looked at last */
	GArray *words; /* Word */
};

static void
clear_word(void *word)
{
	g_free(((Word *)word)->term);
}

IndexCount *
index_count_new(void)
{
	IndexCount *c = g_new0(IndexCount, 1);

	c->words = g_array_new(FALSE, FALSE, sizeof(Word));
	g_array_set_clear_func(c->words, clear_word);
	return c;
}

static void
restart(IndexCount *c)
{
	c->begun = false;
	g_clear_pointer(&c->last, g_free);
	g_array_set_size(c->words, 0);
}

void
index_count_free(IndexCount *c)
{
	if (c == NULL)
		return;
	restart(c);
	g_array_unref(c->words);
	g_free(c);
}

/* Whether it is time to count. */
static int
is_due(sqlite3 *db, uint64_t n_docs, bool *due)
{
	sqlite3_stmt *q = NULL;
	int rc =
	    sqlite3_prepare_v2(db, "SELECT n_docs FROM counted", -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		uint64_t was = (uint64_t)sqlite3_column_int64(q, 0);

		*due = n_docs >= DOCS_MIN &&
		       (n_docs < was || n_docs - was >= was / 4);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(q);
	return rc;
}

/* Note the word that q stands at.  Stems, which nobody types, begin with
 * "Z". */
static void
note(IndexCount *c, sqlite3_stmt *q, int64_t *n_rows)
{
	Word w = {.n = sqlite3_column_int64(q, 1)};
	const char *term = (const char *)sqlite3_column_text(q, 0);

	g_free(c->last);
	c->last = g_strdup(term != NULL ? term : "");
	*n_rows += w.n;
	if (w.n < FREQUENT || c->last[0] == 'Z')
		return;
	w.term = g_strdup(c->last);
	g_array_append_val(c->words, w);
}

static int
step(IndexCount *c, sqlite3 *db, bool *more)
{
	sqlite3_stmt *q = NULL;
	int64_t n_rows = 0;
	int rc = sqlite3_prepare_v2(db,
	    "SELECT term, doc FROM vocabulary WHERE term > ?", -1, &q, NULL);

	*more = true;
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(
		    q, 1, c->last != NULL ? c->last : "", -1, SQLITE_TRANSIENT);
	for (int i = 0; rc == SQLITE_OK && i < STEP_WORDS && n_rows < STEP_ROWS;
	     i++) {
		int got = sqlite3_step(q);

		*more = got == SQLITE_ROW;
		if (got == SQLITE_ROW)
			note(c, q, &n_rows);
		else if (got == SQLITE_DONE)
			break;
		else
			rc = got;
	}
	sqlite3_finalize(q);
	return rc;
}

static int
put_words(const IndexCount *c, sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(
	    db, "INSERT INTO word VALUES (?, ?)", -1, &q, NULL);

	for (guint i = 0; rc == SQLITE_OK && i < c->words->len; i++) {
		const Word *w = &g_array_index(c->words, Word, i);

		sqlite3_bind_text(q, 1, w->term, -1, SQLITE_STATIC);
		sqlite3_bind_int64(q, 2, w->n);
		rc = sqlite3_step(q) == SQLITE_DONE ? sqlite3_reset(q)
						    : sqlite3_errcode(db);
	}
	sqlite3_finalize(q);
	return rc;
}

static int
keep(const IndexCount *c, sqlite3 *db, uint64_t n_docs)
{
	g_autofree char *mark =
	    g_strdup_printf("UPDATE counted SET n_docs = %" G_GUINT64_FORMAT
			    "; DELETE FROM word",
		n_docs);
	int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_exec(db, mark, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = put_words(c, db);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK && sqlite3_get_autocommit(db) == 0)
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int
index_count_some(IndexCount *c, sqlite3 *db, uint64_t n_docs, bool *more)
{
	int rc = SQLITE_OK;

	*more = false;
	if (!c->begun)
		rc = is_due(db, n_docs, &c->begun);
	if (rc != SQLITE_OK || !c->begun)
		return rc;
	rc = step(c, db, more);
	if (rc == SQLITE_OK && !*more)
		rc = keep(c, db, n_docs);
	if (rc != SQLITE_OK || !*more)
		restart(c);
	return rc;
}

int
index_word_find(sqlite3 *db, const char *prefix, GPtrArray *words, uint64_t *n)
{
	/* No byte of UTF-8 is above the one that is appended. */
	g_autofree char *end = g_strconcat(prefix, "\xf8", NULL);
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(db,
	    "SELECT term, sum(n) OVER () FROM word WHERE term >= ? AND term < ?"
	    " ORDER BY n DESC LIMIT ?",
	    -1, &q, NULL);

	*n = 0;
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(q, 1, prefix, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 2, end, -1, SQLITE_STATIC);
		sqlite3_bind_int64(q, 3, LIMIT_SEARCH_WORDS);
		while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
			g_ptr_array_add(words,
			    g_strdup((const char *)sqlite3_column_text(q, 0)));
			*n = (uint64_t)sqlite3_column_int64(q, 1);
		}
	}
	sqlite3_finalize(q);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}
