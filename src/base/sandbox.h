/*
 * sandbox.h - give up, for good, every right that a role does not need.
 *
 * Landlock says which files; seccomp says which system calls.  Where the
 * kernel lacks Landlock the call says so in the log and goes on with what
 * there is: even then http opens no file for writing, for seccomp sees a
 * call's flags, though not its path.
 *
 *   role     files                              network
 *   parent   the store, read and write          none
 *   lmtp     the store, read and write          accepts
 *   http     the store, read                    accepts
 *   keep     as http, and its folder cache/,
 *            read and write                     accepts
 *   index    the store, read; its folder
 *            search/, read and write            none
 *   search   the store, read                    none
 *   forward  its spool, read and write          connects
 *
 * Besides these, each may read the C library's charset modules, which it
 * loads when mail first names their charset, and /dev/urandom, which
 * SQLite reads.
 *
 * Both Landlock's domains and seccomp's filters are inherited and can only
 * be made narrower.  The parent forks after it entered its own, so its own
 * holds what any child may need before and after it enters its role, and
 * fork, wait and kill; what no role needs (execve, connect, bind, ptrace,
 * files elsewhere...) is gone for all of them before the first byte comes
 * from outside.  The parent itself takes no input but signals.
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
	SANDBOX_INDEX,
	SANDBOX_SEARCH,
	SANDBOX_KEEP, /* without Landlock, where nothing would hold it to that
		       * folder, the same as http */
} SandboxRole;

/* The one folder in the store's that keep may write, and that of index. */
#define SANDBOX_KEEP_FOLDER "cache"
#define SANDBOX_INDEX_FOLDER "search"

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
 * SIGSYS.  To be called once a role, after all that needs more was opened.
 * Returns false with *err set to ERR_IO if the kernel refuses.
 */
bool sandbox_enter(SandboxRole role, const char *dir, GError **err);

/*
 * What each role is left with, as text for an operator: the files under
 * dir, sockets and system calls, from the tables that sandbox_enter goes
 * by, on this kernel.  The caller frees.
 */
char *sandbox_show(const char *store, const char *spool);

#endif
