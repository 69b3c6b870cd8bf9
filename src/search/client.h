/*
 * client.h - ask the search processes, and be called back.
 *
 * One datagram each way, on a socket that the parent made a pair of; all
 * search processes take from its other end, whoever is free.  What does not
 * fit into it is too much: nothing waits in line anywhere else.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_CLIENT_H
#define SEARCH_CLIENT_H

#include "net/loop.h"
#include "search/ask.h"

#include <glib.h>

typedef struct SearchClient SearchClient;

/* r: the answer, the callee's from now on; NULL: none came in time. */
typedef void SearchAnswered(void *arg, SearchReply *r);

/* Ask on fd, which stays the caller's.  Never NULL. */
SearchClient *search_client_new(Loop *l, int fd);

/* Free c; what it waits for is forgotten.  Does nothing if c is NULL. */
void search_client_free(SearchClient *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchClient, search_client_free)

/*
 * Send a, whose id is set here; cb is called once, later, unless it is
 * forgotten.  Returns the id, or 0: too many wait already, or a is too large;
 * cb is not called.
 */
uint32_t search_client_ask(
    SearchClient *c, SearchAsk *a, SearchAnswered *cb, void *arg);
void search_client_forget(SearchClient *c, uint32_t id);

#endif
