/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "search/document.h"
#include "search/query_private.h"

#include <string.h>

#define COL(name) (1u << DOCUMENT_##name)
#define COL_DIFF (COL(DFN) | COL(DFA) | COL(DFB) | COL(DFCTX) | COL(DFHH))
#define COL_BODY (COL(NQ) | COL(Q) | COL(N) | COL_DIFF)
#define COL_ALL (COL_BODY | COL(S) | COL(F) | COL(T) | COL(C))

/* The canonical names, and where text is looked for. */
static const struct {
	const char *name;
	QueryKind kind;
	unsigned columns;
} fields[] = {
    [QUERY_F_ANY] = {"", QUERY_TEXT, COL_ALL},
    [QUERY_F_S] = {"s", QUERY_TEXT, COL(S)},
    [QUERY_F_F] = {"f", QUERY_TEXT, COL(F)},
    [QUERY_F_T] = {"t", QUERY_TEXT, COL(T)},
    [QUERY_F_C] = {"c", QUERY_TEXT, COL(C)},
    [QUERY_F_TC] = {"tc", QUERY_TEXT, COL(T) | COL(C)},
    [QUERY_F_A] = {"a", QUERY_TEXT, COL(F) | COL(T) | COL(C)},
    [QUERY_F_B] = {"b", QUERY_TEXT, COL_BODY},
    [QUERY_F_BS] = {"bs", QUERY_TEXT, COL_BODY | COL(S)},
    /* As public-inbox: a diff is nobody's quotation. */
    [QUERY_F_NQ] = {"nq", QUERY_TEXT, COL(NQ) | COL_DIFF},
    [QUERY_F_Q] = {"q", QUERY_TEXT, COL(Q)},
    [QUERY_F_N] = {"n", QUERY_TEXT, COL(N)},
    [QUERY_F_DFN] = {"dfn", QUERY_TEXT, COL(DFN)},
    [QUERY_F_DFA] = {"dfa", QUERY_TEXT, COL(DFA)},
    [QUERY_F_DFB] = {"dfb", QUERY_TEXT, COL(DFB)},
    [QUERY_F_DFCTX] = {"dfctx", QUERY_TEXT, COL(DFCTX)},
    [QUERY_F_DFHH] = {"dfhh", QUERY_TEXT, COL(DFHH)},
    [QUERY_F_MID] = {"mid", QUERY_EXACT, 0},
    [QUERY_F_L] = {"l", QUERY_EXACT, 0},
    [QUERY_F_DFPRE] = {"dfpre", QUERY_EXACT, 0},
    [QUERY_F_DFPOST] = {"dfpost", QUERY_EXACT, 0},
    [QUERY_F_DFBLOB] = {"dfblob", QUERY_EXACT, 0},
    [QUERY_F_PATCHID] = {"patchid", QUERY_EXACT, 0},
    [QUERY_F_HAS] = {"has", QUERY_EXACT, 0},
    [QUERY_F_IS] = {"is", QUERY_EXACT, 0},
    [QUERY_F_TYPE] = {"type", QUERY_EXACT, 0},
    [QUERY_F_LANG] = {"lang", QUERY_EXACT, 0},
    [QUERY_F_D] = {"d", QUERY_DATE, 0},
    [QUERY_F_RT] = {"rt", QUERY_DATE, 0},
    [QUERY_F_SIZE] = {"size", QUERY_NUMBER, 0},
    [QUERY_F_MESSAGES] = {"messages", QUERY_NUMBER, 0},
    [QUERY_F_PARTICIPANTS] = {"participants", QUERY_NUMBER, 0},
    [QUERY_F_THREAD] = {"thread", QUERY_THREAD_ID, 0},
};

/* Every name, those of other archives and of mail programs too. */
static const QueryName names[] = {
    {"s", QUERY_F_S, QUERY_AS_IT_IS},
    {"subject", QUERY_F_S, QUERY_AS_IT_IS},
    {"title", QUERY_F_S, QUERY_AS_IT_IS},
    {"f", QUERY_F_F, QUERY_AS_IT_IS},
    {"from", QUERY_F_F, QUERY_AS_IT_IS},
    {"sender", QUERY_F_F, QUERY_AS_IT_IS},
    {"author", QUERY_F_F, QUERY_AS_IT_IS},
    {"t", QUERY_F_T, QUERY_AS_IT_IS},
    {"to", QUERY_F_T, QUERY_AS_IT_IS},
    {"c", QUERY_F_C, QUERY_AS_IT_IS},
    {"cc", QUERY_F_C, QUERY_AS_IT_IS},
    {"tc", QUERY_F_TC, QUERY_AS_IT_IS},
    {"a", QUERY_F_A, QUERY_AS_IT_IS},
    {"tcf", QUERY_F_A, QUERY_AS_IT_IS},
    {"b", QUERY_F_B, QUERY_AS_IT_IS},
    {"body", QUERY_F_B, QUERY_AS_IT_IS},
    {"bs", QUERY_F_BS, QUERY_AS_IT_IS},
    {"nq", QUERY_F_NQ, QUERY_AS_IT_IS},
    {"q", QUERY_F_Q, QUERY_AS_IT_IS},
    {"n", QUERY_F_N, QUERY_AS_IT_IS},
    {"attachment", QUERY_F_N, QUERY_AS_IT_IS},
    {"filename", QUERY_F_N, QUERY_AS_IT_IS},
    {"dfn", QUERY_F_DFN, QUERY_AS_IT_IS},
    {"dfa", QUERY_F_DFA, QUERY_AS_IT_IS},
    {"dfb", QUERY_F_DFB, QUERY_AS_IT_IS},
    {"dfctx", QUERY_F_DFCTX, QUERY_AS_IT_IS},
    {"dfhh", QUERY_F_DFHH, QUERY_AS_IT_IS},
    {"m", QUERY_F_MID, QUERY_AS_IT_IS},
    {"mid", QUERY_F_MID, QUERY_AS_IT_IS},
    {"id", QUERY_F_MID, QUERY_AS_IT_IS},
    {"l", QUERY_F_L, QUERY_AS_IT_IS},
    {"list", QUERY_F_L, QUERY_AS_IT_IS},
    {"mlist", QUERY_F_L, QUERY_AS_IT_IS},
    {"lid", QUERY_F_L, QUERY_AS_IT_IS},
    {"dfpre", QUERY_F_DFPRE, QUERY_AS_IT_IS},
    {"dfpost", QUERY_F_DFPOST, QUERY_AS_IT_IS},
    {"dfblob", QUERY_F_DFBLOB, QUERY_AS_IT_IS},
    {"patchid", QUERY_F_PATCHID, QUERY_AS_IT_IS},
    {"has", QUERY_F_HAS, QUERY_AS_IT_IS},
    {"is", QUERY_F_IS, QUERY_AS_IT_IS},
    {"type", QUERY_F_TYPE, QUERY_AS_IT_IS},
    {"mimetype", QUERY_F_TYPE, QUERY_AS_IT_IS},
    {"lang", QUERY_F_LANG, QUERY_AS_IT_IS},
    {"d", QUERY_F_D, QUERY_AS_IT_IS},
    {"date", QUERY_F_D, QUERY_AS_IT_IS},
    {"dt", QUERY_F_D, QUERY_AS_IT_IS},
    {"rt", QUERY_F_RT, QUERY_AS_IT_IS},
    {"since", QUERY_F_D, QUERY_AS_SINCE},
    {"after", QUERY_F_D, QUERY_AS_SINCE},
    {"newer_than", QUERY_F_D, QUERY_AS_SINCE},
    {"before", QUERY_F_D, QUERY_AS_BEFORE},
    {"older_than", QUERY_F_D, QUERY_AS_BEFORE},
    {"until", QUERY_F_D, QUERY_AS_UNTIL},
    {"size", QUERY_F_SIZE, QUERY_AS_IT_IS},
    {"z", QUERY_F_SIZE, QUERY_AS_IT_IS},
    {"larger", QUERY_F_SIZE, QUERY_AS_MORE},
    {"smaller", QUERY_F_SIZE, QUERY_AS_LESS},
    {"messages", QUERY_F_MESSAGES, QUERY_AS_IT_IS},
    {"participants", QUERY_F_PARTICIPANTS, QUERY_AS_IT_IS},
    {"thread", QUERY_F_THREAD, QUERY_AS_IT_IS},
    {"starter", QUERY_F_F, QUERY_AS_STARTER},
    {"first_after", QUERY_F_D, QUERY_AS_FIRST_SINCE},
    {"first_before", QUERY_F_D, QUERY_AS_FIRST_BEFORE},
    {"messages_after", QUERY_F_D, QUERY_AS_SOME_SINCE},
    {"messages_before", QUERY_F_D, QUERY_AS_SOME_BEFORE},
    {"last_after", QUERY_F_D, QUERY_AS_SOME_SINCE},
    {"last_before", QUERY_F_D, QUERY_AS_LAST_BEFORE},
};

/* Bytes of a name that is compared with all of these. */
#define MAX_NAME 20

const QueryName *
query_name_find(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i].name) == len &&
		    g_ascii_strncasecmp(names[i].name, name, len) == 0)
			return &names[i];
	return NULL;
}

char *
query_name_near(const char *name, size_t len)
{
	g_autofree char *own = g_ascii_strdown(name, (gssize)len);
	GString *near = g_string_new(NULL);
	/* A letter of three, two of six: of shorter ones any is near. */
	size_t most = len / 3;

	for (size_t i = 0; len <= MAX_NAME && i < G_N_ELEMENTS(names); i++) {
		size_t n = strlen(names[i].name);

		if (n < 3 || text_distance(own, names[i].name) > most)
			continue;
		if (near->len > 0)
			g_string_append(near, ", ");
		g_string_append(near, names[i].name);
	}
	return g_string_free(near, near->len == 0);
}

QueryKind
query_field_kind(QueryField field)
{
	return fields[field].kind;
}

const char *
query_field_name(QueryField field)
{
	return fields[field].name;
}

unsigned
query_columns(QueryField field)
{
	return fields[field].columns;
}

bool
query_is_choice(const QueryNode *n)
{
	switch (n->kind) {
	case QUERY_EXACT:
		return n->field != QUERY_F_HAS && n->field != QUERY_F_IS &&
		       n->field != QUERY_F_TYPE;
	case QUERY_THREAD_ID:
		return true;
	case QUERY_DATE:
		return n->from != INT64_MIN && n->to != INT64_MAX;
	case QUERY_ALL:
	case QUERY_AND:
	case QUERY_OR:
	case QUERY_NOT:
	case QUERY_NEAR:
	case QUERY_ADJ:
	case QUERY_TEXT:
	case QUERY_NUMBER:
	case QUERY_THREAD:
	case QUERY_POSTS:
		break;
	}
	return false;
}
