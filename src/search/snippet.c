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
	guint place;
} Prefix;

struct Snippet {
	Tokenizer *tokenizer;
	GHashTable *terms; /* those that are whole: their places, from 1 on */
	GArray *prefixes;  /* Prefix */
	guint n_places;    /* of the query: words, each with its forms */
	bool begins[256];  /* any of those, with this byte, in either case */
	bool seconds[256]; /* or has this one behind it */
	size_t base;       /* where in the text the tokenizer began */
	GArray *found;     /* Found, of the text at hand */
};

/* Where one of the terms stands. */
typedef struct {
	size_t off, end;
	guint place; /* of the query, from 1 on */
} Found;

static void
clear_prefix(gpointer prefix)
{
	g_free(((Prefix *)prefix)->text);
}

/* Note how a term of len bytes begins; what follows a single byte may be
 * anything. */
static void
add_begin(Snippet *s, const char *term, size_t len)
{
	unsigned char low = (unsigned char)term[0];
	unsigned char high = (unsigned char)g_ascii_toupper(term[0]);

	s->begins[low] = s->begins[high] = true;
	if (len == 1)
		memset(s->seconds, 1, sizeof s->seconds);
	else
		s->seconds[(unsigned char)term[1]] =
		    s->seconds[(unsigned char)g_ascii_toupper(term[1])] = true;
}

static void
add_term(Snippet *s, const char *term)
{
	bool same = term[0] == '\t';

	term += same;
	size_t len = strlen(term);
	bool begins = len > 1 && term[len - 1] == '*', stem = term[0] == 'Z';
	Prefix p = {.len = len - begins - stem,
	    .more = begins ? LIMIT_TERM_BYTES : ENDING};

	s->n_places += !same || s->n_places == 0;
	p.place = s->n_places;
	add_begin(s, term + stem, p.len);
	if (begins || stem) {
		p.text = g_strndup(term + stem, p.len);
		g_array_append_val(s->prefixes, p);
	} else if (!g_hash_table_contains(s->terms, term)) {
		g_hash_table_insert(
		    s->terms, g_strdup(term), GUINT_TO_POINTER(p.place));
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

/* The place of the term that len bytes are, or 0. */
static guint
which(const Snippet *s, const char *term, size_t len)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(s->terms, term));

	for (guint i = 0; n == 0 && i < s->prefixes->len; i++) {
		const Prefix *p = &g_array_index(s->prefixes, Prefix, i);

		if (len >= p->len && len - p->len <= p->more &&
		    memcmp(term, p->text, p->len) == 0)
			n = p->place;
	}
	return n;
}

static void
take(void *arg, const Token *token)
{
	Snippet *s = arg;
	char term[LIMIT_TERM_BYTES + 1];
	Found f = {.off = s->base + token->off, .end = s->base + token->end};
	Found *last = s->found->len > 0
			  ? &g_array_index(s->found, Found, s->found->len - 1)
			  : NULL;

	if (!s->begins[(unsigned char)token->term[0]] ||
	    token->len >= sizeof term || s->found->len >= LIMIT_PASSAGE_HITS)
		return;
	memcpy(term, token->term, token->len);
	term[token->len] = '\0';
	f.place = which(s, term, token->len);
	if (f.place == 0)
		return;
	/* Pairs of characters overlap; another form stands where the first
	 * does. */
	if (last != NULL && f.off < last->end)
		last->end = MAX(last->end, f.end);
	else
		g_array_append_val(s->found, f);
}

/* Of how many places terms stand in LIMIT_PASSAGE_BYTES from the one at i
 * on; 64 are told apart. */
static unsigned int
count_from(const Snippet *s, guint i)
{
	const Found *all = (const Found *)(void *)s->found->data;
	size_t end = all[i].off + LIMIT_PASSAGE_BYTES;
	guint64 seen = 0;
	unsigned int n = 0;

	for (; i < s->found->len && all[i].end <= end; i++)
		seen |= G_GUINT64_CONSTANT(1) << all[i].place % 64;
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

/* Where the passage from at on ends: after LIMIT_PASSAGE_BYTES, or before the
 * word that is there, if it began not long ago. */
static size_t
end_of(const char *text, size_t len, size_t at)
{
	size_t end = at + LIMIT_PASSAGE_BYTES;

	if (end >= len)
		return len;
	for (size_t n = 0; n < LIMIT_PASSAGE_WORD; n++)
		if (g_ascii_isspace(text[end - n]))
			return end - n;
	while (end < len && ((unsigned char)text[end] & 0xc0) == 0x80)
		end++;
	return end;
}

/* Add what stands from *at to end, white space squeezed, without the marks
 * of what is quoted. */
static void
append(GString *out, const char *text, size_t *at, size_t end)
{
	bool quoted = *at == 0 || text[*at - 1] == '\n';

	for (; *at < end; ++*at) {
		char c = text[*at];

		quoted &= c == '>' || c == ' ';
		if (quoted)
			continue;
		quoted = c == '\n';
		if (!g_ascii_isspace(c))
			g_string_append_c(out, c);
		else if (out->len > 0 && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	}
}

/* Whether a term may stand in the len bytes of a line: one begins where
 * no letter stands before, and only what is no ASCII folds to something else
 * than its own letters. */
static bool
may_have(const Snippet *s, const char *line, size_t len)
{
	const unsigned char *p = (const unsigned char *)line;
	unsigned char last = 0;

	for (size_t i = 0; i < len; last = p[i], i++)
		if (p[i] >= 0x80 ||
		    (s->begins[p[i]] && !g_ascii_isalnum(last) && i + 1 < len &&
			s->seconds[p[i + 1]]))
			return true;
	return false;
}

/* Where nothing that is found is of use any more: of one word the first
 * place is as good as any. */
static size_t
find_end(const Snippet *s, size_t len)
{
	if (s->n_places != 1 || s->found->len == 0)
		return len;
	return MIN(
	    len, g_array_index(s->found, Found, 0).off + LIMIT_PASSAGE_BYTES);
}

/* Find the terms that stand in text.  Lines that cannot have one are not
 * tokenized: most cannot. */
static void
find_terms(Snippet *s, const char *text, size_t len)
{
	g_array_set_size(s->found, 0);
	token_restart(s->tokenizer);
	for (size_t at = 0, n = 0; at < find_end(s, len); at += n) {
		const char *lf = memchr(text + at, '\n', len - at);
		TokenText in = {.kind = TOKEN_PROSE, .text = text + at};

		n = lf != NULL ? (size_t)(lf - (text + at)) + 1 : len - at;
		if (!may_have(s, text + at, n))
			continue;
		in.len = n;
		s->base = at;
		token_each(s->tokenizer, &in, take, s);
	}
}

char *
snippet_make(Snippet *s, const char *text, size_t len, GArray *marks)
{
	g_autoptr(GString) out = g_string_new(NULL);
	size_t at = 0, end = 0;

	find_terms(s, text, MIN(len, LIMIT_PASSAGE_TEXT_BYTES));
	at = choose(s, text);
	end = end_of(text, len, at);
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
	if (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	if (end < len)
		g_string_append(out, " \xe2\x80\xa6");
	return g_string_free(g_steal_pointer(&out), FALSE);
}
