/* SPDX-License-Identifier: Apache-2.0 */
#include "http/cache.h"

#include <string.h>

/* Make *r a page of len bytes. */
static void
make_page(Response *r, size_t len)
{
	const Request q = {.path = "/"};

	g_assert_false(response_unchanged(r, &q, "tag", 1));
	r->status = 200;
	r->kind = RESPONSE_PAGE;
	r->type = "text/html";
	r->text = g_string_sized_new(len + 1);
	memset(r->text->str, 'x', len);
	g_string_set_size(r->text, len);
}

static void
put(Cache *c, const char *key, int64_t version, size_t len)
{
	g_auto(Response) r = {0};

	make_page(&r, len);
	cache_put(c, key, version, &r);
}

static void
keep(void)
{
	g_autoptr(Cache) c = cache_new(1u << 20);
	g_auto(Response) r = {0};

	make_page(&r, 1000);
	cache_put(c, "/a", 7, &r);
	ResponseKept *kept = cache_find(c, "/a");

	g_assert_nonnull(kept);
	g_assert_cmpint(kept->version, ==, 7);
	g_assert_cmpstr(response_value(&kept->answer, "ETag"), ==, "\"tag\"");
	g_assert_cmpuint(g_bytes_get_size(kept->answer.bytes), ==, 1000);
	/* And answered with. */
	g_assert_true(r.kept == kept);
	g_assert_cmpuint(r.status, ==, 200);
	g_assert_null(r.text);
	g_assert_null(cache_find(c, "/b"));
	cache_drop(c, "/a");
	g_assert_null(cache_find(c, "/a"));
}

/* Only whole pages, and none that is as large as much of the cache. */
static void
refuse(void)
{
	g_autoptr(Cache) c = cache_new(1u << 20);
	g_auto(Response) failed = {0}, file = {0};

	put(c, "/large", 1, 200u << 10);
	g_assert_null(cache_find(c, "/large"));
	make_page(&failed, 10);
	failed.status = 404;
	cache_put(c, "/failed", 1, &failed);
	g_assert_null(cache_find(c, "/failed"));
	g_assert_nonnull(failed.text);
	make_page(&file, 10);
	file.kind = RESPONSE_FILE;
	cache_put(c, "/file", 1, &file);
	g_assert_null(cache_find(c, "/file"));
}

/* The one that was not asked for goes. */
static void
evict(void)
{
	g_autoptr(Cache) c = cache_new(1u << 20);
	const size_t len = 100u << 10;

	for (int i = 0; i < 9; i++) {
		g_autofree char *key = g_strdup_printf("/%d", i);

		put(c, key, 1, len);
		g_assert_nonnull(cache_find(c, "/0"));
	}
	put(c, "/9", 1, len);
	put(c, "/10", 1, len);
	g_assert_nonnull(cache_find(c, "/0"));
	g_assert_null(cache_find(c, "/1"));
	g_assert_nonnull(cache_find(c, "/10"));
	/* Anew under the same key: the old one goes first. */
	put(c, "/0", 2, len);
	g_assert_cmpint(cache_find(c, "/0")->version, ==, 2);
}

static void
unchanged(void)
{
	static const struct {
		const char *tag, *since;
		unsigned int status;
	} rows[] = {
	    {NULL, NULL, 200},
	    {"\"tag\"", NULL, 304},
	    {"W/\"tag\", \"other\"", NULL, 304},
	    {"\"other\"", NULL, 200},
	    {NULL, "Thu, 01 Jan 1970 00:00:01 GMT", 304},
	    {NULL, "Thu, 01 Jan 1970 00:00:02 GMT", 200},
	    {"\"other\"", "Thu, 01 Jan 1970 00:00:01 GMT", 200},
	};
	g_autoptr(Cache) c = cache_new(1u << 20);

	put(c, "/a", 1, 10);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Request q = {.path = "/a",
		    .if_none_match = rows[i].tag,
		    .if_modified_since = rows[i].since};
		g_auto(Response) r = {0};

		response_of_kept(&r, cache_find(c, "/a"), &q);
		g_assert_cmpuint(r.status, ==, rows[i].status);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cache/keep", keep);
	g_test_add_func("/cache/refuse", refuse);
	g_test_add_func("/cache/evict", evict);
	g_test_add_func("/cache/unchanged", unchanged);
	return g_test_run();
}
