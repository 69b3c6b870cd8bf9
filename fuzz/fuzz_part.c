/* The first line is a letter for the encoding and a charset; the rest is a
 * part's octets, which are a text whatever they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "mail/part.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *lf = memchr(data, '\n', size);
	size_t head = lf != NULL ? (size_t)(lf - (const char *)data) : 0;
	g_autofree char *charset = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(GBytes) octets = NULL;
	Part p = {.type = "text/plain", .off = head, .len = size - head};
	bool cut = false;

	if (head > 0) {
		p.encoding = (Encoding)(data[0] % (ENCODING_UUENCODE + 1));
		charset = g_strndup((const char *)data + 1, head - 1);
		p.charset = charset;
	}
	octets = part_decode(raw, &p);
	g_assert(g_bytes_get_size(octets) <= p.len + 4);
	text = part_text(raw, &p, &cut);
	g_assert(g_utf8_validate(text, -1, NULL));
	g_assert(strpbrk(text, "\r\x01\x1B\x7F") == NULL);
	return 0;
}
