/* What a URL of another archive names can be looked up here. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "mail/elsewhere.h"
#include "mail/permalink.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* What stands behind a URL is not read: a copy of its own shows it. */
	g_autofree char *url =
	    g_memdup2(size > 0 ? (const char *)data : " ", MAX(size, 1));
	g_autofree char *name = NULL;
	ElsewhereKind kind = elsewhere_parse(url, size, &name);

	g_assert((kind == ELSEWHERE_NONE) == (name == NULL));
	if (name == NULL)
		return 0;
	g_assert(size <= LIMIT_ELSEWHERE_BYTES);
	g_assert(g_utf8_validate(name, -1, NULL));
	if (kind == ELSEWHERE_ID) {
		g_assert(strlen(name) <= LIMIT_MESSAGE_ID_BYTES);
		g_assert(strchr(name, '@') != NULL);
	} else {
		g_assert(strlen(name) == KEY_LEN);
		g_assert(strspn(name, "abcdefghijklmnopqrstuvwxyz234567") ==
			 KEY_LEN);
	}
	return 0;
}
