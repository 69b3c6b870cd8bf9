/*
 * A parser by recursive descent:
 *
 *	any   = all *("OR" all)
 *	all   = ["NOT" / "-" / "+"] near *(["AND"] ["NOT" ...] near)
 *	near  = atom *(("NEAR" / "ADJ") ["/" N] atom)
 *	atom  = [name ":"] (word / phrase / value / "(" any ")" / "{" any "}")
 *	        *("[" *atom "]")
 *
 * It recurses where a bracket opens, and goes on behind whatever it does not
 * understand.  Each byte is looked at a bounded number of times.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "search/query.h"

#include "base/limits.h"
#include "base/text.h"
#include "search/query_parser.h"

#include <string.h>

static QueryNode *take_any(QueryParser *ps, const QueryName *name);
static QueryNode *take_operand(QueryParser *ps, const QueryName *name);

static GPtrArray *
new_nodes(void)
{
	return g_ptr_array_new_with_free_func(query_node_free);
}

/* Whether nothing more is to be read before a bracket closes. */
static bool
is_over(const QueryParser *ps)
{
	return ps->queue.length == 0 && query_is_stop(ps, ps->p);
}

/* Brackets ---------------------------------------------------------------- */

/* Whether the bracket at ps->p may open: then it is one deeper. */
static bool
go_deeper(QueryParser *ps)
{
	if (ps->depth < LIMIT_QUERY_DEPTH) {
		ps->depth++;
		return true;
	}
	query_note(ps, QUERY_NOTE_DEPTH, ps->p, 1, NULL);
	return false;
}

/* Tell of the bracket at open, which node came of, unless something else in it
 * was told of. */
static void
end_bracket(
    QueryParser *ps, const char *open, bool closed, bool empty, guint n_notes)
{
	ps->depth--;
	ps->direct = false;
	if (ps->full)
		return;
	if (!closed)
		query_note(ps, QUERY_NOTE_OPEN, open, 1, NULL);
	else if (empty && ps->q->notes->len == n_notes)
		query_note(
		    ps, QUERY_NOTE_EMPTY, open, (size_t)(ps->p - open), NULL);
}

static QueryNode *
take_group(QueryParser *ps, const QueryName *name)
{
	const char *open = ps->p;
	guint n_notes = ps->q->notes->len;
	bool deeper = go_deeper(ps);

	ps->p++;
	if (!deeper) {
		ps->in.ignored++;
		return NULL;
	}
	ps->in.parens++;
	QueryNode *node = take_any(ps, name);
	bool closed = ps->p < ps->end && *ps->p == ')';

	ps->in.parens--;
	if (closed)
		ps->p++;
	end_bracket(ps, open, closed, node == NULL, n_notes);
	return node;
}

/* "{...}" or, as Xapian wants it, "{...}" in quotation marks, in which each
 * one is doubled. */
static QueryNode *
take_threads(QueryParser *ps)
{
	const char *open = ps->p;
	const QueryContext around = ps->in;
	guint n_notes = ps->q->notes->len;
	size_t quote = query_quote_len(ps, open);
	bool many = ps->n_threads >= LIMIT_QUERY_THREADS;
	bool deeper = go_deeper(ps);

	ps->p += quote + 1;
	if (!deeper)
		return NULL;
	if (many)
		query_note(ps, QUERY_NOTE_THREADS, open, quote + 1, NULL);
	else
		ps->n_threads++;
	ps->in = (QueryContext){.braces = true, .doubled = quote > 0};
	QueryNode *node = take_any(ps, NULL);
	bool closed = ps->p < ps->end && *ps->p == '}';

	ps->in = around;
	if (closed)
		ps->p++;
	if (quote > 0)
		ps->p += query_quote_len(ps, ps->p);
	end_bracket(ps, open, closed, node == NULL, n_notes);
	return many ? node : query_of(QUERY_THREAD, node);
}

/*
 * node where the conditions at ps->p hold: how many messages its author has
 * in the thread, and what else is true of the message.
 */
static QueryNode *
take_conditions(QueryParser *ps, QueryNode *node)
{
	const char *open = ps->p;
	const QueryContext around = ps->in;
	guint n_notes = ps->q->notes->len;
	GPtrArray *all = NULL;

	if (!go_deeper(ps)) {
		ps->p++;
		return node;
	}
	all = new_nodes();
	ps->p++;
	ps->in.brackets = true;
	for (query_skip_space(ps); !is_over(ps); query_skip_space(ps)) {
		/* All of them hold: an operator says the same or nothing. */
		const char *at = ps->p;

		if (query_is_operator(ps, at, "AND", &ps->p))
			continue;
		if (query_is_operator(ps, at, "OR", &ps->p)) {
			query_note(ps, QUERY_NOTE_OPERATOR, at, 2, NULL);
			continue;
		}
		QueryNode *one = take_operand(ps, NULL);

		if (one == NULL)
			continue;
		if (one->kind != QUERY_NUMBER ||
		    one->field != QUERY_F_MESSAGES) {
			g_ptr_array_add(all, one);
			continue;
		}
		if (node->kind != QUERY_POSTS)
			node = query_of(QUERY_POSTS, node);
		node->from = one->from;
		node->to = one->to;
		query_node_free(one);
	}
	bool closed = ps->p < ps->end && *ps->p == ']';

	ps->in = around;
	if (closed)
		ps->p++;
	end_bracket(ps, open, closed, false, n_notes);
	g_ptr_array_insert(all, 0, node);
	return query_join(QUERY_AND, all);
}

/* Atoms ------------------------------------------------------------------- */

/* The threads in which a message matches node, first: one that begins it. */
static QueryNode *
make_threads(QueryParser *ps, const char *at, bool first, QueryNode *node)
{
	if (first)
		node = query_both(
		    query_leaf(QUERY_EXACT, QUERY_F_IS, g_strdup("root")),
		    node);
	if (ps->n_threads++ < LIMIT_QUERY_THREADS)
		return query_of(QUERY_THREAD, node);
	query_note(ps, QUERY_NOTE_THREADS, at, (size_t)(ps->p - at), NULL);
	return node;
}

/* One word, phrase or value of a field, at ps->p. */
static QueryNode *
take_leaf(QueryParser *ps, const QueryName *name)
{
	QueryField field = name != NULL ? name->field : QUERY_F_ANY;

	if (query_field_kind(field) != QUERY_TEXT)
		return query_take_value(ps, name);
	if (query_quote_len(ps, ps->p) > 0) {
		QueryNode *node = query_take_phrase(ps, field);

		if (node != NULL || name == NULL || query_is_stop(ps, ps->p) ||
		    query_is_space(ps, ps->p) || *ps->p == '(' ||
		    query_quote_len(ps, ps->p) > 0)
			return node;
	}
	return query_take_word(ps, field);
}

static QueryNode *
take_value(QueryParser *ps, const QueryName *name)
{
	const char *at = ps->p;
	bool braces = ps->in.braces;
	QueryAs as = name != NULL ? name->as : QUERY_AS_IT_IS;
	bool threads = as >= QUERY_AS_STARTER;

	/* What is in braces has none but in quotation marks. */
	ps->in.braces = braces || threads;
	QueryNode *node = take_leaf(ps, name);

	ps->in.braces = braces;
	if (node == NULL || !threads)
		return node;
	ps->direct = false;
	node = make_threads(ps, at, as <= QUERY_AS_FIRST_BEFORE, node);
	return as == QUERY_AS_LAST_BEFORE ? query_of(QUERY_NOT, node) : node;
}

/* What stands behind a field's colon. */
static QueryNode *
take_field(QueryParser *ps, const QueryName *name, const char *at)
{
	size_t quote = query_quote_len(ps, ps->p);

	if (query_is_stop(ps, ps->p) || query_is_space(ps, ps->p)) {
		query_note(
		    ps, QUERY_NOTE_EMPTY, at, (size_t)(ps->p - at), NULL);
		return NULL;
	}
	if (*ps->p == '(')
		return take_group(ps, name);
	if (name->field == QUERY_F_THREAD && ps->p + quote < ps->end &&
	    ps->p[quote] == '{')
		return take_threads(ps);
	guint n_notes = ps->q->notes->len;
	QueryNode *node = take_value(ps, name);

	if (node == NULL && ps->q->notes->len == n_notes)
		query_note(
		    ps, QUERY_NOTE_EMPTY, at, (size_t)(ps->p - at), NULL);
	return node;
}

/* A name that is no field's, as a word. */
static QueryNode *
take_unknown(QueryParser *ps, size_t len, const char *behind)
{
	const char *at = ps->p;
	g_autofree char *word = g_strndup(at, len);

	query_note(ps, QUERY_NOTE_FIELD, at, len, query_name_near(at, len));
	ps->p = behind;
	/* An operator's name must not become one. */
	return query_text_node(
	    ps, QUERY_F_ANY, false, at, g_ascii_strdown(word, -1));
}

/* One atom less its conditions. */
static QueryNode *
take_bare(QueryParser *ps, const QueryName *name)
{
	const char *at = ps->p, *behind = NULL;
	size_t n = 0;
	const QueryName *own = query_field_at(ps, at, &n, &behind);

	ps->direct = true;
	if (own != NULL) {
		ps->p = behind;
		return take_field(ps, own, at);
	}
	if (n > 0 && name == NULL)
		return take_unknown(ps, n, behind);
	if (*at == '(')
		return take_group(ps, name);
	if (name == NULL && query_is_operator(ps, at, "*", &ps->p))
		return query_leaf(QUERY_ALL, QUERY_F_ANY, NULL);
	if (name != NULL && name->field == QUERY_F_THREAD)
		return take_field(ps, name, at);
	return take_value(ps, name);
}

/* The atom at ps->p, where there is something: NULL if nothing came of it. */
static QueryNode *
take_atom(QueryParser *ps, const QueryName *name)
{
	GPtrArray *all = new_nodes();
	QueryNode *node = NULL;
	bool more = true;

	/* A name of no field, and what it is a field of to its writer. */
	while (more) {
		const char *behind = NULL;
		size_t n = 0;

		more = name == NULL && ps->depth < LIMIT_QUERY_DEPTH &&
		       query_field_at(ps, ps->p, &n, &behind) == NULL && n > 0;
		node = take_bare(ps, name);
		if (node != NULL)
			g_ptr_array_add(all, node);
		while (
		    more && ps->p < ps->end && (*ps->p == '-' || *ps->p == '+'))
			ps->p++;
		more = more && !query_is_stop(ps, ps->p) &&
		       !query_is_space(ps, ps->p);
	}
	if (node != NULL && query_is_condition(ps, ps->p) &&
	    (node->kind == QUERY_TEXT || !ps->direct ||
		node->field == QUERY_F_HAS)) {
		node = g_ptr_array_steal_index(all, all->len - 1);
		while (query_is_condition(ps, ps->p))
			node = take_conditions(ps, node);
		g_ptr_array_add(all, node);
	}
	ps->direct = ps->direct && all->len == 1;
	return query_join(QUERY_AND, all);
}

/* Operators --------------------------------------------------------------- */

/* Whether "-" or "+" at p is one, and no part of a word: "--option", "->". */
static bool
is_sign(const QueryParser *ps, const char *p)
{
	return p < ps->end && (*p == '-' || *p == '+') &&
	       !query_is_stop(ps, p + 1) && !query_is_space(ps, p + 1) &&
	       strchr("-+>=", p[1]) == NULL;
}

/* Whether AND or OR stands at p. */
static bool
is_joint(const QueryParser *ps, const char *p)
{
	const char *behind = NULL;

	return query_is_operator(ps, p, "AND", &behind) ||
	       query_is_operator(ps, p, "OR", &behind);
}

/* "NEAR", "ADJ", "NEAR/5": the kind of node that the operator at ps->p is one
 * for, or QUERY_TEXT; how far it reaches and what is behind it. */
static QueryKind
near_at(QueryParser *ps, unsigned *distance, const char **behind)
{
	const char *p = ps->p;
	size_t left = (size_t)(ps->end - p);
	QueryKind kind = QUERY_TEXT;

	if (left >= 4 && memcmp(p, "NEAR", 4) == 0)
		kind = QUERY_NEAR;
	else if (left >= 3 && memcmp(p, "ADJ", 3) == 0)
		kind = QUERY_ADJ;
	else
		return QUERY_TEXT;
	p += kind == QUERY_NEAR ? 4 : 3;
	*distance = QUERY_DISTANCE;
	if (ps->end - p >= 2 && *p == '/' && g_ascii_isdigit(p[1])) {
		*distance = 0;
		for (p++; p < ps->end && g_ascii_isdigit(*p); p++)
			*distance = MIN(*distance * 10 + (unsigned)(*p - '0'),
			    LIMIT_QUERY_DISTANCE);
		*distance = MAX(*distance, 1);
	}
	*behind = p;
	return query_is_space(ps, p) ? kind : QUERY_TEXT;
}

/* Whether an atom, without a sign, follows at p. */
static bool
is_atom_next(QueryParser *ps, const char *p)
{
	const char *behind = NULL, *at = ps->p;
	unsigned distance = 0;

	while (query_is_space(ps, p))
		p = query_next(p);
	if (query_is_stop(ps, p) || *p == '(' || is_joint(ps, p) ||
	    is_sign(ps, p) || query_is_operator(ps, p, "NOT", &behind))
		return false;
	ps->p = p;
	bool near = near_at(ps, &distance, &behind) != QUERY_TEXT;

	ps->p = at;
	return !near;
}

/* The atom at ps->p with those that must be near it. */
static QueryNode *
take_near(QueryParser *ps, const QueryName *name)
{
	QueryNode *node = g_queue_pop_head(&ps->queue);
	GPtrArray *all = NULL;
	QueryKind kind = QUERY_TEXT;
	unsigned most = 0, distance = 0;
	const char *behind = NULL;

	if (node != NULL) {
		ps->direct = false;
	} else {
		node = take_atom(ps, name);
	}
	if (node == NULL || !g_queue_is_empty(&ps->queue))
		return node;
	all = new_nodes();
	g_ptr_array_add(all, node);
	for (;;) {
		query_skip_space(ps);
		QueryKind next = near_at(ps, &distance, &behind);
		const char *at = ps->p;

		if (next == QUERY_TEXT)
			break;
		bool fits = node->kind == QUERY_TEXT &&
			    (all->len == 1 || next == kind) &&
			    is_atom_next(ps, behind);

		ps->p = behind;
		if (!fits) {
			query_note(ps, QUERY_NOTE_NEAR, at,
			    (size_t)(behind - at), NULL);
			break;
		}
		query_skip_space(ps);
		QueryNode *other = take_atom(ps, name);

		if (other == NULL)
			continue;
		if (other->kind != QUERY_TEXT || other->field != node->field) {
			query_note(ps, QUERY_NOTE_NEAR, at,
			    (size_t)(behind - at), NULL);
			g_queue_push_tail(&ps->queue, other);
			break;
		}
		g_ptr_array_add(all, other);
		kind = next;
		most = MAX(most, distance);
	}
	if (all->len == 1)
		return query_join(QUERY_AND, all);
	QueryField field = node->field;

	ps->direct = false;
	node = query_join(kind, all);
	node->distance = most;
	node->field = field;
	return node;
}

/* An atom, or what does not match it. */
static QueryNode *
take_signed(QueryParser *ps, const QueryName *name)
{
	const char *not = NULL;
	bool negative = false;

	for (;; query_skip_space(ps)) {
		const char *at = ps->p;

		if (query_is_operator(ps, at, "NOT", &ps->p)) {
			negative = !negative;
			not = at;
		} else if (is_sign(ps, at)) {
			negative ^= *at == '-';
			ps->p++;
		} else {
			break;
		}
	}
	if (query_is_stop(ps, ps->p) || is_joint(ps, ps->p)) {
		if (not != NULL)
			query_note(ps, QUERY_NOTE_OPERATOR, not, 3, NULL);
		return NULL;
	}
	if (!negative)
		return take_near(ps, name);
	QueryNode *node = take_near(ps, name);

	ps->direct = false;
	return query_of(QUERY_NOT, node);
}

/* What was read already, or what stands at ps->p, of which one character at
 * least is read. */
static QueryNode *
take_operand(QueryParser *ps, const QueryName *name)
{
	const char *from = ps->p;

	if (!g_queue_is_empty(&ps->queue))
		return take_near(ps, name);
	QueryNode *node = take_signed(ps, name);

	if (ps->p == from)
		ps->p = query_next(from);
	return node;
}

/* The numbers of fields, of which each is of one in this segment. */
typedef struct {
	int at[QUERY_F_THREAD + 1];
} Choices;

static void
forget_choices(Choices *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(c->at); i++)
		c->at[i] = -1;
}

/* Add node to all: where one of the same field that it is an alternative to
 * stands beside it, as one of the two. */
static void
add_choice(QueryParser *ps, GPtrArray *all, Choices *c, QueryNode *node)
{
	int *at = &c->at[node->field];
	bool is = ps->direct && query_is_choice(node);

	/* Written out it is one bracket deeper. */
	if (is && *at != -1 && ps->depth < LIMIT_QUERY_DEPTH) {
		GPtrArray *both = new_nodes();

		g_ptr_array_add(both, all->pdata[*at]);
		g_ptr_array_add(both, node);
		all->pdata[*at] = query_join(QUERY_OR, both);
		return;
	}
	if (is && *at == -1)
		*at = (int)all->len;
	g_ptr_array_add(all, node);
}

static QueryNode *
take_all(QueryParser *ps, const QueryName *name)
{
	GPtrArray *all = new_nodes();
	const char *and = NULL, *behind = NULL;
	bool any = false;
	Choices choices;

	forget_choices(&choices);
	for (;;) {
		query_skip_space(ps);
		const char *at = ps->p;

		if (is_over(ps) ||
		    (g_queue_is_empty(&ps->queue) &&
			query_is_operator(ps, at, "OR", &behind)))
			break;
		if (g_queue_is_empty(&ps->queue) &&
		    query_is_operator(ps, at, "AND", &ps->p)) {
			if (!any || and != NULL)
				query_note(
				    ps, QUERY_NOTE_OPERATOR, at, 3, NULL);
			else
				and = at;
			forget_choices(&choices);
			continue;
		}
		QueryNode *node = take_operand(ps, name);

		any = true;
		and = NULL;
		if (node != NULL)
			add_choice(ps, all, &choices, node);
	}
	if (and != NULL)
		query_note(ps, QUERY_NOTE_OPERATOR, and, 3, NULL);
	return query_join(QUERY_AND, all);
}

/* Whether anything but an operator or an end follows at p. */
static bool
is_operand_next(const QueryParser *ps, const char *p)
{
	while (query_is_space(ps, p))
		p = query_next(p);
	return !query_is_stop(ps, p) && !is_joint(ps, p);
}

static QueryNode *
take_any(QueryParser *ps, const QueryName *name)
{
	GPtrArray *any = new_nodes();
	const char *behind = NULL;

	for (;;) {
		QueryNode *node = take_all(ps, name);

		if (node != NULL)
			g_ptr_array_add(any, node);
		if (!query_is_operator(ps, ps->p, "OR", &behind))
			break;
		if (node == NULL || !is_operand_next(ps, behind))
			query_note(ps, QUERY_NOTE_OPERATOR, ps->p, 2, NULL);
		ps->p = behind;
	}
	return query_join(QUERY_OR, any);
}

/* The whole --------------------------------------------------------------- */

/* What was left out, as words: nothing else was there. */
static QueryNode *
take_dropped(QueryParser *ps)
{
	static const char *const quotes[] = {
	    "\"", "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e"};
	g_autoptr(GString) text = g_string_new(ps->dropped);

	for (size_t i = 0; i < G_N_ELEMENTS(quotes); i++)
		g_string_replace(text, quotes[i], " ", 0);
	return query_text_node(
	    ps, QUERY_F_ANY, true, ps->q->text, text_collapse(text->str));
}

static int
compare_notes(gconstpointer a, gconstpointer b)
{
	const QueryNote *x = *(QueryNote *const *)a;
	const QueryNote *y = *(QueryNote *const *)b;

	return x->at < y->at ? -1 : x->at > y->at;
}

Query *
query_parse(const char *text, size_t len, int64_t now)
{
	Query *q = g_new0(Query, 1);
	size_t cut = MIN(len, LIMIT_QUERY_BYTES);

	/* No character is cut in two. */
	while (len > cut && cut > 0 && (text[cut] & 0xc0) == 0x80)
		cut--;
	q->text = text_from_octets(text, cut);
	q->notes = g_ptr_array_new_with_free_func(query_note_free);
	QueryParser ps = {
	    .p = q->text, .end = q->text + strlen(q->text), .now = now, .q = q};

	q->root = take_any(&ps, NULL);
	g_assert(ps.p == ps.end && ps.depth == 0);
	if (cut < len)
		query_note(&ps, QUERY_NOTE_LONG, ps.end, 0, NULL);
	if (q->root == NULL && ps.dropped != NULL)
		q->root = take_dropped(&ps);
	g_ptr_array_sort(q->notes, compare_notes);
	if (q->root == NULL)
		query_note(&ps, QUERY_NOTE_NOTHING, q->text, 0, NULL);
	g_free(ps.dropped);
	return q;
}

void
query_free(Query *q)
{
	if (q == NULL)
		return;
	g_ptr_array_unref(q->notes);
	query_node_free(q->root);
	g_free(q->text);
	g_free(q);
}
