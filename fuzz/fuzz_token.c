/* Terms are what token.h says, and a text finds itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "search/token.h"

#include <string.h>

/* What was given of a text. */
typedef struct {
	const TokenText *in;
	GString *stream;
	size_t off;        /* of the last place */
	GPtrArray *places; /* GHashTable of the terms of each */
} Got;

static void
check_term(const char *term, size_t len, bool stem)
{
	g_assert(len > 0 && len <= LIMIT_TERM_BYTES + 1);
	g_assert(g_utf8_validate(term, (gssize)len, NULL));
	for (size_t i = 0; i < len; i++) {
		char c = term[i];

		g_assert((c & 0x80) != 0 || (c > ' ' && c != 0x7f));
		g_assert(c < 'A' || c > 'Z' || (stem && i == 0 && c == 'Z'));
	}
}

static void
take(void *arg, const Token *k)
{
	Got *got = arg;

	check_term(k->term, k->len, k->stem);
	g_assert(k->off < k->end && k->end <= got->in->len);
	g_assert((got->in->text[k->off] & 0xc0) != 0x80);
	g_assert(
	    k->end == got->in->len || (got->in->text[k->end] & 0xc0) != 0x80);
	g_assert(!k->prefix || got->in->kind >= TOKEN_QUERY);
	g_assert(k->off >= got->off);
	if (k->same_place) {
		g_assert(got->places->len > 0);
		g_string_append_c(got->stream, '\t');
	} else {
		got->off = k->off;
		g_ptr_array_add(got->places, g_hash_table_new_full(g_str_hash,
						 g_str_equal, g_free, NULL));
	}
	g_string_append_len(got->stream, k->term, (gssize)k->len);
	g_string_append_c(got->stream, '\n');
	g_hash_table_add(g_ptr_array_index(got->places, got->places->len - 1),
	    g_strndup(k->term, k->len));
}

/* The places of text, each a set of terms. */
static GPtrArray *
places_of(Tokenizer *t, TokenKind kind, unsigned int langs, const char *text)
{
	const TokenText in = {
	    .kind = kind, .langs = langs, .text = text, .len = strlen(text)};
	g_autoptr(GString) stream = g_string_new(NULL);
	g_autoptr(GString) same = g_string_new(NULL);
	Got got = {.in = &in, .stream = stream};

	got.places =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
	token_restart(t);
	token_each(t, &in, take, &got);
	token_restart(t);
	token_append(t, &in, same);
	g_assert(strcmp(stream->str, same->str) == 0);
	return got.places;
}

static bool
have_common(GHashTable *a, GHashTable *b)
{
	GHashTableIter iter;
	gpointer term = NULL;

	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &term, NULL))
		if (g_hash_table_contains(b, term))
			return true;
	return false;
}

/* Whether a query of what a document says is a phrase of it, whatever
 * languages the query is taken to be in. */
static void
check_found(Tokenizer *t, TokenKind kind, const char *text)
{
	g_autoptr(GPtrArray) document =
	    places_of(t, kind, STEM_SET(STEM_EN), text);
	g_autoptr(GPtrArray) query = places_of(t, TOKEN_QUERY,
	    STEM_SET(STEM_EN) | STEM_SET(STEM_DE) | STEM_SET(STEM_RU), text);

	g_assert(document->len == query->len ||
		 document->len + query->len > LIMIT_INDEX_TERMS / 16);
	for (guint i = 0; i < MIN(document->len, query->len); i++)
		g_assert(have_common(g_ptr_array_index(document, i),
		    g_ptr_array_index(query, i)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Tokenizer *t;
	g_autofree char *text =
	    g_utf8_make_valid((const char *)data, (gssize)size);

	if (t == NULL)
		t = token_new();
	for (int kind = TOKEN_PROSE; kind <= TOKEN_PREFIX; kind++)
		g_ptr_array_unref(places_of(
		    t, (TokenKind)kind, STEM_SET(size % STEM_N_LANGS), text));
	(void)stem_guess(token_stemmer(t), text, strlen(text), STEM_NONE);
	/* A query has no line ends. */
	g_strdelimit(text, "\n", ' ');
	check_found(t, TOKEN_PROSE, text);
	check_found(t, TOKEN_NAME, text);
	return 0;
}
