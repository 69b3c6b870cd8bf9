/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.h"
#include "http/client.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <string.h>

static Conf *
conf_of(const char *proxies, const char *unlimited)
{
	Conf *c = conf_parse("", "", 0, NULL);

	g_assert_true(conf_set(c, "http", "proxies", proxies, NULL));
	g_assert_true(conf_set(c, "http", "unlimited", unlimited, NULL));
	return c;
}

/* The client of an address, or of a UNIX socket if it is empty. */
static uint64_t
client(const Clients *c, const char *address, const char *forwarded)
{
	struct sockaddr_storage at = {.ss_family = AF_UNIX};
	struct sockaddr_in in4 = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, address, &in4.sin_addr) == 1)
		memcpy(&at, &in4, sizeof in4);
	else if (inet_pton(AF_INET6, address, &in6.sin6_addr) == 1)
		memcpy(&at, &in6, sizeof in6);
	return client_of(c, (const struct sockaddr *)&at, forwarded);
}

static void
is_a_network(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
	    {"192.0.2.1", "192.0.2.254", true},
	    {"192.0.2.1", "192.0.3.1", false},
	    {"192.0.2.1", "::ffff:192.0.2.9", true},
	    {"2001:db8:1::1", "2001:db8:1:ffff::2", true},
	    {"2001:db8:1::1", "2001:db8:2::1", false},
	};
	g_autoptr(Conf) conf = conf_of("", "");
	g_autoptr(Clients) c = clients_new(conf);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t a = client(c, rows[i].a, NULL);

		g_test_message("%s %s", rows[i].a, rows[i].b);
		g_assert_cmpuint(a, !=, 0);
		g_assert_cmpint(
		    client(c, rows[i].b, NULL) == a, ==, rows[i].same);
	}
}

static void
is_who_asked_the_proxy(void)
{
	/* "": a UNIX socket; is NULL: one without a limit. */
	static const struct {
		const char *from, *forwarded, *is;
	} rows[] = {
	    {"10.0.0.1", "192.0.2.1", "192.0.2.1"},
	    {"", "192.0.2.1", "192.0.2.1"},
	    {"", NULL, NULL},
	    {"10.0.0.1", NULL, "10.0.0.1"},
	    /* What is not our proxy's says what it likes. */
	    {"203.0.113.1", "192.0.2.1", "203.0.113.1"},
	    {"203.0.113.1", "198.51.100.7", "203.0.113.1"},
	    {"10.0.0.1", "198.51.100.7, 192.0.2.1", "192.0.2.1"},
	    /* Proxies behind one another. */
	    {"10.0.0.1", "198.51.100.7, 192.0.2.1,10.0.0.9", "192.0.2.1"},
	    {"10.0.0.1", "10.0.0.9", "10.0.0.9"},
	    {"10.0.0.1", "nonsense, 2001:db8:1::1", "2001:db8:1::1"},
	    {"10.0.0.1", "nonsense", NULL},
	    {"10.0.0.1", "", NULL},
	    {"198.51.100.7", NULL, NULL},
	};
	g_autoptr(Conf) conf = conf_of("10.0.0.0/8", "198.51.100.7");
	g_autoptr(Clients) c = clients_new(conf);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t want =
		    rows[i].is != NULL ? client(c, rows[i].is, NULL) : 0;

		g_test_message("%s %s", rows[i].from, rows[i].forwarded);
		g_assert_cmpuint(
		    client(c, rows[i].from, rows[i].forwarded), ==, want);
	}
}

static void
long_lists_end(void)
{
	g_autoptr(Conf) conf = conf_of("10.0.0.0/8", "");
	g_autoptr(Clients) c = clients_new(conf);
	g_autoptr(GString) hops = g_string_new("192.0.2.1");

	for (int i = 0; i < 100000; i++)
		g_string_append(hops, ",10.0.0.1");
	g_assert_cmpuint(
	    client(c, "10.0.0.1", hops->str), ==, client(c, "10.0.0.1", NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/client/network", is_a_network);
	g_test_add_func("/client/proxy", is_who_asked_the_proxy);
	g_test_add_func("/client/long", long_lists_end);
	return g_test_run();
}
