/* No page reads in proportion to the archive: the plan of every statement
 * that reading and putting prepared is looked at. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "store/sqlite_private.h"

#include <string.h>

/* What may be read from end to end: tables of a row a list or fewer, what
 * a statement itself makes, and the one row of a dictionary. */
static const char *const small[] = {
    "SCAN l",
    "SCAN n",
    "SCAN dict",
    "SCAN list_sum",
    "SCAN c",
    "SCAN CONSTANT ROW",
    "SCAN 25 CONSTANT ROWS",
    "SCAN w",
};

static bool
is_small(const char *step)
{
	for (size_t i = 0; i < G_N_ELEMENTS(small); i++) {
		size_t len = strlen(small[i]);

		if (strncmp(step, small[i], len) == 0 &&
		    (step[len] == '\0' || step[len] == ' '))
			return true;
	}
	return false;
}

/* Look at the plan of text; *n_steps counts what was looked at. */
static void
check_plan(sqlite3 *db, const char *text, unsigned int *n_steps)
{
	g_autofree char *explain =
	    g_strconcat("EXPLAIN QUERY PLAN ", text, NULL);
	sqlite3_stmt *q = NULL;

	g_assert_cmpint(
	    sqlite3_prepare_v2(db, explain, -1, &q, NULL), ==, SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		g_autofree char *step =
		    g_strdup((const char *)sqlite3_column_text(q, 3));

		++*n_steps;
		if (g_str_has_prefix(step, "SCAN") && !is_small(step))
			g_error("%s: %s", step, text);
		/* A sort of more than the rows of one page, or of one
		 * second. */
		if (strstr(step, "TEMP B-TREE") != NULL &&
		    strstr(step, "RIGHT PART OF") == NULL &&
		    strstr(step, "LAST TERM OF") == NULL &&
		    strstr(text, "GROUP BY thread") == NULL)
			g_error("%s: %s", step, text);
	}
	sqlite3_finalize(q);
}

static void
use_authors(Fixture *f, const Head *head)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreAuthor) author =
	    store_author(f->store, head->author, f->list, &err);

	g_assert_cmpint(
	    store_find_author(f->store, author->id, &err), ==, head->author);
	g_array_unref(store_author_years(f->store, author, &err));
	g_array_unref(store_author_lists(f->store, head->author, &err));
	for (int oldest = 0; oldest <= 1; oldest++) {
		const StorePlace at = {.date = head->date, .oldest = oldest};

		g_ptr_array_unref(
		    store_author_posts_from(f->store, author, &at, 10, &err));
	}
	g_ptr_array_unref(store_top_authors(f->store, f->list, 0, 10, &err));
	g_ptr_array_unref(
	    store_thread_authors(f->store, head->thread, 10, &err));
	g_ptr_array_unref(store_threads_active(f->store,
	    &(StoreRange){.list = f->list, .to = 1000}, 10, 10, &err));
	g_assert_no_error(err);
}

/* Call everything that a page, a look-up or a delivery calls. */
static void
use(Fixture *f)
{
	static const Mail mail = {
	    "1@example.org", "s", "b", 100, {"0@example.org", NULL}};
	g_autoptr(GError) err = NULL;
	g_auto(Made) made = {0};
	int64_t post = must_put(f->store, f->list, &mail), removed = 1;
	uint64_t n = 0, bytes = 0;
	StoreRange range = {.list = f->list, .to = 1000};
	g_autoptr(StoreThread) newer = NULL;
	g_autoptr(StoreThread) older = NULL;

	make_mail(&mail, &made);
	StoreSame same = {
	    made.links.digest[KEY_CONTENT], made.links.digest[KEY_ID], false};
	g_assert_true(store_put_copy(f->store, post, "2@example.org", &err));
	for (int64_t list = 0; list <= f->list; list += f->list) {
		g_array_unref(store_find(
		    f->store, list, made.links.digest[KEY_ID], 60, &err));
		g_assert_true(store_count(f->store, list, &n, &bytes, &err));
	}
	(void)store_next(f->store, 0, 0, &err);
	(void)store_find_permalink(
	    f->store, f->list, made.links.digest[KEY_ID], &err);
	(void)store_find_same(f->store, f->list, &same, &err);
	g_bytes_unref(store_raw(f->store, post, &err));
	g_autoptr(Head) head = store_head(f->store, post, &err);

	g_ptr_array_unref(store_older(f->store, head, 10, &err));
	for (int oldest = 0; oldest < 2; oldest++) {
		const StorePlace at = {.list = f->list, .oldest = oldest != 0};

		g_ptr_array_unref(store_heads_from(f->store, &at, 10, &err));
		g_ptr_array_unref(store_threads_from(f->store, &at, 10, &err));
	}
	g_ptr_array_unref(store_thread(f->store, post, &n, &err));
	g_assert_false(store_any_gone(f->store, &err));
	g_assert_true(store_gone_of_id(f->store, post, 1, &removed, &err));
	g_assert_cmpint(removed, ==, 0);
	g_array_unref(store_months(f->store, f->list, &err));
	g_array_unref(store_months_near(f->store, f->list, 1970, 1, &err));
	g_array_unref(store_days(f->store, f->list, 1970, 0, &err));
	g_assert_true(store_last_post(f->store, &post, &err));
	g_assert_true(
	    store_month_counts(f->store, f->list, 24000, &n, 1, &err));
	g_ptr_array_unref(store_threads(f->store, &range, &n, &err));
	g_array_unref(store_range_messages(f->store, &range, 10, &err));
	g_array_unref(store_range_threads(f->store, &range, 10, &err));
	g_ptr_array_unref(store_threads_newest(f->store, f->list, 10, &err));
	g_assert_true(
	    store_thread_neighbours(f->store, post, &newer, &older, &err));
	g_array_unref(store_range_posts(f->store, f->list, 0, 1000, &err));
	g_ptr_array_unref(store_newest(f->store, f->list, 10, &err));
	use_authors(f, head);
	g_ptr_array_unref(store_lists(f->store, &err));
	g_ptr_array_unref(store_lists_called(f->store, "dev", &err));
	g_ptr_array_unref(store_copies(f->store, post, &err));
	g_assert_no_error(err);
}

static void
nothing_reads_the_whole_archive(void)
{
	GHashTableIter it;
	gpointer kept = NULL;
	unsigned int n = 0;
	Fixture f;

	fixture_init(&f);
	use(&f);
	g_hash_table_iter_init(&it, f.store->statements);
	while (g_hash_table_iter_next(&it, &kept, NULL))
		check_plan(f.store->db, ((const SqlKept *)kept)->text, &n);
	g_assert_cmpuint(n, >, 20);
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/plan/nothing-reads-the-whole-archive",
	    nothing_reads_the_whole_archive);
	return g_test_run();
}
