/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client.h"

#include "base/limits.h"

#include <gio/gio.h>

#include <netinet/in.h>
#include <string.h>

/* Bytes of an address that name its network. */
#define NETWORK4 3u
#define NETWORK6 6u

struct Clients {
	GPtrArray *proxies, *unlimited; /* GInetAddressMask */
	uint64_t seed;
};

/* The configuration's lists were looked at when it was read. */
static GPtrArray *
read_masks(char *const *texts)
{
	GPtrArray *masks = g_ptr_array_new_with_free_func(g_object_unref);

	for (char *const *t = texts; *t != NULL; t++) {
		GInetAddressMask *m =
		    g_inet_address_mask_new_from_string(*t, NULL);

		g_assert(m != NULL);
		g_ptr_array_add(masks, m);
	}
	return masks;
}

Clients *
clients_new(const Conf *conf)
{
	Clients *c = g_new0(Clients, 1);

	c->proxies = read_masks(conf->proxies);
	c->unlimited = read_masks(conf->unlimited);
	c->seed = (uint64_t)g_random_int() << 32 | g_random_int();
	return c;
}

void
clients_free(Clients *c)
{
	if (c == NULL)
		return;
	g_ptr_array_unref(c->proxies);
	g_ptr_array_unref(c->unlimited);
	g_free(c);
}

static bool
is_in(const GPtrArray *masks, GInetAddress *address)
{
	for (guint i = 0; i < masks->len; i++)
		if (g_inet_address_mask_matches(masks->pdata[i], address))
			return true;
	return false;
}

/* NULL for a UNIX socket. */
static GInetAddress *
address_of(const struct sockaddr *from)
{
	static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct sockaddr_in in4 = {0};
	struct sockaddr_in6 in6 = {0};

	if (from == NULL)
		return NULL;
	if (from->sa_family == AF_INET) {
		memcpy(&in4, from, sizeof in4);
		return g_inet_address_new_from_bytes(
		    (const guint8 *)&in4.sin_addr, G_SOCKET_FAMILY_IPV4);
	}
	if (from->sa_family != AF_INET6)
		return NULL;
	memcpy(&in6, from, sizeof in6);
	if (memcmp(&in6.sin6_addr, mapped, sizeof mapped) == 0)
		return g_inet_address_new_from_bytes(
		    (const guint8 *)&in6.sin6_addr + sizeof mapped,
		    G_SOCKET_FAMILY_IPV4);
	return g_inet_address_new_from_bytes(
	    (const guint8 *)&in6.sin6_addr, G_SOCKET_FAMILY_IPV6);
}

/* The last address of X-Forwarded-For that is no proxy of ours, or the last
 * that is one; NULL where what stands there is none. */
static GInetAddress *
forwarded_address(const Clients *c, const char *forwarded)
{
	g_auto(GStrv) hops = g_strsplit(forwarded, ",", -1);
	GInetAddress *address = NULL;
	guint n = g_strv_length(hops);

	for (guint i = 0; i < n && i < LIMIT_PROXIES; i++) {
		GInetAddress *hop =
		    g_inet_address_new_from_string(g_strstrip(hops[n - 1 - i]));

		if (hop == NULL)
			break;
		g_clear_object(&address);
		address = hop;
		if (!is_in(c->proxies, address))
			break;
	}
	return address;
}

/* FNV-1a from a seed, its bits then mixed. */
static uint64_t
hash(uint64_t seed, const guint8 *bytes, size_t n)
{
	uint64_t h = seed;

	for (size_t i = 0; i < n; i++)
		h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
	h = (h ^ h >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return CLAMP(h ^ h >> 29, 1, UINT64_MAX - 1);
}

uint64_t
client_of(const Clients *c, const struct sockaddr *from, const char *forwarded)
{
	g_autoptr(GInetAddress) address = address_of(from);

	if (forwarded != NULL &&
	    (address == NULL || is_in(c->proxies, address))) {
		g_clear_object(&address);
		address = forwarded_address(c, forwarded);
	}
	if (address == NULL || is_in(c->unlimited, address))
		return 0;
	return hash(c->seed, g_inet_address_to_bytes(address),
	    g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV4
		? NETWORK4
		: NETWORK6);
}
