/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/encoding.h"

#include <string.h>

/* What base64's digits are worth plus one, from 0x20 on; 0 is no digit. */
/* clang-format off */
static const unsigned char base64_digits[] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 0, 64, /* 0x20 */
    53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0, /* 0x30 */
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, /* 0x40 */
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 0, /* 0x50 */
    0, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, /* 0x60 */
    42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0, 0, 0, 0, 0, /* 0x70 */
};
/* clang-format on */

/* What the base64 digit c is worth plus one, or 0. */
static unsigned int
base64_digit(unsigned char c)
{
	unsigned int i = c - 0x20u;

	return i < sizeof base64_digits ? base64_digits[i] : 0;
}

/* Write the octets of a group of n digits; returns how many. */
static size_t
put_group(unsigned int group, unsigned int n, char *out)
{
	switch (n) {
	case 2:
		out[0] = (char)(group >> 4);
		return 1;
	case 3:
		out[0] = (char)(group >> 10);
		out[1] = (char)(group >> 2);
		return 2;
	case 4:
		out[0] = (char)(group >> 16);
		out[1] = (char)(group >> 8);
		out[2] = (char)group;
		return 3;
	default:
		return 0;
	}
}

static size_t
undo_base64(EncodingState *s, const char *octets, size_t len, char *out)
{
	size_t n_out = 0;
	unsigned int group = s->group, n = s->n;

	for (size_t i = 0; i < len; i++) {
		unsigned int digit = base64_digit((unsigned char)octets[i]);

		if (digit > 0) {
			group = group << 6 | (digit - 1);
			n++;
		}
		if (n == 4 || octets[i] == '=') {
			n_out += put_group(group, n, out + n_out);
			group = 0;
			n = 0;
		}
	}
	s->group = group;
	s->n = n;
	return n_out;
}

/* Where a soft line break that "=" at octets[i] begins ends; i if it
 * begins none. */
static size_t
soft_break_end(const char *octets, size_t len, size_t i)
{
	size_t j = i + 1;

	while (j < len && (octets[j] == ' ' || octets[j] == '\t'))
		j++;
	if (j < len && octets[j] == '\r')
		j++;
	if (j == len)
		return len;
	return octets[j] == '\n' ? j + 1 : i;
}

/*
 * Quadratic for no input: white space behind a "=" that begins no soft
 * break is copied at once, and not looked at again.  Without last, what
 * begins with a "=" and goes on behind the end is left; *used is the rest.
 */
static size_t
undo_quoted_printable(
    const char *octets, size_t len, bool last, char *out, size_t *used)
{
	size_t n_out = 0, i = 0;

	while (i < len) {
		const char *eq = memchr(octets + i, '=', len - i);
		size_t run = eq != NULL ? (size_t)(eq - octets) - i : len - i;
		size_t end = 0;

		memcpy(out + n_out, octets + i, run);
		n_out += run;
		i += run;
		if (eq == NULL || (!last && i + 2 >= len))
			break;
		if (i + 2 < len && g_ascii_isxdigit(eq[1]) &&
		    g_ascii_isxdigit(eq[2])) {
			out[n_out++] = (char)(g_ascii_xdigit_value(eq[1]) << 4 |
					      g_ascii_xdigit_value(eq[2]));
			i += 3;
			continue;
		}
		end = soft_break_end(octets, len, i);
		if (end == len && !last)
			break;
		if (end == i)
			out[n_out++] = octets[end++];
		i = end;
	}
	*used = i;
	return n_out;
}

/* The start of the line after the one at p; end if there is none. */
static const char *
next_line(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	return lf != NULL ? lf + 1 : end;
}

/* Whether a line is uuencode's first: "begin 644 name". */
static bool
is_begin(const char *p, const char *end)
{
	size_t digits = 0;

	if (end - p < 10 || memcmp(p, "begin ", 6) != 0)
		return false;
	for (p += 6; p < end && *p >= '0' && *p <= '7'; p++)
		digits++;
	return (digits == 3 || digits == 4) && p < end && *p == ' ';
}

/* The digit at p, which is missing behind the line's end. */
static unsigned int
uu_digit(const char *p, const char *line_end)
{
	return p < line_end ? ((unsigned char)*p - 0x20u) & 63 : 0;
}

/* One line of n octets; out has room for them since each group that is
 * decoded was looked for up to line_end. */
static size_t
undo_uu_line(const char *p, const char *line_end, size_t n, char *out)
{
	size_t n_out = 0;

	for (; n_out < n && p < line_end; p += 4) {
		unsigned int group = 0;

		for (int i = 0; i < 4; i++)
			group = group << 6 | uu_digit(p + i, line_end);
		for (int shift = 16; shift >= 0 && n_out < n; shift -= 8)
			out[n_out++] = (char)(group >> shift);
	}
	return n_out;
}

/* Whether the line at p is the last of a file. */
static bool
is_uu_end(const char *p, const char *end)
{
	return uu_digit(p, end) == 0 ||
	       (end - p >= 3 && memcmp(p, "end", 3) == 0);
}

/* Without last, a line that goes on behind the end is left; *used is the
 * rest. */
static size_t
undo_uuencode(EncodingState *s, const char *octets, size_t len, bool last,
    char *out, size_t *used)
{
	const char *p = octets, *end = octets + len;
	size_t n_out = 0;

	while (p < end && !s->ended) {
		const char *next = next_line(p, end), *line_end = next;

		if (next == end && end[-1] != '\n' && !last)
			break;
		while (line_end > p && g_ascii_isspace(line_end[-1]))
			line_end--;
		if (!s->begun)
			s->begun = is_begin(p, end);
		else if (is_uu_end(p, end))
			s->ended = true;
		else
			n_out += undo_uu_line(
			    p + 1, line_end, uu_digit(p, end), out + n_out);
		p = next;
	}
	*used = s->ended ? len : (size_t)(p - octets);
	return n_out;
}

static bool
is_blank(const char *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isspace(octets[i]))
			return false;
	return true;
}

size_t
encoding_feed(EncodingState *s, const char *octets, size_t len, bool last,
    char *out, size_t *used)
{
	size_t n_out = 0;

	switch (s->encoding) {
	case ENCODING_BASE64:
		n_out = undo_base64(s, octets, len, out);
		if (last)
			n_out += put_group(s->group, s->n, out + n_out);
		*used = len;
		return n_out;
	case ENCODING_QUOTED_PRINTABLE:
		return undo_quoted_printable(octets, len, last, out, used);
	case ENCODING_UUENCODE:
		return undo_uuencode(s, octets, len, last, out, used);
	case ENCODING_IDENTITY:
	case ENCODING_BINARY:
	default:
		g_assert_not_reached();
	}
}

char *
encoding_decode(
    Encoding encoding, const char *octets, size_t len, size_t *out_len)
{
	g_autofree char *out = g_malloc(len + ENCODING_ROOM);
	EncodingState s = {.encoding = encoding};
	size_t used = 0;

	*out_len = encoding_feed(&s, octets, len, true, out, &used);
	if (*out_len == 0 && encoding != ENCODING_QUOTED_PRINTABLE &&
	    !is_blank(octets, len))
		return NULL;
	return g_steal_pointer(&out);
}
