/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/subject.h"

static void
strip(void)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"Hello", "Hello"},
	    {"Re: Hello", "Hello"},
	    {"RE:Hello", "Hello"},
	    {"[list] Re: [PATCH 1/2] rE: Hello", "Hello"},
	    {"Re: [list]Hello", "Hello"},
	    {"[list]", ""},
	    {"Re:", ""},
	    {"[]x", "x"},
	    /* Only what stands in front, and only whole tags. */
	    {"Hello [list] Re: you", "Hello [list] Re: you"},
	    {"[list Hello", "[list Hello"},
	    {"[a [b] c] d", "c] d"},
	    {"Re : Hello", "Re : Hello"},
	    {"Re[2]: Hello", "Re[2]: Hello"},
	    {"Report: x", "Report: x"},
	    {"AW: Hello", "AW: Hello"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpstr(subject_strip(rows[i][0]), ==, rows[i][1]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/subject/strip", strip);
	return g_test_run();
}
