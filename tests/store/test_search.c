/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/clock.h"
#include "base/limits.h"
#include "mail/parse.h"
#include "search/find.h"
#include "search/follow.h"
#include "search/query.h"

#include <glib/gstdio.h>
#include <string.h>

/*
 * What is found, held against an oracle: made-up messages of a few words
 * each, of which it is known here which words, day, length and thread each
 * has, and queries made at random.
 */
#define N_MAILS 150
#define N_WORDS 6
#define PER_THREAD 3
#define DAY_S 86400
#define BEGIN INT64_C(1704067200) /* 2024-01-01 */
#define LONG_BYTES 2000

static const char *const words[N_WORDS] = {
    "vex", "wug", "blick", "dax", "fep", "zorp"};

typedef struct {
	Fixture fixture;
	Finder *finder;
	unsigned int has[N_MAILS]; /* 1 << word */
	int64_t posts[N_MAILS];
	bool large[N_MAILS];
	GRand *rand;
	int threads_left; /* that the query at hand may ask for */
} Oracle;

static int
day_of(int i)
{
	return i / 4;
}

static void
put(Oracle *o, int i)
{
	g_autofree char *id = g_strdup_printf("m%d@example.org", i);
	g_autofree char *root =
	    g_strdup_printf("m%d@example.org", i - i % PER_THREAD);
	g_autofree char *subject = g_strdup_printf("Number %d", i);
	g_autoptr(GString) body = g_string_new("Here is\n");
	Mail m = {.id = id, .date = BEGIN + day_of(i) * DAY_S + i % 4};

	for (int w = 0; w < N_WORDS; w++)
		if (g_rand_int_range(o->rand, 0, w + 2) == 0) {
			o->has[i] |= 1u << w;
			g_string_append_printf(body, "%s\n", words[w]);
		}
	o->large[i] = g_rand_boolean(o->rand);
	for (int n = 0; o->large[i] && n < LONG_BYTES; n += 5)
		g_string_append(body, "more\n");
	m.subject = subject;
	m.body = body->str;
	if (i % PER_THREAD > 0)
		m.refs[0] = root;
	o->posts[i] = must_put(o->fixture.store, o->fixture.list, &m);
}

static void
index_all(const Fixture *f)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Index) x = index_open(f->dir, INDEX_WRITE, &err);

	g_assert_no_error(err);
	g_autoptr(Follow) follow = follow_new(f->store, x, &err);
	bool more = true;

	while (more) {
		follow_some(follow, &more, &err);
		g_assert_no_error(err);
	}
}

static void
oracle_init(Oracle *o)
{
	*o = (Oracle){.rand = g_rand_new_with_seed(1)};
	fixture_init(&o->fixture);
	for (int i = 0; i < N_MAILS; i++)
		put(o, i);
	index_all(&o->fixture);
	o->finder = finder_new(o->fixture.dir);
}

static void
oracle_clear(Oracle *o)
{
	finder_free(o->finder);
	fixture_clear(&o->fixture);
	g_rand_free(o->rand);
}

/* Random queries ---------------------------------------------------------- */

/* Write a query of that depth at most to q, and what fits it to fits. */
static void make_query(Oracle *o, int depth, GString *q, bool *fits);

static void
make_word(Oracle *o, GString *q, bool *fits)
{
	int w = g_rand_int_range(o->rand, 0, N_WORDS);

	g_string_append(q, words[w]);
	for (int i = 0; i < N_MAILS; i++)
		fits[i] = (o->has[i] >> w & 1) != 0;
}

static void
append_day(GString *q, int day)
{
	g_autoptr(GDateTime) t =
	    g_date_time_new_from_unix_utc(BEGIN + day * DAY_S);
	g_autofree char *text = g_date_time_format(t, "%Y-%m-%d");

	g_string_append(q, text);
}

static void
make_leaf(Oracle *o, GString *q, bool *fits)
{
	int a = g_rand_int_range(o->rand, 0, day_of(N_MAILS) + 1);
	int b = g_rand_int_range(o->rand, a, day_of(N_MAILS) + 1);

	switch (g_rand_int_range(o->rand, 0, 6)) {
	case 0:
		g_string_append(q, "d:");
		append_day(q, a);
		g_string_append(q, "..");
		append_day(q, b);
		for (int i = 0; i < N_MAILS; i++)
			fits[i] = day_of(i) >= a && day_of(i) <= b;
		return;
	case 1:
		g_string_append_printf(q, "size:>%d", LONG_BYTES);
		memcpy(fits, o->large, sizeof o->large);
		return;
	default:
		make_word(o, q, fits);
		return;
	}
}

static void
make_pair(Oracle *o, int depth, GString *q, bool *fits)
{
	bool right[N_MAILS], both = g_rand_boolean(o->rand);

	g_string_append_c(q, '(');
	make_query(o, depth, q, fits);
	g_string_append(q, both ? " AND " : " OR ");
	make_query(o, depth, q, right);
	g_string_append_c(q, ')');
	for (int i = 0; i < N_MAILS; i++)
		fits[i] = both ? fits[i] && right[i] : fits[i] || right[i];
}

static void
make_not(Oracle *o, int depth, GString *q, bool *fits)
{
	g_string_append(q, "(NOT ");
	make_query(o, depth, q, fits);
	g_string_append_c(q, ')');
	for (int i = 0; i < N_MAILS; i++)
		fits[i] = !fits[i];
}

static void
make_threads(Oracle *o, int depth, GString *q, bool *fits)
{
	bool any = false;

	o->threads_left--;
	g_string_append(q, "thread:{");
	make_query(o, depth, q, fits);
	g_string_append_c(q, '}');
	for (int i = 0; i < N_MAILS; i += PER_THREAD) {
		any = false;
		for (int k = 0; k < PER_THREAD; k++)
			any |= fits[i + k];
		for (int k = 0; k < PER_THREAD; k++)
			fits[i + k] = any;
	}
}

static void
make_query(Oracle *o, int depth, GString *q, bool *fits)
{
	int what = g_rand_int_range(o->rand, 0, 10);

	if (depth == 0 || what < 2)
		make_leaf(o, q, fits);
	else if (what < 7)
		make_pair(o, depth - 1, q, fits);
	else if (what < 9 || o->threads_left == 0)
		make_not(o, depth - 1, q, fits);
	else
		make_threads(o, depth - 1, q, fits);
}

/* Tests ------------------------------------------------------------------- */

static SearchReply *
ask(Finder *f, const char *query, SearchOrder order, uint32_t skip, uint32_t n)
{
	const SearchAsk a = {.query = (char *)(uintptr_t)query,
	    .order = order,
	    .bare = true,
	    .skip = skip,
	    .n = n,
	    .now = BEGIN + 400 * DAY_S};

	return find(f, &a);
}

static void
expect(Oracle *o, const char *query, const bool *fits, SearchOrder order)
{
	g_autoptr(SearchReply) r = ask(o->finder, query, order, 0, N_MAILS + 1);
	g_autoptr(GHashTable) found =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	guint n = 0;

	g_test_message("%s", query);
	g_assert_cmpint(r->status, ==, SEARCH_OK);
	g_assert_cmpuint(r->notes->len, ==, 0);
	for (guint i = 0; i < r->hits->len; i++) {
		SearchHit *h = r->hits->pdata[i];

		g_assert_true(g_hash_table_add(found, &h->post));
	}
	for (int i = 0; i < N_MAILS; i++) {
		n += fits[i];
		g_assert_cmpint(
		    g_hash_table_contains(found, &o->posts[i]), ==, fits[i]);
	}
	g_assert_cmpuint(r->hits->len, ==, n);
	g_assert_cmpuint(r->n, ==, n);
	g_assert_false(r->about);
}

static void
random_queries(void)
{
	Oracle o;
	bool fits[N_MAILS];

	oracle_init(&o);
	for (int i = 0; i < 600; i++) {
		g_autoptr(GString) q = g_string_new(NULL);

		o.threads_left = (int)LIMIT_QUERY_THREADS;
		make_query(&o, i % 6, q, fits);
		expect(
		    &o, q->str, fits, i % 2 == 0 ? SEARCH_BEST : SEARCH_NEWEST);
	}
	oracle_clear(&o);
}

/* In order, and a page after the other gives all of it once. */
static void
pages(void)
{
	static const SearchOrder orders[] = {
	    SEARCH_BEST, SEARCH_NEWEST, SEARCH_OLDEST};
	Oracle o;

	oracle_init(&o);
	for (size_t k = 0; k < G_N_ELEMENTS(orders); k++) {
		g_autoptr(SearchReply) all =
		    ask(o.finder, "vex", orders[k], 0, N_MAILS);
		int64_t last = 0;

		g_assert_cmpuint(all->hits->len, >, 20);
		for (guint i = 0; i < all->hits->len; i++) {
			g_autoptr(SearchReply) one =
			    ask(o.finder, "vex", orders[k], i, 1);
			const SearchHit *h = one->hits->pdata[0];

			g_assert_cmpint(h->post, ==,
			    ((SearchHit *)all->hits->pdata[i])->post);
			if (orders[k] == SEARCH_NEWEST && i > 0)
				g_assert_cmpint(h->post, <, last);
			if (orders[k] == SEARCH_OLDEST && i > 0)
				g_assert_cmpint(h->post, >, last);
			last = h->post;
		}
		g_autoptr(SearchReply) none =
		    ask(o.finder, "vex", orders[k], all->hits->len, 5);

		g_assert_cmpuint(none->hits->len, ==, 0);
	}
	/* How many there are is known where they are picked one by one. */
	g_autoptr(SearchReply) all =
	    ask(o.finder, "thread:{vex}", SEARCH_NEWEST, 0, N_MAILS);
	g_autoptr(SearchReply) one =
	    ask(o.finder, "thread:{vex}", SEARCH_NEWEST, 0, 1);

	g_assert_cmpuint(all->n, >, 20);
	g_assert_cmpuint(one->n, ==, all->n);
	oracle_clear(&o);
}

/* One of each thread, and how many of it were found. */
static void
threads(void)
{
	Oracle o;
	guint n = 0, want = 0;

	oracle_init(&o);
	const SearchAsk a = {.query = (char[]){"vex"},
	    .threads = true,
	    .n = N_MAILS,
	    .now = BEGIN};
	g_autoptr(SearchReply) r = find(o.finder, &a);

	for (guint i = 0; i < r->hits->len; i++)
		n += ((SearchHit *)r->hits->pdata[i])->n_thread;
	for (int i = 0; i < N_MAILS; i++)
		want += o.has[i] & 1;
	g_assert_cmpuint(n, ==, want);
	g_assert_cmpuint(r->hits->len, <=, N_MAILS / PER_THREAD);
	g_assert_cmpuint(r->counts->len, >, 0);
	oracle_clear(&o);
}

/* How many of the words asked for a message has itself, of which all have a
 * form; the newest have the fewest. */
static void
exact_first(void)
{
	static const char *const texts[] = {
	    "running cats", "runs cats", "running cat", "runs cat"};
	static const struct {
		const char *query, *first[2], *last;
	} rows[] = {
	    {"running", {"running cats", "running cat"}, "runs"},
	    {"runs", {"runs cats", "runs cat"}, "running"},
	    {"running cats", {"running cats", "running cats"}, "runs cat"},
	    {"cat runs", {"runs cat", "runs cat"}, "running cats"},
	};
	enum { N = 40 };
	Fixture f;
	int64_t posts[N];

	fixture_init(&f);
	for (int i = 0; i < N; i++) {
		Mail m = {.subject = "Something",
		    .body = texts[i * (int)G_N_ELEMENTS(texts) / N],
		    .date = BEGIN + i * DAY_S};

		posts[i] = must_put(f.store, f.list, &m);
	}
	index_all(&f);
	g_autoptr(Finder) finder = finder_new(f.dir);

	for (size_t row = 0; row < G_N_ELEMENTS(rows); row++) {
		g_autoptr(SearchReply) r =
		    ask(finder, rows[row].query, SEARCH_BEST, 0, N);
		const char *text[N];

		g_test_message("%s", rows[row].query);
		g_assert_cmpuint(r->hits->len, ==, N);
		for (int n = 0; n < N; n++) {
			const SearchHit *h = r->hits->pdata[n];
			int i = 0;

			while (posts[i] != h->post)
				i++;
			text[n] = texts[i * (int)G_N_ELEMENTS(texts) / N];
			g_test_message("  %s", text[n]);
		}
		for (int n = 0; n < N / 4; n++) {
			g_assert_true(
			    g_str_equal(text[n], rows[row].first[0]) ||
			    g_str_equal(text[n], rows[row].first[1]));
			g_assert_true(
			    g_str_has_prefix(text[N - 1 - n], rows[row].last));
		}
	}
	fixture_clear(&f);
}

/* Add n documents of words, one an hour from the day BEGIN on. */
static void
add_documents(Index *x, int64_t list, int64_t post, int n, const char *text)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Document) d = document_new();

	g_string_assign(d->columns[DOCUMENT_NQ], text);
	g_assert_true(index_begin(x, &err));
	for (int i = 0; i < n; i++) {
		IndexEntry e = {.post = post + i,
		    .list = list,
		    .date = BEGIN + i * 3600,
		    .size = 1};

		g_assert_true(index_add(x, &e, d, &err));
	}
	g_assert_true(index_commit(x, &err));
}

/* How many documents query finds; *about, whether there may be more. */
static guint
count_bare(Finder *f, const char *query, bool *about)
{
	g_autofree char *text = g_strdup(query);
	const SearchAsk a = {.query = text,
	    .order = SEARCH_NEWEST,
	    .n = 20,
	    .bare = true,
	    .now = BEGIN};
	g_autoptr(SearchReply) r = find(f, &a);

	g_assert_cmpint(r->status, ==, SEARCH_OK);
	*about = r->about;
	return r->hits->len;
}

/* Whether the answer to query says that not all words that begin like begun
 * were looked for. */
static bool
tells_of(Finder *f, const char *query, const char *begun)
{
	g_autofree char *text = g_strdup(query);
	const SearchAsk a = {.query = text, .n = 1, .bare = true, .now = BEGIN};
	g_autoptr(SearchReply) r = find(f, &a);

	if (r->notes->len == 0)
		return false;
	const SearchNote *n = r->notes->pdata[0];

	return r->notes->len == 1 && n->kind == QUERY_NOTE_WORDS &&
	       g_str_equal(n->what, begun);
}

/* How very many words begin is those of them that are in many documents. */
static void
prefixes(void)
{
	Fixture f;
	g_autoptr(GError) err = NULL;
	bool about = false;

	fixture_init(&f);
	must_put(
	    f.store, f.list, &(Mail){"m@example.org", "s", "b", BEGIN, {NULL}});
	g_autoptr(Index) x = index_open(f.dir, INDEX_WRITE, &err);

	g_assert_no_error(err);
	add_documents(x, f.list, 100, 10, "zeta\nzest\n");
	add_documents(x, f.list, 200, 5000, "zen\nzebra\nzero\n");
	add_documents(x, f.list, 9000, 10, "vex\nzeal\n");
	for (bool more = true; more;)
		g_assert_true(index_merge(x, false, &more, &err));
	g_autoptr(Finder) finder = finder_new(f.dir);

	g_assert_cmpuint(count_bare(finder, "ze*", &about), ==, 20);
	g_assert_true(about);
	g_assert_cmpuint(count_bare(finder, "vex ze*", &about), ==, 0);
	g_assert_true(tells_of(finder, "vex ze*", "ze"));
	g_assert_false(tells_of(finder, "vex zea*", "zea"));
	g_assert_cmpuint(count_bare(finder, "vex zea*", &about), ==, 10);
	g_assert_false(about);
	g_assert_cmpuint(count_bare(finder, "zes*", &about), ==, 10);
	g_assert_cmpuint(count_bare(finder, "\"zen zeb*\"", &about), ==, 20);
	/* Only then are words counted anew. */
	add_documents(x, f.list, 10000, 1000, "vex\nzeal\n");
	for (bool more = true; more;)
		g_assert_true(index_merge(x, false, &more, &err));
	g_assert_cmpuint(count_bare(finder, "vex ze*", &about), ==, 0);
	add_documents(x, f.list, 20000, 1000, "zeal\n");
	for (bool more = true; more;)
		g_assert_true(index_merge(x, false, &more, &err));
	g_assert_cmpuint(count_bare(finder, "vex ze*", &about), ==, 20);
	g_assert_true(about);
	fixture_clear(&f);
}

/* Whatever is asked, it is answered within a second. */
static void
hostile(void)
{
	static const char *const units[] = {"ve* ", "wu* OR ", "( ", "NOT ",
	    "a* ", "\"vex wug\" ", "thread:{", "vex NEAR ", "-dax ", "d:1.. ",
	    "(vex OR wug) ", "size:>1 OR ", "\"", "{ ", "x:y "};
	Oracle o;

	oracle_init(&o);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) q = g_string_new(NULL);
		int64_t begun = clock_mono_ms();

		while (q->len < LIMIT_QUERY_BYTES + 100)
			g_string_append(q, units[i]);
		g_autoptr(SearchReply) r =
		    ask(o.finder, q->str, SEARCH_BEST, 0, 25);

		g_test_message("%s: %d", units[i], (int)r->status);
		g_assert_cmpint(r->status, !=, SEARCH_FAILED);
		/* Ten times as long, for machines that check all they do. */
		g_assert_cmpint(clock_mono_ms() - begun, <, 10000);
	}
	oracle_clear(&o);
}

/* A file that is none, or of another form, is made anew; for searches there
 * is none until then. */
static void
damaged(void)
{
	Oracle o;

	oracle_init(&o);
	g_autofree char *path =
	    g_build_filename(o.fixture.dir, INDEX_FOLDER, "index.db", NULL);

	g_clear_pointer(&o.finder, finder_free);
	g_assert_true(
	    g_file_set_contents(path, "no database at all", -1, NULL));
	o.finder = finder_new(o.fixture.dir);
	g_autoptr(SearchReply) none = ask(o.finder, "vex", SEARCH_BEST, 0, 5);

	g_assert_cmpint(none->status, !=, SEARCH_OK);
	index_all(&o.fixture);
	g_autoptr(SearchReply) again = ask(o.finder, "vex", SEARCH_BEST, 0, 5);

	g_assert_cmpint(again->status, ==, SEARCH_OK);
	g_assert_cmpuint(again->hits->len, ==, 5);
	oracle_clear(&o);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/search/random-queries", random_queries);
	g_test_add_func("/search/pages", pages);
	g_test_add_func("/search/threads", threads);
	g_test_add_func("/search/exact-first", exact_first);
	g_test_add_func("/search/prefixes", prefixes);
	g_test_add_func("/search/hostile", hostile);
	g_test_add_func("/search/damaged", damaged);
	return g_test_run();
}
