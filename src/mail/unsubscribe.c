/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/unsubscribe.h"

#include "mail/header.h"

#include <stdbool.h>

static bool
is_unsubscribe(const HeaderField *f)
{
	return header_is(f, "List-Unsubscribe") ||
	       header_is(f, "List-Unsubscribe-Post");
}

static bool
is_one_click(const char *raw, size_t len)
{
	HeaderWalk w;
	HeaderField f;

	header_walk_init(&w, raw, len);
	while (header_next(&w, &f))
		if (header_is(&f, "List-Unsubscribe-Post"))
			return true;
	return false;
}

GBytes *
unsubscribe_strip(GBytes *take_raw)
{
	gsize len = 0;
	const char *raw = g_bytes_get_data(take_raw, &len), *kept = raw;
	HeaderWalk w;
	HeaderField f;

	if (!is_one_click(raw, len))
		return take_raw;
	GByteArray *out = g_byte_array_sized_new((guint)len);

	header_walk_init(&w, raw, len);
	while (header_next(&w, &f)) {
		if (!is_unsubscribe(&f))
			continue;
		g_byte_array_append(
		    out, (const guint8 *)kept, (guint)(f.name - kept));
		kept = w.next;
	}
	g_byte_array_append(
	    out, (const guint8 *)kept, (guint)(raw + len - kept));
	g_bytes_unref(take_raw);
	return g_byte_array_free_to_bytes(out);
}
