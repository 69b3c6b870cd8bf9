/* SPDX-License-Identifier: Apache-2.0 */
#include "search/document.h"

#include "base/limits.h"
#include "mail/parse.h"

#include <string.h>

/* A term stream as one line: a space before each place, "=" before a term at
 * the same place. */
static char *
line_of(const GString *stream)
{
	GString *out = g_string_new(NULL);

	for (gsize i = 0; i < stream->len; i++) {
		char c = stream->str[i];
		bool last = i + 1 == stream->len;

		if (c == '\n' && !last && stream->str[i + 1] != '\t')
			g_string_append_c(out, ' ');
		else if (c == '\t')
			g_string_append_c(out, '=');
		else if (c != '\n')
			g_string_append_c(out, c);
	}
	return g_string_free(out, FALSE);
}

#define HEAD                                                                   \
	"From: =?utf-8?q?Andr=C3=A9?= Doe <andre@a.example>\n"                 \
	"To: \"List, the\" <l@a.example>\n"                                    \
	"Cc: jo@b.example,\n\tal@b.example\n"                                  \
	"Message-ID: <X.1@a.example>\n"                                        \
	"List-Id: Talk <Talk.A.example>\n"
#define MULTI                                                                  \
	HEAD "MIME-Version: 1.0\n"                                             \
	     "Content-Type: multipart/mixed; boundary=b\n\n"
#define DIFF                                                                   \
	"diff --git a/net/tcp.c b/net/tcp.c\n"                                 \
	"index 1234567..89abcde 100644\n"                                      \
	"--- a/net/tcp.c\n"                                                    \
	"+++ b/net/tcp.c\n"                                                    \
	"@@ -1,3 +1,3 @@ int tcp_init(void)\n"                                 \
	" same_line();\n"                                                      \
	"-old one\n"                                                           \
	"+new one\n"                                                           \
	" end\n"

#define FOOTER                                                                 \
	"________________________________________\nx mailing list\nfooter\n"

static const struct {
	const char *what, *raw;
	struct {
		DocumentColumn column;
		const char *want;
	} columns[DOCUMENT_N_COLUMNS];
} cases[] = {
    {"header", HEAD "Subject: [PATCH v2] Fix tables\n\nThe words.\n",
	{{DOCUMENT_S, "patch v2 fix tables=Ztabl"},
	    {DOCUMENT_F, "andre doe andre=andre@a.example a example"},
	    {DOCUMENT_T, "list the l a example"},
	    {DOCUMENT_C, "jo b example al b example"},
	    {DOCUMENT_NQ, "the words=Zword"}, {DOCUMENT_Q, ""},
	    {DOCUMENT_X, "mid:X.1@a.example l:talk.a.example type:text/plain "
			 "is:root lang:en"}}},
    {"reply",
	HEAD "In-Reply-To: <y@z>\nSubject: Re: x\n\nJo wrote:\n"
	     "> it is imple-\n> mented\n> > twice\nTested here\n"
	     "-- \nDoe, tables\n" FOOTER,
	{{DOCUMENT_S, "re x"},
	    {DOCUMENT_NQ, "jo wrote tested=Ztest here doe tables"},
	    {DOCUMENT_Q, "it is imple=implemented mented twice"},
	    {DOCUMENT_X, "mid:X.1@a.example l:talk.a.example type:text/plain "
			 "is:reply lang:en"}}},
    {"patch", HEAD "\nThis tests\n---\n" DIFF "-- \n2.39\n",
	{{DOCUMENT_NQ, "this tests=Ztest 2 39"},
	    {DOCUMENT_DFN, "net=net/tcp.c tcp c"},
	    {DOCUMENT_DFHH, "int tcp init void"},
	    {DOCUMENT_DFCTX, "same line end"}, {DOCUMENT_DFA, "old one"},
	    {DOCUMENT_DFB, "new one"},
	    {DOCUMENT_X, "mid:X.1@a.example l:talk.a.example type:text/plain "
			 "patchid:8880b4b5b2bcca28c1dd4c42e0912733c68936a5 "
			 "dfpre:1234567 "
			 "dfpost:89abcde has:patch is:root lang:en"}}},
    {"new file, moved file, binary file",
	"\ndiff --git a/n b/n\nnew file mode 100644\nindex 0000000..1234567\n"
	"--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n"
	"diff --git a/o b/m\nsimilarity index 100%\nrename from o\n"
	"rename to m\n"
	"diff --git a/p.png b/p.png\nindex abcdef1..abcdef2 100644\n"
	"GIT binary patch\nliteral 5\nzcmZQzU|;}YAOHXW\n\n",
	{{DOCUMENT_NQ, ""}, {DOCUMENT_DFN, "n m o m p png"},
	    {DOCUMENT_DFB, "x"}, {DOCUMENT_DFCTX, ""}}},
    {"language",
	"Subject: =?utf-8?q?B=C3=BCcher?=\nContent-Type: text/plain; "
	"charset=utf-8\n\nDas ist nicht für die Häuser.\n",
	{{DOCUMENT_S, "bucher=Zbuch"},
	    {DOCUMENT_NQ, "das ist nicht fur die hauser=Zhaus"},
	    {DOCUMENT_X, "type:text/plain is:root lang:de"}}},
    {"language as the message says",
	"Subject: Häuser\nContent-Language: de-AT\n\n> x\n",
	{{DOCUMENT_S, "hauser=Zhaus"},
	    {DOCUMENT_X, "type:text/plain is:root lang:de"}}},
    {"parts",
	MULTI "--b\nContent-Type: text/plain\n\nsee below\n"
	      "--b\nContent-Type: image/png; name=shot-1.png\n"
	      "Content-Disposition: attachment\n\nno words\n"
	      "--b\nContent-Type: text/x-log; name=l\n"
	      "Content-Disposition: attachment\n\nof the log\n"
	      "--b\nContent-Type: application/octet-stream; name=a.diff\n"
	      "Content-Disposition: attachment\n\n" DIFF
	      "--b\nContent-Type: application/pgp-signature\n\nxx\n--b--\n",
	{{DOCUMENT_NQ, "see below of the log"},
	    {DOCUMENT_N, "shot=shot-1.png 1 png l a diff"},
	    {DOCUMENT_DFB, "new one"},
	    {DOCUMENT_X,
		"mid:X.1@a.example l:talk.a.example type:text/plain "
		"type:image/png type:text/x-log type:application/octet-stream "
		"patchid:8880b4b5b2bcca28c1dd4c42e0912733c68936a5 "
		"dfpre:1234567 dfpost:89abcde "
		"type:application/pgp-signature has:attachment has:patch "
		"is:root lang:en"}}},
    {"signed",
	MULTI "--b\nContent-Type: text/plain\n\nwords\n"
	      "--b\nContent-Type: application/pgp-signature\n\nxx\n--b--\n",
	{{DOCUMENT_NQ, "words=Zword"},
	    {DOCUMENT_X, "mid:X.1@a.example l:talk.a.example type:text/plain "
			 "type:application/pgp-signature is:root lang:en"}}},
    {"html",
	"Content-Type: text/html\n\n<p>The <b>wor</b>ds<blockquote>that were"
	"</blockquote><script>no</script>\n",
	{{DOCUMENT_NQ, "the words=Zword"}, {DOCUMENT_Q, "that were"},
	    {DOCUMENT_X, "type:text/html has:html is:root lang:en"}}},
    {"alternative",
	"MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n"
	"\n--b\nContent-Type: text/plain\n\none two three four\n--b\n"
	"Content-Type: text/html\n\n<p>one two three four</p>\n--b--\n",
	{{DOCUMENT_NQ, "one two three four"},
	    {DOCUMENT_X,
		"type:text/plain type:text/html has:html is:root lang:en"}}},
    {"armour",
	"\nsee\n-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP "
	"MESSAGE-----\nthen\n",
	{{DOCUMENT_NQ, "see then"}}},
    {"odd Message-ID", "Message-ID: <a\tb c@D>\nMessage-ID: <2@x>\n\n",
	{{DOCUMENT_X, "mid:a_b_c@D type:text/plain is:root"}}},
    {"nothing", "", {{DOCUMENT_X, "type:text/plain is:root"}}},
};

static void
check_case(Document *d, size_t i)
{
	g_autoptr(GBytes) raw =
	    g_bytes_new_static(cases[i].raw, strlen(cases[i].raw));
	g_autoptr(Msg) m = parse_msg(raw);

	document_make(d, m, raw);
	for (size_t j = 0; cases[i].columns[j].want != NULL; j++) {
		DocumentColumn column = cases[i].columns[j].column;
		g_autofree char *got = line_of(d->columns[column]);

		if (strcmp(got, cases[i].columns[j].want) == 0)
			continue;
		g_test_message("%s, %s\n#\tgot  %s\n#\twant %s", cases[i].what,
		    document_columns[column], got, cases[i].columns[j].want);
		g_test_fail();
	}
}

static void
test_columns(void)
{
	g_autoptr(Document) d = document_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_case(d, i);
}

/* A row of an index is taken out by making it again, from what the store
 * has. */
static void
test_again(void)
{
	g_autoptr(Document) a = document_new();
	g_autoptr(Document) b = document_new();

	for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
		const char *text = cases[i % G_N_ELEMENTS(cases)].raw;
		g_autoptr(GBytes) raw = g_bytes_new_static(text, strlen(text));
		g_autoptr(Msg) m = parse_msg(raw);
		g_autofree char *outline = msg_write_outline(m);
		g_autoptr(Msg) kept =
		    msg_read_outline(outline, strlen(outline), NULL);

		document_make(a, m, raw);
		document_make(b, kept, raw);
		for (size_t c = 0; c < DOCUMENT_N_COLUMNS; c++)
			g_assert_cmpstr(
			    a->columns[c]->str, ==, b->columns[c]->str);
	}
}

/* Whom a list stands in front of is found all the same. */
static void
test_author(void)
{
	static const char text[] =
	    "From: Jo via L <l@a.example>\nReply-To: Jo <jo@b.example>\n"
	    "List-Post: <mailto:l@a.example>\n\n";
	g_autoptr(Document) d = document_new();
	g_autoptr(GBytes) raw = g_bytes_new_static(text, strlen(text));
	g_autoptr(Msg) m = parse_msg(raw);
	g_autofree char *got = NULL;

	g_assert_cmpstr(m->from_addr, ==, "jo@b.example");
	document_make(d, m, raw);
	got = line_of(d->columns[DOCUMENT_F]);
	g_assert_cmpstr(got, ==,
	    "jo via l l=l@a.example a example jo=jo@b.example b example jo");
}

static void
test_limits(void)
{
	g_autoptr(Document) d = document_new();
	g_autoptr(GString) text = g_string_new("\n");

	/* Parts are cut by LIMIT_SHOWN_TEXT_BYTES; there are many. */
	g_string_assign(text, MULTI);
	for (int i = 0; i < 40; i++) {
		g_string_append(text, "--b\nContent-Type: text/plain\n\n");
		for (int j = 0; j < 10000; j++)
			g_string_append(text, "word ");
		g_string_append_c(text, '\n');
	}
	g_autoptr(GBytes) raw = g_bytes_new_static(text->str, text->len);
	g_autoptr(Msg) m = parse_msg(raw);

	document_make(d, m, raw);
	g_assert_cmpuint(d->columns[DOCUMENT_NQ]->len, <=,
	    LIMIT_INDEX_TERMS * strlen("word\n"));
	g_assert_cmpuint(d->columns[DOCUMENT_NQ]->len, >,
	    (LIMIT_INDEX_TERMS - 100) * strlen("word\n"));
	g_assert_cmpuint(token_left(d->tokenizer), ==, 0);
	g_assert_nonnull(strstr(d->columns[DOCUMENT_X]->str, "lang:en"));
	check_case(d, 0);
}

static void
test_exact(void)
{
	g_autofree char *id = document_exact("mid", "A b@C");
	g_autofree char *type = document_exact("type", "Text/HTML");
	g_autofree char *long_value = g_strnfill(1000, 'x');
	g_autofree char *cut = document_exact("mid", long_value);
	g_autofree char *half = NULL;

	g_assert_cmpstr(id, ==, "mid:A_b@C");
	g_assert_cmpstr(type, ==, "type:text/html");
	g_assert_cmpuint(strlen(cut), ==, strlen("mid:") + LIMIT_EXACT_BYTES);
	long_value[LIMIT_EXACT_BYTES - 1] = '\xc3';
	long_value[LIMIT_EXACT_BYTES] = '\xa9';
	half = document_exact("mid", long_value);
	g_assert_cmpuint(
	    strlen(half), ==, strlen("mid:") + LIMIT_EXACT_BYTES - 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/document/columns", test_columns);
	g_test_add_func("/document/again", test_again);
	g_test_add_func("/document/author", test_author);
	g_test_add_func("/document/limits", test_limits);
	g_test_add_func("/document/exact", test_exact);
	return g_test_run();
}
