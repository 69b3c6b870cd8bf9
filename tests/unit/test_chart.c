/* SPDX-License-Identifier: Apache-2.0 */
#include "view/chart.h"

#include <string.h>

static const HtmlSite site = {.title = "t", .url = "https://h", .path = ""};

static unsigned int
count(const char *in, const char *what)
{
	unsigned int n = 0;

	for (; (in = strstr(in, what)) != NULL; in += strlen(what))
		n++;
	return n;
}

static void
months_are_bars(void)
{
	static const StoreMonth all[] = {{2024, 2, 4, 0}, {2024, 1, 1000, 0},
	    {2022, 3, 1, 0}, {2022, 2, 9, 0}};
	g_autoptr(GArray) months =
	    g_array_new(FALSE, FALSE, sizeof(StoreMonth));
	g_autoptr(GString) o = g_string_new(NULL);

	g_array_append_vals(months, all, G_N_ELEMENTS(all));
	chart_months(o, &site, months);
	/* The last is older than the picture. */
	g_assert_cmpuint(count(o->str, "V"), ==, 3);
	/* A few messages are seen beside many. */
	g_assert_nonnull(strstr(o->str, "M230 48v-1h7V48"));
	g_assert_nonnull(strstr(o->str, "M220 48v-48h7V48"));
	g_assert_nonnull(strstr(o->str, "\"M0 48v-1h7V48"));
	g_assert_nonnull(strstr(o->str,
	    "<title>From March 2022 to February 2024: 1\xe2\x80\xaf"
	    "005 messages, at most 1\xe2\x80\xaf"
	    "000 in one month.</title>"));
}

static void
no_months_are_none(void)
{
	static const uint64_t counts[CHART_MONTHS] = {0};
	g_autoptr(GString) o = g_string_new(NULL);

	chart_small(o, &site, counts);
	g_assert_nonnull(
	    strstr(o->str, "<title>0 messages in the latest two years</title>"
			   "<path d=\"\"/></svg>"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/chart/months", months_are_bars);
	g_test_add_func("/chart/no-months", no_months_are_none);
	return g_test_run();
}
