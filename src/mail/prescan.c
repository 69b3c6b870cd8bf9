/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/prescan.h"

#include "base/limits.h"

#include <glib.h>

#include <string.h>

/* A stretch of the message. */
typedef struct {
	const char *start;
	size_t len;
} Span;

/* How much of "boundary=value" has been read. */
typedef enum {
	BOUNDARY_NONE,
	BOUNDARY_NAME,
	BOUNDARY_EQUALS,
} BoundaryState;

typedef struct {
	/* The header field that the last line belongs to. */
	bool is_address, is_content_type;
	size_t field_bytes, colons;
	BoundaryState boundary;

	/* The header block. */
	bool in_header;
	size_t block_bytes, block_fields;
	bool is_part;    /* a boundary stands before it */
	bool has_type;   /* a Content-Type is in it */
	bool is_message; /* of a message within: a header follows it */

	/* The message. */
	size_t all_bytes, all_fields, boundary_lines;
	bool has_parts;  /* something in it is multipart or a message */
	bool has_digest; /* parts without a type may be messages */
	Span boundaries[LIMIT_BOUNDARIES];
	size_t n_boundaries;
} Scan;

/* The next line of [*at, end), without its LF. */
static Span
next_line(const char **at, const char *end)
{
	const char *start = *at;
	const char *lf = memchr(start, '\n', (size_t)(end - start));

	*at = lf != NULL ? lf + 1 : end;
	return (Span){start, (size_t)((lf != NULL ? lf : end) - start)};
}

static bool
is_empty(Span line)
{
	return line.len == 0 || (line.len == 1 && line.start[0] == '\r');
}

/* Where word, which is lower case, stands from p on, in either case; NULL
 * if it does not. */
static const char *
find_word(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	for (; (size_t)(end - p) >= n; p++)
		if (g_ascii_tolower(*p) == word[0] &&
		    g_ascii_strncasecmp(p, word, n) == 0)
			return p;
	return NULL;
}

static bool
has_word(Span s, const char *word)
{
	return find_word(s.start, s.start + s.len, word) != NULL;
}

/*
 * As much of a boundary's value as every reader takes the same way: no
 * quoted pair, no encoded word, no comment, no percent sign of RFC 2231;
 * and where it is not quoted, nothing that may end it.  What is cut off
 * makes only for more lines that look like a boundary.
 */
static Span
plain_prefix(const char *p, const char *end, bool quoted)
{
	const char *fit = quoted ? "'+_,-./:=@$#!" : "'+_-.$#!";
	const char *start = p;

	while (p < end && *p != '\0' &&
	       (g_ascii_isalnum(*p) || strchr(fit, *p) != NULL) &&
	       !(*p == '=' && p + 1 < end && p[1] == '?'))
		p++;
	return (Span){start, (size_t)(p - start)};
}

static bool
declare_boundary(Scan *scan, Span value)
{
	if (scan->n_boundaries == LIMIT_BOUNDARIES)
		return false;
	scan->boundaries[scan->n_boundaries++] = value;
	return true;
}

/* Declare the value at *p, and pass over it. */
static bool
take_value(Scan *scan, const char **p, const char *end)
{
	bool quoted = **p == '"';
	const char *start = *p + quoted, *close = NULL;
	Span value = plain_prefix(start, end, quoted);

	if (quoted)
		close = memchr(start, '"', (size_t)(end - start));
	*p = close != NULL ? close + 1 : value.start + value.len;
	return declare_boundary(scan, value);
}

/*
 * Declare the boundaries that a line of a Content-Type field has, or of
 * which the line before had the name.  Where it is not plainly
 * boundary=value, every line that begins with "--" counts as one.
 */
static bool
take_boundaries(Scan *scan, Span line)
{
	const char *p = line.start, *end = line.start + line.len;

	for (;;) {
		if (scan->boundary == BOUNDARY_NONE) {
			p = find_word(p, end, "boundary");
			if (p == NULL)
				return true;
			p += strlen("boundary");
			scan->boundary = BOUNDARY_NAME;
		}
		while (p < end && g_ascii_isspace(*p))
			p++;
		if (p == end)
			return true;
		if (scan->boundary == BOUNDARY_NAME && *p == '=') {
			scan->boundary = BOUNDARY_EQUALS;
			p++;
			continue;
		}
		if (scan->boundary == BOUNDARY_NAME) {
			if (!declare_boundary(scan, (Span){p, 0}))
				return false;
		} else if (!take_value(scan, &p, end)) {
			return false;
		}
		scan->boundary = BOUNDARY_NONE;
	}
}

static const char *const address_fields[] = {
    "bcc", "cc", "from", "reply-to", "sender", "to"};

/* The start of a field, or a line that is neither that nor folded: such
 * a line counts as addresses, for who knows what GMime makes of it. */
static void
begin_field(Scan *scan, Span line)
{
	const char *colon = memchr(line.start, ':', line.len);
	size_t n = colon != NULL ? (size_t)(colon - line.start) : 0;
	bool clean = n > 0;

	for (size_t i = 0; i < n && clean; i++)
		clean = g_ascii_isgraph(line.start[i]);
	scan->is_address = !clean;
	scan->is_content_type = !clean;
	scan->boundary = BOUNDARY_NONE;
	scan->field_bytes = 0;
	scan->colons = 0;
	if (!clean)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(address_fields); i++)
		if (strlen(address_fields[i]) == n &&
		    g_ascii_strncasecmp(line.start, address_fields[i], n) == 0)
			scan->is_address = true;
	if (n == strlen("content-type") &&
	    g_ascii_strncasecmp(line.start, "content-type", n) == 0) {
		scan->is_content_type = true;
		scan->has_type = true;
	}
}

static size_t
count_colons(Span line)
{
	size_t n = 0;
	const char *p = line.start, *end = p + line.len;

	while ((p = memchr(p, ':', (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/* One line of a header block.  Returns false if a limit is passed. */
static bool
scan_header_line(Scan *scan, Span line)
{
	bool folded = line.start[0] == ' ' || line.start[0] == '\t';

	if (!folded || scan->block_fields == 0) {
		begin_field(scan, line);
		scan->block_fields++;
		scan->all_fields++;
	}
	scan->block_bytes += line.len + 1;
	scan->all_bytes += line.len + 1;
	scan->field_bytes += line.len + 1;
	if (scan->block_bytes > LIMIT_HEADER_BYTES ||
	    scan->block_fields > LIMIT_HEADER_FIELDS ||
	    scan->all_bytes > LIMIT_ALL_HEADER_BYTES ||
	    scan->all_fields > LIMIT_ALL_HEADER_FIELDS)
		return false;
	if (scan->is_address) {
		scan->colons += count_colons(line);
		if (scan->field_bytes > LIMIT_ADDRESS_BYTES ||
		    scan->colons > LIMIT_ADDRESS_GROUPS)
			return false;
	}
	if (!scan->is_content_type)
		return true;
	if (has_word(line, "multipart")) {
		scan->has_parts = true;
		scan->has_digest |= has_word(line, "digest");
	}
	if (has_word(line, "message"))
		scan->has_parts = scan->is_message = true;
	return take_boundaries(scan, line);
}

static void
begin_header(Scan *scan, bool is_part)
{
	scan->in_header = true;
	scan->is_part = is_part;
	scan->block_bytes = 0;
	scan->block_fields = 0;
	scan->has_type = false;
	scan->is_message = false;
	scan->boundary = BOUNDARY_NONE;
}

/* An empty line ends a header block; that of a message within is followed
 * by that message's own. */
static void
end_header(Scan *scan)
{
	if (scan->is_message ||
	    (scan->has_digest && scan->is_part && !scan->has_type))
		begin_header(scan, false);
	else
		scan->in_header = false;
}

static bool
looks_like_boundary(const Scan *scan, Span line)
{
	if (line.len < 2 || line.start[0] != '-' || line.start[1] != '-')
		return false;
	for (size_t i = 0; i < scan->n_boundaries; i++) {
		const Span *b = &scan->boundaries[i];

		if (line.len - 2 >= b->len &&
		    memcmp(line.start + 2, b->start, b->len) == 0)
			return true;
	}
	return false;
}

bool
prescan_is_tame(const char *msg, size_t len)
{
	Scan scan = {.in_header = true};
	const char *at = msg, *end = msg + len;

	while (at < end && (scan.in_header || scan.has_parts)) {
		Span line = next_line(&at, end);

		if (looks_like_boundary(&scan, line)) {
			if (++scan.boundary_lines > LIMIT_BOUNDARY_LINES)
				return false;
			begin_header(&scan, true);
		} else if (!scan.in_header) {
			continue;
		} else if (is_empty(line)) {
			end_header(&scan);
		} else if (!scan_header_line(&scan, line)) {
			return false;
		}
	}
	return true;
}
