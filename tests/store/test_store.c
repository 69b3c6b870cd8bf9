/* The store, by its interface alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "fixture.h"
#include "mail/thread.h"

#include <glib/gstdio.h>

#include <string.h>

static const Mail hello = {
    .id = "1@example.org",
    .subject = "hello",
    .body = "Hi there.",
    .date = 1000000000,
};

/* Opening ------------------------------------------------------------------ */

static void
reading_needs_a_store(void)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *dir = g_dir_make_tmp("felid-store-XXXXXX", NULL);
	g_autoptr(Store) s = store_open(dir, STORE_READ, &err);

	g_assert_null(s);
	g_assert_error(err, ERR, ERR_NOTFOUND);
	g_rmdir(dir);
}

static void
other_files_are_left_alone(void)
{
	static const char text[] = "This is no database, but it is mine.";
	g_autofree char *dir = g_dir_make_tmp("felid-store-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "felid.db", NULL);
	g_autofree char *after = NULL;
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	s = store_open(dir, STORE_WRITE, &err);
	g_assert_null(s);
	g_assert_error(err, ERR, ERR_IO);
	g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
	g_assert_cmpstr(after, ==, text);
	g_unlink(path);
	g_rmdir(dir);
}

/* What is mapped counts as the process's own, and may come to be all of a
 * store of gigabytes. */
static void
writer_maps_no_store(void)
{
	g_autofree char *maps = NULL;
	Fixture f;

	fixture_init(&f);
	must_put(f.store, f.list, &hello);
	g_assert_true(
	    g_file_get_contents("/proc/self/maps", &maps, NULL, NULL));
	g_assert_null(strstr(maps, "/felid.db\n"));
	fixture_clear(&f);
}

static void
reader_sees_each_commit(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) reader = NULL;
	int64_t version = 0, post = 0;
	Fixture f;

	fixture_init(&f);
	reader = store_open(f.dir, STORE_READ, &err);
	g_assert_no_error(err);
	version = store_version(reader);
	g_assert_cmpint(store_version(reader), ==, version);

	g_assert_true(store_begin(f.store, &err));
	post = must_put(f.store, f.list, &hello);
	g_assert_cmpint(store_next(reader, 0, 0, &err), ==, 0);
	g_assert_cmpint(store_version(reader), ==, version);
	g_assert_true(store_commit(f.store, &err));
	g_assert_cmpint(store_next(reader, 0, 0, &err), ==, post);
	g_assert_cmpint(store_version(reader), !=, version);

	g_assert_true(store_read_begin(reader, &err));
	g_assert_cmpint(store_next(reader, 0, post, &err), ==, 0);
	must_put(f.store, f.list,
	    &(Mail){"2@example.org", "two", "x", 1000000000, {NULL}});
	g_assert_cmpint(store_next(reader, 0, post, &err), ==, 0);
	store_read_end(reader);
	g_assert_cmpint(store_next(reader, 0, post, &err), >, post);
	g_assert_no_error(err);
	g_clear_pointer(&reader, store_close);
	fixture_clear(&f);
}

static void
a_closed_store_can_be_read(void)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *wal = NULL;
	g_autoptr(Head) head = NULL;
	int64_t post = 0;
	Fixture f;

	fixture_init(&f);
	post = must_put(f.store, f.list, &hello);
	g_clear_pointer(&f.store, store_close);
	/* A reader that may not write could not make it. */
	wal = g_build_filename(f.dir, "felid.db-wal", NULL);
	g_assert_true(g_file_test(wal, G_FILE_TEST_EXISTS));
	f.store = store_open(f.dir, STORE_READ, &err);
	g_assert_no_error(err);
	head = store_head(f.store, post, &err);
	g_assert_no_error(err);
	g_assert_cmpstr(head->subject, ==, "hello");
	fixture_clear(&f);
}

static void
rollback_leaves_nothing(void)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *before = NULL, *after = NULL;
	Fixture f;

	fixture_init(&f);
	before = dump(&f, false);
	g_assert_true(store_begin(f.store, &err));
	must_put(f.store, f.list, &hello);
	store_rollback(f.store);
	after = dump(&f, false);
	g_assert_cmpstr(after, ==, before);
	must_put(f.store, f.list, &hello);
	fixture_clear(&f);
}

/* Lists -------------------------------------------------------------------- */

static void
list_ids_are_checked(void)
{
	static const struct {
		const char *id;
		bool good;
	} table[] = {
	    {"python-dev.python.org", true},
	    {"C++-sig.python.org", true},
	    {"a_b.example", true},
	    {"", false},
	    {"dev", false},
	    {".example.org", false},
	    {"dev.example.org.", false},
	    {"dev..example.org", false},
	    {"dev@example.org", false},
	    {"dev/../x.example.org", false},
	    {"d\xc3\xa9v.example.org", false},
	    {"a b.example.org", false},
	};
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) err = NULL;

		g_assert_true(store_list_add(f.store, table[i].id,
				  POLICY_PUBLIC, &err) == table[i].good);
		if (!table[i].good)
			g_assert_error(err, ERR, ERR_SYNTAX);
	}
	fixture_clear(&f);
}

static void
lists_have_names(void)
{
	static const char *const names[] = {
	    "Dev.Example.ORG", "old-dev.example.net", "DEV@example.org"};
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) other = NULL;
	Fixture f;

	fixture_init(&f);
	g_assert_true(
	    store_list_name(f.store, f.list, "Old-Dev.example.net", &err));
	g_assert_true(
	    store_list_name(f.store, f.list, "dev@example.org", &err));
	g_assert_true(
	    store_list_name(f.store, f.list, "dev@example.org", &err));
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(StoreList) l =
		    store_list_find(f.store, names[i], &err);

		g_assert_no_error(err);
		g_assert_cmpint(l->id, ==, f.list);
		g_assert_cmpstr(l->list_id, ==, "dev.example.org");
		g_assert_cmpstr(l->names[0], ==, "old-dev.example.net");
		g_assert_null(l->names[1]);
		g_assert_cmpstr(l->addresses[0], ==, "dev@example.org");
		g_assert_null(l->addresses[1]);
	}
	g_assert_true(
	    store_list_add(f.store, "users.example.org", POLICY_PRIVATE, &err));
	other = store_list_find(f.store, "users.example.org", &err);
	g_assert_no_error(err);
	g_assert_false(
	    store_list_name(f.store, other->id, "Dev@Example.org", &err));
	g_assert_error(err, ERR, ERR_EXISTS);
	g_clear_error(&err);
	g_assert_false(store_list_add(
	    f.store, "OLD-dev.example.net", POLICY_PUBLIC, &err));
	g_assert_error(err, ERR, ERR_EXISTS);
	g_clear_error(&err);
	g_assert_false(
	    store_list_name(f.store, f.list, "two words@example.org", &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
	g_clear_error(&err);
	g_assert_null(store_list_find(f.store, "none.example.org", &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	fixture_clear(&f);
}

static void
lists_are_found_by_what_an_address_begins_with(void)
{
	static const struct {
		const char *local;
		guint n;
	} cases[] = {{"dev", 2}, {"DEV", 2}, {"old", 1}, {"users", 1},
	    {"de", 0}, {"dev@example.org", 0}, {"dev.example", 1}, {"", 0},
	    {"%", 0}, {"users_x", 1}};
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) users = NULL;
	Fixture f;

	fixture_init(&f);
	g_assert_true(
	    store_list_add(f.store, "users.example.org", POLICY_PUBLIC, &err));
	users = store_list_find(f.store, "users.example.org", &err);
	g_assert_true(
	    store_list_name(f.store, f.list, "dev@example.org", &err));
	g_assert_true(
	    store_list_name(f.store, f.list, "old.example.org", &err));
	g_assert_true(
	    store_list_name(f.store, users->id, "dev@example.net", &err));
	g_assert_true(
	    store_list_name(f.store, users->id, "users_x@example.net", &err));
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) lists =
		    store_lists_called(f.store, cases[i].local, &err);

		g_assert_no_error(err);
		g_test_message("%s", cases[i].local);
		g_assert_cmpuint(lists->len, ==, cases[i].n);
	}
	fixture_clear(&f);
}

static void
lists_are_set_and_told(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) lists = NULL;
	const StoreList *l = NULL;
	Fixture f;

	fixture_init(&f);
	g_assert_true(
	    store_list_add(f.store, "a.example.org", POLICY_PRIVATE, &err));
	g_assert_true(store_list_set(f.store, f.list, POLICY_NEVER,
	    "Of \xe2\x80\x9c"
	    "dev",
	    &err));
	g_assert_true(
	    store_list_set(f.store, f.list, POLICY_PUBLIC, NULL, &err));
	must_put(f.store, f.list, &hello);
	g_assert_false(store_list_set(f.store, 99, POLICY_PUBLIC, NULL, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	g_clear_error(&err);
	lists = store_lists(f.store, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(lists->len, ==, 2);
	l = lists->pdata[0];
	g_assert_cmpstr(l->list_id, ==, "a.example.org");
	g_assert_cmpint(l->policy, ==, POLICY_PRIVATE);
	g_assert_cmpuint(l->n_messages, ==, 0);
	l = lists->pdata[1];
	g_assert_cmpstr(l->description, ==,
	    "Of \xe2\x80\x9c"
	    "dev");
	g_assert_cmpint(l->policy, ==, POLICY_PUBLIC);
	g_assert_cmpuint(l->n_messages, ==, 1);
	g_assert_cmpint(l->first_date, ==, hello.date);
	g_assert_cmpint(l->last_date, ==, hello.date);
	g_assert_cmpint(l->changed, >, 0);
	fixture_clear(&f);
}

/* When the list last changed, in its own words. */
static int64_t
stamp(Fixture *f)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) l = store_list_get(f->store, f->list, &err);

	g_assert_no_error(err);
	return l->changed;
}

static void
each_change_has_a_stamp(void)
{
	static const Mail mails[] = {
	    {"1@example.org", "a", "x", 1000000000, {NULL}},
	    {"2@example.org", "b", "x", 1000000000, {NULL}},
	};
	int64_t post = 0, before = 0;
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		before = stamp(&f);
		post = must_put(f.store, f.list, &mails[i]);
		g_assert_cmpint(stamp(&f), >, before);
	}
	before = stamp(&f);
	g_assert_true(store_put_copy(f.store, post, "copy@example.org", NULL));
	g_assert_cmpint(stamp(&f), >, before);
	before = stamp(&f);
	g_assert_true(store_put_copy(f.store, post, "copy@example.org", NULL));
	g_assert_cmpint(stamp(&f), ==, before);
	fixture_clear(&f);
}

/* Putting and finding --------------------------------------------------------
 */

static void
what_was_put_is_read(void)
{
	static const Mail mail = {"2@example.org", "Re: hello", "body",
	    1000000100, {"1@example.org", "x@example.org", NULL}};
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) head = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_auto(Made) made = {0};
	char key[KEY_LEN + 1];
	int64_t post = 0;
	Fixture f;

	fixture_init(&f);
	make_mail(&mail, &made);
	post = must_put(f.store, f.list, &mail);
	raw = store_raw(f.store, post, &err);
	g_assert_no_error(err);
	g_assert_true(g_bytes_equal(raw, made.raw));
	head = store_head(f.store, post, &err);
	g_assert_no_error(err);
	g_assert_cmpint(head->post, ==, post);
	g_assert_cmpint(head->list, ==, f.list);
	permalink_key(made.links.digest[KEY_ID], key);
	g_assert_cmpstr(head->key, ==, key);
	g_assert_cmpint(head->date, ==, mail.date);
	g_assert_true(head->has_date);
	g_assert_cmpint(head->arrived, ==, mail.date + 60);
	g_assert_cmpstr(head->id, ==, mail.id);
	g_assert_cmpstr(head->subject, ==, mail.subject);
	g_assert_cmpstr(head->from_name, ==, "Ann");
	g_assert_cmpstr(head->from_addr, ==, "ann@example.org");
	g_assert_cmpuint(head->id64, ==, thread_id(mail.id));
	g_assert_cmpuint(head->n_refs, ==, 2);
	g_assert_cmpuint(head->refs[0], ==, thread_id("1@example.org"));
	g_assert_cmpuint(head->refs[1], ==, thread_id("x@example.org"));
	g_assert_cmpuint(head->size, ==, g_bytes_get_size(made.raw));
	g_assert_true(strstr(head->outline, "text/plain") != NULL);
	g_assert_null(store_raw(f.store, post + 1, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	fixture_clear(&f);
}

/* Where the body begins says how many frames there are. */
static void
a_body_is_read_alone(void)
{
	static const Mail mail = {"1@example.org", "hello", "body", 1, {NULL}};
	static const struct {
		size_t body_off, off;
	} table[] = {{0, 0}, {1, 1}, {30, 30}, {10000, 0}};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) err = NULL;
		g_auto(Made) made = {0};
		size_t off = 1;
		Fixture f;

		fixture_init(&f);
		make_mail(&mail, &made);
		made.msg->body_off = table[i].body_off;
		StorePut put = {.list = f.list,
		    .raw = made.raw,
		    .msg = made.msg,
		    .links = &made.links};
		int64_t post = store_put(f.store, &put, &err);
		g_autoptr(Head) head = store_head(f.store, post, &err);

		g_assert_no_error(err);
		g_autoptr(GBytes) raw = store_raw_of(f.store, head, &err);
		g_autoptr(GBytes) body =
		    store_body_of(f.store, head, &off, &err);
		g_autoptr(GBytes) want = g_bytes_new_from_bytes(made.raw,
		    table[i].off, g_bytes_get_size(made.raw) - table[i].off);

		g_assert_no_error(err);
		g_assert_cmpuint(off, ==, table[i].off);
		g_assert_true(g_bytes_equal(raw, made.raw));
		g_assert_true(g_bytes_equal(body, want));
		fixture_clear(&f);
	}
}

static void
every_key_leads_there(void)
{
	static const size_t bits[] = {40, 45, 64, 155, 160};
	g_autoptr(GError) err = NULL;
	g_auto(Made) made = {0};
	int64_t post = 0;
	Fixture f;

	fixture_init(&f);
	make_mail(&hello, &made);
	post = must_put(f.store, f.list, &hello);
	for (int k = 0; k < N_KEYS; k++)
		for (size_t i = 0; i < 2 * G_N_ELEMENTS(bits); i++) {
			g_autoptr(GArray) hits =
			    store_find(f.store, i % 2 == 0 ? 0 : f.list,
				made.links.digest[k], bits[i / 2], &err);
			const StoreHit *hit = NULL;

			g_assert_no_error(err);
			g_assert_cmpuint(hits->len, ==, 1);
			hit = &g_array_index(hits, StoreHit, 0);
			g_assert_cmpint(hit->post, ==, post);
			g_assert_cmpint(hit->list, ==, f.list);
			g_assert_true(hit->permalink == (k == KEY_ID));
		}
	made.links.digest[KEY_ID][4] ^= 1;
	for (size_t i = 0; i < 2; i++) {
		g_autoptr(GArray) hits = store_find(f.store,
		    i == 0 ? 0 : f.list, made.links.digest[KEY_ID], 40, &err);

		g_assert_cmpuint(hits->len, ==, 0);
	}
	fixture_clear(&f);
}

static void
a_permalink_is_given_once(void)
{
	static const Mail other = {
	    "1@example.org", "another", "Not it.", 1000000500, {NULL}};
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) hits = NULL;
	g_autofree char *before = NULL, *after = NULL;
	g_auto(Made) made = {0};
	int64_t first = 0, second = 0;
	Fixture f;

	fixture_init(&f);
	first = must_put(f.store, f.list, &hello);
	before = dump(&f, false);
	g_assert_cmpint(put_mail(f.store, f.list, &other, KEY_ID, &err), ==, 0);
	g_assert_error(err, ERR, ERR_EXISTS);
	g_clear_error(&err);
	after = dump(&f, false);
	g_assert_cmpstr(after, ==, before);
	second = put_mail(f.store, f.list, &other, KEY_ORIGINATOR, &err);
	g_assert_no_error(err);
	make_mail(&other, &made);
	g_assert_cmpint(store_find_permalink(
			    f.store, f.list, made.links.digest[KEY_ID], &err),
	    ==, first);
	g_assert_cmpint(store_find_permalink(f.store, f.list,
			    made.links.digest[KEY_ORIGINATOR], &err),
	    ==, second);
	g_assert_cmpint(store_find_permalink(f.store, f.list + 1,
			    made.links.digest[KEY_ID], &err),
	    ==, 0);
	/* The holder comes first, the other says that it only shares it. */
	hits =
	    store_find(f.store, f.list, made.links.digest[KEY_ID], 160, &err);
	g_assert_cmpuint(hits->len, ==, 2);
	g_assert_cmpint(g_array_index(hits, StoreHit, 0).post, ==, first);
	g_assert_true(g_array_index(hits, StoreHit, 0).permalink);
	g_assert_cmpint(g_array_index(hits, StoreHit, 1).post, ==, second);
	g_assert_false(g_array_index(hits, StoreHit, 1).permalink);
	fixture_clear(&f);
}

static void
choices_are_limited(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) hits = NULL;
	g_auto(Made) made = {0};
	Fixture f;

	fixture_init(&f);
	must_put(f.store, f.list, &hello);
	g_assert_true(store_begin(f.store, &err));
	for (unsigned int i = 0; i < 2 * LIMIT_CHOICES; i++) {
		g_autofree char *subject = g_strdup_printf("no. %u", i);
		Mail mail = {hello.id, subject, "x", hello.date, {NULL}};

		put_mail(f.store, f.list, &mail, KEY_CONTENT, &err);
		g_assert_no_error(err);
	}
	g_assert_true(store_commit(f.store, &err));
	make_mail(&hello, &made);
	hits = store_find(f.store, 0, made.links.digest[KEY_ID], 60, &err);
	g_assert_cmpuint(hits->len, ==, LIMIT_CHOICES);
	g_assert_true(g_array_index(hits, StoreHit, 0).permalink);
	fixture_clear(&f);
}

static void
bytes_are_kept_once(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) other = NULL;
	g_auto(Made) made = {0};
	StorePut put = {.key = KEY_ID, .date = 1, .arrived = 2};
	int64_t posts[2];
	uint64_t n = 0, bytes = 0;
	Fixture f;

	fixture_init(&f);
	g_assert_true(
	    store_list_add(f.store, "users.example.org", POLICY_PUBLIC, &err));
	other = store_list_find(f.store, "users.example.org", &err);
	make_mail(&hello, &made);
	put.raw = made.raw;
	put.msg = made.msg;
	put.links = &made.links;
	g_assert_true(store_begin(f.store, &err));
	put.list = f.list;
	posts[0] = store_put(f.store, &put, &err);
	g_assert_cmpint(put.raw_id, !=, 0);
	put.list = other->id;
	posts[1] = store_put(f.store, &put, &err);
	g_assert_true(store_commit(f.store, &err));
	for (size_t i = 0; i < 2; i++) {
		g_autoptr(GBytes) raw = store_raw(f.store, posts[i], &err);

		g_assert_no_error(err);
		g_assert_true(g_bytes_equal(raw, made.raw));
	}
	g_assert_true(store_count(f.store, 0, &n, &bytes, &err));
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpint(store_next(f.store, other->id, 0, &err), ==, posts[1]);
	g_assert_cmpint(store_next(f.store, other->id, posts[1], &err), ==, 0);
	g_assert_true(store_count(f.store, f.list, &n, &bytes, &err));
	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpuint(bytes, ==, g_bytes_get_size(made.raw));
	fixture_clear(&f);
}

/* Sameness as permalinks want it: dated by content, others by id too. */
static void
the_same_is_found(void)
{
	static const Mail dated = {"d@example.org", "s", "b", 100, {NULL}};
	static const Mail bare = {NULL, "s", "b", 0, {NULL}};
	static const Mail named = {"n@example.org", "s", "b", 0, {NULL}};
	g_autoptr(GError) err = NULL;
	g_auto(Made) d = {0}, b = {0}, n = {0};
	StoreSame what;
	int64_t posts[3];
	Fixture f;

	fixture_init(&f);
	make_mail(&dated, &d);
	make_mail(&bare, &b);
	make_mail(&named, &n);
	posts[0] = must_put(f.store, f.list, &dated);
	posts[1] = must_put(f.store, f.list, &named);
	posts[2] = put_mail(f.store, f.list, &bare, KEY_CONTENT, &err);
	g_assert_no_error(err);

	what = (StoreSame){d.links.digest[KEY_CONTENT], NULL, true};
	g_assert_cmpint(
	    store_find_same(f.store, f.list, &what, &err), ==, posts[0]);
	g_assert_cmpint(
	    store_find_same(f.store, f.list + 1, &what, &err), ==, 0);
	what = (StoreSame){b.links.digest[KEY_CONTENT], NULL, false};
	g_assert_cmpint(
	    store_find_same(f.store, f.list, &what, &err), ==, posts[2]);
	what.id = n.links.digest[KEY_ID];
	g_assert_cmpint(
	    store_find_same(f.store, f.list, &what, &err), ==, posts[1]);
	what.id = d.links.digest[KEY_ID];
	g_assert_cmpint(store_find_same(f.store, f.list, &what, &err), ==, 0);
	/* A copy's Message-ID counts as well. */
	g_assert_true(store_put_copy(f.store, posts[1], "d@example.org", &err));
	g_assert_cmpint(
	    store_find_same(f.store, f.list, &what, &err), ==, posts[1]);
	g_assert_no_error(err);
	fixture_clear(&f);
}

static void
a_copy_leads_to_the_first(void)
{
	static const Mail reply = {"r@example.org", "Re: hello", "x",
	    1000000200, {"relay-1@example.net", NULL}};
	g_autoptr(GError) err = NULL;
	g_autoptr(Head) head = NULL, answer = NULL;
	Permalinks links;
	int64_t post = 0, late = 0;
	Fixture f;

	fixture_init(&f);
	post = must_put(f.store, f.list, &hello);
	late = must_put(f.store, f.list, &reply);
	for (int i = 0; i < 2; i++)
		g_assert_true(
		    store_put_copy(f.store, post, "relay-1@example.net", &err));
	g_assert_true(store_put_copy(f.store, post, NULL, &err));
	permalink_of_id("relay-1@example.net", &links);
	for (int k = 0; k < N_KEYS; k++) {
		g_autoptr(GArray) hits = NULL;

		if (!links.has[k])
			continue;
		hits = store_find(f.store, f.list, links.digest[k], 160, &err);
		g_assert_cmpuint(hits->len, ==, 1);
		g_assert_cmpint(
		    g_array_index(hits, StoreHit, 0).post, ==, post);
	}
	head = store_head(f.store, post, &err);
	answer = store_head(f.store, late, &err);
	g_assert_no_error(err);
	g_assert_cmpint(head->thread, ==, answer->thread);
	g_assert_false(store_put_copy(f.store, 99, "x@example.org", &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	fixture_clear(&f);
}

/* Threads -------------------------------------------------------------------
 */

static void
a_late_parent_heals_a_thread(void)
{
	static const Mail mails[] = {
	    {"b@x.example", "Re: a", "b", 200, {"a@x.example", NULL}},
	    {"d@x.example", "Re: c", "d", 400, {"c@x.example", NULL}},
	    {"e@x.example", "Re: d", "e", 500, {"d@x.example", NULL}},
	    {"c@x.example", "Re: b", "c", 300, {"b@x.example", NULL}},
	    {"a@x.example", "a", "a", 100, {NULL}},
	    {"z@x.example", "z", "z", 600, {NULL}},
	};
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) heads = NULL, threads = NULL;
	const StoreThread *t = NULL;
	int64_t posts[G_N_ELEMENTS(mails)], thread = 0;
	uint64_t n = 0;
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(Head) head = NULL;

		posts[i] = must_put(f.store, f.list, &mails[i]);
		head = store_head(f.store, posts[i], &err);
		if (i == 0)
			thread = head->thread;
	}
	/* By the number that it had when it was small. */
	heads = store_thread(f.store, thread, &n, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(n, ==, 5);
	g_assert_cmpuint(heads->len, ==, 5);
	for (guint i = 0; i < 5; i++)
		g_assert_cmpint(((Head *)heads->pdata[i])->post, ==, posts[i]);
	threads = store_threads(
	    f.store, &(StoreRange){.list = f.list, .to = 1000}, &n, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpuint(threads->len, ==, 2);
	t = threads->pdata[0];
	g_assert_cmpstr(t->subject, ==, "z");
	t = threads->pdata[1];
	g_assert_cmpstr(t->subject, ==, "a");
	g_assert_cmpint(t->first_date, ==, 100);
	g_assert_cmpint(t->last_date, ==, 500);
	g_assert_cmpuint(t->n_messages, ==, 5);
	fixture_clear(&f);
}

/* Random mail against the plainest of union-finds. */
static void
threads_are_what_ids_unite(void)
{
	enum { MAILS = 300, IDS = 200 };
	int group[IDS], id_of[MAILS] = {0};
	int64_t posts[MAILS];
	g_autoptr(GError) err = NULL;
	Fixture f;

	fixture_init(&f);
	for (int i = 0; i < IDS; i++)
		group[i] = i;
	g_assert_true(store_begin(f.store, &err));
	for (int i = 0; i < MAILS; i++) {
		g_autofree char *subject = g_strdup_printf("s%d", i);
		char ids[4][16];
		Mail mail = {ids[0], subject, "b", 1000 + i, {NULL}};
		int n_refs = g_test_rand_int_range(0, 100) < 40
				 ? g_test_rand_int_range(1, 4)
				 : 0;

		for (int j = 0; j <= n_refs; j++) {
			int id = g_test_rand_int_range(0, IDS);
			int from = group[id];

			g_snprintf(ids[j], sizeof ids[j], "%d@x", id);
			if (j == 0)
				id_of[i] = id;
			else
				mail.refs[j - 1] = ids[j];
			for (int k = 0; k < IDS; k++)
				if (group[k] == from)
					group[k] = group[id_of[i]];
		}
		posts[i] = put_mail(f.store, f.list, &mail, KEY_CONTENT, &err);
		g_assert_no_error(err);
	}
	g_assert_true(store_commit(f.store, &err));
	for (int i = 0; i < MAILS; i++) {
		g_autoptr(Head) head = store_head(f.store, posts[i], &err);
		g_autoptr(GPtrArray) heads = NULL;
		uint64_t n = 0, want = 0;

		heads = store_thread(f.store, head->thread, &n, &err);
		g_assert_no_error(err);
		for (int j = 0; j < MAILS; j++)
			want += group[id_of[j]] == group[id_of[i]];
		g_assert_cmpuint(n, ==, want);
		g_assert_cmpuint(heads->len, ==, want);
		for (guint j = 0; j < heads->len; j++) {
			const Head *h = heads->pdata[j];

			g_assert_cmpint(h->thread, ==, head->thread);
			g_assert_cmpint(group[id_of[h->post - posts[0]]], ==,
			    group[id_of[i]]);
		}
	}
	fixture_clear(&f);
}

static void
months_and_newest(void)
{
	/* 2001-08-31 23:59:59, 2001-09-01 00:00:00 and later. */
	static const int64_t dates[] = {
	    999302399, 999302400, 1000000000, 2678400, 1000000001};
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) months = NULL;
	g_autoptr(GArray) again = NULL;
	g_autoptr(GPtrArray) newest = NULL;
	const StoreMonth *m = NULL;
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autofree char *id = g_strdup_printf("%zu@example.org", i);
		Mail mail = {id, "s", "b", dates[i], {NULL}};

		must_put(f.store, f.list, &mail);
	}
	months = store_months(f.store, f.list, &err);
	g_assert_cmpuint(months->len, ==, 3);
	m = &g_array_index(months, StoreMonth, 0);
	g_assert_cmpint(m->year, ==, 2001);
	g_assert_cmpint(m->month, ==, 9);
	g_assert_cmpuint(m->n_messages, ==, 3);
	m = &g_array_index(months, StoreMonth, 1);
	g_assert_cmpint(m->month, ==, 8);
	g_assert_cmpuint(m->n_messages, ==, 1);
	m = &g_array_index(months, StoreMonth, 2);
	g_assert_cmpint(m->year, ==, 1970);
	g_assert_cmpint(m->month, ==, 2);
	/* A month's time of change is its own. */
	const Mail late = {"late@example.org", "s", "b", 999302398, {NULL}};

	must_put(f.store, f.list, &late);
	again = store_months(f.store, f.list, &err);
	g_assert_cmpuint(again->len, ==, months->len);
	for (guint i = 0; i < months->len; i++) {
		int64_t was = g_array_index(months, StoreMonth, i).changed;
		int64_t is = g_array_index(again, StoreMonth, i).changed;

		g_assert_cmpint(was, >, 0);
		g_assert_true(i == 1 ? is > was : is == was);
	}
	newest = store_newest(f.store, f.list, 2, &err);
	g_assert_cmpuint(newest->len, ==, 2);
	g_assert_cmpint(((Head *)newest->pdata[0])->date, ==, 1000000001);
	g_assert_cmpint(((Head *)newest->pdata[1])->date, ==, 1000000000);
	g_assert_no_error(err);
	fixture_clear(&f);
}

static void
pages_of_threads(void)
{
	g_autoptr(GError) err = NULL;
	StoreRange range = {.to = 1000000};
	uint64_t n = 0;
	guint seen = 0;
	Fixture f;

	fixture_init(&f);
	range.list = f.list;
	g_assert_true(store_begin(f.store, &err));
	for (unsigned int i = 0; i < LIMIT_PAGE_ROWS + 7; i++) {
		g_autofree char *id = g_strdup_printf("%u@example.org", i);
		Mail mail = {id, "s", "b", 1 + i, {NULL}};

		must_put(f.store, f.list, &mail);
	}
	g_assert_true(store_commit(f.store, &err));
	for (; range.skip < LIMIT_PAGE_ROWS + 8;
	     range.skip += LIMIT_PAGE_ROWS) {
		g_autoptr(GPtrArray) page =
		    store_threads(f.store, &range, &n, &err);

		g_assert_no_error(err);
		g_assert_cmpuint(n, ==, LIMIT_PAGE_ROWS + 7);
		for (guint i = 0; i < page->len; i++, seen++)
			g_assert_cmpint(
			    ((StoreThread *)page->pdata[i])->last_date, ==,
			    (gint64)n - seen);
	}
	g_assert_cmpuint(seen, ==, n);
	fixture_clear(&f);
}

/* The dictionaries
 * ---------------------------------------------------------------- */

static void
put_many(Store *s, int64_t list, unsigned int from, unsigned int to)
{
	g_autoptr(GError) err = NULL;

	g_assert_true(store_begin(s, &err));
	for (unsigned int i = from; i < to; i++) {
		g_autofree char *id = g_strdup_printf("%u@example.org", i);
		g_autofree char *body =
		    g_strdup_printf("%u and %u of %s", i * 7919, i, G_STRLOC);
		Mail mail = {id, "s", body, 1 + i, {NULL}};

		must_put(s, list, &mail);
	}
	g_assert_true(store_commit(s, &err));
}

static void
dictionaries_are_trained(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) reader = NULL;
	g_autofree char *rows = NULL;
	int64_t post = 0;
	Fixture f;

	fixture_init(&f);
	reader = store_open(f.dir, STORE_READ, &err);
	put_many(f.store, f.list, 0, LIMIT_DICT_MESSAGES);
	put_many(
	    f.store, f.list, LIMIT_DICT_MESSAGES, LIMIT_DICT_MESSAGES + 20);
	/* All can be read by one that was there before it. */
	while ((post = store_next(reader, 0, post, &err)) != 0) {
		g_autoptr(GBytes) raw = store_raw(reader, post, &err);

		g_assert_nonnull(raw);
	}
	rows = dump(&f, false);
	const char *first = strstr(rows, "dict ORDER BY n\n 1 ");

	g_assert_nonnull(first);
	g_assert_true(strstr(first, "\n 2 ") < strstr(first, "raw ORDER BY"));
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/reading-needs-a-store", reading_needs_a_store);
	g_test_add_func(
	    "/store/other-files-are-left-alone", other_files_are_left_alone);
	g_test_add_func(
	    "/store/reader-sees-each-commit", reader_sees_each_commit);
	g_test_add_func(
	    "/store/a-closed-store-can-be-read", a_closed_store_can_be_read);
	g_test_add_func(
	    "/store/rollback-leaves-nothing", rollback_leaves_nothing);
	g_test_add_func("/store/writer-maps-no-store", writer_maps_no_store);
	g_test_add_func("/store/list-ids-are-checked", list_ids_are_checked);
	g_test_add_func("/store/lists-have-names", lists_have_names);
	g_test_add_func("/store/lists-are-found-by-what-an-address-begins-with",
	    lists_are_found_by_what_an_address_begins_with);
	g_test_add_func(
	    "/store/lists-are-set-and-told", lists_are_set_and_told);
	g_test_add_func(
	    "/store/each-change-has-a-stamp", each_change_has_a_stamp);
	g_test_add_func("/store/what-was-put-is-read", what_was_put_is_read);
	g_test_add_func("/store/a-body-is-read-alone", a_body_is_read_alone);
	g_test_add_func("/store/every-key-leads-there", every_key_leads_there);
	g_test_add_func(
	    "/store/a-permalink-is-given-once", a_permalink_is_given_once);
	g_test_add_func("/store/choices-are-limited", choices_are_limited);
	g_test_add_func("/store/bytes-are-kept-once", bytes_are_kept_once);
	g_test_add_func("/store/the-same-is-found", the_same_is_found);
	g_test_add_func(
	    "/store/a-copy-leads-to-the-first", a_copy_leads_to_the_first);
	g_test_add_func("/store/a-late-parent-heals-a-thread",
	    a_late_parent_heals_a_thread);
	g_test_add_func(
	    "/store/threads-are-what-ids-unite", threads_are_what_ids_unite);
	g_test_add_func("/store/months-and-newest", months_and_newest);
	g_test_add_func("/store/pages-of-threads", pages_of_threads);
	g_test_add_func(
	    "/store/dictionaries-are-trained", dictionaries_are_trained);
	return g_test_run();
}
