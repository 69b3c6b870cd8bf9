/* SPDX-License-Identifier: Apache-2.0 */
#include "view/prose.h"

#include "mail/addr.h"

#include <string.h>
#include <time.h>

static const HtmlSite hiding = {
    .title = "t", .url = "https://h/a", .path = "/a", .protect = true};
static const HtmlSite showing = {
    .title = "t", .url = "https://h/a", .path = "/a", .protect = false};

#define LINK(url, text) "<a href=\"" url "\" rel=\"nofollow\">" text "</a>"

static const struct {
	const char *in, *out;
} links[] = {
    {"", ""},
    {"plain: text", "plain: text"},
    {"a<b & c>d", "a&lt;b &amp; c>d"},
    {"http://x.example", LINK("http://x.example", "http://x.example")},
    {"see https://x.example/a?b=1&c=2.",
	"see " LINK("https://x.example/a?b=1&amp;c=2",
	    "https://x.example/a?b=1&amp;c=2") "."},
    {"(http://x.example/a)",
	"(" LINK("http://x.example/a", "http://x.example/a") ")"},
    {"http://x.example/a_(b)",
	LINK("http://x.example/a_(b)", "http://x.example/a_(b)")},
    {"<http://x.example/>",
	"&lt;" LINK("http://x.example/", "http://x.example/") ">"},
    {"\"http://x.example/\"",
	"\"" LINK("http://x.example/", "http://x.example/") "\""},
    {"http://x.example/[1]%zz%20",
	LINK("http://x.example/%5B1%5D%25zz%20", "http://x.example/[1]%zz%20")},
    {"http://x.example/'onload=",
	LINK("http://x.example/'onload=", "http://x.example/'onload=")},
    {"xhttp://x.example", "xhttp://x.example"},
    {"http://", "http://"},
    {"http://.", "http://."},
    {"javascript://x", "javascript://x"},
    {"ftp://x.example/", "ftp://x.example/"},
    {"http://a http://b",
	LINK("http://a", "http://a") " " LINK("http://b", "http://b")},
    /* Pipermail wrote "at". */
    {"<https://x.example/list/a at b.example/thread/X/>.",
	"&lt;" LINK("https://x.example/list/a@b.example/thread/X/",
	    "https://x.example/list/a at b.example/thread/X/") ">."},
    {"http://x.example/list/a at b.example and",
	LINK("http://x.example/list/a",
	    "http://x.example/list/a") " at b.example and"},
    {"http://x.example/a at b/c",
	LINK("http://x.example/a", "http://x.example/a") " at b/c"},
    {"<20240101.1234@x.example>",
	"&lt;<a href=\"/a/r/20240101.1234%40x.example\">"
	"20240101.1234@x.example</a>&gt;"},
    {"<mid:a@b>", "&lt;<a href=\"/a/r/a%40b\">mid:a@b</a>&gt;"},
    {"see mid:a@b/c, ok", "see <a href=\"/a/r/a%40b%2Fc\">mid:a@b/c</a>, ok"},
    {"amid:a@b mid: mid:x", "amid:a@b mid: mid:x"},
    {"<news:a@b>", "&lt;<a href=\"/a/r/a%40b\">news:a@b</a>&gt;"},
    {"<http://x.example/@y>",
	"&lt;" LINK("http://x.example/@y", "http://x.example/@y") ">"},
    {"<a b@c>", "&lt;a b@c>"},
    {"<@", "&lt;@"},
};

static void
links_are_made(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		g_autoptr(GString) o = g_string_new(NULL);

		prose_linked(o, &hiding, links[i].in, strlen(links[i].in));
		g_assert_cmpstr(o->str, ==, links[i].out);
	}
}

/* Where addresses are shown, not every one in brackets is a Message-ID. */
static void
addresses_are_no_ids(void)
{
	static const char text[] = "<jo@x.example> <20240101.1234@x.example>";
	g_autoptr(GString) o = g_string_new(NULL);

	prose_linked(o, &showing, text, strlen(text));
	g_assert_cmpstr(o->str, ==,
	    "&lt;jo@x.example> &lt;<a href=\"/a/r/20240101.1234%40x.example\">"
	    "20240101.1234@x.example</a>&gt;");
}

static const char *
find_here(void *user, const char *url, size_t len)
{
	(void)user;
	return g_strstr_len(url, (gssize)len, "/r/") != NULL ? "KEY" : NULL;
}

/* The author's own link stays as it is. */
static void
links_have_ours_beside(void)
{
	static const char text[] =
	    "(http://x.example/r/a@b). http://x.example/a";
	char id[] = "l";
	const StoreList list = {.list_id = id};
	const HtmlHere here = {.list = &list, .find = find_here};
	HtmlSite site = showing;
	g_autoptr(GString) o = g_string_new(NULL);

	site.here = &here;
	prose_linked(o, &site, text, strlen(text));
	g_assert_cmpstr(o->str, ==,
	    "(" LINK("http://x.example/r/a@b",
		"http://x.example/r/a@b") "<span class=\"here\"> (<a "
					  "href=\"/a/l/KEY/\" "
					  "title=\"The same message in this "
					  "archive\">here</a>)</span>). " LINK(
					      "http://x.example/a",
					      "http://x.example/a"));
}

/* Lines of a quote. */
#define Q8 "> 2\n> 3\n> 4\n> 5\n> 6\n> 7\n> 8\n> 9"
#define Q9 Q8 "\n> 10\n"
#define Q10 "> 1\n" Q9

static const struct {
	const char *in, *out;
} texts[] = {
    {"Hi,\n\n> one\n>> two\n\nme\n-- \nsig\n",
	"<div class=\"text\">\n<pre>Hi,</pre>\n"
	"<blockquote class=\"q1\"><pre>&gt; one</pre></blockquote>\n"
	"<blockquote class=\"q2\"><pre>&gt;&gt; two</pre></blockquote>\n"
	"<pre>me</pre>\n<pre class=\"sig\">-- \nsig</pre>\n</div>\n"},
    {"Yes.\n________________________________________\n"
     "x mailing list\nhttp://x.example/\n",
	"<div class=\"text\">\n<pre>Yes.</pre>\n<pre class=\"sig\">"
	"________________________________________\nx mailing list\n" LINK(
	    "http://x.example/", "http://x.example/") "</pre>\n</div>\n"},
    {"Yes.\n-----Original Message-----\nFrom: a\nSent: b\nSubject: c\n1\n2\n"
     "3\n4\n5\n6\n7\n8\n9\n",
	"<div class=\"text\">\n<pre>Yes.</pre>\n"
	"<details class=\"fold\"><summary><span>-----Original Message-----"
	"</span> <span class=\"more\">12 more lines</span></summary>\n"
	"<blockquote class=\"q1\"><pre>From: a\nSent: b\nSubject: c\n1\n2\n"
	"3\n4\n5\n6\n7\n8\n9</pre></blockquote>\n</details>\n</div>\n"},
    {"a\tb\nc\td\n",
	"<div class=\"text fixed\">\n<pre>a\tb\nc\td</pre>\n</div>\n"},
    {"one | two\nand the last line here\n",
	"<div class=\"text\">\n<pre>one | two\nand the last line here</pre>\n"
	"</div>\n"},
    {"one | two\nthree | four\n",
	"<div class=\"text fixed\">\n<pre>one | two\nthree | four</pre>\n"
	"</div>\n"},
    /* Three spaces part columns, or sentences. */
    {"one   two\nthree   four\n",
	"<div class=\"text fixed\">\n<pre>one   two\nthree   four</pre>\n"
	"</div>\n"},
    {"One.   Two,\nthree?   F\xc3\xa9!   Six\n",
	"<div class=\"text\">\n<pre>One.   Two,\nthree?   F\xc3\xa9!   Six"
	"</pre>\n</div>\n"},
    {"One.    2\nThree.    4\n",
	"<div class=\"text fixed\">\n<pre>One.    2\nThree.    4</pre>\n"
	"</div>\n"},
    {"1.   Two\n3.   Four\n",
	"<div class=\"text fixed\">\n<pre>1.   Two\n3.   Four</pre>\n"
	"</div>\n"},
    /* Two lines behind a tab are code; one is how a paragraph begins. */
    {"if (x)\n\ty;\n\tz;\n",
	"<div class=\"text fixed\">\n<pre>if (x)\n\ty;\n\tz;</pre>\n</div>\n"},
    {"> \ty;\n> \tz;\n",
	"<div class=\"text fixed\">\n<blockquote class=\"q1\"><pre>> \ty;\n"
	"> \tz;</pre></blockquote>\n</div>\n"},
    {"\tHello,\nhow\n\n\tAre\nyou?\n",
	"<div class=\"text\">\n<pre>\tHello,\nhow\n\n\tAre\nyou?</pre>\n"
	"</div>\n"},
    {">  > @@ -1 +1 @@\n>  > -a\n",
	"<div class=\"text fixed\">\n<blockquote class=\"q1\"><pre>"
	">  > @@ -1 +1 @@\n>  > -a</pre></blockquote>\n</div>\n"},
    {"see @@ -1 +1 @@\n",
	"<div class=\"text\">\n<pre>see @@ -1 +1 @@</pre>\n</div>\n"},
    /* A signature decides about itself alone. */
    {"Hi\n-- \na\tb\nc\td\n",
	"<div class=\"text\">\n<pre>Hi</pre>\n<pre class=\"sig code\">"
	"-- \na\tb\nc\td</pre>\n</div>\n"},
    {"a\tb\nc\td\n-- \na\tb\nc\td\n",
	"<div class=\"text fixed\">\n<pre>a\tb\nc\td</pre>\n"
	"<pre class=\"sig\">-- \na\tb\nc\td</pre>\n</div>\n"},
    {"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a<\n+b\n",
	"<div class=\"text fixed\">\n<p class=\"stat\">"
	"<a href=\"#d1-k-2\">x</a> <span class=\"meta\">+1 \xe2\x88\x92"
	"1"
	"</span></p>\n<pre class=\"diff\" tabindex=\"0\">"
	"<span class=\"f\" id=\"d1-k-2\">diff --git a/x b/x\n--- a/x\n+++ "
	"b/x\n</span>"
	"<span class=\"h\">@@ -1 +1 @@\n</span>"
	"<span class=\"d\">-a&lt;\n</span><span class=\"a\">+b\n</span>"
	"</pre>\n</div>\n"},
    {"--- x/a\t2001\n+++ /dev/null\n@@ -1 +0,0 @@\n--- a\n"
     "diff --git a/b c b/b c\nold mode 1\nnew mode 2\n"
     "diff --git a/d b/d\nGIT binary patch\nliteral 0\nHcmV?d00001\n\n",
	"<div class=\"text fixed\">\n<details class=\"stat\" open><summary>"
	"3 files changed <span class=\"meta\">+0 \xe2\x88\x92"
	"1</span>"
	"</summary>\n<ul>\n"
	"<li><a href=\"#d1-k-2\">x/a</a> <span class=\"meta\">+0 "
	"\xe2\x88\x92"
	"1</span></li>\n"
	"<li><a href=\"#d2-k-2\">b c</a> <span class=\"meta\">+0 "
	"\xe2\x88\x92"
	"0</span></li>\n"
	"<li><a href=\"#d3-k-2\">d</a> <span class=\"meta\">+0 "
	"\xe2\x88\x92"
	"0</span></li>\n</ul></details>\n"
	"<pre class=\"diff\" tabindex=\"0\">"
	"<span class=\"f\" id=\"d1-k-2\">--- x/a\t2001\n+++ /dev/null\n"
	"</span><span class=\"h\">@@ -1 +0,0 @@\n</span>"
	"<span class=\"d\">--- a\n</span>"
	"<span class=\"f\" id=\"d2-k-2\">diff --git a/b c b/b c\n"
	"old mode 1\nnew mode 2\n</span>"
	"<span class=\"f\" id=\"d3-k-2\">diff --git a/d b/d\n"
	"GIT binary patch\n</span>literal 0\nHcmV?d00001\n\n</pre>\n"
	"</div>\n"},
    {"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nHi\n",
	"<div class=\"text\">\n<pre class=\"code\">"
	"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1</pre>\n"
	"<pre>Hi</pre>\n</div>\n"},
    /* Twelve lines are shown; thirteen are folded. */
    {"Jo wrote:\n>\n" Q10 "> last\n",
	"<div class=\"text\">\n<pre>Jo wrote:</pre>\n"
	"<blockquote class=\"q1\"><pre>>\n" Q10 "> last</pre></blockquote>\n"
	"</div>\n"},
    {"Jo wrote:\n>\n" Q10 "> 12\n\n>> last\n-- \nMe\n",
	"<div class=\"text\">\n<pre>Jo wrote:</pre>\n"
	"<details class=\"fold\"><summary><span>> 1</span> "
	"<span class=\"more\">12 more lines</span></summary>\n"
	"<blockquote class=\"q1\"><pre>" Q9 "> 12</pre></blockquote>\n"
	"<blockquote class=\"q2\"><pre>>> last</pre></blockquote>\n"
	"</details>\n<pre class=\"sig\">-- \nMe</pre>\n</div>\n"},
    /* What is answered stays in sight. */
    {"> 1\n" Q9 "> a\n> b\n>> c\nYes.\n",
	"<div class=\"text\">\n"
	"<details class=\"fold\"><summary><span>> 1</span> "
	"<span class=\"more\">8 more lines</span></summary>\n"
	"<blockquote class=\"q1\"><pre>" Q8 "</pre></blockquote>\n"
	"</details>\n<blockquote class=\"q1\"><pre>> 10\n> a\n> b</pre>"
	"</blockquote>\n<blockquote class=\"q2\"><pre>>> c</pre>"
	"</blockquote>\n<pre>Yes.</pre>\n</div>\n"},
    {"", "<div class=\"text\">\n</div>\n"},
    {"\n \n", "<div class=\"text\">\n</div>\n"},
};

static void
blocks_are_marked(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GString) o = g_string_new(NULL);
		g_autoptr(GString) want = g_string_new(texts[i].out);

		prose_write(o, &hiding, texts[i].in, "k", 1);
		/* ">" may stand in text either way. */
		g_string_replace(want, "&gt;", ">", 0);
		g_string_replace(o, "&gt;", ">", 0);
		g_assert_cmpstr(o->str, ==, want->str);
	}
}

/* Half a text of each, over and over, that some loop could look at again
 * from every line, link or address. */
static const char *const halves[][2] = {
    {">\n>>>>>>>>\n", ">\n>>>>>>>>\n"},
    {">\n", "\t\n"},
    {"> a\n> b\n> c\n> d\n> e\n> f\n> g\n", " \n"},
    {"> ", "<a@b.c>"},
    {"mid:", "mid:"},
    {"http://a", "http:"},
    {"a", "@b"},
    {"a@b.c,", ">"},
    {"<a@", "a\357\274\240b."},
    {"\"a", "\"@[1.2"},
    {"a%40b=c", "&http://a/?b=c%40"},
    {"-----Original Message-----\nFrom: a\n", "begin 644 a\n"},
    {"-- \n\na:\n", "-----BEGIN PGP SIGNATURE-----\n> a\n"},
    {" @@ -", "   a|b\n"},
    {"diff --git a/x b/x\n@@ -1 +1 @@\n-a\n", "+b\n> c\n"},
};

static GString *
text_of_halves(const char *const half[2], size_t len)
{
	GString *text = g_string_sized_new(len + 64);

	for (int i = 0; i < 2; i++)
		while (text->len < (size_t)(i + 1) * len / 2)
			g_string_append(text, half[i]);
	return text;
}

/* The seconds of processor time that a text of len bytes takes; the least of
 * three, since others want the processor too. */
static double
seconds(const char *const half[2], size_t len)
{
	g_autoptr(GString) text = text_of_halves(half, len);
	double least = 1e9;

	for (int i = 0; i < 3; i++) {
		g_autoptr(GString) o = g_string_new(NULL);
		clock_t begun = clock();
		g_autofree char *safe = addr_protect(text->str);

		prose_write(o, &hiding, safe, "k", 0);
		least = MIN(least, (double)(clock() - begun) / CLOCKS_PER_SEC);
		/* What takes this long has failed. */
		if (least > 2)
			break;
	}
	return least;
}

/* Sixteen times the text is sixteen times the work, or thereabouts: where
 * each line looks at all the others it is 256 times. */
static void
work_grows_as_text(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(halves); i++) {
		double some = seconds(halves[i], 16 << 10);
		double more = seconds(halves[i], 256 << 10);

		g_test_message("%s: %.6f s, %.6f s", halves[i][0], some, more);
		g_assert_cmpfloat(more, <, 64 * some + 0.05);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/prose/links-are-made", links_are_made);
	g_test_add_func("/prose/addresses-are-no-ids", addresses_are_no_ids);
	g_test_add_func(
	    "/prose/links-have-ours-beside", links_have_ours_beside);
	g_test_add_func("/prose/blocks-are-marked", blocks_are_marked);
	g_test_add_func("/prose/work-grows-as-text", work_grows_as_text);
	return g_test_run();
}
