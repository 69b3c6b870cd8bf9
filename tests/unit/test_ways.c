/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/ways.h"

#include <string.h>

#define ID "List-Id: A list <dev.example.org>\n"

static const char *const ids[] = {"dev.example.org", "old.example.org", NULL};
static const char *const names[] = {"dev", NULL};

/* The URLs of way that all of mails tell, parted by spaces. */
static char *
urls_of(const char *const *mails, Way way)
{
	g_auto(Ways) w = {0};
	GString *text = g_string_new(NULL);

	ways_init(&w);
	for (; *mails != NULL; mails++)
		ways_add(&w, *mails, strlen(*mails), ids, names);
	for (guint i = 0; i < w.urls[way]->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
		    (const char *)w.urls[way]->pdata[i]);
	return g_string_free(text, FALSE);
}

static const struct {
	const char *mails[4];
	Way way;
	const char *want;
} cases[] = {
    {{ID "List-Subscribe: <https://l.example.org/list/dev>,\n"
	 "\t<mailto:dev-request@example.org?subject=subscribe>\n\n"},
	WAY_SUBSCRIBE,
	"https://l.example.org/list/dev "
	"mailto:dev-request@example.org?subject=subscribe"},
    {{ID "List-Help: <mailto:majordomo@example.org>\n\n"}, WAY_HELP,
	"mailto:majordomo@example.org"},
    {{ID "List-Post: NO (closed)\n\n"}, WAY_POST, ""},
    {{ID "List-Post: <mailto:Dev%40example.org>\n\n"}, WAY_POST,
	"mailto:Dev@example.org"},
    /* Of several messages, what all have. */
    {{ID "List-Help: <https://a/1>, <https://a/2>\n\n",
	 ID "List-Help: <https://a/2>, <https://a/3>\n\n"},
	WAY_HELP, "https://a/2"},
    {{ID "List-Help: <https://a/1>\n\n", ID "\n"}, WAY_HELP, ""},
    {{ID "\n", ID "List-Help: <https://a/1>\n\n"}, WAY_HELP, ""},
    /* Of this list, by any of its names. */
    {{"List-Id: <other.example.org>\nList-Help: <https://a/1>\n\n",
	 "List-Help: <https://a/1>\n\n",
	 "List-Id: OLD.example.org\nList-Help: <https://a/2>\n\n"},
	WAY_HELP, "https://a/2"},
    /* Nothing of one subscriber's, nor of a person's. */
    {{ID "List-Subscribe: <https://a/x?u=3f9c2b7e61d04a58bb>\n\n"},
	WAY_SUBSCRIBE, ""},
    {{ID "List-Subscribe: <https://jo@a/x>, <https://a/u?m=jo@b>\n\n"},
	WAY_SUBSCRIBE, ""},
    {{ID "List-Owner: <mailto:jo@example.org>\n\n"}, WAY_OWNER, ""},
    {{ID "List-Owner: <mailto:devon@example.org>\n\n"}, WAY_OWNER, ""},
    {{ID "List-Owner: <mailto:?to=dev@example.org>\n\n"}, WAY_OWNER, ""},
    {{ID "List-Owner: <mailto:owner-dev@example.org>\n\n"}, WAY_OWNER,
	"mailto:owner-dev@example.org"},
    {{ID "List-Unsubscribe: <https://a/1>\nList-Help: <https://a/Unsub>\n\n"},
	WAY_HELP, ""},
    /* Nothing that does more than lead somewhere. */
    {{ID "List-Help: <javascript:alert(1)>, <ftp://a/1>, <mid:a@b>\n\n"},
	WAY_HELP, ""},
    {{ID "List-Help: <https://a/\"onclick=x()>\n\n"}, WAY_HELP,
	"https://a/%22onclick=x()"},
};

static void
what_all_say_is_told(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = urls_of(cases[i].mails, cases[i].way);

		g_test_message("%s", cases[i].mails[0]);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ways/what-all-say-is-told", what_all_say_is_told);
	return g_test_run();
}
