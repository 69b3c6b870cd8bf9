/* path.h - the reverse-paths and forward-paths of MAIL and RCPT.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_PATH_H
#define LMTP_PATH_H

#include <stdbool.h>

/*
 * Read the path (RFC 5321 section 4.1.2, with RFC 6531's UTF-8) that *text
 * begins with, from its "<" to its ">", and move *text behind it.
 *
 * Returns "" for "<>", else the mailbox: the source route is dropped, the
 * quotes of a local part go where it needs none ("\"jo\"@example.org" is
 * jo@example.org), and dots in it may stand anywhere, as they do in the
 * wild.  Without "@" only "postmaster" is one.  Free with g_free.
 * NULL, and *text as it was, where there is no such path.
 */
char *lmtp_path_read(const char **text);

/* Whether path has octets beyond ASCII, which only SMTPUTF8 allows. */
bool lmtp_path_is_utf8(const char *path);

#endif
