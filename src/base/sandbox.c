/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"

#include "base/err.h"
#include "base/sandbox_private.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

bool
sandbox_drop_user(const char *user, GError **err)
{
	struct passwd *pw = NULL;

	if (*user == '\0' || geteuid() != 0)
		return true;
	errno = 0;
	pw = getpwnam(user);
	if (pw == NULL && errno != 0)
		return err_set_errno(err, ERR_IO, "look up user %s", user);
	if (pw == NULL)
		return err_set(err, ERR_NOTFOUND, "there is no user %s", user);
	if (initgroups(user, pw->pw_gid) < 0 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0)
		return err_set_errno(err, ERR_IO, "become user %s", user);
	/* Unless the user is root by another name. */
	if (pw->pw_uid != 0 && setuid(0) == 0)
		return err_set(err, ERR_IO, "root was not given up");
	return true;
}

static bool entered;

/* LeakSanitizer asks this, if it is there.  It looks into /proc and traces
 * the process when that ends: neither is left to us then. */
int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return entered;
}

bool
sandbox_enter(SandboxRole role, const char *dir, GError **err)
{
	/* Landlock asks for it, and seccomp of whoever is not root. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set_errno(err, ERR_IO, "no_new_privs");
	entered = true;
	bool held = false;

	if (!sandbox_landlock(role, dir, &held, err))
		return false;
	return sandbox_seccomp(
	    role == SANDBOX_KEEP && !held ? SANDBOX_HTTP : role, err);
}
