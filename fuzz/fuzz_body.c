/* The blocks of a text are all of it, in order, in whole lines. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "mail/body.h"
#include "mail/enriched.h"

#include <string.h>

static void
check_blocks(const char *text, size_t len)
{
	g_autoptr(GArray) blocks = body_blocks(text, len);
	size_t off = 0;

	for (guint i = 0; i < blocks->len; i++) {
		const BodyBlock *b = &g_array_index(blocks, BodyBlock, i);

		g_assert(b->off == off && b->len > 0);
		g_assert((b->kind == BODY_QUOTE) == (b->depth > 0));
		g_assert((b->kind == BODY_DIFF) == (b->line != DIFF_OVER));
		off += b->len;
		g_assert(off == len || text[off - 1] == '\n');
	}
	g_assert(off == len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text =
	    g_utf8_make_valid((const char *)data, (gssize)size);
	g_autofree char *flowed = body_unflow(text, size % 2 == 0);

	g_autofree char *poor = enriched_to_text(text, size % 2 == 0);

	check_blocks(text, strlen(text));
	g_assert(g_utf8_validate(poor, -1, NULL));
	g_assert(g_utf8_validate(flowed, -1, NULL));
	check_blocks(flowed, strlen(flowed));
	return 0;
}
