/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>

static void
sets_code_and_text(void)
{
	g_autoptr(GError) err = NULL;

	g_assert_false(err_set(&err, ERR_LIMIT, "%d parts", 3));
	g_assert_error(err, ERR, ERR_LIMIT);
	err_prefix(&err, "list %s: ", "a.example");
	g_assert_cmpstr(err->message, ==, "list a.example: 3 parts");
}

static void
names_errno(void)
{
	g_autoptr(GError) err = NULL;

	errno = ENOENT;
	g_assert_false(err_set_errno(&err, ERR_IO, "open %s", "x"));
	g_assert_cmpstr(err->message, ==, "open x: No such file or directory");
}

static void
null_is_allowed(void)
{
	g_assert_false(err_set(NULL, ERR_IO, "x"));
	g_assert_false(err_prefix(NULL, "x"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/err/sets-code-and-text", sets_code_and_text);
	g_test_add_func("/err/names-errno", names_errno);
	g_test_add_func("/err/null-is-allowed", null_is_allowed);
	return g_test_run();
}
