/* SPDX-License-Identifier: Apache-2.0 */
#include "search/client.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often it is looked for what waits too long, in ms. */
#define SWEEP_MS 250

typedef struct {
	SearchAnswered *cb;
	void *arg;
	int64_t end_ms;
} Wait;

struct SearchClient {
	int fd;
	uint32_t last;     /* id */
	GHashTable *waits; /* Wait, by id */
	GByteArray *buf;
	LoopSource *watch, *timer;
};

/* One answer, whether it is still waited for or not.  false: there is no
 * more. */
static bool
take(SearchClient *c)
{
	ssize_t n = recv(c->fd, c->buf->data, ASK_BYTES, MSG_DONTWAIT);
	g_autoptr(GError) err = NULL;
	g_autoptr(SearchReply) r = NULL;
	g_autofree Wait *w = NULL;

	if (n <= 0)
		return false;
	r = search_reply_unpack(c->buf->data, (size_t)n, &err);
	if (r == NULL) {
		log_error("search: %s", err->message);
		return true;
	}
	if (g_hash_table_steal_extended(
		c->waits, GUINT_TO_POINTER(r->id), NULL, (gpointer *)&w))
		w->cb(w->arg, g_steal_pointer(&r));
	return true;
}

static void
take_all(void *arg)
{
	SearchClient *c = arg;

	for (unsigned int i = 0; i < LIMIT_SEARCHES && take(c); i++)
		continue;
}

static gboolean
is_late(gpointer id, gpointer wait, gpointer late)
{
	const Wait *w = wait;

	if (w->end_ms > clock_mono_ms())
		return FALSE;
	g_array_append_val(late, *w);
	(void)id;
	return TRUE;
}

static void
sweep(void *arg)
{
	SearchClient *c = arg;
	g_autoptr(GArray) late = g_array_new(FALSE, FALSE, sizeof(Wait));

	/* A callback may ask again. */
	g_hash_table_foreach_remove(c->waits, is_late, late);
	loop_timer_set(
	    c->timer, g_hash_table_size(c->waits) > 0 ? SWEEP_MS : -1);
	for (guint i = 0; i < late->len; i++) {
		const Wait *w = &g_array_index(late, Wait, i);

		w->cb(w->arg, NULL);
	}
}

SearchClient *
search_client_new(Loop *l, int fd)
{
	SearchClient *c = g_new0(SearchClient, 1);

	c->fd = fd;
	/* What an earlier process asked on this socket may still be answered:
	 * to another number than ours. */
	c->last = g_random_int();
	c->waits = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	c->buf = g_byte_array_sized_new(ASK_BYTES);
	c->watch = loop_watch(l, fd, take_all, c);
	c->timer = loop_timer(l, -1, sweep, c);
	return c;
}

void
search_client_free(SearchClient *c)
{
	if (c == NULL)
		return;
	loop_source_free(c->watch);
	loop_source_free(c->timer);
	g_hash_table_unref(c->waits);
	g_byte_array_unref(c->buf);
	g_free(c);
}

uint32_t
search_client_ask(SearchClient *c, SearchAsk *a, SearchAnswered *cb, void *arg)
{
	g_autoptr(GBytes) bytes = NULL;
	Wait *w = NULL;
	gsize len = 0;
	const void *data = NULL;

	if (g_hash_table_size(c->waits) >= LIMIT_SEARCHES)
		return 0;
	a->id = ++c->last != 0 ? c->last : ++c->last;
	bytes = search_ask_pack(a);
	data = g_bytes_get_data(bytes, &len);
	if (len > ASK_BYTES ||
	    send(c->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return 0;
	w = g_new0(Wait, 1);
	w->cb = cb;
	w->arg = arg;
	w->end_ms = clock_mono_ms() + LIMIT_SEARCH_WAIT_MS;
	g_hash_table_insert(c->waits, GUINT_TO_POINTER(a->id), w);
	if (g_hash_table_size(c->waits) == 1)
		loop_timer_set(c->timer, SWEEP_MS);
	return a->id;
}

void
search_client_forget(SearchClient *c, uint32_t id)
{
	g_hash_table_remove(c->waits, GUINT_TO_POINTER(id));
}
