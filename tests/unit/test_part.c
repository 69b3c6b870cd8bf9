/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/part.h"

#include "base/limits.h"
#include "mail/encoding.h"

#include <string.h>

static const struct {
	Encoding encoding;
	const char *in, *out;
} decodings[] = {
    {ENCODING_IDENTITY, "a=20b\r\n", "a=20b\r\n"},
    {ENCODING_BINARY, "a\r\nb", "a\r\nb"},
    {ENCODING_BASE64, "aGVsbG8=", "hello"},
    {ENCODING_BASE64, "aGVs\r\nbG8\r\n", "hello"},
    {ENCODING_BASE64, " \n", ""},
    {ENCODING_BASE64, "-", "-"}, /* no base64: as it is */
    {ENCODING_QUOTED_PRINTABLE, "a=\nb=3D=\r\nc", "ab=c"},
    {ENCODING_BASE64, "aGVsbA", "hell"},
    {ENCODING_BASE64, "aGU=bGw=bw==\n", "hello"},
    {ENCODING_BASE64, "a-G!V\xFFs", "hel"},
    {ENCODING_QUOTED_PRINTABLE, "=\n", ""},
    {ENCODING_QUOTED_PRINTABLE, "=zz =", "=zz "},
    {ENCODING_QUOTED_PRINTABLE, "a= \t\r\nb= c=", "ab= c"},
    {ENCODING_QUOTED_PRINTABLE, "=C3=bc=4", "\xC3\xBC=4"},
    {ENCODING_UUENCODE, "x\nbegin 0644 a\r\n#86)C\r\n \r\nend\r\n", "abc"},
    {ENCODING_UUENCODE, "begin 644 a\n$86)C", "abc"},
    {ENCODING_UUENCODE, "begin 644 a\nend\n", "begin 644 a\nend\n"},
    {ENCODING_UUENCODE, "begin 644 a\n%:&5L;&\\\n`\nend\n", "hello"},
    {ENCODING_UUENCODE, "no such thing\n", "no such thing\n"},
};

static void
decodes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(decodings); i++) {
		const char *in = decodings[i].in;
		g_autoptr(GBytes) raw = g_bytes_new_static(in, strlen(in));
		Part p = {.type = "text/plain",
		    .encoding = decodings[i].encoding,
		    .len = strlen(in)};
		g_autoptr(GBytes) got = part_decode(raw, &p);
		g_autoptr(GBytes) want = g_bytes_new_static(
		    decodings[i].out, strlen(decodings[i].out));

		g_test_message("row %zu", i);
		g_assert_true(g_bytes_equal(got, want));
	}
}

/* Octets are decoded the same wherever they are cut. */
static void
decodes_in_pieces(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(decodings); i++) {
		const char *in = decodings[i].in;
		size_t len = strlen(in), want_len = 0;
		Encoding e = decodings[i].encoding;

		if (e == ENCODING_IDENTITY || e == ENCODING_BINARY)
			continue;
		g_autofree char *want = encoding_decode(e, in, len, &want_len);

		for (size_t cut = 0; cut <= len; cut++) {
			EncodingState s = {.encoding = e};
			char out[100];
			size_t used = 0, rest = 0,
			       n = encoding_feed(
				   &s, in, cut, false, out, &used);

			g_test_message("row %zu, cut at %zu", i, cut);
			n += encoding_feed(
			    &s, in + used, len - used, true, out + n, &rest);
			g_assert_cmpuint(n, ==, want != NULL ? want_len : 0);
			g_assert_true(
			    want == NULL || memcmp(out, want, n) == 0);
			g_assert_cmpuint(used + rest, ==, len);
		}
	}
}

static void
identity_is_no_copy(void)
{
	g_autoptr(GBytes) raw = g_bytes_new("0123456789", 10);
	Part p = {.type = "text/plain", .off = 2, .len = 5};
	g_autoptr(GBytes) got = part_decode(raw, &p);
	const char *start = g_bytes_get_data(raw, NULL);

	g_assert_true(g_bytes_get_data(got, NULL) == start + 2);
	g_assert_cmpuint(g_bytes_get_size(got), ==, 5);
}

static void
offsets_beyond_the_end(void)
{
	g_autoptr(GBytes) raw = g_bytes_new("0123456789", 10);
	Part p = {.type = "text/plain", .off = 8, .len = 5};
	Part far = {.type = "text/plain", .off = 80, .len = SIZE_MAX};
	g_autoptr(GBytes) two = part_decode(raw, &p);
	g_autoptr(GBytes) none = part_decode(raw, &far);

	g_assert_cmpuint(g_bytes_get_size(two), ==, 2);
	g_assert_cmpuint(g_bytes_get_size(none), ==, 0);
}

static char *
text_of(const char *in, size_t len, const Part *like, bool *cut)
{
	g_autoptr(GBytes) raw = g_bytes_new(in, len);
	Part p = *like;

	p.len = len;
	return part_text(raw, &p, cut);
}

static const struct {
	const char *charset;
	Encoding encoding;
	const char *in, *out;
} texts[] = {
    {NULL, ENCODING_IDENTITY, "", ""},
    {NULL, ENCODING_IDENTITY, "a\r\nb\rc\n\r\n", "a\nb\nc\n\n"},
    {NULL, ENCODING_IDENTITY, "a\r\r\nb\r", "a\n\nb\n"},
    {NULL, ENCODING_IDENTITY, "a\tb\x07\x7F.", "a\tb\xEF\xBF\xBD\xEF\xBF\xBD."},
    {NULL, ENCODING_IDENTITY, "\xC2\x85\xC2\xA0", "\xEF\xBF\xBD\xC2\xA0"},
    {NULL, ENCODING_IDENTITY, "\xEF\xBF\xBE\xEF\xBF\xBD",
	"\xEF\xBF\xBD\xEF\xBF\xBD"},
    {NULL, ENCODING_IDENTITY,
	"\xEF\xBB\xBF"
	"a",
	"a"},
    {"iso-8859-1", ENCODING_IDENTITY, "\xFC\r\n", "\xC3\xBC\n"},
    {"utf-8", ENCODING_QUOTED_PRINTABLE, "=C3=BC=\r\nx\r\n", "\xC3\xBCx\n"},
    {"gb2312", ENCODING_BASE64, "xOO6ww==", "\xE4\xBD\xA0\xE5\xA5\xBD"},
    {"iso-2022-jp", ENCODING_IDENTITY, "\033$B$\"\033(B\n", "\xE3\x81\x82\n"},
    {"utf-7", ENCODING_IDENTITY, "+ADw-b+AD4-", "<b>"},
    {"utf-7", ENCODING_IDENTITY, "+AAA-", "\xEF\xBF\xBD"},
    {"utf-16be", ENCODING_BASE64, "AGEADQAK", "a\n"},
};

static void
reads_text(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		Part p = {.type = "text/plain",
		    .charset = texts[i].charset,
		    .encoding = texts[i].encoding};
		bool cut = true;
		g_autofree char *got =
		    text_of(texts[i].in, strlen(texts[i].in), &p, &cut);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, texts[i].out);
		g_assert_false(cut);
	}
}

/* Each byte value at each place among eight, against the rule itself. */
static void
controls_at_any_place(void)
{
	for (unsigned int c = 1; c < 0x80; c++) {
		for (size_t at = 0; at < 20; at++) {
			char in[] = "abcdefghijklmnopqrst";
			Part p = {.type = "text/plain"};
			bool cut = false;
			bool control = c < ' ' || c == 0x7F;
			g_autofree char *got = NULL;
			g_autofree char *want = NULL;

			in[at] = (char)c;
			got = text_of(in, strlen(in), &p, &cut);
			want = g_strdup_printf("%.*s%s%s", (int)at, in,
			    c == '\r' ? "\n"
			    : control && c != '\t' && c != '\n'
				? "\xEF\xBF\xBD"
				: ((char[]){(char)c, '\0'}),
			    in + at + 1);
			g_assert_cmpstr(got, ==, want);
		}
	}
}

/* What is not ASCII, at each place: letters as they are, and what may not
 * stand in a text. */
static void
letters_at_any_place(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {{"\xC3\xBC", "\xC3\xBC"}, {"\xC2\x85", "\xEF\xBF\xBD"},
	    {"\xEF\xBF\xBE", "\xEF\xBF\xBD"}, {"\xEF\xBC\xA1", "\xEF\xBC\xA1"},
	    {"\xE2\x82\xAC\xF0\x9F\x98\x80", "\xE2\x82\xAC\xF0\x9F\x98\x80"},
	    {"\xC3", "\xC3\x83"}, {"\xFC", "\xC3\xBC"},
	    {"\xC3\xBC\x01", "\xC3\xBC\xEF\xBF\xBD"}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (int at = 0; at <= 40; at++) {
			static const char around[] =
			    "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
			Part p = {.type = "text/plain"};
			bool cut = false;
			g_autofree char *in = g_strdup_printf(
			    "%.*s%s%s", at, around, rows[i].in, around + at);
			g_autofree char *want = g_strdup_printf(
			    "%.*s%s%s", at, around, rows[i].out, around + at);
			g_autofree char *got =
			    text_of(in, strlen(in), &p, &cut);

			g_assert_cmpstr(got, ==, want);
		}
	}
}

static void
nul_is_replaced(void)
{
	Part p = {.type = "text/plain"};
	bool cut = false;
	g_autofree char *got = text_of("\xC3\xBC\0b", 4, &p, &cut);

	g_assert_cmpstr(got, ==,
	    "\xC3\xBC\xEF\xBF\xBD"
	    "b");
}

static void
long_text_is_cut(void)
{
	g_autoptr(GString) in = g_string_new("a");
	Part p = {.type = "text/plain"};
	bool cut = false;
	g_autofree char *got = NULL;
	g_autofree char *again = NULL;

	while (in->len <= LIMIT_SHOWN_TEXT_BYTES)
		g_string_append(in, "\xC3\xBC");
	got = text_of(in->str, in->len, &p, &cut);
	g_assert_true(cut);
	g_assert_cmpuint(strlen(got), ==, LIMIT_SHOWN_TEXT_BYTES - 1);
	g_assert_true(g_utf8_validate(got, -1, NULL));
	g_string_truncate(in, LIMIT_SHOWN_TEXT_BYTES - 1);
	again = text_of(in->str, in->len, &p, &cut);
	g_assert_false(cut);
	g_assert_cmpstr(again, ==, got);
}

static void
long_encoded_text_is_cut(void)
{
	g_autoptr(GString) in = g_string_new(NULL);
	Part p = {.type = "text/plain", .encoding = ENCODING_QUOTED_PRINTABLE};
	bool cut = false;
	g_autofree char *got = NULL;

	for (size_t i = 0; i < 3 * LIMIT_SHOWN_TEXT_BYTES; i++)
		g_string_append(in, "=41=\n");
	got = text_of(in->str, in->len, &p, &cut);
	g_assert_true(cut);
	g_assert_cmpuint(strlen(got), ==, LIMIT_SHOWN_TEXT_BYTES);
}

static const struct {
	const char *type, *name, *want;
} names[] = {
    {"text/plain", NULL, "part-3.txt"},
    {"text/x-patch", NULL, "part-3.patch"},
    {"application/x-thing", "", "part-3.bin"},
    {"image/png", "a.png", "a.png"},
    {"image/png", "/etc/passwd", "passwd"},
    {"image/png", "C:\\dir\\a b.png", "a b.png"},
    {"image/png", "..", "part-3.png"},
    {"image/png", "../", "part-3.png"},
    {"image/png", ".bashrc", "bashrc"},
    {"image/png", "-rf", "rf"},
    {"image/png", "a?b#c%d.png", "a_b_c_d.png"},
    {"image/png", "a\"b<c>.png. ", "a_b_c_.png"},
    {"image/png", "a\xE2\x80\xAEgnp.exe", "a_gnp.exe"},
    {"image/png", "f\xC3\xBC.png", "f\xC3\xBC.png"},
};

static void
names_files(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		Part p = {.type = names[i].type, .name = names[i].name};
		g_autofree char *got = part_file_name(&p, 3);

		g_assert_cmpstr(got, ==, names[i].want);
	}
}

static void
long_name_keeps_its_extension(void)
{
	g_autoptr(GString) name = g_string_new("x");
	Part p = {.type = "image/png"};
	g_autofree char *got = NULL;

	for (int i = 0; i < 300; i++)
		g_string_append(name, "\xC3\xBC");
	g_string_append(name, ".png");
	p.name = name->str;
	got = part_file_name(&p, 1);
	g_assert_cmpuint(strlen(got), <=, 120);
	g_assert_true(g_str_has_suffix(got, "\xC3\xBC.png"));
	g_assert_true(g_utf8_validate(got, -1, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/part/decodes", decodes);
	g_test_add_func("/part/decodes-in-pieces", decodes_in_pieces);
	g_test_add_func("/part/identity-is-no-copy", identity_is_no_copy);
	g_test_add_func("/part/offsets-beyond-the-end", offsets_beyond_the_end);
	g_test_add_func("/part/reads-text", reads_text);
	g_test_add_func("/part/controls-at-any-place", controls_at_any_place);
	g_test_add_func("/part/letters-at-any-place", letters_at_any_place);
	g_test_add_func("/part/nul-is-replaced", nul_is_replaced);
	g_test_add_func("/part/long-text-is-cut", long_text_is_cut);
	g_test_add_func(
	    "/part/long-encoded-text-is-cut", long_encoded_text_is_cut);
	g_test_add_func("/part/names-files", names_files);
	g_test_add_func("/part/long-name-keeps-its-extension",
	    long_name_keeps_its_extension);
	return g_test_run();
}
