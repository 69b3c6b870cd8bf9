/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <math.h>
#include <string.h>

/* Quantiles of the ranks: which word a random number of so many bits is. */
#define QUANTILE_BITS 20
#define N_QUANTILES (1U << QUANTILE_BITS)
#define WORD_MAX 16
#define N_PHRASES 20000U
#define N_IDENTIFIERS 20000U

static const char *const common[] = {"the", "to", "of", "and", "a", "in", "is",
    "this", "for", "that", "it", "be", "not", "on", "with", "i", "we", "you",
    "are", "if", "as", "but", "have", "can", "or", "so", "by", "was", "there",
    "do", "at", "an", "will", "which", "should", "would", "what", "all", "when",
    "no", "code", "patch", "use", "one", "some", "your", "then", "just", "has",
    "only", "like", "also", "any", "they", "does", "think", "more", "because",
    "other", "see", "now", "need", "my", "how", "about", "could", "than",
    "them", "same", "file", "set", "make", "up", "its", "new", "time", "been",
    "here", "change", "out", "may", "where", "get", "these", "test", "case",
    "into", "our", "first", "work", "list", "version", "problem", "add",
    "still", "why", "want", "kernel", "error", "call", "function", "value",
    "data", "fix", "user", "build", "server", "without", "before", "after",
    "using", "support", "way", "two", "name", "however", "release", "thanks",
    "memory", "branch", "message", "review", "merge"};

/* Words that a text has more than others, since they are what it is of. */
#define N_TOPIC 64U

struct Words {
	const char *topic[N_TOPIC];
	uint32_t quantile[N_QUANTILES + 1];
	char word[WORDS_N][WORD_MAX];
};

Rng
rng_of(uint64_t seed, uint64_t n)
{
	Rng r = {seed * 0x9e3779b97f4a7c15ULL ^ n * 0xd1b54a32d192ed03ULL};

	(void)rng_next(&r);
	return r;
}

/* SplitMix64. */
uint64_t
rng_next(Rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

uint32_t
rng_below(Rng *r, uint32_t n)
{
	return (uint32_t)((rng_next(r) >> 32) * n >> 32);
}

double
rng_unit(Rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

double
rng_lognormal(Rng *r, double median, double sigma)
{
	double u = 1 - rng_unit(r), v = rng_unit(r);

	return median * exp(sigma * sqrt(-2 * log(u)) * cos(2 * G_PI * v));
}

uint32_t
rng_zipf(Rng *r, uint32_t n)
{
	double x = pow((double)n + 1, rng_unit(r)) - 1;

	return MIN((uint32_t)x, n - 1);
}

/* A word of its own for each rank: syllables, and an end now and then. */
static void
spell(uint32_t rank, char out[static WORD_MAX])
{
	static const char consonants[] = "bcdfghklmnprstvw", vowels[] = "aeiou";
	static const char *const ends[] = {
	    "", "", "", "s", "ing", "ed", "er", "tion"};
	/* Odd, so that no two ranks are the same; neighbours are far apart. */
	uint32_t left = rank < 4000 ? rank * 1597 % 6400
				    : (uint32_t)(rank * 196613ULL % 512000);
	int n = rank < 4000 ? 2 : 3;
	size_t len = 0;

	for (int i = 0; i < n; i++) {
		out[len++] = consonants[left % 16];
		out[len++] = vowels[left / 16 % 5];
		left /= 80;
	}
	(void)g_strlcpy(out + len, ends[rank % 8], WORD_MAX - len);
}

/* How often a word comes: as Zipf and Mandelbrot say, but that those beyond
 * the first thousand are rarer, as they are in real mail. */
static double
weigh(uint32_t rank)
{
	return rank < 1000 ? 1 / (rank + 2.7) : pow(rank / 1000.0, -1.3) / 1000;
}

static void
set_quantiles(Words *w)
{
	double sum = 0, seen = 0;
	uint32_t at = 0;

	for (uint32_t i = 0; i < WORDS_N; i++)
		sum += weigh(i);
	for (uint32_t i = 0; i < WORDS_N; i++) {
		seen += weigh(i);
		while (at < N_QUANTILES && at < seen / sum * N_QUANTILES)
			w->quantile[at++] = i;
	}
	while (at <= N_QUANTILES)
		w->quantile[at++] = WORDS_N - 1;
}

Words *
words_new(void)
{
	Words *w = g_new(Words, 1);

	for (uint32_t i = 0; i < WORDS_N; i++) {
		if (i < G_N_ELEMENTS(common))
			(void)g_strlcpy(w->word[i], common[i], WORD_MAX);
		else
			spell(i, w->word[i]);
	}
	set_quantiles(w);
	words_set_topic(w, 0);
	return w;
}

void
words_free(Words *w)
{
	g_free(w);
}

const char *
words_at(const Words *w, uint32_t rank)
{
	g_assert(rank < WORDS_N);
	return w->word[rank];
}

static const char *
pick(const Words *w, Rng *r)
{
	uint64_t x = rng_next(r);
	uint32_t at = (uint32_t)(x >> (64 - QUANTILE_BITS));
	uint32_t low = w->quantile[at], n = w->quantile[at + 1] - low + 1;

	return w->word[low + (uint32_t)(x & 0xffffff) % n];
}

/* As pick, but often one of the topic. */
static const char *
pick_here(const Words *w, Rng *r)
{
	uint64_t x = rng_next(r);

	/* The product of two numbers: small ones come more often. */
	return x % 8 < 5 ? w->topic[(x >> 8) % N_TOPIC * (x >> 32 & 63) / 64]
			 : pick(w, r);
}

void
words_set_topic(Words *w, uint64_t topic)
{
	Rng r = rng_of(topic, 9);

	for (size_t i = 0; i < N_TOPIC; i++)
		w->topic[i] = pick(w, &r);
}

void
words_add(const Words *w, Rng *r, unsigned int n, GString *out)
{
	for (unsigned int i = 0; i < n; i++) {
		if (i > 0)
			g_string_append_c(out, ' ');
		g_string_append(out, pick(w, r));
	}
}

/* A word, or a phrase, which is the same each time. */
static void
add_piece(const Words *w, Rng *r, GString *out)
{
	uint64_t x = rng_next(r);

	if (x % 8 < 5) {
		g_string_append(out, pick_here(w, r));
		return;
	}
	Rng phrase = rng_of(rng_zipf(r, N_PHRASES), 7);

	words_add(w, &phrase, 3 + rng_below(&phrase, 3), out);
}

/* What now and then stands in a line and nowhere else. */
static void
add_rarity(const Words *w, Rng *r, GString *out)
{
	uint64_t x = rng_next(r);

	if (x % 3 == 0)
		g_string_append_printf(out, "https://%s.example.org/%s/%x",
		    pick(w, r), pick(w, r), (unsigned int)(x >> 40));
	else if (x % 3 == 1)
		g_string_append_printf(
		    out, "commit %012" G_GINT64_MODIFIER "x", x >> 16);
	else
		g_string_append_printf(out, "0x%08x", (unsigned int)(x >> 32));
}

void
words_text(const Words *w, uint64_t seed, unsigned int n, const char *prefix,
    GString *out)
{
	for (unsigned int i = 0; i < n; i++) {
		Rng r = rng_of(seed, i);
		size_t begin = out->len;

		g_string_append(out, prefix);
		if (i > 0 && rng_below(&r, 6) == 0) {
			g_string_append_c(out, '\n');
			continue;
		}
		if (rng_below(&r, 60) == 0)
			add_rarity(w, &r, out);
		else
			add_piece(w, &r, out);
		while (out->len - begin < 62) {
			g_string_append(
			    out, rng_below(&r, 12) == 0 ? ", " : " ");
			add_piece(w, &r, out);
		}
		g_string_append(out, rng_below(&r, 3) == 0 ? ".\n" : "\n");
	}
}

/* A name of code, which comes again like a word. */
static void
add_identifier(const Words *w, Rng *r, GString *out)
{
	Rng name = rng_of(rng_zipf(r, N_IDENTIFIERS), 8);

	g_string_append(out, pick_here(w, r));
	g_string_append_c(out, '_');
	g_string_append(out, pick(w, &name));
}

/* form, with a word in the place of each $, a name in that of each @. */
static void
add_form(const Words *w, Rng *r, const char *form, GString *out)
{
	for (const char *p = form; *p != '\0'; p++) {
		if (*p == '$')
			g_string_append(out, pick_here(w, r));
		else if (*p == '@')
			add_identifier(w, r, out);
		else
			g_string_append_c(out, *p);
	}
}

static void
add_code(const Words *w, Rng *r, GString *out)
{
	static const char marks[] = "   -++";
	static const char *const forms[] = {"\tif (@($) < 0)\n",
	    "\tstruct @ *$ = NULL;\n", "\t\treturn @($, 0);\n", "\t$->$ = $;\n",
	    "static int @(struct net *$)\n", "\t/* $ $ $ */\n",
	    "\tfor ($ = 0; $ < $; i++) {\n", "#define @ 0x40\n", "\t}\n", "\n"};
	uint64_t x = rng_next(r);

	g_string_append_c(out, marks[x % (sizeof marks - 1)]);
	add_form(w, r, forms[(x >> 8) % G_N_ELEMENTS(forms)], out);
}

void
words_patch(const Words *w, Rng *r, unsigned int n, GString *out)
{
	unsigned int line = 1 + rng_below(r, 2000);
	Rng name = rng_of(rng_zipf(r, N_IDENTIFIERS), 9);
	g_autofree char *path =
	    g_strdup_printf("%s/%s.c", pick(w, &name), pick(w, &name));

	g_string_append_printf(out,
	    "---\n %s | %u +++--\n 1 file changed\n\ndiff --git a/%s b/%s\n"
	    "index %07x..%07x 100644\n--- a/%s\n+++ b/%s\n",
	    path, n, path, path, rng_below(r, 1U << 28), rng_below(r, 1U << 28),
	    path, path);
	for (unsigned int i = 0; i < n; i++) {
		if (i % 14 == 0) {
			g_string_append_printf(
			    out, "@@ -%u,12 +%u,14 @@ int ", line, line + 2);
			add_identifier(w, r, out);
			g_string_append(out, "(void)\n");
			line += 14 + rng_below(r, 200);
		}
		add_code(w, r, out);
	}
	g_string_append(out, "-- \n2.39.2\n\n");
}

/* Given and family name of n, out of a few thousand words each. */
static void
name_of(const Words *w, uint32_t n, const char *name[static 2])
{
	name[0] = w->word[1000 + n * 7919U % 1500];
	name[1] = w->word[4000 + n * 104729U % 90000];
}

void
words_name(const Words *w, uint32_t n, GString *out)
{
	const char *name[2];

	name_of(w, n, name);
	for (int i = 0; i < 2; i++) {
		g_string_append_c(out, g_ascii_toupper(name[i][0]));
		g_string_append(out, name[i] + 1);
		if (i == 0)
			g_string_append_c(out, ' ');
	}
}

void
words_address(const Words *w, uint32_t n, GString *out)
{
	static const char *const tops[] = {"org", "com", "net"};
	const char *name[2];

	name_of(w, n, name);
	g_string_append_printf(out, "%s.%s%u@%s.example.%s", name[0], name[1],
	    n, w->word[500 + n % 331 * (n % 331) % 800], tops[n % 3]);
}

void
words_base64(Rng *r, size_t n, const char *prefix, GString *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
	    "qrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 72) {
		g_string_append(out, prefix);
		size_t most = MIN(72, n - i);

		for (size_t j = 0; j < most; j += 9) {
			uint64_t x = rng_next(r);

			for (size_t k = j; k < MIN(j + 9, most); k++, x >>= 6)
				g_string_append_c(out, digits[x & 63]);
		}
		g_string_append_c(out, '\n');
	}
}
