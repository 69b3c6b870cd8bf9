/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/unsubscribe.h"

#include <string.h>

static const struct {
	const char *in, *out;
} messages[] = {
    /* One click: both go, their folds too. */
    {"A: 1\r\nList-Unsubscribe: <https://x.example/?u=1>,\r\n"
     " <mailto:x@x.example>\r\nList-Unsubscribe-Post: "
     "List-Unsubscribe=One-Click\r\nB: 2\r\n\r\nbody\r\n",
	"A: 1\r\nB: 2\r\n\r\nbody\r\n"},
    {"list-unsubscribe-POST : x\nLIST-unsubscribe: <https://x.example>\n\nb",
	"\nb"},
    {"From a@b Fri Jan  2 03:04:05 2026\nList-Unsubscribe-Post: x\nA: 1\n\n",
	"From a@b Fri Jan  2 03:04:05 2026\nA: 1\n\n"},
    {"List-Unsubscribe: a\nList-Unsubscribe-Post: b\nList-Unsubscribe: c", ""},
    /* No click: the mail address of the list is for everybody. */
    {"List-Unsubscribe: <mailto:x-leave@x.example>\n\nbody\n", NULL},
    {"A: 1\n\nList-Unsubscribe-Post: quoted in the body\n", NULL},
    {"", NULL},
};

static void
one_click_is_taken_out(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		const char *in = messages[i].in;
		const char *want =
		    messages[i].out != NULL ? messages[i].out : in;
		g_autoptr(GBytes) wanted = g_bytes_new(want, strlen(want));
		g_autoptr(GBytes) got =
		    unsubscribe_strip(g_bytes_new(in, strlen(in)));

		g_assert_true(g_bytes_equal(got, wanted));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/unsubscribe/one-click", one_click_is_taken_out);
	return g_test_run();
}
