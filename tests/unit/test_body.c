/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/body.h"

#include <string.h>

/* What stands for the lines of a block: the first letter of its kind, the depth
 * of a quote, and within a diff what its lines are: of a file's head, between
 * files, where a hunk is, the same, added or removed. */
static char
letter_of(const BodyBlock *b)
{
	static const char lines[] = {[DIFF_FILE] = 'f',
	    [DIFF_HEAD] = 'h',
	    [DIFF_PLACE] = '@',
	    [DIFF_SAME] = '=',
	    [DIFF_ADDED] = '+',
	    [DIFF_REMOVED] = '-'};

	switch (b->kind) {
	case BODY_TEXT:
		return 't';
	case BODY_QUOTE:
		return (char)('0' + b->depth);
	case BODY_DIFF:
		return lines[b->line];
	case BODY_ARMOUR:
		return 'a';
	case BODY_UUENCODE:
		return 'u';
	case BODY_SIGNATURE:
	default:
		return 's';
	}
}

/* The letter of each line of text, a "|" behind each block. */
static char *
marked(const char *text)
{
	g_autoptr(GArray) blocks = body_blocks(text, strlen(text));
	GString *out = g_string_new(NULL);
	size_t off = 0;

	for (guint i = 0; i < blocks->len; i++) {
		const BodyBlock *b = &g_array_index(blocks, BodyBlock, i);
		size_t n_lines = 1;

		g_assert_cmpuint(b->off, ==, off);
		g_assert_cmpuint(b->len, >, 0);
		for (size_t j = 0; j < b->n_lines; j++)
			g_string_append_c(out, letter_of(b));
		for (size_t j = 0; j + 1 < b->len; j++)
			n_lines += text[off + j] == '\n' ? 1 : 0;
		g_assert_cmpuint(n_lines, ==, b->n_lines);
		off += b->len;
		g_string_append_c(out, '|');
	}
	g_assert_cmpuint(off, ==, strlen(text));
	return g_string_free(out, FALSE);
}

#define ORIGINAL "-----Original Message-----"
#define HEAD "From: a\nSent: b\nTo: c\nSubject: d\n"
#define PART "-------------- next part --------------\n"
#define U39 "_______________________________________"
#define U40 U39 "_"

static const struct {
	const char *text, *want;
} blocks[] = {
    {"", ""},
    {"a", "t|"},
    {"a\n\nb\n", "ttt|"},
    {"Jo wrote:\n> a\n> b\n>> c\n> > d\nmy word\n", "t|11|22|t|"},
    {">\n>>>x\n", "1|3|"},
    {"a\n-- \nJo\n> no quote\n", "t|sss|"},
    /* A mail that is quoted below a signature. */
    {"a\n-- \nJo\n\nOn Monday\nAl wrote:\n\n> b\n", "t|sss|ttt|1|"},
    {"a\n-- \nJo:\n> b\n\nOn\nno quote:\nx\n", "t|sssssss|"},
    {"a\n-- \nJo\n" ORIGINAL "\n" HEAD "b\n", "t|ss|111111|"},
    {"a\n-- \nJo\n" ORIGINAL "\n> b\n", "t|ss|t|1|"},
    /* Its space is lost on the way; without end it is a line. */
    {"a\n--\nJo\n\n\n", "t|ssss|"},
    {"a\n--\n1\n2\n\n3\n4\n5\n6\n7\n8\n", "t|ssssssssss|"},
    {"a\n--\n1\n2\n\n3\n4\n5\n6\n7\n8\n9\n", "tttttttttttt|"},
    {"a\n--\n\n", "ttt|"},
    {"a\n---\nb\n", "ttt|"},
    {"--- a\n+++ b\n@@ -1,2 +1 @@\n a\n--\nJo\n", "ff|@|=|-|t|"},
    /* What Pipermail took away; and what it had no need to. */
    {"a\n" PART "An HTML attachment was scrubbed...\nURL: <http://x>\n" PART
     "A file was scrubbed...\nName: b\n\nc\n",
	"t|ssssss|tt|"},
    {"a\n" PART "words\n", "ttt|"},
    {"a\n" PART, "tt|"},
    {"a\n" U40 "\nx Mailing List -- x@x.example\n> no quote\n", "t|sss|"},
    {"a\n" U40 "_______ \nmailing list", "t|ss|"},
    {"a\n" U40 "__________\nmailing list\n", "t|ss|"},
    {"a\n" U40 "___________\nmailing list\n", "ttt|"},
    {"_" U40 "-\nmailing list\n", "tt|"},
    {U39 "\nmailing list\n", "tt|"},
    {U40 "\n\nmailing list\n", "ttt|"},
    {U40 "\nmailing lis\n", "tt|"},
    {U40, "t|"},
    {"> " U40 "\n> mailing list\n", "11|"},
    /* What Outlook quotes without a mark, below what its user says. */
    {"Yes.\n\n" ORIGINAL "\n" HEAD "Hi\n-- \nMe\n", "tt|11111111|"},
    {"Yes.\n--- Original Message ---\n\n" HEAD "Hi\n", "t|1111111|"},
    {"Yes.\n" ORIGINAL "\n" HEAD "Hi\n" U40 "\nmailing list\n", "t|111111|ss|"},
    {"Yes.\n" ORIGINAL "\n" HEAD ORIGINAL "\n" HEAD, "t|1111111111|"},
    {ORIGINAL "\n" HEAD "Hi\nYes.\n", "ttttttt|"},
    {"\n" ORIGINAL "\n" HEAD "Hi\nYes.\n", "tttttttt|"},
    {"So:\n" ORIGINAL "\n" HEAD "> Hi\nYes.\n", "tttttt|1|t|"},
    {"So:\n" ORIGINAL "\n" HEAD "> Hi\n" ORIGINAL "\n" HEAD, "tttttt|1|ttttt|"},
    {"So:\n" ORIGINAL "\nFrom: a\nSubject: c\n", "tttt|"},
    {"So:\n" ORIGINAL "\nFrom: a\n\nSent: b\nSubject: c\n", "tttttt|"},
    {"So:\n" ORIGINAL "x\n" HEAD, "tttttt|"},
    {"So:\n-- Original Message --\n" HEAD, "tttttt|"},
    {"So:\n---Original Message\n" HEAD, "tttttt|"},
    {"So:\n" ORIGINAL, "tt|"},
    {"--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n" U40 "\nmailing list\n",
	"ff|@|-|+|ss|"},
    {"text\ndiff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n"
     "@@ -1,2 +1,2 @@ f\n a\n-b\n+c\n-- \n2.1\n",
	"t|ffff|@|=|-|+|ss|"},
    /* "-- " within a hunk takes a line "- " away. */
    {"--- a\n+++ b\n@@ -1,2 +1 @@\n a\n-- \n-- \nJo\n", "ff|@|=|-|ss|"},
    {"--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\nok\n",
	"ff|@|-|=|+|t|"},
    /* A context line that lost its one space on the way. */
    {"--- a\n+++ b\n@@ -1,2 +1,2 @@\n\n-a\n+b\n\nok\n", "ff|@|=|-|+|tt|"},
    {"--- a\n+++ b\nno hunk\n", "ttt|"},
    {"---\n x | 2 +-\n\ndiff --git a/x b/x\n", "ttt|f|"},
    {"Index: x\n=====\n--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\nIndex: y\n====\n",
	"ffff|@|-|+|ff|"},
    {"Index: of a book\ntext\n", "tt|"},
    {"diff -u x y\n--- x\n+++ y\n@@ -1 +1 @@\n-a\n+b\n", "fff|@|-|+|"},
    {"diff --git a/x b/x\nGIT binary patch\nliteral 3\nKcmZ\n\nliteral 0\n"
     "HcmV?d00001\n\n-- \n2.1\n",
	"ff|======|ss|"},
    {"diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,1 -1,1 +1,2 @@@\n"
     "  a\n +b\nend\n",
	"ffff|@|=|+|t|"},
    /* A hunk that a mailer broke: text again, until the next one. */
    {"--- a\n+++ b\n@@ -1,9 +1,9 @@\n-a\nwrapped\n+b\n", "ff|@|-|tt|"},
    {"--- a\n+++ b\n@@ -1,99999999999999999999 +1 @@\n-a\n", "ff|@|-|"},
    {"--- a\n+++ b\n@@ -x\nx\n", "ff|tt|"},
    {"> diff --git a/x b/x\n> +x\n", "11|"},
    {"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nHi\n"
     "-----BEGIN PGP SIGNATURE-----\nVersion: x\n\niD8=\n=ab/c\n"
     "-----END PGP SIGNATURE-----\nmore\n",
	"aa|tt|aaaaaa|t|"},
    /* Cut off: what follows is no armour. */
    {"-----BEGIN PGP SIGNATURE-----\n\niD8=\nSo much for that.\n", "aaa|t|"},
    {"-----BEGIN CERTIFICATE-----\n", "t|"},
    {"see\nbegin 644 a.txt\n#86)C\n`\nend\nok\n", "t|uuuu|t|"},
    {"begin 644 a.txt\n#86)C\nno more of it\n", "uu|t|"},
    {"begin 200 metres from here\nand go on\n", "tt|"},
    {"begin 644 a\n", "t|"},
};

static void
cuts_blocks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		g_autofree char *got = marked(blocks[i].text);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, blocks[i].want);
	}
}

/* Quotes of each kind of mark and text behind them, of lines of any length. */
static void
lines_have_any_length(void)
{
	static const struct {
		const char *mark, *want;
	} table[] = {{">", "111|tt|1|"}, {"> ", "111|tt|1|"},
	    {"> >", "222|tt|2|"}, {">>>> > >", "666|tt|6|"},
	    {">>>>>>>> >", "999|tt|9|"}};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		for (size_t len = 1; len < 140; len++) {
			const char *mark = table[i].mark;
			g_autofree char *x = g_strnfill(len, 'x');
			g_autofree char *text =
			    g_strdup_printf("%s%s\n%s\n%s%s\n%s\n%s\n%s%s",
				mark, x, mark, mark, x, x, x, mark, x);
			g_autofree char *got = marked(text);

			g_assert_cmpstr(got, ==, table[i].want);
		}
}

/* Far from the end no line is a footer's. */
static void
footers_are_short(void)
{
	g_autoptr(GString) text = g_string_new(U40 "\nmailing list\n");
	g_autofree char *got = NULL;
	g_autofree char *more = NULL;

	while (text->len < 1024)
		g_string_append_c(text, 'x');
	got = marked(text->str);
	g_assert_cmpstr(got, ==, "sss|");
	g_string_append_c(text, 'x');
	more = marked(text->str);
	g_assert_cmpstr(more, ==, "ttt|");
}

static const struct {
	const char *text;
	bool delsp;
	const char *want;
} flows[] = {
    {"", false, ""},
    {"a", false, "a"},
    {"a \nb\n", false, "a b\n"},
    {"a \nb", false, "a b"},
    {"a \nb\n", true, "ab\n"},
    {"a\nb\n", false, "a\nb\n"},
    {"a \n\nb\n", false, "a \n\nb\n"}, /* an empty line ends it */
    {" >x\n From y\n  z\n", false, " >x\nFrom y\n z\n"},
    {">a \n>b\n>>c \n>d\n", false, "> a b\n>> c \n> d\n"},
    {"> a \n> b\n", false, "> a b\n"},
    {"a \n-- \nJo \nDoe\n", false, "a \n-- \nJo Doe\n"},
    {">-- \n>x\n", false, "> -- \n> x\n"},
    {"a \n> b\n", false, "a \n> b\n"},
    {"\n\n", false, "\n\n"},
};

static void
joins_flowed_lines(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flows); i++) {
		g_autofree char *got =
		    body_unflow(flows[i].text, flows[i].delsp);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, flows[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/body/cuts-blocks", cuts_blocks);
	g_test_add_func("/body/lines-have-any-length", lines_have_any_length);
	g_test_add_func("/body/footers-are-short", footers_are_short);
	g_test_add_func("/body/joins-flowed-lines", joins_flowed_lines);
	return g_test_run();
}
