/* SPDX-License-Identifier: Apache-2.0 */
#include "http/range.h"

#include <glib.h>

static void
reads_ranges(void)
{
	static const struct {
		const char *value;
		uint64_t size;
		RangeKind kind;
		uint64_t first, last;
	} rows[] = {
	    {NULL, 10, RANGE_ALL, 0, 0},
	    {"bytes=0-", 10, RANGE_PART, 0, 9},
	    {"bytes=0-0", 10, RANGE_PART, 0, 0},
	    {"bytes=3-5", 10, RANGE_PART, 3, 5},
	    {"BYTES=3-5", 10, RANGE_PART, 3, 5},
	    {"bytes=9-", 10, RANGE_PART, 9, 9},
	    {"bytes=3-99", 10, RANGE_PART, 3, 9},
	    {"bytes=10-", 10, RANGE_NONE, 0, 0},
	    {"bytes=99999999999999999999999-", 10, RANGE_NONE, 0, 0},
	    {"bytes=0-99999999999999999999999", 10, RANGE_PART, 0, 9},
	    {"bytes=-3", 10, RANGE_PART, 7, 9},
	    {"bytes=-10", 10, RANGE_PART, 0, 9},
	    {"bytes=-11", 10, RANGE_PART, 0, 9},
	    {"bytes=-0", 10, RANGE_NONE, 0, 0},
	    {"bytes=0-", 0, RANGE_NONE, 0, 0},
	    {"bytes=-1", 0, RANGE_NONE, 0, 0},
	    /* What may be passed over. */
	    {"bytes=5-3", 10, RANGE_ALL, 0, 0},
	    {"bytes=0-1,3-4", 10, RANGE_ALL, 0, 0},
	    {"bytes=-", 10, RANGE_ALL, 0, 0},
	    {"bytes=", 10, RANGE_ALL, 0, 0},
	    {"bytes=x-", 10, RANGE_ALL, 0, 0},
	    {"bytes=3", 10, RANGE_ALL, 0, 0},
	    {"bytes=3-5 ", 10, RANGE_ALL, 0, 0},
	    {"bytes=+3-5", 10, RANGE_ALL, 0, 0},
	    {"lines=3-5", 10, RANGE_ALL, 0, 0},
	    {"", 10, RANGE_ALL, 0, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t first = 0, last = 0;

		g_test_message("%s of %d", rows[i].value, (int)rows[i].size);
		g_assert_cmpint(
		    range_read(rows[i].value, rows[i].size, &first, &last), ==,
		    rows[i].kind);
		g_assert_cmpuint(first, ==, rows[i].first);
		g_assert_cmpuint(last, ==, rows[i].last);
	}
}

static void
stands_with_its_tag_alone(void)
{
	static const struct {
		const char *value;
		bool stands;
	} rows[] = {
	    {NULL, true},
	    {"\"a-1\"", true},
	    {"W/\"a-1\"", false},
	    {"\"a-2\"", false},
	    {"\"a-1", false},
	    {"\"a-1\"x", false},
	    {"a-1", false},
	    {"", false},
	    {"Sun, 06 Nov 1994 08:49:37 GMT", false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].value);
		g_assert_cmpint(
		    range_stands(rows[i].value, "a-1"), ==, rows[i].stands);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/range/reads-ranges", reads_ranges);
	g_test_add_func(
	    "/range/stands-with-its-tag-alone", stands_with_its_tag_alone);
	return g_test_run();
}
