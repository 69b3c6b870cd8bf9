/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "search/query.h"

#include <string.h>

#define NOW INT64_C(1795616309)

static guint
count_leaves(const QueryNode *n)
{
	guint sum = n->children == NULL;

	for (guint i = 0; n->children != NULL && i < n->children->len; i++)
		sum += count_leaves(n->children->pdata[i]);
	return sum;
}

static void
check_notes(const Query *q)
{
	for (guint i = 0; i < q->notes->len; i++) {
		const QueryNote *note = q->notes->pdata[i];
		g_autofree char *text = query_note_text(note);

		g_assert(note->at <= strlen(q->text));
		g_assert(g_utf8_validate(text, -1, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Query) q = query_parse((const char *)data, size, NOW);
	g_autofree char *written = query_write(q->root);
	size_t len = strlen(written);
	g_autoptr(Query) again = query_parse(written, len, NOW);

	g_assert(g_utf8_validate(written, -1, NULL));
	/* Some leaves, as "starter:", are two. */
	g_assert(
	    q->root == NULL || count_leaves(q->root) <=
				   LIMIT_QUERY_TERMS + 2 * LIMIT_QUERY_THREADS);
	g_assert(q->root != NULL || q->notes->len > 0);
	check_notes(q);
	if (len > LIMIT_QUERY_BYTES)
		return 0;
	g_assert(query_equal(q->root, again->root));
	/* What is canonical stays as it is. */
	g_autofree char *same = query_write(again->root);

	g_assert(strcmp(written, same) == 0);
	return 0;
}
