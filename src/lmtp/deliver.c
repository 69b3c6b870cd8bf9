/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/deliver.h"

#include "archive/ingest.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "lmtp/reserve.h"
#include "lmtp/tray.h"

#include <string.h>

struct LmtpDeliver {
	Store *store;
	const Conf *conf;
	LmtpReserve *reserve;
	GPtrArray *group; /* Item: messages that wait for the commit */
	int64_t since_ms; /* of the first of them */
	LmtpTray *tray;
	guint n_large; /* of the last groups, more or less: were large */
};

struct LmtpTransaction {
	LmtpDeliver *deliver;
	LmtpAnswered *answered;
	void *arg;
	GArray *rcpts;     /* ListsRcpt */
	struct Item *item; /* its message, while that waits */
};

/* A message of the group.  Its transaction may be gone. */
typedef struct Item {
	LmtpTransaction *transaction;
	GArray *rcpts; /* ListsRcpt, the transaction's */
	GBytes *raw;
	IngestMsg *msg;
	LmtpAnswer *answers; /* as many as rcpts */
} Item;

/* Answers ----------------------------------------------------------------- */

void
lmtp_answer_clear(LmtpAnswer *a)
{
	g_clear_pointer(&a->text, g_free);
}

static void
answer(LmtpAnswer *a, unsigned int code, const char *status, const char *text)
{
	g_free(a->text);
	a->code = code;
	a->status = status;
	a->text = g_strdup(text);
}

/* The one place that says which error is for good and which may pass. */
static void
answer_error(LmtpAnswer *a, const GError *err)
{
	switch ((ErrCode)err->code) {
	case ERR_NOTFOUND:
		answer(a, 550, "5.1.1", "There is no such list");
		break;
	case ERR_SYNTAX:
		answer(a, 553, "5.1.3", "That is no address of this archive");
		break;
	case ERR_LIMIT:
		answer(a, 452, "4.3.1", "No space left: try again later");
		break;
	case ERR_GONE:
	case ERR_EXISTS:
	case ERR_BUSY:
	case ERR_IO:
		answer(a, 451, "4.3.0", "The store is down: try again later");
		break;
	}
}

/* Whether it is ours, not the client's. */
static bool
is_ours(const GError *err)
{
	return err->code != ERR_NOTFOUND && err->code != ERR_SYNTAX;
}

static void
answer_own_error(LmtpAnswer *a, const GError *err)
{
	if (is_ours(err))
		log_error("%s", err->message);
	answer_error(a, err);
}

/* Recipients --------------------------------------------------------------- */

static void
clear_rcpt(void *rcpt)
{
	lists_rcpt_clear(rcpt);
}

static GArray *
rcpts_new(void)
{
	GArray *rcpts = g_array_new(FALSE, TRUE, sizeof(ListsRcpt));

	g_array_set_clear_func(rcpts, clear_rcpt);
	return rcpts;
}

LmtpTransaction *
lmtp_transaction_new(LmtpDeliver *d, LmtpAnswered *answered, void *arg)
{
	LmtpTransaction *t = g_new0(LmtpTransaction, 1);

	t->deliver = d;
	t->answered = answered;
	t->arg = arg;
	t->rcpts = rcpts_new();
	return t;
}

static void
let_go(LmtpTransaction *t, const GArray *rcpts)
{
	for (guint i = 0; i < rcpts->len; i++) {
		const ListsRcpt *r = &g_array_index(rcpts, ListsRcpt, i);

		if (r->has_key && r->list != NULL)
			lmtp_reserve_drop(
			    t->deliver->reserve, r->list->id, r->key, t);
	}
}

void
lmtp_transaction_reset(LmtpTransaction *t)
{
	g_assert(t->item == NULL);
	let_go(t, t->rcpts);
	g_array_set_size(t->rcpts, 0);
}

void
lmtp_transaction_free(LmtpTransaction *t)
{
	if (t == NULL)
		return;
	if (t->item != NULL) {
		let_go(t, t->item->rcpts);
		t->item->transaction = NULL;
		t->item = NULL;
	}
	lmtp_transaction_reset(t);
	g_array_unref(t->rcpts);
	g_free(t);
}

/* File what lies on the tray.  Returns false, with *err set, if it must stay
 * there. */
static bool
clear_tray(LmtpDeliver *d, GError **err)
{
	return lmtp_tray_n(d->tray) == 0 || lmtp_tray_file(d->tray, err);
}

/* What RCPT says of a key: free, held for good, or promised. */
static void
answer_key(LmtpTransaction *t, const ListsRcpt *r, LmtpAnswer *out)
{
	LmtpDeliver *d = t->deliver;
	g_autoptr(GError) err = NULL;

	if (lmtp_tray_has(d->tray, r->list->id, r->key))
		(void)clear_tray(d, &err);
	if (err == NULL &&
	    store_find_permalink(d->store, r->list->id, r->key, &err) != 0)
		answer(out, 553, "5.1.0", "Permalink already occupied");
	else if (err != NULL)
		answer_own_error(out, err);
	else if (!lmtp_reserve_take(d->reserve, r->list->id, r->key, t))
		answer(out, 450, "4.2.1",
		    "Permalink is being given out: ask again");
	else
		answer(out, 250, "2.1.5", "Permalink reserved");
}

void
lmtp_transaction_rcpt(
    LmtpTransaction *t, const char *rcpt, const char *sender, LmtpAnswer *out)
{
	LmtpDeliver *d = t->deliver;
	const ListsAsk ask = {.sender = *sender != '\0' ? sender : NULL,
	    .host = d->conf->lmtp_host,
	    .open_lists = d->conf->open_lists};
	g_autoptr(GError) err = NULL;
	ListsRcpt r = {0};

	g_assert(t->item == NULL);
	if (!lists_rcpt(d->store, rcpt, &ask, &r, &err)) {
		answer_own_error(out, err);
		return;
	}
	if (r.has_key && r.list != NULL)
		answer_key(t, &r, out);
	else
		answer(out, 250, "2.1.5", "Recipient accepted");
	if (out->code < 300)
		g_array_append_val(t->rcpts, r);
	else
		lists_rcpt_clear(&r);
}

/* Messages ------------------------------------------------------------------
 */

static void
item_free(void *arg)
{
	Item *item = arg;

	for (guint i = 0; i < item->rcpts->len; i++)
		lmtp_answer_clear(&item->answers[i]);
	g_free(item->answers);
	g_array_unref(item->rcpts);
	ingest_msg_free(item->msg);
	g_bytes_unref(item->raw);
	g_free(item);
}

void
lmtp_transaction_message(LmtpTransaction *t, GBytes *raw)
{
	LmtpDeliver *d = t->deliver;
	Item *item = g_new0(Item, 1);

	g_assert(t->rcpts->len > 0 && t->item == NULL);
	if (d->group->len == 0)
		d->since_ms = clock_mono_ms();
	item->transaction = t;
	item->rcpts = t->rcpts;
	t->rcpts = rcpts_new();
	t->item = item;
	item->answers = g_new0(LmtpAnswer, item->rcpts->len);
	item->raw = g_bytes_ref(raw);
	/* Now, so that the store's lock is held for storing alone. */
	item->msg = ingest_msg_new(raw, clock_now());
	g_ptr_array_add(d->group, item);
}

/* Whether list promised key to another than item's transaction. */
static bool
is_others(const LmtpDeliver *d, const StoreList *list, const Item *item,
    const unsigned char key[static KEY_BYTES])
{
	const void *owner = lmtp_reserve_owner(d->reserve, list->id, key);

	return owner != NULL && owner != item->transaction;
}

/*
 * Whether the key that item would get is another's by promise: the one that
 * it came under, which is its own unless RCPT did not know the list, or any
 * that the archive might pick.
 */
static bool
is_promised(const LmtpDeliver *d, const StoreList *list, const Item *item,
    const ListsRcpt *r)
{
	const Permalinks *links = &item->msg->links;

	if (r->has_key)
		return is_others(d, list, item, r->key);
	for (int k = KEY_ID; k <= KEY_CONTENT; k++)
		if (links->has[k] && is_others(d, list, item, links->digest[k]))
			return true;
	return false;
}

/* late: RCPT did not yet know the list. */
static void
answer_result(const LmtpDeliver *d, const StoreList *list, IngestResult result,
    const char *key, bool late, LmtpAnswer *out)
{
	out->code = 250;
	out->status = "2.6.0";
	switch (result) {
	case INGEST_STORED:
		out->text = g_strdup_printf(
		    "<%s/%s/%s/> archived", d->conf->url, list->list_id, key);
		break;
	case INGEST_COPY:
		out->text = g_strdup_printf("<%s/%s/%s/> already archived",
		    d->conf->url, list->list_id, key);
		break;
	case INGEST_UNWANTED:
		answer(out, 250, "2.6.0", "Not archived, as was asked for");
		break;
	case INGEST_NOT_ITS_KEY:
		answer(out, 554, "5.7.1", "Not a permalink of this message");
		break;
	case INGEST_OCCUPIED:
		/* Taken since RCPT by another process: ask again, and RCPT
		 * will say 553. */
		if (late)
			answer(out, 553, "5.1.0", "Permalink already occupied");
		else
			answer(out, 451, "4.2.1",
			    "Permalink was given out meanwhile: ask again");
		break;
	case INGEST_FAILED:
		g_assert_not_reached();
	}
}

/* Archive item for its recipient i, and answer that.  Returns false with
 * *err set if the transaction of the store must be rolled back. */
static bool
put_for(LmtpDeliver *d, Item *item, guint i, GError **err)
{
	ListsRcpt *r = &g_array_index(item->rcpts, ListsRcpt, i);
	LmtpAnswer *out = &item->answers[i];
	g_autoptr(GError) why = NULL;
	g_autoptr(StoreList) found = NULL;
	const StoreList *list = r->list;
	char key[KEY_LEN + 1] = "";
	IngestResult result;

	lmtp_answer_clear(out);
	if (list == NULL)
		list = found = lists_of_msg(
		    d->store, item->msg->msg, d->conf->open_lists, &why);
	if (list == NULL && is_ours(why)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	if (list == NULL) {
		answer_error(out, why);
		return true;
	}
	if (is_promised(d, list, item, r)) {
		answer(out, 451, "4.2.1",
		    "Permalink is being given out: ask again");
		return true;
	}
	result = ingest_put(
	    d->store, list, item->msg, r->has_key ? r->key : NULL, key, err);
	if (result == INGEST_FAILED)
		return false;
	answer_result(d, list, result, key, r->list == NULL, out);
	return true;
}

static bool
put(LmtpDeliver *d, Item *item, GError **err)
{
	/* What an earlier try stored was rolled back. */
	item->msg->raw_id = 0;
	for (guint i = 0; i < item->rcpts->len; i++)
		if (!put_for(d, item, i, err))
			return false;
	return true;
}

/*
 * Archive all of group, or none: without durability there is no 250.
 * *culprit is the one that could not be put, if that is what failed.
 */
static bool
put_all(
    LmtpDeliver *d, const GPtrArray *group, const Item **culprit, GError **err)
{
	*culprit = NULL;
	if (!store_begin(d->store, err))
		return false;
	for (guint i = 0; i < group->len; i++) {
		Item *item = g_ptr_array_index(group, i);

		if (put(d, item, err))
			continue;
		*culprit = item;
		store_rollback(d->store);
		return false;
	}
	return store_commit(d->store, err);
}

/* Lay item on the tray, if all is plain: one list, which RCPT knew, and a
 * new message. */
static bool
put_on_tray(LmtpDeliver *d, Item *item, GError **err)
{
	const ListsRcpt *r = &g_array_index(item->rcpts, ListsRcpt, 0);
	char key[KEY_LEN + 1] = "";

	if (item->rcpts->len > 1 || r->list == NULL ||
	    is_promised(d, r->list, item, r) ||
	    !lmtp_tray_put(d->tray, r->list, item->msg,
		r->has_key ? r->key : NULL, key, err))
		return false;
	lmtp_answer_clear(&item->answers[0]);
	answer_result(d, r->list, INGEST_STORED, key, false, &item->answers[0]);
	return true;
}

/* Lay all of group on the tray, or none; why not does not matter, since they
 * are stored otherwise then. */
static bool
lay_all(LmtpDeliver *d, const GPtrArray *group)
{
	if (!store_begin(d->store, NULL))
		return false;
	for (guint i = 0; i < group->len; i++) {
		if (put_on_tray(d, g_ptr_array_index(group, i), NULL))
			continue;
		store_rollback(d->store);
		return false;
	}
	if (!store_commit(d->store, NULL))
		return false;
	lmtp_tray_keep(d->tray);
	for (guint i = 0; i < group->len; i++)
		((Item *)g_ptr_array_index(group, i))->msg = NULL;
	return true;
}

static void
answer_all(const GPtrArray *group, const GError *err)
{
	log_error("%s", err->message);
	for (guint i = 0; i < group->len; i++) {
		Item *item = g_ptr_array_index(group, i);

		for (guint k = 0; k < item->rcpts->len; k++)
			answer_error(&item->answers[k], err);
	}
}

/* Archive group; where one message fails it, each by itself. */
static void
archive(LmtpDeliver *d, const GPtrArray *group)
{
	g_autoptr(GError) err = NULL;
	const Item *culprit = NULL;

	if (d->n_large > LIMIT_TRAY_GROUPS && lay_all(d, group)) {
		log_debug("laid on the tray messages=%u", group->len);
		return;
	}
	if (!lmtp_tray_file(d->tray, &err)) {
		answer_all(group, err);
		return;
	}
	if (put_all(d, group, &culprit, &err)) {
		log_debug("committed messages=%u", group->len);
		return;
	}
	if (culprit == NULL || group->len == 1) {
		answer_all(group, err);
		return;
	}
	for (guint i = 0; i < group->len; i++) {
		g_autoptr(GPtrArray) one = g_ptr_array_new();

		g_ptr_array_add(one, g_ptr_array_index(group, i));
		archive(d, one);
	}
}

static void
finish(Item *item)
{
	LmtpTransaction *t = item->transaction;

	if (t == NULL)
		return;
	let_go(t, item->rcpts);
	t->item = NULL;
	t->answered(t->arg, item->answers, item->rcpts->len);
}

void
lmtp_deliver_commit(LmtpDeliver *d)
{
	g_autoptr(GPtrArray) group = d->group;

	if (group->len == 0) {
		g_steal_pointer(&group);
		return;
	}
	if (group->len >= LIMIT_TRAY_GROUP)
		d->n_large = MIN(d->n_large + 1, 2 * LIMIT_TRAY_GROUPS);
	else if (d->n_large > 0)
		d->n_large--;
	if (lmtp_tray_is_full(d->tray))
		lmtp_deliver_file(d);
	/* The callbacks may begin the next one. */
	d->group = g_ptr_array_new_with_free_func(item_free);
	archive(d, group);
	for (guint i = 0; i < group->len; i++)
		finish(g_ptr_array_index(group, i));
}

void
lmtp_deliver_file(LmtpDeliver *d)
{
	g_autoptr(GError) err = NULL;

	if (!clear_tray(d, &err))
		log_error("%s", err->message);
}

size_t
lmtp_deliver_n_unfiled(const LmtpDeliver *d)
{
	return lmtp_tray_n(d->tray);
}

size_t
lmtp_deliver_n_waiting(const LmtpDeliver *d)
{
	return d->group->len;
}

int64_t
lmtp_deliver_age_ms(const LmtpDeliver *d)
{
	return d->group->len > 0 ? clock_mono_ms() - d->since_ms : 0;
}

LmtpDeliver *
lmtp_deliver_new(Store *s, const Conf *conf)
{
	LmtpDeliver *d = g_new0(LmtpDeliver, 1);
	g_autoptr(GError) err = NULL;

	d->store = s;
	d->conf = conf;
	d->reserve = lmtp_reserve_new();
	d->tray = lmtp_tray_new(s);
	d->group = g_ptr_array_new_with_free_func(item_free);
	if (!lmtp_tray_load(d->tray, &err))
		log_error("%s", err->message);
	lmtp_deliver_file(d);
	return d;
}

void
lmtp_deliver_free(LmtpDeliver *d)
{
	if (d == NULL)
		return;
	g_ptr_array_unref(d->group);
	lmtp_reserve_free(d->reserve);
	lmtp_tray_free(d->tray);
	g_free(d);
}
