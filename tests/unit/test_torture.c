/*
 * test_torture.c - other projects' collections of broken and hostile mail:
 * each message has parts within its bounds that decode, and no HTML of it
 * comes through in any form but the whitelist's.
 *
 * The collections are not part of the project: FELID_CORPORA names the
 * folder that has them, else ../shared/corpora is looked for.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../lib/html_check.h"
#include "mail/html.h"
#include "mail/parse.h"
#include "mail/part.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const collections[] = {"mime-tools", "mimekit",
    "public-inbox", "stalwart-mail-parser", "xss-payloadbox"};

static void
check_html(const char *html)
{
	g_autofree char *safe = html_sanitise(html, NULL);
	g_autofree char *text = html_to_text(html);

	g_assert_true(safe == NULL || html_check(safe) == NULL);
	g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void
check_part(GBytes *raw, const Part *p)
{
	g_autoptr(GBytes) octets G_GNUC_UNUSED = part_decode(raw, p);
	bool cut = false;
	g_autofree char *text = part_text(raw, p, &cut);

	g_assert_cmpuint(p->off, <=, g_bytes_get_size(raw));
	g_assert_cmpuint(p->len, <=, g_bytes_get_size(raw) - p->off);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	/* All of them: HTML hides in parts that do not say so. */
	check_html(text);
}

static void
check_message(GBytes *raw)
{
	g_autoptr(Msg) m = parse_msg(raw);
	g_autofree char *outline = msg_write_outline(m);
	g_autoptr(GError) err = NULL;
	g_autoptr(Msg) again = msg_read_outline(outline, strlen(outline), &err);

	g_assert_no_error(err);
	g_assert_cmpuint(again->n_parts, ==, m->n_parts);
	check_html(m->subject);
	for (size_t i = 0; i < m->n_parts; i++)
		check_part(raw, &m->parts[i]);
}

/* Each file of folder; they go on the way. */
static size_t
check_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name = NULL;
	size_t n = 0;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autoptr(GBytes) raw = NULL;
		char *data = NULL;
		gsize len = 0;

		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			n += check_folder(path);
			continue;
		}
		g_assert_true(g_file_get_contents(path, &data, &len, NULL));
		raw = g_bytes_new_take(data, len);
		check_message(raw);
		g_assert_cmpint(g_remove(path), ==, 0);
		n++;
	}
	g_rmdir(folder);
	return n;
}

static char *
find_archive(const char *collection)
{
	const char *corpora = g_getenv("FELID_CORPORA");
	g_autofree char *name = g_strconcat(collection, ".tar.zst", NULL);

	if (corpora != NULL)
		return g_build_filename(corpora, "torture", name, NULL);
	return g_build_filename(g_getenv("FELID_SOURCE"), "..", "shared",
	    "corpora", "torture", name, NULL);
}

static void
check_collection(gconstpointer collection)
{
	g_autofree char *archive = find_archive(collection);
	g_autofree char *folder = NULL;
	g_autoptr(GError) err = NULL;
	const char *argv[] = {"tar", "--zstd", "-xf", archive, "-C", NULL,
	    "--no-same-permissions", NULL};
	int status = -1;
	size_t n = 0;

	if (!g_file_test(archive, G_FILE_TEST_EXISTS)) {
		g_test_skip("no collection: set FELID_CORPORA");
		return;
	}
	folder = g_dir_make_tmp("felid-torture-XXXXXX", &err);
	g_assert_no_error(err);
	argv[5] = folder;
	g_spawn_sync(NULL, (char **)(void *)argv, NULL, G_SPAWN_SEARCH_PATH,
	    NULL, NULL, NULL, NULL, &status, &err);
	g_assert_no_error(err);
	g_assert_cmpint(status, ==, 0);
	n = check_folder(folder);
	g_test_message("%zu messages", n);
	g_assert_cmpuint(n, >, 10);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	for (size_t i = 0; i < G_N_ELEMENTS(collections); i++) {
		g_autofree char *path =
		    g_strconcat("/torture/", collections[i], NULL);

		g_test_add_data_func(path, collections[i], check_collection);
	}
	return g_test_run();
}
