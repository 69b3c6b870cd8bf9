/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/source.h"

#include "base/err.h"

#define ZLIB_CONST
#include <glib/gstdio.h>
#include <zlib.h>
#include <zstd.h>

#include <string.h>

static char *folder;

/* Bytes that pack neither too well nor not at all. */
static GByteArray *
some_bytes(size_t n)
{
	GByteArray *all = g_byte_array_new();

	for (guint32 i = 0; all->len < n; i++) {
		guint32 x = i * 2654435761u >> (i % 7);

		g_byte_array_append(all, (const guint8 *)&x, sizeof x);
	}
	g_byte_array_set_size(all, (guint)n);
	return all;
}

static void
add_gzip(GByteArray *out, const guint8 *data, size_t len)
{
	g_autofree guint8 *buf = g_malloc(len + 1000);
	z_stream z = {0};

	g_assert_cmpint(
	    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==,
	    Z_OK);
	z.next_in = data;
	z.avail_in = (guint)len;
	z.next_out = buf;
	z.avail_out = (guint)len + 1000;
	g_assert_cmpint(deflate(&z, Z_FINISH), ==, Z_STREAM_END);
	g_byte_array_append(out, buf, (guint)(len + 1000 - z.avail_out));
	(void)deflateEnd(&z);
}

static void
add_zstd(GByteArray *out, const guint8 *data, size_t len)
{
	g_autofree guint8 *buf = g_malloc(ZSTD_compressBound(len));
	size_t n = ZSTD_compress(buf, ZSTD_compressBound(len), data, len, 3);

	g_assert_false(ZSTD_isError(n));
	g_byte_array_append(out, buf, (guint)n);
}

/* What source_read gives of a file with these bytes; *code is the error
 * that ends it, or -1. */
static GByteArray *
read_file(const void *data, size_t len, int *code)
{
	g_autofree char *path = g_build_filename(folder, "file", NULL);
	g_autoptr(GError) err = NULL;
	GByteArray *got = g_byte_array_new();
	const char *piece = NULL;
	size_t n = 0;

	g_assert_true(g_file_set_contents(path, data, (gssize)len, NULL));
	g_autoptr(Source) s = source_open(path, &err);

	while (s != NULL && source_read(s, &piece, &n, &err) && n > 0)
		g_byte_array_append(got, (const guint8 *)piece, (guint)n);
	*code = err != NULL ? err->code : -1;
	if (err == NULL)
		g_assert_cmpuint(source_done(s), ==, len);
	return got;
}

static void
gives(const GByteArray *file, const GByteArray *want, int want_code)
{
	int code = 0;
	g_autoptr(GByteArray) got = read_file(file->data, file->len, &code);

	g_assert_cmpint(code, ==, want_code);
	g_assert_cmpuint(got->len, ==, want->len);
	g_assert_true(
	    got->len == 0 || memcmp(got->data, want->data, got->len) == 0);
}

static const size_t sizes[] = {0, 1, 1000, (size_t)256 * 1024 - 1,
    (size_t)256 * 1024, (size_t)256 * 1024 + 1, 1000000};

static void
plain(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GByteArray) all = some_bytes(sizes[i]);

		gives(all, all, -1);
	}
}

/* One member or frame, and three of them. */
static void
packed(void (*add)(GByteArray *, const guint8 *, size_t))
{
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GByteArray) all = some_bytes(sizes[i]);
		g_autoptr(GByteArray) one = g_byte_array_new();
		g_autoptr(GByteArray) three = g_byte_array_new();
		size_t a = sizes[i] / 3, b = sizes[i] / 2;

		add(one, all->data, all->len);
		gives(one, all, -1);
		add(three, all->data, a);
		add(three, all->data + a, b - a);
		add(three, all->data + b, all->len - b);
		gives(three, all, -1);
	}
}

static void
gzip(void)
{
	packed(add_gzip);
}

static void
zstd(void)
{
	packed(add_zstd);
}

static void
zeros_behind_gzip(void)
{
	g_autoptr(GByteArray) all = some_bytes(1000);
	g_autoptr(GByteArray) file = g_byte_array_new();
	const guint8 zeros[512] = {0};

	add_gzip(file, all->data, all->len);
	g_byte_array_append(file, zeros, sizeof zeros);
	gives(file, all, -1);
}

/* What was there before the damage is given out, and then the error. */
static void
cut_off(void)
{
	g_autoptr(GByteArray) all = some_bytes(600000);
	g_autoptr(GByteArray) gz = g_byte_array_new();
	g_autoptr(GByteArray) zst = g_byte_array_new();
	const GByteArray *files[] = {gz, zst};

	add_gzip(gz, all->data, all->len);
	add_zstd(zst, all->data, all->len);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		int code = 0;
		g_autoptr(GByteArray) got =
		    read_file(files[i]->data, files[i]->len * 9 / 10, &code);

		g_assert_cmpint(code, ==, ERR_SYNTAX);
		g_assert_cmpuint(got->len, >, 0);
		g_assert_cmpuint(got->len, <, all->len);
		g_assert_true(memcmp(got->data, all->data, got->len) == 0);
	}
}

static void
damaged(void)
{
	g_autoptr(GByteArray) all = some_bytes(600000);
	g_autoptr(GByteArray) gz = g_byte_array_new();
	int code = 0;

	add_gzip(gz, all->data, all->len);
	memset(gz->data + gz->len / 2, 0xff, 100);
	g_byte_array_unref(read_file(gz->data, gz->len, &code));
	g_assert_cmpint(code, ==, ERR_SYNTAX);
	g_byte_array_set_size(gz, 0);
	add_gzip(gz, all->data, 100);
	g_byte_array_append(gz, (const guint8 *)"other", 5);
	g_byte_array_unref(read_file(gz->data, gz->len, &code));
	g_assert_cmpint(code, ==, ERR_SYNTAX);
}

static void
says_what_it_does_not_read(void)
{
	static const char *const files[] = {
	    "BZh91AY", "\xfd\x37zXZ..", "PK\x03\x04..."};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		int code = 0;

		g_byte_array_unref(
		    read_file(files[i], strlen(files[i]), &code));
		g_assert_cmpint(code, ==, ERR_SYNTAX);
	}
}

static void
not_there(void)
{
	g_autofree char *path = g_build_filename(folder, "none", NULL);
	g_autoptr(GError) err = NULL;

	g_assert_null(source_open(path, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
}

int
main(int argc, char **argv)
{
	g_autofree char *file = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("felid-XXXXXX", NULL);
	file = g_build_filename(folder, "file", NULL);
	g_test_add_func("/source/plain", plain);
	g_test_add_func("/source/gzip", gzip);
	g_test_add_func("/source/zstd", zstd);
	g_test_add_func("/source/zeros-behind-gzip", zeros_behind_gzip);
	g_test_add_func("/source/cut-off", cut_off);
	g_test_add_func("/source/damaged", damaged);
	g_test_add_func(
	    "/source/says-what-it-does-not-read", says_what_it_does_not_read);
	g_test_add_func("/source/not-there", not_there);
	status = g_test_run();
	(void)g_unlink(file);
	(void)g_rmdir(folder);
	g_free(folder);
	return status;
}
