/* SPDX-License-Identifier: Apache-2.0 */
#include "disk.h"

#include <glib/gstdio.h>

#include <stdbool.h>
#include <string.h>

/* A write or a truncation that no sync has made safe. */
typedef struct {
	uint32_t kind, len;
	uint64_t at;
	const char *data;
} Pending;

typedef struct {
	GByteArray *safe;
	GArray *pending; /* Pending */
	uint64_t n_done, n_safe;
	GHashTable *syncing; /* n_done when a process's sync began */
} File;

/* A name that came or went; file is NULL if it went. */
typedef struct {
	char *name;
	File *file;
} Change;

struct Disk {
	GPtrArray *files;    /* File, all that ever were */
	GHashTable *inodes;  /* File now, by number */
	GHashTable *folders; /* name, by number */
	GHashTable *names;   /* File, by name: the safe ones */
	GPtrArray *changes;  /* Change: those that are not */
};

/* How much is lost: chance is asked for each thing, or not at all. */
typedef enum { LOSE_SOME, LOSE_ALL, LOSE_NONE } Loss;

static void
free_file(void *arg)
{
	File *f = arg;

	g_byte_array_unref(f->safe);
	g_array_unref(f->pending);
	g_hash_table_unref(f->syncing);
	g_free(f);
}

static void
free_change(void *arg)
{
	Change *c = arg;

	g_free(c->name);
	g_free(c);
}

Disk *
disk_new(void)
{
	Disk *d = g_new0(Disk, 1);

	d->files = g_ptr_array_new_with_free_func(free_file);
	d->inodes =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	d->folders =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	d->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	d->changes = g_ptr_array_new_with_free_func(free_change);
	return d;
}

void
disk_free(Disk *d)
{
	g_hash_table_unref(d->inodes);
	g_hash_table_unref(d->folders);
	g_hash_table_unref(d->names);
	g_ptr_array_unref(d->changes);
	g_ptr_array_unref(d->files);
	g_free(d);
}

/* What is done -------------------------------------------------------- */

static void
change(Disk *d, const char *name, File *file)
{
	Change *c = g_new0(Change, 1);

	c->name = g_strdup(name);
	c->file = file;
	g_ptr_array_add(d->changes, c);
}

static void
add(File *f, const Journal *j, const char *data)
{
	Pending p = {.kind = j->kind, .len = j->len, .at = j->at, .data = data};

	g_array_append_val(f->pending, p);
	f->n_done++;
}

static void
open_name(Disk *d, const Journal *j, const char *name)
{
	const Journal empty = {.kind = JOURNAL_TRUNCATE};
	File *f = g_hash_table_lookup(d->inodes, &j->file);

	if ((j->at & JOURNAL_FOLDER) != 0) {
		g_hash_table_replace(d->folders,
		    g_memdup2(&j->file, sizeof j->file), g_strdup(name));
		return;
	}
	/* SQLite makes this one anew. */
	if (g_str_has_suffix(name, "-shm"))
		return;
	if ((j->at & JOURNAL_NEW) != 0) {
		f = g_new0(File, 1);
		f->safe = g_byte_array_new();
		f->pending = g_array_new(FALSE, FALSE, sizeof(Pending));
		f->syncing = g_hash_table_new_full(
		    g_int64_hash, g_int64_equal, g_free, g_free);
		g_ptr_array_add(d->files, f);
		g_hash_table_replace(
		    d->inodes, g_memdup2(&j->file, sizeof j->file), f);
		change(d, name, f);
	} else if ((j->at & JOURNAL_EMPTIED) != 0 && f != NULL) {
		add(f, &empty, NULL);
	}
}

/* Do all of p to bytes, or what chance leaves of it in pieces of sector. */
static void
do_pending(GByteArray *bytes, const Pending *p, GRand *chance, uint64_t sector)
{
	guint before = bytes->len, end = (guint)p->at + p->len;

	if (p->kind == JOURNAL_TRUNCATE || end > before) {
		g_byte_array_set_size(
		    bytes, p->kind == JOURNAL_TRUNCATE ? (guint)p->at : end);
		if (bytes->len > before)
			memset(bytes->data + before, 0, bytes->len - before);
	}
	for (uint64_t at = p->at, next = 0; at < p->at + p->len; at = next) {
		next = MIN((at / sector + 1) * sector, p->at + p->len);
		if (chance == NULL || g_rand_boolean(chance))
			memcpy(bytes->data + at, p->data + (at - p->at),
			    next - at);
	}
}

static void
begin_sync(File *f, uint64_t process)
{
	g_hash_table_replace(f->syncing, g_memdup2(&process, sizeof process),
	    g_memdup2(&f->n_done, sizeof f->n_done));
}

static void
end_sync(File *f, uint64_t process)
{
	const uint64_t *done = g_hash_table_lookup(f->syncing, &process);
	guint n = 0;

	for (; done != NULL && f->n_safe < *done; f->n_safe++, n++)
		do_pending(f->safe, &g_array_index(f->pending, Pending, n),
		    NULL, UINT64_MAX / 2);
	if (n > 0)
		g_array_remove_range(f->pending, 0, n);
}

static void
do_change(GHashTable *names, const Change *c)
{
	if (c->file != NULL)
		g_hash_table_replace(names, g_strdup(c->name), c->file);
	else
		g_hash_table_remove(names, c->name);
}

static bool
is_in(const char *name, const char *folder)
{
	g_autofree char *dir = g_path_get_dirname(name);

	return g_str_equal(*folder == '\0' ? "." : folder, dir);
}

static void
sync_folder(Disk *d, const char *folder)
{
	for (guint i = 0; i < d->changes->len;) {
		const Change *c = g_ptr_array_index(d->changes, i);

		if (is_in(c->name, folder)) {
			do_change(d->names, c);
			g_ptr_array_remove_index(d->changes, i);
		} else {
			i++;
		}
	}
}

void
disk_do(Disk *d, const Journal *j, const char *data)
{
	File *f = g_hash_table_lookup(d->inodes, &j->file);
	const char *folder = g_hash_table_lookup(d->folders, &j->file);
	g_autofree char *name = NULL;

	if (j->kind == JOURNAL_OPEN) {
		name = g_strndup(data, j->len);
		open_name(d, j, name);
	} else if (j->kind == JOURNAL_UNLINK) {
		name = g_strndup(data, j->len);
		change(d, name, NULL);
	} else if (j->kind == JOURNAL_SYNCED && folder != NULL) {
		sync_folder(d, folder);
	}
	if (f == NULL)
		return;
	if (j->kind == JOURNAL_WRITE || j->kind == JOURNAL_TRUNCATE)
		add(f, j, data);
	else if (j->kind == JOURNAL_SYNC)
		begin_sync(f, j->process);
	else if (j->kind == JOURNAL_SYNCED)
		end_sync(f, j->process);
}

/* What is left of it ------------------------------------------------------- */

static bool
survives(Loss loss, GRand *chance)
{
	return loss == LOSE_NONE ||
	       (loss == LOSE_SOME && g_rand_boolean(chance));
}

static GByteArray *
cut_file(const File *f, Loss loss, GRand *chance)
{
	GByteArray *bytes = g_byte_array_sized_new(f->safe->len);
	uint64_t sector = g_rand_boolean(chance) ? 512 : 4096;

	g_byte_array_append(bytes, f->safe->data, f->safe->len);
	for (guint i = 0; i < f->pending->len; i++) {
		const Pending *p = &g_array_index(f->pending, Pending, i);
		bool torn = loss == LOSE_SOME && p->kind == JOURNAL_WRITE &&
			    g_rand_boolean(chance);

		if (survives(loss, chance))
			do_pending(bytes, p, torn ? chance : NULL, sector);
	}
	return bytes;
}

static void
put(const char *dir, const char *name, const void *bytes, gsize len)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autoptr(GError) err = NULL;

	g_assert(g_mkdir_with_parents(parent, 0700) == 0);
	if (!g_file_set_contents_full(path, len > 0 ? bytes : "", (gssize)len,
		G_FILE_SET_CONTENTS_NONE, 0600, &err))
		g_error("%s", err->message);
}

static void
empty(const char *dir)
{
	g_autoptr(GDir) all = g_dir_open(dir, 0, NULL);
	const char *name = NULL;

	while (all != NULL && (name = g_dir_read_name(all)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			empty(path);
		(void)g_remove(path);
	}
}

/* The index of SQLite's log may be missing, or be anything. */
static void
put_junk(GRand *chance, const char *dir)
{
	uint32_t junk[8192];

	if (g_rand_boolean(chance))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(junk); i++)
		junk[i] = g_rand_int(chance);
	put(dir, "felid.db-shm", junk, sizeof junk);
}

void
disk_cut(const Disk *d, GRand *chance, const char *dir)
{
	static const Loss losses[] = {LOSE_ALL, LOSE_NONE, LOSE_SOME, LOSE_SOME,
	    LOSE_SOME, LOSE_ALL, LOSE_SOME, LOSE_SOME};
	Loss loss =
	    losses[g_rand_int_range(chance, 0, (gint32)G_N_ELEMENTS(losses))];
	g_autoptr(GHashTable) names =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	void *name = NULL, *file = NULL;

	empty(dir);
	g_hash_table_iter_init(&iter, d->names);
	while (g_hash_table_iter_next(&iter, &name, &file))
		g_hash_table_replace(names, g_strdup(name), file);
	for (guint i = 0; i < d->changes->len; i++)
		if (survives(loss, chance))
			do_change(names, g_ptr_array_index(d->changes, i));
	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, &file)) {
		g_autoptr(GByteArray) bytes = cut_file(file, loss, chance);

		put(dir, name, bytes->data, bytes->len);
	}
	put_junk(chance, dir);
}
