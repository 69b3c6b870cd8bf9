/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#define KEY "3jkbf2xqgz7mtv4yl5n6opw2rs3aecdh"

static const struct {
	const char *path;
	RouteKind kind;
	RouteView view;
	const char *list, *name, *file;
	unsigned int part;
	int year, month;
} cases[] = {
    {"/", ROUTE_HOME, 0, NULL, NULL, NULL, 0, 0, 0},
    {"", ROUTE_HOME, 0, NULL, NULL, NULL, 0, 0, 0},
    {"//x", ROUTE_NONE, 0, NULL, NULL, NULL, 0, 0, 0},
    {"x", ROUTE_NONE, 0, NULL, NULL, NULL, 0, 0, 0},
    {"*", ROUTE_NONE, 0, NULL, NULL, NULL, 0, 0, 0},
    {"/robots.txt", ROUTE_SITE, 0, NULL, "robots.txt", NULL, 0, 0, 0},
    {"/~api", ROUTE_API, 0, NULL, "", NULL, 0, 0, 0},
    {"/~api/v1/lists/a%20b/", ROUTE_API, 0, NULL, "/v1/lists/a%20b/", NULL, 0,
	0, 0},
    {"/~apis", ROUTE_TOP, 0, NULL, "~apis", NULL, 0, 0, 0},
    {"/~/style-1.css", ROUTE_ASSET, 0, NULL, "style-1.css", NULL, 0, 0, 0},
    {"/a.example.org", ROUTE_TOP, 0, NULL, "a.example.org", NULL, 0, 0, 0},
    {"/a.example.org/", ROUTE_TOP, 0, NULL, "a.example.org", NULL, 0, 0, 0},
    {"/a%40example.org", ROUTE_TOP, 0, NULL, "a@example.org", NULL, 0, 0, 0},
    {"/%00", ROUTE_NONE, 0, NULL, NULL, NULL, 0, 0, 0},
    {"/a.b/2024/03/", ROUTE_MONTH, 0, "a.b", NULL, NULL, 0, 2024, 3},
    {"/a.b/2024/03", ROUTE_MONTH, 0, "a.b", NULL, NULL, 0, 2024, 3},
    {"/a.b/2024", ROUTE_MONTH, 0, "a.b", NULL, NULL, 0, 2024, 0},
    {"/a.b/2024/13/", ROUTE_NAME, 0, "a.b", "2024/13", NULL, 0, 0, 0},
    {"/a.b/2024/00/", ROUTE_NAME, 0, "a.b", "2024/00", NULL, 0, 0, 0},
    {"/a.b/2024/03.mbox.gz", ROUTE_MBOXES, 0, "a.b", NULL, NULL, 0, 2024, 3},
    {"/a.b/all.mbox.gz", ROUTE_MBOXES, 0, "a.b", NULL, NULL, 0, 0, 0},
    {"/a.b/2024/03.mbox.zst", ROUTE_MBOXES, 0, "a.b", NULL, NULL, 0, 2024, 3},
    {"/a.b/all.mbox.zst", ROUTE_MBOXES, 0, "a.b", NULL, NULL, 0, 0, 0},
    {"/a.b/2024/3.mbox.zst", ROUTE_NAME, 0, "a.b", "2024/3.mbox.zst", NULL, 0,
	0, 0},
    {"/llms.txt", ROUTE_SITE, 0, NULL, "llms.txt", NULL, 0, 0, 0},
    {"/sitemap.xml", ROUTE_SITE, 0, NULL, "sitemap.xml", NULL, 0, 0, 0},
    {"/sitemap.xml/", ROUTE_TOP, 0, NULL, "sitemap.xml", NULL, 0, 0, 0},
    {"/a.b/sitemap.xml", ROUTE_MAP, 0, "a.b", NULL, NULL, 0, 0, 0},
    {"/a.b/opensearch.xml", ROUTE_OPENSEARCH, 0, "a.b", NULL, NULL, 0, 0, 0},
    {"/all/opensearch.xml", ROUTE_OPENSEARCH, 0, "all", NULL, NULL, 0, 0, 0},
    {"/a.b/sitemap-2024-03.xml", ROUTE_MAP, 0, "a.b", NULL, NULL, 0, 2024, 3},
    {"/a.b/sitemap-2024-13.xml", ROUTE_NAME, 0, "a.b", "sitemap-2024-13.xml",
	NULL, 0, 0, 0},
    {"/a.b/sitemap-2024+03.xml", ROUTE_NAME, 0, "a.b", "sitemap-2024+03.xml",
	NULL, 0, 0, 0},
    {"/a.b/sitemap-20x4-03.xml", ROUTE_NAME, 0, "a.b", "sitemap-20x4-03.xml",
	NULL, 0, 0, 0},
    {"/a.b/author/qh2j7pxxeagv/", ROUTE_AUTHOR, 0, "a.b", "qh2j7pxxeagv", NULL,
	0, 0, 0},
    {"/a.b/author/qh2j7pxxeagv/new.atom", ROUTE_AUTHOR, ROUTE_ATOM, "a.b",
	"qh2j7pxxeagv", NULL, 0, 0, 0},
    {"/a.b/author/a@b/", ROUTE_NAME, 0, "a.b", "author/a@b", NULL, 0, 0, 0},
    {"/a.b/new.atom", ROUTE_FEED, 0, "a.b", NULL, NULL, 0, 0, 0},
    {"/a.b/topics_active.atom", ROUTE_FEED, 0, "a.b", NULL, NULL, 0, 0, 0},
    {"/a.b/topics_new.html", ROUTE_TOP, 0, NULL, "a.b", NULL, 0, 0, 0},
    {"/a.b/topics_new.html/", ROUTE_NAME, 0, "a.b", "topics_new.html", NULL, 0,
	0, 0},
    {"/a.b/2024.mbox.gz", ROUTE_NAME, 0, "a.b", "2024.mbox.gz", NULL, 0, 0, 0},
    {"/a.b/2024/13.mbox.gz", ROUTE_NAME, 0, "a.b", "2024/13.mbox.gz", NULL, 0,
	0, 0},
    {"/a.b/2024/0x.mbox.gz", ROUTE_NAME, 0, "a.b", "2024/0x.mbox.gz", NULL, 0,
	0, 0},
    {"/a.b/" KEY "/", ROUTE_NAME, ROUTE_MESSAGE, "a.b", KEY, NULL, 0, 0, 0},
    {"/a.b/" KEY, ROUTE_NAME, ROUTE_MESSAGE, "a.b", KEY, NULL, 0, 0, 0},
    {"/a.b/" KEY "/raw", ROUTE_NAME, ROUTE_RAW, "a.b", KEY, NULL, 0, 0, 0},
    {"/a.b/" KEY "/t/", ROUTE_NAME, ROUTE_NESTED, "a.b", KEY, NULL, 0, 0, 0},
    {"/a.b/" KEY "/T", ROUTE_NAME, ROUTE_FLAT, "a.b", KEY, NULL, 0, 0, 0},
    {"/a.b/" KEY "/t.mbox.gz", ROUTE_NAME, ROUTE_MBOX, "a.b", KEY, NULL, 0, 0,
	0},
    {"/a.b/" KEY "/t.mbox.zst", ROUTE_NAME, ROUTE_MBOX_ZSTD, "a.b", KEY, NULL,
	0, 0, 0},
    {"/a.b/" KEY "/t.atom", ROUTE_NAME, ROUTE_ATOM, "a.b", KEY, NULL, 0, 0, 0},
    {"/a.b/" KEY "/2-a%20b.txt", ROUTE_NAME, ROUTE_PART, "a.b", KEY, "a b.txt",
	2, 0, 0},
    {"/a.b/" KEY "/02-x", ROUTE_NAME, ROUTE_MESSAGE, "a.b", KEY "/02-x", NULL,
	0, 0, 0},
    {"/a.b/" KEY "/12345-x", ROUTE_NAME, ROUTE_MESSAGE, "a.b", KEY "/12345-x",
	NULL, 0, 0, 0},
    {"/a.b/" KEY "/2-x/", ROUTE_NAME, ROUTE_MESSAGE, "a.b", KEY "/2-x", NULL, 0,
	0, 0},
    {"/a.b/x%2Fy@z/", ROUTE_NAME, ROUTE_MESSAGE, "a.b", "x/y@z", NULL, 0, 0, 0},
    {"/a.b/x/y@z/raw", ROUTE_NAME, ROUTE_RAW, "a.b", "x/y@z", NULL, 0, 0, 0},
    {"/a.b/%3Cx@z%3E", ROUTE_NAME, ROUTE_MESSAGE, "a.b", "<x@z>", NULL, 0, 0,
	0},
    {"/a.b/mid/x@z/t/", ROUTE_ID, ROUTE_NESTED, "a.b", "x@z", NULL, 0, 0, 0},
    {"/a.b/mid/2024/03", ROUTE_ID, ROUTE_MESSAGE, "a.b", "2024/03", NULL, 0, 0,
	0},
    {"/a.b/mid/", ROUTE_NAME, ROUTE_MESSAGE, "a.b", "mid", NULL, 0, 0, 0},
    {"/r/x@z", ROUTE_ID, ROUTE_MESSAGE, NULL, "x@z", NULL, 0, 0, 0},
    {"/r/", ROUTE_TOP, ROUTE_MESSAGE, NULL, "r", NULL, 0, 0, 0},
    {"/a.b/x%00y", ROUTE_NAME, 0, "a.b", "x%00y", NULL, 0, 0, 0},
    {"/a.b//", ROUTE_NAME, 0, "a.b", "/", NULL, 0, 0, 0},
    {"http://h.example/a.b/", ROUTE_TOP, 0, NULL, "a.b", NULL, 0, 0, 0},
    {"http://h.example", ROUTE_HOME, 0, NULL, NULL, NULL, 0, 0, 0},
};

static void
check(const char *path, const char *prefix, size_t i)
{
	g_auto(Route) r = {0};

	g_test_message("%s", path);
	route_parse(path, prefix, &r);
	g_assert_cmpint(r.kind, ==, cases[i].kind);
	g_assert_cmpint(r.view, ==, cases[i].view);
	g_assert_cmpstr(r.list, ==, cases[i].list);
	g_assert_cmpstr(r.name, ==, cases[i].name);
	g_assert_cmpstr(r.file, ==, cases[i].file);
	g_assert_cmpuint(r.part, ==, cases[i].part);
	g_assert_cmpint(r.year, ==, cases[i].year);
	g_assert_cmpint(r.month, ==, cases[i].month);
}

static void
reads_paths(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check(cases[i].path, "", i);
}

/* With and without the prefix, the same. */
static void
takes_prefix_off(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strconcat("/lists/old", cases[i].path, NULL);

		check(cases[i].path, "/lists/old", i);
		if (cases[i].path[0] == '/')
			check(path, "/lists/old", i);
	}
}

/* Every reading, in their order, with a word for the view. */
static void
reads_ids(void)
{
	static const struct {
		const char *path, *readings;
	} t[] = {
	    {"/a.b/x@z", "x@z"},
	    {"/a.b/x@z/", "x@z x@z/"},
	    {"/a.b/x@z//", "x@z/ x@z//"},
	    {"/a.b/x@z/raw", "x@z:raw x@z/raw"},
	    {"/a.b/x@z//raw", "x@z/:raw x@z//raw"},
	    {"/a.b/x@z/t/", "x@z:t/ x@z/t x@z/t/"},
	    {"/a.b/x%41@z", "xA@z x%41@z"},
	    {"/a.b/x%41@z/raw", "xA@z:raw x%41@z:raw xA@z/raw x%41@z/raw"},
	    {"/a.b/x%00@z", "x%00@z"},
	    {"/a.b/x%00@z/raw", "x%00@z:raw x%00@z/raw"},
	    {"/a.b/x%2500@z", "x%00@z x%2500@z"},
	    {"/a.b/x?y@z", "x?y@z"},
	    {"/a.b/mid/x@z", "x@z mid/x@z"},
	    {"/a.b/mid/x%41@z/t/",
		"xA@z:t/ x%41@z:t/ xA@z/t x%41@z/t xA@z/t/ x%41@z/t/ "
		"mid/xA@z:t/ mid/x%41@z:t/ mid/xA@z/t mid/x%41@z/t "
		"mid/xA@z/t/ mid/x%41@z/t/"},
	    {"/a.b/mid/mid/x@z", "mid/x@z mid/mid/x@z"},
	    {"/a.b/x@z/d/", "x@z/d x@z/d/ x@z"},
	    {"/a.b/x%41@z/d", "xA@z/d x%41@z/d xA@z x%41@z"},
	    {"/a.b/d/", "d d/"},
	    {"/a.b/mid%2Fx@z", "mid/x@z mid%2Fx@z"},
	    {"/r/x@z/", "x@z x@z/"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		g_auto(Route) r = {0};
		g_autoptr(GString) got = g_string_new(NULL);

		route_parse(t[i].path, "", &r);
		for (size_t k = 0; k <= r.n_others; k++) {
			RouteView view = k == 0 ? r.view : r.others[k - 1].view;

			g_string_append_printf(got, "%s%s%s%s",
			    k == 0 ? "" : " ",
			    k == 0 ? r.name : r.others[k - 1].id,
			    view == ROUTE_MESSAGE ? "" : ":",
			    route_suffix(view));
		}
		g_assert_cmpstr(got->str, ==, t[i].readings);
	}
}

static void
plain_is_decoded(void)
{
	static const char *const t[][3] = {
	    {"/a/b%20c/", "", "/a/b c/"},
	    {"/p/a/", "/p", "/a/"},
	    {"/p", "/p", "/"},
	    {"/pq/", "/p", "/pq/"},
	    {"/%00", "", "/"},
	    {"*", "", "/"},
	    {"https://h/x", "", "/x"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autofree char *got = route_plain(t[i][0], t[i][1]);

		g_assert_cmpstr(got, ==, t[i][2]);
	}
}

static void
knows_keys(void)
{
	g_assert_true(route_is_key("abcdefgh"));
	g_assert_true(route_is_key("ABCDEFGH234567"));
	g_assert_true(route_is_key(KEY));
	g_assert_false(route_is_key("abcdefg"));
	g_assert_false(route_is_key("abcdefg1"));
	g_assert_false(route_is_key("abcdefg@example.org"));
	g_assert_false(route_is_key(KEY KEY));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/route/reads-paths", reads_paths);
	g_test_add_func("/route/reads-ids", reads_ids);
	g_test_add_func("/route/takes-prefix-off", takes_prefix_off);
	g_test_add_func("/route/plain-is-decoded", plain_is_decoded);
	g_test_add_func("/route/knows-keys", knows_keys);
	return g_test_run();
}
