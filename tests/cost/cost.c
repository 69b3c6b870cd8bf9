/*
 * cost.c - what a fixed set of operations costs, on a store of mail that is
 * the same each time.  t-cost counts their instructions.
 *
 *   cost make DIR    make the store in the folder DIR
 *   cost run DIR     do each operation once, in a function of its own
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/transfer.h"
#include "base/clock.h"
#include "http/pages.h"
#include "mail/parse.h"
#include "search/find.h"
#include "search/follow.h"
#include "store/store.h"

/* The list that is looked at, and one that was there before: so that
 * messages have a dictionary, and statements are made. */
#define LIST "cost.example.org"
#define OTHER "other.example.org"
#define N_LIST 500u
#define N_OTHER 1100u
/* The first messages are one thread, those behind it small ones. */
#define N_THREAD 100u
#define N_SMALL 4u
#define N_PAGES 50u /* pages of a message that are made */
#define N_HITS 25u
#define BEGIN INT64_C(1700000000)
#define N_WORDS 4000u

/* Mail --------------------------------------------------------------------- */

typedef struct {
	uint32_t state;
	GString *out;
} Maker;

static uint32_t
draw(Maker *m, uint32_t n)
{
	m->state = m->state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(m->state >> 8) * n >> 24);
}

/* A word: half of them are of the first few. */
static void
add_word(Maker *m)
{
	static const char syllables[][4] = {"ba", "ne", "tor", "ki", "sel",
	    "mu", "pra", "do", "wen", "li", "gas", "chi", "on", "ter", "a",
	    "re"};
	uint32_t word = draw(m, N_WORDS);

	if (draw(m, 2) == 0)
		word %= 100;
	for (uint32_t w = word + 16; w > 0; w /= 16)
		g_string_append(m->out, syllables[w % 16]);
}

static void
add_lines(Maker *m, const char *begin, uint32_t n)
{
	while (n-- > 0) {
		g_string_append(m->out, begin);
		for (uint32_t i = 5 + draw(m, 6); i > 0; i--) {
			add_word(m);
			g_string_append_c(m->out, i > 1 ? ' ' : '\n');
		}
	}
}

static void
add_diff(Maker *m)
{
	g_string_append(m->out,
	    "---\n src/ba.c | 6 +++---\n 1 file changed, 3 insertions(+), "
	    "3 deletions(-)\n\ndiff --git a/src/ba.c b/src/ba.c\n"
	    "index 1234567..89abcde 100644\n--- a/src/ba.c\n+++ b/src/ba.c\n"
	    "@@ -10,9 +10,9 @@ int ba(void)\n");
	add_lines(m, " \t", 3);
	add_lines(m, "-\t", 3);
	add_lines(m, "+\t", 3);
	add_lines(m, " \t", 3);
	g_string_append(m->out, "-- \n2.39.2\n");
}

static void
add_body(Maker *m, uint32_t i, bool reply)
{
	if (reply) {
		g_string_append_printf(
		    m->out, "On Tue, 14 Nov 2023, Author %u wrote:\n", i % 37);
		add_lines(m, "> > ", draw(m, 4));
		add_lines(m, "> ", 2 + draw(m, 12));
		g_string_append_c(m->out, '\n');
	}
	add_lines(m, "", 3 + draw(m, 12));
	g_string_append_printf(m->out,
	    "\nsee https://example.org/%u/page.html, or ask "
	    "someone%u@example.net.\n\n",
	    i, i % 11);
	add_lines(m, "", 2 + draw(m, 8));
	if (i % 100 == 50)
		g_string_append(m->out, "\nA rareword was here.\n");
	if (i % 8 == 0)
		add_diff(m);
	else
		g_string_append_printf(m->out,
		    "\n-- \nAuthor %u, somewhere\nhttps://example.com/~%u/\n",
		    i % 37, i % 37);
	g_string_append_c(m->out, '\n');
}

static uint32_t
parent_of(Maker *m, uint32_t i)
{
	if (i < N_THREAD)
		return i == 0 ? 0 : draw(m, i);
	return i - i % N_SMALL;
}

static void
add_message(Maker *m, const char *list, uint32_t i)
{
	g_autoptr(GDateTime) date =
	    g_date_time_new_from_unix_utc(BEGIN + (int64_t)i * 3600);
	g_autofree char *from = g_date_time_format(date, "%a %b %d %T %Y");
	g_autofree char *sent =
	    g_date_time_format(date, "%a, %d %b %Y %T +0000");
	uint32_t parent = parent_of(m, i);

	g_string_append_printf(m->out,
	    "From mboxrd@z %s\n"
	    "Received: from mail.example.net (mail.example.net [192.0.2.7])\n"
	    "\tby lists.example.org (Postfix) with ESMTPS id %08X\n"
	    "\tfor <list@%s>; %s\n"
	    "Date: %s\nFrom: Author %u <author%u@example.com>\n"
	    "To: list@%s\nList-Id: <%s>\nMessage-ID: <%u.cost@%s>\n",
	    from, i * 2654435761u, list, sent, sent, i % 37, i % 37, list, list,
	    i, list);
	if (parent != i)
		g_string_append_printf(m->out,
		    "In-Reply-To: <%u.cost@%s>\nReferences: <%u.cost@%s>\n",
		    parent, list, parent, list);
	g_string_append_printf(m->out,
	    "Subject: %sWhat %u is about\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: %s\n\n",
	    parent != i ? "Re: " : "", parent, i % 3 == 0 ? "8bit" : "7bit");
	add_body(m, i, parent != i);
}

/* A mailbox of list; its path. */
static char *
make_mailbox(const char *dir, const char *list, uint32_t n)
{
	g_autoptr(GString) out = g_string_new("");
	g_autoptr(GError) err = NULL;
	g_autofree char *name = g_strconcat(list, ".mbox", NULL);
	Maker m = {.state = n, .out = out};

	for (uint32_t i = 0; i < n; i++)
		add_message(&m, list, i);
	g_autofree char *path = g_build_filename(dir, name, NULL);

	g_file_set_contents(path, out->str, (gssize)out->len, &err);
	g_assert_no_error(err);
	return g_steal_pointer(&path);
}

/* The store ---------------------------------------------------------------- */

static void
import(const char *dir, const char *name, const char *file, uint32_t n)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = store_open(dir, STORE_WRITE, &err);
	char *files[] = {g_strdup(file), NULL};
	const TransferHooks hooks = {.message_bytes = 1u << 20};
	TransferState st = {0};

	g_assert_no_error(err);
	g_autoptr(StoreList) list = store_list_find(s, name, &err);

	g_assert_no_error(err);
	transfer_import(s, list, files, &hooks, &st, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(st.n_stored, ==, n);
	g_free(files[0]);
}

static void
follow(const char *dir)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = store_open(dir, STORE_READ, &err);
	g_autoptr(Index) x = index_open(dir, INDEX_WRITE, &err);
	g_autoptr(Follow) f = NULL;
	bool more = true;

	g_assert_no_error(err);
	f = follow_new(s, x, &err);
	while (err == NULL && more)
		follow_some(f, &more, &err);
	g_assert_no_error(err);
}

static void
make(const char *dir)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *store = g_build_filename(dir, "store", NULL);
	g_autoptr(Store) s = store_open(store, STORE_WRITE, &err);

	g_assert_no_error(err);
	store_list_add(s, LIST, POLICY_PUBLIC, &err);
	store_list_add(s, OTHER, POLICY_PUBLIC, &err);
	g_assert_no_error(err);
	g_clear_pointer(&s, store_close);
	g_autofree char *other = make_mailbox(dir, OTHER, N_OTHER);

	g_free(make_mailbox(dir, LIST, N_LIST)); /* to be imported later */
	import(store, OTHER, other, N_OTHER);
	follow(store);
}

/* The operations ----------------------------------------------------------- */

typedef struct {
	const char *store;
	char *mailbox;
	Pages *pages;
	Finder *finder;
	const char *list; /* that pages are of */
	GPtrArray *urls;  /* of its messages */
} Env;

/* Answer for path; what a page is, or where it leads. */
static char *
answer(Pages *p, const char *path)
{
	const Request q = {.path = path};
	g_auto(Response) out = {0};

	pages_answer(p, &q, &out);
	if (out.status == 301)
		return g_strdup(response_value(&out, "Location"));
	if (out.status != 200)
		g_error("%s: %u", path, out.status);
	return NULL;
}

static void
see(const Env *e, const char *rest)
{
	g_autofree char *path = g_strconcat("/", e->list, rest, NULL);
	g_autofree char *to = answer(e->pages, path);

	if (to != NULL)
		g_error("%s leads to %s", path, to);
}

/* Where the messages of the list are. */
static void
find_urls(Env *e)
{
	g_ptr_array_set_size(e->urls, 0);
	for (uint32_t i = 0; i < N_LIST; i++) {
		g_autofree char *path =
		    g_strdup_printf("/%s/%u.cost@%s/", e->list, i, e->list);

		g_ptr_array_add(e->urls, answer(e->pages, path));
	}
}

static void
import_500(Env *e)
{
	import(e->store, LIST, e->mailbox, N_LIST);
}

static void
index_500(Env *e)
{
	follow(e->store);
}

static void
message_50(Env *e)
{
	for (guint i = 0; i < N_PAGES; i++)
		g_free(answer(e->pages, e->urls->pdata[i * N_LIST / N_PAGES]));
}

static void
thread_100(Env *e)
{
	g_autofree char *path = g_strconcat(e->urls->pdata[0], "t/", NULL);

	g_free(answer(e->pages, path));
}

static void
month(Env *e)
{
	see(e, "/2023/11/");
}

static void
overview(Env *e)
{
	see(e, "/");
}

static void
atom(Env *e)
{
	see(e, "/new.atom");
}

static void
json_list(Env *e)
{
	g_autofree char *path =
	    g_strconcat("/~api/v1/lists/", e->list, "/messages", NULL);

	g_free(answer(e->pages, path));
}

static void
search(Env *e)
{
	const SearchAsk ask = {.query = (char[]){"rareword"},
	    .list = g_strdup(e->list),
	    .n = N_HITS,
	    .now = clock_now()};
	g_autoptr(SearchReply) r = find(e->finder, &ask);

	g_assert_cmpint(r->status, ==, SEARCH_OK);
	g_assert_cmpuint(r->n, >, 0);
	g_free(ask.list);
}

typedef void Operation(Env *e);

/* All that t-cost has counted is done in here; the line that is printed
 * behind it names what it was. */
__attribute__((noinline)) void cost_count(Operation *op, Env *e);
__attribute__((noinline)) void
cost_count(Operation *op, Env *e)
{
	op(e);
}

static void
run(const char *dir)
{
	static const struct {
		const char *name;
		Operation *op;
	} made[] = {{"import_500", import_500}, {"index_500", index_500}},
	  seen[] = {{"message_50", message_50}, {"thread_100", thread_100},
	      {"month", month}, {"overview", overview}, {"atom", atom},
	      {"json_list", json_list}, {"search", search}};
	g_autofree char *store = g_build_filename(dir, "store", NULL);
	g_autoptr(GError) err = NULL;
	g_autoptr(Conf) conf = conf_parse("cost", "", 0, &err);
	g_autoptr(GPtrArray) urls = g_ptr_array_new_with_free_func(g_free);
	Env e = {.store = store, .list = OTHER, .urls = urls};

	g_assert_no_error(err);
	conf_set(conf, "store", "dir", store, &err);
	g_assert_no_error(err);
	e.mailbox = g_build_filename(dir, LIST ".mbox", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		cost_count(made[i].op, &e);
		g_print("%s\n", made[i].name);
	}
	e.pages = pages_new(conf, NULL);
	e.finder = finder_new(store);
	find_urls(&e);
	for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
		seen[i].op(&e);
	e.list = LIST;
	find_urls(&e);
	for (size_t i = 0; i < G_N_ELEMENTS(seen); i++) {
		cost_count(seen[i].op, &e);
		g_print("%s\n", seen[i].name);
	}
	finder_free(e.finder);
	pages_free(e.pages);
	g_free(e.mailbox);
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		g_printerr("usage: cost make|run DIR\n");
		return 2;
	}
	clock_set(BEGIN + INT64_C(86400) * 365);
	parse_init();
	store_init();
	if (strcmp(argv[1], "make") == 0)
		make(argv[2]);
	else
		run(argv[2]);
	return 0;
}
