/* SPDX-License-Identifier: Apache-2.0 */
#include "view/out.h"

#include <stdbool.h>
#include <string.h>

void
out_reserve(GString *o, size_t len)
{
	size_t had = o->len;

	if (o->allocated_len - had > len)
		return;
	g_string_set_size(o, had + len);
	g_string_truncate(o, had);
}

void
out_operators(GString *o, const char *markup, size_t len)
{
	out_append(o, markup, len);
}

void
out_safe(GString *o, const char *sanitised)
{
	out_append(o, sanitised, strlen(sanitised));
}

void
out_entity(GString *o, char c)
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

static inline void
escape(GString *o, const char *text, size_t len, char a, char b)
{
	for (;;) {
		size_t n = out_plain(o, text, len, a, b);

		if (n == len)
			return;
		out_entity(o, text[n]);
		text += n + 1;
		len -= n + 1;
	}
}

void
out_text_len(GString *o, const char *text, size_t len)
{
	escape(o, text, len, '&', '&');
}

void
out_text(GString *o, const char *text)
{
	escape(o, text, strlen(text), '&', '&');
}

void
out_attr_len(GString *o, const char *text, size_t len)
{
	escape(o, text, len, '>', '"');
}

void
out_attr(GString *o, const char *text)
{
	escape(o, text, strlen(text), '>', '"');
}

/* RFC 3986 section 2.3 */
#define EIGHT true, true, true, true, true, true, true, true
static const bool unreserved[256] = {['-'] = true,
    ['.'] = true,
    ['_'] = true,
    ['~'] = true,
    ['0'] = EIGHT,
    true,
    true,
    ['A'] = EIGHT,
    EIGHT,
    EIGHT,
    true,
    true,
    ['a'] = EIGHT,
    EIGHT,
    EIGHT,
    true,
    true};
#undef EIGHT

void
out_url(GString *o, const char *segment)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = strlen(segment);

	out_reserve(o, 3 * len);
	char *to = o->str + o->len;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)segment[i];

		if (unreserved[c]) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = hex[c >> 4];
		*to++ = hex[c & 15];
	}
	*to = '\0';
	o->len = (size_t)(to - o->str);
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

/* Whether c stands in XML for itself, whatever comes after it. */
static bool
is_plain_xml(unsigned char c)
{
	switch (c) {
	case '&':
	case '<':
	case '>':
	case '"':
	case 0x7f:
	case 0xef:
		return false;
	default:
		return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
	}
}

/* How many such bytes text begins with.  Byte by byte this was a sixth of a
 * feed's time. */
static size_t
plain_xml(const char *text, size_t len)
{
	size_t n = 0;

	for (; n + sizeof(Lanes) <= len; n += sizeof(Lanes)) {
		Lanes v = lanes_at(text + n);
		size_t first = lanes_first(
		    (v == '&') | (v == '<') | (v == '>') | (v == '"') |
		    (v == 0x7f) | (v == (signed char)0xef) |
		    ((v >= 0) & (v < 0x20) & (v != '\t') & (v != '\n') &
			(v != '\r')));

		if (first < sizeof v)
			return n + first;
	}
	while (n < len && is_plain_xml((unsigned char)text[n]))
		n++;
	return n;
}

void
out_xml_len(GString *o, const char *text, size_t len)
{
	for (const char *p = text, *end = text + len;;) {
		size_t n = plain_xml(p, (size_t)(end - p));

		out_append(o, p, n);
		p += n;
		if (p == end)
			return;
		size_t bad = not_xml(p, end);

		if (bad > 0)
			out_raw(o, "\xef\xbf\xbd");
		else if ((unsigned char)*p == 0xef)
			out_append(o, p, 1);
		else
			out_entity(o, *p);
		p += MAX(bad, 1);
	}
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
