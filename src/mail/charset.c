/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/charset.h"

#include <glib.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* U+FFFD. */
#define REPLACEMENT "\xEF\xBF\xBD"

/* Characters of a label that are looked at; the longest known has 14. */
#define LABEL_KEY_LEN 24

typedef enum {
	LABEL_WEAK,   /* says nothing: UTF-8, else Windows-1252 */
	LABEL_FAIR,   /* believed of what is not UTF-8 */
	LABEL_STRONG, /* believed always */
} Trust;

typedef struct {
	const char *key;  /* the label's letters and digits, lower case */
	const char *name; /* what iconv calls it */
	Trust trust;
} Label;

/*
 * Of two keys that a label begins with the longer one counts, so that
 * "windows-1252http://..." is what it seems to be.
 */
static const Label labels[] = {
    {"ansix341968", NULL, LABEL_WEAK},
    {"ascii", NULL, LABEL_WEAK},
    {"big5", "BIG5-HKSCS", LABEL_FAIR},
    {"chinesebig5", "BIG5-HKSCS", LABEL_FAIR},
    {"cnbig5", "BIG5-HKSCS", LABEL_FAIR},
    {"cngb", "GB18030", LABEL_FAIR},
    {"cp1250", "CP1250", LABEL_FAIR},
    {"cp1251", "CP1251", LABEL_FAIR},
    {"cp1252", "CP1252", LABEL_FAIR},
    {"cp1253", "CP1253", LABEL_FAIR},
    {"cp1254", "CP1254", LABEL_FAIR},
    {"cp1255", "CP1255", LABEL_FAIR},
    {"cp1256", "CP1256", LABEL_FAIR},
    {"cp1257", "CP1257", LABEL_FAIR},
    {"cp1258", "CP1258", LABEL_FAIR},
    {"cp437", "CP437", LABEL_FAIR},
    {"cp850", "CP850", LABEL_FAIR},
    {"cp852", "CP852", LABEL_FAIR},
    {"cp5022", "ISO-2022-JP-2", LABEL_STRONG}, /* Windows' three of it */
    {"cp866", "CP866", LABEL_FAIR},
    {"cp874", "CP874", LABEL_FAIR},
    {"cp932", "CP932", LABEL_FAIR},
    {"cp936", "GB18030", LABEL_FAIR},
    {"cp949", "CP949", LABEL_FAIR},
    {"cp950", "BIG5-HKSCS", LABEL_FAIR},
    {"eucjp", "EUC-JP-MS", LABEL_FAIR},
    {"euccn", "GB18030", LABEL_FAIR},
    {"euckr", "CP949", LABEL_FAIR},
    {"euctw", "EUC-TW", LABEL_FAIR},
    {"gb18030", "GB18030", LABEL_FAIR},
    {"gb2312", "GB18030", LABEL_FAIR},
    {"gbk", "GB18030", LABEL_FAIR},
    {"hz", "GB18030", LABEL_STRONG},
    {"ibm437", "CP437", LABEL_FAIR},
    {"ibm850", "CP850", LABEL_FAIR},
    {"ibm852", "CP852", LABEL_FAIR},
    {"ibm866", "CP866", LABEL_FAIR},
    {"iso2022cn", "ISO-2022-CN-EXT", LABEL_STRONG},
    {"iso2022jp", "ISO-2022-JP-2", LABEL_STRONG},
    {"iso2022jp3", "ISO-2022-JP-3", LABEL_STRONG},
    {"iso2022kr", "ISO-2022-KR", LABEL_STRONG},
    {"iso88591", "CP1252", LABEL_FAIR},
    {"iso885910", "ISO-8859-10", LABEL_FAIR},
    {"iso885911", "CP874", LABEL_FAIR},
    {"iso885913", "ISO-8859-13", LABEL_FAIR},
    {"iso885914", "ISO-8859-14", LABEL_FAIR},
    {"iso885915", "ISO-8859-15", LABEL_FAIR},
    {"iso885916", "ISO-8859-16", LABEL_FAIR},
    {"iso88592", "ISO-8859-2", LABEL_FAIR},
    {"iso88593", "ISO-8859-3", LABEL_FAIR},
    {"iso88594", "ISO-8859-4", LABEL_FAIR},
    {"iso88595", "ISO-8859-5", LABEL_FAIR},
    {"iso88596", "ISO-8859-6", LABEL_FAIR},
    {"iso88597", "ISO-8859-7", LABEL_FAIR},
    {"iso88598", "CP1255", LABEL_FAIR}, /* -i, -e too: logical order */
    {"iso88599", "CP1254", LABEL_FAIR},
    {"johab", "JOHAB", LABEL_FAIR},
    {"koi8", "KOI8-R", LABEL_FAIR},
    {"koi8u", "KOI8-U", LABEL_FAIR},
    {"ksc5601", "CP949", LABEL_FAIR},
    {"latin1", "CP1252", LABEL_FAIR},
    {"latin2", "ISO-8859-2", LABEL_FAIR},
    {"latin9", "ISO-8859-15", LABEL_FAIR},
    {"macintosh", "MACINTOSH", LABEL_FAIR},
    {"mskanji", "CP932", LABEL_FAIR},
    {"sjis", "CP932", LABEL_FAIR},
    {"shiftjis", "CP932", LABEL_FAIR},
    {"tis620", "CP874", LABEL_FAIR},
    {"ucs2", "UTF-16", LABEL_STRONG},
    {"uhc", "CP949", LABEL_FAIR},
    {"unicode11utf7", "UTF-7", LABEL_STRONG},
    {"usascii", NULL, LABEL_WEAK},
    {"utf16", "UTF-16", LABEL_STRONG},
    {"utf16be", "UTF-16BE", LABEL_STRONG},
    {"utf16le", "UTF-16LE", LABEL_STRONG},
    {"utf32", "UTF-32", LABEL_STRONG},
    {"utf32be", "UTF-32BE", LABEL_STRONG},
    {"utf32le", "UTF-32LE", LABEL_STRONG},
    {"utf7", "UTF-7", LABEL_STRONG},
    {"utf8", NULL, LABEL_WEAK},
    {"viscii", "VISCII", LABEL_FAIR},
    {"windows1250", "CP1250", LABEL_FAIR},
    {"windows1251", "CP1251", LABEL_FAIR},
    {"windows1252", "CP1252", LABEL_FAIR},
    {"windows1253", "CP1253", LABEL_FAIR},
    {"windows1254", "CP1254", LABEL_FAIR},
    {"windows1255", "CP1255", LABEL_FAIR},
    {"windows1256", "CP1256", LABEL_FAIR},
    {"windows1257", "CP1257", LABEL_FAIR},
    {"windows1258", "CP1258", LABEL_FAIR},
    {"windows31j", "CP932", LABEL_FAIR},
    {"windows874", "CP874", LABEL_FAIR},
    {"xbig5", "BIG5-HKSCS", LABEL_FAIR},
    {"xeucjp", "EUC-JP-MS", LABEL_FAIR},
    {"xgbk", "GB18030", LABEL_FAIR},
    {"xmaccyrillic", "MAC-CYRILLIC", LABEL_FAIR},
    {"xmacroman", "MACINTOSH", LABEL_FAIR},
    {"xsjis", "CP932", LABEL_FAIR},
};

/*
 * The charsets of the permalink's contract by the names that mail gives
 * them.  Those that glibc and others read alike, all but a few characters:
 * hence EUC-JP and not its extension.  UTF-8 and ASCII are not among
 * them; text_from_octets reads those.
 */
static const struct {
	const char *label, *name;
	bool by_octet; /* each octet is a character */
} strict[] = {
    {"big5", "BIG5-HKSCS", false},
    {"big5-hkscs", "BIG5-HKSCS", false},
    {"cp866", "CP866", true},
    {"cp932", "CP932", false},
    {"cp936", "GB18030", false},
    {"cp949", "CP949", false},
    {"cp1250", "CP1250", true},
    {"cp1251", "CP1251", true},
    {"cp1252", "CP1252", true},
    {"cp1253", "CP1253", true},
    {"cp1254", "CP1254", true},
    {"cp1255", "CP1255", true},
    {"cp1256", "CP1256", true},
    {"cp1257", "CP1257", true},
    {"cp1258", "CP1258", true},
    {"euc-jp", "EUC-JP", false},
    {"euc-kr", "CP949", false},
    {"gb18030", "GB18030", false},
    {"gb2312", "GB18030", false},
    {"gbk", "GB18030", false},
    {"ibm866", "CP866", true},
    {"iso-2022-jp", "ISO-2022-JP-2", false},
    {"iso-8859-1", "CP1252", true},
    {"iso-8859-2", "ISO-8859-2", true},
    {"iso-8859-3", "ISO-8859-3", true},
    {"iso-8859-4", "ISO-8859-4", true},
    {"iso-8859-5", "ISO-8859-5", true},
    {"iso-8859-6", "ISO-8859-6", true},
    {"iso-8859-7", "ISO-8859-7", true},
    {"iso-8859-8", "ISO-8859-8", true},
    {"iso-8859-8-i", "ISO-8859-8", true},
    {"iso-8859-9", "CP1254", true},
    {"iso-8859-10", "ISO-8859-10", true},
    {"iso-8859-11", "CP874", true},
    {"iso-8859-13", "ISO-8859-13", true},
    {"iso-8859-14", "ISO-8859-14", true},
    {"iso-8859-15", "ISO-8859-15", true},
    {"iso-8859-16", "ISO-8859-16", true},
    {"koi8-r", "KOI8-R", true},
    {"koi8-u", "KOI8-U", true},
    {"ks_c_5601-1987", "CP949", false},
    {"latin1", "CP1252", true},
    {"shift_jis", "CP932", false},
    {"shift-jis", "CP932", false},
    {"tis-620", "CP874", true},
    {"windows-31j", "CP932", false},
    {"windows-874", "CP874", true},
    {"windows-1250", "CP1250", true},
    {"windows-1251", "CP1251", true},
    {"windows-1252", "CP1252", true},
    {"windows-1253", "CP1253", true},
    {"windows-1254", "CP1254", true},
    {"windows-1255", "CP1255", true},
    {"windows-1256", "CP1256", true},
    {"windows-1257", "CP1257", true},
    {"windows-1258", "CP1258", true},
};

/* Text that says in itself that it is ISO-2022-JP. */
static const Label found_iso2022jp = {
    "iso2022jp", "ISO-2022-JP-2", LABEL_STRONG};

#define NO_CONVERTER ((GIConv)-1)

/* The open converters, by name; those that can't be had are in it, too. */
static struct {
	const char *name;
	GIConv iconv;
} open_converters[G_N_ELEMENTS(labels) + G_N_ELEMENTS(strict)];
static size_t n_open;

static GIConv
converter(const char *name)
{
	for (size_t i = 0; i < n_open; i++)
		if (strcmp(open_converters[i].name, name) == 0)
			return open_converters[i].iconv;
	g_assert(n_open < G_N_ELEMENTS(open_converters));
	open_converters[n_open].name = name;
	open_converters[n_open].iconv = g_iconv_open("UTF-8", name);
	return open_converters[n_open++].iconv;
}

void
charset_init(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (labels[i].name != NULL)
			converter(labels[i].name);
	for (size_t i = 0; i < G_N_ELEMENTS(strict); i++)
		converter(strict[i].name);
}

static const Label *
find_label(const char *label)
{
	char key[LABEL_KEY_LEN + 1];
	const Label *found = NULL;
	size_t n = 0, found_len = 0;

	for (; *label != '\0' && n < LABEL_KEY_LEN; label++)
		if (g_ascii_isalnum(*label))
			key[n++] = g_ascii_tolower(*label);
	key[n] = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		const char *known = labels[i].key;
		size_t len = 0;

		while (known[len] != '\0' && known[len] == key[len])
			len++;
		if (len > found_len && known[len] == '\0') {
			found = &labels[i];
			found_len = len;
		}
	}
	return found;
}

/* How many octets at the start are ASCII: eight at a time, four times as
 * fast as g_utf8_validate goes over them. */
static size_t
ascii_length(const char *octets, size_t len)
{
	size_t n = 0;
	uint64_t word = 0;

	for (; n + sizeof word <= len; n += sizeof word) {
		memcpy(&word, octets + n, sizeof word);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (n < len && ((unsigned char)octets[n] & 0x80) == 0)
		n++;
	return n;
}

/*
 * How many octets at the start are valid UTF-8 without NUL, which may be
 * fewer than there are: ASCII is passed over quickly again and again, since
 * the name in a signature would else make all behind it slow.
 */
static size_t
utf8_length(const char *octets, size_t len)
{
	const char *p = octets, *end = octets + len;

	for (;;) {
		const char *wide = p + ascii_length(p, (size_t)(end - p));

		for (p = wide; p < end && ((unsigned char)*p & 0x80) != 0;)
			p++;
		if (p == wide)
			return len;
		if (!g_utf8_validate(wide, p - wide, NULL))
			return (size_t)(wide - octets);
	}
}

/* How many octets make up one broken character at p: a lead with what
 * there is of its followers, or a single octet. */
static size_t
broken_length(const char *p, const char *end)
{
	size_t n = 1;

	if (((unsigned char)*p & 0xC0) != 0xC0)
		return 1;
	while (p + n < end && n < 4 && ((unsigned char)p[n] & 0xC0) == 0x80)
		n++;
	return n;
}

/*
 * Whether octets are UTF-8, NULs allowed.  If not, *repairable is whether
 * they are that more than they are not: at least as many characters
 * beyond ASCII as broken ones.
 */
static bool
is_utf8(const char *octets, size_t len, bool *repairable)
{
	const char *p = octets, *bad = NULL, *end = octets + len;
	size_t n_bad = 0, n_wide = 0;

	*repairable = true;
	if (utf8_length(octets, len) == len)
		return true;
	p += ascii_length(octets, len);
	while (p < end && !g_utf8_validate(p, end - p, &bad)) {
		if (*bad == '\0') {
			p = bad + 1;
			continue;
		}
		for (; p < bad; p++)
			n_wide += ((unsigned char)*p & 0xC0) == 0xC0;
		n_bad++;
		p = bad + broken_length(bad, end);
	}
	for (; n_bad > 0 && p < end; p++)
		n_wide += ((unsigned char)*p & 0xC0) == 0xC0;
	*repairable = n_wide >= n_bad;
	return n_bad == 0;
}

/* UTF-8 with each broken character replaced. */
static GString *
repair_utf8(const char *octets, size_t len)
{
	GString *text = g_string_sized_new(len + len / 8);
	const char *p = octets, *end = octets + len, *bad = NULL;

	while (!g_utf8_validate(p, end - p, &bad)) {
		g_string_append_len(text, p, bad - p);
		if (*bad == '\0')
			g_string_append_c(text, '\0');
		else
			g_string_append(text, REPLACEMENT);
		p = bad + broken_length(bad, end);
	}
	g_string_append_len(text, p, end - p);
	return text;
}

/* One call of iconv, its output behind text.  Returns false, errno set,
 * where it stopped before the end. */
static bool
convert_some(GIConv cd, char **in, gsize *in_left, GString *text)
{
	char buf[4096], *out = buf;
	gsize out_left = sizeof buf;
	gsize got = g_iconv(cd, in, in_left, &out, &out_left);

	g_string_append_len(text, buf, out - buf);
	return got != (gsize)-1;
}

/*
 * octets through cd.  What it can't convert becomes U+FFFD, octet by
 * octet; that bounds the loop: each turn takes an octet or fills a
 * buffer.
 */
static GString *
convert(GIConv cd, const char *octets, size_t len)
{
	GString *text = g_string_sized_new(len + len / 2 + 16);
	char *in = (char *)(uintptr_t)octets; /* iconv only reads it */
	gsize in_left = len;

	g_iconv(cd, NULL, NULL, NULL, NULL);
	while (in_left > 0) {
		if (convert_some(cd, &in, &in_left, text) || errno == E2BIG)
			continue;
		g_string_append(text, REPLACEMENT);
		in++;
		in_left--;
	}
	/* Windows-1255 and its like hold a letter back for its accents. */
	convert_some(cd, NULL, NULL, text);
	return text;
}

/*
 * RFC 1843: what stands between "~{" and "~}" is GB 2312 without its
 * eighth bits; set them.  A line's end ends it, too.
 */
static GString *
hz_to_gb(const char *octets, size_t len)
{
	GString *gb = g_string_sized_new(len);
	bool wide = false;

	for (size_t i = 0; i < len; i++) {
		char c = octets[i], next = '\0';

		if (i + 1 < len)
			next = octets[i + 1];
		if (c == '\n')
			wide = false;
		if (c == '~' && (next == '{' || next == '}')) {
			wide = next == '{';
			i++;
		} else if (c == '~' && !wide && (next == '~' || next == '\n')) {
			if (next == '~')
				g_string_append_c(gb, '~');
			i++;
		} else if (wide && c > ' ') {
			g_string_append_c(gb, (char)(c | 0x80));
		} else {
			g_string_append_c(gb, c);
		}
	}
	return gb;
}

/*
 * ISO-2022-JP as EUC-JP, which has what mail programs of Windows put into
 * it and its converter refuses: letters of NEC's row 13 and katakana of
 * half width.  NULL where octets change to a set that EUC-JP has not.
 */
static GString *
jis_to_euc(const char *octets, size_t len)
{
	static const struct {
		const char *escape;
		int wide; /* octets of a character; 0: ASCII, 1: katakana */
	} sets[] = {{"\033(B", 0}, {"\033(J", 0}, {"\033(I", 1}, {"\033$@", 2},
	    {"\033$B", 2}};
	g_autoptr(GString) euc = g_string_sized_new(len);
	int wide = 0;

	for (size_t i = 0; i < len; i++) {
		char c = octets[i];
		size_t set = 0;

		if (c == '\033') {
			while (set < G_N_ELEMENTS(sets) &&
			       (len - i < 3 || memcmp(octets + i,
						   sets[set].escape, 3) != 0))
				set++;
			if (set == G_N_ELEMENTS(sets))
				return NULL;
			wide = sets[set].wide;
			i += 2;
			continue;
		}
		if (wide == 1 && c > ' ')
			g_string_append_c(euc, (char)0x8E);
		g_string_append_c(
		    euc, wide > 0 && c > ' ' ? (char)(c | 0x80) : c);
	}
	return g_steal_pointer(&euc);
}

/* Whether text without a label that says so is ISO-2022-JP: it has the
 * escape sequence that begins JIS X 0208. */
static bool
looks_iso2022jp(const char *octets, size_t len)
{
	return memchr(octets, '\033', len) != NULL &&
	       (memmem(octets, len, "\033$B", 3) != NULL ||
		   memmem(octets, len, "\033$@", 3) != NULL);
}

static char *
finish(GString *text, size_t *text_len)
{
	*text_len = text->len;
	return g_string_free(text, FALSE);
}

/* octets, which are not UTF-8, or whose label says that they are more. */
static GString *
convert_label(const Label *label, const char *octets, size_t len)
{
	g_autoptr(GString) eight = NULL;
	GIConv cd = converter(label->name);

	if (cd == NO_CONVERTER)
		return NULL;
	if (strcmp(label->key, "hz") == 0)
		eight = hz_to_gb(octets, len);
	else if (strcmp(label->name, "ISO-2022-JP-2") == 0 &&
		 converter("EUC-JP-MS") != NO_CONVERTER)
		eight = jis_to_euc(octets, len);
	if (eight == NULL)
		return convert(cd, octets, len);
	if (strcmp(label->key, "hz") != 0)
		cd = converter("EUC-JP-MS");
	return convert(cd, eight->str, eight->len);
}

bool
charset_keeps_ascii(const char *label)
{
	const Label *known = label != NULL ? find_label(label) : NULL;

	return known == NULL || known->trust != LABEL_STRONG;
}

char *
charset_to_utf8(
    const char *label, const char *octets, size_t len, size_t *text_len)
{
	const Label *known = label != NULL ? find_label(label) : NULL;
	Trust trust = known != NULL ? known->trust : LABEL_WEAK;
	GString *text = NULL;
	bool repairable = false;

	if (trust == LABEL_WEAK && looks_iso2022jp(octets, len)) {
		known = &found_iso2022jp;
		trust = LABEL_STRONG;
	}
	if (trust == LABEL_STRONG) {
		text = convert_label(known, octets, len);
		if (text != NULL)
			return finish(text, text_len);
	}
	if (is_utf8(octets, len, &repairable))
		return NULL;
	if (trust == LABEL_FAIR)
		text = convert_label(known, octets, len);
	else if (repairable)
		text = repair_utf8(octets, len);
	if (text == NULL && converter("CP1252") != NO_CONVERTER)
		text = convert(converter("CP1252"), octets, len);
	if (text == NULL)
		text = repair_utf8(octets, len);
	return finish(text, text_len);
}

/* Strictly, for permalinks ------------------------------------------- */

/*
 * octets through cd, in steps that each end in its initial state: octet by
 * octet where iconv would compose a letter and the mark behind it (it does
 * in Windows-1255 and -1258), as others do not.  NULL if they are not
 * valid.
 */
static char *
convert_strict(
    GIConv cd, size_t step, const char *octets, size_t len, size_t *text_len)
{
	/* No octet becomes more than two characters, of three bytes each. */
	gsize out_left = len * 6 + 16;
	g_autofree char *text = g_malloc(out_left + 1);
	char *in = (char *)(uintptr_t)octets; /* iconv only reads it */
	char *out = text;

	g_iconv(cd, NULL, NULL, NULL, NULL);
	for (size_t left = len; left > 0; left -= step) {
		gsize in_left = step;

		if (g_iconv(cd, &in, &in_left, &out, &out_left) == (gsize)-1 ||
		    g_iconv(cd, NULL, NULL, &out, &out_left) == (gsize)-1)
			return NULL;
	}
	*out = '\0';
	*text_len = (size_t)(out - text);
	return g_steal_pointer(&text);
}

/* Whether valid UTF-8 has an ESC or a control of U+0080 to U+009F: on
 * what those are converters differ. */
static bool
has_controls(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\033' || ((unsigned char)text[i] == 0xC2 &&
					     (unsigned char)text[i + 1] < 0xA0))
			return true;
	return false;
}

char *
charset_decode_strict(const char *label, size_t label_len, const char *octets,
    size_t len, size_t *text_len)
{
	g_autofree char *text = NULL;
	GIConv cd = NO_CONVERTER;
	size_t i = 0;

	while (i < G_N_ELEMENTS(strict) &&
	       (strlen(strict[i].label) != label_len ||
		   g_ascii_strncasecmp(strict[i].label, label, label_len) != 0))
		i++;
	if (i == G_N_ELEMENTS(strict) || len == 0)
		return NULL;
	cd = converter(strict[i].name);
	if (cd == NO_CONVERTER)
		return NULL;
	text = convert_strict(
	    cd, strict[i].by_octet ? 1 : len, octets, len, text_len);
	if (text == NULL || has_controls(text, *text_len))
		return NULL;
	return g_steal_pointer(&text);
}
