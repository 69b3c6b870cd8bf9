/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/thread.h"

#include <stdbool.h>
#include <string.h>

#define NONE SIZE_MAX

/* A message, or a ghost: an id that is only referred to. */
typedef struct {
	uint64_t id;
	size_t parent;
	size_t set; /* union-find: towards the head of its set */

	size_t n_live; /* children below which there is a message */
	size_t child;  /* the only live child, where n_live is 1 */
	int64_t date;
	size_t order; /* among equal dates */
	bool ghost, stands;

	/* The final tree. */
	size_t up, first, last, next, row;
} Node;

typedef struct {
	const ThreadMsg *msgs;
	size_t n_msgs;
	ThreadKnown known;
	void *user;
	GArray *nodes;  /* Node: messages by index, then ghosts */
	size_t *slots;  /* open addressing: a node's index, or NONE */
	size_t n_slots; /* a power of two, more than twice the nodes */
} Forest;

uint64_t
thread_id(const char *message_id)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	unsigned char digest[32];
	gsize len = sizeof digest;
	uint64_t id = 0;

	g_checksum_update(sum, (const guchar *)message_id, -1);
	g_checksum_get_digest(sum, digest, &len);
	for (size_t i = 0; i < sizeof id; i++)
		id = id << 8 | digest[i];
	return id != 0 ? id : 1;
}

static Node *
node(const Forest *f, size_t i)
{
	return &g_array_index(f->nodes, Node, i);
}

static size_t
add_node(Forest *f, uint64_t id, bool ghost)
{
	size_t i = f->nodes->len;
	Node v = {.id = id,
	    .parent = NONE,
	    .set = i,
	    .child = NONE,
	    .date = G_MAXINT64,
	    .order = NONE,
	    .ghost = ghost,
	    .up = NONE,
	    .first = NONE,
	    .last = NONE,
	    .next = NONE,
	    .row = THREAD_GHOST};

	g_array_append_val(f->nodes, v);
	return i;
}

/* Ids --------------------------------------------------------------------- */

/* Where id stands in the table, or the free slot where it would. */
static size_t *
find_slot(const Forest *f, uint64_t id)
{
	/* Ids are digests: their bits need no more mixing. */
	size_t i = (size_t)id & (f->n_slots - 1);

	while (f->slots[i] != NONE && node(f, f->slots[i])->id != id)
		i = (i + 1) & (f->n_slots - 1);
	return &f->slots[i];
}

static size_t
find_or_add(Forest *f, uint64_t id)
{
	size_t *slot = find_slot(f, id);

	if (*slot == NONE)
		*slot = add_node(f, id, true);
	return *slot;
}

static void
add_messages(Forest *f)
{
	size_t n = 1;

	for (size_t i = 0; i < f->n_msgs; i++)
		n += 1 + f->msgs[i].n_refs;
	for (f->n_slots = 2; f->n_slots < 2 * n; f->n_slots *= 2)
		;
	f->slots = g_new(size_t, f->n_slots);
	memset(f->slots, 0xff, f->n_slots * sizeof *f->slots);
	for (size_t i = 0; i < f->n_msgs; i++) {
		Node *v = node(f, add_node(f, f->msgs[i].id, false));
		size_t *slot;

		v->date = f->msgs[i].date;
		v->order = i;
		if (v->id == 0)
			continue;
		slot = find_slot(f, v->id);
		if (*slot == NONE)
			*slot = i;
	}
}

/* Linking ------------------------------------------------------------------ */

static size_t
find_set(Forest *f, size_t i)
{
	while (node(f, i)->set != i) {
		Node *v = node(f, i);

		v->set = node(f, v->set)->set;
		i = v->set;
	}
	return i;
}

/*
 * Make parent the parent of child, which has none: it is the root of its
 * tree, so that there is a circle exactly if parent is in that tree.
 * Links are never undone, so a union-find knows.  Returns false if it was
 * not done.
 */
static bool
link_nodes(Forest *f, size_t parent, size_t child)
{
	size_t above = find_set(f, parent), below = find_set(f, child);

	g_assert(node(f, child)->parent == NONE);
	if (above == below)
		return false;
	node(f, child)->parent = parent;
	node(f, below)->set = above;
	return true;
}

/* Give each message the parent that it names itself. */
static void
link_messages(Forest *f)
{
	for (size_t i = 0; i < f->n_msgs; i++) {
		const ThreadMsg *m = &f->msgs[i];

		for (size_t k = m->n_refs; k-- > 0;) {
			if (m->refs[k] == 0 || m->refs[k] == m->id)
				continue;
			if (link_nodes(f, find_or_add(f, m->refs[k]), i))
				break;
		}
	}
}

/* Give parents to ancestors that have none, as the messages name them. */
static void
link_ancestors(Forest *f)
{
	for (size_t i = 0; i < f->n_msgs; i++) {
		const ThreadMsg *m = &f->msgs[i];
		size_t above = NONE;

		for (size_t k = 0; k < m->n_refs; k++) {
			size_t v;

			if (m->refs[k] == 0 || m->refs[k] == m->id)
				continue;
			v = find_or_add(f, m->refs[k]);
			if (above != NONE && v != above &&
			    node(f, v)->parent == NONE)
				link_nodes(f, above, v);
			above = v;
		}
	}
}

/* Messages whose id is another's go beside that one. */
static void
link_duplicates(Forest *f)
{
	for (size_t i = 0; i < f->n_msgs; i++) {
		Node *v = node(f, i);

		if (v->id != 0 && v->parent == NONE)
			v->parent = node(f, *find_slot(f, v->id))->parent;
	}
}

/* Ghosts ------------------------------------------------------------------- */

static void
add_child(Forest *f, size_t parent, size_t child)
{
	Node *v = node(f, parent);

	if (v->last == NONE)
		v->first = child;
	else
		node(f, v->last)->next = child;
	v->last = child;
}

/* All nodes, parents before children. */
static size_t *
from_the_top(Forest *f)
{
	size_t n = f->nodes->len, done = 0;
	size_t *order = g_new(size_t, n + 1);

	for (size_t i = 0; i < n; i++) {
		if (node(f, i)->parent == NONE)
			order[done++] = i;
		else
			add_child(f, node(f, i)->parent, i);
	}
	for (size_t i = 0; i < done; i++) {
		size_t c = node(f, order[i])->first;

		for (; c != NONE; c = node(f, c)->next)
			order[done++] = c;
	}
	g_assert(done == n);
	return order;
}

/* From below, find out which ghosts hold children together, and when the
 * first of those was written. */
static void
count_live(Forest *f, const size_t *order)
{
	for (size_t i = f->nodes->len; i-- > 0;) {
		Node *v = node(f, order[i]), *up;

		v->stands = !v->ghost || v->n_live >= 2;
		if (v->ghost && v->n_live > 0 && f->known != NULL &&
		    f->known(v->id, f->user))
			v->stands = true;
		if (v->parent == NONE || (v->ghost && v->n_live == 0))
			continue;
		up = node(f, v->parent);
		up->n_live++;
		up->child = order[i];
		if (up->ghost &&
		    (v->date < up->date ||
			(v->date == up->date && v->order < up->order))) {
			up->date = v->date;
			up->order = v->order;
		}
	}
}

/* Keep one ghost at the root, and find each node's final parent. */
static void
prune(Forest *f, const size_t *order)
{
	for (size_t i = 0; i < f->nodes->len; i++) {
		size_t at = order[i];
		Node *v = node(f, at);

		v->first = v->last = v->next = NONE;
		if (v->parent != NONE) {
			const Node *up = node(f, v->parent);

			v->up = up->stands ? v->parent : up->up;
			continue;
		}
		while (node(f, at)->n_live == 1 && !node(f, at)->stands &&
		       node(f, node(f, at)->child)->ghost)
			at = node(f, at)->child;
		if (node(f, at)->n_live > 0)
			node(f, at)->stands = true;
	}
}

/* Reading order --------------------------------------------------------------
 */

static int
compare(const void *a, const void *b, void *arg)
{
	const Forest *f = arg;
	const Node *x = node(f, *(const size_t *)a);
	const Node *y = node(f, *(const size_t *)b);

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return 0;
}

/* Hang the nodes that stand under one another, eldest first; the roots
 * under top. */
static void
hang(Forest *f, size_t *order, size_t top)
{
	size_t n = 0;

	for (size_t i = 0; i < top; i++)
		if (node(f, i)->stands)
			order[n++] = i;
	g_qsort_with_data(order, (int)n, sizeof *order, compare, f);
	for (size_t i = 0; i < n; i++) {
		Node *v = node(f, order[i]);

		if (v->up == NONE)
			v->up = top;
		add_child(f, v->up, order[i]);
	}
}

static void
add_row(Forest *f, GArray *rows, size_t at, unsigned int depth)
{
	Node *v = node(f, at);
	ThreadRow row = {.msg = v->ghost ? THREAD_GHOST : at,
	    .id = v->ghost ? v->id : 0,
	    .depth = depth,
	    .parent = node(f, v->up)->row};

	v->row = rows->len;
	g_array_append_val(rows, row);
}

/* Every node below top, a parent before its children. */
static GArray *
walk(Forest *f, size_t top)
{
	GArray *rows =
	    g_array_sized_new(FALSE, FALSE, sizeof(ThreadRow), f->nodes->len);
	size_t at = node(f, top)->first;
	unsigned int depth = 0;

	while (at != NONE) {
		add_row(f, rows, at, depth);
		if (node(f, at)->first != NONE) {
			at = node(f, at)->first;
			depth++;
			continue;
		}
		while (at != top && node(f, at)->next == NONE) {
			at = node(f, at)->up;
			depth--;
		}
		at = at == top ? NONE : node(f, at)->next;
	}
	return rows;
}

GArray *
thread_forest(const ThreadMsg *msgs, size_t n, ThreadKnown known, void *user)
{
	Forest f = {.msgs = msgs,
	    .n_msgs = n,
	    .known = known,
	    .user = user,
	    .nodes =
		g_array_sized_new(FALSE, FALSE, sizeof(Node), (guint)n + 1)};
	size_t *order;
	size_t top;
	GArray *rows;

	add_messages(&f);
	link_messages(&f);
	link_ancestors(&f);
	link_duplicates(&f);
	order = from_the_top(&f);
	count_live(&f, order);
	prune(&f, order);
	top = add_node(&f, 0, true);
	hang(&f, order, top);
	rows = walk(&f, top);
	g_assert(rows->len >= n);
	g_free(order);
	g_free(f.slots);
	g_array_unref(f.nodes);
	return rows;
}
