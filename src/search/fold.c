/* SPDX-License-Identifier: Apache-2.0 */
#include "search/fold.h"

#include <stdbool.h>
#include <string.h>

#define PAGE_CHARS 256u
#define BMP_CHARS 0x10000u
#define OTHER_CHARS 256u

/* Mail uses few pages of the BMP: each is made when it is first needed, since
 * GLib takes some 0.2 us for a character, and is 4 KB. */
struct Fold {
	FoldChar *pages[BMP_CHARS / PAGE_CHARS];
	/* Those beyond the BMP that were asked for last. */
	struct {
		gunichar c;
		FoldChar as;
	} others[OTHER_CHARS];
};

typedef struct {
	gunichar first, last;
} Range;

static bool
is_in(gunichar c, const Range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* Scripts that are written without spaces, and Hangul.  The middle dots of
 * kana (U+30FB, U+FF65) part words. */
static const Range run_ranges[] = {{0x0e01, 0x0eff}, {0x1000, 0x109f},
    {0x1100, 0x115f}, {0x1780, 0x17d3}, {0x3005, 0x3007}, {0x3021, 0x3029},
    {0x3031, 0x3035}, {0x3041, 0x3096}, {0x309d, 0x309f}, {0x30a1, 0x30fa},
    {0x30fc, 0x318e}, {0x31a0, 0x31bf}, {0x31f0, 0x31ff}, {0x3400, 0x4dbf},
    {0x4e00, 0x9fff}, {0xa960, 0xa97c}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xff66, 0xff9d}, {0xffa0, 0xffdc}, {0x1b000, 0x1b16f}, {0x20000, 0x3ffff}};

/* Marks of Latin, Greek, Cyrillic; voiced marks of kana; the second and third
 * of a syllable of Hangul. */
static const Range mark_ranges[] = {{0x0300, 0x036f}, {0x1160, 0x11ff},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0x3099, 0x309a},
    {0xd7b0, 0xd7ff}, {0xfe20, 0xfe2f}, {0xff9e, 0xff9f}};

/* Hebrew and Arabic points, the Arabic stretch, selectors of variants. */
static const Range nothing_ranges[] = {{0x0591, 0x05bd}, {0x05bf, 0x05bf},
    {0x05c1, 0x05c2}, {0x05c4, 0x05c5}, {0x05c7, 0x05c7}, {0x0610, 0x061a},
    {0x0640, 0x0640}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0xfe00, 0xfe0f},
    {0xe0100, 0xe01ef}};

static FoldKind
kind_of(gunichar c)
{
	/* A space of no width is one all the same. */
	if (c == 0x200b)
		return FOLD_BREAK;
	if (is_in(c, nothing_ranges, G_N_ELEMENTS(nothing_ranges)))
		return FOLD_NOTHING;
	if (is_in(c, mark_ranges, G_N_ELEMENTS(mark_ranges)))
		return FOLD_MARK;

	GUnicodeType type = g_unichar_type(c);
	bool letter = g_unichar_isalnum(c) || g_unichar_ismark(c) ||
		      type == G_UNICODE_LETTER_NUMBER ||
		      type == G_UNICODE_OTHER_NUMBER;

	if (type == G_UNICODE_FORMAT)
		return FOLD_NOTHING;
	if (!letter)
		return FOLD_BREAK;
	return is_in(c, run_ranges, G_N_ELEMENTS(run_ranges)) ? FOLD_RUN
							      : FOLD_WORD;
}

/* Letters whose bar or ligature Unicode does not take apart, as people write
 * them who lack the key.  Turkish "ı" is the "i" that "I" becomes. */
static const struct {
	gunichar c;
	const char *as;
} plain_letters[] = {{0x00df, "ss"}, {0x00e6, "ae"}, {0x00f0, "d"},
    {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"}, {0x0127, "h"}, {0x0131, "i"},
    {0x0138, "k"}, {0x0142, "l"}, {0x014b, "n"}, {0x0153, "oe"}, {0x0167, "t"},
    {0x0180, "b"}, {0x0268, "i"}, {0x0289, "u"}, {0x03c2, "σ"}, {0x0451, "е"},
    {0x2c65, "a"}};

/* text, lower-cased letter by letter: g_utf8_strdown goes by the locale. */
static GString *
lower(const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p = fold_next(p))
		g_string_append_unichar(
		    out, g_unichar_tolower(g_utf8_get_char(p)));
	return out;
}

/* Whether the diacritics of a letter of this script go. */
static bool
drops_marks(gunichar c)
{
	GUnicodeScript script = g_unichar_get_script(c);

	return script == G_UNICODE_SCRIPT_LATIN ||
	       script == G_UNICODE_SCRIPT_GREEK;
}

/* low without its diacritics. */
static GString *
strip(const char *low)
{
	g_autofree char *apart = g_utf8_normalize(low, -1, G_NORMALIZE_ALL);
	const char *from = drops_marks(g_utf8_get_char(apart)) ? apart : low;
	GString *out = g_string_new(NULL);

	for (const char *p = from; *p != '\0'; p = fold_next(p)) {
		gunichar c = g_utf8_get_char(p);
		const char *as = NULL;

		for (size_t i = 0; i < G_N_ELEMENTS(plain_letters); i++)
			if (plain_letters[i].c == c)
				as = plain_letters[i].as;
		if (as != NULL)
			g_string_append(out, as);
		else if (kind_of(c) == FOLD_WORD || kind_of(c) == FOLD_RUN)
			g_string_append_unichar(out, c);
	}
	return out;
}

static void
make_char(FoldChar *f, gunichar c)
{
	char utf8[7] = "";

	*f = (FoldChar){.kind = (uint8_t)kind_of(c)};
	if (f->kind != FOLD_WORD && f->kind != FOLD_RUN)
		return;
	(void)g_unichar_to_utf8(c, utf8);

	g_autofree char *whole =
	    g_utf8_normalize(utf8, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autoptr(GString) low = lower(whole);
	/* A capital may come apart once it is small: "İ". */
	g_autofree char *composed =
	    g_utf8_normalize(low->str, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autoptr(GString) fold = strip(composed);
	size_t low_len = strlen(composed);

	/* A ligature of many letters stays what it is. */
	if (low_len > sizeof(f->low) || fold->len > sizeof(f->fold) ||
	    fold->len == 0) {
		low_len = fold->len = strlen(utf8);
		memcpy(f->low, utf8, low_len);
		memcpy(f->fold, utf8, low_len);
	} else {
		memcpy(f->low, composed, low_len);
		memcpy(f->fold, fold->str, fold->len);
	}
	f->low_len = (uint8_t)low_len;
	f->fold_len = (uint8_t)fold->len;
}

Fold *
fold_new(void)
{
	return g_new0(Fold, 1);
}

void
fold_free(Fold *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(f->pages); i++)
		g_free(f->pages[i]);
	g_free(f);
}

const FoldChar *
fold_find(Fold *f, gunichar c)
{
	if (c >= BMP_CHARS) {
		size_t i = c % OTHER_CHARS;

		if (f->others[i].c != c)
			make_char(&f->others[i].as, c);
		f->others[i].c = c;
		return &f->others[i].as;
	}
	FoldChar **page = &f->pages[c / PAGE_CHARS];

	if (*page == NULL) {
		*page = g_new(FoldChar, PAGE_CHARS);
		for (gunichar i = 0; i < PAGE_CHARS; i++)
			make_char(&(*page)[i], c / PAGE_CHARS * PAGE_CHARS + i);
	}
	return &(*page)[c % PAGE_CHARS];
}

gunichar
fold_compose(gunichar base, gunichar mark)
{
	gunichar both = 0;

	/* Those of half width. */
	if (mark == 0xff9e || mark == 0xff9f)
		mark = mark - 0xff9e + 0x3099;
	return g_unichar_compose(base, mark, &both) ? both : 0;
}
