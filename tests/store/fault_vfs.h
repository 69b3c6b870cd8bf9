/*
 * fault_vfs.h - a file system for SQLite whose n-th write fails.
 *
 * It wraps the machine's own.  A write, a truncation and an fsync count;
 * once one has failed, all do until fault_vfs_heal, as on a full or a dead
 * disk.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_FAULT_VFS_H
#define TESTS_STORE_FAULT_VFS_H

#include <stdbool.h>

/* Make it the one that store_open uses. */
void fault_vfs_install(void);

/* Let the n-th write from now on (1: the next) fail with the SQLite result
 * code rc. */
void fault_vfs_fail(unsigned int n, int rc);

/* Let writes work again.  Returns whether any failed. */
bool fault_vfs_heal(void);

#endif
