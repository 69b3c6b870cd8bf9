/*
 * here.h - which messages of a page's list the URLs of other archives name
 * that stand in the page's message.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_HERE_H
#define HTTP_HERE_H

#include "http/private.h"

#include <glib.h>

typedef struct {
	const Wanted *of;
	GHashTable *keys; /* of what was looked up: "" where it is not here */
	HtmlHere hook;    /* for HtmlSite, as long as this is at its place */
} Here;

void here_init(Here *h, const Wanted *of);
void here_clear(Here *h);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Here, here_clear)

#endif
