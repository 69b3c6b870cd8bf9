/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "mail/addr.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *value = g_strndup((const char *)data, size);
	g_autoptr(GPtrArray) addrs = addr_scan(value);
	g_autofree char *canonical = addr_canonical(value);
	g_autofree char *hidden = addr_protect(value);
	g_autofree char *lower = g_ascii_strdown(canonical, -1);

	for (guint i = 0; i < addrs->len; i++) {
		const Addr *a = g_ptr_array_index(addrs, i);
		const char *at = strrchr(a->spec, '@');

		g_assert(at != NULL && at > a->spec);
		g_assert(g_utf8_validate(a->spec, -1, NULL));
		g_assert(a->name == NULL || g_utf8_validate(a->name, -1, NULL));
	}
	g_assert((addrs->len == 0) == (canonical[0] == '\0'));
	g_assert(strcmp(canonical, lower) == 0);
	g_assert(addr_may_be_in(value) || strcmp(value, hidden) == 0);
	return 0;
}
