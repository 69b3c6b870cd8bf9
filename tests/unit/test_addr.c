/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "mail/addr.h"

#include <string.h>

static void
canonical(void)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"jo@example.org", "jo@example.org"},
	    {"<jo@example.org>", "jo@example.org"},
	    {"Jo <Jo@Example.ORG>", "jo@example.org"},
	    {"\"Jo, the <one>\" <jo@example.org>", "jo@example.org"},
	    {"jo@example.org (Jo)", "jo@example.org"},
	    {"(c (d\\) e)) jo@example.org", "jo@example.org"},
	    {"b@x, a@x;a@x ,A@x", "a@x,b@x"},
	    /* Groups, their names dropped. */
	    {"Friends: a@x, Bo <b@x>;", "a@x,b@x"},
	    {"undisclosed-recipients:;", ""},
	    {"a@group: b@x;", "b@x"},
	    {"G1:a@x;, G2:b@x;", "a@x,b@x"},
	    /* Brackets win; each pair counts; routes are dropped. */
	    {"a@x <b@x>", "b@x"},
	    {"<b@x> a@x", "b@x"},
	    {"a@x <nobody>", ""},
	    {"<a@x> <b@x>", "a@x,b@x"},
	    {"<@r1,@r2:jo@x>", "jo@x"},
	    {"<@r1:>", ""},
	    {"<<jo@x>>", "jo@x"},
	    {"< jo (c) @ x >", "jo@x"},
	    {"<jo@x, <bo@x>", "bo@x,jo@x"},
	    {"<jo@x", "jo@x"},
	    {"<>", ""},
	    /* Words outside brackets; obsolete white space. */
	    {"a@x b@x", "a@x,b@x"},
	    {"Jo Q. Public jo@x", "jo@x"},
	    {"jo @ example . org", "jo@example.org"},
	    {"jo(c)@(d)example.org", "jo@example.org"},
	    /* Quoted strings stay as they stand. */
	    {"\"Jo Q\"@x", "\"jo q\"@x"},
	    {"<\"a\\\"b, c\"@x>", "\"a\\\"b, c\"@x"},
	    {"\"a@b\"@x", "\"a@b\"@x"},
	    {"\"a@b\"", ""},
	    {"a@b@x", "a@b@x"},
	    {"@x", ""},
	    {"a@", ""},
	    {"a@x,", "a@x"},
	    {"jo@[IPv6:2001:db8::1], bo@x", "bo@x,jo@[ipv6:2001:db8::1]"},
	    {"<jo@[IPv6:::1]>", "jo@[ipv6:::1]"},
	    /* Pipermail's. */
	    {"jo at example.org  (Jo Doe)", "jo@example.org"},
	    {"Jo at home <jo@x>", "jo@x"},
	    {"a at x, b at x", "a@x,b@x"},
	    /* Only ASCII letters change; octets that are not UTF-8. */
	    {"\xc3\x89t\xc3\xa9@X", "\xc3\x89t\xc3\xa9@x"},
	    {"\xc9@x", "\xc3\x89@x"},
	    {"z@x, \xc3\xa9@x, a@x", "a@x,z@x,\xc3\xa9@x"},
	    /* What is not closed goes on to the end. */
	    {"a@x (b@x", "a@x"},
	    {"a@x, \"b@x", "a@x"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = addr_canonical(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

static void
names(void)
{
	static const char *const rows[][3] = {
	    {"Jo Doe <jo@x>", "Jo Doe", "jo@x"},
	    {" \"Jo \\\"J\\\" Doe\"  <Jo@x>", "Jo \"J\" Doe", "Jo@x"},
	    {"\"Doe,\" Jo <jo@x>", "Doe, Jo", "jo@x"},
	    {"Jo <jo@x> Doe", "Jo Doe", "jo@x"},
	    {"jo@x (Jo (J) Doe)", "Jo (J) Doe", "jo@x"},
	    {"<jo@x> (Jo)", "Jo", "jo@x"},
	    {"G: Jo <jo@x>;", "Jo", "jo@x"},
	    {"jo@x", NULL, "jo@x"},
	    {"=?utf-8?q?J=C3=B6?= <jo@x>", "=?utf-8?q?J=C3=B6?=", "jo@x"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) got = addr_scan(rows[i][0]);
		const Addr *a = NULL;

		g_assert_cmpuint(got->len, ==, 1);
		a = g_ptr_array_index(got, 0);
		g_assert_cmpstr(a->name, ==, rows[i][1]);
		g_assert_cmpstr(a->spec, ==, rows[i][2]);
	}
}

static void
order_is_kept(void)
{
	g_autoptr(GPtrArray) got = addr_scan("z@x, a@x, z@x");

	g_assert_cmpuint(got->len, ==, 3);
	g_assert_cmpstr(((Addr *)g_ptr_array_index(got, 0))->spec, ==, "z@x");
	g_assert_cmpstr(((Addr *)g_ptr_array_index(got, 1))->spec, ==, "a@x");
}

static void
limited(void)
{
	g_autoptr(GString) value = g_string_new(NULL);
	g_autoptr(GPtrArray) got = NULL;

	for (unsigned int i = 0; i < LIMIT_ADDRESSES + 5; i++)
		g_string_append_printf(value, "%u@x%s", i, i % 2 ? "," : " ");
	got = addr_scan(value->str);
	g_assert_cmpuint(got->len, ==, LIMIT_ADDRESSES);
}

/* A name as long as the message is not given to each of many. */
static void
name_given_once(void)
{
	g_autoptr(GPtrArray) got = addr_scan("(Jo) a@x b@x, (Bo) c@x");

	g_assert_cmpuint(got->len, ==, 3);
	g_assert_cmpstr(((Addr *)g_ptr_array_index(got, 0))->name, ==, "Jo");
	g_assert_cmpstr(((Addr *)g_ptr_array_index(got, 1))->name, ==, NULL);
	g_assert_cmpstr(((Addr *)g_ptr_array_index(got, 2))->name, ==, "Bo");
}

/* Depth is nothing to a scanner that does not recurse. */
static void
deep(void)
{
	g_autoptr(GString) value = g_string_new(NULL);
	g_autofree char *got = NULL;

	for (int i = 0; i < 1000000; i++)
		g_string_append(value, "g:((<");
	g_string_append(value, "a@x");
	got = addr_canonical(value->str);
	g_assert_cmpstr(got, ==, "");
}

static void
protect(void)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"no address", "no address"},
	    {"jo@example.org", "jo＠example…"},
	    {"Jo <jo.doe+x@mail.example.org> wrote:",
		"Jo <jo.doe+x＠mail…> wrote:"},
	    {"write jo@example.org, or bo@example.net.",
		"write jo＠example…, or bo＠example…."},
	    {"jo@localhost", "jo＠localhost…"},
	    {"mailto:jo@example.org", "mailto:jo＠example…"},
	    {"a @ b, x@ y, @z", "a @ b, x@ y, @z"},
	    {"@@ -1,2 +3,4 @@", "@@ -1,2 +3,4 @@"},
	    {"s|@sbindir[@]|/sbin|", "s|@sbindir[@]|/sbin|"},
	    {"s!@sbindir@!x! a!@x.example", "s!@sbindir@!x! a!＠x…"},
	    {"jö@exämple.org", "jö＠exämple…"},
	    {"https://example.org/r/87abc@host.example/",
		"https://example.org/r/87abc@host.example/"},
	    {"<https://example.org/a@b.c>", "<https://example.org/a@b.c>"},
	    {"mid:a@b.example", "mid:a@b.example"},
	    {"see <20190101120000.12345-1-jo@example.org>",
		"see <20190101120000.12345-1-jo@example.org>"},
	    {"> Message-ID: <first@example.org>\n<first@example.org>",
		"> Message-ID: <first@example.org>\n<first＠example…>"},
	    {"20190101120000.12345-1-jo@example.org",
		"20190101120000.12345-1-jo＠example…"},
	    {"<john.doe.1975@example.org>", "<john.doe.1975＠example…>"},
	    {"<mailto:jo-1-2-3-4567@example.org>",
		"<mailto:jo-1-2-3-4567＠example…>"},
	    {"a@b@c.d", "a＠b…＠c…"},
	    {"\"q p\"@example.org wrote", "\"q p\"＠example… wrote"},
	    {"<\"q\\\"p\"@example.org>", "<\"q\\\"p\"＠example…>"},
	    {"u@[192.0.2.1], u@[IPv6:2001:db8::1]", "u＠[…], u＠[…]"},
	    {"\"q p\"@[192.0.2.1]", "\"q p\"＠[…]"},
	    {"a@[0], a@[], a@[1.2, a@[1.2], a@[1..3], a@[IPv6:]",
		"a@[0], a@[], a@[1.2, a@[1.2], a@[1..3], a@[IPv6:]"},
	    /* Names of packages begin so. */
	    {"\"@a/b.c\": 1, \"x\": \"@a/b.c\", (\"@a.b\"), \"p\"@localhost",
		"\"@a/b.c\": 1, \"x\": \"@a/b.c\", (\"@a.b\"), "
		"\"p\"@localhost"},
	    {"jo＠example.org", "jo＠example…"},
	    {"jo＠example…", "jo＠example…"},
	    {"純＠例え.jp、bo@example.net＠x.org.", "純＠例え…."},
	    {"＠example.org x＠ y＠.org z＠host. \357＠",
		"＠example.org x＠ y＠.org z＠host. \357＠"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = addr_protect(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

/* In a header nothing is followed. */
static void
protect_header(void)
{
	static const char *const rows[][2] = {
	    {"no address", "no address"},
	    {"Jo <jo@example.org>", "Jo <jo＠example…>"},
	    {"<https://x.example/u?a=jo@example.org&b=1>",
		"<https://x.example/u?a=jo＠example…&b=1>"},
	    {"<https://x.example/u/jo%40example.org/>",
		"<https://x.example/u/jo＠example…/>"},
	    {"<https://x.example/u/jo%2540example.org/>",
		"<https://x.example/u/jo＠example…/>"},
	    {"https://jo@x.example/", "https://jo＠x…/"},
	    {"<bounces+jo=example.org@x.example>", "<bounces+jo=…＠x…>"},
	    {"<20190101120000.12345-1-jo@example.org>",
		"<20190101120000.12345-1-jo@example.org>"},
	    {"mid:a@b.example", "mid:a@b.example"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = addr_protect_header(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/addr/canonical", canonical);
	g_test_add_func("/addr/names", names);
	g_test_add_func("/addr/order-is-kept", order_is_kept);
	g_test_add_func("/addr/limited", limited);
	g_test_add_func("/addr/name-given-once", name_given_once);
	g_test_add_func("/addr/deep", deep);
	g_test_add_func("/addr/protect", protect);
	g_test_add_func("/addr/protect-header", protect_header);
	return g_test_run();
}
