/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "base/text.h"
#include "mail/header.h"

#include <string.h>

static void
check_value(const char *value)
{
	g_autofree char *id = header_message_id(value);
	g_autofree char *text = header_decode(value);
	g_autofree char *again = text_squeeze(text);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	g_assert(strpbrk(value, "\r\n") == NULL);
	g_assert(id == NULL || id[0] != '\0');
	g_assert(g_utf8_validate(text, -1, NULL));
	g_assert(strcmp(text, again) == 0);
	header_ids(value, ids);
	g_assert(ids->len <= LIMIT_REFERENCES);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *msg = (const char *)data;
	const char *last = msg;
	HeaderWalk w;
	HeaderField f;

	header_walk_init(&w, msg, size);
	while (header_next(&w, &f)) {
		g_autofree char *value = header_value(&f);

		g_assert(f.name >= last && f.name_len > 0);
		g_assert(f.value > f.name + f.name_len);
		g_assert(f.value + f.value_len <= msg + size);
		last = f.value + f.value_len;
		check_value(value);
	}
	g_assert(w.body >= last && w.body <= msg + size);
	return 0;
}
