/*
 * diff.h - unified diffs within a text, line by line: those of diff, git,
 * Subversion and CVS.
 *
 * Pure.  A hunk says how many lines it has, so that a removed line "-- x",
 * which looks like a file's name, and a mail's signature are told apart.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_DIFF_H
#define MAIL_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	DIFF_OVER,  /* no line of the diff: it has ended */
	DIFF_FILE,  /* the first line about a file */
	DIFF_HEAD,  /* another line between hunks */
	DIFF_PLACE, /* "@@ -1,2 +1,3 @@" */
	DIFF_SAME,
	DIFF_ADDED,
	DIFF_REMOVED,
} DiffLine;

typedef enum {
	DIFF_IN_HEAD,   /* between hunks and files */
	DIFF_IN_HUNK,   /* old_left and new_left lines of it are to come */
	DIFF_IN_LOOSE,  /* a hunk of unknown length: of a merge */
	DIFF_IN_BINARY, /* git's base85 */
} DiffState;

/* A diff that is being read; all zero before its first line. */
typedef struct {
	DiffState state;
	uint64_t old_left, new_left;
	bool named, indexed; /* the file's first line, "Index:", was had */
} Diff;

/* Whether a diff begins with the line at p; the text ends at end. */
bool diff_starts(const char *p, const char *end);

/* What the next line, len bytes at start without its LF, is. */
DiffLine diff_take(Diff *d, const char *start, size_t len);

/*
 * If the line at start says what the file is called that it is about, where
 * that name stands: *name_len bytes; else NULL.  The last line that does is
 * right.
 */
const char *diff_file_name(const char *start, size_t len, size_t *name_len);

#endif
