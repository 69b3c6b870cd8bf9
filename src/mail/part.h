/* part.h - the octets of one part of a message, decoded.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_PART_H
#define MAIL_PART_H

#include "mail/msg.h"

/* The part's octets with its transfer encoding undone; where that can't
 * be, its raw octets.  Never NULL. */
GBytes *part_decode(GBytes *raw, const Part *p);

/*
 * A text part as valid UTF-8 with LF line ends, charset undone (a wrong
 * label is repaired as mail clients do: UTF-8 if it is that, else the
 * label, else Windows-1252), at most LIMIT_SHOWN_TEXT_BYTES; *cut says
 * whether there was more.  Control characters but tab and LF are U+FFFD.
 * Free with g_free.
 */
char *part_text(GBytes *raw, const Part *p, bool *cut);

/*
 * Of a message whose bytes are not all to be held: see which parts may be
 * shown, the others becoming absent, and how many bytes of each, in need[],
 * of n_parts.  They are less than LIMIT_SHOWN_RAW_BYTES together, and
 * what they show is of LIMIT_SHOWN_ALL_BYTES.
 */
void part_choose_shown(Msg *m, size_t *need);

/* A name for p as a file that is safe in a URL and on a disk: its own
 * with path and control characters gone, else "part-N.EXT".  g_free. */
char *part_file_name(const Part *p, size_t n);

#endif
