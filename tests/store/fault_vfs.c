/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_vfs.h"

#include <glib.h>
#include <sqlite3.h>

#include <string.h>

/* The file that SQLite sees; behind it, in the same memory, the real one. */
typedef struct {
	sqlite3_file file;
	sqlite3_file *real;
} Faulty;

static sqlite3_vfs *machine, vfs;
static unsigned int left; /* writes until one fails; 0: none does */
static int failure;
static bool failed;

static bool
is_due(void)
{
	if (failed)
		return true;
	if (left == 0 || --left > 0)
		return false;
	failed = true;
	return true;
}

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((Faulty *)(void *)f)->real;
}

static int
vfs_close(sqlite3_file *f)
{
	sqlite3_file *r = real_of(f);

	return r->pMethods == NULL ? SQLITE_OK : r->pMethods->xClose(r);
}

static int
vfs_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int
vfs_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	if (is_due()) {
		/* Half of it may be on the disk. */
		(void)real_of(f)->pMethods->xWrite(real_of(f), from, n / 2, at);
		return failure;
	}
	return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int
vfs_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return is_due() ? failure
			: real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int
vfs_sync(sqlite3_file *f, int flags)
{
	/* No power is cut here: what succeeds need not be waited for. */
	(void)f;
	(void)flags;
	return is_due() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int
vfs_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int
vfs_lock(sqlite3_file *f, int lock)
{
	return real_of(f)->pMethods->xLock(real_of(f), lock);
}

static int
vfs_unlock(sqlite3_file *f, int lock)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), lock);
}

static int
vfs_reserved(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int
vfs_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int
vfs_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int
vfs_device(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int
vfs_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **to)
{
	return real_of(f)->pMethods->xShmMap(
	    real_of(f), page, size, extend, to);
}

static int
vfs_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void
vfs_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int
vfs_shm_unmap(sqlite3_file *f, int delete_it)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), delete_it);
}

/* Version 2: without memory maps, which writes of theirs would pass by. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = vfs_close,
    .xRead = vfs_read,
    .xWrite = vfs_write,
    .xTruncate = vfs_truncate,
    .xSync = vfs_sync,
    .xFileSize = vfs_size,
    .xLock = vfs_lock,
    .xUnlock = vfs_unlock,
    .xCheckReservedLock = vfs_reserved,
    .xFileControl = vfs_control,
    .xSectorSize = vfs_sector,
    .xDeviceCharacteristics = vfs_device,
    .xShmMap = vfs_shm_map,
    .xShmLock = vfs_shm_lock,
    .xShmBarrier = vfs_shm_barrier,
    .xShmUnmap = vfs_shm_unmap,
};

static int
vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	Faulty *faulty = (Faulty *)(void *)f;
	int rc;

	(void)v;
	faulty->real = (sqlite3_file *)(void *)(faulty + 1);
	memset(faulty->real, 0, (size_t)machine->szOsFile);
	rc = machine->xOpen(machine, name, faulty->real, flags, out);
	f->pMethods = rc == SQLITE_OK ? &methods : NULL;
	return rc;
}

void
fault_vfs_install(void)
{
	machine = sqlite3_vfs_find(NULL);
	vfs = *machine;
	vfs.zName = "fault";
	vfs.szOsFile = (int)sizeof(Faulty) + machine->szOsFile;
	vfs.xOpen = vfs_open;
	g_assert_cmpint(sqlite3_vfs_register(&vfs, 1), ==, SQLITE_OK);
}

void
fault_vfs_fail(unsigned int n, int rc)
{
	left = n;
	failure = rc;
	failed = false;
}

bool
fault_vfs_heal(void)
{
	bool was = failed;

	left = 0;
	failed = false;
	return was;
}
