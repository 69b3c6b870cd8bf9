/* SPDX-License-Identifier: Apache-2.0 */
#include "view/out.h"

#include <stdbool.h>
#include <string.h>

static const struct {
	const char *in, *text, *attr, *url, *xml;
} cases[] = {
    {"", "", "", "", ""},
    {"plain", "plain", "plain", "plain", "plain"},
    {"a<b>&\"c'", "a&lt;b>&amp;\"c'", "a&lt;b&gt;&amp;&quot;c'",
	"a%3Cb%3E%26%22c%27", "a&lt;b&gt;&amp;&quot;c'"},
    {"<", "&lt;", "&lt;", "%3C", "&lt;"},
    {"x@y/z", "x@y/z", "x@y/z", "x%40y%2Fz", "x@y/z"},
    {"-._~", "-._~", "-._~", "-._~", "-._~"},
    {"\xc3\xa4", "\xc3\xa4", "\xc3\xa4", "%C3%A4", "\xc3\xa4"},
    {"a\x01<\x7f", "a\x01&lt;\x7f", "a\x01&lt;\x7f", "a%01%3C%7F",
	"a\xef\xbf\xbd&lt;\xef\xbf\xbd"},
    {"\xef\xbf\xbe\xef\xbf\xbd", "\xef\xbf\xbe\xef\xbf\xbd",
	"\xef\xbf\xbe\xef\xbf\xbd", "%EF%BF%BE%EF%BF%BD",
	"\xef\xbf\xbd\xef\xbf\xbd"},
    {"a\tb\nc", "a\tb\nc", "a\tb\nc", "a%09b%0Ac", "a\tb\nc"},
};

static void
escapes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GString) attr = g_string_new(NULL);
		g_autoptr(GString) url = g_string_new(NULL);
		g_autoptr(GString) xml = g_string_new(NULL);

		out_text(text, cases[i].in);
		out_attr(attr, cases[i].in);
		out_url(url, cases[i].in);
		out_xml(xml, cases[i].in);
		g_assert_cmpstr(text->str, ==, cases[i].text);
		g_assert_cmpstr(attr->str, ==, cases[i].attr);
		g_assert_cmpstr(url->str, ==, cases[i].url);
		g_assert_cmpstr(xml->str, ==, cases[i].xml);
	}
}

/* Wherever it stands among those that are looked at together. */
static void
escapes_each_octet_anywhere(void)
{
	for (unsigned int c = 1; c < 0x80; c++) {
		bool bad =
		    (c < 0x20 && strchr("\t\n\r", (int)c) == NULL) || c == 0x7f;
		const char as_it_is[] = {(char)c, '\0'};
		const char *want = bad        ? "\xef\xbf\xbd"
				   : c == '&' ? "&amp;"
				   : c == '<' ? "&lt;"
				   : c == '>' ? "&gt;"
				   : c == '"' ? "&quot;"
					      : as_it_is;

		for (size_t at = 0; at < 40; at++) {
			g_autoptr(GString) o = g_string_new(NULL);
			g_autofree char *text = g_strnfill(40, 'x');
			g_autofree char *whole = g_strdup_printf(
			    "%.*s%s%s", (int)at, text, want, text + at + 1);

			text[at] = (char)c;
			out_xml(o, text);
			g_assert_cmpstr(o->str, ==, whole);
		}
	}
}

static const struct {
	uint64_t n;
	const char *num, *count;
} numbers[] = {
    {0, "0", "0"},
    {7, "7", "7"},
    {999, "999", "999"},
    {1000, "1000", "1\u202f000"},
    {123456, "123456", "123\u202f456"},
    {1234567, "1234567", "1\u202f234\u202f567"},
    {UINT64_MAX, "18446744073709551615",
	"18\u202f446\u202f744\u202f073\u202f709\u202f551\u202f615"},
};

static void
writes_numbers(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autoptr(GString) num = g_string_new(NULL);
		g_autoptr(GString) count = g_string_new(NULL);

		out_num(num, numbers[i].n);
		out_count(count, numbers[i].n);
		g_assert_cmpstr(num->str, ==, numbers[i].num);
		g_assert_cmpstr(count->str, ==, numbers[i].count);
	}
}

static void
heeds_lengths(void)
{
	g_autoptr(GString) o = g_string_new(NULL);

	out_text_len(o, "a<b", 2);
	out_attr_len(o, "\"x", 1);
	out_xml_len(o, "y\xef\xbf\xbf", 3); /* cut inside the character */
	out_raw(o, "<br>");
	g_assert_cmpstr(o->str, ==, "a&lt;&quot;y\xef\xbf<br>");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/out/escapes", escapes);
	g_test_add_func(
	    "/out/escapes-each-octet-anywhere", escapes_each_octet_anywhere);
	g_test_add_func("/out/writes-numbers", writes_numbers);
	g_test_add_func("/out/heeds-lengths", heeds_lengths);
	return g_test_run();
}
