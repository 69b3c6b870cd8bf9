/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pack.h"

#include "base/err.h"
#include "base/limits.h"

#include <string.h>
#define ZSTD_STATIC_LINKING_ONLY /* for dictionaries by reference */
#include <zdict.h>
#include <zstd.h>

/* Level 3 gives 0.31 of the mail's bytes with a dictionary at 40 us a
 * message; 9 saves a tenth of that and takes five times as long.  Header
 * and body apart, each with a dictionary of its own, take a hundredth less
 * room than together with one, and a sixth less time. */
#define LEVEL 3

/* Of dictionaries as they are kept. */
#define DICT_LEVEL 9

/*
 * The window of a large message, which whoever reads it a little at a time
 * holds: with what else that takes it is LIMIT_STREAM_BYTES.  Level 3 would
 * have 2 MiB.
 */
#define WINDOW_LOG 19

/* An output buffer above this is given back after use. */
#define KEEP_BYTES ((size_t)1 << 20)

/*
 * Frames of up to ROOM_BYTES are inflated right behind their dictionary, as
 * if it were text that came before: zstd then copies from it as from what it
 * has just made, where elsewhere each match in it is a call of memmove.  A
 * tenth of a thread's page was that.
 */
#define ROOM_BYTES ((size_t)256 << 10)

typedef struct {
	unsigned int n_refs; /* the pack's, each reader's that is within a
			      * frame of it, and that of who has its room */
	uint32_t id;
	ZSTD_DDict *dict;
	char *bytes; /* the dictionary's, and behind them */
	char *room;
	bool lent; /* somebody reads what is in its room */
} Dict;

struct Pack {
	ZSTD_CCtx *compress;
	ZSTD_DCtx *decompress;
	ZSTD_CDict *use[N_PACK_PARTS]; /* or NULL */
	GPtrArray *dicts;              /* Dict: the last used first */
	GByteArray *out;
};

static void
unref_dict(gpointer data)
{
	Dict *d = data;

	if (d == NULL || --d->n_refs > 0)
		return;
	ZSTD_freeDDict(d->dict);
	g_free(d->bytes);
	g_free(d);
}

/* The dictionary called id, or NULL. */
static Dict *
find_dict(const Pack *p, uint32_t id)
{
	for (guint i = 0; i < p->dicts->len; i++) {
		Dict *d = p->dicts->pdata[i];

		if (d->id != id)
			continue;
		memmove(&p->dicts->pdata[1], &p->dicts->pdata[0],
		    i * sizeof p->dicts->pdata[0]);
		p->dicts->pdata[0] = d;
		return d;
	}
	return NULL;
}

Pack *
pack_new(void)
{
	Pack *p = g_new0(Pack, 1);

	p->compress = ZSTD_createCCtx();
	p->decompress = ZSTD_createDCtx();
	if (p->compress == NULL || p->decompress == NULL)
		g_error("no memory for zstd");
	ZSTD_CCtx_setParameter(p->compress, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(p->compress, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setParameter(p->compress, ZSTD_c_windowLog, WINDOW_LOG);
	p->dicts = g_ptr_array_new_with_free_func(unref_dict);
	p->out = g_byte_array_new();
	return p;
}

void
pack_free(Pack *p)
{
	if (p == NULL)
		return;
	ZSTD_freeCCtx(p->compress);
	ZSTD_freeDCtx(p->decompress);
	for (int part = 0; part < N_PACK_PARTS; part++)
		ZSTD_freeCDict(p->use[part]);
	g_ptr_array_unref(p->dicts);
	g_byte_array_unref(p->out);
	g_free(p);
}

static bool
knows_dict(const Pack *p, uint32_t id)
{
	return id == 0 || find_dict(p, id) != NULL;
}

static void
add_dict(Pack *p, uint32_t id, const void *data, size_t len)
{
	Dict *d = g_new0(Dict, 1);

	d->n_refs = 1;
	d->id = id;
	d->bytes = g_malloc(len + ROOM_BYTES);
	d->room = d->bytes + len;
	memcpy(d->bytes, data, len);
	d->dict = ZSTD_createDDict_byReference(d->bytes, len);
	if (d->dict == NULL) {
		unref_dict(d);
		return;
	}
	if (p->dicts->len >= LIMIT_DICTS)
		g_ptr_array_set_size(p->dicts, LIMIT_DICTS - 1);
	g_ptr_array_insert(p->dicts, 0, d);
}

bool
pack_add_dict(Pack *p, GBytes *dict, GError **err)
{
	size_t len = 0;
	const void *data = g_bytes_get_data(dict, &len);
	uint32_t id = ZDICT_getDictID(data, len);

	if (id != 0 && !knows_dict(p, id))
		add_dict(p, id, data, len);
	return (id != 0 && knows_dict(p, id)) ||
	       err_set(err, ERR_IO, "damaged dictionary");
}

bool
pack_use_dict(Pack *p, PackPart part, GBytes *dict, GError **err)
{
	size_t len = 0;
	const void *data = g_bytes_get_data(dict, &len);

	if (!pack_add_dict(p, dict, err))
		return false;
	ZSTD_CDict *c = ZSTD_createCDict(data, len, LEVEL);
	if (c == NULL)
		return err_set(err, ERR_IO, "damaged dictionary");
	ZSTD_freeCDict(p->use[part]);
	p->use[part] = c;
	return true;
}

bool
pack_has_dicts(const Pack *p)
{
	return p->use[PACK_HEADER] != NULL && p->use[PACK_BODY] != NULL;
}

/* Make room in p->out for len bytes. */
static bool
make_room(Pack *p, size_t len, GError **err)
{
	if (p->out->len > KEEP_BYTES) {
		g_byte_array_unref(p->out);
		p->out = g_byte_array_new();
	}
	if (len > G_MAXUINT / 2)
		return err_set(err, ERR_IO, "a message is too large");
	if (p->out->len < len)
		g_byte_array_set_size(p->out, (guint)len);
	return true;
}

/* Write the frame of len bytes behind *z_len, which it adds to. */
static bool
add_frame(Pack *p, PackPart part, const char *data, size_t len, size_t *z_len,
    GError **err)
{
	size_t n = 0;

	ZSTD_CCtx_refCDict(p->compress, p->use[part]);
	n = ZSTD_compress2(p->compress, p->out->data + *z_len,
	    p->out->len - *z_len, data, len);
	if (ZSTD_isError(n))
		return err_set(
		    err, ERR_IO, "compressing: %s", ZSTD_getErrorName(n));
	*z_len += n;
	return true;
}

const void *
pack_deflate(Pack *p, GBytes *raw, size_t body_off, size_t *z_len, GError **err)
{
	size_t len = 0, n = 0;
	const char *data = g_bytes_get_data(raw, &len);
	bool two = body_off > 0 && body_off < len;
	size_t off = two ? body_off : 0;

	if (!make_room(p,
		ZSTD_compressBound(off) + ZSTD_compressBound(len - off), err) ||
	    (two && !add_frame(p, PACK_HEADER, data, off, &n, err)) ||
	    !add_frame(p, PACK_BODY, data + off, len - off, &n, err))
		return NULL;
	*z_len = n;
	return p->out->data;
}

typedef struct {
	const char *z;
	size_t z_len, len; /* of the frame, and of what is in it */
} Frame;

/* The one or two frames at z, and how many; 0 if they are damaged. */
static size_t
find_frames(const char *z, size_t z_len, Frame frames[static N_PACK_PARTS])
{
	size_t n = 0;

	for (size_t at = 0; n == 0 || at < z_len; n++) {
		unsigned long long len =
		    ZSTD_getFrameContentSize(z + at, z_len - at);
		size_t whole = ZSTD_findFrameCompressedSize(z + at, z_len - at);

		if (n == N_PACK_PARTS || ZSTD_isError(whole) ||
		    len >= ZSTD_CONTENTSIZE_ERROR)
			return 0;
		frames[n] = (Frame){z + at, whole, (size_t)len};
		at += whole;
	}
	return n;
}

bool
pack_is_whole(const void *z, size_t z_len, int64_t size)
{
	Frame frames[N_PACK_PARTS] = {{0}};

	return find_frames(z, z_len, frames) > 0 && size >= 0 &&
	       frames[0].len + frames[1].len == (size_t)size;
}

uint32_t
pack_missing_dict(const Pack *p, const void *z, size_t z_len)
{
	Frame frames[N_PACK_PARTS];
	size_t n = find_frames(z, z_len, frames);

	for (size_t i = 0; i < n; i++) {
		uint32_t id =
		    ZSTD_getDictID_fromFrame(frames[i].z, frames[i].z_len);

		if (!knows_dict(p, id))
			return id;
	}
	return 0;
}

/* Inflate f to to, dict being what it needs. */
static bool
inflate_to(Pack *p, const Frame *f, const Dict *dict, char *to, GError **err)
{
	size_t got = 0;

	got = ZSTD_decompress_usingDDict(p->decompress, to, f->len, f->z,
	    f->z_len, dict != NULL ? dict->dict : NULL);
	if (ZSTD_isError(got) || got != f->len)
		return err_set(err, ERR_IO,
		    "its compressed bytes are damaged (%s)",
		    ZSTD_isError(got) ? ZSTD_getErrorName(got) : "cut short");
	return true;
}

static bool
inflate_frame(Pack *p, const Frame *f, char *out, GError **err)
{
	uint32_t id = ZSTD_getDictID_fromFrame(f->z, f->z_len);
	const Dict *dict = find_dict(p, id);
	bool behind = dict != NULL && !dict->lent && f->len <= ROOM_BYTES;

	if (id != 0 && dict == NULL)
		return err_set(err, ERR_IO, "dictionary %u is missing", id);
	if (!inflate_to(p, f, dict, behind ? dict->room : out, err))
		return false;
	if (behind)
		memcpy(out, dict->room, f->len);
	return true;
}

static void
give_back(gpointer dict)
{
	((Dict *)dict)->lent = false;
	unref_dict(dict);
}

/* What is in f, in the room of its dictionary; NULL if it cannot be there, or
 * is damaged. */
static GBytes *
inflate_in_room(Pack *p, const Frame *f)
{
	Dict *dict = find_dict(p, ZSTD_getDictID_fromFrame(f->z, f->z_len));

	if (dict == NULL || dict->lent || f->len > ROOM_BYTES ||
	    !inflate_to(p, f, dict, dict->room, NULL))
		return NULL;
	dict->n_refs++;
	dict->lent = true;
	return g_bytes_new_with_free_func(dict->room, f->len, give_back, dict);
}

GBytes *
pack_inflate(Pack *p, const void *z, size_t z_len, size_t size, size_t *off,
    GError **err)
{
	Frame frames[N_PACK_PARTS] = {{0}};
	size_t n = find_frames(z, z_len, frames), first = 0, done = 0;
	g_autofree char *out = NULL;
	GBytes *bytes = NULL;

	if (n == 0 || frames[0].len > size ||
	    frames[0].len + frames[1].len != size) {
		err_set(err, ERR_IO, "its compressed bytes are damaged");
		return NULL;
	}
	if (off != NULL) {
		first = n - 1;
		*off = first > 0 ? frames[0].len : 0;
		size -= *off;
		bytes = inflate_in_room(p, &frames[first]);
		if (bytes != NULL)
			return bytes;
	}
	out = g_try_malloc(MAX(size, 1));
	if (out == NULL) {
		err_set(err, ERR_IO, "no memory for %zu bytes", size);
		return NULL;
	}
	for (size_t i = first; i < n; i++) {
		if (!inflate_frame(p, &frames[i], out + done, err))
			return NULL;
		done += frames[i].len;
	}
	return g_bytes_new_take(g_steal_pointer(&out), size);
}

GBytes *
pack_deflate_dict(GBytes *dict, GError **err)
{
	size_t len = 0, room = 0, n = 0;
	const void *data = g_bytes_get_data(dict, &len);
	g_autofree void *z = NULL;

	room = ZSTD_compressBound(len);
	z = g_malloc(room);
	n = ZSTD_compress(z, room, data, len, DICT_LEVEL);
	if (ZSTD_isError(n)) {
		err_set(err, ERR_IO, "compressing: %s", ZSTD_getErrorName(n));
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&z), n);
}

GBytes *
pack_inflate_dict(const void *kept, size_t len, GError **err)
{
	unsigned long long size = ZSTD_getFrameContentSize(kept, len);
	g_autofree void *dict = NULL;
	size_t n = 0;

	if (ZDICT_getDictID(kept, len) != 0)
		return g_bytes_new(kept, len);
	if (size <= LIMIT_DICT_BYTES) {
		dict = g_malloc((size_t)size + 1);
		n = ZSTD_decompress(dict, (size_t)size, kept, len);
	}
	if (dict == NULL || ZSTD_isError(n)) {
		err_set(err, ERR_IO, "damaged dictionary");
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&dict), n);
}

struct PackReader {
	Pack *pack;
	ZSTD_DCtx *z;
	bool begun; /* within a frame */
	Dict *dict; /* that this frame needs, or NULL */
};

PackReader *
pack_reader_new(Pack *p)
{
	PackReader *r = g_new0(PackReader, 1);

	r->pack = p;
	r->z = ZSTD_createDCtx();
	if (r->z == NULL)
		g_error("no memory for zstd");
	return r;
}

void
pack_reader_free(PackReader *r)
{
	if (r == NULL)
		return;
	ZSTD_freeDCtx(r->z);
	unref_dict(r->dict);
	g_free(r);
}

bool
pack_read_whole(const PackReader *r)
{
	return !r->begun;
}

uint32_t
pack_read_missing_dict(const PackReader *r, const PackInput *in)
{
	uint32_t id = r->begun ? 0 : ZSTD_getDictID_fromFrame(in->z, in->len);

	return knows_dict(r->pack, id) ? 0 : id;
}

/* Begin the frame at z. */
static bool
begin_frame(PackReader *r, const char *z, size_t z_len, GError **err)
{
	uint32_t id = ZSTD_getDictID_fromFrame(z, z_len);
	Dict *dict = find_dict(r->pack, id);

	if (id != 0 && dict == NULL)
		return err_set(err, ERR_IO, "dictionary %u is missing", id);
	if (dict != NULL)
		dict->n_refs++;
	unref_dict(r->dict);
	r->dict = dict;
	(void)ZSTD_DCtx_reset(r->z, ZSTD_reset_session_only);
	(void)ZSTD_DCtx_refDDict(r->z, dict != NULL ? dict->dict : NULL);
	r->begun = true;
	return true;
}

bool
pack_read(PackReader *r, PackInput *in, void *out, size_t max, size_t *n,
    GError **err)
{
	ZSTD_inBuffer from = {.src = in->z, .size = in->len};
	ZSTD_outBuffer to = {.dst = out, .size = max};

	if (!r->begun && in->len > 0 && !begin_frame(r, in->z, in->len, err))
		return false;
	size_t rc = r->begun ? ZSTD_decompressStream(r->z, &to, &from) : 0;

	if (ZSTD_isError(rc))
		return err_set(err, ERR_IO,
		    "its compressed bytes are damaged (%s)",
		    ZSTD_getErrorName(rc));
	r->begun = rc != 0;
	in->z += from.pos;
	in->len -= from.pos;
	*n = to.pos;
	return true;
}

GBytes *
pack_train(const GByteArray *bytes, const GArray *sizes, uint32_t *id)
{
	size_t max = MIN(LIMIT_DICT_BYTES, bytes->len / 8), len = 0;
	g_autofree void *dict = g_malloc(max);

	if (sizes->len == 0)
		return NULL;
	len = ZDICT_trainFromBuffer(dict, max, bytes->data,
	    (const size_t *)(const void *)sizes->data, sizes->len);
	if (ZDICT_isError(len))
		return NULL;
	*id = ZDICT_getDictID(dict, len);
	return *id == 0 ? NULL : g_bytes_new(dict, len);
}
