/* fuzz_conf.c - what conf_print writes of any file that is taken, is taken
 * again and means the same. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Conf) a = conf_parse("f", (const char *)data, size, &err);
	g_autoptr(Conf) b = NULL;
	g_autofree char *once = NULL;
	g_autofree char *twice = NULL;

	g_assert((a == NULL) == (err != NULL));
	if (a == NULL)
		return 0;
	once = conf_print(a);
	b = conf_parse("f", once, strlen(once), &err);
	g_assert(b != NULL);
	twice = conf_print(b);
	g_assert(g_str_equal(once, twice));
	return 0;
}
