/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "search/ask.h"

#include <string.h>

static SearchReply *
make_reply(void)
{
	SearchReply *r = search_reply_new(7, SEARCH_OK);
	const SearchNote note = {.kind = 2, .at = 3, .what = (char[]){"\""}};
	const SearchCount count = {.by = SEARCH_BY_AUTHOR,
	    .value = (char[]){"abc"},
	    .name = (char[]){"J\303\266"},
	    .n = 9};
	SearchHit *h = search_reply_add_hit(r, 42, "one two three");
	const SearchMark marks[] = {{0, 3}, {8, 5}};

	g_array_append_vals(h->marks, marks, 2);
	h->n_thread = 3;
	search_reply_add_hit(r, 43, "");
	search_reply_add_note(r, &note);
	search_reply_add_count(r, &count);
	r->n = 1000;
	r->about = true;
	r->n_seen = 4000;
	return r;
}

static void
ask_there_and_back(void)
{
	g_autoptr(GError) err = NULL;
	const SearchAsk a = {.id = 1,
	    .query = (char[]){"caf\303\251"},
	    .list = (char[]){"dev.example.org"},
	    .post = 5,
	    .order = SEARCH_OLDEST,
	    .threads = true,
	    .skip = 25,
	    .n = 26,
	    .now = 99};
	g_autoptr(GBytes) bytes = search_ask_pack(&a);
	g_auto(SearchAsk) b = {0};
	size_t len = 0;
	const void *data = g_bytes_get_data(bytes, &len);

	g_assert_true(search_ask_unpack(&b, data, len, &err));
	g_assert_no_error(err);
	g_assert_cmpuint(b.id, ==, 1);
	g_assert_cmpstr(b.query, ==, a.query);
	g_assert_cmpstr(b.list, ==, a.list);
	g_assert_cmpint(b.post, ==, 5);
	g_assert_cmpint(b.order, ==, SEARCH_OLDEST);
	g_assert_true(b.threads);
	g_assert_false(b.bare);
	g_assert_cmpuint(b.skip, ==, 25);
	g_assert_cmpuint(b.n, ==, 26);
	g_assert_cmpint(b.now, ==, 99);
}

static void
reply_there_and_back(void)
{
	g_autoptr(SearchReply) r = make_reply();
	g_autoptr(GBytes) bytes = search_reply_pack(r);
	size_t len = 0;
	const void *data = g_bytes_get_data(bytes, &len);
	g_autoptr(SearchReply) b = search_reply_unpack(data, len, NULL);

	g_assert_nonnull(b);
	g_assert_cmpuint(b->id, ==, 7);
	g_assert_cmpuint(b->n, ==, 1000);
	g_assert_true(b->about);
	g_assert_cmpuint(b->n_seen, ==, 4000);
	g_assert_cmpuint(b->hits->len, ==, 2);
	const SearchHit *h = b->hits->pdata[0];

	g_assert_cmpint(h->post, ==, 42);
	g_assert_cmpuint(h->n_thread, ==, 3);
	g_assert_cmpstr(h->passage, ==, "one two three");
	g_assert_cmpuint(h->marks->len, ==, 2);
	g_assert_cmpuint(g_array_index(h->marks, SearchMark, 1).off, ==, 8);
	const SearchNote *n = b->notes->pdata[0];

	g_assert_cmpstr(n->what, ==, "\"");
	g_assert_null(n->more);
	const SearchCount *c = b->counts->pdata[0];

	g_assert_cmpstr(c->name, ==, "J\303\266");
	g_assert_cmpuint(c->n, ==, 9);
}

/* Marks that do not lie in the passage, or not in order, are dropped: pages
 * cut it by them. */
static void
marks_fit(void)
{
	static const SearchMark bad[] = {
	    {14, 0}, {0, 14}, {UINT32_MAX, 2}, {2, UINT32_MAX}, {1, 2}, {2, 2}};
	g_autoptr(SearchReply) r = search_reply_new(1, SEARCH_OK);
	SearchHit *h = search_reply_add_hit(r, 1, "one two three");

	g_array_append_vals(h->marks, bad, G_N_ELEMENTS(bad));
	g_autoptr(GBytes) bytes = search_reply_pack(r);
	size_t len = 0;
	const void *data = g_bytes_get_data(bytes, &len);
	g_autoptr(SearchReply) b = search_reply_unpack(data, len, NULL);

	g_assert_nonnull(b);
	h = b->hits->pdata[0];
	g_assert_cmpuint(h->marks->len, ==, 1);
	g_assert_cmpuint(g_array_index(h->marks, SearchMark, 0).off, ==, 1);
}

/* Whatever is cut off or changed, it is read or refused. */
static void
hostile(void)
{
	g_autoptr(SearchReply) r = make_reply();
	g_autoptr(GBytes) bytes = search_reply_pack(r);
	size_t len = 0, n_refused = 0;
	const void *data = g_bytes_get_data(bytes, &len);

	for (size_t i = 0; i < len; i++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			g_autofree unsigned char *copy = g_memdup2(data, len);
			g_autoptr(GError) err = NULL;

			copy[i] ^= (unsigned char)(1u << bit);
			g_autoptr(SearchReply) b =
			    search_reply_unpack(copy, len, &err);

			n_refused += b == NULL;
			if (b == NULL)
				g_assert_error(err, ERR, ERR_SYNTAX);
		}
		g_autoptr(GError) err = NULL;
		g_autoptr(SearchReply) b = search_reply_unpack(data, i, &err);
		g_auto(SearchAsk) cut = {0};

		g_assert_true(b != NULL || err != NULL);
		(void)search_ask_unpack(&cut, data, i, NULL);
	}
	g_assert_cmpuint(n_refused, >, len);
	g_autofree char *large = g_malloc0(ASK_BYTES + 1);
	g_autoptr(GError) err = NULL;

	g_assert_null(search_reply_unpack(large, ASK_BYTES + 1, &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ask/there-and-back", ask_there_and_back);
	g_test_add_func("/ask/reply", reply_there_and_back);
	g_test_add_func("/ask/marks", marks_fit);
	g_test_add_func("/ask/hostile", hostile);
	return g_test_run();
}
