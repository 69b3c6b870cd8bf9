/* SPDX-License-Identifier: Apache-2.0 */
#include "http/keep.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file is written under its name behind this, which no kept one has. */
#define NEW "new-"

/* Seconds after which a file that is used is said to be: less often than
 * each time, and often enough to tell what is used at all. */
#define USED_S 3600

/*
 * The folder is looked through whenever this part of what it may hold was
 * written anew: 50,000 files take 0.2 s.  What four workers write between
 * two looks is left free.
 */
#define LOOK_PART 64u
#define FREE_PART 16u

/*
 * What stands behind the bytes of a file, with how many they are: one that
 * was cut short does not end so.
 */
#define END_FMT "felid %020" PRIu64 "\n"
#define END_LEN 27

/* A link in the folder, whose target is the boot of the system that the kept
 * files are of, and where that is told. */
#define BOOT ".boot"
#define BOOT_FILE "/proc/sys/kernel/random/boot_id"
#define BOOT_LEN 36

struct Keep {
	int dir;
	uint64_t max_bytes;
	uint64_t n_written; /* bytes, since make_room */
	unsigned int n_begun;
	unsigned int n_open; /* files that are being written */
	bool failed;         /* it was logged that nothing can be written */
};

struct KeepFile {
	Keep *keep;
	int fd;
	char *name, *new_name;
	uint64_t n_bytes;
	bool failed;
};

Keep *
keep_new(const char *path, uint64_t max_bytes)
{
	int dir =
	    max_bytes > 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (dir < 0)
		return NULL;
	Keep *k = g_new0(Keep, 1);

	k->dir = dir;
	k->max_bytes = max_bytes;
	return k;
}

void
keep_free(Keep *k)
{
	if (k == NULL)
		return;
	close(k->dir);
	g_free(k);
}

uint64_t
keep_max(const Keep *k)
{
	return k != NULL && !k->failed ? k->max_bytes : 0;
}

/* Whether the file is as it was written; its size goes to *size. */
static bool
is_whole(int fd, const struct stat *st, uint64_t *size)
{
	char end[END_LEN + 1] = "", want[END_LEN + 1];

	if (!S_ISREG(st->st_mode) || st->st_size < END_LEN ||
	    pread(fd, end, END_LEN, st->st_size - END_LEN) != END_LEN)
		return false;
	*size = (uint64_t)st->st_size - END_LEN;
	(void)g_snprintf(want, sizeof want, END_FMT, *size);
	return memcmp(want, end, END_LEN) == 0;
}

int
keep_open(const Keep *k, const char *name, uint64_t *size)
{
	struct stat st = {0};
	int fd = k == NULL
		     ? -1
		     : openat(k->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || !is_whole(fd, &st, size)) {
		log_warn(SANDBOX_KEEP_FOLDER "/%s was cut short", name);
		(void)unlinkat(k->dir, name, 0);
		close(fd);
		return -1;
	}
	if (st.st_mtim.tv_sec + USED_S < clock_now())
		(void)futimens(fd, NULL);
	return fd;
}

bool
keep_find(const Keep *k, const char *name, uint64_t *size)
{
	int fd = keep_open(k, name, size);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Making room ------------------------------------------------------------- */

typedef struct {
	char *name;
	uint64_t size;
	int64_t used;
} Found;

static void
free_found(gpointer found)
{
	Found *f = found;

	g_free(f->name);
	g_free(f);
}

static gint
by_use(gconstpointer left, gconstpointer right)
{
	const Found *a = *(Found *const *)left, *b = *(Found *const *)right;

	return a->used < b->used ? -1 : a->used > b->used;
}

/* k's folder, to be read and closed; NULL: it can't be. */
static DIR *
open_folder(const Keep *k)
{
	int fd = openat(k->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (dir == NULL && fd >= 0)
		close(fd);
	return dir;
}

/* All files in k's folder: Found, those not used for long first; none where
 * it can't be read. */
static GPtrArray *
look_through(const Keep *k)
{
	DIR *dir = open_folder(k);
	GPtrArray *all = g_ptr_array_new_with_free_func(free_found);
	const struct dirent *e = NULL;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		struct stat st = {0};

		if (fstatat(k->dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		Found *f = g_new0(Found, 1);

		f->name = g_strdup(e->d_name);
		f->size = (uint64_t)st.st_size;
		f->used = st.st_mtim.tv_sec;
		g_ptr_array_add(all, f);
	}
	if (dir != NULL)
		closedir(dir);
	g_ptr_array_sort(all, by_use);
	return all;
}

/* Whether name is an older file of what newest is of. */
static bool
is_older(const char *name, const char *newest)
{
	const char *end = strrchr(newest, '=');

	return end != NULL && strcmp(name, newest) != 0 &&
	       strncmp(name, newest, (size_t)(end - newest) + 1) == 0;
}

/* Delete what newest replaces.  Names alone are read: that is a sixth of
 * what make_room takes. */
static void
drop_older(const Keep *k, const char *newest)
{
	DIR *dir = open_folder(k);
	const struct dirent *e = NULL;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (is_older(e->d_name, newest))
			(void)unlinkat(k->dir, e->d_name, 0);
	if (dir != NULL)
		closedir(dir);
}

/* Delete what a process that was killed left behind, and what is too
 * much. */
static void
make_room(Keep *k)
{
	g_autoptr(GPtrArray) all = look_through(k);
	uint64_t most = k->max_bytes - k->max_bytes / FREE_PART, sum = 0;

	k->n_written = 0;
	for (guint i = 0; i < all->len; i++)
		sum += ((const Found *)all->pdata[i])->size;
	for (guint i = 0; i < all->len; i++) {
		const Found *f = all->pdata[i];
		bool goes = g_str_has_prefix(f->name, NEW)
				? f->used + USED_S < clock_now()
				: sum > most;

		if (goes && unlinkat(k->dir, f->name, 0) == 0)
			sum -= f->size;
	}
}

void
keep_drop(const Keep *k, bool (*goes)(const char *name, void *arg), void *arg)
{
	DIR *dir = k != NULL ? open_folder(k) : NULL;
	const struct dirent *e = NULL;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.' && !g_str_has_prefix(e->d_name, NEW) &&
		    goes(e->d_name, arg))
			(void)unlinkat(k->dir, e->d_name, 0);
	if (dir != NULL)
		closedir(dir);
}

/* Whether k's files were written since the system booted, as boot tells. */
static bool
is_of_boot(const Keep *k, const char *boot)
{
	char was[BOOT_LEN + 1] = "";

	return boot != NULL &&
	       readlinkat(k->dir, BOOT, was, BOOT_LEN) == BOOT_LEN &&
	       strcmp(was, boot) == 0;
}

void
keep_settle(const char *path)
{
	g_autoptr(Keep) k = keep_new(path, 1);
	g_autofree char *boot = NULL;
	DIR *dir = NULL;
	const struct dirent *e = NULL;

	if (k == NULL)
		return;
	if (g_file_get_contents(BOOT_FILE, &boot, NULL, NULL))
		g_strchomp(boot);
	if (is_of_boot(k, boot))
		return;
	dir = open_folder(k);
	while (dir != NULL && (e = readdir(dir)) != NULL)
		(void)unlinkat(k->dir, e->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	/* Where it cannot be made, all goes the next time, too. */
	if (boot != NULL && symlinkat(boot, k->dir, BOOT) < 0)
		log_debug("symlink " SANDBOX_KEEP_FOLDER "/" BOOT ": %s",
		    g_strerror(errno));
}

/* Writing ----------------------------------------------------------------- */

KeepFile *
keep_begin(Keep *k, const char *name)
{
	if (k == NULL || k->n_open >= LIMIT_KEEP_OPEN)
		return NULL;
	g_autofree char *new_name =
	    g_strdup_printf(NEW "%d-%u", (int)getpid(), k->n_begun++);
	int fd = openat(k->dir, new_name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0) {
		if (!k->failed)
			log_warn("cannot keep files in " SANDBOX_KEEP_FOLDER
				 "/: %s",
			    g_strerror(errno));
		k->failed = true;
		return NULL;
	}
	KeepFile *f = g_new0(KeepFile, 1);

	k->n_open++;
	f->keep = k;
	f->fd = fd;
	f->name = g_strdup(name);
	f->new_name = g_steal_pointer(&new_name);
	return f;
}

bool
keep_write(KeepFile *f, const void *bytes, size_t len)
{
	const char *p = bytes;

	f->n_bytes += len;
	f->failed = f->failed || f->n_bytes > f->keep->max_bytes / 2;
	while (len > 0 && !f->failed) {
		ssize_t n = write(f->fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_warn("cannot keep a file in " SANDBOX_KEEP_FOLDER
				 "/: %s",
			    g_strerror(errno));
			f->failed = true;
			break;
		}
		p += n;
		len -= (size_t)n;
	}
	return !f->failed;
}

static bool
write_end(KeepFile *f)
{
	char end[END_LEN + 1];

	(void)g_snprintf(end, sizeof end, END_FMT, f->n_bytes);
	return keep_write(f, end, END_LEN);
}

void
keep_end(KeepFile *f, bool whole)
{
	if (f == NULL)
		return;
	Keep *k = f->keep;

	whole = whole && !f->failed && write_end(f) &&
		renameat(k->dir, f->new_name, k->dir, f->name) == 0;
	k->n_written += f->n_bytes;
	if (whole)
		drop_older(k, f->name);
	else
		(void)unlinkat(k->dir, f->new_name, 0);
	if (k->n_written > k->max_bytes / LOOK_PART)
		make_room(k);
	close(f->fd);
	k->n_open--;
	g_free(f->name);
	g_free(f->new_name);
	g_free(f);
}
