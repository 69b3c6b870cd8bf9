/* line.h - a text line by line: for body.c and diff.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_LINE_H
#define MAIL_LINE_H

#include "base/lanes.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
	const char *start;
	size_t len; /* without the LF */
} Line;

/* Bytes that line_ends looks at: most lines are shorter. */
#define LINE_ENDS 64

/* Which of the LINE_ENDS bytes at p end a line, a bit for each.  To look at
 * fewer, as long as there is none, guesses wrong at each line. */
static inline uint64_t
line_ends(const char *p)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < LINE_ENDS; i += sizeof(Lanes))
		bits |= (uint64_t)lanes_bits(lanes_at(p + i) == '\n') << i;
	return bits;
}

/* The line at p of a text that ends at end. */
static inline Line
line_at(const char *p, const char *end)
{
	const char *lf = p;

	/* Lines are short: what a call of memchr costs is more than it saves.
	 */
	for (; end - lf >= LINE_ENDS; lf += LINE_ENDS) {
		uint64_t ends = line_ends(lf);

		if (ends != 0)
			return (Line){p,
			    (size_t)(lf - p) + (size_t)__builtin_ctzll(ends)};
	}
	while (lf < end && *lf != '\n')
		lf++;
	return (Line){p, (size_t)(lf - p)};
}

/* The line behind line; empty at the end of the text. */
static inline Line
line_after(Line line, const char *end)
{
	const char *next = line.start + line.len;

	return line_at(next < end ? next + 1 : end, end);
}

static inline bool
line_begins(Line line, const char *with)
{
	size_t n = strlen(with);

	return line.len >= n && memcmp(line.start, with, n) == 0;
}

#endif
