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

/* The dictionary in the first column. */
static GBytes *
read_dict(const Sql *q, GError **err)
{
	return pack_inflate_dict(sqlite3_column_blob(q->stmt, 0),
	    (size_t)sqlite3_column_bytes(q->stmt, 0), err);
}

bool
sql_load_dicts(Store *s, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "SELECT bytes FROM dict ORDER BY n DESC LIMIT 2");
	SqlStep step = SQL_DONE;

	for (int n = 0; (step = sql_step(&q, err)) == SQL_ROW; n++) {
		g_autoptr(GBytes) dict = read_dict(&q, err);
		bool write = s->mode == STORE_WRITE;

		/* The header's comes before the body's, or is the same. */
		if (dict == NULL || !pack_add_dict(s->pack, dict, err) ||
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

bool
sql_load_dict(Store *s, uint32_t id, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT bytes FROM dict WHERE id = ?");
	SqlStep step = SQL_DONE;

	sql_int(&q, id);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		return err_set(
		    err, ERR_IO, "%s: dictionary %u is missing", s->path, id);
	g_autoptr(GBytes) dict = step == SQL_ROW ? read_dict(&q, err) : NULL;

	return dict != NULL && pack_add_dict(s->pack, dict, err);
}

/* Samples of one part of the mail, one behind the other. */
typedef struct {
	GByteArray *bytes;
	GArray *sizes; /* size_t */
	size_t max_bytes;
} Samples;

static void
samples_init(Samples *s, size_t max_bytes)
{
	s->max_bytes = max_bytes;
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
	if (len == 0 || s->bytes->len + len > s->max_bytes)
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
	g_autoptr(GBytes) z = pack_deflate_dict(dict, err);

	if (z == NULL)
		return false;
	sql_int(&q, id);
	sql_blob(&q, g_bytes_get_data(z, NULL), g_bytes_get_size(z));
	return sql_run(&q, err);
}

/* A dictionary for each part, to be kept in their order. */
typedef struct {
	GBytes *bytes[N_PACK_PARTS];
	uint32_t id[N_PACK_PARTS];
} Dicts;

static void
keep_dicts(Store *s, const Dicts *dicts, bool first)
{
	bool ok = true;

	/* What another process has trained since is loaded here. */
	if (!store_begin(s, NULL))
		return;
	ok = !first || !pack_has_dicts(s->pack);
	for (int part = 0; ok && part < N_PACK_PARTS; part++)
		ok = put_dict(s, dicts->bytes[part], dicts->id[part], NULL);
	if (!ok)
		store_rollback(s);
	else if (store_commit(s, NULL))
		(void)sql_load_dicts(s, NULL);
}

/* Make dictionaries of samples, which are cleared; first: unless there are
 * some. */
static void
train(Store *s, Samples samples[static N_PACK_PARTS], bool first)
{
	Dicts dicts = {{NULL}, {0}};
	bool ok = true;

	for (int part = 0; part < N_PACK_PARTS; part++) {
		if (ok)
			dicts.bytes[part] = pack_train(samples[part].bytes,
			    samples[part].sizes, &dicts.id[part]);
		ok = ok && dicts.bytes[part] != NULL;
		samples_clear(&samples[part]);
	}
	if (ok)
		keep_dicts(s, &dicts, first);
	for (int part = 0; part < N_PACK_PARTS; part++)
		g_clear_pointer(&dicts.bytes[part], g_bytes_unref);
}

static void
train_on_newest(Store *s)
{
	Samples samples[N_PACK_PARTS];

	for (int part = 0; part < N_PACK_PARTS; part++)
		samples_init(&samples[part], LIMIT_DICT_SAMPLE_BYTES);
	if (!add_newest(s, samples))
		for (int part = 0; part < N_PACK_PARTS; part++)
			g_array_set_size(samples[part].sizes, 0);
	train(s, samples, true);
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
	train_on_newest(s);
	s->busy_tries = tries;
}

/* Mail that may be too much is passed over evenly: of so many messages one is
 * looked at, then those behind them. */
#define STRIDE 8u

void
store_train(Store *s, const GPtrArray *mail)
{
	Samples samples[N_PACK_PARTS];

	if (mail->len < LIMIT_DICT_MESSAGES / 4)
		return;
	for (int part = 0; part < N_PACK_PARTS; part++)
		samples_init(&samples[part], LIMIT_DICT_IMPORT_BYTES);
	for (guint first = 0; first < STRIDE; first++)
		for (guint i = first; i < mail->len; i += STRIDE) {
			const StoreSample *m = mail->pdata[i];
			size_t len = 0;
			const guint8 *data = g_bytes_get_data(m->raw, &len);
			size_t off = MIN(m->body_off, len);

			add_sample(&samples[PACK_HEADER], data, off);
			add_sample(&samples[PACK_BODY], data + off, len - off);
		}
	train(s, samples, false);
}
