/* Whatever HTML comes in, what goes out has the form of the whitelist. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "../tests/lib/html_check.h"
#include "mail/html.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *html =
	    g_utf8_make_valid((const char *)data, (gssize)size);
	const HtmlRefs refs = {.part = html_check_part,
	    .message = html_check_message,
	    .protect = true};
	g_autofree char *safe = html_sanitise(html, NULL);
	g_autofree char *with_refs = html_sanitise(html, &refs);
	g_autofree char *text = html_to_text(html);

	g_assert(safe == NULL || html_check(safe) == NULL);
	g_assert(safe == NULL || g_utf8_validate(safe, -1, NULL));
	g_assert(with_refs == NULL || html_check(with_refs) == NULL);
	g_assert((with_refs == NULL) == (safe == NULL));
	g_assert(g_utf8_validate(text, -1, NULL));
	return 0;
}
