/* Who wrote what: ids, counts, and what unions of threads do to them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "fixture.h"

#include <string.h>

#define YEAR (366 * INT64_C(86400))

/* Two threads: a, b and c of one, d and e of the other; f unites them.  Two
 * of them are in 1970, the rest in 1971. */
static const struct {
	Mail mail;
	const char *name, *addr;
} mails[] = {
    {{"a@x", "a", "b", 100, {NULL}}, "Ann", "ann@x"},
    {{"b@x", "b", "b", 200, {"a@x", NULL}}, "Bob", "bob@x"},
    {{"c@x", "c", "b", YEAR, {"a@x", NULL}}, "Ann B", "ANN@X"},
    {{"d@x", "d", "b", YEAR + 1, {NULL}}, "Cyd", "cyd@x"},
    {{"e@x", "e", "b", YEAR + 2, {"d@x", NULL}}, "Bob", "bob@x"},
    {{"g@x", "g", "b", YEAR + 3, {NULL}}, "Nobody", ""},
    {{"f@x", "f", "b", YEAR, {"e@x", "b@x", NULL}}, "Bob", "Bob@x"},
};

static void
put(Fixture *f, size_t i)
{
	must_put_by(
	    f->store, f->list, &mails[i].mail, mails[i].name, mails[i].addr);
}

static void
fill(Fixture *f, size_t n)
{
	fixture_init(f);
	for (size_t i = 0; i < n; i++)
		put(f, i);
}

static char *
told(const GPtrArray *authors)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < authors->len; i++) {
		const StoreAuthor *a = authors->pdata[i];

		g_string_append_printf(
		    text, "%s %d, ", a->name, (int)a->n_messages);
	}
	return g_string_free(text, FALSE);
}

static void
tops_are(Fixture *f, int year, const char *want)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) top =
	    store_top_authors(f->store, f->list, year, 10, &err);
	g_autofree char *have = told(top);

	g_assert_no_error(err);
	g_assert_cmpstr(have, ==, want);
}

/* Of the thread of post: what its row says, and who is in it. */
static void
talk_is(Fixture *f, int64_t post, const char *want)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) head = store_head(f->store, post, &err);
	g_autoptr(GPtrArray) who =
	    store_thread_authors(f->store, head->thread, 10, &err);
	g_autofree char *have = told(who);
	g_autoptr(GPtrArray) threads =
	    store_threads_newest(f->store, f->list, 10, &err);

	g_assert_no_error(err);
	g_assert_cmpstr(have, ==, want);
	for (guint i = 0; i < threads->len; i++) {
		const StoreThread *t = threads->pdata[i];

		if (t->thread == head->thread)
			g_assert_cmpuint(t->n_authors, ==, who->len);
	}
}

static void
authors_are_counted(void)
{
	Fixture f;

	fill(&f, G_N_ELEMENTS(mails) - 1);
	tops_are(&f, 0, "Bob 2, Ann B 2, Cyd 1, ");
	tops_are(&f, 1970, "Bob 1, Ann B 1, ");
	tops_are(&f, 1971, "Cyd 1, Bob 1, Ann B 1, ");
	tops_are(&f, 1972, "");
	talk_is(&f, 1, "Ann B 2, Bob 1, ");
	talk_is(&f, 4, "Bob 1, Cyd 1, ");
	talk_is(&f, 6, "");
	put(&f, 6);
	tops_are(&f, 0, "Bob 3, Ann B 2, Cyd 1, ");
	talk_is(&f, 1, "Bob 3, Ann B 2, Cyd 1, ");
	talk_is(&f, 5, "Bob 3, Ann B 2, Cyd 1, ");
	fixture_clear(&f);
}

/* What is told of the author of post: dates, threads, years. */
static void
sum_is(Fixture *f, int64_t post, const char *want)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) head = store_head(f->store, post, &err);
	g_autoptr(StoreAuthor) author =
	    store_author(f->store, head->author, f->list, &err);
	g_autoptr(GArray) years = store_author_years(f->store, author, &err);
	g_autoptr(GString) have = g_string_new(NULL);
	StoreAuthorSum sum = {0};

	g_assert_true(store_author_sum(f->store, author, &sum, &err));
	g_string_printf(have, "%d to %d, %d:", (int)sum.first_date,
	    (int)sum.last_date, (int)sum.n_threads);
	for (guint i = 0; i < years->len; i++) {
		const StoreAuthorYear *y =
		    &g_array_index(years, StoreAuthorYear, i);

		g_string_append_printf(
		    have, " %d %d", y->year, (int)y->n_messages);
	}
	g_assert_cmpstr(have->str, ==, want);
}

static void
authors_have_years_and_threads(void)
{
	Fixture f;

	fill(&f, G_N_ELEMENTS(mails) - 1);
	sum_is(&f, 1, "100 to 31622400, 1: 1970 1 1971 1");
	sum_is(&f, 2, "200 to 31622402, 2: 1970 1 1971 1");
	sum_is(&f, 4, "31622401 to 31622401, 1: 1971 1");
	/* Both threads of Bob's become one. */
	put(&f, 6);
	sum_is(&f, 1, "100 to 31622400, 1: 1970 1 1971 1");
	sum_is(&f, 2, "200 to 31622402, 1: 1970 1 1971 2");
	fixture_clear(&f);
}

/* Every page of an author's posts, one row a page. */
static char *
walk(Fixture *f, const StoreAuthor *author, bool oldest)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GError) err = NULL;
	StorePlace at = {
	    .date = oldest ? INT64_MIN : INT64_MAX, .oldest = oldest};
	g_autoptr(GPtrArray) page =
	    store_author_posts_from(f->store, author, &at, 1, &err);

	while (page->len > 0) {
		const Head *h = page->pdata[0];

		at.date = h->date;
		at.post = h->post;
		g_string_append(text, h->subject);
		g_ptr_array_unref(page);
		page = store_author_posts_from(f->store, author, &at, 1, &err);
		g_assert_no_error(err);
	}
	return g_string_free(text, FALSE);
}

static void
an_author_is_an_address(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) first = NULL, third = NULL, nobody = NULL;
	g_autofree char *posts = NULL, *upper = NULL, *back = NULL;
	char id[AUTHOR_ID_LEN + 1] = "";
	Fixture f;

	fill(&f, G_N_ELEMENTS(mails));
	first = store_head(f.store, 1, &err);
	third = store_head(f.store, 3, &err);
	nobody = store_head(f.store, 6, &err);
	g_assert_cmpint(first->author, ==, third->author);
	g_assert_cmpint(nobody->author, ==, 0);
	g_autoptr(StoreAuthor) ann =
	    store_author(f.store, first->author, f.list, &err);
	g_assert_cmpstr(ann->name, ==, "Ann B");
	g_assert_cmpstr(ann->addr, ==, "ANN@X");
	g_assert_cmpuint(ann->n_messages, ==, 2);
	g_assert_cmpuint(strlen(ann->id), ==, AUTHOR_ID_LEN);
	posts = walk(&f, ann, false);
	g_assert_cmpstr(posts, ==, "ca");
	back = walk(&f, ann, true);
	g_assert_cmpstr(back, ==, "ac");
	g_assert_true(store_author_id(f.store, "aNN@x", id, &err));
	g_assert_cmpstr(id, ==, ann->id);
	g_assert_true(store_author_id(f.store, "", id, &err));
	g_assert_cmpstr(id, ==, "");
	upper = g_ascii_strup(ann->id, -1);
	g_assert_cmpint(
	    store_find_author(f.store, ann->id, &err), ==, first->author);
	g_assert_cmpint(
	    store_find_author(f.store, upper, &err), ==, first->author);
	fixture_clear(&f);
}

static void
others_are_not_found(void)
{
	static const char *const ids[] = {
	    "", "a", "aaaaaaaaaaaa", "aaaaaaaaaaa1", "aaaaaaaaaaaaa"};
	g_autoptr(GError) err = NULL;
	Fixture f;

	fill(&f, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		g_assert_cmpint(
		    store_find_author(f.store, ids[i], &err), ==, 0);
		g_assert_no_error(err);
	}
	for (int64_t list = 0; list <= f.list; list += f.list) {
		g_assert_null(store_author(f.store, list == 0, list, &err));
		g_assert_error(err, ERR, ERR_NOTFOUND);
		g_clear_error(&err);
	}
	fixture_clear(&f);
}

/* Two stores give one address two ids. */
static void
ids_are_of_a_store(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreAuthor) here = NULL, there = NULL;
	Fixture f, g;

	fill(&f, 1);
	fill(&g, 1);
	here = store_author(f.store, 1, f.list, &err);
	there = store_author(g.store, 1, g.list, &err);
	g_assert_cmpstr(here->addr, ==, there->addr);
	g_assert_cmpstr(here->id, !=, there->id);
	fixture_clear(&f);
	fixture_clear(&g);
}

static void
active_threads_come_first(void)
{
	static const struct {
		int64_t since, to;
		size_t max, n;
		const char *want;
	} table[] = {
	    {0, INT64_MAX, 100, 10, "a3 d2 g1 "},
	    {0, INT64_MAX, 100, 1, "a3 "},
	    {YEAR, INT64_MAX, 100, 10, "d2 g1 a1 "},
	    {YEAR + 2, INT64_MAX, 100, 10, "g1 d1 "},
	    {YEAR + 4, INT64_MAX, 100, 10, ""},
	    {0, YEAR, 100, 10, "a2 "},
	    {0, INT64_MAX, 1, 10, "g1 "},
	};
	Fixture f;

	fill(&f, G_N_ELEMENTS(mails) - 1);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) err = NULL;
		g_autoptr(GString) have = g_string_new(NULL);
		const StoreRange range = {
		    .list = f.list, .from = table[i].since, .to = table[i].to};
		g_autoptr(GPtrArray) threads = store_threads_active(
		    f.store, &range, table[i].max, table[i].n, &err);

		for (guint j = 0; j < threads->len; j++) {
			const StoreThread *t = threads->pdata[j];

			g_string_append_printf(
			    have, "%s%d ", t->subject, (int)t->n_messages);
		}
		g_assert_cmpstr(have->str, ==, table[i].want);
	}
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/author/authors-are-counted", authors_are_counted);
	g_test_add_func("/author/authors-have-years-and-threads",
	    authors_have_years_and_threads);
	g_test_add_func(
	    "/author/an-author-is-an-address", an_author_is_an_address);
	g_test_add_func("/author/others-are-not-found", others_are_not_found);
	g_test_add_func("/author/ids-are-of-a-store", ids_are_of_a_store);
	g_test_add_func(
	    "/author/active-threads-come-first", active_threads_come_first);
	return g_test_run();
}
