/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <string.h>

typedef char *(*Fn)(const char *);

static void
octets(void)
{
	static const struct {
		const char *in;
		size_t len;
		const char *want;
	} rows[] = {
	    {"", 0, ""},
	    {"abc", 3, "abc"},
	    {"\xc3\xa9", 2, "é"},
	    {"\xe9t\xe9", 3, "été"},
	    {"\x80\x81\x9f\xa0\xff", 5, "€\xef\xbf\xbdŸ\xc2\xa0ÿ"},
	    /* An overlong form and a surrogate are not UTF-8. */
	    {"\xc0\x80", 2, "À€"},
	    {"\xed\xa0\x80", 3, "í\xc2\xa0€"},
	    {"a\0é", 4, "a\xef\xbf\xbdé"},
	    {"a\0\xe9", 3, "a\xef\xbf\xbdé"},
	    {"\0", 1, "\xef\xbf\xbd"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got =
		    text_from_octets(rows[i].in, rows[i].len);

		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

static void
cut(void)
{
	static const struct {
		const char *in;
		size_t max;
		const char *want;
	} rows[] = {
	    {"", 0, ""},
	    {"abc", 3, "abc"},
	    {"abcd", 3, "abc…"},
	    {"aé", 2, "a…"},
	    {"aé", 3, "aé"},
	    {"日本", 1, "…"},
	    {"日本", 5, "日…"},
	    {"abc", 0, "…"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = text_cut(rows[i].in, rows[i].max);

		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

static void
squeeze(void)
{
	static const struct {
		Fn fn;
		const char *in, *want;
	} rows[] = {
	    {text_squeeze, "", ""},
	    {text_squeeze, " \t\n\v\f\r ", ""},
	    {text_squeeze, " a \t b\r\n", "a b"},
	    {text_squeeze, "a\x01\x7f b\x1b", "a b"},
	    {text_squeeze, "a \x01 b", "a b"},
	    {text_squeeze, "\x01 a", "a"},
	    {text_squeeze, "a\xc2\xa0 b", "a\xc2\xa0 b"},
	    {text_collapse, "\va\x01\f\fb ", "a\x01 b"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = rows[i].fn(rows[i].in);

		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

/* RFC 4648 section 10, less the padding. */
static void
base32(void)
{
	static const char *const rows[][2] = {{"", ""}, {"f", "my"},
	    {"fo", "mzxq"}, {"foo", "mzxw6"}, {"foob", "mzxw6yq"},
	    {"fooba", "mzxw6ytb"}, {"foobar", "mzxw6ytboi"}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		size_t len = strlen(rows[i][0]), n_bits = 0;
		unsigned char back[8];
		g_autofree char *got =
		    text_base32((const unsigned char *)rows[i][0], len);
		g_autofree char *upper = g_ascii_strup(got, -1);

		g_assert_cmpstr(got, ==, rows[i][1]);
		g_assert_true(text_base32_decode(
		    upper, strlen(upper), back, sizeof back, &n_bits));
		g_assert_cmpuint(n_bits, ==, 5 * strlen(got));
		g_assert_cmpuint(n_bits / 8, ==, len);
		g_assert_true(memcmp(back, rows[i][0], len) == 0);
	}
}

static void
base32_refuses(void)
{
	unsigned char out[2] = {0};
	size_t n_bits = 0;

	g_assert_false(text_base32_decode("ab1", 3, out, 2, &n_bits));
	g_assert_false(text_base32_decode("a=", 2, out, 2, &n_bits));
	g_assert_false(text_base32_decode("aaaa", 4, out, 2, &n_bits));
	g_assert_true(text_base32_decode("AB7", 3, out, 2, &n_bits));
	g_assert_cmpuint(n_bits, ==, 15);
	g_assert_cmphex(out[0], ==, 0x00);
	g_assert_cmphex(out[1], ==, 0x7e);
}

static void
percent(void)
{
	static const struct {
		const char *in, *want;
		size_t len;
	} rows[] = {
	    {"", "", 0},
	    {"a%40b", "a@b", 3},
	    {"%3c%3E", "<>", 2},
	    {"100%", "100%", 4},
	    {"%4", "%4", 2},
	    {"%zz", "%zz", 3},
	    {"a%00b", "a\0b", 3},
	    {"%2540", "%40", 3},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		size_t len = 0;
		g_autofree char *got = text_percent_decode(rows[i].in, &len);

		g_assert_cmpuint(len, ==, rows[i].len);
		g_assert_true(memcmp(got, rows[i].want, len) == 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/octets", octets);
	g_test_add_func("/text/cut", cut);
	g_test_add_func("/text/squeeze", squeeze);
	g_test_add_func("/text/base32", base32);
	g_test_add_func("/text/base32-refuses", base32_refuses);
	g_test_add_func("/text/percent", percent);
	return g_test_run();
}
