/*
 * fail.c - loaded into felid by LD_PRELOAD: a disk that fails as the file
 * FELID_FAIL says, which holds an errno (0: none) for each kind of call and
 * may be written to at any time.  Mapped before the sandbox is entered.
 */
/* SPDX-License-Identifier: Apache-2.0 */

/* Both names of each call are ours here, not one an alias of the other. */
#undef _FILE_OFFSET_BITS

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the file holds. */
typedef struct {
	int32_t write, sync, open; /* the last: of a file, to be written */
} Failures;

static const volatile Failures none, *now = &none;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FELID_FAIL");
	void *map = MAP_FAILED;
	int fd;

	if (path == NULL)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
	if (fd >= 0)
		map =
		    mmap(NULL, sizeof(Failures), PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		abort();
	syscall(SYS_close, fd);
	now = map;
}

static bool
fails(int why)
{
	if (why != 0)
		errno = why;
	return why != 0;
}

/* Whether a write to fd fails: to a file, that is. */
static bool
write_fails(int fd)
{
	struct stat st;
	int why = now->write;

	return why != 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       fails(why);
}

/* The C library's headers have names of their own for what these take.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	return write_fails(fd) ? -1 : syscall(SYS_pwrite64, fd, data, n, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off_t at)
{
	return pwrite(fd, data, n, at);
}

ssize_t
write(int fd, const void *data, size_t n)
{
	return write_fails(fd) ? -1 : syscall(SYS_write, fd, data, n);
}

int
ftruncate(int fd, off_t size)
{
	return write_fails(fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int
ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

int
fsync(int fd)
{
	return fails(now->sync) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return fails(now->sync) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static int
open_file(const char *path, int flags, mode_t mode)
{
	if ((flags & (O_WRONLY | O_RDWR)) != 0 && fails(now->open))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
	va_end(more);
	return open_file(path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
	va_end(more);
	return open_file(path, flags, mode);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
