/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "search/snippet.h"

#include <string.h>

/* The passage of text for terms (parted by spaces), its hits in brackets. */
static char *
passage(const char *terms, const char *text)
{
	g_auto(GStrv) each = g_strsplit(terms, " ", -1);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	g_autoptr(Tokenizer) t = token_new();
	g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(SearchMark));
	g_autoptr(GString) out = g_string_new(NULL);

	for (char **term = each; *term != NULL; term++)
		if (**term != '\0')
			g_ptr_array_add(all, *term);
	g_autoptr(Snippet) s = snippet_new(t, all);
	g_autofree char *made = snippet_make(s, text, strlen(text), marks);
	size_t at = 0, len = strlen(made);

	g_assert_true(g_utf8_validate(made, -1, NULL));
	g_assert_cmpuint(len, <=, LIMIT_PASSAGE_BYTES + 12);
	for (guint i = 0; i < marks->len; i++) {
		const SearchMark *m = &g_array_index(marks, SearchMark, i);

		g_assert_cmpuint(m->off, >=, at);
		g_assert_cmpuint(m->off + m->len, <=, len);
		g_string_append_len(out, made + at, (gssize)(m->off - at));
		g_string_append_printf(
		    out, "[%.*s]", (int)m->len, made + m->off);
		at = m->off + m->len;
	}
	g_string_append(out, made + at);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
marks(void)
{
	static const struct {
		const char *terms, *text, *want;
	} rows[] = {
	    {"ferret", "A ferret.\n", "A [ferret]."},
	    {"ferret", "Ferrets are no FERRET.\n", "Ferrets are no [FERRET]."},
	    {"ferrets \tZferret", "A ferret, ferrets\n",
		"A [ferret], [ferrets]"},
	    {"fer*", "A ferret  \n\n of iron\n", "A [ferret] of iron"},
	    {"cafe", "Ein Caf\303\251\n", "Ein [Caf\303\251]"},
	    {"bar", "foo_bar() unbar\n", "foo_[bar]() unbar"},
	    {"file descriptor", "a file\ndescriptor\n",
		"a [file] [descriptor]"},
	    {"nothing", "Some text.\n", "Some text."},
	    {"", "Some text.\n", "Some text."},
	    {"x", "An x.\n", "An [x]."},
	    {"end", "the end", "the [end]"},
	    {"end", "> the\n>> > end\n a > b\n", "the [end] a > b"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = passage(rows[i].terms, rows[i].text);

		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

/* Where most of the words are, however far down. */
static void
chooses(void)
{
	g_autoptr(GString) text = g_string_new("one alone\n");

	for (int i = 0; i < 200; i++)
		g_string_append(text, "Nothing is in this line.\n");
	g_string_append(text, "here one and two\n");
	g_autofree char *got = passage("one two", text->str);

	g_assert_nonnull(strstr(got, "[one] and [two]"));
	g_assert_true(g_str_has_prefix(got, "\342\200\246 "));
}

/* Nor is a word, where there are any. */
static void
cuts_no_word(void)
{
	for (int before = 0; before < 60; before++) {
		g_autofree char *line = g_strnfill((gsize)before, 'x');
		g_autoptr(GString) text = g_string_new(line);

		for (int i = 0; i < 40; i++)
			g_string_append(text, " whole words");
		g_autofree char *got = passage("none", text->str);

		g_assert_true(g_str_has_suffix(got, " whole \342\200\246") ||
			      g_str_has_suffix(got, " words \342\200\246"));
	}
}

/* No character is cut in two, wherever the passage begins and ends. */
static void
cuts_no_character(void)
{
	for (int before = 0; before < 200; before++) {
		g_autoptr(GString) text = g_string_new(NULL);

		for (int i = 0; i < before; i++)
			g_string_append(
			    text, i % 7 == 0 ? " " : "\342\202\254");
		g_string_append(text, " word ");
		for (int i = 0; i < 200; i++)
			g_string_append(text, "\360\237\230\200");
		g_autofree char *got = passage("word", text->str);

		g_assert_nonnull(strstr(got, "[word]"));
	}
}

static void
long_text(void)
{
	g_autofree char *line = g_strnfill(8 << 20, 'a');
	g_autofree char *got = passage("a*", line);
	g_autofree char *none = passage("b", line);

	g_assert_cmpuint(strlen(got), <, 1000);
	g_assert_cmpuint(strlen(none), <, 1000);
	memset(line, ' ', 8 << 20);
	g_autofree char *blank = passage("b", line);

	g_assert_cmpuint(strlen(blank), <, 12);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/snippet/marks", marks);
	g_test_add_func("/snippet/chooses", chooses);
	g_test_add_func("/snippet/cuts-no-word", cuts_no_word);
	g_test_add_func("/snippet/cuts-no-character", cuts_no_character);
	g_test_add_func("/snippet/long-text", long_text);
	return g_test_run();
}
