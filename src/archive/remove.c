/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/remove.h"

#include "archive/ingest.h"
#include "base/err.h"
#include "base/text.h"

#include <string.h>

/* The post whose permalink in list is key, or 0 with *err set. */
static int64_t
find_post(Store *s, const StoreList *list, const char *key, GError **err)
{
	g_autoptr(GError) why = NULL;
	unsigned char octets[KEY_BYTES] = {0};
	size_t n_bits = 0;
	int64_t post = 0;

	if (strlen(key) == KEY_LEN &&
	    text_base32_decode(key, KEY_LEN, octets, sizeof octets, &n_bits))
		post = store_find_permalink(s, list->id, octets, &why);
	if (why != NULL)
		g_propagate_error(err, g_steal_pointer(&why));
	else if (post == 0)
		err_set(err, ERR_NOTFOUND,
		    "%s: no message of %s has this permalink", key,
		    list->list_id);
	return post;
}

static bool
has_post(const GPtrArray *heads, int64_t post)
{
	for (guint i = 0; i < heads->len; i++)
		if (((const Head *)heads->pdata[i])->post == post)
			return true;
	return false;
}

GPtrArray *
remove_find(Store *s, const StoreList *list, char *const *keys, GError **err)
{
	g_autoptr(GPtrArray) heads =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_head_free);

	for (size_t i = 0; keys[i] != NULL; i++) {
		int64_t post = find_post(s, list, keys[i], err);
		Head *head = NULL;

		if (post == 0)
			return NULL;
		if (has_post(heads, post))
			continue;
		head = store_head(s, post, err);
		if (head == NULL) {
			err_prefix(err, "%s: ", keys[i]);
			return NULL;
		}
		g_ptr_array_add(heads, head);
	}
	return g_steal_pointer(&heads);
}

static bool
remove_one(Store *s, const Head *head, int64_t at, GError **err)
{
	g_autoptr(GBytes) raw = store_raw_of(s, head, err);
	g_autoptr(IngestMsg) m = NULL;

	if (raw == NULL)
		return false;
	m = ingest_msg_new(raw, head->arrived);
	const StoreDerived d = {.post = head->post,
	    .msg = m->msg,
	    .links = &m->links,
	    .date = head->date};

	return store_remove(s, &d, at, err);
}

bool
remove_messages(Store *s, const GPtrArray *heads, int64_t at, bool *overwritten,
    GError **err)
{
	*overwritten = false;
	if (!store_overwrite(s, err) || !store_begin(s, err))
		return false;
	for (guint i = 0; i < heads->len; i++)
		if (!remove_one(s, heads->pdata[i], at, err)) {
			store_rollback(s);
			return false;
		}
	if (!store_commit(s, err))
		return false;
	*overwritten = store_checkpoint(s);
	return true;
}
