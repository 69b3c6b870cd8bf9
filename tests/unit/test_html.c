/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html.h"

#include "../lib/html_check.h"
#include "base/limits.h"

#include <string.h>

#define AT "\xef\xbc\xa0"
#define DOTS "\xe2\x80\xa6"
#define REL "\" rel=\"nofollow noopener noreferrer ugc\">"

static const struct {
	const char *html, *want;
} safe[] = {
    {"", ""},
    {"<p>a <b>b</b> &amp; c", "<p>a <b>b</b> &amp; c</p>"},
    {"a < b \"q\"", "<p>a &lt; b &quot;q&quot;</p>"},
    {"<div>a<br>b<hr>c</div>", "<div>a<br>b<hr>c</div>"},
    {"<h1>x</h1><h2>y</h2><h6>z</h6>",
	"<p><b>x</b></p><p><b>y</b></p><p><b>z</b></p>"},
    {"<center><font color=red>a</font></center>", "<div>a</div>"},
    {"<div><tt>a</tt><strike>b</strike><big>c</big></div>",
	"<div><code>a</code><s>b</s>c</div>"},
    {"<div><a href='https://example.org/?a=1&amp;b=2'>x</a></div>",
	"<div><a href=\"https://example.org/?a=1&amp;b=2" REL "x</a></div>"},
    {"<div><a href=' mailto:jo@example.org '>x</a></div>",
	"<div><a href=\"mailto:jo@example.org" REL "x</a></div>"},
    {"<div><a href='/x'>a</a><a href='#x'>b</a><a name=x>c</a></div>",
	"<div>abc</div>"},
    {"<div><a href=http://a.example/><a href=http://b.example/>x</div>",
	"<div><a href=\"http://a.example/" REL "</a>"
	"<a href=\"http://b.example/" REL "x</a></div>"},
    {"<div><img src=http://example.org/x.png alt='a <b>'>"
     "<img src=cid:x><img src=http://example.org/pixel></div>",
	"<div><a href=\"http://example.org/x.png" REL "[a &lt;b&gt;]</a>"
	"[image]</div>"},
    {"<div><a href=http://h/><img src=http://example.org/x alt=a></a></div>",
	"<div><a href=\"http://h/" REL "[a]</a></div>"},
    {"<div><q>a</q></div>", "<div>\xE2\x80\x9C"
			    "a\xE2\x80\x9D</div>"},
    {"<div>&#150;&#0;&#1;&nbsp;</div>", "<div>\xE2\x80\x93\xC2\xA0</div>"},
    {"<pre>a\n b</pre>", "<pre>a\n b</pre>"},
    {"<pre>a<div>b</div>c</pre>", "<pre>a\nbc</pre>"},
    {"<div>a<!-- b --><!--[if mso]>c<![endif]-->d</div>", "<div>ad</div>"},
    {"<title>t</title><style>s</style><script>x</script><div>a</div>",
	"<div>a</div>"},
    {"<ul> <li>a <li>b</ul>", "<ul><li>a </li><li>b</li></ul>"},
    {"<ul>a<b>b</b></ul>", "<ul><li>a<b>b</b></li></ul>"},
    {"<div><li>a</li><li>b</li></div>", "<div><div>a</div><div>b</div></div>"},
    {"<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"},
    {"<div><dd>a</dd></div>", "<div><div>a</div></div>"},
    {"<table><tr><td>a<td>b<tr><th>c</table>",
	"<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>"},
    {"<table><tbody><td>a</table>",
	"<table><tbody><tr><td>a</td></tr></tbody></table>"},
    {"<table><tr><td><table><tr><td>a</table><td>b</table>",
	"<table><tr><td><table><tr><td>a</td></tr></table></td>"
	"<td>b</td></tr></table>"},
    {"<div><td>a</td></div>", "<div><div>a</div></div>"},
    {"<div></p></b></td></table>a</div>", "<div>a</div>"},
    {"<p><b>a<div>b</div>", "<p><b>a</b></p><div>b</div>"},
    {"<meta http-equiv=content-type content='text/html; charset=gb2312'>"
     "<div>\xC3\xBC</div>",
	"<div>\xC3\xBC</div>"},
};

static void
writes_what_it_knows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(safe); i++) {
		g_autofree char *got = html_sanitise(safe[i].html, NULL);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, safe[i].want);
		g_assert_null(html_check(got));
	}
}

static const struct {
	const char *html, *want;
} referring[] = {
    {"<div><img src=cid:a%40b alt='x \"y\"'></div>",
	"<div><img src=\"/p/a%40b\" alt=\"x &quot;y&quot;\" "
	"loading=\"lazy\"></div>"},
    {"<div><img src=CID:a></div>",
	"<div><img src=\"/p/a\" alt=\"\" loading=\"lazy\"></div>"},
    {"<div><img src='cid:a\" onerror=x'></div>",
	"<div><img src=\"/p/a%22%20onerror%3Dx\" alt=\"\" loading=\"lazy\">"
	"</div>"},
    {"<div><img src=cid:></div>", "<div>[image]</div>"},
    {"<div><img src=/p/x><img src=data:x><img src=//h/x></div>", "<div></div>"},
    {"<div><a href=mid:a@b/c>x</a></div>",
	"<div><a href=\"/r/a%40b" REL "x</a></div>"},
    {"<div><a href=news:a%40b>x</a></div>",
	"<div><a href=\"/r/a%40b" REL "x</a></div>"},
    {"<div><a href=news:comp.lang.c>x</a></div>",
	"<div><a href=\"news:comp.lang.c" REL "x</a></div>"},
    {"<div><a href=mailto:jo%40example.org>Jo</a></div>", "<div>Jo</div>"},
};

static void
finds_what_mail_refers_to(void)
{
	const HtmlRefs refs = {.part = html_check_part,
	    .message = html_check_message,
	    .protect = true};
	char none = 0;
	const HtmlRefs empty = {.part = html_check_part,
	    .message = html_check_message,
	    .user = &none};
	g_autofree char *lost = html_sanitise(
	    "<div><img src=cid:a alt=b><a href=mid:a@b>x</a></div>", &empty);

	for (size_t i = 0; i < G_N_ELEMENTS(referring); i++) {
		g_autofree char *got = html_sanitise(referring[i].html, &refs);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, referring[i].want);
		g_assert_null(html_check(got));
	}
	g_assert_cmpstr(
	    lost, ==, "<div>[b]<a href=\"mid:a@b" REL "x</a></div>");
}

static char *
behind(void *user, const char *url)
{
	(void)user;
	return strstr(url, "/r/") != NULL ? g_strdup("!") : NULL;
}

/* However a link ends, what belongs behind it comes right then. */
static void
puts_more_behind_links(void)
{
	static const struct {
		const char *html, *want;
	} rows[] = {
	    {"<div><a href=http://x/r/a>x</a> y</div>",
		"<div><a href=\"http://x/r/a" REL "x</a>! y</div>"},
	    {"<div><a href=http://x/r/a><b>x</div>y",
		"<div><a href=\"http://x/r/a" REL "<b>x</b></a>!</div>y"},
	    {"<div><a href=http://x/r/a>x<a href=http://x/b>y</a></div>",
		"<div><a href=\"http://x/r/a" REL
		"x</a>!<a href=\"http://x/b" REL "y</a></div>"},
	    {"<a href=http://x/r/a>x", "<a href=\"http://x/r/a" REL "x</a>!"},
	};
	const HtmlRefs refs = {.behind = behind};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = html_sanitise(rows[i].html, &refs);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

/* Addresses that tags and entities part. */
static const struct {
	const char *html, *want;
} hidden[] = {
    {"<div>no@@one @b a@ <b>x</b></div>", "<div>no@@one @b a@ <b>x</b></div>"},
    {"<div>jo" AT "example.org, b</div>",
	"<div>jo" AT "example" DOTS ", b</div>"},
    {"<div>jo@example.org, b</div>", "<div>jo" AT "example" DOTS ", b</div>"},
    {"<div>jo<b>e</b>@example.org.</div>",
	"<div>jo<b>e</b>" AT "example" DOTS ".</div>"},
    {"<div>jo@<b>example.org</b> b</div>",
	"<div>jo" AT "<b>example" DOTS "</b> b</div>"},
    {"<div>jo@exa<b>mple.o<i>r</i></b>g!</div>",
	"<div>jo" AT "exa<b>mple" DOTS "<i></i></b>!</div>"},
    {"<div>jo@exam<b>ple</b></div>",
	"<div>jo" AT "exam<b>ple" DOTS "</b></div>"},
    {"<div>jo&amp;@example.org</div>",
	"<div>jo&amp;" AT "example" DOTS "</div>"},
    {"<div>&lt;jo&#64;example&#46;org&gt;</div>",
	"<div>&lt;jo" AT "example" DOTS "&gt;</div>"},
    {"<div>jo@a.example@b.example</div>",
	"<div>jo" AT "a" DOTS AT "b" DOTS "</div>"},
    {"<div>\"q p\"@ex<b>ample.org</b> &quot;@a.b&quot;</div>",
	"<div>&quot;q p&quot;" AT "ex<b>ample" DOTS
	"</b> &quot;@a.b&quot;</div>"},
    {"<div>u@[192.<b>0.2.1</b>]</div>", "<div>u" AT "[" DOTS "<b></b>]</div>"},
    {"<div>jo@<br>example.org</div>", "<div>jo@<br>example.org</div>"},
    {"<table><td>a<td>@b.c</table>",
	"<table><tr><td>a</td><td>@b.c</td></tr></table>"},
    {"<div><img src=cid:a alt='jo@example.org x'></div>",
	"<div><img src=\"/p/a\" alt=\"jo" AT "example" DOTS
	" x\" loading=\"lazy\"></div>"},
    {"<div><a href=http://h/a@b.c>h://jo@b.c</a></div>",
	"<div><a href=\"http://h/a@b.c" REL "h://jo@b.c</a></div>"},
};

static void
hides_addresses(void)
{
	const HtmlRefs refs = {.part = html_check_part, .protect = true};

	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++) {
		g_autofree char *got = html_sanitise(hidden[i].html, &refs);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, hidden[i].want);
		g_assert_null(html_check(got));
	}
}

static const char *const attacks[] = {
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    ("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;"
     "&lt;img src=1 onerror=alert(1)&gt;\">"),
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"&#1;javascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"http://x\" onclick=\"alert(1)\" style=\"x\">x</a>",
    "<a href='http://x\"onmouseover=\"alert(1)'>x</a>",
    "<a href=\"http://x/&quot;><script>alert(1)</script>\">x</a>",
    "<a href=vbscript:x>x</a><a href=//example.org>y</a>",
    "<iframe src=javascript:alert(1)>a</iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=x><embed src=x><param name=x></object>",
    "<form action=x><input><button formaction=javascript:alert(1)>b",
    "<style>@import 'x';</style><link rel=stylesheet href=x>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<base href=http://example.org/><meta http-equiv=refresh content=0>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<plaintext><xmp><listing><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--><script>alert(1)</script>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version=1?><x xmlns:b=c><b:script>alert(1)</b:script>",
    "<table><tr><td></div></td></table></div></div></body></html><p>x",
    "<b><i><u></b></i></u></table></table>",
    "<a title='</a><script>alert(1)</script>' href=http://x>x",
    "<img alt='\"><script>alert(1)</script>'>",
    "<p id=\"x\" class=y><<<<>>>>&lt;script&gt;</p>",
    "<ul><table><li><td><dd></ul><tr><dl><li>",
    "<template><script>alert(1)</script></template>",
    "<select><option><script>alert(1)</script></select>",
    "\xE2\x80\xA8<script\x0C>alert(1)</script\x0C>",
};

static void
attacks_come_to_nothing(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
		g_autofree char *got = html_sanitise(attacks[i], NULL);

		g_test_message("row %zu: %s", i, got);
		g_assert_nonnull(got);
		g_assert_null(html_check(got));
	}
}

/* The checker itself must find what it is there for. */
static const char *const unsafe[] = {
    "<script>",
    "<p>",
    "</p>",
    "<p></b></p>",
    "<p onclick=\"x\"></p>",
    "<P></P>",
    "<img>",
    "a < b",
    "a > b",
    "a & b",
    "<a href=\"javascript:x" REL "</a>",
    "<a href=\"http://x\"></a>",
    "<a>x</a>",
};

static void
checker_checks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unsafe); i++) {
		g_test_message("row %zu", i);
		g_assert_nonnull(html_check(unsafe[i]));
	}
}

static char *
repeat(const char *what, size_t n)
{
	GString *s = g_string_new(NULL);

	while (n-- > 0)
		g_string_append(s, what);
	return g_string_free(s, FALSE);
}

static void
limits_hold(void)
{
	g_autofree char *text = repeat("a", LIMIT_HTML_BYTES + 1);
	g_autofree char *attrs = repeat(" a=b", LIMIT_HTML_TAG_BLANKS + 1);
	g_autofree char *tag = g_strdup_printf("<p%s>x</p>", attrs);
	g_autofree char *quoted = g_strdup_printf("<p a='>'%s>x</p>", attrs);
	g_autofree char *data = repeat("QUJD/+==", 20000);
	g_autofree char *image = g_strdup_printf(
	    "<p><img src=\"data:image/png;base64,%s\" alt=a>b", data);
	g_autofree char *image_text = html_sanitise(image, NULL);
	g_autofree char *open = repeat("<b>", LIMIT_HTML_OPEN + 2);
	g_autofree char *deep = repeat("<div>x", LIMIT_HTML_OPEN - 10);
	g_autofree char *got = html_sanitise(deep, NULL);
	g_autofree char *long_text = html_to_text(text);
	g_autofree char *tag_text = html_to_text(tag);

	g_assert_null(html_sanitise(text, NULL));
	g_assert_null(html_sanitise(tag, NULL));
	g_assert_null(html_sanitise(quoted, NULL));
	g_assert_null(html_sanitise(open, NULL));
	g_assert_cmpstr(image_text, ==, "<p>[a]b</p>");
	g_assert_null(html_check(got));
	g_assert_cmpuint(strlen(long_text), ==, LIMIT_HTML_BYTES);
	g_assert_cmpstr(tag_text, ==, "x");
}

static const struct {
	const char *html, *want;
} texts[] = {
    {"", ""},
    {"a", "a\n"},
    {"<p>a  b\n c<p>d", "a b c\n\nd\n"},
    {"<div>a</div><div>b</div>", "a\nb\n"},
    {"<div>a<br>b<br><br><br>c</div>", "a\nb\n\nc\n"},
    {"<ul><li>a<li>b<ul><li>c</ul></ul>d", "- a\n- b\n  - c\n\nd\n"},
    {"<p>Jo wrote:<blockquote><p>a<p>b</blockquote>c",
	"Jo wrote:\n\n> a\n>\n> b\n\nc\n"},
    {"<p><a href=http://example.org/>here</a>", "here <http://example.org/>\n"},
    {"<p><a href=http://example.org/>http://example.org</a>",
	"http://example.org\n"},
    {"<p><a href=mailto:jo@example.org>jo@example.org</a>", "jo@example.org\n"},
    {"<p><a href=http://example.org/></a>x", "x\n"},
    {"<p><a href=javascript:x>y</a>", "y\n"},
    {"<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\n\nd\n"},
    {"<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc\n"},
    {"<div>a<img alt=b>c<hr>d</div>", "a[b]c\n--------\nd\n"},
    {"<style>x</style><script>y</script>&nbsp;z", "z\n"},
    {"<div>&nbsp;</div><table><tr><td> <table><tr><td>&nbsp;</table>"
     "<td><p>&nbsp;<p>a</table>",
	"a\n"},
    {"<h1>a</h1>b", "a\n\nb\n"},
};

static void
reads_as_text(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *got = html_to_text(texts[i].html);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, texts[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/html/writes-what-it-knows", writes_what_it_knows);
	g_test_add_func(
	    "/html/attacks-come-to-nothing", attacks_come_to_nothing);
	g_test_add_func(
	    "/html/finds-what-mail-refers-to", finds_what_mail_refers_to);
	g_test_add_func("/html/puts-more-behind-links", puts_more_behind_links);
	g_test_add_func("/html/hides-addresses", hides_addresses);
	g_test_add_func("/html/checker-checks", checker_checks);
	g_test_add_func("/html/limits-hold", limits_hold);
	g_test_add_func("/html/reads-as-text", reads_as_text);
	return g_test_run();
}
