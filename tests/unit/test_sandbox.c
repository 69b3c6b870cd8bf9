/*
 * Each attempt runs in a child of its own that has entered a role, and
 * ends with errno as its status, or by the signal that stopped it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"
#include "store/store.h"

#include <glib/gstdio.h>
#include <linux/landlock.h>

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The role's folder, with the file "kept" in it, and a file elsewhere. */
static char *dir, *kept, *elsewhere;

/* A listening socket that was there before. */
static int listener;

/* What an attempt comes to: 0, an errno, or STOPPED. */
#define STOPPED (-SIGSYS)

static int
result_of(bool good)
{
	return good ? 0 : errno;
}

static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);
	int code = result_of(fd >= 0);

	if (fd >= 0)
		close(fd);
	return code;
}

static int
read_kept(void)
{
	return try_open(kept, O_RDONLY);
}

static int
write_kept(void)
{
	return try_open(kept, O_RDWR);
}

static int
truncate_kept(void)
{
	return try_open(kept, O_RDONLY | O_TRUNC);
}

static int
make_and_remove(void)
{
	g_autofree char *path = g_build_filename(dir, "new", NULL);
	int code = try_open(path, O_WRONLY | O_CREAT | O_EXCL);

	return code != 0 ? code : result_of(unlink(path) == 0);
}

static int
make_in_search(void)
{
	g_autofree char *path =
	    g_build_filename(dir, SANDBOX_INDEX_FOLDER, "new", NULL);
	int code = try_open(path, O_WRONLY | O_CREAT | O_EXCL);

	return code != 0 ? code : result_of(unlink(path) == 0);
}

static int
set_alarm(void)
{
	(void)alarm(0);
	return 0;
}

/* All that is done with a kept file. */
static int
make_in_cache(void)
{
	g_autofree char *path = g_strdup_printf(
	    "%s/" SANDBOX_KEEP_FOLDER "/%d", dir, (int)getpid());
	g_autofree char *name = g_strconcat(path, ".name", NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return result_of(fd >= 0 && write(fd, "x", 1) == 1 &&
			 fdatasync(fd) == 0 && futimens(fd, NULL) == 0 &&
			 rename(path, name) == 0 && unlink(name) == 0);
}

static int
set_times(void)
{
	return result_of(utimensat(AT_FDCWD, kept, NULL, 0) == 0);
}

static int
remove_kept(void)
{
	return result_of(unlink(kept) == 0);
}

/* To root: SQLite does so with what root opens. */
static int
give_away_kept(void)
{
	int fd = open(kept, O_RDONLY | O_CLOEXEC);

	return result_of(fd >= 0 && fchown(fd, geteuid(), getegid()) == 0);
}

static int
read_store(void)
{
	g_autoptr(Store) s = store_open(dir, STORE_READ, NULL);
	g_autoptr(StoreList) l =
	    s != NULL ? store_list_find(s, "a.example.org", NULL) : NULL;

	return l != NULL ? 0 : EACCES;
}

static int
write_store(void)
{
	g_autoptr(Store) s = store_open(dir, STORE_WRITE, NULL);

	return s != NULL && store_list_set(s, 1, POLICY_PUBLIC, "changed", NULL)
		   ? 0
		   : EACCES;
}

static int
read_passwd(void)
{
	return try_open("/etc/passwd", O_RDONLY);
}

static int
read_elsewhere(void)
{
	return try_open(elsewhere, O_RDONLY);
}

static int
execute(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno;
}

static int
fork_one(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return result_of(pid > 0 && waitpid(pid, NULL, 0) == pid);
}

static int
connect_out(void)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = (socklen_t)sizeof in;
	int fd = -1;

	getsockname(listener, (struct sockaddr *)&in, &len);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	return result_of(fd >= 0 && connect(fd, (struct sockaddr *)&in,
					(socklen_t)sizeof in) == 0);
}

/* With a socket that it had. */
static int
connect_in_hand(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET};

	return result_of(connect(listener, (struct sockaddr *)&in,
			     (socklen_t)sizeof in) == 0);
}

static int
accept_none(void)
{
	accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	return errno == EAGAIN ? 0 : errno;
}

static int
trace_parent(void)
{
	return result_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int
signal_parent(void)
{
	return result_of(kill(getppid(), 0) == 0);
}

static int
type_for_user(void)
{
	return result_of(ioctl(STDIN_FILENO, TIOCSTI, "x") == 0);
}

static int
mount_something(void)
{
	return result_of(syscall(SYS_mount, "", "/", "", 0, NULL) == 0);
}

/* Modules that glibc loads when they are first asked for. */
static int
decode_charsets(void)
{
	static const char *const names[] = {"EUC-JP", "ISO-2022-JP", "GB18030",
	    "BIG5-HKSCS", "KOI8-R", "WINDOWS-1252", "EUC-KR"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		iconv_t cd = iconv_open("UTF-8", names[i]);

		if (cd == (iconv_t)-1)
			return errno;
		iconv_close(cd);
	}
	return 0;
}

static int
abort_itself(void)
{
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	return errno;
}

typedef struct {
	const char *name;
	int (*run)(void);
	/* What it comes to. */
	int parent, lmtp, http, forward, keep, index, search;
	bool landlock; /* that alone forbids it */
} Attempt;

static const Attempt attempts[] = {
    {"read-kept", read_kept, 0, 0, 0, 0, 0, 0, 0, false},
    {"write-kept", write_kept, 0, 0, EACCES, 0, EACCES, EACCES, EACCES, false},
    {"truncate-kept", truncate_kept, 0, 0, EACCES, 0, EACCES, EACCES, EACCES,
	false},
    {"make-and-remove", make_and_remove, 0, 0, EACCES, 0, EACCES, EACCES,
	EACCES, false},
    {"remove-kept", remove_kept, 0, 0, STOPPED, 0, EACCES, EACCES, STOPPED,
	false},
    {"give-away-kept", give_away_kept, 0, 0, EPERM, 0, EPERM, EPERM, EPERM,
	false},
    {"make-in-cache", make_in_cache, 0, STOPPED, EACCES, STOPPED, 0, EACCES,
	EACCES, false},
    {"set-times", set_times, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED,
	STOPPED, STOPPED, false},
    {"read-store", read_store, 0, 0, 0, 0, 0, 0, 0, false},
    {"write-store", write_store, 0, 0, EACCES, 0, EACCES, EACCES, EACCES,
	false},
    {"read-passwd", read_passwd, EACCES, EACCES, EACCES, EACCES, EACCES, EACCES,
	EACCES, true},
    {"read-elsewhere", read_elsewhere, EACCES, EACCES, EACCES, EACCES, EACCES,
	EACCES, EACCES, true},
    {"execute", execute, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED,
	STOPPED, false},
    {"fork", fork_one, 0, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED,
	false},
    {"connect-out", connect_out, STOPPED, STOPPED, STOPPED, 0, STOPPED, STOPPED,
	STOPPED, false},
    {"connect-in-hand", connect_in_hand, STOPPED, STOPPED, STOPPED, EISCONN,
	STOPPED, STOPPED, STOPPED, false},
    {"accept", accept_none, 0, 0, 0, STOPPED, 0, STOPPED, STOPPED, false},
    {"trace-parent", trace_parent, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED,
	STOPPED, STOPPED, false},
    {"signal-parent", signal_parent, EPERM, STOPPED, STOPPED, STOPPED, STOPPED,
	STOPPED, STOPPED, true},
    {"type-for-user", type_for_user, STOPPED, STOPPED, STOPPED, STOPPED,
	STOPPED, STOPPED, STOPPED, false},
    {"mount", mount_something, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED,
	STOPPED, STOPPED, false},
    {"decode-charsets", decode_charsets, 0, 0, 0, 0, 0, 0, 0, false},
    {"abort", abort_itself, -SIGABRT, -SIGABRT, -SIGABRT, -SIGABRT, -SIGABRT,
	-SIGABRT, -SIGABRT, false},
    {"make-in-search", make_in_search, 0, 0, EACCES, 0, EACCES, 0, EACCES,
	false},
    {"set-alarm", set_alarm, 0, STOPPED, STOPPED, STOPPED, STOPPED, STOPPED, 0,
	false},
};

/* Run a in a child that has entered role, and the parent's before if
 * nested. */
static int
attempt(const Attempt *a, SandboxRole role, bool nested)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		g_autoptr(GError) err = NULL;

		if ((nested && !sandbox_enter(SANDBOX_PARENT, dir, &err)) ||
		    !sandbox_enter(role, dir, &err)) {
			g_printerr("%s\n", err->message);
			_exit(255);
		}
		_exit(a->run());
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool
has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		   LANDLOCK_CREATE_RULESET_VERSION) >= 2;
}

/* TCP and signals came with later ones; the oldest that has all is 6. */
static bool
has_scopes(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		   LANDLOCK_CREATE_RULESET_VERSION) >= 6;
}

static void
attempt_all(SandboxRole role, bool nested)
{
	for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++) {
		const Attempt *a = &attempts[i];
		const int want[] = {
		    [SANDBOX_PARENT] = a->parent,
		    [SANDBOX_LMTP] = a->lmtp,
		    [SANDBOX_HTTP] = a->http,
		    [SANDBOX_FORWARD] = a->forward,
		    [SANDBOX_KEEP] = a->keep,
		    [SANDBOX_INDEX] = a->index,
		    [SANDBOX_SEARCH] = a->search,
		};
		int got = 0;

		if (a->landlock && !has_scopes())
			continue;
		g_assert_true(g_file_set_contents(kept, "x", 1, NULL));
		got = attempt(a, role, nested);
		if (got != want[role])
			g_error("%s: %d, not %d", a->name, got, want[role]);
	}
}

static void
role_may(gconstpointer role)
{
	if (!has_landlock()) {
		g_test_skip("this kernel has no Landlock");
		return;
	}
	attempt_all((SandboxRole)GPOINTER_TO_INT(role), false);
	if (GPOINTER_TO_INT(role) == SANDBOX_LMTP ||
	    GPOINTER_TO_INT(role) == SANDBOX_HTTP ||
	    GPOINTER_TO_INT(role) == SANDBOX_KEEP ||
	    GPOINTER_TO_INT(role) == SANDBOX_INDEX ||
	    GPOINTER_TO_INT(role) == SANDBOX_SEARCH)
		attempt_all((SandboxRole)GPOINTER_TO_INT(role), true);
}

static void
unknown_user_is_an_error(void)
{
	g_autoptr(GError) err = NULL;

	g_assert_true(sandbox_drop_user("", &err));
	if (geteuid() != 0) {
		g_test_skip("not root: nothing to give up");
		return;
	}
	g_assert_false(sandbox_drop_user("no-such-user", &err));
	g_assert_nonnull(err);
}

static void
prepare(void)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	g_autoptr(Store) s = NULL;

	dir = g_dir_make_tmp("felid-XXXXXX", NULL);
	s = store_open(dir, STORE_WRITE, NULL);
	g_assert_true(store_list_add(s, "a.example.org", POLICY_PUBLIC, NULL));
	kept = g_build_filename(dir, "kept", NULL);
	g_autofree char *cache =
	    g_build_filename(dir, SANDBOX_KEEP_FOLDER, NULL);

	g_assert_cmpint(g_mkdir(cache, 0700), ==, 0);
	g_autofree char *search =
	    g_build_filename(dir, SANDBOX_INDEX_FOLDER, NULL);

	g_assert_cmpint(g_mkdir(search, 0700), ==, 0);
	elsewhere = g_strconcat(dir, ".elsewhere", NULL);
	g_assert_true(g_file_set_contents(elsewhere, "x", 1, NULL));
	listener = socket(AF_INET, SOCK_STREAM, 0);
	g_assert_cmpint(
	    bind(listener, (struct sockaddr *)&in, (socklen_t)sizeof in), ==,
	    0);
	g_assert_cmpint(listen(listener, 5), ==, 0);
	fcntl(listener, F_SETFL, O_NONBLOCK);
}

static void
remove_folder(const char *folder)
{
	g_autoptr(GDir) d = g_dir_open(folder, 0, NULL);
	const char *name = NULL;

	while ((name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

static void
remove_all(void)
{
	g_autofree char *cache =
	    g_build_filename(dir, SANDBOX_KEEP_FOLDER, NULL);

	g_autofree char *search =
	    g_build_filename(dir, SANDBOX_INDEX_FOLDER, NULL);

	remove_folder(search);
	remove_folder(cache);
	remove_folder(dir);
	g_unlink(elsewhere);
}

int
main(int argc, char **argv)
{
	int failed = 0;

	g_test_init(&argc, &argv, NULL);
	prepare();
	g_test_add_data_func(
	    "/sandbox/parent", GINT_TO_POINTER(SANDBOX_PARENT), role_may);
	g_test_add_data_func(
	    "/sandbox/lmtp", GINT_TO_POINTER(SANDBOX_LMTP), role_may);
	g_test_add_data_func(
	    "/sandbox/http", GINT_TO_POINTER(SANDBOX_HTTP), role_may);
	g_test_add_data_func(
	    "/sandbox/forward", GINT_TO_POINTER(SANDBOX_FORWARD), role_may);
	g_test_add_data_func(
	    "/sandbox/keep", GINT_TO_POINTER(SANDBOX_KEEP), role_may);
	g_test_add_data_func(
	    "/sandbox/index", GINT_TO_POINTER(SANDBOX_INDEX), role_may);
	g_test_add_data_func(
	    "/sandbox/search", GINT_TO_POINTER(SANDBOX_SEARCH), role_may);
	g_test_add_func("/sandbox/unknown-user", unknown_user_is_an_error);
	failed = g_test_run();
	remove_all();
	g_free(dir);
	g_free(kept);
	g_free(elsewhere);
	close(listener);
	return failed;
}
