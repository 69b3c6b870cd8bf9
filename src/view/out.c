/* SPDX-License-Identifier: Apache-2.0 */
#include "view/out.h"

#include <stdbool.h>
#include <string.h>

/*
 * Where a run of plain bytes ends.  Looking each byte up here and copying
 * runs whole costs a quarter of appending byte by byte, which was 27 % of
 * a page's time.
 */
static const bool stops[256] = {
    ['&'] = true,
    ['<'] = true,
    ['>'] = true,
};

static const bool attr_stops[256] = {
    ['&'] = true,
    ['<'] = true,
    ['>'] = true,
    ['"'] = true,
};

void
out_safe(GString *o, const char *sanitised)
{
	out_append(o, sanitised, strlen(sanitised));
}

static void
append_entity(GString *o, char c)
{
	switch (c) {
	case '&':
		out_raw(o, "&amp;");
		break;
	case '<':
		out_raw(o, "&lt;");
		break;
	case '>':
		out_raw(o, "&gt;");
		break;
	default:
		g_assert(c == '"');
		out_raw(o, "&quot;");
		break;
	}
}

static void
escape(GString *o, const char *text, size_t len, const bool stop[static 256])
{
	const char *run = text, *end = text + len;

	for (const char *p = text; p < end; p++) {
		if (!stop[(unsigned char)*p])
			continue;
		out_append(o, run, (size_t)(p - run));
		append_entity(o, *p);
		run = p + 1;
	}
	out_append(o, run, (size_t)(end - run));
}

void
out_text_len(GString *o, const char *text, size_t len)
{
	escape(o, text, len, stops);
}

void
out_text(GString *o, const char *text)
{
	escape(o, text, strlen(text), stops);
}

void
out_attr_len(GString *o, const char *text, size_t len)
{
	escape(o, text, len, attr_stops);
}

void
out_attr(GString *o, const char *text)
{
	escape(o, text, strlen(text), attr_stops);
}

/* RFC 3986 section 2.3 */
static bool
is_unreserved(unsigned char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void
out_url(GString *o, const char *segment)
{
	static const char hex[] = "0123456789ABCDEF";

	for (const char *p = segment; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (is_unreserved(c)) {
			g_string_append_c(o, *p);
			continue;
		}
		g_string_append_c(o, '%');
		g_string_append_c(o, hex[c >> 4]);
		g_string_append_c(o, hex[c & 15]);
	}
}

/* How many bytes at p XML 1.0 (section 2.2, Char) has no place for. */
static size_t
not_xml(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r' ? 0 : 1;
	if (c == 0x7f)
		return 1;
	if (c == 0xef && end - p >= 3 && (unsigned char)p[1] == 0xbf &&
	    (unsigned char)p[2] >= 0xbe)
		return 3; /* U+FFFE, U+FFFF */
	return 0;
}

void
out_xml_len(GString *o, const char *text, size_t len)
{
	const char *run = text, *end = text + len;
	const char *p = text;

	while (p < end) {
		size_t bad = not_xml(p, end);

		if (bad == 0) {
			p++;
			continue;
		}
		escape(o, run, (size_t)(p - run), attr_stops);
		out_raw(o, "\xef\xbf\xbd");
		p += bad;
		run = p;
	}
	escape(o, run, (size_t)(end - run), attr_stops);
}

void
out_xml(GString *o, const char *text)
{
	out_xml_len(o, text, strlen(text));
}

/* The decimal digits of a 64-bit number are 20 at most. */
#define NUM_DIGITS 20

/* The digits of n from the end of buf on backwards; where they begin. */
static const char *
digits(uint64_t n, char buf[static NUM_DIGITS])
{
	char *p = buf + NUM_DIGITS;

	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return p;
}

void
out_num(GString *o, uint64_t n)
{
	char buf[NUM_DIGITS];
	const char *p = digits(n, buf);

	out_append(o, p, (size_t)(buf + NUM_DIGITS - p));
}

void
out_count(GString *o, uint64_t n)
{
	char buf[NUM_DIGITS];
	const char *p = digits(n, buf), *end = buf + NUM_DIGITS;

	for (; p < end; p++) {
		g_string_append_c(o, *p);
		if ((end - p) % 3 == 1 && p + 1 < end)
			out_raw(o, "\xe2\x80\xaf"); /* U+202F */
	}
}
