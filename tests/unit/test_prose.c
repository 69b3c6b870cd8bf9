/* SPDX-License-Identifier: Apache-2.0 */
#include "view/prose.h"

#include <string.h>

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
    {"<20240101.1234@x.example>",
	"&lt;<a href=\"/a/r/20240101.1234%40x.example\">"
	"20240101.1234@x.example</a>&gt;"},
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

static const struct {
	const char *in, *out;
} texts[] = {
    {"Hi,\n\n> one\n>> two\n\nme\n-- \nsig\n",
	"<div class=\"text\">\n<pre>Hi,</pre>\n"
	"<blockquote class=\"q1\"><pre>&gt; one</pre></blockquote>\n"
	"<blockquote class=\"q2\"><pre>&gt;&gt; two</pre></blockquote>\n"
	"<pre>me</pre>\n<pre class=\"sig\">-- \nsig</pre>\n</div>\n"},
    {"a\tb\nc\td\n",
	"<div class=\"text fixed\">\n<pre>a\tb\nc\td</pre>\n</div>\n"},
    {"one | two\nand the last line here\n",
	"<div class=\"text\">\n<pre>one | two\nand the last line here</pre>\n"
	"</div>\n"},
    {"one | two\nthree | four\n",
	"<div class=\"text fixed\">\n<pre>one | two\nthree | four</pre>\n"
	"</div>\n"},
    {"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a<\n+b\n",
	"<div class=\"text fixed\">\n<pre class=\"diff\" tabindex=\"0\">"
	"<span class=\"f\">diff --git a/x b/x\n--- a/x\n+++ b/x\n</span>"
	"<span class=\"h\">@@ -1 +1 @@\n</span>"
	"<span class=\"d\">-a&lt;\n</span><span class=\"a\">+b\n</span>"
	"</pre>\n</div>\n"},
    {"", "<div class=\"text\">\n</div>\n"},
    {"\n \n", "<div class=\"text\">\n</div>\n"},
};

static void
blocks_are_marked(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GString) o = g_string_new(NULL);
		g_autoptr(GString) want = g_string_new(texts[i].out);

		prose_write(o, &hiding, texts[i].in);
		/* ">" may stand in text either way. */
		g_string_replace(want, "&gt;", ">", 0);
		g_string_replace(o, "&gt;", ">", 0);
		g_assert_cmpstr(o->str, ==, want->str);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/prose/links-are-made", links_are_made);
	g_test_add_func("/prose/addresses-are-no-ids", addresses_are_no_ids);
	g_test_add_func("/prose/blocks-are-marked", blocks_are_marked);
	return g_test_run();
}
