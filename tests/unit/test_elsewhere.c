/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/elsewhere.h"

#include "base/limits.h"

#include <glib.h>

#include <string.h>

#define HASH "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#define LOW "abcdefghijklmnopqrstuvwxyz234567"

static const struct {
	const char *url, *id, *hash;
} urls[] = {
    {"https://lore.kernel.org/netdev/a@b/", "a@b", NULL},
    {"http://LORE.kernel.org/all/a@b", "a@b", NULL},
    {"https://lore.kernel.org/r/a%2Fb%40c/T/#u", "a/b@c", NULL},
    {"https://lore.kernel.org/r/a@b?x=y", "a@b", NULL},
    {"https://lore.kernel.org/r/%3Ca@b%3E", "<a@b>", NULL},
    {"https://lore.kernel.org/a@b/", NULL, NULL},
    {"https://lore.kernel.org/netdev/", NULL, NULL},
    {"https://lore.kernel.org/netdev/?q=a@b", NULL, NULL},
    {"https://lore.kernel.org/r/a@", NULL, NULL},
    {"https://lore.kernel.org/r/@b", NULL, NULL},
    {"https://lore.kernel.org/r/a@b%00", NULL, NULL},
    {"https://lore.kernel.org/r/a@b%FF", NULL, NULL},
    {"https://lore.kernel.org", NULL, NULL},
    {"https://lore.kernel.org.example/r/a@b", NULL, NULL},
    {"https://x.example/netdev/a@b/", NULL, NULL},
    {"ftp://lore.kernel.org/r/a@b", NULL, NULL},
    {"https://lkml.kernel.org/r/a@b", "a@b", NULL},
    {"https://lkml.kernel.org/x/a@b", NULL, NULL},
    {"https://patch.msgid.link/a@b", "a@b", NULL},
    {"https://mid.mail-archive.com/a@b", "a@b", NULL},
    {"http://mid.gmane.org/a@b", "a@b", NULL},
    {"https://marc.info/?i=a+c@b", "a+c@b", NULL},
    {"https://marc.info/?l=x&i=a@b&w=2", "a@b", NULL},
    {"https://marc.info/?l=x&m=1", NULL, NULL},
    {"https://marc.info/?", NULL, NULL},
    {"https://marc.info/x?i=a@b", NULL, NULL},
    {"https://www.mail-archive.com/search?l=mid&q=a@b", "a@b", NULL},
    {"https://mail-archive.com/search/?q=a%40b&l=mid", "a@b", NULL},
    {"https://www.mail-archive.com/search?l=x@y&q=a@b", NULL, NULL},
    {"https://www.mail-archive.com/search?l=midday&q=a@b", NULL, NULL},
    {"https://www.mail-archive.com/searches?l=mid&q=a@b", NULL, NULL},
    {"https://x.example/archives/list/l@x.example/message/" HASH "/", NULL,
	LOW},
    {"http://x.example/list/list/l%40x.example/message/" LOW "/#a", NULL, LOW},
    {"https://x.example/list/l@x.example/message/" HASH, NULL, LOW},
    {"https://x.example/list/l@x.example/message/" HASH "A/", NULL, NULL},
    {"https://x.example/list/l@x.example/message/ABC/", NULL, NULL},
    {"https://x.example/list/l@x.example/message/"
     "1BCDEFGHIJKLMNOPQRSTUVWXYZ234567",
	NULL, NULL},
    {"https://x.example/list/l/message/" HASH "/", NULL, NULL},
    {"https://x.example/list/l@x.example/thread/" HASH "/", NULL, NULL},
    {"https://x.example/?/list/l@x.example/message/" HASH "/", NULL, NULL},
    {"https://", NULL, NULL},
    {"", NULL, NULL},
};

static void
check(const char *url, size_t len, const char *id, const char *hash)
{
	/* Not one byte behind it is looked at. */
	g_autofree char *exact = g_memdup2(len > 0 ? url : " ", MAX(len, 1));
	g_autofree char *name = NULL;
	ElsewhereKind kind = elsewhere_parse(exact, len, &name);

	g_test_message("%.*s", (int)MIN(len, 200), url);
	g_assert_cmpstr(name, ==, id != NULL ? id : hash);
	g_assert_cmpint(kind, ==,
	    id != NULL     ? ELSEWHERE_ID
	    : hash != NULL ? ELSEWHERE_HASH
			   : ELSEWHERE_NONE);
}

static void
urls_name_messages(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++)
		check(
		    urls[i].url, strlen(urls[i].url), urls[i].id, urls[i].hash);
}

static void
limits_hold(void)
{
	g_autoptr(GString) id = g_string_new("@b");
	g_autoptr(GString) url = g_string_new(NULL);

	while (id->len < LIMIT_MESSAGE_ID_BYTES)
		g_string_prepend_c(id, 'a');
	g_string_printf(url, "https://lore.kernel.org/r/%s", id->str);
	check(url->str, url->len, id->str, NULL);
	g_string_append_c(url, 'b');
	check(url->str, url->len, NULL, NULL);
	g_string_assign(url, "https://lore.kernel.org/r/a@b/");
	while (url->len < LIMIT_ELSEWHERE_BYTES)
		g_string_append_c(url, 'x');
	check(url->str, url->len, "a@b", NULL);
	g_string_append_c(url, 'x');
	check(url->str, url->len, NULL, NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/elsewhere/urls-name-messages", urls_name_messages);
	g_test_add_func("/elsewhere/limits-hold", limits_hold);
	return g_test_run();
}
