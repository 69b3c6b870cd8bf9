/* What a list's pages ask the store for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <string.h>

/* Subjects of threads, one letter each, as they come. */
static char *
subjects(const GPtrArray *threads)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < threads->len; i++)
		g_string_append(
		    text, ((const StoreThread *)threads->pdata[i])->subject);
	return g_string_free(text, FALSE);
}

/* Subjects of the threads newer and older than that of post. */
static void
stands_between(Fixture *f, int64_t post, const char *up, const char *down)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) head = store_head(f->store, post, &err);
	g_autoptr(StoreThread) newer = NULL;
	g_autoptr(StoreThread) older = NULL;

	g_assert_true(store_thread_neighbours(
	    f->store, head->thread, &newer, &older, &err));
	g_assert_no_error(err);
	g_assert_cmpstr(newer != NULL ? newer->subject : NULL, ==, up);
	g_assert_cmpstr(older != NULL ? older->subject : NULL, ==, down);
}

/* c and d have one date; a gets an answer, then is united with b. */
static void
threads_stand_by_activity(void)
{
	static const Mail mails[] = {
	    {"a@x", "a", "b", 100, {NULL}},
	    {"b@x", "b", "b", 450, {NULL}},
	    {"c@x", "c", "b", 300, {NULL}},
	    {"d@x", "d", "b", 300, {NULL}},
	    {"e@x", "e", "b", 400, {"a@x", NULL}},
	};
	static const Mail both = {"f@x", "f", "b", 50, {"a@x", "b@x", NULL}};
	g_autoptr(GError) err = NULL;
	int64_t posts[G_N_ELEMENTS(mails)];
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++)
		posts[i] = must_put(f.store, f.list, &mails[i]);
	g_autoptr(GPtrArray) before =
	    store_threads_newest(f.store, f.list, 10, &err);
	g_autofree char *order = subjects(before);
	const StoreThread *top = before->pdata[1];

	g_assert_cmpstr(order, ==, "badc");
	g_assert_cmpuint(top->n_all, ==, 2);
	g_assert_cmpint(top->first_date, ==, 100);
	g_assert_cmpint(top->last_date, ==, 400);
	stands_between(&f, posts[4], "b", "d");
	stands_between(&f, posts[3], "a", "c");
	stands_between(&f, posts[2], "d", NULL);
	stands_between(&f, posts[1], NULL, "a");
	must_put(f.store, f.list, &both);
	g_autoptr(GPtrArray) after =
	    store_threads_newest(f.store, f.list, 2, &err);
	g_autofree char *united = subjects(after);

	g_assert_cmpstr(united, ==, "fd");
	top = after->pdata[0];
	g_assert_cmpint(top->last_date, ==, 450);
	stands_between(&f, posts[1], NULL, "d");
	stands_between(&f, posts[2], "d", NULL);
	fixture_clear(&f);
}

/* Neither case, tags nor "Re:" matter; who has no name has an address. */
static void
months_are_sorted(void)
{
	static const struct {
		Mail mail;
		const char *name, *addr;
	} in[] = {
	    {{"1@x", "[x] Re: zebra", "b", 100, {NULL}}, "bob", "z@x"},
	    {{"2@x", "Re: Anna", "b", 200, {NULL}}, "\303\204da", "y@x"},
	    {{"3@x", "\303\251t\303\251", "b", 300, {NULL}}, "", "Cy@x"},
	    {{"4@x", "Zebra", "b", 400, {NULL}}, "Bob", "b@x"},
	    {{"5@x", "far", "b", 500, {NULL}}, "Zoe", "a@x"},
	};
	static const struct {
		StoreOrder order;
		uint64_t skip;
		const char *want;
	} cases[] = {
	    {STORE_BY_ACTIVITY, 0, "54321"},
	    {STORE_BY_AUTHOR, 0, "24135"},
	    {STORE_BY_AUTHOR, 3, "35"},
	    {STORE_BY_SUBJECT, 0, "23541"},
	    {STORE_BY_SUBJECT, 9, ""},
	};
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(in); i++)
		must_put_by(
		    f.store, f.list, &in[i].mail, in[i].name, in[i].addr);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) err = NULL;
		g_autoptr(GString) got = g_string_new(NULL);
		const StoreRange range = {.list = f.list,
		    .to = 1000,
		    .skip = cases[i].skip,
		    .order = cases[i].order};
		uint64_t n = 0;
		g_autoptr(GPtrArray) threads =
		    store_threads(f.store, &range, &n, &err);

		g_assert_no_error(err);
		g_assert_cmpuint(n, ==, G_N_ELEMENTS(in));
		for (guint k = 0; k < threads->len; k++)
			g_string_append_printf(got, "%d",
			    (int)(((StoreThread *)threads->pdata[k])
				      ->last_date /
				  100));
		g_assert_cmpstr(got->str, ==, cases[i].want);
	}
	fixture_clear(&f);
}

/* When what read gives from row skip on came to be, in hundreds of seconds. */
static char *
times_of(GArray *(*read)(Store *, const StoreRange *, size_t, GError **),
    const Fixture *f, uint64_t skip)
{
	g_autoptr(GError) err = NULL;
	GString *got = g_string_new(NULL);
	const StoreRange range = {
	    .list = f->list, .from = 200, .to = 600, .skip = skip};
	g_autoptr(GArray) pages = read(f->store, &range, 3, &err);

	g_assert_no_error(err);
	for (guint i = 0; i < pages->len; i++) {
		const StorePage *p = &g_array_index(pages, StorePage, i);

		g_assert_cmpuint(strlen(p->key), ==, KEY_LEN);
		g_string_append_printf(got, "%d", (int)(p->at / 100));
	}
	return g_string_free(got, FALSE);
}

static void
crawlers_get_pages(void)
{
	static const Mail mails[] = {
	    {"1@x", "a", "b", 100, {NULL}},
	    {"2@x", "a", "b", 200, {"1@x", NULL}},
	    {"3@x", "alone", "b", 300, {NULL}},
	    {"4@x", "c", "b", 300, {NULL}},
	    {"5@x", "c", "b", 400, {"4@x", NULL}},
	    {"6@x", "d", "b", 500, {NULL}},
	    {"7@x", "d", "b", 600, {"6@x", NULL}},
	};
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++)
		must_put(f.store, f.list, &mails[i]);
	g_autofree char *threads = times_of(store_range_threads, &f, 0);
	g_autofree char *late = times_of(store_range_threads, &f, 1);

	/* That of d was last written to later. */
	g_assert_cmpstr(threads, ==, "24");
	g_assert_cmpstr(late, ==, "4");
	for (uint64_t skip = 0; skip <= 6; skip += 3) {
		g_autofree char *got = times_of(store_range_messages, &f, skip);

		/* All arrived at once. */
		g_assert_cmpuint(strlen(got) > 0, ==, skip <= 3);
	}
	fixture_clear(&f);
}

static char *
days_of(Fixture *f, int year, int month)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) days =
	    store_days(f->store, f->list, year, month, &err);
	GString *text = g_string_new(NULL);

	g_assert_no_error(err);
	for (guint i = 0; i < days->len; i++) {
		const StoreDay *d = &g_array_index(days, StoreDay, i);

		g_string_append_printf(text, "%04d-%02d-%02d:%d ", d->year,
		    d->month, d->day, (int)d->n_messages);
	}
	return g_string_free(text, FALSE);
}

static void
days_of_months_and_years(void)
{
	static const struct {
		int year, month;
		const char *want;
	} table[] = {
	    {1970, 0, "1970-01-01:1 1970-02-01:1 "},
	    {1970, 1, "1970-01-01:1 "},
	    {1969, 12, "1969-12-31:1 "},
	    {2000, 0, "2000-02-29:1 2000-12-31:2 "},
	    {2000, 12, "2000-12-31:2 "},
	    {2000, 3, ""},
	    {2001, 0, "2001-01-01:1 "},
	};
	/* From the last second of 1969 to the first of 2001. */
	static const int64_t dates[] = {
	    -1, 86399, 2678400, 951782400, 978220800, 978307199, 978307200};
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autofree char *id = g_strdup_printf("%zu@example.org", i);
		Mail mail = {id, "s", "b", dates[i], {NULL}};

		must_put(f.store, f.list, &mail);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *have =
		    days_of(&f, table[i].year, table[i].month);

		g_assert_cmpstr(have, ==, table[i].want);
	}
	fixture_clear(&f);
}

static void
months_stand_next_to_one(void)
{
	static const struct {
		int year, month;
		const char *want;
	} table[] = {
	    {1969, 12, "1970-01 "},
	    {1970, 1, "1970-02 1970-01 "},
	    {1970, 2, "2001-08 1970-02 1970-01 "},
	    {1999, 1, "2001-08 1970-02 1970-01 "},
	    {2001, 8, "2001-08 1970-02 "},
	    {2001, 9, "2001-08 1970-02 "},
	};
	static const int64_t dates[] = {1, 2, 2678400, 999302399};
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autofree char *id = g_strdup_printf("%zu@example.org", i);
		Mail mail = {id, "s", "b", dates[i], {NULL}};

		must_put(f.store, f.list, &mail);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) err = NULL;
		g_autoptr(GArray) near = store_months_near(
		    f.store, f.list, table[i].year, table[i].month, &err);
		g_autoptr(GString) have = g_string_new(NULL);

		for (guint j = 0; j < near->len; j++) {
			const StoreMonth *m =
			    &g_array_index(near, StoreMonth, j);

			g_string_append_printf(
			    have, "%04d-%02d ", m->year, m->month);
		}
		g_assert_cmpstr(have->str, ==, table[i].want);
	}
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/list-read/threads-stand-by-activity", threads_stand_by_activity);
	g_test_add_func("/list-read/months-are-sorted", months_are_sorted);
	g_test_add_func("/list-read/crawlers-get-pages", crawlers_get_pages);
	g_test_add_func(
	    "/list-read/days-of-months-and-years", days_of_months_and_years);
	g_test_add_func(
	    "/list-read/months-stand-next-to-one", months_stand_next_to_one);
	return g_test_run();
}
