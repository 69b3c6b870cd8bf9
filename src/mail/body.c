/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/body.h"

#include <string.h>

typedef struct {
	const char *start;
	size_t len; /* without the LF */
} Line;

typedef enum {
	DIFF_NONE,
	DIFF_HEAD,   /* between hunks and files */
	DIFF_HUNK,   /* old_left and new_left lines of it are to come */
	DIFF_LOOSE,  /* a hunk of unknown length: of a merge */
	DIFF_BINARY, /* git's base85 */
} DiffState;

typedef struct {
	const char *at, *end;
	DiffState diff;
	guint64 old_left, new_left;
	bool signature;
} Scan;

static Line
line_at(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	return (Line){p, (size_t)((lf != NULL ? lf : end) - p)};
}

static Line
line_after(Line line, const char *end)
{
	const char *next = line.start + line.len;

	return line_at(next < end ? next + 1 : end, end);
}

static bool
begins(Line line, const char *with)
{
	size_t n = strlen(with);

	return line.len >= n && memcmp(line.start, with, n) == 0;
}

/* RFC 3676 section 4.3. */
static bool
is_separator(Line line)
{
	return line.len == 3 && begins(line, "-- ");
}

/* How many ">" stand before a line, a space between two allowed. */
static unsigned int
quote_depth(Line line)
{
	unsigned int depth = 0;
	size_t i = 0;

	while (i < line.len && line.start[i] == '>') {
		depth++;
		i++;
		if (i + 1 < line.len && line.start[i] == ' ' &&
		    line.start[i + 1] == '>')
			i++;
	}
	return depth;
}

/* A diff begins where git, Subversion or CVS announce one, or where diff
 * itself does: two names and a hunk. */
static bool
starts_diff(Line line, const char *end)
{
	Line second, third;

	if (begins(line, "diff --git ") || begins(line, "diff --cc "))
		return true;
	if (!begins(line, "Index: ") && !begins(line, "--- ") &&
	    !begins(line, "diff -"))
		return false;
	second = line_after(line, end);
	if (begins(line, "Index: "))
		return begins(second, "====") || begins(second, "--- ");
	if (begins(line, "diff -"))
		return begins(second, "--- ");
	third = line_after(second, end);
	return begins(second, "+++ ") && begins(third, "@@ -");
}

/* "-12,7": *left is 7; without a comma 1.  Returns what follows. */
static const char *
take_range(const char *p, const char *end, char sign, guint64 *left)
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
		*left = MIN(*left * 10 + (guint64)(*p - '0'), G_MAXUINT32);
	return p;
}

/* Begin the hunk whose head line may be. */
static bool
takes_hunk(Scan *s, Line line)
{
	const char *p = NULL, *end = line.start + line.len;

	if (begins(line, "@@@ ")) {
		s->diff = DIFF_LOOSE;
		return true;
	}
	if (!begins(line, "@@ "))
		return false;
	p = take_range(line.start + 3, end, '-', &s->old_left);
	if (p == NULL || p == end || *p != ' ' ||
	    take_range(p + 1, end, '+', &s->new_left) == NULL)
		return false;
	s->diff = DIFF_HUNK;
	return true;
}

/* Whether line is one of the hunk's; if it can't be, the hunk is over. */
static bool
takes_hunk_line(Scan *s, Line line)
{
	char c = ' ';

	if (line.len > 0)
		c = line.start[0];
	bool old = c == ' ' || c == '-', new = c == ' ' || c == '+';

	if (c == '\\')
		return true;
	if ((old && s->old_left == 0) || (new && s->new_left == 0) ||
	    (!old && !new))
		return false;
	s->old_left -= old;
	s->new_left -= new;
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
		if (begins(line, heads[i]))
			return true;
	return false;
}

/* Whether the diff goes on with line. */
static bool
takes_diff_line(Scan *s, Line line)
{
	if (s->diff == DIFF_HUNK && takes_hunk_line(s, line))
		return true;
	if (s->diff == DIFF_LOOSE && line.len > 0 &&
	    strchr(" +-\\", line.start[0]) != NULL && !is_separator(line))
		return true;
	if (s->diff == DIFF_BINARY &&
	    (line.len == 0 || memchr(line.start, ' ', line.len) == NULL ||
		begins(line, "delta ") || begins(line, "literal ")))
		return true;
	if (takes_hunk(s, line))
		return true;
	s->diff = DIFF_HEAD;
	if (begins(line, "GIT binary patch"))
		s->diff = DIFF_BINARY;
	return s->diff == DIFF_BINARY || is_diff_head(line);
}

static BodyKind
kind_of(Scan *s, Line line)
{
	if (s->signature)
		return BODY_SIGNATURE;
	if (s->diff != DIFF_NONE && takes_diff_line(s, line))
		return BODY_DIFF;
	s->diff = DIFF_NONE;
	if (is_separator(line)) {
		s->signature = true;
		return BODY_SIGNATURE;
	}
	if (starts_diff(line, s->end)) {
		s->diff = DIFF_HEAD;
		return BODY_DIFF;
	}
	return begins(line, ">") ? BODY_QUOTE : BODY_TEXT;
}

GArray *
body_blocks(const char *text, size_t len)
{
	GArray *blocks = g_array_new(FALSE, FALSE, sizeof(BodyBlock));
	Scan s = {.at = text, .end = text + len};
	BodyBlock *last = NULL;

	while (s.at < s.end) {
		Line line = line_at(s.at, s.end);
		BodyBlock b = {
		    .kind = kind_of(&s, line), .off = (size_t)(s.at - text)};

		s.at = MIN(line.start + line.len + 1, s.end);
		b.len = (size_t)(s.at - text) - b.off;
		if (b.kind == BODY_QUOTE)
			b.depth = quote_depth(line);
		if (last != NULL && last->kind == b.kind &&
		    last->depth == b.depth) {
			last->len += b.len;
			continue;
		}
		g_array_append_val(blocks, b);
		last = &g_array_index(blocks, BodyBlock, blocks->len - 1);
	}
	return blocks;
}

/* A line of a flowed text without what RFC 3676 puts around it. */
typedef struct {
	Line line;
	size_t depth;
	bool separator, flowed;
} FlowedLine;

static FlowedLine
read_flowed(Line line, bool delsp)
{
	FlowedLine f = {.line = line};

	while (f.line.len > 0 && f.line.start[0] == '>') {
		f.line.start++;
		f.line.len--;
		f.depth++;
	}
	if (f.line.len > 0 && f.line.start[0] == ' ') {
		f.line.start++;
		f.line.len--;
	}
	f.separator = is_separator(f.line);
	f.flowed = !f.separator && f.line.len > 0 &&
		   f.line.start[f.line.len - 1] == ' ';
	if (f.flowed && delsp)
		f.line.len--;
	return f;
}

char *
body_unflow(const char *text, bool delsp)
{
	size_t len = strlen(text);
	GString *out = g_string_sized_new(len + 1);
	const char *at = text, *end = text + len;
	FlowedLine last = {0};

	while (at < end) {
		Line line = line_at(at, end);
		FlowedLine f = read_flowed(line, delsp);
		/* Many mailers leave a space before an empty line. */
		bool joins = last.flowed && last.depth == f.depth &&
			     !f.separator && f.line.len > 0;

		at = line.start + line.len;
		if (!joins) {
			if (last.line.start != NULL)
				g_string_append_c(out, '\n');
			for (size_t i = 0; i < f.depth; i++)
				g_string_append_c(out, '>');
			/* A ">" that was no quote's mark stays stuffed. */
			if (f.depth > 0 || begins(f.line, ">"))
				g_string_append_c(out, ' ');
		}
		g_string_append_len(out, f.line.start, (gssize)f.line.len);
		last = f;
		if (at < end)
			at++;
		else
			return g_string_free(out, FALSE);
	}
	if (last.line.start != NULL)
		g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}
