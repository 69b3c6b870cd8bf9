/*
 * approxidate.h - dates as people write them: git's approximate forms, and
 * ranges of them.  Pure; all of UTC.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_APPROXIDATE_H
#define SEARCH_APPROXIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Times from from to to, both included, in seconds since the epoch. */
typedef struct {
	int64_t from, to;
} ApproxSpan;

/*
 * What text may mean when it is now: a year, a month, a day or, where it has
 * a time of day, a second.  Years are 1 to 9999, what is beyond is clamped.
 *
 *	2024  2024-05  202405  2024-05-31  20240531  31.5.2024  5/31/2024
 *	may  5.may  may.5.2024  5th.of.may  friday  today  yesterday  noon
 *	2024-05-31T10:00:00+02:00  20240531100000  1717142400  @5  10:00  5pm
 *	3.days.ago  2.weeks  1y6m  last.month  last.friday  this.year  now
 *
 * Words may be parted by white space and "._,-/" and are of any case; an
 * amount is one of the past.  Of months and days without a year the latest
 * are meant that are not to come.
 *
 * Returns false, and leaves *span alone, where it is none of these.
 */
bool approxidate_span(
    const char *text, size_t len, int64_t now, ApproxSpan *span);

/*
 * The same for "A..B", "A..", "..B" (from A's first second to B's last;
 * INT64_MIN and INT64_MAX where it is open), "A..!" (all of A), "<A", "<=A",
 * ">A", ">=A", and "A" alone: that is all of A, of which "last.month" is the
 * month of the calendar, and a day where A is a second, as public-inbox has it.
 */
bool approxidate_range(
    const char *text, size_t len, int64_t now, ApproxSpan *span);

#endif
