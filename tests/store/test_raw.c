/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "fixture.h"

#include <sqlite3.h>

#include <string.h>

#define N_MAILS 400u

/* A body that does not get shorter, of a length that is another one each
 * time, up to four pages. */
static char *
make_body(uint32_t i)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(i);
	size_t len = (size_t)i * 7919 % 16384;
	char *body = g_malloc(len + 1);

	for (size_t k = 0; k < len; k++)
		body[k] = (char)g_rand_int_range(rand, ' ', 0x7f);
	body[len] = '\0';
	return body;
}

static int64_t
put_one(Store *s, int64_t list, uint32_t i)
{
	g_autofree char *id = g_strdup_printf("%u@example.org", i);
	g_autofree char *body = make_body(i);

	return must_put(s, list, &(Mail){id, "s", body, 1, {NULL}});
}

/* Read a little at a time. */
static GBytes *
read_slowly(Store *s, const Head *head)
{
	g_autoptr(StoreReader) r = store_reader_new(s, head);
	GByteArray *all = g_byte_array_new();
	char some[1000];
	size_t n = 0;

	do {
		g_autoptr(GError) err = NULL;

		g_assert_true(
		    store_reader_read(r, some, sizeof some, &n, &err));
		g_byte_array_append(all, (const guint8 *)some, (guint)n);
	} while (n > 0);
	return g_byte_array_free_to_bytes(all);
}

static void
must_be_there(Store *s, int64_t post, uint32_t i)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *body = make_body(i);
	g_autoptr(Head) head = store_head(s, post, &err);

	g_assert_no_error(err);
	g_autoptr(GBytes) raw = store_raw(s, post, &err);

	g_assert_no_error(err);
	g_autoptr(GBytes) slowly = read_slowly(s, head);
	g_autofree char *text =
	    g_strndup(g_bytes_get_data(raw, NULL), g_bytes_get_size(raw));

	g_assert_nonnull(strstr(text, body));
	g_assert_true(g_bytes_equal(raw, slowly));
}

/* A number that the database answers with. */
static int64_t
ask(const Fixture *f, const char *question)
{
	g_autofree char *path = g_build_filename(f->dir, "felid.db", NULL);
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	int64_t n = 0;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(
	    sqlite3_prepare_v2(db, question, -1, &q, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(q), ==, SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

/* Thousandths of the pages with messages' bytes that nothing is in. */
static int64_t
empty_share(const Fixture *f)
{
	return ask(f, "SELECT 1000 * sum(unused) / sum(pgsize) FROM dbstat "
		      "WHERE name = 'raw'");
}

static void
pages_are_filled(void)
{
	int64_t posts[N_MAILS];
	Fixture f;

	fixture_init(&f);
	for (uint32_t i = 0; i < N_MAILS; i++)
		posts[i] = put_one(f.store, f.list, i);
	for (uint32_t i = 0; i < N_MAILS; i++)
		must_be_there(f.store, posts[i], i);
	g_assert_cmpint(empty_share(&f), <=, 15);
	/* None has pages of its own. */
	g_assert_cmpint(ask(&f, "SELECT count(*) FROM dbstat WHERE "
				"name = 'raw' AND pagetype = 'overflow'"),
	    ==, 0);
	fixture_clear(&f);
}

/* Two processes know nothing of each other's rows; nor does one of those
 * that it took back. */
static void
pages_of_two_writers_are_not_empty(void)
{
	g_autoptr(GError) err = NULL;
	int64_t posts[N_MAILS];
	Fixture f;

	fixture_init(&f);
	g_autoptr(Store) other = store_open(f.dir, STORE_WRITE, &err);

	g_assert_no_error(err);
	for (uint32_t i = 0; i < N_MAILS; i++) {
		g_assert_true(store_begin(f.store, &err));
		(void)put_one(f.store, f.list, N_MAILS + i);
		store_rollback(f.store);
		posts[i] = put_one(i % 2 == 0 ? f.store : other, f.list, i);
	}
	for (uint32_t i = 0; i < N_MAILS; i++)
		must_be_there(f.store, posts[i], i);
	g_assert_cmpint(empty_share(&f), <=, 250);
	g_clear_pointer(&other, store_close);
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/raw/pages-are-filled", pages_are_filled);
	g_test_add_func("/raw/pages-of-two-writers-are-not-empty",
	    pages_of_two_writers_are_not_empty);
	return g_test_run();
}
