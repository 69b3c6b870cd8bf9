/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/diff.h"

#include "mail/line.h"

#include <glib.h>

#include <string.h>

/* A diff begins where git, Subversion or CVS announce one, or where diff
 * itself does: two names and a hunk. */
bool
diff_starts(const char *p, const char *end)
{
	/* Every line of a text comes here: most end at their first letter. */
	if (p == end || (*p != 'd' && *p != 'I' && *p != '-'))
		return false;
	Line line = line_at(p, end), second, third;

	if (line_begins(line, "diff --git ") || line_begins(line, "diff --cc "))
		return true;
	if (!line_begins(line, "Index: ") && !line_begins(line, "--- ") &&
	    !line_begins(line, "diff -"))
		return false;
	second = line_after(line, end);
	if (line_begins(line, "Index: "))
		return line_begins(second, "====") ||
		       line_begins(second, "--- ");
	if (line_begins(line, "diff -"))
		return line_begins(second, "--- ");
	third = line_after(second, end);
	return line_begins(second, "+++ ") && line_begins(third, "@@ -");
}

/* "-12,7": *left is 7; without a comma 1.  Returns what follows. */
static const char *
take_range(const char *p, const char *end, char sign, uint64_t *left)
{
	if (p == end || *p != sign)
		return NULL;
	for (p++; p < end && g_ascii_isdigit(*p); p++)
		;
	*left = 1;
	if (p < end && *p == ',')
		*left = 0;
	else
		return p;
	/* More than any text has lines: no overflow behind it. */
	for (p++; p < end && g_ascii_isdigit(*p); p++)
		*left = MIN(*left * 10 + (uint64_t)(*p - '0'), G_MAXUINT32);
	return p;
}

/* Begin the hunk whose head line may be. */
static bool
takes_hunk(Diff *d, Line line)
{
	const char *p = NULL, *end = line.start + line.len;

	if (line_begins(line, "@@@ ")) {
		d->state = DIFF_IN_LOOSE;
		return true;
	}
	if (!line_begins(line, "@@ "))
		return false;
	p = take_range(line.start + 3, end, '-', &d->old_left);
	if (p == NULL || p == end || *p != ' ' ||
	    take_range(p + 1, end, '+', &d->new_left) == NULL)
		return false;
	d->state = DIFF_IN_HUNK;
	return true;
}

/* Whether line is one of the hunk's; if it can't be, the hunk is over. */
static bool
takes_hunk_line(Diff *d, Line line)
{
	char c = ' ';

	if (line.len > 0)
		c = line.start[0];
	uint64_t old = c == ' ' || c == '-', new = c == ' ' || c == '+';

	if (c == '\\')
		return true;
	/* No branch on what the line is: none could be foreseen. */
	if (((old | new) == 0) | (d->old_left < old) | (d->new_left < new))
		return false;
	d->old_left -= old;
	d->new_left -= new;
	return true;
}

/* Lines that stand between hunks and between files. */
static bool
is_diff_head(Line line)
{
	static const char *const heads[] = {"diff ", "index ",
	    "Index: ", "====", "--- ", "+++ ", "old mode ", "new mode ",
	    "deleted file mode ", "new file mode ", "similarity index ",
	    "dissimilarity index ", "rename ", "copy ", "Binary files ",
	    "Only in ", "RCS file: ", "retrieving revision ", "\\ No newline"};

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (line_begins(line, heads[i]))
			return true;
	return false;
}

/* What a line between hunks is: a file begins with "Index:", with a
 * "diff" that follows none, or with a "---" that follows neither. */
static DiffLine
take_head(Diff *d, Line line)
{
	bool begun = d->named;

	d->state = DIFF_IN_HEAD;
	if (line_begins(line, "GIT binary patch")) {
		d->state = DIFF_IN_BINARY;
		return DIFF_HEAD;
	}
	if (!is_diff_head(line))
		return DIFF_OVER;
	if (line_begins(line, "Index: ")) {
		d->named = d->indexed = true;
		return DIFF_FILE;
	}
	if (line_begins(line, "diff ")) {
		begun = d->indexed;
		d->indexed = false;
		d->named = true;
		return begun ? DIFF_HEAD : DIFF_FILE;
	}
	if (!line_begins(line, "--- "))
		return DIFF_HEAD;
	d->named = true;
	return begun ? DIFF_HEAD : DIFF_FILE;
}

/* What a line of a hunk is.  Those of a merge have two columns. */
static DiffLine
line_kind(const Diff *d, Line line)
{
	size_t columns = d->state == DIFF_IN_LOOSE ? 2 : 1;

	for (size_t i = 0; i < MIN(columns, line.len); i++) {
		if (line.start[i] == '+')
			return DIFF_ADDED;
		if (line.start[i] == '-')
			return DIFF_REMOVED;
	}
	return DIFF_SAME;
}

DiffLine
diff_take(Diff *d, const char *start, size_t len)
{
	Line line = {start, len};

	if (d->state == DIFF_IN_HUNK && takes_hunk_line(d, line))
		return line_kind(d, line);
	/* RFC 3676 section 4.3: "-- " is a signature's. */
	if (d->state == DIFF_IN_LOOSE && len > 0 &&
	    strchr(" +-\\", start[0]) != NULL &&
	    !(len == 3 && line_begins(line, "-- ")))
		return line_kind(d, line);
	if (d->state == DIFF_IN_BINARY &&
	    (len == 0 || memchr(start, ' ', len) == NULL ||
		line_begins(line, "delta ") || line_begins(line, "literal ")))
		return DIFF_SAME;
	if (takes_hunk(d, line)) {
		d->named = d->indexed = false;
		return DIFF_PLACE;
	}
	return take_head(d, line);
}

/* The part of a name's line that is the name: less what diff puts before
 * it and the date behind a tab. */
static const char *
bare_name(const char *name, const char *end, size_t *name_len)
{
	const char *tab = memchr(name, '\t', (size_t)(end - name));

	if (tab != NULL)
		end = tab;
	if (end - name > 2 && (name[0] == 'a' || name[0] == 'b') &&
	    name[1] == '/')
		name += 2;
	*name_len = (size_t)(end - name);
	if (*name_len == 0 ||
	    (*name_len == 9 && memcmp(name, "/dev/null", 9) == 0))
		return NULL;
	return name;
}

const char *
diff_file_name(const char *start, size_t len, size_t *name_len)
{
	Line line = {start, len};
	const char *end = start + len;

	if (line_begins(line, "--- ") || line_begins(line, "+++ "))
		return bare_name(start + 4, end, name_len);
	if (line_begins(line, "Index: "))
		return bare_name(start + 7, end, name_len);
	if (line_begins(line, "diff --cc "))
		return bare_name(start + 10, end, name_len);
	if (!line_begins(line, "diff --git "))
		return NULL;
	/* The new name is behind the last " b/". */
	for (const char *p = end - 3; p > start + 10; p--)
		if (memcmp(p, " b/", 3) == 0)
			return bare_name(p + 1, end, name_len);
	return NULL;
}
