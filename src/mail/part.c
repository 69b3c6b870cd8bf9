/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/part.h"

#include "base/lanes.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoding.h"

#include <stdint.h>
#include <string.h>

/* U+FFFD. */
#define REPLACEMENT "\xEF\xBF\xBD"
/* U+FEFF. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/*
 * Octets that a text of LIMIT_SHOWN_TEXT_BYTES may come from: four for
 * one byte of text in UTF-32, times three in quoted-printable.
 */
#define SHOWN_OCTETS ((size_t)LIMIT_SHOWN_TEXT_BYTES * 4)
#define SHOWN_ENCODED (SHOWN_OCTETS * 3)

/* Bytes of a file's name, and of its extension with the dot. */
#define FILE_NAME_LEN 120
#define EXTENSION_LEN 16

static bool
is_identity(const Part *p)
{
	return p->encoding == ENCODING_IDENTITY ||
	       p->encoding == ENCODING_BINARY;
}

/* The octets of p as they lie in raw, no further than raw goes. */
static const char *
encoded(GBytes *raw, const Part *p, size_t *off, size_t *len)
{
	size_t raw_len = 0;
	const char *data = g_bytes_get_data(raw, &raw_len);

	*off = MIN(p->off, raw_len);
	*len = MIN(p->len, raw_len - *off);
	return data != NULL ? data + *off : "";
}

GBytes *
part_decode(GBytes *raw, const Part *p)
{
	size_t off = 0, len = 0, out_len = 0;
	const char *octets = encoded(raw, p, &off, &len);
	char *out = NULL;

	if (!is_identity(p))
		out = encoding_decode(p->encoding, octets, len, &out_len);
	if (out == NULL)
		return g_bytes_new_from_bytes(raw, off, len);
	return g_bytes_new_take(out, out_len);
}

typedef enum {
	BYTE_PLAIN,
	BYTE_CONTROL, /* C0 or DEL, but for tab, LF and CR */
	BYTE_CR,
	BYTE_C2, /* may begin U+0080 to U+009F */
	BYTE_EF, /* may begin U+FFFE, U+FFFF, which XML does not allow */
} ByteKind;

#define PLAIN BYTE_PLAIN
#define CTRL BYTE_CONTROL
/* clang-format off */
static const unsigned char byte_kinds[256] = {
    CTRL, CTRL, CTRL, CTRL, CTRL, CTRL, CTRL, CTRL,
    CTRL, PLAIN, PLAIN, CTRL, CTRL, BYTE_CR, CTRL, CTRL,
    CTRL, CTRL, CTRL, CTRL, CTRL, CTRL, CTRL, CTRL,
    CTRL, CTRL, CTRL, CTRL, CTRL, CTRL, CTRL, CTRL,
    [0x7F] = CTRL,
    [0xC2] = BYTE_C2,
    [0xEF] = BYTE_EF,
};
/* clang-format on */
#undef PLAIN
#undef CTRL

/*
 * How many of the bytes at p, which are none of plain text, make up one
 * thing that may not stand in a text; 0 if they are fine after all.
 */
static size_t
unfit_length(const unsigned char *p, size_t left)
{
	switch ((ByteKind)byte_kinds[*p]) {
	case BYTE_CONTROL:
	case BYTE_CR:
		return 1;
	case BYTE_C2:
		return left >= 2 && p[1] < 0xA0 ? 2 : 0;
	case BYTE_EF:
		return left >= 3 && p[1] == 0xBF && p[2] >= 0xBE ? 3 : 0;
	case BYTE_PLAIN:
	default:
		return 0;
	}
}

/* Which of v are not ASCII that prints, tab or line feed. */
static Lanes
not_print(Lanes v)
{
	/* What is not ASCII is negative. */
	return ((v < 0x20) & (v != '\t') & (v != '\n')) | (v == 0x7f);
}

/* The first byte of [p, end) that may not stand in a text, and in *unfit
 * how many go with it; or end. */
static const char *
find_unfit(const char *p, const char *end, size_t *unfit)
{
	for (;;) {
		while (end - p >= (ptrdiff_t)sizeof(Lanes)) {
			size_t n = lanes_first(not_print(lanes_at(p)));

			p += n;
			if (n < sizeof(Lanes))
				break;
		}
		/* Letters that are not ASCII stand together. */
		do {
			if (p == end)
				return end;
			if (byte_kinds[(unsigned char)*p] != BYTE_PLAIN)
				*unfit = unfit_length((const unsigned char *)p,
				    (size_t)(end - p));
			if (*unfit > 0)
				return p;
			p++;
		} while (p == end || (*p & 0x80) != 0);
	}
}

/* Copy the letters at p that are not ASCII to *to, and say where they end;
 * NULL if they are not UTF-8, or have what may not stand in a text. */
static const char *
copy_wide(const char *p, const char *end, char **to)
{
	const char *stop = p;

	while (stop < end && (*stop & 0x80) != 0)
		stop++;
	if (!g_utf8_validate(p, stop - p, NULL))
		return NULL;
	for (; p < stop; p++) {
		if (byte_kinds[(unsigned char)*p] != BYTE_PLAIN &&
		    unfit_length((const unsigned char *)p, (size_t)(stop - p)) >
			0)
			return NULL;
		*(*to)++ = *p;
	}
	return stop;
}

/* octets, if all of them are UTF-8 that prints, tabs or line feeds; else
 * NULL. */
static char *
copy_plain(const char *octets, size_t len)
{
	const char *p = octets, *end = octets + len;
	g_autofree char *text = g_malloc(len + 1);
	char *to = text;

	if (len >= 3 && memcmp(octets, BYTE_ORDER_MARK, 3) == 0)
		return NULL;
	while (p != NULL && p < end) {
		size_t n = sizeof(Lanes);

		while (n == sizeof(Lanes) && (size_t)(end - p) >= n) {
			Lanes v = lanes_at(p);

			n = lanes_first(not_print(v));
			memcpy(to, &v, sizeof v);
			to += n;
			p += n;
		}
		while (p < end && (*p & 0x80) == 0 &&
		       byte_kinds[(unsigned char)*p] == BYTE_PLAIN)
			*to++ = *p++;
		if (p < end)
			p = (*p & 0x80) != 0 ? copy_wide(p, end, &to) : NULL;
	}
	*to = '\0';
	return p != NULL ? g_steal_pointer(&text) : NULL;
}

/* Valid UTF-8, perhaps with NULs, made fit to be shown. */
static char *
clean_text(const char *text, size_t len)
{
	GString *out = g_string_sized_new(len + 1);
	const char *p = text, *end = text + len;

	while (p < end) {
		const char *run = p;
		size_t unfit = 0;

		p = find_unfit(p, end, &unfit);
		text_append(out, run, (size_t)(p - run));
		if (p == end)
			break;
		if (*p != '\r')
			g_string_append(out, REPLACEMENT);
		else if (p + 1 == end || p[1] != '\n')
			g_string_append_c(out, '\n');
		p += unfit;
	}
	return g_string_free(out, FALSE);
}

/* len, or less so that no UTF-8 character is cut in two. */
static size_t
whole_characters(const char *text, size_t len)
{
	size_t cut = len;

	while (cut > 0 && len - cut < 4 && (text[cut] & 0xC0) == 0x80)
		cut--;
	return cut;
}

/* len octets, decoded, as part_text gives them. */
static char *
text_of(const Part *p, const char *octets, size_t len, bool *cut)
{
	size_t text_len = 0;
	g_autofree char *converted =
	    charset_to_utf8(p->charset, octets, len, &text_len);
	const char *text = converted;

	if (text == NULL) {
		text = octets;
		text_len = len;
	}
	if (text_len >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
		text += 3;
		text_len -= 3;
	}
	if (text_len > LIMIT_SHOWN_TEXT_BYTES) {
		text_len = whole_characters(text, LIMIT_SHOWN_TEXT_BYTES);
		*cut = true;
	}
	return clean_text(text, text_len);
}

char *
part_text(GBytes *raw, const Part *p, bool *cut)
{
	size_t off = 0, len = 0, text_len = 0;
	const char *octets = encoded(raw, p, &off, &len);
	g_autofree char *decoded = NULL;
	char *text = NULL;

	*cut = false;
	if (!is_identity(p)) {
		*cut = len > SHOWN_ENCODED;
		len = MIN(len, SHOWN_ENCODED);
		decoded = encoding_decode(p->encoding, octets, len, &text_len);
		if (decoded != NULL) {
			octets = decoded;
			len = text_len;
		}
	}
	*cut = *cut || len > SHOWN_OCTETS;
	len = MIN(len, SHOWN_OCTETS);
	/* What most mail is, in one pass where all else takes three. */
	if (len <= LIMIT_SHOWN_TEXT_BYTES && charset_keeps_ascii(p->charset))
		text = copy_plain(octets, len);
	if (text != NULL)
		return text;
	return text_of(p, octets, len, cut);
}

/* Bytes that are looked at of a part which is a file: its preview, or the
 * header of the message that it is. */
#define FILE_BYTES ((size_t)64 << 10)

void
part_choose_shown(Msg *m, size_t *need)
{
	size_t raw = LIMIT_SHOWN_RAW_BYTES, text = LIMIT_SHOWN_ALL_BYTES;

	for (size_t i = 0; i < m->n_parts; i++) {
		Part *p = &m->parts[i];
		bool shown = p->show == SHOW_TEXT || p->show == SHOW_HTML;
		size_t n = MIN(p->len, shown ? SHOWN_ENCODED : FILE_BYTES);
		size_t n_text = MIN(n, LIMIT_SHOWN_TEXT_BYTES);

		need[i] = 0;
		if (!p->leaf)
			continue;
		if (n > raw || n_text > text) {
			p->absent = true;
			if (shown)
				p->show = SHOW_FILE;
			continue;
		}
		need[i] = n;
		raw -= n;
		text -= n_text;
	}
}

static const struct {
	const char *type, *extension;
} extensions[] = {
    {"application/gzip", ".gz"},
    {"application/json", ".json"},
    {"application/ms-tnef", ".tnef"},
    {"application/pdf", ".pdf"},
    {"application/pgp-keys", ".asc"},
    {"application/pgp-signature", ".asc"},
    {"application/pkcs7-mime", ".p7m"},
    {"application/pkcs7-signature", ".p7s"},
    {"application/x-patch", ".patch"},
    {"application/x-pkcs7-signature", ".p7s"},
    {"application/xml", ".xml"},
    {"application/zip", ".zip"},
    {"image/gif", ".gif"},
    {"image/jpeg", ".jpg"},
    {"image/png", ".png"},
    {"image/svg+xml", ".svg"},
    {"image/webp", ".webp"},
    {"message/rfc822", ".eml"},
    {"text/calendar", ".ics"},
    {"text/csv", ".csv"},
    {"text/html", ".html"},
    {"text/plain", ".txt"},
    {"text/vcard", ".vcf"},
    {"text/x-diff", ".diff"},
    {"text/x-patch", ".patch"},
};

static const char *
extension_of(const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
		if (strcmp(type, extensions[i].type) == 0)
			return extensions[i].extension;
	return g_str_has_prefix(type, "text/") ? ".txt" : ".bin";
}

/* What a disk or a URL might read as more than a character of a name, or
 * a reader's eye as another: format characters turn text around. */
static bool
is_unfit_in_name(gunichar c)
{
	return (c < 0x80 && strchr("\"*/:<>?\\|%#&;`$", (int)c) != NULL) ||
	       g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT ||
	       g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR ||
	       g_unichar_type(c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* name, which is too long, cut in its middle: its extension stays. */
static void
shorten(GString *name)
{
	const char *dot = strrchr(name->str, '.');
	size_t extension = dot != NULL ? strlen(dot) : 0, keep = 0;

	if (extension > EXTENSION_LEN)
		extension = 0;
	keep = whole_characters(name->str, FILE_NAME_LEN - extension);
	g_string_erase(
	    name, (gssize)keep, (gssize)(name->len - extension - keep));
}

char *
part_file_name(const Part *p, size_t n)
{
	g_autoptr(GString) name = g_string_new(NULL);
	const char *at = p->name != NULL ? p->name : "";

	for (const char *c = at; *c != '\0'; c++)
		if (*c == '/' || *c == '\\')
			at = c + 1;
	for (; *at != '\0'; at += g_utf8_skip[(guchar)*at]) {
		gunichar c = g_utf8_get_char(at);

		if (name->len == 0 && (c == '.' || c == '-' || c == ' '))
			continue; /* neither hidden nor an option */
		g_string_append_unichar(name, is_unfit_in_name(c) ? '_' : c);
	}
	while (name->len > 0 && strchr(". ", name->str[name->len - 1]) != NULL)
		g_string_truncate(name, name->len - 1);
	if (name->len > FILE_NAME_LEN)
		shorten(name);
	if (name->len == 0)
		g_string_printf(name, "part-%zu%s", n, extension_of(p->type));
	return g_string_free(g_steal_pointer(&name), FALSE);
}
