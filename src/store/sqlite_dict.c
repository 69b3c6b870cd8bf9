/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Of one message no more than this is a sample: what follows is mostly
 * attachments, which have nothing in common with other mail. */
#define SAMPLE_BYTES 16384u

/* How many milliseconds the lock is waited for to keep a dictionary. */
#define TRAIN_TRIES 200

bool
sql_load_dicts(Store *s, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT bytes FROM dict ORDER BY n DESC");
	SqlStep step = SQL_DONE;

	for (int n = 0; (step = sql_step(&q, err)) == SQL_ROW; n++) {
		g_autoptr(GBytes) dict =
		    g_bytes_new(sqlite3_column_blob(q.stmt, 0),
			(gsize)sqlite3_column_bytes(q.stmt, 0));
		bool write = s->mode == STORE_WRITE;

		/* The header's comes before the body's, or is the same. */
		if (!pack_add_dict(s->pack, dict, err) ||
		    (write && n == 0 &&
			!pack_use_dict(s->pack, PACK_BODY, dict, err)) ||
		    (write && n <= 1 &&
			!pack_use_dict(s->pack, PACK_HEADER, dict, err))) {
			err_prefix(err, "%s: ", s->path);
			return false;
		}
	}
	return step == SQL_DONE;
}

/* Samples of one part of the mail, one behind the other. */
typedef struct {
	GByteArray *bytes;
	GArray *sizes; /* size_t */
} Samples;

static void
samples_init(Samples *s)
{
	s->bytes = g_byte_array_new();
	s->sizes = g_array_new(FALSE, FALSE, sizeof(size_t));
}

static void
samples_clear(Samples *s)
{
	g_byte_array_unref(s->bytes);
	g_array_unref(s->sizes);
}

static void
add_sample(Samples *s, const guint8 *data, size_t len)
{
	len = MIN(len, SAMPLE_BYTES);
	if (len == 0 || s->bytes->len + len > LIMIT_DICT_SAMPLE_BYTES)
		return;
	g_byte_array_append(s->bytes, data, (guint)len);
	g_array_append_val(s->sizes, len);
}

/* Both parts of a post, if it is there. */
static bool
add_samples(Store *s, Samples samples[static N_PACK_PARTS], int64_t post)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Head) head = store_head(s, post, &why);
	size_t off = 0;

	if (head == NULL)
		return g_error_matches(why, ERR, ERR_NOTFOUND) ||
		       g_error_matches(why, ERR, ERR_GONE);
	g_autoptr(GBytes) body = store_body_of(s, head, &off, NULL);
	g_autoptr(GBytes) all = store_raw_of(s, head, NULL);

	if (body == NULL || all == NULL)
		return false;
	add_sample(&samples[PACK_HEADER], g_bytes_get_data(all, NULL), off);
	add_sample(&samples[PACK_BODY], g_bytes_get_data(body, NULL),
	    g_bytes_get_size(body));
	return true;
}

/* Every third of the newest LIMIT_DICT_MESSAGES messages, as far as they
 * fit, then those between. */
static bool
add_newest(Store *s, Samples samples[static N_PACK_PARTS])
{
	for (int64_t third = 0; third < 3; third++)
		for (int64_t i = third; i < LIMIT_DICT_MESSAGES; i += 3)
			if (!add_samples(s, samples, s->last_post - i))
				return false;
	return true;
}

static bool
put_dict(Store *s, GBytes *dict, uint32_t id, GError **err)
{
	g_auto(Sql) q = sql(s, "INSERT INTO dict (id, bytes) VALUES (?, ?)");

	sql_int(&q, id);
	sql_blob(&q, g_bytes_get_data(dict, NULL), g_bytes_get_size(dict));
	return sql_run(&q, err);
}

/* A dictionary for each part, to be kept in their order. */
typedef struct {
	GBytes *bytes[N_PACK_PARTS];
	uint32_t id[N_PACK_PARTS];
} Dicts;

static void
keep_dicts(Store *s, const Dicts *dicts)
{
	bool ok = true;

	/* What another process has trained since is loaded here. */
	if (!store_begin(s, NULL))
		return;
	ok = !pack_has_dicts(s->pack);
	for (int part = 0; ok && part < N_PACK_PARTS; part++)
		ok = put_dict(s, dicts->bytes[part], dicts->id[part], NULL);
	if (!ok)
		store_rollback(s);
	else if (store_commit(s, NULL))
		(void)sql_load_dicts(s, NULL);
}

static void
train(Store *s)
{
	Samples samples[N_PACK_PARTS];
	Dicts dicts = {{NULL}, {0}};
	bool ok = true;

	for (int part = 0; part < N_PACK_PARTS; part++)
		samples_init(&samples[part]);
	ok = add_newest(s, samples);
	for (int part = 0; part < N_PACK_PARTS; part++) {
		if (ok)
			dicts.bytes[part] = pack_train(samples[part].bytes,
			    samples[part].sizes, &dicts.id[part]);
		ok = ok && dicts.bytes[part] != NULL;
		samples_clear(&samples[part]);
	}
	if (ok)
		keep_dicts(s, &dicts);
	for (int part = 0; part < N_PACK_PARTS; part++)
		g_clear_pointer(&dicts.bytes[part], g_bytes_unref);
}

/* Whether there is mail to train on.  Training takes a quarter of a second:
 * a process that put little of it, as the LMTP server beside an import,
 * leaves it to the one that put more. */
static bool
is_enough(const Store *s)
{
	int64_t n = LIMIT_DICT_MESSAGES;

	return s->last_post >= (s->n_put >= n ? n : 2 * n);
}

/* Mail is kept with or without dictionaries, so nothing that goes wrong
 * here is an error: the next process tries again. */
void
sql_train(Store *s)
{
	/* Whoever committed is waiting for us. */
	int tries = s->busy_tries;

	if (s->trained || pack_has_dicts(s->pack) || !is_enough(s))
		return;
	s->trained = true;
	s->busy_tries = TRAIN_TRIES;
	train(s);
	s->busy_tries = tries;
}
