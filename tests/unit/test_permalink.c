/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "mail/parse.h"
#include "mail/permalink.h"

#include <string.h>

/* The columns of tests/vectors/permalink.tsv. */
typedef enum {
	COL_NAME,
	COL_MESSAGE,
	COL_ID,
	COL_ORIGINATOR,
	COL_CONTENT,
	COL_LEGACY,
	COL_LEGACY_ID,
	COL_ORIGINATOR_TEXT,
	COL_CONTENT_TEXT,
	N_COLS,
} Col;

/* Rows that must be there; more may be. */
#define MIN_ROWS 40u

/* The octet that an escape stands for; p is behind its backslash.  Returns
 * how long the escape is from there. */
static size_t
read_escape(const char *p, char *c)
{
	static const char *const names = "nrt\\", *const octets = "\n\r\t\\";
	const char *at = NULL;

	if (p[0] == 'x') {
		*c = (char)(g_ascii_xdigit_value(p[1]) * 16 +
			    g_ascii_xdigit_value(p[2]));
		return 3;
	}
	at = strchr(names, p[0]);
	g_assert_nonnull(at);
	*c = octets[at - names];
	return 1;
}

/* The octets that a column stands for. */
static GBytes *
unescape(const char *p)
{
	GString *out = g_string_new(NULL);

	while (*p != '\0') {
		char c = *p++;

		if (c == '\\')
			p += read_escape(p, &c);
		g_string_append_c(out, c);
	}
	return g_string_free_to_bytes(out);
}

/* The names of the row stand before what is compared, to be seen when they
 * differ. */
static void
check_key(char **cols, Col col, const Permalinks *got, KeyKind kind)
{
	g_autofree char *want =
	    g_strdup_printf("%s: %s", cols[COL_NAME], cols[col]);
	g_autofree char *found = NULL;
	char key[KEY_LEN + 1] = "-";

	if (got->has[kind])
		permalink_key(got->digest[kind], key);
	found = g_strdup_printf("%s: %s", cols[COL_NAME], key);
	if (g_ascii_strcasecmp(found, want) != 0)
		g_assert_cmpstr(found, ==, want);
}

static void
check_row(char **cols)
{
	g_autoptr(GBytes) raw = unescape(cols[COL_MESSAGE]);
	g_autoptr(GBytes) want = unescape(cols[COL_ORIGINATOR_TEXT]);
	gsize len = 0, want_len = 0;
	const char *msg = g_bytes_get_data(raw, &len);
	const char *want_text = g_bytes_get_data(want, &want_len);
	g_autofree char *text = permalink_originator_text(msg, len);
	g_autofree char *want_string = g_strndup(want_text, want_len);
	g_autoptr(Msg) m = NULL;
	Permalinks got;

	g_assert_cmpstr(text, ==, want_string);
	permalink_of_header(msg, len, &got);
	check_key(cols, COL_ID, &got, KEY_ID);
	check_key(cols, COL_ORIGINATOR, &got, KEY_ORIGINATOR);
	check_key(cols, COL_LEGACY, &got, KEY_LEGACY);
	check_key(cols, COL_LEGACY_ID, &got, KEY_LEGACY_ID);
	g_assert_false(got.has[KEY_CONTENT]);
	m = parse_msg(raw);
	permalink_compute(raw, m, &got);
	check_key(cols, COL_ID, &got, KEY_ID);
	check_key(cols, COL_ORIGINATOR, &got, KEY_ORIGINATOR);
	check_key(cols, COL_CONTENT, &got, KEY_CONTENT);
}

static void
vectors(void)
{
	g_autofree char *path = g_build_filename(g_getenv("FELID_SOURCE"),
	    "tests", "vectors", "permalink.tsv", NULL);
	g_autofree char *file = NULL;
	g_autoptr(GError) err = NULL;
	g_auto(GStrv) lines = NULL;
	unsigned int n = 0;

	g_file_get_contents(path, &file, NULL, &err);
	g_assert_no_error(err);
	lines = g_strsplit(file, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) cols = NULL;

		if (lines[i][0] == '#' || lines[i][0] == '\0')
			continue;
		cols = g_strsplit(lines[i], "\t", -1);
		g_assert_cmpuint(g_strv_length(cols), ==, N_COLS);
		check_row(cols);
		n++;
	}
	g_assert_cmpuint(n, >=, MIN_ROWS);
}

/* As "printf %s ID | openssl dgst -sha256 -binary | base32" has them. */
static void
bare_ids(void)
{
	static const char *const rows[][3] = {
	    {"one@example.org",
		"g4kohci5ya5om57mj7mzde256x3ej7offwudc3ml2y24z4wj6mdq",
		"fcxz75l3ixzlgmhmde32q6ikl2rlpvcn"},
	    {"abc@x", "w5erfj6zila6o74wj4cf25czyiclq672q2n5ise5zxmt2amviuta",
		"ngrwfcqiktnn76f3gcd2dkyr57uybugm"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *id = NULL, *legacy = NULL;
		unsigned char one[DIGEST_BYTES];
		Permalinks got;

		permalink_of_id(rows[i][0], &got);
		g_assert_true(got.has[KEY_ID] && got.has[KEY_LEGACY]);
		g_assert_false(got.has[KEY_ORIGINATOR] ||
			       got.has[KEY_CONTENT] || got.has[KEY_LEGACY_ID]);
		id = text_base32(got.digest[KEY_ID], DIGEST_BYTES);
		legacy = text_base32(got.digest[KEY_LEGACY], KEY_BYTES);
		g_assert_cmpuint(strlen(id), ==, DIGEST_LEN);
		g_assert_cmpstr(id, ==, rows[i][1]);
		g_assert_cmpstr(legacy, ==, rows[i][2]);
		permalink_digest_of_id(rows[i][0], KEY_ID, one);
		g_assert_true(
		    memcmp(one, got.digest[KEY_ID], DIGEST_BYTES) == 0);
		permalink_digest_of_id(rows[i][0], KEY_LEGACY, one);
		g_assert_true(
		    memcmp(one, got.digest[KEY_LEGACY], KEY_BYTES) == 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/permalink/vectors", vectors);
	g_test_add_func("/permalink/bare-ids", bare_ids);
	return g_test_run();
}
