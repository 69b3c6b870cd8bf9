/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "search/query.h"

#include <string.h>

/* Wednesday, 2026-11-25 14:18:29 UTC. */
#define NOW INT64_C(1795616309)

static Query *
parse(const char *text)
{
	return query_parse(text, strlen(text), NOW);
}

static char *
say_notes(const Query *q)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < q->notes->len; i++)
		g_ptr_array_add(all, query_note_text(q->notes->pdata[i]));
	if (all->len == 0)
		return g_strdup("-");
	g_ptr_array_add(all, NULL);
	return g_strjoinv(" | ", (char **)all->pdata);
}

/* tests/vectors/query.tsv: a query, its canonical form, and what is told. */
static void
vectors(void)
{
	const char *source = g_getenv("FELID_SOURCE");
	g_autofree char *path = g_build_filename(source != NULL ? source : ".",
	    "tests", "vectors", "query.tsv", NULL);
	g_autofree char *data = NULL;
	size_t n = 0;

	g_assert_true(g_file_get_contents(path, &data, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(data, "\n", -1);

	for (size_t i = 0; lines[i] != NULL; i++) {
		if (lines[i][0] == '\0' || lines[i][0] == '#')
			continue;
		g_auto(GStrv) row = g_strsplit(lines[i], "\t", -1);

		g_test_message("%s", row[0]);
		g_assert_cmpuint(g_strv_length(row), ==, 3);
		g_autoptr(Query) q = parse(row[0]);
		g_autofree char *written = query_write(q->root);
		g_autofree char *notes = say_notes(q);
		g_autoptr(Query) again = parse(written);

		g_assert_cmpstr(written, ==, row[1]);
		g_assert_cmpstr(notes, ==, row[2]);
		g_assert_true(query_equal(q->root, again->root));
		n++;
	}
	g_assert_cmpuint(n, >, 100);
}

/* The node of a query that is one. */
static void
nodes(void)
{
	static const struct {
		const char *query;
		struct {
			QueryKind kind;
			QueryField field;
			bool phrase, prefix;
			const char *text;
			int64_t from, to;
		} node;
	} rows[] = {
	    {"*", {.kind = QUERY_ALL}},
	    {"Word", {.kind = QUERY_TEXT, .text = "Word"}},
	    {"wor*", {.kind = QUERY_TEXT, .text = "wor", .prefix = true}},
	    {"s:\"a  b\"", {.kind = QUERY_TEXT,
			       .field = QUERY_F_S,
			       .text = "a b",
			       .phrase = true}},
	    {"sender:\"a b*\"", {.kind = QUERY_TEXT,
				    .field = QUERY_F_F,
				    .text = "a b",
				    .phrase = true,
				    .prefix = true}},
	    {"id:<A@b>",
		{.kind = QUERY_EXACT, .field = QUERY_F_MID, .text = "A@b"}},
	    {"mlist:<Dev.Example.ORG>", {.kind = QUERY_EXACT,
					    .field = QUERY_F_L,
					    .text = "dev.example.org"}},
	    {"dfpre:ABCD123", {.kind = QUERY_EXACT,
				  .field = QUERY_F_DFPRE,
				  .text = "abcd123",
				  .prefix = true}},
	    {"is:patch",
		{.kind = QUERY_EXACT, .field = QUERY_F_HAS, .text = "patch"}},
	    {"date:2024-05", {.kind = QUERY_DATE,
				 .field = QUERY_F_D,
				 .text = "2024-05",
				 .from = INT64_C(1714521600),
				 .to = INT64_C(1717199999)}},
	    {"rt:1970-01-02..", {.kind = QUERY_DATE,
				    .field = QUERY_F_RT,
				    .text = "1970-01-02..",
				    .from = 86400,
				    .to = INT64_MAX}},
	    {"before:1970-01-02", {.kind = QUERY_DATE,
				      .field = QUERY_F_D,
				      .text = "<1970-01-02",
				      .from = INT64_MIN,
				      .to = 86399}},
	    {"size:10k..1M", {.kind = QUERY_NUMBER,
				 .field = QUERY_F_SIZE,
				 .from = 10240,
				 .to = 1048576}},
	    {"messages:>20", {.kind = QUERY_NUMBER,
				 .field = QUERY_F_MESSAGES,
				 .from = 21,
				 .to = INT64_MAX}},
	    {"participants:<5", {.kind = QUERY_NUMBER,
				    .field = QUERY_F_PARTICIPANTS,
				    .from = INT64_MIN,
				    .to = 4}},
	    {"thread:<a@b>", {.kind = QUERY_THREAD_ID,
				 .field = QUERY_F_THREAD,
				 .text = "a@b"}},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Query) q = parse(rows[i].query);

		g_test_message("%s", rows[i].query);
		g_assert_cmpuint(q->notes->len, ==, 0);
		g_assert_cmpint(q->root->kind, ==, rows[i].node.kind);
		g_assert_cmpint(q->root->field, ==, rows[i].node.field);
		g_assert_cmpstr(q->root->text, ==, rows[i].node.text);
		g_assert_cmpint(q->root->phrase, ==, rows[i].node.phrase);
		g_assert_cmpint(q->root->prefix, ==, rows[i].node.prefix);
		g_assert_cmpint(q->root->from, ==, rows[i].node.from);
		g_assert_cmpint(q->root->to, ==, rows[i].node.to);
	}
}

/* Nodes with children, of which the tree is what matters. */
static void
trees(void)
{
	g_autoptr(Query) posts = parse("from:x[messages:>=10]");
	g_autoptr(Query) near = parse("s:(a ADJ/3 b ADJ/7 c)");
	g_autoptr(Query) thread = parse("thread:{a b}");

	g_assert_cmpint(posts->root->kind, ==, QUERY_POSTS);
	g_assert_cmpint(posts->root->from, ==, 10);
	g_assert_cmpint(posts->root->to, ==, INT64_MAX);
	g_assert_cmpint(near->root->kind, ==, QUERY_ADJ);
	g_assert_cmpint(near->root->field, ==, QUERY_F_S);
	g_assert_cmpuint(near->root->distance, ==, 7);
	g_assert_cmpuint(near->root->children->len, ==, 3);
	g_assert_cmpint(thread->root->kind, ==, QUERY_THREAD);
	g_assert_cmpuint(thread->root->children->len, ==, 1);
	g_assert_false(query_equal(posts->root, near->root));
	g_assert_false(query_equal(NULL, near->root));
	g_assert_true(query_equal(NULL, NULL));
}

/* Bytes that are no UTF-8 are Windows-1252; U+FFFD is nothing to find. */
static void
octets(void)
{
	static const char latin[] = "caf\xe9";
	static const char nul[] = "a\0b";
	g_autoptr(Query) q = query_parse(latin, sizeof latin - 1, NOW);
	g_autoptr(Query) n = query_parse(nul, sizeof nul - 1, NOW);

	g_assert_cmpstr(q->root->text, ==, "caf\xc3\xa9");
	g_assert_cmpstr(n->root->text, ==,
	    "a\xef\xbf\xbd"
	    "b");
}

/* Whether q tells, once, of kind at at. */
static bool
tells(const Query *q, QueryNoteKind kind, size_t at)
{
	guint n = 0;
	bool found = false;

	for (guint i = 0; i < q->notes->len; i++) {
		const QueryNote *note = q->notes->pdata[i];

		n += note->kind == kind;
		found |= note->kind == kind && note->at == at;
	}
	return found && n == 1;
}

/* unit, n times over. */
static Query *
parse_many(const char *unit, size_t n)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (size_t i = 0; i < n; i++)
		g_string_append(text, unit);
	return query_parse(text->str, text->len, NOW);
}

static void
limits(void)
{
	g_autoptr(Query) terms = parse_many("a ", LIMIT_QUERY_TERMS);
	g_autoptr(Query) more = parse_many("a ", LIMIT_QUERY_TERMS + 1);
	g_autoptr(Query) deep = parse_many("(", LIMIT_QUERY_DEPTH + 1);
	g_autoptr(Query) bytes = parse_many("\xc3\xa9", 1 << 19);
	g_autoptr(Query) phrase = parse_many("\"a b", 1 << 18);
	g_autoptr(Query) prefixes =
	    parse_many("ab* ", LIMIT_QUERY_PREFIXES + 1);
	g_autoptr(Query) threads =
	    parse_many("thread:{a} ", LIMIT_QUERY_THREADS + 1);
	g_autoptr(Query) parts = parse_many("a-", LIMIT_QUERY_TERMS + 9);
	g_autoptr(Query) notes = parse_many("d:x ", LIMIT_QUERY_NOTES + 1);
	const QueryNode *last = NULL;

	g_assert_cmpuint(terms->root->children->len, ==, LIMIT_QUERY_TERMS);
	g_assert_cmpuint(terms->notes->len, ==, 0);
	g_assert_true(query_equal(terms->root, more->root));
	g_assert_true(
	    tells(more, QUERY_NOTE_TERMS, (size_t)LIMIT_QUERY_TERMS * 2));
	g_assert_true(tells(deep, QUERY_NOTE_DEPTH, LIMIT_QUERY_DEPTH));
	g_assert_null(deep->root);
	g_assert_cmpuint(strlen(bytes->text), ==, LIMIT_QUERY_BYTES);
	g_assert_true(tells(bytes, QUERY_NOTE_LONG, LIMIT_QUERY_BYTES));
	g_assert_nonnull(bytes->root);
	g_assert_nonnull(phrase->root);
	last = prefixes->root->children->pdata[LIMIT_QUERY_PREFIXES];
	g_assert_false(last->prefix);
	g_assert_cmpstr(last->text, ==, "ab");
	g_assert_true(tells(
	    prefixes, QUERY_NOTE_PREFIX, (size_t)LIMIT_QUERY_PREFIXES * 4));
	last = threads->root->children->pdata[LIMIT_QUERY_THREADS];
	g_assert_cmpint(last->kind, ==, QUERY_TEXT);
	g_assert_cmpuint(
	    strlen(parts->root->text), ==, LIMIT_QUERY_TERMS * 2 - 1);
	g_assert_cmpuint(notes->notes->len, ==, LIMIT_QUERY_NOTES);
}

/* A bracket that is too deep does not count, and neither does what closes
 * it. */
static void
depth(void)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < LIMIT_QUERY_DEPTH + 2; i++)
		g_string_append(text, "a (b OR ");
	g_string_append(text, "c");
	for (guint i = 0; i < LIMIT_QUERY_DEPTH + 2; i++)
		g_string_append(text, ")");
	g_autoptr(Query) q = query_parse(text->str, text->len, NOW);
	g_autofree char *written = query_write(q->root);
	g_autoptr(Query) again = parse(written);

	g_assert_cmpuint(q->notes->len, ==, 2);
	g_assert_cmpuint(again->notes->len, ==, 0);
	g_assert_true(query_equal(q->root, again->root));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query/vectors", vectors);
	g_test_add_func("/query/nodes", nodes);
	g_test_add_func("/query/trees", trees);
	g_test_add_func("/query/octets", octets);
	g_test_add_func("/query/limits", limits);
	g_test_add_func("/query/depth", depth);
	return g_test_run();
}
