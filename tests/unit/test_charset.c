/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/charset.h"

#include <glib.h>

#include <string.h>

/* want NULL: the octets themselves. */
static const struct {
	const char *label, *octets, *want;
} table[] = {
    {NULL, "", NULL},
    {NULL, "plain", NULL},
    {"us-ascii", "plain", NULL},
    {"utf-8", "\xC3\xBC", NULL},
    {"iso-8859-1", "\xC3\xBC", NULL}, /* UTF-8 whatever the label says */
    {"iso-8859-1", "\xFC\x80", "\xC3\xBC\xE2\x82\xAC"},
    {NULL, "\xFC", "\xC3\xBC"},
    {"y", "\xFC", "\xC3\xBC"},
    {"n", "n\xFC", "n\xC3\xBC"},
    {"binary", "\xFC", "\xC3\xBC"},
    {"x-unknown", "\xFC", "\xC3\xBC"},
    {"", "\xFC", "\xC3\xBC"},
    {"../../gconv", "\xFC", "\xC3\xBC"},
    {"utf-8//ignore", "\xC3\xBC", NULL},
    {"windows-1251", "\xCF\xF0", "\xD0\x9F\xD1\x80"},
    {"windows-1252http://example.org/", "\x80", "\xE2\x82\xAC"},
    {"\"ISO-8859-15\"", "\xA4", "\xE2\x82\xAC"},
    {"iso-8859-9", "\xFE", "\xC5\x9F"},
    {"iso-8859-8-i", "\xE0", "\xD7\x90"},
    {"koi8-r", "\xF0", "\xD0\x9F"},
    {"koi8-u", "\xA4", "\xD1\x94"},
    {"gb2312", "\xC4\xE3\xBA\xC3", "\xE4\xBD\xA0\xE5\xA5\xBD"},
    {"gbk", "\xC4\xE3", "\xE4\xBD\xA0"},
    {"gb2312", "\xE9\x46", "\xE9\x95\x95"}, /* not in GB 2312 itself */
    {"hz-gb-2312", "a~{Dc:C~}b~~",
	"a\xE4\xBD\xA0\xE5\xA5\xBD"
	"b~"},
    {"big5", "\xA7\x41", "\xE4\xBD\xA0"},
    {"ks_c_5601-1987", "\xBE\xC8", "\xEC\x95\x88"},
    {"shift_jis", "\x82\xA0", "\xE3\x81\x82"},
    {"euc-jp", "\xA4\xA2", "\xE3\x81\x82"},
    {"iso-2022-jp", "\033$B$\"\033(B", "\xE3\x81\x82"},
    /* What Windows adds to it: row 13, katakana of half width. */
    {"iso-2022-jp", "a\033$B-!\033(Bb\n",
	"a\xE2\x91\xA0"
	"b\n"},
    {"cp50221", "\033(I1\033(B", "\xEF\xBD\xB1"},
    {"iso-2022-jp-2", "\033$A0!\033(B", "\xE5\x95\x8A"},
    {NULL, "\033$B$\"\033(B", "\xE3\x81\x82"},
    {"iso-2022-kr", "\033$)C\016>H\017", "\xEC\x95\x88"},
    {"utf-7", "a+AOQ-b",
	"a\xC3\xA4"
	"b"},
    {"unicode-1-1-utf-7", "+AOQ-", "\xC3\xA4"},
    {"us-ascii", "+AOQ-", NULL}, /* UTF-7 only where it is declared */
    {"utf-8", "+ADw-", NULL},
    /* Broken in one place: that place is marked, the rest is kept. */
    {"utf-8", "\xC3\xBC\xC3\xA4\xC3", "\xC3\xBC\xC3\xA4\xEF\xBF\xBD"},
    {NULL, "\xE4\xBD\xA0\xE5\xA5", "\xE4\xBD\xA0\xEF\xBF\xBD"},
    {"gb2312", "\xC4\xE3\xFF", "\xE4\xBD\xA0\xEF\xBF\xBD"},
    {"shift_jis", "\x82", "\xEF\xBF\xBD"},
};

static void
labels(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		size_t len = 0;
		g_autofree char *got = charset_to_utf8(table[i].label,
		    table[i].octets, strlen(table[i].octets), &len);

		g_test_message("row %zu: %s", i, table[i].label);
		g_assert_cmpstr(got, ==, table[i].want);
		if (got != NULL)
			g_assert_cmpuint(len, ==, strlen(got));
	}
}

static void
nul_is_no_reason_to_convert(void)
{
	size_t len = 0;

	g_assert_null(charset_to_utf8(NULL, "\xC3\xBC\0b", 4, &len));
}

static void
utf16_has_nuls(void)
{
	size_t len = 0;
	g_autofree char *with_bom =
	    charset_to_utf8("utf-16", "\xFE\xFF\0a\0b", 6, &len);
	g_autofree char *le = charset_to_utf8("utf-16le", "a\0b\0", 4, &len);
	g_autofree char *odd = charset_to_utf8("utf-16le", "a\0b", 3, &len);

	g_assert_cmpstr(with_bom, ==, "ab");
	g_assert_cmpstr(le, ==, "ab");
	g_assert_cmpstr(odd, ==, "a\xEF\xBF\xBD");
}

/* All octets under every label: valid UTF-8, whatever comes. */
static void
always_valid(void)
{
	static const char *const names[] = {"big5", "cp850", "euc-jp", "euc-kr",
	    "euc-tw", "gb18030", "hz", "iso-2022-cn", "iso-2022-jp",
	    "iso-2022-jp-3", "iso-2022-kr", "iso-8859-6", "johab", "macintosh",
	    "sjis", "utf-16", "utf-32", "utf-7", "viscii", "windows-1258",
	    "us-ascii"};
	char octets[1024];

	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = (char)(i * 7 + i / 256);
	charset_init();
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t len = 0;
		g_autofree char *text =
		    charset_to_utf8(names[i], octets, sizeof octets, &len);
		g_autofree char *no_nul = NULL;

		g_assert_nonnull(text);
		no_nul = g_strndup(text, len);
		for (size_t j = 0; j < len; j++)
			no_nul[j] = text[j] != '\0' ? text[j] : ' ';
		g_test_message("%s", names[i]);
		g_assert_true(g_utf8_validate(no_nul, (gssize)len, NULL));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/charset/labels", labels);
	g_test_add_func("/charset/nul-is-no-reason-to-convert",
	    nul_is_no_reason_to_convert);
	g_test_add_func("/charset/utf16-has-nuls", utf16_has_nuls);
	g_test_add_func("/charset/always-valid", always_valid);
	return g_test_run();
}
