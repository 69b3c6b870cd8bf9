/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "search/approxidate.h"

#include <glib.h>

/* The years 1 to 9999. */
#define FIRST INT64_C(-62135596800)
#define LAST INT64_C(253402300799)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t nows[] = {
	    0, INT64_C(1795616309), FIRST, LAST, INT64_MIN, INT64_MAX};
	const char *text = (const char *)data;

	for (size_t i = 0; i < G_N_ELEMENTS(nows); i++) {
		ApproxSpan s = {0, 0};

		if (approxidate_span(text, size, nows[i], &s)) {
			g_assert(s.from >= FIRST && s.to <= LAST);
			g_assert(s.from <= s.to);
		}
		if (approxidate_range(text, size, nows[i], &s)) {
			g_assert(s.from == INT64_MIN || s.from >= FIRST);
			g_assert(s.to == INT64_MAX || s.to <= LAST);
			g_assert(s.from <= s.to || s.from == s.to + 1);
		}
	}
	return 0;
}
