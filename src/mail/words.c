/* words.c - the encoded-words of RFC 2047, for mail/header.h. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "mail/charset.h"
#include "mail/header.h"

#include <string.h>

/* One encoded-word in the text that was given. */
typedef struct {
	const char *charset, *text, *end; /* end: behind its "?=" */
	size_t charset_len, text_len;
	bool base64;
} Word;

/*
 * Read an encoded-word at p, which begins with "=?", into *w, which is left
 * alone if there is none.  *unclosed is set if that is since no "?=" comes
 * any more: then no word comes either, and nobody need look again.
 */
static bool
read_word(const char *p, Word *w, bool *unclosed)
{
	size_t len = strcspn(p + 2, "? \t");
	const char *q = p + 2 + len, *close = NULL, *star = NULL;

	if (len == 0 || q[0] != '?' || q[1] == '\0' || q[2] != '?' ||
	    strchr("bBqQ", q[1]) == NULL)
		return false;
	close = strstr(q + 3, "?=");
	if (close == NULL) {
		*unclosed = true;
		return false;
	}
	/* RFC 2231 section 5: a language behind the charset. */
	star = memchr(p + 2, '*', len);
	*w = (Word){.charset = p + 2,
	    .charset_len = star != NULL ? (size_t)(star - p - 2) : len,
	    .base64 = g_ascii_tolower(q[1]) == 'b',
	    .text = q + 3,
	    .text_len = (size_t)(close - q - 3),
	    .end = close + 2};
	return true;
}

/* The next encoded-word in text, or false: then there is none.
 * *begin is where it begins. */
static bool
find_word(const char *text, const char **begin, Word *w)
{
	bool unclosed = false;

	while (!unclosed && (text = strstr(text, "=?")) != NULL) {
		if (read_word(text, w, &unclosed)) {
			*begin = text;
			return true;
		}
		text += 2;
	}
	return false;
}

static int
base64_value(char c)
{
	if (g_ascii_isupper(c))
		return c - 'A';
	if (g_ascii_islower(c))
		return c - 'a' + 26;
	if (g_ascii_isdigit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Whatever is no digit is passed over, "=" ends it, bits that are no whole
 * octet are dropped. */
static void
append_base64(GString *out, const char *text, size_t len)
{
	unsigned int bits = 0, n_bits = 0;

	for (size_t i = 0; i < len && text[i] != '='; i++) {
		int value = base64_value(text[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned int)value) & 0xffff;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			g_string_append_c(out, (char)(bits >> n_bits & 0xff));
		}
	}
}

/* A "=" that no two hexadecimal digits follow stands for itself. */
static void
append_q(GString *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '=' && len - i > 2 &&
		    g_ascii_isxdigit(text[i + 1]) &&
		    g_ascii_isxdigit(text[i + 2])) {
			int c = g_ascii_xdigit_value(text[i + 1]) * 16 +
				g_ascii_xdigit_value(text[i + 2]);

			g_string_append_c(out, (char)c);
			i += 2;
		} else {
			g_string_append_c(out, text[i] == '_' ? ' ' : text[i]);
		}
	}
}

/* The octets of words of one charset, as UTF-8. */
static void
append_octets(GString *out, const GString *octets, const Word *w)
{
	size_t len = 0;
	g_autofree char *utf8 = charset_decode_strict(
	    w->charset, w->charset_len, octets->str, octets->len, &len);
	g_autofree char *text = NULL;

	/* Twice, if it was of some charset: a NUL is replaced here. */
	if (utf8 != NULL)
		text = text_from_octets(utf8, len);
	else
		text = text_from_octets(octets->str, octets->len);
	g_string_append(out, text);
}

static bool
same_charset(const Word *a, const Word *b)
{
	return a->charset_len == b->charset_len &&
	       g_ascii_strncasecmp(a->charset, b->charset, a->charset_len) == 0;
}

/*
 * Decode w and those that follow it with only white space between and are
 * of the same charset: their octets are joined before they become
 * characters, since many senders split one in two.  *more says that
 * another word, of another charset, follows likewise; it is then in *w.
 * Returns where to go on.
 */
static const char *
append_words(GString *out, Word *w, bool *more)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	Word first = *w;
	const char *p = NULL;
	bool unclosed = false;

	do {
		if (w->base64)
			append_base64(octets, w->text, w->text_len);
		else
			append_q(octets, w->text, w->text_len);
		p = w->end;
		while (text_is_space(*p))
			p++;
		*more = g_str_has_prefix(p, "=?") && read_word(p, w, &unclosed);
	} while (*more && same_charset(&first, w));
	append_octets(out, octets, &first);
	return *more ? p : w->end;
}

char *
header_decode_words(const char *value)
{
	g_autofree char *text = text_from_octets(value, strlen(value));
	const char *p = text, *begin = NULL;
	GString *out = NULL;
	Word w;

	if (!find_word(p, &begin, &w))
		return g_steal_pointer(&text);
	out = g_string_sized_new(strlen(text));
	do {
		bool more = true;

		g_string_append_len(out, p, begin - p);
		while (more)
			p = append_words(out, &w, &more);
	} while (find_word(p, &begin, &w));
	g_string_append(out, p);
	return g_string_free(out, FALSE);
}
