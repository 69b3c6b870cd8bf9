/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/read.h"

#include "base/err.h"
#include "base/text.h"
#include "fixture.h"

#include <string.h>

/* Two lists, one of them private; in the first two mails with one
 * Message-ID, and one that is in both. */
typedef struct {
	Fixture f;
	StoreList *open;
	int64_t hidden;
	int64_t first, second, both, secret;
} World;

static const Mail mail_first = {
    "1@example.org", "first", "x", 1000000000, {NULL}};
static const Mail mail_second = {
    "1@example.org", "second", "y", 1000000001, {NULL}};
static const Mail mail_both = {
    "2@example.org", "both", "z", 1000000002, {"gone@example.org", NULL}};

static void
world_init(World *w)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) hidden = NULL;

	fixture_init(&w->f);
	g_assert_true(
	    store_list_set(w->f.store, w->f.list, POLICY_PUBLIC, NULL, &err));
	g_assert_true(
	    store_list_name(w->f.store, w->f.list, "dev@example.org", &err));
	g_assert_true(store_list_add(
	    w->f.store, "board.example.org", POLICY_PRIVATE, &err));
	hidden = store_list_find(w->f.store, "board.example.org", &err);
	w->hidden = hidden->id;
	w->first = must_put(w->f.store, w->f.list, &mail_first);
	w->second =
	    put_mail(w->f.store, w->f.list, &mail_second, KEY_ORIGINATOR, &err);
	g_assert_no_error(err);
	w->both = must_put(w->f.store, w->f.list, &mail_both);
	w->secret = must_put(w->f.store, w->hidden, &mail_both);
	w->open = read_list(w->f.store, "dev.example.org", &err);
	g_assert_no_error(err);
}

static void
world_clear(World *w)
{
	store_list_free(w->open);
	fixture_clear(&w->f);
}

static void
private_lists_are_not_there(void)
{
	static const char *const names[] = {
	    "board.example.org", "BOARD.example.org", "nowhere.example.org"};
	g_autoptr(GError) err = NULL;
	World w;

	world_init(&w);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_null(read_list(w.f.store, names[i], &err));
		g_assert_error(err, ERR, ERR_NOTFOUND);
		g_clear_error(&err);
	}
	g_assert_null(read_list_get(w.f.store, w.hidden, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	g_clear_error(&err);
	g_autoptr(GPtrArray) lists = read_lists(w.f.store, &err);
	g_autoptr(StoreList) by_address =
	    read_list(w.f.store, "Dev@Example.org", &err);

	g_assert_cmpuint(lists->len, ==, 1);
	g_assert_cmpint(by_address->id, ==, w.f.list);
	world_clear(&w);
}

/* What name leads to, as "FOUND POST POST ...". */
static char *
found(World *w, bool in_list, bool by_id, const char *name)
{
	static const char *const words[] = {
	    "none", "one", "moved", "shared", "choice"};
	g_autoptr(GError) err = NULL;
	g_auto(ReadLookup) l = {0};
	const StoreList *list = in_list ? w->open : NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	if (by_id)
		g_assert_true(read_find_id(w->f.store, list, name, &l, &err));
	else
		g_assert_true(read_find_key(w->f.store, list, name, &l, &err));
	g_string_append(text, words[l.found]);
	for (guint i = 0; l.hits != NULL && i < l.hits->len; i++)
		g_string_append_printf(
		    text, " %d", (int)g_array_index(l.hits, StoreHit, i).post);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
leads(World *w, bool in_list, bool by_id, const char *name, const char *want)
{
	g_autofree char *got = found(w, in_list, by_id, name);

	g_test_message("%s", name);
	g_assert_cmpstr(got, ==, want);
}

static void
names_lead_to_messages(void)
{
	g_auto(Made) one = {0};
	g_auto(Made) two = {0};
	char key_one[KEY_LEN + 1], key_two[KEY_LEN + 1], other[KEY_LEN + 1];
	World w;

	world_init(&w);
	make_mail(&mail_first, &one);
	make_mail(&mail_both, &two);
	permalink_key(one.links.digest[KEY_ID], key_one);
	permalink_key(two.links.digest[KEY_ID], key_two);
	permalink_key(two.links.digest[KEY_CONTENT], other);
	g_autofree char *whole =
	    text_base32(two.links.digest[KEY_ID], DIGEST_BYTES);
	g_autofree char *upper = g_ascii_strup(key_two, -1);
	g_autofree char *prefix = g_strndup(key_two, 8);
	g_autofree char *shorter = g_strndup(key_two, 7);

	/* Posts are 1 (first), 2 (second), 3 (both), 4 (secret). */
	leads(&w, true, false, key_two, "one 3");
	leads(&w, true, false, upper, "one 3");
	leads(&w, true, false, prefix, "moved 3");
	leads(&w, true, false, shorter, "none");
	leads(&w, true, false, whole, "moved 3");
	leads(&w, true, false, other, "moved 3");
	leads(&w, true, false, key_one, "shared 1 2");
	leads(&w, true, true, "1@example.org", "shared 1 2");
	leads(&w, true, true, "<2@example.org>", "one 3");
	leads(&w, true, true, "", "none");
	leads(&w, true, true, "nobody@example.org", "none");
	/* Over all lists the private one's does not count. */
	leads(&w, false, false, key_two, "one 3");
	leads(&w, false, true, "2@example.org", "one 3");
	whole[50] = whole[50] == 'a' ? 'b' : 'a';
	leads(&w, true, false, whole, "none");
	leads(&w, true, false, "no key", "none");
	world_clear(&w);
}

static void
messages_and_threads_are_read(void)
{
	g_autoptr(GError) err = NULL;
	World w;

	world_init(&w);
	g_autoptr(ReadMsg) m = read_msg(w.f.store, w.both, &err);

	g_assert_no_error(err);
	g_assert_cmpstr(m->head->subject, ==, "both");
	g_assert_cmpuint(m->outline->n_parts, ==, 1);
	g_autoptr(ReadThread) t = read_thread(w.f.store, m->head->thread, &err);

	g_assert_no_error(err);
	g_assert_cmpuint(t->n_all, ==, 1);
	size_t row = read_thread_row(t, w.both);

	g_assert_cmpuint(row, !=, THREAD_GHOST);
	g_assert_cmpint(read_thread_head(t, row)->post, ==, w.both);
	g_assert_cmpuint(read_thread_row(t, w.first), ==, THREAD_GHOST);
	g_assert_null(read_msg(w.f.store, 99, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	world_clear(&w);
}

static void
ancestors_are_named(void)
{
	static const char text[] = "References: <a@example.org>\n"
				   "\t<b\xff@example.org>\n"
				   "In-Reply-To: <c@example.org>\n\n";
	g_autoptr(GBytes) raw = g_bytes_new_static(text, strlen(text));
	const ReadMsg m = {.raw = raw};
	g_auto(ReadFields) f = {0};

	read_fields(&m, &f);
	g_autofree char *a = read_ancestor_id(&f, thread_id("a@example.org"));
	g_autofree char *b =
	    read_ancestor_id(&f, thread_id("b\xff@example.org"));
	g_autofree char *c = read_ancestor_id(&f, thread_id("c@example.org"));
	g_autofree char *d = read_ancestor_id(&f, thread_id("d@example.org"));

	g_assert_cmpstr(a, ==, "a@example.org");
	g_assert_cmpstr(b, ==, "b\xc3\xbf@example.org");
	g_assert_cmpstr(c, ==, "c@example.org");
	g_assert_null(d);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/read/private-lists-are-not-there", private_lists_are_not_there);
	g_test_add_func("/read/names-lead-to-messages", names_lead_to_messages);
	g_test_add_func("/read/messages-and-threads-are-read",
	    messages_and_threads_are_read);
	g_test_add_func("/read/ancestors-are-named", ancestors_are_named);
	return g_test_run();
}
