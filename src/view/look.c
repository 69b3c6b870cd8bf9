/* SPDX-License-Identifier: Apache-2.0 */
#include "view/look.h"

#include "base/err.h"
#include "base/limits.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Digits of a SHA-256 in a name, as the build gives to files of web/. */
#define HASH_DIGITS 12

/* Reading ----------------------------------------------------------------- */

static bool
load(LookFile *f, const char *path, size_t max, GError **err)
{
	g_autoptr(GError) why = NULL;
	struct stat st = {0};
	gsize len = 0;

	if (stat(path, &st) < 0)
		return err_set_errno(
		    err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, "%s: is no file", path);
	if ((uint64_t)st.st_size > max)
		return err_set(err, ERR_LIMIT,
		    "%s: has more than %zu KB, the most there may be", path,
		    max >> 10);
	if (!g_file_get_contents(path, &f->bytes, &len, &why))
		return err_set(err, ERR_IO, "%s", why->message);
	f->len = len;
	return true;
}

static bool
check_text(const LookFile *f, const char *path, GError **err)
{
	return g_utf8_validate(f->bytes, (gssize)f->len, NULL) ||
	       err_set(err, ERR_SYNTAX, "%s: is not UTF-8", path);
}

static void
name_file(LookFile *f, const char *stem, const char *suffix, const char *type)
{
	g_autofree char *hash = g_compute_checksum_for_data(
	    G_CHECKSUM_SHA256, (const guchar *)f->bytes, f->len);

	f->name = g_strdup_printf("%s-%.*s%s", stem, HASH_DIGITS, hash, suffix);
	f->type = type;
}

static bool
load_logo(LookFile *f, const char *path, GError **err)
{
	static const char png[] = "\x89PNG\r\n\x1a\n";

	if (!load(f, path, LIMIT_LOOK_FILE_BYTES, err))
		return false;
	if (g_str_has_prefix(f->bytes, png)) {
		name_file(f, "logo", ".png", "image/png");
		return true;
	}
	if (g_strstr_len(f->bytes, (gssize)f->len, "<svg") == NULL)
		return err_set(
		    err, ERR_SYNTAX, "%s: is neither PNG nor SVG", path);
	name_file(f, "logo", ".svg", "image/svg+xml");
	return check_text(f, path, err);
}

static bool
load_style(LookFile *f, const char *path, GError **err)
{
	if (!load(f, path, LIMIT_LOOK_FILE_BYTES, err))
		return false;
	name_file(f, "site", ".css", "text/css; charset=utf-8");
	return check_text(f, path, err);
}

static bool
load_markup(LookFile *f, const char *path, GError **err)
{
	return load(f, path, LIMIT_LOOK_MARKUP_BYTES, err) &&
	       check_text(f, path, err);
}

Look *
look_load(const Conf *conf, GError **err)
{
	g_autoptr(Look) l = g_new0(Look, 1);
	const struct {
		const char *key, *path;
		bool (*load)(LookFile *f, const char *path, GError **err);
		LookFile *file;
	} files[] = {
	    {"logo", conf->logo, load_logo, &l->logo},
	    {"style", conf->style, load_style, &l->style},
	    {"header", conf->header, load_markup, &l->header},
	    {"footer", conf->footer, load_markup, &l->footer},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		if (files[i].path[0] == '\0' ||
		    files[i].load(files[i].file, files[i].path, err))
			continue;
		err_prefix(err, "[archive] %s: ", files[i].key);
		return NULL;
	}
	return g_steal_pointer(&l);
}

static void
file_clear(LookFile *f)
{
	g_free(f->bytes);
	g_free(f->name);
}

void
look_free(Look *l)
{
	if (l == NULL)
		return;
	file_clear(&l->logo);
	file_clear(&l->style);
	file_clear(&l->header);
	file_clear(&l->footer);
	g_free(l);
}

/* Asking ------------------------------------------------------------------ */

bool
look_find(const Look *l, const char *name, Asset *out)
{
	const LookFile *const files[] = {
	    l != NULL ? &l->logo : NULL, l != NULL ? &l->style : NULL};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		if (files[i] == NULL || files[i]->name == NULL ||
		    strcmp(files[i]->name, name) != 0)
			continue;
		*out = (Asset){.file = files[i]->name,
		    .name = files[i]->name,
		    .type = files[i]->type,
		    .bytes = (const unsigned char *)files[i]->bytes,
		    .len = files[i]->len};
		return true;
	}
	return false;
}

static void
hash_file(GChecksum *sum, const LookFile *f)
{
	g_autofree char *len = g_strdup_printf("%zu ", f->len);

	g_checksum_update(sum, (const guchar *)len, -1);
	if (f->bytes != NULL)
		g_checksum_update(
		    sum, (const guchar *)f->bytes, (gssize)f->len);
}

char *
look_digest(const Look *l)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	if (l != NULL) {
		hash_file(sum, &l->logo);
		hash_file(sum, &l->style);
		hash_file(sum, &l->header);
		hash_file(sum, &l->footer);
	}
	return g_strdup(g_checksum_get_string(sum));
}
