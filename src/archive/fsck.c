/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/fsck.h"

#include "archive/ingest.h"
#include "base/err.h"
#include "mail/thread.h"

/* Messages between two calls of progress. */
#define STEP 64

/* A message as its bytes say it is, or, if it was removed, what is left. */
typedef struct {
	StoreGone *gone;
	IngestMsg *mail;
	StorePost post;
	StoreDerived derived;
} Read;

static void
read_clear(Read *r)
{
	g_clear_pointer(&r->mail, ingest_msg_free);
	g_clear_pointer(&r->gone, store_gone_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Read, read_clear)

/* Read a message; if that cannot be, it is a fault, and r->mail NULL. */
static bool
read_message(
    Store *s, int64_t post, const FsckHooks *hooks, Read *r, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) raw = NULL;

	if (!store_post(s, post, &r->post, err))
		return false;
	raw = store_raw(s, post, &why);
	if (g_error_matches(why, ERR, ERR_GONE)) {
		r->gone = store_gone(s, post, err);
		return r->gone != NULL;
	}
	if (raw == NULL) {
		hooks->fault(hooks->arg, why->message);
		return true;
	}
	r->mail = ingest_msg_new(raw, r->post.arrived);
	r->derived = (StoreDerived){
	    .post = post,
	    .msg = r->mail->msg,
	    .links = &r->mail->links,
	    .date = ingest_date(r->mail->msg, r->post.came),
	};
	return true;
}

static bool
go_on(const FsckHooks *hooks, uint64_t done, uint64_t all, GError **err)
{
	if (done % STEP != 0 && done != all)
		return true;
	if (hooks->progress(hooks->arg, done, MAX(done, all)))
		return true;
	return err_set(err, ERR_BUSY, "stopped before the end");
}

/* Threads ------------------------------------------------------------------ */

/*
 * Posts are together if ids unite them, and not otherwise.  The ids of all
 * posts are sorted, 24 bytes each; each run of equal ones unites its
 * posts; what comes out must be the same as what the heads say.
 */
typedef struct {
	int64_t list;
	uint64_t id;
	guint node;
} Named;

typedef struct {
	int64_t post, thread;
	guint up; /* towards the node that stands for all of its group */
} Node;

typedef struct {
	GArray *named; /* Named */
	GArray *nodes; /* Node */
	uint64_t n_keys, n_ids, n_unread;
} Check;

static void
check_init(Check *c)
{
	c->named = g_array_new(FALSE, FALSE, sizeof(Named));
	c->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
}

static void
check_clear(Check *c)
{
	g_clear_pointer(&c->named, g_array_unref);
	g_clear_pointer(&c->nodes, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

static void
name_node(Check *c, int64_t list, uint64_t id)
{
	Named n = {list, id, c->nodes->len - 1};

	if (id != 0)
		g_array_append_val(c->named, n);
}

/* Remember one that was removed, whose ids are all there is. */
static void
add_gone(Check *c, const StoreGone *g)
{
	Node n = {.post = g->post, .thread = g->thread, .up = c->nodes->len};

	if (g->thread == 0)
		return;
	g_array_append_val(c->nodes, n);
	for (guint i = 0; i < g->ids->len; i++)
		name_node(c, g->list, g_array_index(g->ids, uint64_t, i));
}

/* Remember post with its ids, its copies' among them. */
static bool
add_node(Store *s, Check *c, const Read *r, GError **err)
{
	const Msg *m = r->derived.msg;
	g_autoptr(GPtrArray) copies = store_copies(s, r->derived.post, err);
	g_autoptr(GError) why = NULL;
	g_autoptr(Head) head = store_head(s, r->derived.post, &why);
	Node n = {.post = r->derived.post, .up = c->nodes->len};

	if (copies == NULL)
		return false;
	/* That it has none is told already. */
	if (head == NULL)
		return true;
	n.thread = head->thread;
	g_array_append_val(c->nodes, n);
	if (m->id != NULL)
		name_node(c, r->post.list, thread_id(m->id));
	for (size_t i = 0; i < m->n_refs; i++)
		name_node(c, r->post.list, thread_id(m->refs[i]));
	for (guint i = 0; i < copies->len; i++)
		name_node(c, r->post.list, thread_id(copies->pdata[i]));
	return true;
}

static gint
by_name(gconstpointer left, gconstpointer right)
{
	const Named *a = left, *b = right;

	if (a->list != b->list)
		return a->list < b->list ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static guint
top_of(GArray *nodes, guint i)
{
	Node *n = (Node *)(void *)nodes->data;

	while (n[i].up != i) {
		n[i].up = n[n[i].up].up;
		i = n[i].up;
	}
	return i;
}

static gint
by_thread(gconstpointer left, gconstpointer right)
{
	const Node *a = left, *b = right;

	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return a->post < b->post ? -1 : a->post > b->post;
}

static void
tell_split(const FsckHooks *hooks, const Node *a, const Node *b)
{
	g_autofree char *what = g_strdup_printf("messages %" G_GINT64_FORMAT
						" and %" G_GINT64_FORMAT
						" should %sbe in one thread",
	    a->post, b->post, a->thread == b->thread ? "not " : "");

	hooks->fault(hooks->arg, what);
}

static void
check_threads(Check *c, const FsckHooks *hooks)
{
	Named *named = (Named *)(void *)c->named->data;
	Node *n = (Node *)(void *)c->nodes->data;

	g_array_sort(c->named, by_name);
	c->n_ids = c->named->len > 0 ? 1 : 0;
	for (guint i = 1; i < c->named->len; i++) {
		guint a = top_of(c->nodes, named[i - 1].node);
		guint b = top_of(c->nodes, named[i].node);

		if (by_name(&named[i - 1], &named[i]) == 0)
			n[MAX(a, b)].up = MIN(a, b);
		else
			c->n_ids++;
	}
	/* Groups that are whole in one thread each, and in different ones,
	 * are the threads.  First that they are whole: */
	for (guint i = 0; i < c->nodes->len; i++) {
		guint top = top_of(c->nodes, i);

		if (n[i].thread != n[top].thread)
			tell_split(hooks, &n[top], &n[i]);
	}
	/* Then that no two tops share a thread; what a message that can't be
	 * read brought together nobody knows. */
	if (c->n_unread > 0)
		return;
	g_autoptr(GArray) tops = g_array_new(FALSE, FALSE, sizeof(Node));
	for (guint i = 0; i < c->nodes->len; i++)
		if (n[i].up == i)
			g_array_append_val(tops, n[i]);
	g_array_sort(tops, by_thread);
	for (guint i = 1; i < tops->len; i++) {
		const Node *a = &g_array_index(tops, Node, i - 1);
		const Node *b = &g_array_index(tops, Node, i);

		if (a->thread == b->thread)
			tell_split(hooks, a, b);
	}
}

/* Checking ----------------------------------------------------------------- */

/* Whether the permalink of r leads to it; told, if not. */
static bool
check_permalink(
    Store *s, const Read *r, int64_t post, const FsckHooks *hooks, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *what = NULL;
	char key[KEY_LEN + 1];

	if (store_find_permalink(s, r->post.list, r->post.key, &why) == post)
		return true;
	if (why != NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	permalink_key(r->post.key, key);
	what = g_strdup_printf("message %" G_GINT64_FORMAT
			       ": its permalink, %s, does not lead to it",
	    post, key);
	hooks->fault(hooks->arg, what);
	return true;
}

static bool
check_one(
    Store *s, int64_t post, Check *c, const FsckHooks *hooks, GError **err)
{
	g_auto(Read) r = {0};

	if (!read_message(s, post, hooks, &r, err) ||
	    !check_permalink(s, &r, post, hooks, err))
		return false;
	if (r.gone != NULL) {
		add_gone(c, r.gone);
		return store_check_gone(
		    s, r.gone, &c->n_keys, hooks->fault, hooks->arg, err);
	}
	if (r.mail == NULL) {
		c->n_unread++;
		return true;
	}
	return store_check_post(
		   s, &r.derived, &c->n_keys, hooks->fault, hooks->arg, err) &&
	       add_node(s, c, &r, err);
}

/* A page that is damaged is told of, with the message that is behind it, and
 * does not keep others from being looked at. */
static bool
check_message(
    Store *s, int64_t post, Check *c, const FsckHooks *hooks, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *what = NULL;

	if (check_one(s, post, c, hooks, &why))
		return true;
	if (!g_error_matches(why, ERR, ERR_IO)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	c->n_unread++;
	what = g_strdup_printf(
	    "message %" G_GINT64_FORMAT ": %s", post, why->message);
	hooks->fault(hooks->arg, what);
	return true;
}

/* Move *post on to the next one, 0 at the end, over those that can't be
 * read, which are told of.  No number is left out where all is well. */
static bool
go_to_next(
    Store *s, int64_t *post, Check *c, const FsckHooks *hooks, GError **err)
{
	g_autoptr(GError) why = NULL;
	int64_t after = *post;
	StorePost row;

	*post = store_next(s, 0, after, &why);
	if (*post == after + 1 && store_post(s, *post, &row, &why))
		return true;
	if (why != NULL && !g_error_matches(why, ERR, ERR_IO) &&
	    !g_error_matches(why, ERR, ERR_NOTFOUND)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	if (why != NULL) {
		c->n_unread++;
		hooks->fault(hooks->arg, why->message);
	}
	*post =
	    store_check_lost(s, after, &c->n_unread, hooks->fault, hooks->arg);
	return true;
}

/* Every name was looked for; whether there are more of them. */
static bool
check_counts(Store *s, const Check *c, const FsckHooks *hooks, GError **err)
{
	uint64_t n_keys = 0, n_ids = 0;

	/* What a message that can't be read is called nobody knows. */
	if (c->n_unread > 0)
		return true;
	if (!store_count_names(s, &n_keys, &n_ids, err))
		return false;
	if (n_keys > c->n_keys)
		hooks->fault(hooks->arg, "there are keys that no message has");
	if (n_ids > c->n_ids)
		hooks->fault(hooks->arg,
		    "there are Message-IDs in threads that no message "
		    "names");
	return true;
}

static bool
check_messages(Store *s, Check *c, const FsckHooks *hooks, GError **err)
{
	uint64_t n = 0, bytes = 0, done = 0;
	int64_t post = 0;

	/* Only the progress depends on it. */
	(void)store_count(s, 0, &n, &bytes, NULL);
	if (!go_to_next(s, &post, c, hooks, err))
		return false;
	while (post != 0)
		if (!check_message(s, post, c, hooks, err) ||
		    !go_on(hooks, ++done, n, err) ||
		    !go_to_next(s, &post, c, hooks, err))
			return false;
	check_threads(c, hooks);
	return check_counts(s, c, hooks, err);
}

/* Passes faults on, and counts them. */
typedef struct {
	const FsckHooks *hooks;
	uint64_t n;
} Counted;

static void
count_fault(void *arg, const char *what)
{
	Counted *c = arg;

	c->n++;
	c->hooks->fault(c->hooks->arg, what);
}

bool
fsck_check(Store *s, const FsckHooks *hooks, GError **err)
{
	g_auto(Check) c = {0};
	Counted counted = {hooks, 0};
	bool ok = false;

	check_init(&c);
	/* One snapshot, so that a message that comes in is no fault. */
	if (!store_read_begin(s, err))
		return false;
	store_check(s, count_fault, &counted);
	ok = check_messages(s, &c, hooks, err);
	store_read_end(s);
	return ok;
}

/* Rebuilding -----------------------------------------------------------------
 */

static bool
rebuild_message(Store *s, int64_t post, const FsckHooks *hooks, GError **err)
{
	g_auto(Read) r = {0};

	if (!read_message(s, post, hooks, &r, err))
		return false;
	if (r.gone != NULL)
		return store_rebuild_gone(s, r.gone, err);
	return r.mail == NULL || store_rebuild_post(s, &r.derived, err);
}

static bool
rebuild_messages(Store *s, uint64_t n, const FsckHooks *hooks, GError **err)
{
	GError *why = NULL;
	uint64_t done = 0;
	int64_t post = 0;

	while ((post = store_next(s, 0, post, &why)) != 0)
		if (!rebuild_message(s, post, hooks, err) ||
		    !go_on(hooks, ++done, n, err))
			return false;
	if (why == NULL)
		return true;
	g_propagate_error(err, why);
	return false;
}

bool
fsck_rebuild(Store *s, const FsckHooks *hooks, GError **err)
{
	uint64_t n = 0, bytes = 0;

	/* Only the progress depends on it, and it may be what is damaged. */
	(void)store_count(s, 0, &n, &bytes, NULL);
	if (!store_rebuild_begin(s, err))
		return false;
	if (rebuild_messages(s, n, hooks, err))
		return store_rebuild_end(s, err);
	store_rollback(s);
	return false;
}
