/* SPDX-License-Identifier: Apache-2.0 */
#include "search/word.h"

#include <string.h>

#define D HAS_DIGIT
#define H HAS_HEX
#define L HAS_LOWER
#define HU (HAS_HEX | HAS_UPPER)
#define LU (HAS_LOWER | HAS_UPPER)
/* From NUL on. */
const uint8_t word_has[128] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0, 0, HU,
    HU, HU, HU, HU, HU, LU, LU, LU, LU, LU, LU, LU, LU, LU, LU, LU, LU, LU, LU,
    LU, LU, LU, LU, LU, LU, 0, 0, 0, 0, 0, 0, H, H, H, H, H, H, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0};
#undef D
#undef H
#undef L
#undef HU
#undef LU

bool
word_at(Fold *f, const char *p, const char *end)
{
	if (p >= end)
		return false;
	if ((*p & 0x80) == 0)
		return word_has[(uint8_t)*p] != 0;
	return fold_find(f, g_utf8_get_char(p))->kind == FOLD_WORD;
}

static void
add_char(Word *w, const FoldChar *f)
{
	if (w->len <= LIMIT_TERM_BYTES)
		memcpy(w->fold + w->len, f->fold, f->fold_len);
	if (w->low_len <= LIMIT_TERM_BYTES)
		memcpy(w->low + w->low_len, f->low, f->low_len);
	w->len += f->fold_len;
	w->low_len += f->low_len;
}

/*
 * Read on where a word has a character beyond ASCII: with the marks that
 * belong to it and all behind it.  What stood before it is in w.
 */
static const char *
read_wide(Fold *fold, const char *p, const char *end, Word *w)
{
	gunichar last = 0;
	size_t last_at = 0, last_low_at = 0;

	if (w->len > 0)
		last = (gunichar)(uint8_t)p[-1];
	last_at = last_low_at = w->len - (w->len > 0 ? 1 : 0);
	w->low_len = w->len;
	memcpy(w->low, w->fold, MIN(w->len, sizeof(w->low)));
	while (p < end) {
		gunichar c = g_utf8_get_char(p);
		const FoldChar *f = fold_find(fold, c);
		gunichar both = 0;

		if (f->kind == FOLD_BREAK || f->kind == FOLD_RUN)
			break;
		p = fold_next(p);
		if (f->kind == FOLD_NOTHING)
			continue;
		if (f->kind == FOLD_MARK) {
			both = last != 0 ? fold_compose(last, c) : 0;
			if (both == 0)
				continue;
			w->len = last_at;
			w->low_len = last_low_at;
			f = fold_find(fold, both);
			c = both;
		}
		last = c;
		last_at = w->len;
		last_low_at = w->low_len;
		w->has |= c < 0x80 ? word_has[c] : HAS_WIDE;
		add_char(w, f);
	}
	return p;
}

const char *
word_read(Fold *f, const char *p, const char *end, Word *w)
{
	size_t n = 0;
	uint8_t all = 0;

	w->from = p;
	for (; p < end; p++) {
		uint8_t c = (uint8_t)*p, is = 0;

		if (c < 0x80)
			is = word_has[c];
		if (is == 0)
			break;
		all |= is;
		/* All that the bit changes in a digit is its own. */
		if (n < sizeof(w->fold))
			w->fold[n] = (char)(c | 0x20);
		n++;
	}
	w->len = w->low_len = n;
	w->has = all;
	if (p < end && (*p & 0x80) != 0)
		p = read_wide(f, p, end, w);
	w->to = p;
	return p;
}

bool
word_is_random(const char *p, const char *to)
{
	size_t changes = 0, len = (size_t)(to - p);
	uint8_t all = 0, last = 0;

	for (; p < to; p++) {
		uint8_t is = 0;

		if ((*p & 0x80) == 0)
			is = word_has[(uint8_t)*p];
		/* Hex or not is no change. */
		if ((is & HAS_HEX) != 0)
			is = (uint8_t)((is | HAS_LOWER) & ~HAS_HEX);
		/* What parts words is none either, of a path. */
		if (is == 0)
			continue;
		changes += is != last;
		last = is;
		all |= is;
	}
	return changes * 3 >= len && (all & HAS_UPPER) != 0 &&
	       (all & HAS_DIGIT) != 0;
}

bool
word_gives_term(const Word *w)
{
	if (w->len == 0 || w->len > LIMIT_TERM_BYTES)
		return false;
	return w->len < WORD_NOISE_BYTES || (w->has & HAS_DIGIT) == 0 ||
	       (w->has & HAS_UPPER) == 0 || !word_is_random(w->from, w->to);
}
