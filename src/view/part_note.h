/* part_note.h - what to say of parts that are neither text nor a file that
 * people would open. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_PART_NOTE_H
#define VIEW_PART_NOTE_H

#include "archive/read.h"

#include <stddef.h>

/* A sentence in English, with a "%s" for a link to part n; NULL if it is a
 * file as any other. */
const char *part_note(const ReadMsg *m, size_t n);

#endif
