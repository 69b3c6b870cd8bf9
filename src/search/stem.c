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
	"the and of to is that it for you with this not are be have was but "
	"can if from we there would what should will they which when"},
    [STEM_DE] = {"de", "german",
	"der die und ist nicht das ein eine ich zu den mit auf es auch für "
	"wie dass wenn sie werden wird von dem bei oder aber noch hat kann"},
    [STEM_FR] = {"fr", "french",
	"le la les des est et une pas que pour dans vous qui sur je ne au "
	"avec ce il du sont nous mais plus cette être on"},
    [STEM_RU] = {"ru", "russian", ""},
    [STEM_ES] = {"es", "spanish",
	"el la los las de que en un una es por con para no se del lo como "
	"pero está esta más hay yo muy si"},
    [STEM_IT] = {"it", "italian",
	"il di che la è per un non una del sono con le della si gli come ma "
	"questo anche nel ho più ha"},
    [STEM_NL] = {"nl", "dutch",
	"de het een van en is dat niet je ik op te zijn voor met er aan die "
	"ook maar wordt bij naar deze heb"},
    [STEM_PT] = {"pt", "portuguese",
	"os as de que do da em um uma não para com por se na mais como no "
	"eu foi isso você são está mas"},
    [STEM_SV] = {"sv", "swedish",
	"och att det som en är på för inte jag av med den till har om ett "
	"du kan var från eller"},
    [STEM_CS] = {"cs", NULL,
	"že je se na není jsem jako ale pro nebo jen tak už který když co "
	"jsou bude také by"},
    [STEM_DA] = {"da", NULL,
	"og at det som en er på for ikke jeg af med den til har om et du "
	"kan fra eller ikkje av"},
    [STEM_FI] = {"fi", NULL,
	"ja on ei että se ole myös tai mutta niin kun oli voi jos siitä"},
    [STEM_JA] = {"ja", NULL, ""},
    [STEM_KO] = {"ko", NULL, ""},
    [STEM_PL] = {"pl", NULL,
	"nie się jest że na do jak ale czy tak dla to jestem przez tylko"},
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

Stemmer *
stem_new(void)
{
	Stemmer *s = g_new0(Stemmer, 1);

	s->cache = g_new0(Cached, CACHE_WORDS);
	s->telling = g_new0(Telling, TELLING_SLOTS);
	for (int lang = STEM_NONE + 1; lang < STEM_N_LANGS; lang++) {
		if (langs[lang].name != NULL) {
			s->stemmers[lang] =
			    sb_stemmer_new(langs[lang].name, NULL);
			g_assert(s->stemmers[lang] != NULL);
		}
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

/* What a text has. */
typedef struct {
	unsigned int words[STEM_N_LANGS]; /* twelfths of telling words */
	unsigned int latin;               /* letters beyond ASCII */
	unsigned int cyrillic, ukrainian, han, kana, hangul;
} Evidence;

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
	} else if (c >= 0xc0 && c <= 0x24f) {
		e->latin++;
	}
}

static void
count_word(const Stemmer *s, Evidence *e, const char *word, size_t len)
{
	const Telling *t = find_telling(s->telling, word, len);
	unsigned int n = (unsigned int)__builtin_popcount(t->langs);

	for (uint32_t left = t->langs; left != 0; left &= left - 1)
		e->words[__builtin_ctz(left)] += 12 / n;
}

static void
count_text(const Stemmer *s, Evidence *e, const char *text, size_t len)
{
	char word[TELLING_BYTES];
	size_t n = 0;

	for (size_t i = 0; i <= len; i++) {
		char c = ' ';

		if (i < len)
			c = text[i];
		bool letter = g_ascii_isalpha(c) || (c & 0x80) != 0;

		if (letter && n < sizeof(word))
			word[n] = g_ascii_tolower(c);
		if ((c & 0xc0) == 0xc0)
			count_char(e, g_utf8_get_char(text + i));
		if (letter) {
			n++;
			continue;
		}
		if (n > 1 && n <= sizeof(word))
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
	if (e->cyrillic * 8 > len)
		return e->ukrainian * 50 > e->cyrillic ? STEM_UK : STEM_RU;
	if (cjk * 12 <= len)
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
	/* What the message says weighs as much as two words. */
	if (hint != STEM_NONE)
		e.words[hint] += 24;
	best = STEM_NONE;
	for (int lang = STEM_NONE + 1; lang < STEM_N_LANGS; lang++)
		if (e.words[lang] > e.words[best])
			best = (StemLang)lang;
	if (e.words[best] >= 12)
		return best;
	return e.latin + e.cyrillic + e.han + e.kana + e.hangul == 0
		   ? STEM_EN
		   : STEM_NONE;
}
