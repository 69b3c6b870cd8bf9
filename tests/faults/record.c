/*
 * record.c - loaded into felid by LD_PRELOAD: writes down what is done to
 * the folder FELID_RECORD_DIR, and what is sent, in FELID_RECORD.
 *
 * A write is noted once it was done, a sync before and after, a reply
 * before it is sent: where processes overtake one another, what is noted
 * promises less than what was done.  The descriptor is opened before the
 * sandbox is entered and stays usable within.  What is mapped is the index
 * of SQLite's log, which is made anew after a power cut.
 */
/* SPDX-License-Identifier: Apache-2.0 */
/* Both names of each call are ours here, not one an alias of the other. */
#undef _FILE_OFFSET_BITS
#include "journal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Out of the way of what the program counts on. */
#define JOURNAL_FD 200

/* As much of what is sent as is looked at. */
#define SENT_MAX 65536

static int journal = -1;
static dev_t device;
static char folder[4096];
static size_t folder_len;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FELID_RECORD");
	const char *dir = getenv("FELID_RECORD_DIR");
	struct stat st;
	int fd;

	if (path == NULL || dir == NULL || strlen(dir) >= sizeof folder)
		return;
	folder_len = strlen(dir);
	memcpy(folder, dir, folder_len + 1);
	fd = (int)syscall(
	    SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT, 0600);
	if (fd < 0 || fstat(fd, &st) < 0)
		abort();
	device = st.st_dev;
	journal = fcntl(fd, F_DUPFD_CLOEXEC, JOURNAL_FD);
	syscall(SYS_close, fd);
}

static void
note(uint32_t kind, uint64_t file, uint64_t at, const void *data, size_t len)
{
	Journal j = {.kind = kind,
	    .len = (uint32_t)len,
	    .file = file,
	    .at = at,
	    .process = (uint64_t)getpid()};
	struct iovec all[2] = {{&j, sizeof j}, {(void *)(uintptr_t)data, len}};

	if (syscall(SYS_writev, journal, all, 2) != (long)(sizeof j + len))
		abort();
}

/* The inode of fd, 0 if it is no file or folder beside the journal. */
static uint64_t
file_of(int fd)
{
	struct stat st;

	if (journal < 0 || fstat(fd, &st) < 0 || st.st_dev != device ||
	    (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return 0;
	return st.st_ino;
}

/* What of path is within the folder; NULL if it is not. */
static const char *
within(const char *path)
{
	if (journal < 0 || path == NULL ||
	    strncmp(path, folder, folder_len) != 0)
		return NULL;
	if (path[folder_len] == '/')
		return path + folder_len + 1;
	return path[folder_len] == '\0' ? "" : NULL;
}

/* The C library's headers have names of their own for what these take.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

/* Names ---------------------------------------------------------------- */

static int
open_at(int dir, const char *path, int flags, mode_t mode)
{
	const char *name = within(path);
	uint64_t how = 0;
	struct stat st;
	int fd;

	if (name != NULL && faccessat(dir, path, F_OK, 0) < 0)
		how |= JOURNAL_NEW;
	fd = (int)syscall(SYS_openat, dir, path, flags, mode);
	if (fd < 0 || name == NULL || fstat(fd, &st) < 0)
		return fd;
	if ((flags & O_TRUNC) != 0)
		how |= JOURNAL_EMPTIED;
	if (S_ISDIR(st.st_mode))
		how |= JOURNAL_FOLDER;
	note(JOURNAL_OPEN, st.st_ino, how, name, strlen(name));
	return fd;
}

#define OPENS(name, dir, params)                                               \
	int name params                                                        \
	{                                                                      \
		mode_t mode = 0;                                               \
		va_list more;                                                  \
                                                                               \
		va_start(more, flags);                                         \
		if ((flags & (O_CREAT | O_TMPFILE)) != 0)                      \
			mode = va_arg(more, mode_t);                           \
		va_end(more);                                                  \
		return open_at(dir, path, flags, mode);                        \
	}

OPENS(open, AT_FDCWD, (const char *path, int flags, ...))
OPENS(open64, AT_FDCWD, (const char *path, int flags, ...))
OPENS(openat, dir, (int dir, const char *path, int flags, ...))
OPENS(openat64, dir, (int dir, const char *path, int flags, ...))

int
unlink(const char *path)
{
	const char *name = within(path);
	int rc = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);

	if (rc == 0 && name != NULL)
		note(JOURNAL_UNLINK, 0, 0, name, strlen(name));
	return rc;
}

/* Bytes ----------------------------------------------------------------- */

static ssize_t
written(int fd, const void *data, ssize_t n, off_t at)
{
	uint64_t file = n > 0 ? file_of(fd) : 0;

	if (file != 0)
		note(JOURNAL_WRITE, file, (uint64_t)at, data, (size_t)n);
	return n;
}

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	return written(fd, data, syscall(SYS_pwrite64, fd, data, n, at), at);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off_t at)
{
	return pwrite(fd, data, n, at);
}

static int
truncated(int fd, int rc, off_t size)
{
	uint64_t file = rc == 0 ? file_of(fd) : 0;

	if (file != 0)
		note(JOURNAL_TRUNCATE, file, (uint64_t)size, NULL, 0);
	return rc;
}

int
ftruncate(int fd, off_t size)
{
	return truncated(fd, (int)syscall(SYS_ftruncate, fd, size), size);
}

int
ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

static int
sync_file(long call, int fd)
{
	uint64_t file = file_of(fd);
	int rc;

	if (file != 0)
		note(JOURNAL_SYNC, file, 0, NULL, 0);
	rc = (int)syscall(call, fd);
	if (file != 0 && rc == 0)
		note(JOURNAL_SYNCED, file, 0, NULL, 0);
	return rc;
}

int
fsync(int fd)
{
	return sync_file(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return sync_file(SYS_fdatasync, fd);
}

/* What is sent ------------------------------------------------------------ */

/* Note what is said of messages, and of nothing else. */
static void
sending(int fd, const struct iovec *all, int n)
{
	static char text[SENT_MAX];
	struct stat st;
	size_t len = 0;

	if (journal < 0 || fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode))
		return;
	for (int i = 0; i < n; i++) {
		size_t more = all[i].iov_len;

		if (more > sizeof text - len)
			more = sizeof text - len;
		memcpy(text + len, all[i].iov_base, more);
		len += more;
	}
	if (memmem(text, len, "250 2.6.0 <", 11) != NULL)
		note(JOURNAL_SENT, 0, 0, text, len);
}

ssize_t
writev(int fd, const struct iovec *all, int n)
{
	sending(fd, all, n);
	return syscall(SYS_writev, fd, all, n);
}

ssize_t
write(int fd, const void *data, size_t n)
{
	struct iovec one = {(void *)(uintptr_t)data, n};
	off_t at = file_of(fd) != 0 ? lseek(fd, 0, SEEK_CUR) : -1;

	sending(fd, &one, 1);
	if (at < 0)
		return syscall(SYS_write, fd, data, n);
	return written(fd, data, syscall(SYS_write, fd, data, n), at);
}

ssize_t
send(int fd, const void *data, size_t n, int flags)
{
	struct iovec one = {(void *)(uintptr_t)data, n};

	sending(fd, &one, 1);
	return syscall(SYS_sendto, fd, data, n, flags, NULL, 0);
}

ssize_t
sendmsg(int fd, const struct msghdr *m, int flags)
{
	sending(fd, m->msg_iov, (int)m->msg_iovlen);
	return syscall(SYS_sendmsg, fd, m, flags);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
