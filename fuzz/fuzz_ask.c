/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "search/ask.h"

#include <string.h>

/* What is read must be written again, and a page must be able to cut each
 * passage by its marks. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(SearchReply) r = search_reply_unpack(data, size, NULL);
	g_auto(SearchAsk) a = {0};

	if (search_ask_unpack(&a, data, size, NULL)) {
		g_autoptr(GBytes) bytes = search_ask_pack(&a);

		g_assert(g_utf8_validate(a.query, -1, NULL));
		g_assert(g_bytes_get_size(bytes) > 0);
	}
	for (guint i = 0; r != NULL && i < r->hits->len; i++) {
		const SearchHit *h = r->hits->pdata[i];
		size_t len = strlen(h->passage);

		for (guint k = 0; k < h->marks->len; k++) {
			const SearchMark *m =
			    &g_array_index(h->marks, SearchMark, k);

			g_assert((size_t)m->off + m->len <= len);
		}
	}
	return 0;
}
