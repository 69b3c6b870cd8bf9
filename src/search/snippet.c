/* SPDX-License-Identifier: Apache-2.0 */
#include "search/snippet.h"

#include "base/limits.h"

#include <string.h>

/* How much longer than its stem a word may be that is taken for a form of it:
 * to stem each word of a text in every language took ten times as long. */
#define ENDING 4u

/* How a word may begin that is marked. */
typedef struct {
	char *text;
	size_t len, more; /* bytes that may follow */
} Prefix;

struct Snippet {
	Tokenizer *tokenizer;
	GHashTable *terms; /* those that are whole: number from 1 on */
	GArray *prefixes;  /* Prefix */
	bool begins[256];  /* any of those, with this byte */
	GArray *found;     /* Found, of the text at hand */
};

/* Where one of the terms stands. */
typedef struct {
	size_t off, end;
	guint term; /* which, from 1 on */
} Found;

static void
clear_prefix(gpointer prefix)
{
	g_free(((Prefix *)prefix)->text);
}

static void
add_term(Snippet *s, const char *term)
{
	size_t len = strlen(term);
	bool begins = len > 1 && term[len - 1] == '*', stem = term[0] == 'Z';
	Prefix p = {.len = len - begins - stem,
	    .more = begins ? LIMIT_TERM_BYTES : ENDING};

	s->begins[(unsigned char)term[stem]] = true;
	if (begins || stem) {
		p.text = g_strndup(term + stem, p.len);
		g_array_append_val(s->prefixes, p);
	} else if (!g_hash_table_contains(s->terms, term)) {
		g_hash_table_insert(s->terms, g_strdup(term),
		    GUINT_TO_POINTER(g_hash_table_size(s->terms) + 1));
	}
}

Snippet *
snippet_new(Tokenizer *t, const GPtrArray *terms)
{
	Snippet *s = g_new0(Snippet, 1);

	s->tokenizer = t;
	s->terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->prefixes = g_array_new(FALSE, FALSE, sizeof(Prefix));
	g_array_set_clear_func(s->prefixes, clear_prefix);
	s->found = g_array_new(FALSE, FALSE, sizeof(Found));
	for (guint i = 0; i < terms->len; i++)
		add_term(s, terms->pdata[i]);
	return s;
}

void
snippet_free(Snippet *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->terms);
	g_array_unref(s->prefixes);
	g_array_unref(s->found);
	g_free(s);
}

/* Which of the terms len bytes are, or 0. */
static guint
which(const Snippet *s, const char *term, size_t len)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(s->terms, term));

	for (guint i = 0; n == 0 && i < s->prefixes->len; i++) {
		const Prefix *p = &g_array_index(s->prefixes, Prefix, i);

		if (len >= p->len && len - p->len <= p->more &&
		    memcmp(term, p->text, p->len) == 0)
			n = g_hash_table_size(s->terms) + 1 + i;
	}
	return n;
}

static void
take(void *arg, const Token *token)
{
	Snippet *s = arg;
	char term[LIMIT_TERM_BYTES + 1];
	Found f = {.off = token->off, .end = token->end};
	Found *last = s->found->len > 0
			  ? &g_array_index(s->found, Found, s->found->len - 1)
			  : NULL;

	if (!s->begins[(unsigned char)token->term[0]] ||
	    token->len >= sizeof term || s->found->len >= LIMIT_PASSAGE_HITS)
		return;
	memcpy(term, token->term, token->len);
	term[token->len] = '\0';
	f.term = which(s, term, token->len);
	if (f.term == 0)
		return;
	/* Pairs of characters overlap; another form stands where the first
	 * does. */
	if (last != NULL && f.off < last->end)
		last->end = MAX(last->end, f.end);
	else
		g_array_append_val(s->found, f);
}

/* How many different terms stand in LIMIT_PASSAGE_BYTES from the one at i
 * on; 64 are told apart. */
static unsigned int
count_from(const Snippet *s, guint i)
{
	const Found *all = (const Found *)(void *)s->found->data;
	size_t end = all[i].off + LIMIT_PASSAGE_BYTES;
	guint64 seen = 0;
	unsigned int n = 0;

	for (; i < s->found->len && all[i].end <= end; i++)
		seen |= G_GUINT64_CONSTANT(1) << all[i].term % 64;
	for (; seen != 0; seen &= seen - 1)
		n++;
	return n;
}

/* Where the passage begins: some way before the first of most terms, at the
 * beginning of a word. */
static size_t
choose(const Snippet *s, const char *text)
{
	guint best = 0;
	unsigned int most = 0;

	for (guint i = 0; i < s->found->len; i++) {
		unsigned int n = count_from(s, i);

		if (n > most) {
			most = n;
			best = i;
		}
	}
	if (most == 0)
		return 0;
	size_t off = g_array_index(s->found, Found, best).off;
	size_t begin = off > LIMIT_PASSAGE_LEAD ? off - LIMIT_PASSAGE_LEAD : 0;

	while (begin > 0 && begin < off && !g_ascii_isspace(text[begin - 1]))
		begin++;
	while (begin > 0 && ((unsigned char)text[begin] & 0xc0) == 0x80)
		begin--;
	return begin;
}

/* Add what stands from *at to end, white space squeezed. */
static void
append(GString *out, const char *text, size_t *at, size_t end)
{
	for (; *at < end; ++*at) {
		char c = text[*at];

		if (!g_ascii_isspace(c))
			g_string_append_c(out, c);
		else if (out->len > 0 && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	}
}

char *
snippet_make(Snippet *s, const char *text, size_t len, GArray *marks)
{
	const TokenText in = {.kind = TOKEN_PROSE,
	    .text = text,
	    .len = MIN(len, LIMIT_PASSAGE_TEXT_BYTES)};
	g_autoptr(GString) out = g_string_new(NULL);
	size_t at = 0, end = 0;

	g_array_set_size(s->found, 0);
	token_restart(s->tokenizer);
	token_each(s->tokenizer, &in, take, s);
	at = choose(s, text);
	end = MIN(len, at + LIMIT_PASSAGE_BYTES);
	while (end < len && ((unsigned char)text[end] & 0xc0) == 0x80)
		end++;
	if (at > 0)
		g_string_append(out, "\xe2\x80\xa6 ");
	for (guint i = 0; i < s->found->len; i++) {
		const Found *f = &g_array_index(s->found, Found, i);
		SearchMark mark = {0};

		if (f->off < at || f->end > end)
			continue;
		append(out, text, &at, f->off);
		mark.off = (uint32_t)out->len;
		append(out, text, &at, f->end);
		mark.len = (uint32_t)out->len - mark.off;
		g_array_append_val(marks, mark);
	}
	append(out, text, &at, end);
	if (end < len)
		g_string_append(out, " \xe2\x80\xa6");
	return g_string_free(g_steal_pointer(&out), FALSE);
}
