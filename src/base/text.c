/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* What Windows-1252 has at 0x80 to 0x9f; U+FFFD where it has nothing. */
static const gunichar c1[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026,
    0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d,
    0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

#define REPLACEMENT "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"

/* g_utf8_validate, but a NUL is a character. */
static bool
is_utf8(const char *octets, size_t len)
{
	const char *end = octets + len;

	while (octets < end) {
		size_t left = (size_t)(end - octets);
		const char *nul = memchr(octets, '\0', left);
		size_t n = nul != NULL ? (size_t)(nul - octets) : left;

		if (!g_utf8_validate_len(octets, n, NULL))
			return false;
		octets += n + 1;
	}
	return true;
}

char *
text_from_octets(const char *octets, size_t len)
{
	bool utf8 = is_utf8(octets, len);
	GString *out = NULL;

	if (utf8 && memchr(octets, '\0', len) == NULL)
		return g_strndup(octets, len);
	out = g_string_sized_new(len + len / 4);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)octets[i];

		if (c == 0)
			g_string_append(out, REPLACEMENT);
		else if (utf8 || c < 0x80)
			g_string_append_c(out, octets[i]);
		else
			g_string_append_unichar(
			    out, c < 0xa0 ? c1[c - 0x80] : c);
	}
	return g_string_free(out, FALSE);
}

char *
text_cut(const char *text, size_t max_len)
{
	size_t len = strlen(text);
	size_t keep = MIN(len, max_len);

	if (len <= max_len)
		return g_strdup(text);
	/* Back to the first octet of the character that is cut in two. */
	while (keep > 0 && ((unsigned char)text[keep] & 0xc0) == 0x80)
		keep--;
	GString *out = g_string_new_len(text, (gssize)keep);
	g_string_append(out, ELLIPSIS);
	return g_string_free(out, FALSE);
}

static char *
squeeze(const char *text, bool drop_controls)
{
	size_t len = strlen(text), n = 0;
	char *out = g_malloc(len + 1);
	bool space = false;

	for (size_t i = 0; i < len; i++) {
		if (text_is_space(text[i])) {
			space = n > 0;
			continue;
		}
		if (drop_controls && g_ascii_iscntrl(text[i]))
			continue;
		if (space)
			out[n++] = ' ';
		space = false;
		out[n++] = text[i];
	}
	out[n] = '\0';
	return out;
}

char *
text_collapse(const char *text)
{
	return squeeze(text, false);
}

char *
text_squeeze(const char *text)
{
	return squeeze(text, true);
}

char *
text_base32(const unsigned char *octets, size_t n)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t n_chars = (n * 8 + 4) / 5, octet = 0, whole = n / 5;
	char *out = g_malloc(n_chars + 1);
	unsigned int bits = 0, n_bits = 0;

	/* Eight at a time: the keys of a thread are thousands of digits. */
	for (; octet < 5 * whole; octet += 5) {
		uint64_t group = 0;

		for (size_t i = 0; i < 5; i++)
			group = group << 8 | octets[octet + i];
		for (size_t i = 0; i < 8; i++)
			out[octet / 5 * 8 + i] =
			    digits[group >> (35 - 5 * i) & 31];
	}
	for (size_t i = 8 * whole; i < n_chars; i++) {
		if (n_bits < 5) {
			/* Behind the last octet there are zero bits. */
			bits = bits << 8 | (octet < n ? octets[octet] : 0u);
			octet++;
			n_bits += 8;
		}
		n_bits -= 5;
		out[i] = digits[bits >> n_bits & 31];
		bits &= (1u << n_bits) - 1;
	}
	out[n_chars] = '\0';
	return out;
}

/* The value of a base32 digit, or -1. */
static int
base32_value(char c)
{
	if (g_ascii_isalpha(c))
		return g_ascii_tolower(c) - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

bool
text_base32_decode(const char *digits, size_t n_chars, unsigned char *out,
    size_t out_size, size_t *n_bits)
{
	unsigned int bits = 0, n = 0;
	size_t used = 0;

	if (n_chars > out_size * 8 / 5)
		return false;
	for (size_t i = 0; i < n_chars; i++) {
		int value = base32_value(digits[i]);

		if (value < 0)
			return false;
		bits = bits << 5 | (unsigned int)value;
		n += 5;
		if (n >= 8) {
			n -= 8;
			out[used++] = (unsigned char)(bits >> n);
			bits &= (1u << n) - 1;
		}
	}
	if (n > 0)
		out[used] = (unsigned char)(bits << (8 - n));
	*n_bits = 5 * n_chars;
	return true;
}

char *
text_percent_decode(const char *text, size_t *len)
{
	size_t n = 0;
	char *out = g_malloc(strlen(text) + 1);

	while (*text != '\0') {
		if (text[0] == '%' && g_ascii_isxdigit(text[1]) &&
		    g_ascii_isxdigit(text[2])) {
			out[n++] = (char)(g_ascii_xdigit_value(text[1]) * 16 +
					  g_ascii_xdigit_value(text[2]));
			text += 3;
		} else {
			out[n++] = *text++;
		}
	}
	out[n] = '\0';
	*len = n;
	return out;
}

size_t
text_distance(const char *a, const char *b)
{
	size_t n = strlen(b);
	g_autofree size_t *row = g_new(size_t, n + 1);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t change = corner + (a[i] != b[j]);

			corner = row[j + 1];
			row[j + 1] = MIN(change, MIN(corner, row[j]) + 1);
		}
	}
	return row[n];
}
