/* SPDX-License-Identifier: Apache-2.0 */
#include "search/follow.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "mail/parse.h"
#include "net/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* How often the store is asked whether it changed, and how long nothing is
 * done after a failure, in ms. */
#define LOOK_MS 250
#define PAUSE_MS 5000

/* A batch of so many messages is a flood's: the next one is waited for so
 * long (ms), since each makes a piece of its own that FTS5 has to merge. */
#define FLOOD_MESSAGES 100
#define FLOOD_MS 750

/* Looks in a row without a message after which there is time to merge. */
#define QUIET_LOOKS 4

/* What it asks the store for to know it again: an author that none is. */
#define NOBODY "search"

struct Follow {
	Store *store;
	Index *index;
	char id[AUTHOR_ID_LEN + 1]; /* the store's */
	int64_t post;               /* the last that was looked at */
	FollowSum sum;
	Document *document;
};

/* Beginning --------------------------------------------------------------- */

static bool
begin(Follow *f, GError **err)
{
	IndexMark mark = {0};
	int64_t last = 0;

	G_STATIC_ASSERT(AUTHOR_ID_LEN == INDEX_ID_LEN);
	if (!index_mark(f->index, &mark, err) ||
	    !store_author_id(f->store, NOBODY, f->id, err) ||
	    !store_last_post(f->store, &last, err))
		return false;
	f->post = mark.post;
	/* It is another store's, or that of a later state of this one. */
	if (mark.post > last ||
	    (mark.store[0] != '\0' && !g_str_equal(mark.store, f->id))) {
		f->post = 0;
		return index_empty(f->index, err);
	}
	return true;
}

Follow *
follow_new(Store *s, Index *x, GError **err)
{
	g_autoptr(Follow) f = g_new0(Follow, 1);

	f->store = s;
	f->index = x;
	f->document = document_new();
	return begin(f, err) ? g_steal_pointer(&f) : NULL;
}

void
follow_free(Follow *f)
{
	if (f == NULL)
		return;
	document_free(f->document);
	g_free(f);
}

const FollowSum *
follow_sum(const Follow *f)
{
	return &f->sum;
}

int64_t
follow_post(const Follow *f)
{
	return f->post;
}

/* Reading ----------------------------------------------------------------- */

/* Those that are gone, or damaged, which fsck tells of, are passed over. */
static void
pass_over(int64_t post, const GError *why)
{
	if (!g_error_matches(why, ERR, ERR_GONE))
		log_warn("not indexed: post=%" G_GINT64_FORMAT ": %s", post,
		    why->message);
}

/* Add the heads of the next posts to batch; *last is the last one's. */
static bool
read_batch(Follow *f, GPtrArray *batch, int64_t *last, GError **err)
{
	uint64_t n_bytes = 0;

	for (guint n = 0;
	     n < LIMIT_FOLLOW_MESSAGES && n_bytes < LIMIT_FOLLOW_BYTES; n++) {
		g_autoptr(GError) why = NULL;
		int64_t post = store_next(f->store, 0, *last, &why);
		Head *head = NULL;

		if (why != NULL) {
			g_propagate_error(err, g_steal_pointer(&why));
			return false;
		}
		if (post == 0)
			break;
		*last = post;
		head = store_head(f->store, post, &why);
		if (head != NULL) {
			n_bytes += head->size;
			g_ptr_array_add(batch, head);
		} else {
			pass_over(post, why);
		}
	}
	return true;
}

static gint
by_date(gconstpointer left, gconstpointer right)
{
	const Head *a = *(Head *const *)left, *b = *(Head *const *)right;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return a->post < b->post ? -1 : 1;
}

/* Writing ----------------------------------------------------------------- */

static bool
write_one(Follow *f, const Head *h, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(ReadMsg) m = read_msg_of(f->store, h, &why);
	IndexEntry entry = {
	    .post = h->post, .list = h->list, .date = h->date, .size = h->size};

	if (m == NULL) {
		pass_over(h->post, why);
		return true;
	}
	document_make(f->document, m->outline, m->raw);
	f->sum.n++;
	f->sum.bytes += h->size;
	f->sum.text_bytes += f->document->text_bytes;
	return store_author_id(f->store, h->from_addr, entry.author, err) &&
	       index_add(f->index, &entry, f->document, err);
}

/* By their dates, so that numbers go up: see index_add. */
static bool
write_batch(Follow *f, GPtrArray *batch, GError **err)
{
	g_ptr_array_sort(batch, by_date);
	for (guint i = 0; i < batch->len; i++)
		if (!write_one(f, batch->pdata[i], err))
			return false;
	return true;
}

static void
free_head(gpointer head)
{
	store_head_free(head);
}

static bool
index_batch(Follow *f, IndexMark *mark, GError **err)
{
	g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func(free_head);
	bool ok = false;

	/* Whoever removes a message now waits for us, and then finds it. */
	if (!index_begin(f->index, err))
		return false;
	if (store_read_begin(f->store, err)) {
		/* Another process may have gone on since. */
		ok = index_mark(f->index, mark, err) &&
		     read_batch(f, batch, &mark->post, err) &&
		     write_batch(f, batch, err);
		store_read_end(f->store);
	}
	memcpy(mark->store, f->id, sizeof f->id);
	if (ok && index_set_mark(f->index, mark, err))
		return index_commit(f->index, err);
	index_rollback(f->index);
	return false;
}

bool
follow_some(Follow *f, bool *more, GError **err)
{
	const FollowSum before = f->sum;
	IndexMark mark = {0};
	int64_t next = 0;
	g_autoptr(GError) why = NULL;

	/* Without a lock, which is not for the asking alone. */
	next = store_next(f->store, 0, f->post, &why);
	if (why != NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	*more = next != 0;
	if (next == 0)
		return true;
	bool ok = index_batch(f, &mark, err);

	if (ok)
		f->post = mark.post;
	else
		f->sum = before;
	return ok;
}

static bool
remove_all(Index *x, const GPtrArray *all, GError **err)
{
	g_autoptr(Document) d = document_new();

	if (!index_begin(x, err))
		return false;
	for (guint i = 0; i < all->len; i++) {
		const ReadMsg *m = all->pdata[i];

		document_make(d, m->outline, m->raw);
		if (!index_remove(x, m->head->post, d, err)) {
			index_rollback(x);
			return false;
		}
	}
	return index_commit(x, err);
}

bool
follow_forget(
    const char *dir, const GPtrArray *all, bool *overwritten, GError **err)
{
	g_autofree char *path =
	    g_build_filename(dir, INDEX_FOLDER, "index.db", NULL);
	g_autoptr(Index) x = NULL;
	bool more = true;

	*overwritten = true;
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return true;
	x = index_open(dir, INDEX_WRITE, err);
	if (x == NULL || !index_overwrite(x, err) || !remove_all(x, all, err))
		return false;
	/* Until they are merged the words stand where they stood, and beside
	 * them that they are gone. */
	while (more)
		if (!index_merge(x, true, &more, err))
			return false;
	*overwritten = index_checkpoint(x);
	return true;
}

/* The role ---------------------------------------------------------------- */

typedef struct {
	const Conf *conf;
	Loop *loop;
	LoopSource *timer;
	Store *store;
	Index *index;
	Follow *follow;
	int64_t version; /* of the store when all of it was indexed */
	int n_quiet;     /* looks since there was a message */
	bool merged;     /* nothing is left to be merged */
} Role;

static bool
open_all(Role *r, GError **err)
{
	if (r->store == NULL)
		r->store = store_open(r->conf->store, STORE_READ, err);
	if (r->store != NULL && r->index == NULL)
		r->index = index_open(r->conf->store, INDEX_WRITE, err);
	if (r->index != NULL && r->follow == NULL)
		r->follow = follow_new(r->store, r->index, err);
	return r->follow != NULL;
}

static void
close_all(Role *r)
{
	g_clear_pointer(&r->follow, follow_free);
	g_clear_pointer(&r->index, index_close);
	g_clear_pointer(&r->store, store_close);
}

/* After how many ms to go on behind a batch: at once if there was no room for
 * more in it. */
static int
how_long(const FollowSum *before, const FollowSum *after)
{
	uint64_t n = after->n - before->n;

	return n >= FLOOD_MESSAGES && n < LIMIT_FOLLOW_MESSAGES &&
		       after->bytes - before->bytes < LIMIT_FOLLOW_BYTES
		   ? FLOOD_MS
		   : 0;
}

/* Do some of what there is to do.  Returns after how many ms to go on. */
static int
work(Role *r, GError **err)
{
	bool more = false;
	int64_t version = 0;

	if (!open_all(r, err))
		return PAUSE_MS;
	version = store_version(r->store);
	if (version != r->version) {
		const FollowSum before = *follow_sum(r->follow);

		if (!follow_some(r->follow, &more, err))
			return PAUSE_MS;
		if (!more) {
			r->version = version;
			return LOOK_MS;
		}
		r->merged = false;
		r->n_quiet = 0;
		return how_long(&before, follow_sum(r->follow));
	}
	if (r->merged || ++r->n_quiet < QUIET_LOOKS)
		return LOOK_MS;
	if (!index_merge(r->index, false, &more, err))
		return PAUSE_MS;
	r->merged = !more;
	return 0;
}

static void
look(void *arg)
{
	Role *r = arg;
	g_autoptr(GError) err = NULL;
	int ms = work(r, &err);

	if (err != NULL) {
		log_error("%s", err->message);
		close_all(r);
		r->version = 0;
	}
	loop_timer_set(r->timer, ms);
}

static void
stop(void *arg)
{
	Role *r = arg;

	loop_stop(r->loop);
}

int
follow_run(const Conf *conf)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Loop) loop = loop_new();
	Role r = {.conf = conf, .loop = loop};
	LoopSource *term = loop_signal(loop, SIGTERM, stop, &r);

	parse_init();
	if (conf->sandbox && !sandbox_enter(SANDBOX_INDEX, conf->store, &err)) {
		log_error("%s", err->message);
		return EXIT_FAILURE;
	}
	r.timer = loop_timer(loop, 0, look, &r);
	loop_run(loop);
	loop_source_free(r.timer);
	loop_source_free(term);
	close_all(&r);
	return EXIT_SUCCESS;
}
