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

/* The line at p of a text that ends at end. */
static inline Line
line_at(const char *p, const char *end)
{
	const char *lf = p;

	/* Lines are short: what a call of memchr costs is more than it saves.
	 */
	while (end - lf >= (ptrdiff_t)sizeof(Lanes)) {
		size_t n = lanes_first(lanes_at(lf) == '\n');

		lf += n;
		if (n < sizeof(Lanes))
			return (Line){p, (size_t)(lf - p)};
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
