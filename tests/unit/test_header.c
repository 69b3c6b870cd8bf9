/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "mail/header.h"

#include <string.h>

/* Names and values of msg as "name=value|...", then where the body is. */
static char *
walk(const char *msg)
{
	HeaderWalk w;
	HeaderField f;
	GString *out = g_string_new(NULL);

	header_walk_init(&w, msg, strlen(msg));
	while (header_next(&w, &f))
		g_string_append_printf(out, "%.*s=%.*s|", (int)f.name_len,
		    f.name, (int)f.value_len, f.value);
	g_assert_false(header_next(&w, &f));
	g_string_append_printf(out, "%td", w.body - msg);
	return g_string_free(out, FALSE);
}

static void
fields(void)
{
	static const char *const rows[][2] = {
	    {"", "0"},
	    {"A: b\n\nbody", "A= b|6"},
	    {"A: b\r\n\r\nbody", "A= b|8"},
	    {"A: b\n c\r\n\td\n\n", "A= b\n c\r\n\td|13"},
	    {"A: b", "A= b|4"},
	    {"A:\nB:\n", "A=|B=|6"},
	    {"A : b\n\n", "A= b|7"},
	    {"From x y\nA: b\n\n", "A= b|15"},
	    {"From: x\n\n", "From= x|9"},
	    {"From x", "6"},
	    /* A line that is no field is the body's first. */
	    {"A: b\nhello\nB: c\n", "A= b|5"},
	    {"A: b\nhello world: c\n", "A= b|5"},
	    {": b\n", "0"},
	    {"\nA: b\n", "1"},
	    {"\r\nA: b\n", "2"},
	    {" x\nA: b\n\n", "A= b|9"},
	    {"A: b\n \n\nbody", "A= b\n |8"},
	    {"\xc3\xa9: b\n\n", "0"},
	    {"A: b\n\n\nbody", "A= b|6"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = walk(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

static void
finds_unfolded(void)
{
	static const struct {
		const char *msg;
		size_t len;
		const char *want;
	} rows[] = {
	    {"x: a\nX: b\n", 10, "a"},
	    {"X: \t a \n", 8, "a "},
	    {"X:\r\n <a@b>\r\n", 12, " <a@b>"},
	    {"X: a\n\tb\r\n c\n", 12, "a\tb c"},
	    {"X: a\rb\0c\n", 9, "abc"},
	    {"X:\n", 3, ""},
	    {"Y: a\n\nX: b\n", 11, NULL},
	    {"XX: a\n", 6, NULL},
	    {"", 0, NULL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got =
		    header_find(rows[i].msg, rows[i].len, "X");

		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

static void
finds_each(void)
{
	static const char msg[] = "a: 1\nCC: 2\nTo: 3\ncc: 4\n\nBcc: 5\n";
	static const char *const names[] = {"To", "Bcc", "Cc"};
	static const char *const want[] = {"3", NULL, "2"};
	char *got[G_N_ELEMENTS(names)];

	header_find_each(msg, sizeof msg - 1, names, G_N_ELEMENTS(names), got);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_cmpstr(got[i], ==, want[i]);
		g_free(got[i]);
	}
}

static void
message_id(void)
{
	static const char *const rows[][2] = {
	    {"<a@b>", "a@b"},
	    {" <a@b> (c)", "a@b"},
	    {"x <a@b> <c@d>", "a@b"},
	    {"<<a@b>>", "<a@b"},
	    {"< a@b >", " a@b "},
	    {" a@b \v", "a@b"},
	    {"<a@b", "<a@b"},
	    {"a>b<c", "a>b<c"},
	    {"", NULL},
	    {" \t", NULL},
	    {"<>", NULL},
	    {"<> a@b", NULL},
	    {"<\xff>", "\xff"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = header_message_id(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

static void
ids(void)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"<a@b>", "a@b,"},
	    {"<a@b> <c@d>\t<e@f>", "a@b,c@d,e@f,"},
	    {"<a@b><c@d>", "a@b,c@d,"},
	    {"Your message of today <a@b> and <c", "a@b,"},
	    {"<> < > <a>", "a,"},
	    {"<a@ex\t ample.org>", "a@example.org,"},
	    {"> <a>", "a,"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) got =
		    g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GString) text = g_string_new(NULL);

		header_ids(rows[i][0], got);
		for (guint j = 0; j < got->len; j++)
			g_string_append_printf(text, "%s,",
			    (const char *)g_ptr_array_index(got, j));
		g_assert_cmpstr(text->str, ==, rows[i][1]);
	}
}

/* The root and the near ancestors are kept; giants are not. */
static void
ids_within_limits(void)
{
	g_autoptr(GPtrArray) got = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) value = g_string_new("<");

	for (size_t i = 0; i <= LIMIT_MESSAGE_ID_BYTES; i++)
		g_string_append_c(value, 'x');
	g_string_append_c(value, '>');
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(value, " <%d@x>", i);
	header_ids(value->str, got);
	g_assert_cmpuint(got->len, ==, LIMIT_REFERENCES);
	g_assert_cmpstr(g_ptr_array_index(got, 0), ==, "0@x");
	g_assert_cmpstr(g_ptr_array_index(got, 7), ==, "7@x");
	g_assert_cmpstr(g_ptr_array_index(got, 8), ==, "944@x");
	g_assert_cmpstr(g_ptr_array_index(got, 63), ==, "999@x");
}

static void
decode(void)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"plain  text\t", "plain text"},
	    {"=?utf-8?q?caf=C3=A9?=", "café"},
	    {"=?UTF-8?B?Y2Fmw6k=?= au lait", "café au lait"},
	    {"a =?utf-8?q?b?= c", "a b c"},
	    {"a=?utf-8?q?b?=c", "abc"},
	    {"\"=?utf-8?q?b?=\"", "\"b\""},
	    {"=?utf-8?q?a_b=5Fc?=", "a b_c"},
	    /* White space between two words goes; a character in two. */
	    {"=?utf-8?q?a?= \t=?utf-8?b?Yg==?=", "ab"},
	    {"=?utf-8?q?=C3?= =?UTF-8?q?=A9?=", "é"},
	    {"=?utf-8?b?w6?= =?utf-8?q?=A9?=", "é"},
	    {"=?utf-8?q?a?==?utf-8?q?b?=", "ab"},
	    {"=?utf-8?q?a?= =?iso-8859-1?q?=E9?= x", "aé x"},
	    {"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
	    /* RFC 2231 section 5. */
	    {"=?iso-8859-1*fr?q?=E9?=", "é"},
	    {"=?iso-8859-1?Q?=80?=", "€"},
	    {"=?koi8-r?B?8NLJ18XU?=", "Привет"},
	    {"=?gb2312?B?xOO6ww==?=", "你好"},
	    {"=?big5?B?p0Gmbg==?=", "你好"},
	    {"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"},
	    {"=?shift_jis?B?k/qWew==?=", "日本"},
	    {"=?euc-kr?B?x9GxuQ==?=", "한국"},
	    {"=?windows-1251?q?=CF=F0?=", "Пр"},
	    /* Not known, or not valid: as octets of no charset. */
	    {"=?x-y?q?caf=C3=A9?=", "café"},
	    {"=?x-y?q?caf=E9?=", "café"},
	    {"=?utf-8?q?caf=E9?=", "café"},
	    {"=?us-ascii?q?caf=C3=A9?=", "café"},
	    {"=?euc-jp?q?caf=C3?=", "cafÃ"},
	    {"=?utf-8?q?a=00b?=", "a\xef\xbf\xbd"
				  "b"},
	    {"caf\xc3\xa9 =?utf-8?q?=C3=A9?=", "café é"},
	    {"caf\xe9 =?utf-8?q?=C3=A9?=", "café é"},
	    /* Damaged ones. */
	    {"=?utf-8?q?a=4?=", "a=4"},
	    {"=?utf-8?q?=zz?=", "=zz"},
	    {"=?utf-8?q?=41?=", "A"},
	    {"=?utf-8?q?a b?=", "a b"},
	    {"=?utf-8?q?"
	     "?=",
		""},
	    {"=?utf-8?b?Y*2F?=", "ca"},
	    {"=?utf-8?b?Y?=", ""},
	    {"=?utf-8?x?a?=", "=?utf-8?x?a?="},
	    {"=?utf-8?q?a", "=?utf-8?q?a"},
	    {"=??q?a?=", "=??q?a?="},
	    {"=?utf-8?q", "=?utf-8?q"},
	    {"=? =?utf-8?q?a?=", "=? a"},
	    {"=?u t?q?x?= =?utf-8?q?a?=", "=?u t?q?x?= a"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = header_decode(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

/* Words keep their controls and white space; header_decode does not. */
static void
decode_words_keeps_space(void)
{
	g_autofree char *got = header_decode_words(" a  =?utf-8?q?=0A=01?= ");

	g_assert_cmpstr(got, ==, " a  \n\x01 ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/header/fields", fields);
	g_test_add_func("/header/finds-unfolded", finds_unfolded);
	g_test_add_func("/header/finds-each", finds_each);
	g_test_add_func("/header/message-id", message_id);
	g_test_add_func("/header/ids", ids);
	g_test_add_func("/header/ids-within-limits", ids_within_limits);
	g_test_add_func("/header/decode", decode);
	g_test_add_func(
	    "/header/decode-words-keeps-space", decode_words_keeps_space);
	return g_test_run();
}
