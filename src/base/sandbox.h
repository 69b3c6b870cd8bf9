/*
 * sandbox.h - give up, for good, every right that a role does not need.
 *
 * Landlock says which files; seccomp says which system calls.  Where the
 * kernel lacks Landlock the call says so in the log and goes on with what
 * there is.
 *
 *   role     files                              network
 *   parent   none new                           none: it forks, waits, kills
 *   lmtp     the store, read and write          accepts
 *   http     the store, read                    accepts
 *   forward  its spool, read and write          connects
 *   tool     the store, read and write          none
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <glib.h>

#include <stdbool.h>

typedef enum {
	SANDBOX_PARENT,
	SANDBOX_LMTP,
	SANDBOX_HTTP,
	SANDBOX_FORWARD,
} SandboxRole;

/*
 * Give up root for user, with that user's groups.  Does nothing if user
 * is empty or we are not root.
 * Returns false with *err set: ERR_NOTFOUND (no such user), ERR_IO.
 */
bool sandbox_drop_user(const char *user, GError **err);

/*
 * Enter role: from now on only dir may be opened, and only as the table
 * above says (dir may be NULL for a role without files).  A forbidden
 * file gives EACCES; a forbidden system call ends the process with
 * SIGSYS.  To be called once, after all that needs more was opened.
 * Returns false with *err set to ERR_IO if the kernel refuses.
 */
bool sandbox_enter(SandboxRole role, const char *dir, GError **err);

#endif
