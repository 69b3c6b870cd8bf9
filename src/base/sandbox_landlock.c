/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/log.h"
#include "base/sandbox_private.h"

#include <linux/landlock.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc wraps none of these, and the header that we are built with may be
 * older than the kernel that we run on: what it lacks is written out. */
#define FS_TRUNCATE (1ull << 14)  /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define NET_BIND_TCP (1ull << 0)  /* ABI 4 */
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_UNIX_SOCKET (1ull << 0) /* ABI 6 */
#define SCOPE_SIGNAL (1ull << 1)

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* What SQLite does in its folder. */
#define FS_WRITE                                                               \
	(FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE |                             \
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |     \
	    FS_TRUNCATE)
/* And a spool: its messages move from folder to folder. */
#define FS_SPOOL                                                               \
	(FS_WRITE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REFER |   \
	    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM |      \
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SOCK)

/* struct landlock_ruleset_attr of ABI 6. */
typedef struct {
	uint64_t fs, net, scoped;
} Ruleset;

static const uint64_t dir_access[] = {
    [SANDBOX_PARENT] = FS_WRITE,
    [SANDBOX_LMTP] = FS_WRITE,
    [SANDBOX_HTTP] = FS_READ,
    [SANDBOX_FORWARD] = FS_SPOOL,
    [SANDBOX_KEEP] = FS_READ,
    [SANDBOX_INDEX] = FS_READ,
    [SANDBOX_SEARCH] = FS_READ,
};

/* Take from the rights of ABI 6 what this kernel does not know. */
static size_t
fit(Ruleset *r, long abi)
{
	if (abi < 3)
		r->fs &= ~FS_TRUNCATE;
	if (abi < 5)
		r->fs &= ~FS_IOCTL_DEV;
	if (abi < 4)
		return offsetof(Ruleset, net);
	if (abi < 6)
		return offsetof(Ruleset, scoped);
	return sizeof *r;
}

static bool
allow(int ruleset, const char *path, uint64_t access, GError **err)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access};
	bool good = false;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return err_set_errno(err, ERR_IO, "open %s", path);
	good = syscall(SYS_landlock_add_rule, ruleset,
		   LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	if (!good)
		err_set_errno(err, ERR_IO, "Landlock on %s", path);
	close(rule.parent_fd);
	return good;
}

/* Where the C library keeps what iconv loads: beside itself.  NULL if
 * that can't be told, as in a static program. */
static char *
charset_folder(void)
{
	g_autofree char *lib = NULL;
	g_autofree char *path = NULL;
	Dl_info info = {0};
	void *libc = NULL;
	iconv_t (*entry)(const char *, const char *) = iconv_open;

	memcpy(&libc, &entry, sizeof libc);
	if (dladdr(libc, &info) == 0 || info.dli_fname == NULL)
		return NULL;
	lib = g_path_get_dirname(info.dli_fname);
	path = g_build_filename(lib, "gconv", NULL);
	return g_file_test(path, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&path)
						     : NULL;
}

/* The folder in dir that role may write though it may not dir; or NULL. */
static char *
own_folder(SandboxRole role, const char *dir)
{
	const char *name = role == SANDBOX_KEEP    ? SANDBOX_KEEP_FOLDER
			   : role == SANDBOX_INDEX ? SANDBOX_INDEX_FOLDER
						   : NULL;

	return name != NULL ? g_build_filename(dir, name, NULL) : NULL;
}

static bool
allow_all(int ruleset, uint64_t known, SandboxRole role, const char *dir,
    GError **err)
{
	g_autofree char *charsets = charset_folder();
	g_autofree char *own = own_folder(role, dir);

	if (own != NULL && !allow(ruleset, own, FS_WRITE & known, err))
		return false;
	if (dir != NULL && !allow(ruleset, dir, dir_access[role] & known, err))
		return false;
	if (charsets != NULL && !allow(ruleset, charsets, FS_READ, err))
		return false;
	return access("/dev/urandom", R_OK) < 0 ||
	       allow(
		   ruleset, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE, err);
}

long
sandbox_landlock_abi(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

static void
show(GString *text, const char *path, uint64_t access)
{
	const bool writes = (access & LANDLOCK_ACCESS_FS_WRITE_FILE) != 0;

	g_string_append_printf(
	    text, "  files    %s: %s\n", path, writes ? "read, write" : "read");
}

void
sandbox_landlock_show(SandboxRole role, const char *dir, GString *text)
{
	g_autofree char *charsets = charset_folder();
	g_autofree char *own = own_folder(role, dir);

	show(text, dir, dir_access[role]);
	if (own != NULL)
		show(text, own, FS_WRITE);
	if (charsets != NULL)
		show(text, charsets, FS_READ);
	show(text, "/dev/urandom", FS_READ);
}

bool
sandbox_landlock(SandboxRole role, const char *dir, bool *held, GError **err)
{
	long abi = sandbox_landlock_abi();
	Ruleset r = {.fs = (FS_IOCTL_DEV << 1) - 1,
	    .net = NET_BIND_TCP,
	    .scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL};
	size_t size = fit(&r, abi);
	int fd = -1;
	bool good = false;

	/* The first ABI let nobody move a file to another folder. */
	if (abi < 2) {
		log_warn("this kernel has no Landlock (or too old a one): "
			 "files are guarded by their modes alone");
		return true;
	}
	if (role != SANDBOX_FORWARD)
		r.net |= NET_CONNECT_TCP;
	fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
	if (fd < 0)
		return err_set_errno(err, ERR_IO, "Landlock");
	good = allow_all(fd, r.fs, role, dir, err);
	if (good && syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		good = err_set_errno(err, ERR_IO, "Landlock");
	close(fd);
	*held = good;
	return good;
}
