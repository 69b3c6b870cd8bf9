/*
 * disk.h - a folder as it may be on the disk: what a journal says was done
 * to it is there if it was synced, else perhaps, or in part.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FAULTS_DISK_H
#define TESTS_FAULTS_DISK_H

#include "journal.h"

#include <glib.h>

typedef struct Disk Disk;

/* Never NULL; free with disk_free. */
Disk *disk_new(void);
void disk_free(Disk *d);

/* Do what j says; data, the bytes that follow it, outlive d. */
void disk_do(Disk *d, const Journal *j, const char *data);

/* Write to the folder dir, which is emptied first, what may be left of d when
 * the power goes off; chance says what of all that may. */
void disk_cut(const Disk *d, GRand *chance, const char *dir);

#endif
