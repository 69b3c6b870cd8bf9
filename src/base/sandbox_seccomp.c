/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/sandbox_private.h"

#include <seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* Who may make a call. */
#define PARENT (1u << SANDBOX_PARENT)
#define LMTP (1u << SANDBOX_LMTP)
#define HTTP (1u << SANDBOX_HTTP)
#define FORWARD (1u << SANDBOX_FORWARD)
#define KEEP (1u << SANDBOX_KEEP)
#define INDEX (1u << SANDBOX_INDEX)
#define SEARCH (1u << SANDBOX_SEARCH)
#define SERVER (LMTP | HTTP | KEEP)
#define CHILD (SERVER | FORWARD | INDEX | SEARCH)
/* The parent's filter binds its children too: it allows what they need. */
#define ALL (PARENT | CHILD)
/* What must still be done before a child enters its own role. */
#define ENTRY PARENT

typedef struct {
	unsigned int roles;
	const char *name; /* a name that this machine has not is passed over */
} Call;

static const Call calls[] = {
    /* Descriptors that are open. */
    {ALL, "read"},
    {ALL, "readv"},
    {ALL, "pread64"},
    {ALL, "preadv"},
    {ALL, "write"},
    {ALL, "writev"},
    {ALL, "pwrite64"},
    {ALL, "pwritev"},
    {ALL, "lseek"},
    {ALL, "close"},
    {ALL, "close_range"},
    {ALL, "fstat"},
    {ALL, "fstatfs"},
    {ALL, "fcntl"},
    {ALL, "dup"},
    {ALL, "dup2"},
    {ALL, "dup3"},
    {ALL, "pipe2"},
    {ALL, "eventfd2"},
    {ALL, "fsync"},
    {ALL, "fdatasync"},
    {ALL, "flock"},
    {ALL, "fadvise64"},
    {ALL, "getdents64"},
    {ALL, "sendfile"},
    /* Names of files, which Landlock guards. */
    {ALL, "stat"},
    {ALL, "lstat"},
    {ALL, "newfstatat"},
    {ALL, "statx"},
    {ALL, "statfs"},
    {ALL, "access"},
    {ALL, "faccessat"},
    {ALL, "faccessat2"},
    {ALL, "readlink"},
    {ALL, "readlinkat"},
    {ALL, "getcwd"},
    {PARENT | LMTP | FORWARD | KEEP | INDEX, "open"},
    {PARENT | LMTP | FORWARD | KEEP | INDEX, "openat"},
    {PARENT | LMTP | FORWARD | KEEP | INDEX, "unlink"},
    {PARENT | LMTP | FORWARD | KEEP | INDEX, "unlinkat"},
    {PARENT | LMTP | FORWARD | INDEX, "ftruncate"},
    {PARENT | LMTP | FORWARD | INDEX, "fallocate"},
    {PARENT | LMTP | FORWARD | INDEX, "fchmod"},
    {PARENT | LMTP | FORWARD, "fchown"},
    {PARENT | FORWARD | KEEP, "rename"},
    {PARENT | FORWARD | KEEP, "renameat"},
    {PARENT | FORWARD | KEEP, "renameat2"},
    {FORWARD, "link"},
    {FORWARD, "linkat"},
    {FORWARD, "mkdir"},
    {FORWARD, "mkdirat"},
    {FORWARD, "inotify_init1"},
    {FORWARD, "inotify_add_watch"},
    {FORWARD, "inotify_rm_watch"},
    /* Memory. */
    {ALL, "brk"},
    {ALL, "mmap"},
    {ALL, "munmap"},
    {ALL, "mremap"},
    {ALL, "mprotect"},
    {ALL, "madvise"},
    {ALL, "membarrier"},
    /* Waiting and time. */
    {ALL, "epoll_create1"},
    {ALL, "epoll_create"},
    {ALL, "epoll_ctl"},
    {ALL, "epoll_wait"},
    {ALL, "epoll_pwait"},
    {ALL, "epoll_pwait2"},
    {ALL, "poll"},
    {ALL, "ppoll"},
    {ALL, "select"},
    {ALL, "pselect6"},
    {ALL, "futex"},
    {ALL, "nanosleep"},
    {ALL, "clock_nanosleep"},
    {ALL, "clock_gettime"},
    {ALL, "clock_getres"},
    {ALL, "gettimeofday"},
    {ALL, "time"},
    {ALL, "sched_yield"},
    {ALL, "restart_syscall"},
    {PARENT | SEARCH, "alarm"},
    {PARENT | SEARCH, "setitimer"},
    /* Oneself. */
    {ALL, "getpid"},
    {ALL, "gettid"},
    {ALL, "getppid"},
    {ALL, "getuid"},
    {ALL, "geteuid"},
    {ALL, "getgid"},
    {ALL, "getegid"},
    {ALL, "getrandom"},
    {ALL, "getrlimit"},
    {ALL, "getrusage"},
    {ALL, "sysinfo"},
    {ALL, "uname"},
    {ALL, "sched_getaffinity"},
    {ALL, "set_robust_list"},
    {ALL, "rseq"},
    {ALL, "rt_sigaction"},
    {ALL, "rt_sigprocmask"},
    {ALL, "rt_sigreturn"},
    {ALL, "rt_sigpending"},
    {ALL, "rt_sigtimedwait"},
    {ALL, "sigaltstack"},
    {ALL, "exit"},
    {ALL, "exit_group"},
    /* Sockets that are open or come in. */
    {PARENT | SERVER, "accept"},
    {PARENT | SERVER, "accept4"},
    {ALL, "recvfrom"},
    {ALL, "recvmsg"},
    {ALL, "sendto"},
    {ALL, "sendmsg"},
    {ALL, "shutdown"},
    {ALL, "getsockname"},
    {ALL, "getpeername"},
    {ALL, "getsockopt"},
    {ALL, "setsockopt"},
    /* Sockets that go out. */
    {FORWARD, "socket"},
    {FORWARD, "connect"},
    /* Children, and what they do to become one. */
    {ENTRY, "clone"},
    {ENTRY, "clone3"},
    {ENTRY, "fork"},
    {ENTRY, "vfork"},
    {ENTRY, "wait4"},
    {ENTRY, "waitid"},
    {ENTRY, "kill"},
    {ENTRY, "prctl"},
    {ENTRY, "setpriority"},
    {ENTRY, "seccomp"},
    {ENTRY, "landlock_create_ruleset"},
    {ENTRY, "landlock_add_rule"},
    {ENTRY, "landlock_restrict_self"},
    {ENTRY, "tgkill"},
    {ENTRY, "prlimit64"},
#ifdef SANITIZED
    {CHILD, "prctl"},
#endif
};

/* All of these add a rule of at most one argument. */
static int
allow_if(scmp_filter_ctx ctx, const char *name, struct scmp_arg_cmp cmp)
{
	return seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, cmp);
}

static int
allow_calls(scmp_filter_ctx ctx, SandboxRole role)
{
	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
		int nr = seccomp_syscall_resolve_name(calls[i].name), code = 0;

		if ((calls[i].roles & 1u << role) == 0 || nr == __NR_SCMP_ERROR)
			continue;
		code = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0);
		if (code < 0)
			return code;
	}
	return 0;
}

/* ioctl may also put words into a terminal's mouth (TIOCSTI). */
static int
allow_ioctl(scmp_filter_ctx ctx)
{
	static const unsigned int requests[] = {FIONREAD, FIONBIO, TCGETS};
	int code = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(requests) && code == 0; i++)
		code = allow_if(
		    ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, requests[i], 0));
	return code;
}

/* Signals to oneself (abort), one's own name and limits. */
static int
allow_own(scmp_filter_ctx ctx)
{
	int code = allow_if(
	    ctx, "tgkill", SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));

	if (code == 0)
		code = seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
		    SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0, 0),
		    SCMP_A2(SCMP_CMP_EQ, 0, 0));
#ifndef SANITIZED
	if (code == 0)
		code = allow_if(
		    ctx, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0));
#endif
	return code;
}

/*
 * Files may be opened to be read.  An attempt to write is EACCES, not
 * death: SQLite tries its index of the log for writing first, and is
 * content with reading it.  flags is the argument that holds them.
 */
static int
allow_reading(scmp_filter_ctx ctx, const char *name, unsigned int flags)
{
	static const unsigned int writing[][2] = {
	    {O_ACCMODE, O_WRONLY},
	    {O_ACCMODE, O_RDWR},
	    {O_CREAT, O_CREAT},
	    {O_TRUNC, O_TRUNC},
	};
	int nr = seccomp_syscall_resolve_name(name);
	int code = allow_if(ctx, name,
	    SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC,
		O_RDONLY));

	for (gsize i = 0; i < G_N_ELEMENTS(writing) && code == 0; i++)
		code = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), nr, 1,
		    SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, writing[i][0],
			writing[i][1]));
	return code;
}

/* Reading, as http does. */
static int
allow_reader(scmp_filter_ctx ctx)
{
	int code = allow_reading(ctx, "openat", 2);

	if (code == 0 && seccomp_syscall_resolve_name("open") >= 0)
		code = allow_reading(ctx, "open", 1);
	return code;
}

/* When a kept file was used, by its descriptor: no other file's name. */
static int
set_used(scmp_filter_ctx ctx, uint32_t action)
{
	return seccomp_rule_add(
	    ctx, action, SCMP_SYS(utimensat), 1, SCMP_A1(SCMP_CMP_EQ, 0, 0));
}

/* SQLite, where root runs it, tries to give a file that it opened to the
 * database's owner, and does without. */
static int
refuse_chown(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(
	    ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fchown), 0);
}

/* Whether role opens files, and only to read them. */
static bool
is_reader(SandboxRole role)
{
	return role == SANDBOX_HTTP || role == SANDBOX_SEARCH;
}

/* Whether role may say that a kept file was used. */
static bool
sets_used(SandboxRole role)
{
	return role == SANDBOX_PARENT || role == SANDBOX_KEEP;
}

static int
fill(scmp_filter_ctx ctx, SandboxRole role)
{
	int code = seccomp_attr_set(
	    ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	/* A tree, not a list that each call walks (not in old kernels'
	 * libraries: no matter). */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (code == 0)
		code = allow_calls(ctx, role);
	if (code == 0)
		code = allow_ioctl(ctx);
	if (code == 0 && role != SANDBOX_PARENT)
		code = allow_own(ctx);
	if (code == 0 && is_reader(role))
		code = allow_reader(ctx);
	if (code == 0 && sets_used(role))
		code = set_used(ctx, SCMP_ACT_ALLOW);
	if (code == 0 && role == SANDBOX_HTTP)
		code = set_used(ctx, SCMP_ACT_ERRNO(EPERM));
	if (code == 0 && (1u << role & (HTTP | KEEP | INDEX | SEARCH)) != 0)
		code = refuse_chown(ctx);
	return code;
}

void
sandbox_seccomp_show(unsigned int roles, unsigned int other, GString *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
		if ((calls[i].roles & roles) == roles &&
		    (other == 0 || (calls[i].roles & other) != other))
			g_string_append_printf(text, " %s", calls[i].name);
}

void
sandbox_seccomp_show_partly(SandboxRole role, GString *text)
{
	g_string_append(text, " ioctl(FIONREAD,FIONBIO,TCGETS)");
	if (role != SANDBOX_PARENT)
		g_string_append(text,
		    " tgkill(self) prlimit64(self,read) prctl(PR_SET_NAME)");
	if (is_reader(role))
		g_string_append(text, " open(read) openat(read)");
	if (sets_used(role))
		g_string_append(text, " utimensat(descriptor)");
}

bool
sandbox_seccomp(SandboxRole role, GError **err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int code = -ENOMEM;

	if (ctx != NULL)
		code = fill(ctx, role);
	if (code == 0)
		code = seccomp_load(ctx);
	if (ctx != NULL)
		seccomp_release(ctx);
	errno = -code;
	return code == 0 || err_set_errno(err, ERR_IO, "seccomp");
}
