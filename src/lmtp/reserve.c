/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/reserve.h"

#include <string.h>

struct LmtpReserve {
	GHashTable *promises; /* Promise, which is its own key */
};

typedef struct {
	int64_t list;
	unsigned char key[KEY_BYTES];
	const void *owner;
} Promise;

/* Keys are digests: any four octets of one are as good a hash. */
static guint
hash(gconstpointer promise)
{
	const Promise *p = promise;
	guint n = 0;

	memcpy(&n, p->key, sizeof n);
	return n ^ (guint)p->list;
}

static gboolean
equal(gconstpointer a, gconstpointer b)
{
	const Promise *x = a, *y = b;

	return x->list == y->list && memcmp(x->key, y->key, KEY_BYTES) == 0;
}

LmtpReserve *
lmtp_reserve_new(void)
{
	LmtpReserve *r = g_new0(LmtpReserve, 1);

	r->promises = g_hash_table_new_full(hash, equal, g_free, NULL);
	return r;
}

void
lmtp_reserve_free(LmtpReserve *r)
{
	if (r == NULL)
		return;
	g_hash_table_unref(r->promises);
	g_free(r);
}

const void *
lmtp_reserve_owner(const LmtpReserve *r, int64_t list,
    const unsigned char key[static KEY_BYTES])
{
	Promise wanted = {.list = list};
	const Promise *p = NULL;

	memcpy(wanted.key, key, KEY_BYTES);
	p = g_hash_table_lookup(r->promises, &wanted);
	return p != NULL ? p->owner : NULL;
}

bool
lmtp_reserve_take(LmtpReserve *r, int64_t list,
    const unsigned char key[static KEY_BYTES], const void *owner)
{
	const void *now = lmtp_reserve_owner(r, list, key);
	Promise *p = NULL;

	g_assert(owner != NULL);
	if (now != NULL)
		return now == owner;
	p = g_new0(Promise, 1);
	p->list = list;
	p->owner = owner;
	memcpy(p->key, key, KEY_BYTES);
	g_hash_table_add(r->promises, p);
	return true;
}

void
lmtp_reserve_drop(LmtpReserve *r, int64_t list,
    const unsigned char key[static KEY_BYTES], const void *owner)
{
	Promise wanted = {.list = list};

	memcpy(wanted.key, key, KEY_BYTES);
	if (lmtp_reserve_owner(r, list, key) == owner)
		g_hash_table_remove(r->promises, &wanted);
}
