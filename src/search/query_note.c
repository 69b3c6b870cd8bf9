/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "search/query_parser.h"

void
query_note_free(gpointer data)
{
	QueryNote *n = data;

	g_free(n->what);
	g_free(n->more);
	g_free(n);
}

void
query_note(
    QueryParser *ps, QueryNoteKind kind, const char *at, size_t len, char *more)
{
	if (ps->q->notes->len >= LIMIT_QUERY_NOTES) {
		g_free(more);
		return;
	}
	g_autofree char *what = g_strndup(at, len);
	QueryNote *n = g_new0(QueryNote, 1);

	n->kind = kind;
	n->at = (size_t)(at - ps->q->text);
	n->what = len > 0 ? text_cut(what, LIMIT_QUERY_NOTE_BYTES) : NULL;
	n->more = more;
	g_ptr_array_add(ps->q->notes, n);
}

/* What is said of each kind: what stands for the first %s, more for the
 * second. */
static const struct {
	const char *text, *with_more;
} texts[] = {
    [QUERY_NOTE_QUOTE] = {"nothing closes the quotation mark", NULL},
    [QUERY_NOTE_OPEN] = {"nothing closes \"%s\"", NULL},
    [QUERY_NOTE_CLOSE] = {"nothing opens \"%s\"", NULL},
    [QUERY_NOTE_EMPTY] = {"nothing to search for in \"%s\"", NULL},
    [QUERY_NOTE_OPERATOR] = {"nothing for \"%s\" to apply to", NULL},
    [QUERY_NOTE_DATE] = {"\"%s\" is no date; left out", NULL},
    [QUERY_NOTE_NUMBER] = {"\"%s\" is no number; left out", NULL},
    [QUERY_NOTE_VALUE] = {"\"%s\" is no value of that field; left out",
	"\"%s\" is none of %s; left out"},
    [QUERY_NOTE_FIELD] = {"there is no field \"%s\"; taken as a word",
	"there is no field \"%s\", but %s; taken as a word"},
    [QUERY_NOTE_NEAR] = {"no words of one field for \"%s\"", NULL},
    [QUERY_NOTE_PREFIX] = {"too many words begin like \"%s\"; "
			   "taken as a word",
	NULL},
    [QUERY_NOTE_LONG] = {"too long; the rest is left out", NULL},
    [QUERY_NOTE_TERMS] = {"too many words; the rest is left out", NULL},
    [QUERY_NOTE_DEPTH] = {"too many brackets within each other", NULL},
    [QUERY_NOTE_THREADS] = {"too many threads are asked for", NULL},
    [QUERY_NOTE_WORDS] = {"the most frequent words that begin like \"%s\" "
			  "stand for all of them",
	NULL},
    [QUERY_NOTE_NOTHING] = {"nothing to search for", NULL},
};

char *
query_note_text(const QueryNote *n)
{
	const char *form = n->more != NULL && texts[n->kind].with_more != NULL
			       ? texts[n->kind].with_more
			       : texts[n->kind].text;
	GString *out = g_string_new(NULL);

	if (n->kind != QUERY_NOTE_NOTHING && n->kind != QUERY_NOTE_WORDS)
		g_string_printf(out, "at %zu: ", n->at);
	g_string_append(out, form);
	g_string_replace(out, "%s", n->what != NULL ? n->what : "", 1);
	if (n->more != NULL)
		g_string_replace(out, "%s", n->more, 1);
	return g_string_free(out, FALSE);
}
