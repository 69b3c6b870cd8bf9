/* SPDX-License-Identifier: Apache-2.0 */
#include "search/query_private.h"

/* Depth is bounded by LIMIT_QUERY_DEPTH: what a bracket holds is a few nodes
 * deep. */
void
query_node_free(gpointer data)
{
	QueryNode *n = data;

	if (n == NULL)
		return;
	g_clear_pointer(&n->children, g_ptr_array_unref);
	g_free(n->text);
	g_free(n);
}

QueryNode *
query_leaf(QueryKind kind, QueryField field, char *text)
{
	QueryNode *n = g_new0(QueryNode, 1);

	n->kind = kind;
	n->field = field;
	n->text = text;
	return n;
}

QueryNode *
query_of(QueryKind kind, QueryNode *child)
{
	if (child == NULL)
		return NULL;
	if (kind == QUERY_NOT && child->kind == QUERY_NOT) {
		QueryNode *inner = g_ptr_array_steal_index(child->children, 0);

		query_node_free(child);
		return inner;
	}
	QueryNode *n = query_leaf(kind, QUERY_F_ANY, NULL);

	n->children = g_ptr_array_new_with_free_func(query_node_free);
	g_ptr_array_add(n->children, child);
	return n;
}

/* nodes with the children of those that are of that kind in their place. */
static GPtrArray *
flatten(QueryKind kind, GPtrArray *nodes)
{
	GPtrArray *flat = g_ptr_array_new_with_free_func(query_node_free);

	for (guint i = 0; i < nodes->len; i++) {
		QueryNode *n = nodes->pdata[i];

		if (n->kind != kind) {
			g_ptr_array_add(flat, n);
			continue;
		}
		g_ptr_array_extend_and_steal(
		    flat, g_steal_pointer(&n->children));
		query_node_free(n);
	}
	g_ptr_array_set_free_func(nodes, NULL);
	g_ptr_array_unref(nodes);
	return flat;
}

QueryNode *
query_join(QueryKind kind, GPtrArray *nodes)
{
	if (kind == QUERY_AND || kind == QUERY_OR)
		nodes = flatten(kind, nodes);
	if (nodes->len > 1) {
		QueryNode *n = query_leaf(kind, QUERY_F_ANY, NULL);

		g_ptr_array_set_free_func(nodes, query_node_free);
		n->children = nodes;
		return n;
	}
	QueryNode *only =
	    nodes->len > 0 ? g_ptr_array_steal_index(nodes, 0) : NULL;

	g_ptr_array_unref(nodes);
	return only;
}

QueryNode *
query_both(QueryNode *a, QueryNode *b)
{
	GPtrArray *nodes = g_ptr_array_new_with_free_func(query_node_free);

	if (a != NULL)
		g_ptr_array_add(nodes, a);
	if (b != NULL)
		g_ptr_array_add(nodes, b);
	return query_join(QUERY_AND, nodes);
}

bool
query_equal(const QueryNode *a, const QueryNode *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	guint n = a->children != NULL ? a->children->len : 0;

	if (a->kind != b->kind || a->field != b->field ||
	    a->phrase != b->phrase || a->prefix != b->prefix ||
	    a->distance != b->distance || a->from != b->from ||
	    a->to != b->to || g_strcmp0(a->text, b->text) != 0 ||
	    n != (b->children != NULL ? b->children->len : 0))
		return false;
	for (guint i = 0; i < n; i++)
		if (!query_equal(a->children->pdata[i], b->children->pdata[i]))
			return false;
	return true;
}
