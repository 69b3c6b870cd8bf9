/* SPDX-License-Identifier: Apache-2.0 */
#include "http/flight.h"

#include "base/limits.h"

struct Flight {
	GHashTable *peers; /* of each body, by GBytes: how many are sent it */
	size_t max, held;
	bool large; /* one that would never fit is being sent */
};

Flight *
flight_new(size_t max)
{
	Flight *f = g_new0(Flight, 1);

	f->max = max;
	f->peers = g_hash_table_new(NULL, NULL);
	return f;
}

void
flight_free(Flight *f)
{
	if (f == NULL)
		return;
	g_hash_table_unref(f->peers);
	g_free(f);
}

size_t
flight_held(const Flight *f)
{
	return f->held;
}

void
flight_connect(Flight *f)
{
	f->held += LIMIT_HTTP_CONNECTION_BYTES;
}

void
flight_disconnect(Flight *f)
{
	f->held -= LIMIT_HTTP_CONNECTION_BYTES;
}

static GBytes *
body_of(const Response *r)
{
	if (r->kept == NULL)
		return r->bytes;
	return r->status == 304 ? NULL : r->kept->answer.bytes;
}

bool
flight_begin(Flight *f, const Response *r, FlightPart *p)
{
	GBytes *bytes = body_of(r);
	guint n_peers = GPOINTER_TO_UINT(g_hash_table_lookup(f->peers, bytes));
	bool streams = r->stream.read != NULL || r->work.read != NULL;
	size_t n_stream = streams ? LIMIT_STREAM_BYTES : 0;
	size_t n_bytes =
	    bytes != NULL && n_peers == 0 ? g_bytes_get_size(bytes) : 0;

	if (n_bytes > f->max / 2) {
		if (f->large)
			return false;
		f->large = true;
		*p = (FlightPart){.large = true};
		return true;
	}
	/* Connections may have come since it was full. */
	if (n_bytes + n_stream > (f->max - MIN(f->held, f->max)) / 2)
		return false;
	if (bytes != NULL)
		g_hash_table_insert(f->peers, g_bytes_ref(bytes),
		    GUINT_TO_POINTER(n_peers + 1));
	*p = (FlightPart){.bytes = bytes, .n_stream = n_stream};
	f->held += n_bytes + n_stream;
	return true;
}

void
flight_end(Flight *f, FlightPart *p)
{
	GBytes *bytes = p->bytes;
	guint n_peers = GPOINTER_TO_UINT(g_hash_table_lookup(f->peers, bytes));

	if (n_peers > 1) {
		g_hash_table_insert(
		    f->peers, bytes, GUINT_TO_POINTER(n_peers - 1));
	} else if (n_peers == 1) {
		g_hash_table_remove(f->peers, bytes);
		f->held -= g_bytes_get_size(bytes);
	}
	g_clear_pointer(&p->bytes, g_bytes_unref);
	f->held -= p->n_stream;
	if (p->large)
		f->large = false;
	*p = (FlightPart){0};
}
