/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pack.h"

#include "base/err.h"
#include "base/limits.h"

#include <zdict.h>
#include <zstd.h>

/* Level 3 gives 0.31 of the mail's bytes with a dictionary at 40 us a
 * message; 9 saves a tenth of that and takes five times as long. */
#define LEVEL 3

/* An output buffer above this is given back after use. */
#define KEEP_BYTES ((size_t)1 << 20)

typedef struct {
	uint32_t id;
	ZSTD_DDict *dict;
} Dict;

struct Pack {
	ZSTD_CCtx *compress;
	ZSTD_DCtx *decompress;
	ZSTD_CDict *use; /* or NULL */
	GArray *dicts;   /* Dict: few */
	GByteArray *out;
};

static void
clear_dict(gpointer dict)
{
	ZSTD_freeDDict(((Dict *)dict)->dict);
}

/* The dictionary called id, or NULL. */
static const ZSTD_DDict *
find_dict(const Pack *p, uint32_t id)
{
	for (guint i = 0; i < p->dicts->len; i++)
		if (g_array_index(p->dicts, Dict, i).id == id)
			return g_array_index(p->dicts, Dict, i).dict;
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
	p->dicts = g_array_new(FALSE, FALSE, sizeof(Dict));
	g_array_set_clear_func(p->dicts, clear_dict);
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
	ZSTD_freeCDict(p->use);
	g_array_unref(p->dicts);
	g_byte_array_unref(p->out);
	g_free(p);
}

bool
pack_add_dict(Pack *p, GBytes *dict, bool use, GError **err)
{
	size_t len = 0;
	const void *data = g_bytes_get_data(dict, &len);
	Dict d = {.id = ZDICT_getDictID(data, len)};

	if (d.id != 0 && !pack_knows_dict(p, d.id)) {
		d.dict = ZSTD_createDDict(data, len);
		if (d.dict != NULL)
			g_array_append_val(p->dicts, d);
	}
	if (d.id == 0 || !pack_knows_dict(p, d.id))
		return err_set(err, ERR_IO, "damaged dictionary");
	if (!use)
		return true;
	ZSTD_CDict *c = ZSTD_createCDict(data, len, LEVEL);
	if (c == NULL)
		return err_set(err, ERR_IO, "damaged dictionary");
	ZSTD_CCtx_refCDict(p->compress, c);
	ZSTD_freeCDict(p->use);
	p->use = c;
	return true;
}

bool
pack_has_dict(const Pack *p)
{
	return p->use != NULL;
}

bool
pack_knows_dict(const Pack *p, uint32_t id)
{
	return id == 0 || find_dict(p, id) != NULL;
}

const void *
pack_deflate(Pack *p, GBytes *raw, size_t *z_len, GError **err)
{
	size_t len = 0;
	const void *data = g_bytes_get_data(raw, &len);
	size_t bound = ZSTD_compressBound(len);

	if (p->out->len > KEEP_BYTES) {
		g_byte_array_unref(p->out);
		p->out = g_byte_array_new();
	}
	if (bound > G_MAXUINT / 2) {
		err_set(
		    err, ERR_IO, "a message of %zu bytes is too large", len);
		return NULL;
	}
	if (p->out->len < bound)
		g_byte_array_set_size(p->out, (guint)bound);
	*z_len =
	    ZSTD_compress2(p->compress, p->out->data, p->out->len, data, len);
	if (ZSTD_isError(*z_len)) {
		err_set(
		    err, ERR_IO, "compressing: %s", ZSTD_getErrorName(*z_len));
		return NULL;
	}
	return p->out->data;
}

uint32_t
pack_dict_of(const void *z, size_t z_len)
{
	return ZSTD_getDictID_fromFrame(z, z_len);
}

GBytes *
pack_inflate(Pack *p, const void *z, size_t z_len, size_t size, GError **err)
{
	uint32_t id = pack_dict_of(z, z_len);
	const ZSTD_DDict *dict = find_dict(p, id);
	g_autofree void *out = NULL;
	size_t got = 0;

	if (ZSTD_getFrameContentSize(z, z_len) != size) {
		err_set(err, ERR_IO, "its compressed bytes are damaged");
		return NULL;
	}
	if (id != 0 && dict == NULL) {
		err_set(err, ERR_IO, "dictionary %u is missing", id);
		return NULL;
	}
	out = g_try_malloc(MAX(size, 1));
	if (out == NULL) {
		err_set(err, ERR_IO, "no memory for %zu bytes", size);
		return NULL;
	}
	got = ZSTD_decompress_usingDDict(
	    p->decompress, out, size, z, z_len, dict);
	if (ZSTD_isError(got) || got != size) {
		err_set(err, ERR_IO, "its compressed bytes are damaged (%s)",
		    ZSTD_isError(got) ? ZSTD_getErrorName(got) : "cut short");
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&out), size);
}

GBytes *
pack_train(const GByteArray *bytes, const GArray *sizes, uint32_t *id)
{
	g_autofree void *dict = g_malloc(LIMIT_DICT_BYTES);
	size_t len = 0;

	if (sizes->len == 0)
		return NULL;
	len = ZDICT_trainFromBuffer(dict, LIMIT_DICT_BYTES, bytes->data,
	    (const size_t *)(const void *)sizes->data, sizes->len);
	if (ZDICT_isError(len))
		return NULL;
	*id = ZDICT_getDictID(dict, len);
	return *id == 0 ? NULL : g_bytes_new(dict, len);
}
