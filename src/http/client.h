/*
 * client.h - whom a request comes from, as far as limits on it go.  Pure.
 *
 * Addresses are taken together by network, since who has one has its
 * neighbours: /24 of IPv4, /48 of IPv6.  Where a proxy asks for others, the
 * one that counts is the last of X-Forwarded-For that is no proxy's.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/conf.h"

#include <glib.h>

#include <stdint.h>
#include <sys/socket.h>

typedef struct Clients Clients;

/* By conf's lists of proxies and of those without a limit. */
Clients *clients_new(const Conf *conf);
void clients_free(Clients *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clients, clients_free)

/*
 * A number for the network of who asks, the same as long as c lives, not to
 * be guessed; 0 for who is not limited.  from: whom the connection is of, a
 * UNIX socket being a proxy's; forwarded: X-Forwarded-For, or NULL.
 */
uint64_t client_of(
    const Clients *c, const struct sockaddr *from, const char *forwarded);

#endif
