/* Every message is a document of well-formed term streams, the same one each
 * time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "mail/parse.h"
#include "search/document.h"

#include <string.h>

static size_t
count_terms(const GString *stream)
{
	const char *p = stream->str, *end = p + stream->len;
	size_t n = 0;

	g_assert(strlen(stream->str) == stream->len);
	g_assert(g_utf8_validate(stream->str, -1, NULL));
	for (; p < end; n++) {
		const char *lf = strchr(p, '\n');

		g_assert(n > 0 || *p != '\t');
		p += *p == '\t';
		g_assert(lf > p && memchr(p, '\t', (size_t)(lf - p)) == NULL);
		p = lf + 1;
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Document *d, *again;

	if (d == NULL) {
		parse_init();
		d = document_new();
		again = document_new();
	}
	g_autoptr(GBytes) raw = g_bytes_new_static(data, size);
	g_autoptr(Msg) m = parse_msg(raw);
	size_t n = 0;

	document_make(d, m, raw);
	document_make(again, m, raw);
	for (size_t i = 0; i < DOCUMENT_N_COLUMNS; i++) {
		if (i != DOCUMENT_X)
			n += count_terms(d->columns[i]);
		else
			(void)count_terms(d->columns[i]);
		g_assert(g_string_equal(d->columns[i], again->columns[i]));
	}
	g_assert(n <= LIMIT_INDEX_TERMS);
	return 0;
}
