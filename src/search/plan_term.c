/* SPDX-License-Identifier: Apache-2.0 */
#include "search/plan_private.h"

#include "base/limits.h"

#include <string.h>

/* Text -------------------------------------------------------------------- */

/* A text as a phrase of FTS5, while its terms come. */
typedef struct {
	Planner *pl;
	GString *stream;
	GHashTable *place; /* char *: what stands at the last place */
	gsize last;        /* where that begins in stream */
	char *term;        /* the last one */
	bool exact;        /* no other forms of a word */
	bool prefix;       /* the last term is how one begins */
} Phrase;

/* Note what is at a place.  Many languages have the same stem, and FTS5
 * would look each of them up. */
static bool
is_new(Phrase *p, const Token *token)
{
	if (!token->same_place)
		g_hash_table_remove_all(p->place);
	return g_hash_table_add(p->place, g_strndup(token->term, token->len));
}

static void
append_term(Phrase *p, const char *term, bool same_place)
{
	if (!same_place)
		p->last = p->stream->len;
	else if (p->stream->len > 0)
		g_string_append_c(p->stream, '\t');
	/* FTS5 writes a quotation mark twice. */
	for (const char *c = term; *c != '\0'; c++) {
		g_string_append_c(p->stream, *c);
		if (*c == '"')
			g_string_append_c(p->stream, '"');
	}
	g_string_append_c(p->stream, '\n');
}

/* Let the last place, which is how a word begins, be the most frequent of the
 * words that do, where FTS5 would have too much to look at for all of them. */
static bool
name_words(Phrase *p)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	uint64_t n = 0;

	if (!index_words(p->pl->env->index, p->term, words, &n, NULL) ||
	    n < LIMIT_SEARCH_PREFIX_ROWS)
		return false;
	g_string_truncate(p->stream, p->last);
	for (guint i = 0; i < words->len; i++)
		append_term(p, words->pdata[i], i > 0);
	p->pl->cut = true;
	g_ptr_array_add(p->pl->begun, g_strdup(p->term));
	return true;
}

static void
take_term(void *arg, const Token *token)
{
	Phrase *p = arg;

	if ((p->exact && token->stem) || !is_new(p, token))
		return;
	g_free(p->term);
	p->term = g_strndup(token->term, token->len);
	p->prefix = token->prefix;
	append_term(p, p->term, token->same_place);
	if (!p->pl->negative)
		g_ptr_array_add(p->pl->terms,
		    g_strconcat(token->same_place ? "\t" : "", p->term, NULL));
}

/* The languages that node's words may have other forms in: none where its
 * columns are of names and code, which have no stems. */
static unsigned int
languages(const Planner *pl, const QueryNode *node)
{
	unsigned int columns = query_columns(node->field);

	for (int i = 0; i < DOCUMENT_X; i++)
		if ((columns & 1u << i) != 0 &&
		    (document_kinds[i] == TOKEN_PROSE ||
			document_kinds[i] == TOKEN_QUOTED))
			return pl->env->langs;
	return 0;
}

/* node's text as a phrase, or NULL: there is no term in it. */
static char *
make_phrase(Planner *pl, const QueryNode *node)
{
	g_autoptr(GString) stream = g_string_new(NULL);
	g_autoptr(GHashTable) place =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Phrase p = {
	    .pl = pl, .stream = stream, .place = place, .exact = node->phrase};
	const TokenText text = {
	    .kind = node->prefix ? TOKEN_PREFIX : TOKEN_QUERY,
	    .langs = languages(pl, node),
	    .text = node->text,
	    .len = strlen(node->text)};
	guint n = pl->terms->len;

	token_each(pl->env->tokenizer, &text, take_term, &p);
	if (p.term == NULL)
		return NULL;
	p.prefix |= node->prefix;
	if (p.prefix && pl->terms->len > n) {
		char **last = (char **)&pl->terms->pdata[pl->terms->len - 1];
		char *star = g_strconcat(*last, "*", NULL);

		g_free(*last);
		*last = star;
	}
	bool star = p.prefix && !name_words(&p);

	g_free(p.term);
	return g_strdup_printf("\"%s\"%s", stream->str, star ? " *" : "");
}

/* "{s nq} : ", or nothing where it may stand anywhere. */
static char *
name_columns(QueryField field)
{
	g_autoptr(GString) names = g_string_new(NULL);
	unsigned int columns = query_columns(field);

	if (field == QUERY_F_ANY)
		return g_strdup("");
	for (int i = 0; i < DOCUMENT_X; i++)
		if ((columns & 1u << i) != 0)
			g_string_append_printf(names, "%s%s",
			    names->len > 0 ? " " : "", document_columns[i]);
	return g_strdup_printf("{%s} : ", names->str);
}

void
term_plan_text(Planner *pl, const QueryNode *node, Piece *out)
{
	g_autofree char *phrase = make_phrase(pl, node);
	g_autofree char *columns = name_columns(node->field);

	if (phrase == NULL)
		return;
	out->match = g_string_new(columns);
	g_string_append(out->match, phrase);
}

/* FTS5 knows no order of what is near. */
void
term_plan_near(Planner *pl, const QueryNode *node, Piece *out)
{
	g_autoptr(GString) phrases = g_string_new(NULL);
	g_autofree char *columns = name_columns(node->field);

	for (guint i = 0; i < node->children->len; i++) {
		g_autofree char *phrase =
		    make_phrase(pl, node->children->pdata[i]);

		if (phrase != NULL)
			g_string_append_printf(phrases, "%s ", phrase);
	}
	if (phrases->len == 0)
		return;
	out->match = g_string_new(columns);
	/* Its number is that of terms between. */
	g_string_append_printf(out->match, "NEAR(%s, %u)", phrases->str,
	    MAX(node->distance, 1) - 1);
}

/* Exact terms ------------------------------------------------------------- */

void
term_add_exact(Piece *out, const char *term, bool prefix)
{
	g_auto(GStrv) parts = g_strsplit(term, "\"", -1);
	g_autofree char *doubled = g_strjoinv("\"\"", parts);
	g_autofree char *match =
	    g_strdup_printf("{x} : \"%s\"%s", doubled, prefix ? " *" : "");

	piece_join(&out->match, " OR ", match);
}

static void
term_add_value(Piece *out, const char *field, const char *value, bool prefix)
{
	g_autofree char *term = document_exact(field, value);

	term_add_exact(out, term, prefix);
}

/* Whether part is name, or the begin or end of it at a dot. */
static bool
names_list(const char *name, const char *part)
{
	size_t len = strlen(part), name_len = strlen(name);

	if (g_ascii_strcasecmp(name, part) == 0)
		return true;
	return name_len > len &&
	       ((g_ascii_strncasecmp(name, part, len) == 0 &&
		    (name[len] == '.' || name[len] == '@')) ||
		   (g_ascii_strcasecmp(name + name_len - len, part) == 0 &&
		       strchr(".@", name[name_len - len - 1]) != NULL));
}

static bool
is_called(const StoreList *l, const char *part)
{
	bool found = names_list(l->list_id, part);

	for (char *const *n = l->names; !found && *n != NULL; n++)
		found = names_list(*n, part);
	for (char *const *n = l->addresses; !found && *n != NULL; n++)
		found = names_list(*n, part);
	return found;
}

void
term_plan_list(Planner *pl, const QueryNode *node, Piece *out)
{
	const GPtrArray *lists = pl->env->lists;

	for (guint i = 0; i < lists->len; i++) {
		const StoreList *l = lists->pdata[i];

		if (is_called(l, node->text)) {
			g_autofree char *term =
			    g_strdup_printf(INDEX_LIST_TERM, l->id);

			term_add_exact(out, term, false);
		}
	}
	out->none = out->match == NULL;
}

void
term_plan_exact(const QueryNode *node, Piece *out)
{
	const char *name = query_field_name(node->field);

	switch ((int)node->field) {
	case QUERY_F_DFBLOB:
		term_add_value(out, "dfpre", node->text, true);
		term_add_value(out, "dfpost", node->text, true);
		return;
	case QUERY_F_DFPRE:
	case QUERY_F_DFPOST:
		term_add_value(out, name, node->text, true);
		return;
	default:
		term_add_value(out, name, node->text, node->prefix);
		return;
	}
}
