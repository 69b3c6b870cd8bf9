/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/read.h"

#include "archive/stream.h"
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/unsubscribe.h"

#include <string.h>

/* Lists ------------------------------------------------------------------- */

/* list if anyone may read it; else it does not exist. */
static StoreList *
if_public(StoreList *list, GError **err)
{
	if (list == NULL || list->policy == POLICY_PUBLIC)
		return list;
	store_list_free(list);
	err_set(err, ERR_NOTFOUND, "no such list");
	return NULL;
}

StoreList *
read_list(Store *s, const char *name, GError **err)
{
	return if_public(store_list_find(s, name, err), err);
}

StoreList *
read_list_get(Store *s, int64_t list, GError **err)
{
	return if_public(store_list_get(s, list, err), err);
}

/* lists less those that are not public. */
static GPtrArray *
public_alone(GPtrArray *lists)
{
	for (guint i = lists == NULL ? 0 : lists->len; i > 0; i--) {
		const StoreList *l = lists->pdata[i - 1];

		if (l->policy != POLICY_PUBLIC)
			g_ptr_array_remove_index(lists, i - 1);
	}
	return lists;
}

GPtrArray *
read_lists(Store *s, GError **err)
{
	return public_alone(store_lists(s, err));
}

GPtrArray *
read_lists_called(Store *s, const char *local, GError **err)
{
	return public_alone(store_lists_called(s, local, err));
}

/* What a list is called in front of "@" and of its List-Id's first dot. */
static char **
local_names(const StoreList *list)
{
	GStrvBuilder *names = g_strv_builder_new();
	g_autofree char *label =
	    g_strndup(list->list_id, strcspn(list->list_id, "."));

	g_strv_builder_add(names, label);
	for (char **addr = list->addresses; *addr != NULL; addr++) {
		g_autofree char *raw = g_strndup(*addr, strcspn(*addr, "@"));
		g_autofree char *local = g_ascii_strdown(raw, -1);

		g_strv_builder_add(names, local);
	}
	char **all = g_strv_builder_end(names);

	g_strv_builder_unref(names);
	return all;
}

void
read_ways(Store *s, const StoreList *list, Ways *out)
{
	g_autoptr(GPtrArray) heads =
	    store_newest(s, list->id, LIMIT_WAYS_MESSAGES, NULL);
	g_auto(GStrv) names = local_names(list);
	GStrvBuilder *all = g_strv_builder_new();

	g_strv_builder_add(all, list->list_id);
	for (char **name = list->names; *name != NULL; name++)
		g_strv_builder_add(all, *name);
	g_auto(GStrv) ids = g_strv_builder_end(all);

	g_strv_builder_unref(all);
	for (guint i = 0; heads != NULL && i < heads->len; i++) {
		const Head *h = heads->pdata[i];
		g_autoptr(GBytes) raw = h->size <= LIMIT_WAYS_MESSAGE_BYTES
					    ? store_raw_of(s, h, NULL)
					    : NULL;
		gsize len = 0;
		const char *bytes =
		    raw != NULL ? g_bytes_get_data(raw, &len) : NULL;

		if (bytes != NULL)
			ways_add(out, bytes, len, (const char *const *)ids,
			    (const char *const *)names);
	}
	if (out->n < LIMIT_WAYS_ENOUGH) {
		ways_clear(out);
		ways_init(out);
	}
}

typedef struct {
	int64_t list;
	size_t distance;
} Like;

static gint
by_distance(gconstpointer left, gconstpointer right)
{
	const Like *a = left, *b = right;

	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	return a->list < b->list ? -1 : a->list > b->list;
}

/* How far asked is from name, or from its first label, which people know
 * a list by; both in lower case. */
static size_t
distance_of(const char *asked, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	size_t whole = text_distance(asked, lower);

	if (strpbrk(asked, "@.") != NULL)
		return whole;
	lower[strcspn(lower, "@.")] = '\0';
	return MIN(whole, text_distance(asked, lower));
}

/* Of names those that are near asked: Like, by distance. */
static GArray *
names_like(const GPtrArray *names, const char *asked)
{
	GArray *like = g_array_new(FALSE, FALSE, sizeof(Like));
	g_autofree char *lower = g_ascii_strdown(asked, -1);
	size_t len = strlen(asked), far = len < 4 ? 0 : len < 12 ? 1 : 2;

	for (guint i = 0; i < names->len; i++) {
		const StoreName *n = names->pdata[i];
		Like one = {.list = n->list, .distance = far + 1};

		if (strlen(n->name) <= LIMIT_NEAR_BYTES)
			one.distance = distance_of(lower, n->name);
		if (one.distance <= far)
			g_array_append_val(like, one);
	}
	g_array_sort(like, by_distance);
	return like;
}

static bool
has_list(const GPtrArray *lists, int64_t list)
{
	for (guint i = 0; i < lists->len; i++)
		if (((const StoreList *)lists->pdata[i])->id == list)
			return true;
	return false;
}

GPtrArray *
read_lists_like(Store *s, const char *name, GError **err)
{
	g_autoptr(GPtrArray) lists =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_list_free);
	g_autoptr(GPtrArray) names =
	    store_list_names(s, POLICY_PUBLIC, LIMIT_NEAR_NAMES, err);

	if (names == NULL)
		return NULL;
	if (strlen(name) > LIMIT_NEAR_BYTES)
		return g_steal_pointer(&lists);
	g_autoptr(GArray) like = names_like(names, name);

	for (guint i = 0; i < like->len && lists->len < LIMIT_NEAR; i++) {
		int64_t id = g_array_index(like, Like, i).list;
		StoreList *l =
		    has_list(lists, id) ? NULL : read_list_get(s, id, NULL);

		if (l != NULL)
			g_ptr_array_add(lists, l);
	}
	return g_steal_pointer(&lists);
}

/* Authors ----------------------------------------------------------------- */

StoreAuthor *
read_author(Store *s, const StoreList *list, const char *id, GError **err)
{
	g_autoptr(GError) why = NULL;
	int64_t author = store_find_author(s, id, &why);

	if (why != NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return NULL;
	}
	/* Number 0 has no message anywhere. */
	return store_author(s, author, list->id, err);
}

static void
free_author_list(gpointer data)
{
	ReadAuthorList *l = data;

	store_list_free(l->list);
	g_free(l);
}

GPtrArray *
read_author_lists(Store *s, const StoreAuthor *author, GError **err)
{
	g_autoptr(GPtrArray) out =
	    g_ptr_array_new_with_free_func(free_author_list);
	g_autoptr(GArray) all = store_author_lists(s, author->author, err);

	for (guint i = 0;
	     all != NULL && i < all->len && out->len < LIMIT_PAGE_ROWS; i++) {
		const StoreAuthorList *in =
		    &g_array_index(all, StoreAuthorList, i);
		g_autoptr(GError) why = NULL;
		StoreList *list = read_list_get(s, in->list, &why);
		ReadAuthorList *l = NULL;

		if (list == NULL && g_error_matches(why, ERR, ERR_NOTFOUND))
			continue;
		if (list == NULL) {
			g_propagate_error(err, g_steal_pointer(&why));
			return NULL;
		}
		l = g_new0(ReadAuthorList, 1);
		l->list = list;
		l->n_messages = in->n_messages;
		g_ptr_array_add(out, l);
	}
	return all != NULL ? g_steal_pointer(&out) : NULL;
}

/* Looking up -------------------------------------------------------------- */

void
read_lookup_clear(ReadLookup *l)
{
	g_clear_pointer(&l->hits, g_array_unref);
	l->found = READ_NONE;
}

/* Take out of hits what is in lists that are not public. */
static bool
drop_hidden(Store *s, GArray *hits, GError **err)
{
	for (guint i = hits->len; i > 0; i--) {
		g_autoptr(GError) why = NULL;
		g_autoptr(StoreList) list = read_list_get(
		    s, g_array_index(hits, StoreHit, i - 1).list, &why);

		if (list != NULL)
			continue;
		if (!g_error_matches(why, ERR, ERR_NOTFOUND)) {
			g_propagate_error(err, g_steal_pointer(&why));
			return false;
		}
		g_array_remove_index(hits, i - 1);
	}
	return true;
}

/* A key as it was asked for: its digits, and the bits they stand for. */
typedef struct {
	unsigned char octets[DIGEST_BYTES + 1];
	size_t n_bits;
} Wanted;

static bool
begins_with(const unsigned char *digest, size_t digest_bits, const Wanted *w)
{
	size_t whole = w->n_bits / 8, rest = w->n_bits % 8;

	return w->n_bits <= digest_bits &&
	       memcmp(digest, w->octets, whole) == 0 &&
	       (rest == 0 ||
		   (digest[whole] ^ w->octets[whole]) >> (8 - rest) == 0);
}

/*
 * Whether a post whose key fits has a digest that fits to the last digit.
 * A key of a copy's Message-ID is none of the post's own digests, and is
 * believed, as is one whose message was removed.
 */
static bool
fits_whole(
    Store *s, const StoreHit *hit, const Wanted *w, bool *fits, GError **err)
{
	Wanted key = *w;
	g_autoptr(GError) why = NULL;
	g_autoptr(ReadMsg) m = read_msg(s, hit->post, &why);
	Permalinks links;

	*fits = true;
	if (g_error_matches(why, ERR, ERR_GONE))
		return true;
	if (m == NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	/* All of a large message is not read for the sake of a digit. */
	if (m->partial)
		permalink_of_header(g_bytes_get_data(m->raw, NULL),
		    g_bytes_get_size(m->raw), &links);
	else
		permalink_compute(m->raw, m->outline, &links);
	key.n_bits = 8 * (size_t)KEY_BYTES;
	for (int k = 0; k < N_KEYS; k++) {
		if (!links.has[k] || !begins_with(links.digest[k], 160, &key))
			continue;
		*fits = k < KEY_LEGACY && begins_with(links.digest[k], 256, w);
		if (*fits)
			break;
	}
	return true;
}

static bool
drop_misfits(Store *s, GArray *hits, const Wanted *w, GError **err)
{
	for (guint i = hits->len; i > 0; i--) {
		bool fits = false;

		if (!fits_whole(s, &g_array_index(hits, StoreHit, i - 1), w,
			&fits, err))
			return false;
		if (!fits)
			g_array_remove_index(hits, i - 1);
	}
	return true;
}

/* What hits, permalinks first, mean for w. */
static ReadFound
judge(const GArray *hits, const Wanted *w)
{
	bool held = w->n_bits >= 8 * (size_t)KEY_BYTES && hits->len > 0 &&
		    g_array_index(hits, StoreHit, 0).permalink;

	/* The same permalink in a second list: neither is the one. */
	if (held && hits->len > 1 && g_array_index(hits, StoreHit, 1).permalink)
		held = false;
	if (hits->len == 0)
		return READ_NONE;
	if (hits->len > 1)
		return held ? READ_SHARED : READ_CHOICE;
	return held && w->n_bits == 8 * (size_t)KEY_BYTES ? READ_ONE
							  : READ_MOVED;
}

/* Of several hits, what was removed is offered only where the name is its
 * permalink and no other's, and is then the one. */
static bool
drop_removed(Store *s, GArray *hits, GError **err)
{
	for (guint i = hits->len; hits->len > 1 && i > 0; i--) {
		const StoreHit *hit = &g_array_index(hits, StoreHit, i - 1);
		GError *why = NULL;
		int64_t removed = read_removed(s, hit->post, &why);

		if (why != NULL) {
			g_propagate_error(err, why);
			return false;
		}
		if (removed == 0)
			continue;
		if (i == 1 && hit->permalink && !hit[1].permalink)
			g_array_set_size(hits, 1);
		else
			g_array_remove_index(hits, i - 1);
	}
	return true;
}

static bool
find(Store *s, const StoreList *list, const Wanted *w, ReadLookup *out,
    GError **err)
{
	const size_t key_bits = 8 * (size_t)KEY_BYTES;
	g_autoptr(GArray) hits = store_find(s, list != NULL ? list->id : 0,
	    w->octets, MIN(w->n_bits, key_bits), err);

	if (hits == NULL || (list == NULL && !drop_hidden(s, hits, err)) ||
	    !drop_removed(s, hits, err) ||
	    (w->n_bits > key_bits && !drop_misfits(s, hits, w, err)))
		return false;
	out->found = judge(hits, w);
	out->hits = g_steal_pointer(&hits);
	return true;
}

bool
read_find_key(Store *s, const StoreList *list, const char *name,
    ReadLookup *out, GError **err)
{
	Wanted w = {0};
	size_t len = strlen(name);

	out->found = READ_NONE;
	out->hits = NULL;
	if (len < LIMIT_PREFIX_MIN || len > DIGEST_LEN ||
	    !text_base32_decode(
		name, len, w.octets, sizeof w.octets, &w.n_bits) ||
	    w.octets[DIGEST_BYTES] != 0)
		return true;
	/* The last digit of a whole digest stands for one bit and four
	 * zeros. */
	w.n_bits = MIN(w.n_bits, 8 * (size_t)DIGEST_BYTES);
	return find(s, list, &w, out, err);
}

bool
read_find_id(Store *s, const StoreList *list, const char *id, ReadLookup *out,
    GError **err)
{
	g_autofree char *bare = header_message_id(id);
	unsigned char digest[DIGEST_BYTES];
	Wanted w = {.n_bits = 8 * (size_t)KEY_BYTES};

	out->found = READ_NONE;
	out->hits = NULL;
	if (bare == NULL)
		return true;
	permalink_digest_of_id(bare, KEY_ID, digest);
	memcpy(w.octets, digest, KEY_BYTES);
	return find(s, list, &w, out, err);
}

/* Messages ---------------------------------------------------------------- */

void
read_msg_free(ReadMsg *m)
{
	if (m == NULL)
		return;
	store_head_free(m->owned);
	msg_free(m->outline);
	g_clear_pointer(&m->raw, g_bytes_unref);
	g_free(m);
}

static Msg *
read_outline(const Head *head, GError **err)
{
	g_autoptr(GError) why = NULL;
	Msg *outline =
	    msg_read_outline(head->outline, strlen(head->outline), &why);

	if (outline == NULL)
		err_set(err, ERR_IO, "post %" G_GINT64_FORMAT ": %s",
		    head->post, why->message);
	return outline;
}

ReadMsg *
read_msg_of(Store *s, const Head *head, GError **err)
{
	g_autoptr(ReadMsg) m = g_new0(ReadMsg, 1);

	m->head = head;
	m->outline = read_outline(head, err);
	if (m->outline == NULL)
		return NULL;
	m->partial = head->size > LIMIT_WHOLE_BYTES;
	m->raw = m->partial ? stream_shown(s, head, m->outline, err)
			    : store_raw_of(s, head, err);
	return m->raw != NULL ? g_steal_pointer(&m) : NULL;
}

/* Make the offsets of m's outline those in its bytes from off on.  Returns
 * false if a part begins before. */
static bool
shift_parts(Msg *m, size_t off)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].off < off)
			return false;
	for (size_t i = 0; i < m->n_parts; i++)
		m->parts[i].off -= off;
	return true;
}

ReadMsg *
read_body_of(Store *s, const Head *head, GError **err)
{
	g_autoptr(ReadMsg) m = g_new0(ReadMsg, 1);
	size_t off = 0;

	if (head->size > LIMIT_WHOLE_BYTES)
		return read_msg_of(s, head, err);
	m->head = head;
	m->outline = read_outline(head, err);
	if (m->outline == NULL)
		return NULL;
	m->raw = store_body_of(s, head, &off, err);
	if (m->raw == NULL)
		return NULL;
	/* Whoever stored it may have seen its body begin elsewhere. */
	return shift_parts(m->outline, off) ? g_steal_pointer(&m)
					    : read_msg_of(s, head, err);
}

int64_t
read_removed(Store *s, int64_t post, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(StoreGone) gone = store_gone(s, post, &why);

	if (gone == NULL && !g_error_matches(why, ERR, ERR_NOTFOUND))
		g_propagate_error(err, g_steal_pointer(&why));
	return gone != NULL ? gone->at : 0;
}

ReadMsg *
read_msg(Store *s, int64_t post, GError **err)
{
	g_autoptr(Head) head = store_head(s, post, err);
	ReadMsg *m = head != NULL ? read_msg_of(s, head, err) : NULL;

	if (m != NULL)
		m->owned = g_steal_pointer(&head);
	return m;
}

ReadMsg *
read_parts(Store *s, int64_t post, GError **err)
{
	g_autoptr(ReadMsg) m = g_new0(ReadMsg, 1);

	m->head = m->owned = store_head(s, post, err);
	m->outline = m->head != NULL ? read_outline(m->head, err) : NULL;
	return m->outline != NULL ? g_steal_pointer(&m) : NULL;
}

GBytes *
read_raw_public(Store *s, int64_t post, GError **err)
{
	GBytes *raw = store_raw(s, post, err);

	return raw != NULL ? unsubscribe_strip(raw) : NULL;
}

void
read_fields(const ReadMsg *m, ReadFields *out)
{
	static const char *const names[] = {
	    "Date", "To", "Cc", "Reply-To", "References", "In-Reply-To"};
	char *values[G_N_ELEMENTS(names)] = {NULL};
	gsize len = 0;
	const char *raw = g_bytes_get_data(m->raw, &len);

	header_find_each(raw, len, names, G_N_ELEMENTS(names), values);
	*out = (ReadFields){.date = values[0],
	    .to = values[1],
	    .cc = values[2],
	    .reply_to = values[3],
	    .references = values[4],
	    .in_reply_to = values[5]};
}

void
read_fields_clear(ReadFields *f)
{
	g_free(f->date);
	g_free(f->to);
	g_free(f->cc);
	g_free(f->reply_to);
	g_free(f->references);
	g_free(f->in_reply_to);
	*f = (ReadFields){0};
}

char *
read_ancestor_id(const ReadFields *f, uint64_t id)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	if (f->references != NULL)
		header_ids(f->references, ids);
	if (f->in_reply_to != NULL)
		header_ids(f->in_reply_to, ids);
	for (guint i = 0; i < ids->len; i++) {
		const char *one = ids->pdata[i];

		if (thread_id(one) == id)
			return text_from_octets(one, strlen(one));
	}
	return NULL;
}

bool
read_sent(const char *date, int64_t *t, int *zone_s)
{
	return date != NULL &&
	       date_parse_mail_zone(date, strlen(date), t, zone_s) &&
	       ABS(*zone_s) < 24 * 3600;
}

void
read_thread_free(ReadThread *t)
{
	if (t == NULL)
		return;
	g_clear_pointer(&t->heads, g_ptr_array_unref);
	g_clear_pointer(&t->posts, g_array_unref);
	g_clear_pointer(&t->rows, g_array_unref);
	g_clear_pointer(&t->removed, g_array_unref);
	g_free(t);
}

/* A thread that is being put in order. */
typedef struct {
	Store *s;
	ReadThread *t;
	unsigned int n_left; /* look-ups */
	bool asked;          /* whether anything ever was removed: it was, */
	bool any;            /* or not */
	GError *err;
} Ordering;

/* What was removed keeps its place while something answers it. */
static bool
was_removed(uint64_t id, void *user)
{
	Ordering *o = user;
	ReadRemoved r = {.id = id};

	if (!o->asked)
		o->any = store_any_gone(o->s, &o->err);
	o->asked = true;
	if (!o->any || o->n_left == 0 || o->err != NULL)
		return false;
	o->n_left--;
	if (!store_gone_of_id(o->s, o->t->thread, id, &r.at, &o->err) ||
	    r.at == 0)
		return false;
	g_array_append_val(o->t->removed, r);
	return true;
}

static bool
put_in_order(Store *s, ReadThread *t, const ThreadMsg *msgs, GError **err)
{
	Ordering o = {.s = s, .t = t, .n_left = LIMIT_THREAD_GONE};

	t->removed = g_array_new(FALSE, FALSE, sizeof(ReadRemoved));
	t->rows = thread_forest(msgs, t->posts->len, was_removed, &o);
	if (o.err == NULL)
		return true;
	g_propagate_error(err, o.err);
	return false;
}

ReadThread *
read_thread(Store *s, int64_t thread, GError **err)
{
	g_autoptr(ReadThread) t = g_new0(ReadThread, 1);
	g_autofree ThreadMsg *msgs = NULL;

	t->heads = store_thread(s, thread, &t->n_all, err);
	if (t->heads == NULL)
		return NULL;
	t->thread = thread;
	t->posts = g_array_sized_new(
	    FALSE, FALSE, sizeof(StoreThreadPost), t->heads->len);
	msgs = g_new(ThreadMsg, MAX(t->heads->len, 1));
	for (guint i = 0; i < t->heads->len; i++) {
		const Head *h = t->heads->pdata[i];
		StoreThreadPost post = {.post = h->post,
		    .date = h->date,
		    .author = store_author_hash(h->author, h->from_name)};

		g_array_append_val(t->posts, post);
		msgs[i] = (ThreadMsg){.id = h->id64,
		    .refs = h->refs,
		    .n_refs = h->n_refs,
		    .date = h->date};
	}
	return put_in_order(s, t, msgs, err) ? g_steal_pointer(&t) : NULL;
}

static void
free_head(gpointer head)
{
	store_head_free((Head *)head);
}

ReadThread *
read_thread_order(Store *s, int64_t thread, GError **err)
{
	g_autoptr(ReadThread) t = g_new0(ReadThread, 1);
	g_autoptr(GArray) refs = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_autofree ThreadMsg *msgs = NULL;

	t->posts = store_thread_order(s, thread, refs, &t->n_all, err);
	if (t->posts == NULL)
		return NULL;
	t->thread = thread;
	t->heads = g_ptr_array_new_with_free_func(free_head);
	g_ptr_array_set_size(t->heads, (gint)t->posts->len);
	msgs = g_new(ThreadMsg, MAX(t->posts->len, 1));
	for (guint i = 0; i < t->posts->len; i++) {
		const StoreThreadPost *post =
		    &g_array_index(t->posts, StoreThreadPost, i);

		msgs[i] = (ThreadMsg){.id = post->id,
		    .refs =
			(const uint64_t *)(const void *)refs->data + post->ref,
		    .n_refs = post->n_refs,
		    .date = post->date};
	}
	return put_in_order(s, t, msgs, err) ? g_steal_pointer(&t) : NULL;
}

int64_t
read_thread_removed(const ReadThread *t, size_t row)
{
	const ThreadRow *r = &g_array_index(t->rows, ThreadRow, row);

	for (guint i = 0; r->msg == THREAD_GHOST && i < t->removed->len; i++)
		if (g_array_index(t->removed, ReadRemoved, i).id == r->id)
			return g_array_index(t->removed, ReadRemoved, i).at;
	return 0;
}

static size_t
msg_at(const ReadThread *t, size_t row)
{
	return g_array_index(t->rows, ThreadRow, row).msg;
}

const StoreThreadPost *
read_thread_post(const ReadThread *t, size_t row)
{
	size_t msg = msg_at(t, row);

	return msg == THREAD_GHOST
		   ? NULL
		   : &g_array_index(t->posts, StoreThreadPost, msg);
}

size_t
read_thread_first(const ReadThread *t)
{
	size_t row = 0;

	while (read_thread_post(t, row) == NULL)
		row++;
	return row;
}

const Head *
read_thread_head(const ReadThread *t, size_t row)
{
	size_t msg = msg_at(t, row);

	return msg == THREAD_GHOST ? NULL : t->heads->pdata[msg];
}

bool
read_thread_load(Store *s, ReadThread *t, size_t row, GError **err)
{
	size_t msg = msg_at(t, row);

	if (msg == THREAD_GHOST || t->heads->pdata[msg] != NULL)
		return true;
	t->heads->pdata[msg] = store_head(
	    s, g_array_index(t->posts, StoreThreadPost, msg).post, err);
	return t->heads->pdata[msg] != NULL;
}

bool
read_thread_load_all(Store *s, ReadThread *t, GError **err)
{
	uint64_t n_all = 0;
	g_autoptr(GPtrArray) heads = store_thread(s, t->thread, &n_all, err);

	if (heads == NULL)
		return false;
	/* What a damaged store has no whole head of is told when that is
	 * loaded. */
	if (heads->len == t->posts->len) {
		g_ptr_array_unref(t->heads);
		t->heads = g_steal_pointer(&heads);
	}
	return true;
}

bool
read_thread_load_author(Store *s, ReadThread *t, size_t row, GError **err)
{
	size_t msg = msg_at(t, row);

	if (!read_thread_load(s, t, row, err))
		return false;
	if (msg == THREAD_GHOST)
		return true;
	Head *h = t->heads->pdata[msg];

	return store_author_id(s, h->from_addr, h->author_id, err);
}

size_t
read_thread_row(const ReadThread *t, int64_t post)
{
	for (guint i = 0; i < t->rows->len; i++) {
		const StoreThreadPost *at = read_thread_post(t, i);

		if (at != NULL && at->post == post)
			return i;
	}
	return THREAD_GHOST;
}

char *
read_thread_ghost_id(Store *s, const ReadThread *t, size_t row)
{
	uint64_t id = g_array_index(t->rows, ThreadRow, row).id;

	for (guint i = (guint)row + 1; i < t->rows->len; i++) {
		const StoreThreadPost *post = read_thread_post(t, i);

		if (g_array_index(t->rows, ThreadRow, i).parent != row ||
		    post == NULL)
			continue;
		g_autoptr(ReadMsg) m = read_msg(s, post->post, NULL);
		g_auto(ReadFields) f = {0};

		if (m != NULL)
			read_fields(m, &f);
		return read_ancestor_id(&f, id);
	}
	return NULL;
}

size_t
read_thread_authors(const ReadThread *t)
{
	g_autoptr(GHashTable) authors =
	    g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < t->posts->len; i++)
		g_hash_table_add(authors,
		    &g_array_index(t->posts, StoreThreadPost, i).author);
	return g_hash_table_size(authors);
}
