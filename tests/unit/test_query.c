/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "http/query.h"

#include <string.h>

/* What a query asks for: ids parted by "|", or NULL where it asks for
 * something else. */
static const struct {
	const char *query, *ids;
} queries[] = {
    {"m:a@b", "a@b"},
    {"mid:a@b", "a@b"},
    {"m:<a@b>", "a@b"},
    {"mid:\"<a b@c>\"", "a b@c"},
    {"  m:a  ", "a"},
    {"m:a OR m:b", "a|b"},
    {"m:a mid:b\tm:c", "a|b|c"},
    {"m:a OR m:b OR", NULL},
    {"m:<>", "<>"},
    {"m:OR", "OR"},
    {"m:m:a", "m:a"},
    {"m:<a", "<a"},
    {"m:\"a\"m:b", "a|b"},
    {"", NULL},
    {" ", NULL},
    {"m:", NULL},
    {"m: a", NULL},
    {"m:\"\"", NULL},
    {"m:\"a", NULL},
    {"OR m:a", NULL},
    {"m:a AND m:b", NULL},
    {"m:a -m:b", NULL},
    {"(m:a)", "a"},
    {"(m:a OR id:b) OR mid:c", "a|b|c"},
    {"s:word", NULL},
    {"m:a s:word", NULL},
    {"M:a", "a"},
    {"word", NULL},
};

static void
test_table(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
		g_autoptr(GPtrArray) ids = query_ids(queries[i].query);
		g_autofree char *joined = NULL;

		if (ids != NULL) {
			g_ptr_array_add(ids, NULL);
			joined = g_strjoinv("|", (char **)ids->pdata);
		}
		g_test_message("%s", queries[i].query);
		g_assert_cmpstr(joined, ==, queries[i].ids);
	}
}

static void
test_limit(void)
{
	g_autoptr(GString) q = g_string_new(NULL);

	for (guint i = 0; i < LIMIT_QUERY_IDS; i++)
		g_string_append(q, "m:a ");
	g_autoptr(GPtrArray) all = query_ids(q->str);

	g_assert_nonnull(all);
	g_assert_cmpuint(all->len, ==, LIMIT_QUERY_IDS);
	g_string_append(q, "m:a");
	g_assert_null(query_ids(q->str));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query/table", test_table);
	g_test_add_func("/query/limit", test_limit);
	return g_test_run();
}
