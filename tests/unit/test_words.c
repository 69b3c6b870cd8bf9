/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words.h"

#include <glib.h>

static const struct {
	const char *accept, *tag;
} accepted[] = {
    {NULL, "en"},
    {"", "en"},
    {"de", "de"},
    {"DE-at", "de"},
    {"en-GB, de;q=0.9", "en"},
    {"de;q=0.8, ja;q=0.9", "ja"},
    {"de;q=0", "en"},
    {"de;q=x, fr;q=0.1", "fr"},
    {"xx, de", "de"},
    {"den", "en"},
    {"*", "en"},
};

static void
language_is_negotiated(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(accepted); i++)
		g_assert_cmpstr(words_tag(words_accepted(accepted[i].accept)),
		    ==, accepted[i].tag);
}

static void
texts_are_found(void)
{
	bool known = false;
	const Words *de = words_find("de", &known);

	g_assert_true(known);
	g_assert_cmpstr(words_name(de), ==, "Deutsch");
	g_assert_cmpstr(words(de, "Skip to content"), ==, "Zum Inhalt");
	g_assert_cmpstr(words(NULL, "Skip to content"), ==, "Skip to content");
	g_assert_cmpstr(words(de, "Never said"), ==, "Never said");
	g_assert_cmpstr(
	    words_n(de, "%s message", "%s messages", 1), ==, "%s Nachricht");
	g_assert_cmpstr(
	    words_n(de, "%s message", "%s messages", 0), ==, "%s Nachrichten");
	g_assert_cmpstr(
	    words_n(NULL, "%s message", "%s messages", 1), ==, "%s message");
	g_assert_null(words_find("xx", &known));
	g_assert_false(known);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words/negotiated", language_is_negotiated);
	g_test_add_func("/words/found", texts_are_found);
	return g_test_run();
}
