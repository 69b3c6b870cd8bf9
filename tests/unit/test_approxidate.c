/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "search/approxidate.h"

#include <glib.h>

#include <string.h>

/* Wednesday, 2026-11-25 14:18:29 UTC. */
#define NOW INT64_C(1795616309)

static char *
say(int64_t t)
{
	if (t == INT64_MIN || t == INT64_MAX)
		return g_strdup("");
	return date_format_rfc3339(t);
}

/* Run a table, of tests/vectors/approxidate.tsv: a text, and from when to
 * when it is, or "none". */
static void
vectors(void)
{
	const char *source = g_getenv("FELID_SOURCE");
	g_autofree char *path = g_build_filename(source != NULL ? source : ".",
	    "tests", "vectors", "approxidate.tsv", NULL);
	g_autofree char *data = NULL;

	g_assert_true(g_file_get_contents(path, &data, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(data, "\n", -1);
	size_t n = 0;

	for (size_t i = 0; lines[i] != NULL; i++) {
		if (lines[i][0] == '\0' || lines[i][0] == '#')
			continue;
		g_auto(GStrv) row = g_strsplit(lines[i], "\t", -1);
		g_autofree char *got = g_strdup("none");
		ApproxSpan s;

		g_assert_cmpuint(g_strv_length(row), ==, 2);
		if (approxidate_range(row[0], strlen(row[0]), NOW, &s)) {
			g_autofree char *from = say(s.from);
			g_autofree char *to = say(s.to);

			g_free(got);
			got = g_strdup_printf("%s..%s", from, to);
		}
		g_test_message("%s", row[0]);
		g_assert_cmpstr(got, ==, row[1]);
		n++;
	}
	g_assert_cmpuint(n, >, 80);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/approxidate/vectors", vectors);
	return g_test_run();
}
