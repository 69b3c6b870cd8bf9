/* SPDX-License-Identifier: Apache-2.0 */
#include "search/token.h"

#include "base/limits.h"
#include "search/word.h"

#include <stdint.h>
#include <string.h>

/* What is done with a text of a kind. */
enum {
	DO_STEM = 1,
	DO_WHOLE = 2,
	DO_LINES = 4, /* undo what line ends cut: words, runs */
	DO_QUERY = 8,
	DO_PREFIX = 16,
};

/*
 * FTS5's index of 39,402 messages with patches is 0.48 of their decoded text
 * (7,117 with longer headers: 0.55), where its own porter tokenizer, which
 * has neither exact words nor wholes, makes 0.43.  What more would be, of
 * 7,000 of those messages, in hundredths of the text:
 *
 *	stems of what is quoted      2 (3)	said elsewhere, by its author
 *	wholes of what is quoted     1 (3)
 *	wholes of lines of diffs     6 (1)	their phrase finds them
 *	all wholes, of all texts     1 (1)	see gives_whole
 *	stems of is_base             1 (1)	a query asks for the base
 *
 * and the stems that there are make 2 (3), the wholes 2 (1).  A message takes
 * 45 us, half of it for terms, at 13 million terms a second.
 */
static const unsigned int does[] = {
    [TOKEN_PROSE] = DO_STEM | DO_WHOLE | DO_LINES,
    [TOKEN_QUOTED] = DO_LINES,
    [TOKEN_CODE] = 0,
    [TOKEN_NAME] = DO_WHOLE,
    [TOKEN_QUERY] = DO_STEM | DO_QUERY,
    [TOKEN_PREFIX] = DO_QUERY | DO_PREFIX,
};

struct Tokenizer {
	Stemmer *stemmer;
	Fold *fold;
	size_t left;

	/* The text at hand. */
	const TokenText *in;
	const char *end;
	const char *whole_end, *url_end; /* of those begun last */
	unsigned int does;
	GString *out; /* or: */
	TokenFn fn;
	void *arg;
	Word word, next;
};

Tokenizer *
token_new(void)
{
	Tokenizer *t = g_new0(Tokenizer, 1);

	t->stemmer = stem_new();
	t->fold = fold_new();
	t->left = LIMIT_INDEX_TERMS;
	return t;
}

void
token_free(Tokenizer *t)
{
	if (t == NULL)
		return;
	stem_free(t->stemmer);
	fold_free(t->fold);
	g_free(t);
}

Stemmer *
token_stemmer(Tokenizer *t)
{
	return t->stemmer;
}

void
token_restart(Tokenizer *t)
{
	t->left = LIMIT_INDEX_TERMS;
}

size_t
token_left(const Tokenizer *t)
{
	return t->left;
}

/* Giving terms ------------------------------------------------------------ */

static void
append_term(GString *out, const Token *k)
{
	gsize was = out->len, len = k->len + 1 + (k->same_place ? 1 : 0);

	/* GString would look at each of three pieces; this is half of what
	 * handing over a term takes. */
	if (was + len >= out->allocated_len) {
		g_string_set_size(out, was + len);
		g_string_truncate(out, was);
	}
	char *p = out->str + was;

	if (k->same_place)
		*p++ = '\t';
	memcpy(p, k->term, k->len);
	p[k->len] = '\n';
	p[k->len + 1] = '\0';
	out->len = was + len;
}

static void
put(Tokenizer *t, const Token *k)
{
	if (t->left == 0)
		return;
	t->left--;
	if (t->out != NULL)
		append_term(t->out, k);
	else
		t->fn(t->arg, k);
}

/* Stems ------------------------------------------------------------------- */

/* Words with digits have none, nor have those shorter than this. */
#define STEM_BYTES_MIN 3u

/* A term that is made, with room for "Z" before it. */
typedef struct {
	size_t len;
	char bytes[1 + WORD_BYTES];
} Made;

/* low, of len bytes, without its diacritics; "Z" stands before it. */
static bool
fold_stem(Tokenizer *t, const char *low, size_t len, Made *m)
{
	m->bytes[0] = 'Z';
	m->len = 1;
	for (const char *p = low, *end = low + len; p < end;) {
		if ((*p & 0x80) == 0) {
			if (m->len > LIMIT_TERM_BYTES)
				return false;
			m->bytes[m->len++] = *p++;
			continue;
		}
		const FoldChar *f = fold_find(t->fold, g_utf8_get_char(p));

		if (m->len + f->fold_len > LIMIT_TERM_BYTES)
			return false;
		memcpy(m->bytes + m->len, f->fold, f->fold_len);
		m->len += f->fold_len;
		p = fold_next(p);
	}
	return m->len > 1;
}

/*
 * Whether a word is what a stem most often stands for: itself, itself and
 * "e", or itself with "y" for its last "i".  Half of all words that differ
 * from their stem are such ("because", "only", "table"); they get no term for
 * it, and a query asks for them.
 */
static bool
is_base(const char *word, size_t len, const char *stem, size_t stem_len)
{
	if (stem_len == len)
		return memcmp(word, stem, len - 1) == 0 &&
		       (word[len - 1] == stem[len - 1] ||
			   (word[len - 1] == 'y' && stem[len - 1] == 'i'));
	return stem_len + 1 == len && word[len - 1] == 'e' &&
	       memcmp(word, stem, stem_len) == 0;
}

static bool
is_same(const Made *m, const Word *w)
{
	return m->len - 1 == w->len &&
	       memcmp(m->bytes + 1, w->fold, w->len) == 0;
}

/* Of a query: base at the place of w, with "Z" before it if it is the
 * stem, and without. */
static void
put_base(Tokenizer *t, const Word *w, Token k, const char *base, size_t len)
{
	Made m;

	if (!fold_stem(t, base, len, &m))
		return;
	if (k.stem) {
		k.term = m.bytes;
		k.len = m.len;
		put(t, &k);
	}
	k.stem = true;
	k.term = m.bytes + 1;
	k.len = m.len - 1;
	if (!is_same(&m, w))
		put(t, &k);
}

/* Of a query: what documents have for a stem, at the word's place. */
static void
put_stem_of_query(Tokenizer *t, StemLang lang, const Word *w, Token k)
{
	size_t len = 0, again_len = 0;
	const char *got =
	    stem_word(t->stemmer, lang, word_low(w), w->low_len, &len);
	char stem[WORD_BYTES], base[WORD_BYTES + 1];

	if (len == 0 || len > LIMIT_TERM_BYTES)
		return;
	memcpy(stem, got, len);
	put_base(t, w, k, stem, len);
	k.stem = false;
	memcpy(base, stem, len);
	base[len] = 'e';
	got = stem_word(t->stemmer, lang, base, len + 1, &again_len);
	if (again_len == len && memcmp(got, stem, len) == 0)
		put_base(t, w, k, base, len + 1);
	if (base[len - 1] != 'i')
		return;
	base[len - 1] = 'y';
	got = stem_word(t->stemmer, lang, base, len, &again_len);
	if (again_len == len && memcmp(got, stem, len) == 0)
		put_base(t, w, k, base, len);
}

static void
put_stems(Tokenizer *t, const Word *w, Token k)
{
	size_t len = 0;
	Made m;

	if (w->low_len < STEM_BYTES_MIN || w->low_len > LIMIT_TERM_BYTES ||
	    (w->has & HAS_DIGIT) != 0)
		return;
	k.same_place = k.stem = true;
	k.prefix = false;
	for (unsigned int left = t->in->langs; left != 0; left &= left - 1) {
		StemLang lang = (StemLang)__builtin_ctz(left);

		if (lang == STEM_NONE || lang > STEM_LAST_STEMMED)
			continue;
		if ((t->does & DO_QUERY) != 0) {
			put_stem_of_query(t, lang, w, k);
			continue;
		}
		const char *stem =
		    stem_word(t->stemmer, lang, word_low(w), w->low_len, &len);

		if (is_base(word_low(w), w->low_len, stem, len) ||
		    !fold_stem(t, stem, len, &m) || is_same(&m, w))
			continue;
		k.term = m.bytes;
		k.len = m.len;
		put(t, &k);
	}
}

/* Wholes ------------------------------------------------------------------ */

/* What joins two words to something written in one piece: its bytes, if a
 * word stands behind it; else 0. */
static size_t
joiner_at(Tokenizer *t, const char *p)
{
	size_t n = 1;

	if (p >= t->end)
		return 0;
	switch (*p) {
	case '_':
		while (p + n < t->end && p[n] == '_')
			n++;
		break;
	case '-':
		n += p + 1 < t->end && p[1] == '>';
		break;
	case ':':
		if (p + 1 == t->end || p[1] != ':')
			return 0;
		n++;
		break;
	case '.':
	case '/':
	case '@':
	case '+':
	case '~':
		break;
	default:
		return 0;
	}
	return word_at(t->fold, p + n, t->end) ? n : 0;
}

/* Something written in one piece. */
typedef struct {
	const char *to; /* in the text */
	size_t len;     /* above LIMIT_TERM_BYTES if it does not fit */
	size_t n_words, last_len; /* how many words; bytes of the last */
	bool code; /* joined by more than "-", "/", "." and the like */
	uint8_t has;
	char bytes[LIMIT_TERM_BYTES];
} Whole;

static void
extend_whole(Whole *whole, const char *bytes, size_t len)
{
	if (whole->len + len <= sizeof(whole->bytes))
		memcpy(whole->bytes + whole->len, bytes, len);
	whole->len = MIN(whole->len + len, sizeof(whole->bytes) + 1);
}

/* Read the whole that begins with w. */
static void
read_whole(Tokenizer *t, const Word *w, Whole *whole)
{
	const char *p = w->to;

	*whole = (Whole){.n_words = 1, .last_len = w->len, .has = w->has};
	extend_whole(whole, w->fold, w->len);
	for (size_t n = 0; (n = joiner_at(t, p)) > 0; p = t->next.to) {
		(void)word_read(t->fold, p + n, t->end, &t->next);
		extend_whole(whole, p, n);
		extend_whole(whole, t->next.fold, t->next.len);
		whole->n_words++;
		whole->last_len = t->next.len;
		whole->code |= n > 1 || *p == '_';
		whole->has |= t->next.has;
	}
	whole->to = p;
}

/*
 * Whether a whole is a term.  That is for queries of how it begins
 * ("CVE-2024-1*", "nf_*"): what begins with the "1" of the phrase would be
 * too much to look through.  It is not worth it for two words with "-", "/"
 * or "." between them, nor for numbers alone, a date.
 */
static bool
gives_whole(const Whole *whole)
{
	return whole->n_words > 1 && (whole->n_words > 2 || whole->code) &&
	       whole->has != HAS_DIGIT && whole->len <= LIMIT_TERM_BYTES;
}

/* Put the whole that begins with w; k is w's token. */
static void
put_whole(Tokenizer *t, const Word *w, Token k)
{
	Whole whole;

	read_whole(t, w, &whole);
	t->whole_end = whole.to;
	if (!gives_whole(&whole) || (whole.len >= WORD_NOISE_BYTES &&
					word_is_random(w->from, whole.to)))
		return;
	k.term = whole.bytes;
	k.len = whole.len;
	k.end = (size_t)(whole.to - t->in->text);
	k.same_place = true;
	put(t, &k);
}

/* Whether a word of a prefix is long enough to be one by itself: few terms
 * begin with it. */
#define PREFIX_BYTES_MIN 3u

/*
 * Put the whole that begins with w, with the joiner that may end it, if it
 * ends the text and its last word is too short to be a prefix.  Returns
 * whether it did.
 */
static bool
put_whole_prefix(Tokenizer *t, const Word *w, Token k)
{
	Whole whole;
	size_t n = 0;

	read_whole(t, w, &whole);
	n = (size_t)(t->end - whole.to);
	if ((n == 1 && strchr("_-/.@", *whole.to) != NULL) ||
	    (n == 2 && (memcmp(whole.to, "->", 2) == 0 ||
			   memcmp(whole.to, "::", 2) == 0))) {
		extend_whole(&whole, whole.to, n);
		whole.n_words++;
		whole.last_len = 0;
		whole.code |= n > 1 || *whole.to == '_';
		whole.to += n;
	}
	if (whole.to != t->end || whole.last_len >= PREFIX_BYTES_MIN ||
	    !gives_whole(&whole))
		return false;
	t->whole_end = whole.to;
	k.term = whole.bytes;
	k.len = whole.len;
	k.end = t->in->len;
	k.prefix = true;
	put(t, &k);
	return true;
}

/* "C++" and "C#": a letter and what is to stay with it, in whole. */
static bool
is_language(const Tokenizer *t, const Word *w, char whole[3], size_t *len)
{
	const char *p = w->to;

	if (w->len != 1 || (w->has & (HAS_DIGIT | HAS_WIDE)) != 0)
		return false;
	whole[0] = w->fold[0];
	if (t->end - p >= 2 && p[0] == '+' && p[1] == '+') {
		whole[1] = whole[2] = '+';
		*len = 3;
	} else if (p < t->end && *p == '#') {
		whole[1] = '#';
		*len = 2;
	} else {
		return false;
	}
	p += *len - 1;
	return p == t->end || (*p & 0x80) != 0 || word_has[(uint8_t)*p] == 0;
}

/* Put the word that a line end cut after w, at "-"; k is w's token. */
static void
put_hyphenated(Tokenizer *t, const Word *w, Token k)
{
	const char *p = w->to;
	Word *next = &t->next;

	if (t->end - p < 3 || p[0] != '-' || p[1] != '\n' || w->len < 2)
		return;
	for (p += 2; p < t->end && (*p == ' ' || *p == '\t'); p++)
		;
	/* What goes on with a capital had its hyphen before. */
	if (!word_at(t->fold, p, t->end) || (*p >= 'A' && *p <= 'Z'))
		return;
	(void)word_read(t->fold, p, t->end, next);
	if (((w->has | next->has) & HAS_DIGIT) != 0 ||
	    w->len + next->len > LIMIT_TERM_BYTES ||
	    w->low_len + next->low_len > LIMIT_TERM_BYTES)
		return;
	Word whole = {.len = w->len + next->len,
	    .low_len = w->low_len + next->low_len,
	    .has = w->has | next->has};

	memcpy(whole.fold, w->fold, w->len);
	memcpy(whole.fold + w->len, next->fold, next->len);
	memcpy(whole.low, word_low(w), w->low_len);
	memcpy(whole.low + w->low_len, word_low(next), next->low_len);
	k.term = whole.fold;
	k.len = whole.len;
	k.end = (size_t)(next->to - t->in->text);
	k.same_place = true;
	put(t, &k);
	if ((t->does & DO_STEM) != 0)
		put_stems(t, &whole, k);
}

/* URLs -------------------------------------------------------------------- */

static bool
word_is(const Word *w, const char *what)
{
	size_t len = strlen(what);

	return w->len == len && memcmp(w->fold, what, len) == 0;
}

static bool
ends_url(char c)
{
	return (c >= 0 && c <= ' ') || strchr("<>\"')]}|`", c) != NULL;
}

/* Whether w is the scheme of a URL; if it is, find where that ends. */
static bool
starts_url(Tokenizer *t, const Word *w)
{
	const char *p = w->to;

	if (t->end - p < 3 || p[0] != ':' || p[1] != '/' || p[2] != '/')
		return false;
	if (!word_is(w, "http") && !word_is(w, "https") && !word_is(w, "ftp"))
		return false;
	/* Within another one, whose end is known. */
	if (p < t->url_end)
		return true;
	while (p < t->end && !ends_url(*p))
		p++;
	t->url_end = p;
	return true;
}

/* Pass over the query of a URL, from its "?" on.  A number that is all of a
 * value is the name of something: a bug. */
static const char *
skip_query(Tokenizer *t, const char *p)
{
	while (p < t->url_end && *p != '#') {
		const char *from = ++p;

		while (p < t->url_end && *p >= '0' && *p <= '9')
			p++;
		if (from[-1] == '=' && p > from && p - from < 10 &&
		    (p == t->url_end || strchr("&;#", *p) != NULL)) {
			Token k = {.term = from,
			    .len = (size_t)(p - from),
			    .off = (size_t)(from - t->in->text),
			    .end = (size_t)(p - t->in->text)};

			put(t, &k);
		}
		while (p < t->url_end && strchr("=&;#", *p) == NULL)
			p++;
	}
	return p;
}

/* Apostrophes ------------------------------------------------------------- */

/* The bytes of an apostrophe at p, or 0. */
static size_t
apostrophe_at(const Tokenizer *t, const char *p)
{
	if (p < t->end && *p == '\'')
		return 1;
	return t->end - p >= 3 && memcmp(p, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

/* Whether French or Italian w is an article or the like, cut short. */
static bool
is_elided(const Word *w)
{
	if (w->len == 1)
		return strchr("ldjmtsnc", w->fold[0]) != NULL;
	return word_is(w, "qu");
}

/*
 * What an apostrophe behind w does: pass over "l'", over "'s" and the like,
 * add the "t" of "don't" to w.  Returns where to go on; *drop says that w
 * is no term.
 */
static const char *
take_apostrophe(Tokenizer *t, Word *w, bool *drop)
{
	static const char *const tails[] = {"s", "re", "ve", "ll", "d", "m"};
	size_t n = apostrophe_at(t, w->to);

	if (n == 0 || !word_at(t->fold, w->to + n, t->end))
		return w->to;
	if (is_elided(w)) {
		*drop = true;
		return w->to + n;
	}
	(void)word_read(t->fold, w->to + n, t->end, &t->next);
	for (size_t i = 0; i < G_N_ELEMENTS(tails); i++)
		if (word_is(&t->next, tails[i]))
			return t->next.to;
	if (!word_is(&t->next, "t") || w->len >= LIMIT_TERM_BYTES ||
	    w->low_len >= LIMIT_TERM_BYTES)
		return w->to;
	w->low[w->low_len++] = 't';
	w->fold[w->len++] = 't';
	return t->next.to;
}

/* The scan ---------------------------------------------------------------- */

/* Digits of an abbreviated commit id, and of a whole one. */
#define HEX_MIN 7u
#define HEX_MAX 64u

static bool
is_hex(const Word *w)
{
	return w->len >= HEX_MIN && w->len <= HEX_MAX &&
	       (w->has & HAS_DIGIT) != 0 &&
	       (w->has & (HAS_LOWER | HAS_WIDE)) == 0;
}

/* The whole id of a commit is often cited by its first digits: a query for
 * it asks for those too. */
static void
put_abbreviated(Tokenizer *t, const Word *w, Token k)
{
	k.same_place = true;
	k.prefix = false;
	if (w->len != 40 && w->len != 64)
		return;
	for (k.len = HEX_MIN; k.len <= 16; k.len++)
		put(t, &k);
}

/* Put w with what stands at its place in a query.  Returns false if that is
 * as it would be in a document, less the wholes. */
static bool
put_query_word(Tokenizer *t, const Word *w, Token k)
{
	if (w->from < t->whole_end ||
	    ((t->does & DO_PREFIX) != 0 && put_whole_prefix(t, w, k)))
		return true;
	if (!is_hex(w))
		return false;
	k.prefix = w->len != 40 && w->len != 64;
	put(t, &k);
	put_abbreviated(t, w, k);
	return true;
}

static void
put_word(Tokenizer *t, const Word *w)
{
	Token k = {.term = w->fold,
	    .len = w->len,
	    .off = (size_t)(w->from - t->in->text),
	    .end = (size_t)(w->to - t->in->text)};
	Token whole = k;
	char language[3];
	bool query = (t->does & DO_QUERY) != 0;

	whole.term = language;
	whole.same_place = !query;
	if ((query || (t->does & DO_WHOLE) != 0) &&
	    is_language(t, w, language, &whole.len))
		whole.end += whole.len - 1;
	else
		whole.term = NULL;
	if (query && whole.term != NULL)
		put(t, &whole);
	if (query && (whole.term != NULL || put_query_word(t, w, k)))
		return;
	put(t, &k);
	if ((t->does & DO_STEM) != 0)
		put_stems(t, w, k);
	if ((t->does & DO_LINES) != 0 && w->to < t->end && *w->to == '-')
		put_hyphenated(t, w, k);
	if (whole.term != NULL && !query)
		put(t, &whole);
	else if ((t->does & DO_WHOLE) != 0 && w->from >= t->whole_end &&
		 joiner_at(t, w->to) > 0)
		put_whole(t, w, k);
}

static const char *
take_word(Tokenizer *t, const char *p)
{
	Word *w = &t->word;
	bool drop = false;

	p = word_read(t->fold, p, t->end, w);
	if (p < t->end && *p == ':' && starts_url(t, w))
		return p + 3;
	if (p < t->end && (*p == '\'' || *p == '\xe2'))
		p = take_apostrophe(t, w, &drop);
	if (!drop && word_gives_term(w))
		put_word(t, w);
	return p;
}

/* A character of a run. */
typedef struct {
	const char *from, *to;
	size_t len;
	char fold[8];
} RunChar;

/* Read one with its marks; false if none is at p. */
static bool
read_run_char(Tokenizer *t, const char *p, RunChar *r)
{
	gunichar c = 0, both = 0;
	const FoldChar *f = NULL;

	if (p >= t->end || (*p & 0x80) == 0)
		return false;
	c = g_utf8_get_char(p);
	f = fold_find(t->fold, c);
	if (f->kind != FOLD_RUN)
		return false;
	*r = (RunChar){.from = p, .to = fold_next(p)};
	r->len = f->fold_len;
	memcpy(r->fold, f->fold, f->fold_len);
	while (r->to < t->end && (*r->to & 0x80) != 0) {
		c = g_utf8_get_char(r->to);
		f = fold_find(t->fold, c);
		if (f->kind != FOLD_MARK && f->kind != FOLD_NOTHING)
			break;
		r->to = fold_next(r->to);
		both = fold_compose(g_utf8_get_char(r->fold), c);
		if (both != 0)
			r->len = (size_t)g_unichar_to_utf8(both, r->fold);
	}
	return true;
}

/* Where a run goes on that ends at p: behind a line end, if there is one and
 * the text's line ends mean nothing. */
static const char *
next_in_run(const Tokenizer *t, const char *p)
{
	if ((t->does & DO_LINES) == 0 || p >= t->end || *p != '\n')
		return p;
	for (p++; p < t->end && *p == ' '; p++)
		;
	return p;
}

static const char *
take_run(Tokenizer *t, const char *p)
{
	RunChar last, now;
	char pair[sizeof(last.fold) * 2];
	bool many = false;
	Token k = {.term = pair};

	if (!read_run_char(t, p, &last))
		return fold_next(p);
	while (read_run_char(t, next_in_run(t, last.to), &now)) {
		memcpy(pair, last.fold, last.len);
		memcpy(pair + last.len, now.fold, now.len);
		k.len = last.len + now.len;
		k.off = (size_t)(last.from - t->in->text);
		k.end = (size_t)(now.to - t->in->text);
		put(t, &k);
		last = now;
		many = true;
	}
	k.term = last.fold;
	k.len = last.len;
	k.off = (size_t)(last.from - t->in->text);
	k.end = (size_t)(last.to - t->in->text);
	k.same_place = many;
	k.prefix = (t->does & DO_QUERY) != 0;
	if (!many || (t->does & DO_QUERY) == 0)
		put(t, &k);
	return last.to;
}

/* Characters without a space from which on a line may be noise, and those of
 * a full line of uuencode. */
#define NOISE_LINE_BYTES 48
#define UUENCODE_LINE_BYTES 61

/* Behind the line at p if that is base64 or uuencode; else p. */
static const char *
skip_noise(const Tokenizer *t, const char *p)
{
	const char *from = p, *q = p;

	while (from < t->end && (*from == ' ' || *from == '>'))
		from++;
	for (q = from; q < t->end && (*q & 0x80) == 0 &&
		       (word_has[(uint8_t)*q] != 0 || *q == '+' || *q == '/' ||
			   *q == '=');
	     q++)
		;
	if (q - from >= NOISE_LINE_BYTES && word_is_random(from, q))
		return q;
	if (q == t->end || *from != 'M' ||
	    t->end - from <= UUENCODE_LINE_BYTES ||
	    from[UUENCODE_LINE_BYTES] != '\n')
		return p;
	for (q = from; q < from + UUENCODE_LINE_BYTES; q++)
		if (*q < ' ' || *q > '`')
			return p;
	return q;
}

/* Pass over the character at p, which is no letter. */
static const char *
take_break(Tokenizer *t, const char *p)
{
	if (*p == '\n')
		return skip_noise(t, p + 1);
	if (p < t->url_end && *p == '?')
		return skip_query(t, p);
	if (p < t->url_end && *p == '%' && t->end - p > 3)
		return p + 3;
	return p + 1;
}

static const char *
take_wide(Tokenizer *t, const char *p)
{
	switch ((FoldKind)fold_find(t->fold, g_utf8_get_char(p))->kind) {
	case FOLD_WORD:
		return take_word(t, p);
	case FOLD_RUN:
		return take_run(t, p);
	case FOLD_BREAK:
	case FOLD_MARK:
	case FOLD_NOTHING:
	default:
		return fold_next(p);
	}
}

static void
scan(Tokenizer *t, const TokenText *in)
{
	const char *p = in->text;

	t->in = in;
	t->end = in->text + in->len;
	t->whole_end = t->url_end = in->text;
	t->does = does[in->kind];
	p = skip_noise(t, p);
	while (p < t->end && t->left > 0) {
		if ((*p & 0x80) != 0)
			p = take_wide(t, p);
		else if (word_has[(uint8_t)*p] != 0)
			p = take_word(t, p);
		else
			p = take_break(t, p);
	}
}

void
token_each(Tokenizer *t, const TokenText *in, TokenFn fn, void *arg)
{
	t->out = NULL;
	t->fn = fn;
	t->arg = arg;
	scan(t, in);
}

void
token_append(Tokenizer *t, const TokenText *in, GString *out)
{
	t->out = out;
	scan(t, in);
}
