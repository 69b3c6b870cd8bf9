/*
 * ways.h - how to subscribe to a list and whom to ask, as its own mail says
 * (RFC 2369), fit to be shown to everybody.
 *
 * List-Unsubscribe is not looked at.  What is for one subscriber alone is not
 * taken: a URL counts if all of several messages have it, letter for letter,
 * and if it does not look as if it held a token.  Of addresses count those of
 * the list and of a list server; a person's is that person's.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_WAYS_H
#define MAIL_WAYS_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef enum {
	WAY_SUBSCRIBE,
	WAY_HELP,
	WAY_OWNER,
	WAY_POST,
	N_WAYS,
} Way;

typedef struct {
	GPtrArray *urls[N_WAYS]; /* char *: http, https or mailto, and safe as
				  * html_link_safe makes them */
	unsigned int n;          /* messages that say so */
} Ways;

/* No messages yet; ends with ways_clear. */
void ways_init(Ways *w);
void ways_clear(Ways *w);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ways, ways_clear)

/*
 * Take the message raw of len bytes into account, if its List-Id is one of
 * ids: what it does not have goes.  names (both NULL-ended): what an address
 * of the list has in front of its "@", or begins or ends with.
 */
void ways_add(Ways *w, const char *raw, size_t len, const char *const *ids,
    const char *const *names);

#endif
