/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/err.h"
#include "search/index.h"

#include <glib/gstdio.h>
#include <string.h>

#define DAY_S 86400
#define FULL_DAY 16384

typedef struct {
	char *dir;
	Index *x;
	GError *err;
} Fixture;

static void
fixture_init(Fixture *f)
{
	*f = (Fixture){0};
	f->dir = g_dir_make_tmp("felid-index-XXXXXX", NULL);
	f->x = index_open(f->dir, INDEX_WRITE, &f->err);
	g_assert_no_error(f->err);
}

static void
fixture_clear(Fixture *f)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	g_autofree char *folder = g_build_filename(f->dir, INDEX_FOLDER, NULL);

	index_close(f->x);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *path = g_strconcat(
		    f->dir, "/" INDEX_FOLDER "/index.db", ends[i], NULL);

		(void)g_unlink(path);
	}
	g_assert_cmpint(g_rmdir(folder), ==, 0);
	g_assert_cmpint(g_rmdir(f->dir), ==, 0);
	g_free(f->dir);
}

/* A document whose new text is the stream nq. */
static Document *
make(const char *nq)
{
	Document *d = document_new();

	g_string_assign(d->columns[DOCUMENT_NQ], nq);
	return d;
}

/* In a transaction of the caller's. */
static int64_t
add(Fixture *f, int64_t post, int64_t date, const char *nq)
{
	g_autoptr(Document) d = make(nq);
	IndexEntry e = {
	    .post = post, .list = 1, .date = date, .size = 10, .author = "ann"};

	g_assert_true(index_add(f->x, &e, d, &f->err));
	return e.doc;
}

static void
begin(Fixture *f)
{
	index_begin(f->x, &f->err);
	g_assert_no_error(f->err);
}

static void
commit(Fixture *f)
{
	index_commit(f->x, &f->err);
	g_assert_no_error(f->err);
}

static bool
take(void *arg, const IndexEntry *e)
{
	g_array_append_val((GArray *)arg, *e);
	return true;
}

static GArray *
ask(Index *x, const char *match, bool scores)
{
	g_autoptr(GError) err = NULL;
	GArray *found = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	const IndexAsk a = {
	    .match = match, .last = INT64_MAX, .scores = scores};

	index_newest(x, &a, take, found, &err);
	g_assert_no_error(err);
	return found;
}

/* Posts that match finds, newest first: "3 1 ". */
static char *
posts(Index *x, const char *match)
{
	g_autoptr(GArray) found = ask(x, match, false);
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < found->len; i++)
		g_string_append_printf(out, "%" G_GINT64_FORMAT " ",
		    g_array_index(found, IndexEntry, i).post);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
expect(Index *x, const char *match, const char *want)
{
	g_autofree char *got = posts(x, match);

	g_assert_cmpstr(got, ==, want);
}

static void
adds_and_removes(void)
{
	Fixture f;
	g_autoptr(Document) two = make("b\nc\n");
	uint64_t n = 0, bytes = 0;

	fixture_init(&f);
	expect(f.x, "\"a\n\"", "");
	begin(&f);
	add(&f, 1, 5 * DAY_S, "a\nb\n\tZb\n");
	add(&f, 2, 9 * DAY_S, "b\nc\n");
	add(&f, 3, 7 * DAY_S, "a\nc\n");
	commit(&f);
	expect(f.x, "\"b\n\"", "2 1 ");
	expect(f.x, "\"a\nb\n\"", "1 ");
	expect(f.x, "\"a\nZb\n\"", "1 ");
	expect(f.x, "\"x\n\tc\n\"", "2 3 ");
	expect(f.x, INDEX_ANY, "2 3 1 ");
	expect(f.x, NULL, "2 3 1 ");
	expect(f.x, "{x} : \"list:1\"", "2 3 1 ");
	expect(f.x, "{x} : \"list:2\"", "");
	begin(&f);
	g_assert_true(index_remove(f.x, 2, two, &f.err));
	g_assert_true(index_remove(f.x, 99, two, &f.err));
	commit(&f);
	expect(f.x, "\"b\n\"", "1 ");
	expect(f.x, NULL, "3 1 ");
	g_assert_true(index_count(f.x, &n, &bytes, &f.err));
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpuint(bytes, >, 4096);
	fixture_clear(&f);
}

/* What is rare counts for more, and a short text with a word too. */
static void
scores(void)
{
	Fixture f;

	fixture_init(&f);
	begin(&f);
	for (int i = 1; i <= 50; i++)
		add(&f, i, i * DAY_S, "often\nother\nwords\nof\nno\nuse\n");
	add(&f, 51, DAY_S, "rare\nother\nwords\nof\nno\nuse\n");
	add(&f, 52, DAY_S, "often\n");
	commit(&f);
	g_autoptr(GArray) found = ask(f.x, "\"often\n\" OR \"rare\n\"", true);
	double of[53] = {0};

	for (guint i = 0; i < found->len; i++) {
		const IndexEntry *e = &g_array_index(found, IndexEntry, i);

		of[e->post] = e->score;
	}
	g_assert_cmpuint(found->len, ==, 52);
	g_assert_cmpfloat(of[51], >, of[52]);
	g_assert_cmpfloat(of[52], >, of[1]);
	g_assert_cmpfloat(of[1], >, 0);
	g_assert_cmpfloat(of[1], ==, of[50]);
	fixture_clear(&f);
}

/* What does not fit into a day goes on in the next one. */
static void
full_day(void)
{
	Fixture f;
	int64_t day = index_doc_of(100 * DAY_S),
		next = index_doc_of(101 * DAY_S);

	fixture_init(&f);
	g_assert_cmpint(next - day, ==, FULL_DAY);
	begin(&f);
	add(&f, 1, 101 * DAY_S, "a\n");
	for (int i = 0; i < FULL_DAY; i++)
		g_assert_cmpint(
		    add(&f, 2 + i, 100 * DAY_S + i, "b\n"), ==, day + i);
	g_assert_cmpint(add(&f, 99999, 100 * DAY_S, "c\n"), ==, next + 1);
	g_assert_cmpint(add(&f, 99998, -5, "d\n"), ==, 0);
	g_assert_cmpint(add(&f, 99997, INT64_MAX, "d\n"), >, next);
	commit(&f);
	expect(f.x, "\"c\n\"", "99999 ");
	expect(f.x, "\"d\n\"", "99997 99998 ");
	fixture_clear(&f);
}

/* A reader sees what was committed when it began, and what came since when it
 * begins anew. */
static void
reads_while_written(void)
{
	Fixture f;

	fixture_init(&f);
	begin(&f);
	add(&f, 1, DAY_S, "a\n");
	commit(&f);
	g_autoptr(Index) reader = index_open(f.dir, INDEX_READ, &f.err);

	g_assert_no_error(f.err);
	g_assert_true(index_read_begin(reader, &f.err));
	expect(reader, "\"a\n\"", "1 ");
	begin(&f);
	add(&f, 2, 2 * DAY_S, "a\n");
	expect(reader, "\"a\n\"", "1 ");
	commit(&f);
	expect(reader, "\"a\n\"", "1 ");
	index_read_end(reader);
	expect(reader, "\"a\n\"", "2 1 ");
	begin(&f);
	add(&f, 3, 3 * DAY_S, "a\n");
	index_rollback(f.x);
	expect(reader, "\"a\n\"", "2 1 ");
	g_assert_true(index_empty(f.x, &f.err));
	expect(reader, "\"a\n\"", "");
	fixture_clear(&f);
}

static void
late(void)
{
	Fixture f;
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	const IndexAsk a = {.match = "\"a\n\"", .last = INT64_MAX};

	fixture_init(&f);
	begin(&f);
	for (int i = 1; i <= 2000; i++)
		add(&f, i, i, "a\n");
	commit(&f);
	index_set_deadline(f.x, MAX(clock_cpu_ms() - 1, 1));
	g_assert_false(index_newest(f.x, &a, take, found, &err));
	g_assert_error(err, ERR, ERR_LIMIT);
	index_set_deadline(f.x, 0);
	expect(f.x, "\"b\n\"", "");
	fixture_clear(&f);
}

/* Add n documents from post on, each of terms of its own. */
static void
add_many(Fixture *f, int64_t post, int n)
{
	g_autoptr(GString) nq = g_string_new(NULL);

	begin(f);
	for (int i = 0; i < n; i++, post++) {
		g_string_truncate(nq, 0);
		for (int k = 0; k < 50; k++)
			g_string_append_printf(
			    nq, "t%" G_GINT64_FORMAT "x%d\n", post, k * k);
		add(f, post, post * 1000, nq->str);
	}
	commit(f);
}

/* What merging left free is given back. */
static void
merges(void)
{
	Fixture f;
	uint64_t n = 0, before = 0, after = 0;

	fixture_init(&f);
	for (int i = 0; i < 6; i++)
		add_many(&f, 1 + i * 200, 200);
	g_assert_true(index_count(f.x, &n, &before, &f.err));
	g_assert_cmpuint(n, ==, 1200);
	for (bool more = true; more;)
		g_assert_true(index_merge(f.x, false, &more, &f.err));
	for (bool more = true; more;)
		g_assert_true(index_merge(f.x, true, &more, &f.err));
	g_assert_true(index_count(f.x, &n, &after, &f.err));
	g_assert_cmpuint(after, <, before + before / 10);
	expect(f.x, "\"t777x49\n\"", "777 ");
	expect(f.x, "\"t1x0\n\"", "1 ");
	fixture_clear(&f);
}

/* Not there; of another form; no database. */
static void
other_forms(void)
{
	Fixture f;
	g_autoptr(GError) err = NULL;

	fixture_init(&f);
	g_autofree char *path =
	    g_build_filename(f.dir, INDEX_FOLDER, "index.db", NULL);

	g_clear_pointer(&f.x, index_close);
	g_assert_true(g_file_set_contents(path, "", 0, NULL));
	g_assert_null(index_open(f.dir, INDEX_READ, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	g_clear_error(&err);
	g_assert_true(g_file_set_contents(path, "rubbish", -1, NULL));
	g_assert_null(index_open(f.dir, INDEX_READ, &err));
	g_assert_nonnull(err);
	g_clear_error(&err);
	f.x = index_open(f.dir, INDEX_WRITE, &f.err);
	g_assert_no_error(f.err);
	expect(f.x, "\"a\n\"", "");
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_null(index_open(f.dir, INDEX_READ, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	fixture_clear(&f);
}

/* Where the store stood. */
static void
marks(void)
{
	Fixture f;
	IndexMark mark = {0};

	fixture_init(&f);
	g_assert_true(index_mark(f.x, &mark, &f.err));
	g_assert_cmpint(mark.post, ==, 0);
	g_assert_cmpstr(mark.store, ==, "");
	begin(&f);
	mark = (IndexMark){.post = 7, .store = "abcdefghijkl"};
	g_assert_true(index_set_mark(f.x, &mark, &f.err));
	commit(&f);
	mark = (IndexMark){0};
	g_assert_true(index_mark(f.x, &mark, &f.err));
	g_assert_cmpint(mark.post, ==, 7);
	g_assert_cmpstr(mark.store, ==, "abcdefghijkl");
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/index/adds-and-removes", adds_and_removes);
	g_test_add_func("/index/scores", scores);
	g_test_add_func("/index/full-day", full_day);
	g_test_add_func("/index/reads-while-written", reads_while_written);
	g_test_add_func("/index/merges", merges);
	g_test_add_func("/index/late", late);
	g_test_add_func("/index/other-forms", other_forms);
	g_test_add_func("/index/marks", marks);
	return g_test_run();
}
