/* SPDX-License-Identifier: Apache-2.0 */
#include "search/query_private.h"

#include <string.h>

/* Bytes of values that need no quotation marks, wherever they stand. */
#define PLAIN                                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	".@_+=/$%!#&^~|?*:-'<>"

/* Brackets that stand around a node within another. */
static void write_node(GString *out, const QueryNode *n);

static void
write_group(GString *out, const QueryNode *n)
{
	g_string_append_c(out, '(');
	write_node(out, n);
	g_string_append_c(out, ')');
}

static void
write_field(GString *out, QueryField field)
{
	if (field == QUERY_F_ANY)
		return;
	g_string_append(out, query_field_name(field));
	g_string_append_c(out, ':');
}

/* A value, in quotation marks if it needs them, in which each counts double;
 * in angle brackets if it would lose its own or open a query. */
static void
write_value(GString *out, const QueryNode *n)
{
	bool is_id = n->kind == QUERY_THREAD_ID || n->field == QUERY_F_MID;
	bool angle = is_id && (n->text[0] == '<' || n->text[0] == '{');
	bool plain = n->text[strspn(n->text, PLAIN)] == '\0';

	if (!plain)
		g_string_append_c(out, '"');
	if (angle)
		g_string_append_c(out, '<');
	for (const char *p = n->text; *p != '\0'; p++) {
		g_string_append_c(out, *p);
		if (*p == '"')
			g_string_append_c(out, '"');
	}
	if (angle)
		g_string_append_c(out, '>');
	if (n->prefix && (n->field == QUERY_F_L || n->field == QUERY_F_TYPE))
		g_string_append_c(out, '*');
	if (!plain)
		g_string_append_c(out, '"');
}

static void
write_text(GString *out, const QueryNode *n)
{
	g_string_append_printf(out, "%s%s%s%s", n->phrase ? "\"" : "", n->text,
	    n->prefix ? "*" : "", n->phrase ? "\"" : "");
}

static void
write_count(GString *out, int64_t n, bool sized)
{
	static const char units[] = "kmg";
	size_t unit = 0;

	while (sized && n > 0 && n % 1024 == 0 && unit < 3) {
		n /= 1024;
		unit++;
	}
	g_string_append_printf(out, "%" G_GINT64_FORMAT, n);
	if (unit > 0)
		g_string_append_c(out, units[unit - 1]);
}

static void
write_range(GString *out, const QueryNode *n, bool sized)
{
	if (n->from != INT64_MIN)
		write_count(out, n->from, sized);
	if (n->from == n->to && !sized)
		return;
	g_string_append(out, "..");
	if (n->to != INT64_MAX)
		write_count(out, n->to, sized);
}

/* Whether a "-" before it is the operator. */
static bool
may_have_sign(const QueryNode *n)
{
	return n->kind != QUERY_NEAR && n->kind != QUERY_ADJ &&
	       (n->kind != QUERY_TEXT || n->phrase || n->field != QUERY_F_ANY ||
		   strchr("-+>=", n->text[0]) == NULL);
}

static void
write_not(GString *out, const QueryNode *child)
{
	g_string_append(out, may_have_sign(child) ? "-" : "NOT ");
	if (child->kind == QUERY_AND || child->kind == QUERY_OR)
		write_group(out, child);
	else
		write_node(out, child);
}

static void
write_posts(GString *out, const QueryNode *n)
{
	const QueryNode *child = n->children->pdata[0];

	if ((child->kind == QUERY_TEXT &&
		(child->phrase || child->field == QUERY_F_F)) ||
	    (child->kind == QUERY_EXACT && child->field == QUERY_F_HAS))
		write_node(out, child);
	else
		write_group(out, child);
	g_string_append(out, "[messages:");
	write_range(out, n, false);
	g_string_append_c(out, ']');
}

static void
write_near(GString *out, const QueryNode *n)
{
	const char *name = n->kind == QUERY_NEAR ? "NEAR" : "ADJ";

	for (guint i = 0; i < n->children->len; i++) {
		if (i > 0 && n->distance == QUERY_DISTANCE)
			g_string_append_printf(out, " %s ", name);
		else if (i > 0)
			g_string_append_printf(
			    out, " %s/%u ", name, n->distance);
		write_node(out, n->children->pdata[i]);
	}
}

/* Whether two of all would be alternatives side by side. */
static bool
have_choices(const GPtrArray *all)
{
	bool seen[QUERY_F_THREAD + 1] = {false};

	for (guint i = 0; i < all->len; i++) {
		const QueryNode *n = all->pdata[i];

		if (!query_is_choice(n))
			continue;
		if (seen[n->field])
			return true;
		seen[n->field] = true;
	}
	return false;
}

static void
write_joined(GString *out, const QueryNode *n)
{
	const char *joint = n->kind == QUERY_OR         ? " OR "
			    : have_choices(n->children) ? " AND "
							: " ";

	for (guint i = 0; i < n->children->len; i++) {
		const QueryNode *child = n->children->pdata[i];

		if (i > 0)
			g_string_append(out, joint);
		if (n->kind == QUERY_AND && child->kind == QUERY_OR)
			write_group(out, child);
		else
			write_node(out, child);
	}
}

static void
write_node(GString *out, const QueryNode *n)
{
	switch (n->kind) {
	case QUERY_ALL:
		g_string_append_c(out, '*');
		break;
	case QUERY_AND:
	case QUERY_OR:
		write_joined(out, n);
		break;
	case QUERY_NOT:
		write_not(out, n->children->pdata[0]);
		break;
	case QUERY_NEAR:
	case QUERY_ADJ:
		write_near(out, n);
		break;
	case QUERY_TEXT:
		write_field(out, n->field);
		write_text(out, n);
		break;
	case QUERY_EXACT:
	case QUERY_DATE:
	case QUERY_THREAD_ID:
		write_field(out, n->field);
		write_value(out, n);
		break;
	case QUERY_NUMBER:
		write_field(out, n->field);
		write_range(out, n, n->field == QUERY_F_SIZE);
		break;
	case QUERY_THREAD:
		g_string_append(out, "thread:{");
		write_node(out, n->children->pdata[0]);
		g_string_append_c(out, '}');
		break;
	case QUERY_POSTS:
		write_posts(out, n);
		break;
	}
}

char *
query_write(const QueryNode *root)
{
	GString *out = g_string_new(NULL);

	if (root != NULL)
		write_node(out, root);
	return g_string_free(out, FALSE);
}
