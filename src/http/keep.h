/*
 * keep.h - files that were made once and may be sent again: a folder that
 * this role alone writes, bounded, whose files may be deleted at any time.
 *
 * A file's name says what its bytes are, so that it is never changed: it
 * is written under another name and, once it is whole, renamed.  Nothing waits
 * for a disk, so that a power cut may leave it short, or zeros within: what was
 * written before the system booted is not sent any more (keep_settle).
 * What stands before the name's last "=" says what it is of: an older file
 * of the same goes as a newer one comes.  Else those that were used least
 * recently go first, as their times of modification tell.  All workers
 * share the folder.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_KEEP_H
#define HTTP_KEEP_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Keep Keep;
typedef struct KeepFile KeepFile; /* one that is being written */

/* Empty the folder at path, if there is one, unless what it keeps was written
 * since the system booted.  Before it is used, with the right to read /proc. */
void keep_settle(const char *path);

/* The folder at path, of at most max_bytes; NULL where there is none. */
Keep *keep_new(const char *path, uint64_t max_bytes);
void keep_free(Keep *k);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keep, keep_free)

/* The most that k takes; 0 where k is NULL, or takes nothing. */
uint64_t keep_max(const Keep *k);

/* Whether name is kept (not where k is NULL); its size goes to *size. */
bool keep_find(const Keep *k, const char *name, uint64_t *size);

/* The same, opened for reading: it can be read even if it is deleted
 * meanwhile.  -1 where it is not there. */
int keep_open(const Keep *k, const char *name, uint64_t *size);

/* Delete those whose name goes says of that it goes. */
void keep_drop(
    const Keep *k, bool (*goes)(const char *name, void *arg), void *arg);

/* Begin to write name; NULL where that can't be, or k is NULL. */
KeepFile *keep_begin(Keep *k, const char *name);

/* False: f can't become whole; end it. */
bool keep_write(KeepFile *f, const void *bytes, size_t len);

/* Keep f if it is whole, which it may not become; else it is gone.  Does
 * nothing if f is NULL. */
void keep_end(KeepFile *f, bool whole);

#endif
