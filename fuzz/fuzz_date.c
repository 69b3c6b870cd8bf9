/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/date.h"

#include <string.h>

/* The years 1 to 9999. */
#define FIRST INT64_C(-62135596800)
#define LAST INT64_C(253402300799)

static void
check(int64_t t)
{
	g_autofree char *http = date_format_http(t);
	int64_t back = 0;

	/* A zone leads up to 100 hours out of those years. */
	g_assert(t > FIRST - 360000 && t < LAST + 360000);
	g_assert(date_parse_mail(http, strlen(http), &back));
	g_assert(back == CLAMP(t, FIRST, LAST));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	int64_t t = 0;

	if (date_parse_mail((const char *)data, size, &t))
		check(t);
	if (date_parse_asctime((const char *)data, size, &t))
		check(t);
	if (date_parse_http(text, &t))
		check(t);
	return 0;
}
