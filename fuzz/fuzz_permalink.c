/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "mail/permalink.h"

#include <string.h>

/* The originator text is UTF-8 of five lines, whatever came in; the same
 * message with CRLF has the same names; a message has an id if and only if
 * it has a legacy hash. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *msg = (const char *)data;
	g_autofree char *text = permalink_originator_text(msg, size);
	g_autoptr(GString) crlf = g_string_new(NULL);
	Permalinks lf_names, crlf_names;
	unsigned int n_lines = 0;

	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		n_lines++;
	g_assert(n_lines == 5);
	g_assert(g_str_has_prefix(text, "originator-v1\nauthor:"));
	g_assert(g_utf8_validate(text, -1, NULL));
	for (size_t i = 0; i < size; i++) {
		if (msg[i] == '\n' && (i == 0 || msg[i - 1] != '\r'))
			g_string_append_c(crlf, '\r');
		g_string_append_c(crlf, msg[i]);
	}
	permalink_of_header(msg, size, &lf_names);
	permalink_of_header(crlf->str, crlf->len, &crlf_names);
	g_assert(memcmp(&lf_names, &crlf_names, sizeof lf_names) == 0);
	g_assert(lf_names.has[KEY_ID] == lf_names.has[KEY_LEGACY]);
	g_assert(lf_names.has[KEY_ID] || !lf_names.has[KEY_LEGACY_ID]);
	return 0;
}
