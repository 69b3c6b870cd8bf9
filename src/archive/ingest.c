/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/ingest.h"

#include "base/err.h"
#include "mail/parse.h"

#include <string.h>

/* A sender's clock may be this far ahead: two days, time zones included. */
#define AHEAD_S INT64_C(172800)

IngestMsg *
ingest_msg_new(GBytes *raw, int64_t arrived)
{
	IngestMsg *m = g_new0(IngestMsg, 1);

	m->raw = g_bytes_ref(raw);
	m->msg = parse_msg(raw);
	permalink_compute(raw, m->msg, &m->links);
	m->arrived = m->came = arrived;
	return m;
}

void
ingest_msg_free(IngestMsg *m)
{
	if (m == NULL)
		return;
	g_bytes_unref(m->raw);
	msg_free(m->msg);
	g_free(m);
}

int64_t
ingest_date(const Msg *m, int64_t came)
{
	if (!m->has_date || m->date < 0 || m->date > came + AHEAD_S)
		return came;
	return m->date;
}

/* The kind of candidate that key is, or N_KEYS. */
static KeyKind
kind_of(const Permalinks *links, const unsigned char *key)
{
	for (int k = KEY_ID; k <= KEY_CONTENT; k++)
		if (links->has[k] &&
		    memcmp(links->digest[k], key, KEY_BYTES) == 0)
			return (KeyKind)k;
	return N_KEYS;
}

/* The first candidate that no message of list holds as its permalink, or
 * N_KEYS, or -1 with *err set. */
static int
first_free(Store *s, int64_t list, const Permalinks *links, GError **err)
{
	for (int k = KEY_ID; k <= KEY_CONTENT; k++) {
		GError *why = NULL;

		if (!links->has[k] ||
		    store_find_permalink(s, list, links->digest[k], &why) != 0)
			continue;
		if (why == NULL)
			return k;
		g_propagate_error(err, why);
		return -1;
	}
	return N_KEYS;
}

/* The post that m is a copy of, or 0. */
static int64_t
find_same(Store *s, int64_t list, const IngestMsg *m, GError **err)
{
	StoreSame what = {
	    .content = m->links.digest[KEY_CONTENT],
	    .id = m->links.has[KEY_ID] ? m->links.digest[KEY_ID] : NULL,
	    .dated = m->msg->has_date,
	};

	return store_find_same(s, list, &what, err);
}

static IngestResult
put_copy(Store *s, int64_t post, IngestMsg *m, char key[static KEY_LEN + 1],
    GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(StoreGone) gone = store_gone(s, post, &why);
	StorePost its;

	if (gone == NULL && !g_error_matches(why, ERR, ERR_NOTFOUND)) {
		g_propagate_error(err, g_steal_pointer(&why));
		return INGEST_FAILED;
	}
	/* Of what was removed not even a name is taken in again. */
	if (!store_post(s, post, &its, err) ||
	    (gone == NULL && !store_put_copy(s, post, m->msg->id, err)))
		return INGEST_FAILED;
	m->post = post;
	m->removed = gone != NULL;
	permalink_key(its.key, key);
	return INGEST_COPY;
}

static IngestResult
put_new(Store *s, int64_t list, IngestMsg *m, KeyKind kind,
    char key[static KEY_LEN + 1], GError **err)
{
	StorePut put = {
	    .list = list,
	    .raw = m->raw,
	    .msg = m->msg,
	    .links = &m->links,
	    .key = kind,
	    .date = ingest_date(m->msg, m->came),
	    .arrived = m->arrived,
	    .came = m->came,
	    .raw_id = m->raw_id,
	};

	m->post = store_put(s, &put, err);
	m->removed = false;
	if (m->post == 0)
		return INGEST_FAILED;
	m->raw_id = put.raw_id;
	permalink_key(m->links.digest[kind], key);
	return INGEST_STORED;
}

/* What is to be done with a message. */
typedef struct {
	IngestResult result;
	KeyKind kind; /* INGEST_STORED: which key it gets */
	int64_t same; /* INGEST_COPY: the post that it is a copy of */
} Verdict;

/* m is none that list has: under asked, or under the first free key. */
static bool
judge_new(Store *s, int64_t list, const IngestMsg *m,
    const unsigned char *asked, Verdict *v, GError **err)
{
	g_autoptr(GError) why = NULL;
	int kind = N_KEYS;

	v->result = INGEST_STORED;
	if (asked != NULL) {
		if (store_find_permalink(s, list, asked, &why) != 0)
			v->result = INGEST_OCCUPIED;
		kind = (int)kind_of(&m->links, asked);
	} else {
		kind = first_free(s, list, &m->links, &why);
	}
	if (why != NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	v->kind = (KeyKind)kind;
	if (kind != N_KEYS)
		return true;
	/* Only without a date can all three be held by others: then it
	 * counts as a copy of the one with its content digest. */
	v->result = INGEST_COPY;
	v->same =
	    store_find_permalink(s, list, m->links.digest[KEY_CONTENT], err);
	return v->same != 0;
}

static bool
judge(Store *s, const StoreList *list, const IngestMsg *m,
    const unsigned char *asked, Verdict *v, GError **err)
{
	g_autoptr(GError) why = NULL;

	*v = (Verdict){.result = INGEST_COPY};
	if (list->policy == POLICY_NEVER || m->msg->no_archive)
		v->result = INGEST_UNWANTED;
	else if (asked != NULL && kind_of(&m->links, asked) == N_KEYS)
		v->result = INGEST_NOT_ITS_KEY;
	if (v->result != INGEST_COPY)
		return true;
	v->same = find_same(s, list->id, m, &why);
	if (why != NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	return v->same != 0 || judge_new(s, list->id, m, asked, v, err);
}

IngestResult
ingest_put(Store *s, const StoreList *list, IngestMsg *m,
    const unsigned char *asked, char key[static KEY_LEN + 1], GError **err)
{
	Verdict v;

	if (!judge(s, list, m, asked, &v, err))
		return INGEST_FAILED;
	if (v.result == INGEST_STORED)
		return put_new(s, list->id, m, v.kind, key, err);
	if (v.result == INGEST_COPY)
		return put_copy(s, v.same, m, key, err);
	return v.result;
}

IngestResult
ingest_ask(Store *s, const StoreList *list, const IngestMsg *m,
    const unsigned char *asked, char key[static KEY_LEN + 1], GError **err)
{
	Verdict v;

	if (!judge(s, list, m, asked, &v, err))
		return INGEST_FAILED;
	if (v.result == INGEST_STORED)
		permalink_key(m->links.digest[v.kind], key);
	return v.result;
}
