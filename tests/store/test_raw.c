/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/sample.h"
#include "archive/transfer.h"
#include "base/err.h"
#include "base/limits.h"
#include "fixture.h"
#include "mail/parse.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <stdio.h>
#include <string.h>

#define N_MAILS 100u

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

/* Dictionaries ----------------------------------------------------------- */

/* Words that mail of one kind has in common. */
static char *
make_words(uint32_t kind, uint32_t i)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(i);
	GString *text = g_string_new(NULL);

	for (uint32_t k = 0; k < 400; k++)
		g_string_append_printf(text, "%x%s",
		    (kind + 1) * 2654435761u *
			(uint32_t)g_rand_int_range(rand, 1, 500),
		    k % 10 == 9 ? "\n" : " ");
	return g_string_free(text, FALSE);
}

static void
free_sample(gpointer sample)
{
	StoreSample *s = sample;

	g_bytes_unref(s->raw);
	g_free(s);
}

static GPtrArray *
make_samples(uint32_t kind)
{
	GPtrArray *mail = g_ptr_array_new_with_free_func(free_sample);

	for (uint32_t i = 0; i < LIMIT_DICT_MESSAGES / 4; i++) {
		g_autofree char *words = make_words(kind, i);
		g_autoptr(GString) text = g_string_new(NULL);
		StoreSample *s = g_new0(StoreSample, 1);

		g_string_printf(
		    text, "Subject: %u\nX-Words: %.200s\n\n", i, words);
		s->body_off = text->len;
		g_string_append(text, words);
		s->raw = g_bytes_new(text->str, text->len);
		g_ptr_array_add(mail, s);
	}
	return mail;
}

/* More than a process holds: each is found again, also by one that was there
 * before, and by who is in the middle of a message. */
static void
many_dictionaries_are_kept(void)
{
	g_autoptr(GError) err = NULL;
	int64_t posts[LIMIT_DICTS];
	char some[10];
	size_t n = 0;
	Fixture f;

	fixture_init(&f);
	g_autoptr(Store) reader = store_open(f.dir, STORE_READ, &err);

	g_assert_no_error(err);
	for (uint32_t i = 0; i < LIMIT_DICTS; i++) {
		g_autoptr(GPtrArray) mail = make_samples(i);
		g_autofree char *id = g_strdup_printf("%u@example.org", i);
		g_autofree char *words = make_words(i, 1000000);

		store_train(f.store, mail);
		posts[i] = must_put(
		    f.store, f.list, &(Mail){id, "s", words, 1, {NULL}});
	}
	g_assert_cmpint(
	    ask(&f, "SELECT count(*) FROM dict"), ==, 2 * LIMIT_DICTS);
	g_autoptr(Head) head = store_head(reader, posts[0], &err);
	g_autoptr(StoreReader) slow = store_reader_new(reader, head);

	g_assert_true(store_reader_read(slow, some, sizeof some, &n, &err));
	for (uint32_t i = 0; i < LIMIT_DICTS; i++) {
		g_autofree char *words = make_words(i, 1000000);
		g_autoptr(GBytes) raw = store_raw(reader, posts[i], &err);

		g_assert_no_error(err);
		g_assert_nonnull(g_strstr_len(g_bytes_get_data(raw, NULL),
		    (gssize)g_bytes_get_size(raw), words));
	}
	while (n > 0)
		g_assert_true(
		    store_reader_read(slow, some, sizeof some, &n, &err));
	fixture_clear(&f);
}

static char *
make_mailbox(const Fixture *f, uint32_t kind)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) err = NULL;
	char *path = g_strdup_printf("%s/%u.mbox", f->top, kind);

	for (uint32_t i = 0; out->len <= LIMIT_DICT_MAIL_BYTES; i++) {
		g_autofree char *words = make_words(kind, i);

		g_string_append_printf(out,
		    "From jo@example.org Fri Jan  2 03:04:05 2026\n"
		    "From: jo@example.org\nSubject: %u\n"
		    "Message-ID: <%u.%u@example.org>\n%s\n%s\n",
		    i, kind, i, i % 2 == 0 ? "X-No-Archive: yes\n" : "", words);
	}
	g_file_set_contents(path, out->str, (gssize)out->len, &err);
	g_assert_no_error(err);
	return path;
}

static void
import(Store *s, const char *list, char *file)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) l = store_list_find(s, list, &err);
	char *files[] = {file, NULL};
	const TransferHooks hooks = {.message_bytes = 1u << 20};
	TransferState st = {0};

	g_assert_no_error(err);
	g_assert_true(transfer_import(s, l, files, &hooks, &st, &err));
	g_assert_cmpuint(st.n_stored + st.n_copies, >, 100);
}

/* Those of a list that comes are made of its mail, before any is stored. */
static void
what_is_imported_is_learnt_first(void)
{
	g_autoptr(GError) err = NULL;
	Fixture f;

	fixture_init(&f);
	g_assert_true(
	    store_list_add(f.store, "users.example.org", POLICY_PUBLIC, &err));
	g_autofree char *first = make_mailbox(&f, 1);
	g_autofree char *second = make_mailbox(&f, 2);

	import(f.store, "dev.example.org", first);
	g_assert_cmpint(ask(&f, "SELECT count(*) FROM dict"), ==, 2);
	g_assert_cmpint(
	    ask(&f, "SELECT 1000 * (SELECT sum(length(z)) FROM raw) "
		    "/ (SELECT sum(size) FROM raw)"),
	    <, 300);
	import(f.store, "dev.example.org", first);
	g_assert_cmpint(ask(&f, "SELECT count(*) FROM dict"), ==, 2);
	import(f.store, "users.example.org", second);
	g_assert_cmpint(ask(&f, "SELECT count(*) FROM dict"), ==, 4);
	g_unlink(first);
	g_unlink(second);
	fixture_clear(&f);
}

/* They are from all over it, and none that is not wanted to be kept. */
static void
samples_are_from_all_of_a_mailbox(void)
{
	Fixture f;

	fixture_init(&f);
	g_autofree char *path = make_mailbox(&f, 1);
	char *const files[] = {path, NULL}, *const none[] = {NULL};
	g_autoptr(GPtrArray) mail = sample_mail(files);
	g_autoptr(GPtrArray) nothing = sample_mail(none);
	int last = 0;

	g_assert_cmpuint(nothing->len, ==, 0);
	g_assert_cmpuint(mail->len, >, 200);
	for (guint i = 0; i < mail->len; i++) {
		const StoreSample *m = mail->pdata[i];
		const char *raw = g_bytes_get_data(m->raw, NULL);
		int n = 0;

		g_assert_cmpint(
		    sscanf(raw, "From: jo@example.org\nSubject: %d", &n), ==,
		    1);
		g_assert_cmpint(n % 2, ==, 1);
		g_assert_cmpint(n, >=, last);
		g_assert_cmpint(n, <, last + 100);
		g_assert_true(raw[m->body_off - 1] == '\n');
		g_assert_true(raw[m->body_off - 2] == '\n');
		last = n;
	}
	g_assert_cmpint(last, >, 900);
	g_unlink(path);
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/raw/pages-are-filled", pages_are_filled);
	g_test_add_func("/raw/pages-of-two-writers-are-not-empty",
	    pages_of_two_writers_are_not_empty);
	g_test_add_func(
	    "/raw/many-dictionaries-are-kept", many_dictionaries_are_kept);
	g_test_add_func("/raw/what-is-imported-is-learnt-first",
	    what_is_imported_is_learnt_first);
	g_test_add_func("/raw/samples-are-from-all-of-a-mailbox",
	    samples_are_from_all_of_a_mailbox);
	return g_test_run();
}
