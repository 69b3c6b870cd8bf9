/* SPDX-License-Identifier: Apache-2.0 */
#include "search/stem.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* libstemmer takes 0.3 to 1 us for a word; mail repeats its words, so that 97
 * of 100 are found in this cache, of 512 KB. */
#define CACHE_WORDS 8192u
#define CACHE_BYTES 30u

typedef struct {
	uint8_t lang, word_len, stem_len;
	char word[CACHE_BYTES], stem[CACHE_BYTES];
} Cached;

/* Words that tell languages apart: a power of two, four times as many as
 * there are. */
#define TELLING_SLOTS 1024u
#define TELLING_BYTES 10u

typedef struct {
	uint32_t langs;
	char word[TELLING_BYTES + 2];
} Telling;

struct Stemmer {
	struct sb_stemmer *stemmers[STEM_LAST_STEMMED + 1];
	Cached *cache;
	Telling *telling;
};

static const struct {
	const char *code, *name;
	const char *words; /* frequent, and rare in the others */
} langs[STEM_N_LANGS] = {
    [STEM_EN] = {"en", "english",
	"the and of to is that it for you with this not are be have "
	"was but can if from we there would what should will they "
	"which when i my by at on as your please thanks patch add fix "
	"use"},
    [STEM_DE] = {"de", "german",
	"der und ist nicht das ein eine ich zu den mit auf auch für "
	"wie dass wenn sie werden wird von dem bei oder aber noch "
	"kann habe wir sich nur"},
    [STEM_FR] = {"fr", "french",
	"les des est une pas que pour dans vous qui je ne au avec ce "
	"il du sont nous mais cette être suis bonjour et ou"},
    [STEM_RU] = {"ru", "russian", ""},
    [STEM_ES] = {"es", "spanish",
	"el los las que una es por con para del pero está esta más "
	"hay yo muy hola gracias y como"},
    [STEM_IT] = {"it", "italian",
	"il di che è una sono della gli questo anche ho più nel ciao "
	"grazie perché dei alla"},
    [STEM_NL] = {"nl", "dutch",
	"het een van dat niet je ik zijn voor aan ook maar wordt naar "
	"deze heb hebben wel dit"},
    [STEM_PT] = {"pt", "portuguese",
	"que um uma não para por em mais como foi isso você "
	"são está pelo obrigado dos ao"},
    [STEM_SV] = {"sv", "swedish",
	"och att det som är på för inte jag av har ett kan från eller "
	"där när så finns"},
    [STEM_CS] = {"cs", NULL,
	"že je se není jsem jako ale pro nebo jen tak už který když "
	"jsou bude také mám děkuji ten"},
    [STEM_DA] = {"da", NULL,
	"og det ikke jeg af til på eller hvis også kunne skal være "
	"efter"},
    [STEM_FI] = {"fi", NULL,
	"ja ei että ole myös mutta niin kun oli voi jos siitä tämä"},
    [STEM_JA] = {"ja", NULL, ""},
    [STEM_KO] = {"ko", NULL, ""},
    [STEM_PL] = {"pl", NULL,
	"nie się jest że ale czy tak jestem przez tylko mam lub oraz"},
    [STEM_UK] = {"uk", NULL, ""},
    [STEM_ZH] = {"zh", NULL, ""},
};

const char *
stem_code(StemLang lang)
{
	return langs[lang].code;
}

StemLang
stem_find(const char *code)
{
	for (int lang = STEM_NONE + 1; lang < STEM_N_LANGS; lang++)
		if (g_ascii_strncasecmp(code, langs[lang].code, 2) == 0 &&
		    !g_ascii_isalnum(code[2]))
			return (StemLang)lang;
	return STEM_NONE;
}

/* A hash of a word; mixed so that its low bits may be used. */
static uint32_t
hash(const char *word, size_t len, uint32_t seed)
{
	uint64_t h = seed + 0x9e3779b97f4a7c15u + len, part = 0;

	for (; len >= sizeof(part); word += sizeof(part), len -= sizeof(part)) {
		memcpy(&part, word, sizeof(part));
		h = (h ^ part) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	part = 0;
	memcpy(&part, word, len);
	h = (h ^ part) * 0xff51afd7ed558ccdu;
	return (uint32_t)(h >> 32);
}

/* Where a word that tells languages is, or may be put. */
static Telling *
find_telling(Telling *all, const char *word, size_t len)
{
	uint32_t i = hash(word, len, 0);

	for (;; i++) {
		Telling *t = &all[i % TELLING_SLOTS];

		if (t->langs == 0 ||
		    (memcmp(t->word, word, len) == 0 && t->word[len] == '\0'))
			return t;
	}
}

static void
add_telling(Stemmer *s, StemLang lang)
{
	for (const char *p = langs[lang].words; *p != '\0';) {
		size_t len = strcspn(p, " ");
		Telling *t = find_telling(s->telling, p, len);

		g_assert(len <= TELLING_BYTES);
		memcpy(t->word, p, len);
		t->langs |= STEM_SET(lang);
		p += len;
		p += *p == ' ';
	}
}

static struct sb_stemmer *
open_stemmer(StemLang lang)
{
	struct sb_stemmer *stemmer = NULL;

	if (langs[lang].name == NULL)
		return NULL;
	stemmer = sb_stemmer_new(langs[lang].name, NULL);
	g_assert(stemmer != NULL);
	return stemmer;
}

Stemmer *
stem_new(void)
{
	Stemmer *s = g_new0(Stemmer, 1);

	s->cache = g_new0(Cached, CACHE_WORDS);
	s->telling = g_new0(Telling, TELLING_SLOTS);
	for (int lang = STEM_NONE + 1; lang < STEM_N_LANGS; lang++) {
		if (lang <= STEM_LAST_STEMMED)
			s->stemmers[lang] = open_stemmer((StemLang)lang);
		add_telling(s, (StemLang)lang);
	}
	return s;
}

void
stem_free(Stemmer *s)
{
	if (s == NULL)
		return;
	for (int lang = 0; lang <= STEM_LAST_STEMMED; lang++)
		sb_stemmer_delete(s->stemmers[lang]);
	g_free(s->cache);
	g_free(s->telling);
	g_free(s);
}

static const char *
make_stem(
    Stemmer *s, StemLang lang, const char *word, size_t len, size_t *stem_len)
{
	struct sb_stemmer *stemmer = s->stemmers[lang];
	const sb_symbol *stem =
	    sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)len);

	g_assert(stem != NULL);
	*stem_len = (size_t)sb_stemmer_length(stemmer);
	return (const char *)stem;
}

const char *
stem_word(
    Stemmer *s, StemLang lang, const char *word, size_t len, size_t *stem_len)
{
	if (lang > STEM_LAST_STEMMED || s->stemmers[lang] == NULL) {
		*stem_len = len;
		return word;
	}
	if (len > CACHE_BYTES)
		return make_stem(s, lang, word, len, stem_len);
	Cached *c = &s->cache[hash(word, len, (uint32_t)lang) % CACHE_WORDS];

	if (c->lang != lang || c->word_len != len ||
	    memcmp(c->word, word, len) != 0) {
		size_t made_len = 0;
		const char *made = make_stem(s, lang, word, len, &made_len);

		if (made_len > CACHE_BYTES) {
			*stem_len = made_len;
			return made;
		}
		c->lang = (uint8_t)lang;
		c->word_len = (uint8_t)len;
		c->stem_len = (uint8_t)made_len;
		memcpy(c->word, word, len);
		memcpy(c->stem, made, made_len);
	}
	*stem_len = c->stem_len;
	return c->stem;
}

/* Guessing ---------------------------------------------------------------- */

/* Bytes of a text that are looked at: some 300 words, 3 us. */
#define GUESS_BYTES 2000u

/* What a word counts that one language alone has; else they share it. */
#define TELLING_WEIGHT 12u

/* What a text has. */
typedef struct {
	unsigned int words[STEM_N_LANGS]; /* by weight */
	unsigned int other;               /* letters beyond ASCII */
	unsigned int cyrillic, ukrainian, han, kana, hangul;
} Evidence;

/* Whether c, beyond ASCII, is a letter; near enough, and fast. */
static bool
is_letter(gunichar c)
{
	return c >= 0xc0 && !(c >= 0x2000 && c <= 0x2bff) &&
	       !(c >= 0x3000 && c <= 0x3020);
}

static void
count_char(Evidence *e, gunichar c)
{
	if (c >= 0x400 && c <= 0x52f) {
		e->cyrillic++;
		e->ukrainian +=
		    c == 0x456 || c == 0x457 || c == 0x454 || c == 0x491;
	} else if (c >= 0x3041 && c <= 0x30ff) {
		e->kana++;
	} else if (c >= 0x4e00 && c <= 0x9fff) {
		e->han++;
	} else if (c >= 0xac00 && c <= 0xd7a3) {
		e->hangul++;
	} else if (is_letter(c)) {
		e->other++;
	}
}

static void
count_word(const Stemmer *s, Evidence *e, const char *word, size_t len)
{
	const Telling *t = find_telling(s->telling, word, len);
	unsigned int n = (unsigned int)__builtin_popcount(t->langs);

	for (uint32_t left = t->langs; left != 0; left &= left - 1)
		e->words[__builtin_ctz(left)] += TELLING_WEIGHT / n;
}

static void
count_text(const Stemmer *s, Evidence *e, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	char word[TELLING_BYTES];
	size_t n = 0;

	while (p < end) {
		size_t bytes = 1;
		bool letter = g_ascii_isalpha(*p);

		if ((*p & 0x80) != 0) {
			gunichar c = g_utf8_get_char(p);

			bytes = (size_t)g_utf8_skip[(uint8_t)*p];
			letter = is_letter(c);
			count_char(e, c);
		}
		for (size_t i = 0; letter && i < bytes; i++, n++)
			if (n < sizeof(word))
				word[n] = g_ascii_tolower(p[i]);
		p += bytes;
		if (letter && p < end)
			continue;
		if (n > 0 && n <= sizeof(word))
			count_word(s, e, word, n);
		n = 0;
	}
}

/* By script, if that is not Latin. */
static StemLang
guess_script(const Evidence *e, size_t len)
{
	unsigned int cjk = e->han + e->kana + e->hangul;

	/* A quarter of the text's bytes. */
	if ((size_t)e->cyrillic * 8 > len)
		return e->ukrainian * 50 > e->cyrillic ? STEM_UK : STEM_RU;
	if ((size_t)cjk * 12 <= len)
		return STEM_NONE;
	if (e->hangul * 2 > cjk)
		return STEM_KO;
	return e->kana * 10 > cjk ? STEM_JA : STEM_ZH;
}

StemLang
stem_guess(const Stemmer *s, const char *text, size_t len, StemLang hint)
{
	Evidence e = {0};
	StemLang best = STEM_NONE;

	if (len > GUESS_BYTES) {
		len = GUESS_BYTES;
		while ((text[len] & 0xc0) == 0x80)
			len--;
	}
	count_text(s, &e, text, len);
	best = guess_script(&e, len);
	if (best != STEM_NONE)
		return best;
	/* What the message says weighs as much as two words; that most mail
	 * is English, as one. */
	if (hint != STEM_NONE)
		e.words[hint] += 2 * TELLING_WEIGHT;
	e.words[STEM_EN] += TELLING_WEIGHT;
	best = STEM_NONE;
	for (int lang = STEM_NONE + 1; lang < STEM_N_LANGS; lang++)
		if (e.words[lang] > e.words[best])
			best = (StemLang)lang;
	if (e.words[best] > TELLING_WEIGHT)
		return best;
	return e.other + e.cyrillic + e.han + e.kana + e.hangul == 0
		   ? STEM_EN
		   : STEM_NONE;
}
