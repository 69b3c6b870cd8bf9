/* A store whose file is damaged: what fsck finds, and what stays readable. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/fsck.h"
#include "archive/ingest.h"
#include "base/err.h"
#include "fixture.h"
#include "mail/parse.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <string.h>

#define N_MAILS 200

/* Damages of each page: this many, or with FELID_PROOF=full. */
#define TIMES 1u
#define TIMES_FULL 20u

/* A message that was stored. */
typedef struct {
	int64_t post;
	unsigned char key[KEY_BYTES];
	GBytes *raw;
} Stored;

/* The file as it was, and what is in it. */
typedef struct {
	Fixture f;
	char *path, *bytes, *rows;
	gsize len;
	GArray *stored;    /* Stored */
	GPtrArray *owners; /* the table that each page is of */
	guint n_found, n_harmless, n_rebuilt, n_unread, n_shut;
} Sound;

/* Tables that nothing makes again. */
static const char *const primary[] = {"sqlite_schema", "list", "list_name",
    "dict", "raw", "post", "copy", "secret", "gone", "pipermail", "", NULL};

static char *
make_text(guint32 n)
{
	GString *text = g_string_new(NULL);
	guint32 x = n;

	g_string_printf(text,
	    "From: Jo <jo%u@example.net>\nMessage-ID: <d%u@x>\nReferences: "
	    "<d%u@x>\nSubject: No %u\nDate: Thu, 1 Jan 2004 00:%02u:%02u "
	    "+0000\n\n",
	    n % 9, n, n / 4, n, n / 60, n % 60);
	for (guint32 i = 0; i < 20 + (n % 10 == 0 ? 400 : 0); i++) {
		x = x * 1664525u + 1013904223u;
		g_string_append_printf(text, "%08x\n", x);
	}
	return g_string_free(text, FALSE);
}

static void
put(Sound *s, guint32 n)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = store_list_get(s->f.store, s->f.list, &err);
	char *text = make_text(n), key[KEY_LEN + 1];
	GBytes *raw = g_bytes_new_take(text, strlen(text));
	g_autoptr(IngestMsg) m = ingest_msg_new(raw, 1100000000);
	Stored stored = {.raw = raw};

	g_assert_cmpint(ingest_put(s->f.store, list, m, NULL, key, &err), ==,
	    INGEST_STORED);
	stored.post = m->post;
	memcpy(stored.key, m->links.digest[KEY_ID], KEY_BYTES);
	g_array_append_val(s->stored, stored);
}

static void
read_owners(Sound *s)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;

	s->owners = g_ptr_array_new_with_free_func(g_free);
	for (gsize page = 0; page < s->len / 4096; page++)
		g_ptr_array_add(s->owners, g_strdup(""));
	g_assert_cmpint(sqlite3_open(s->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db,
			    "SELECT pageno, coalesce(tbl_name, d.name) "
			    "FROM dbstat d LEFT JOIN sqlite_schema s "
			    "ON s.name = d.name AND d.name <> 'post_key'",
			    -1, &q, NULL),
	    ==, SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		guint page = (guint)sqlite3_column_int(q, 0) - 1;

		g_free(s->owners->pdata[page]);
		s->owners->pdata[page] =
		    g_strdup((const char *)sqlite3_column_text(q, 1));
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
}

static void
make(Sound *s)
{
	g_autoptr(GError) err = NULL;

	fixture_init(&s->f);
	s->path = g_build_filename(s->f.dir, "felid.db", NULL);
	s->stored = g_array_new(FALSE, FALSE, sizeof(Stored));
	g_assert_true(store_begin(s->f.store, &err));
	for (guint32 n = 1; n <= N_MAILS; n++)
		put(s, n);
	g_assert_true(store_commit(s->f.store, &err));
	for (int64_t post = 10; post < 20; post++)
		g_assert_true(store_put_copy(
		    s->f.store, post, "<copy@example.net>", &err));
	g_assert_true(store_checkpoint(s->f.store));
	g_clear_pointer(&s->f.store, store_close);
	s->rows = dump(&s->f, false);
	g_assert_true(g_file_get_contents(s->path, &s->bytes, &s->len, &err));
	read_owners(s);
}

static void
clear(Sound *s)
{
	fixture_clear(&s->f);
	for (guint i = 0; i < s->stored->len; i++)
		g_bytes_unref(g_array_index(s->stored, Stored, i).raw);
	g_array_unref(s->stored);
	g_ptr_array_unref(s->owners);
	g_free(s->path);
	g_free(s->bytes);
	g_free(s->rows);
}

/* Put the file in place, with some bytes of page flipped. */
static void
damage(const Sound *s, GRand *chance, gsize page)
{
	static const char *const beside[] = {"-wal", "-shm"};
	g_autofree char *bytes = g_memdup2(s->bytes, s->len);
	gint32 n = g_rand_int_range(chance, 1, 20);
	gint32 at = g_rand_int_range(chance, 0, 4096 - n);

	for (gint32 i = 0; i < n; i++)
		bytes[page * 4096 + (gsize)(at + i)] ^=
		    (char)g_rand_int_range(chance, 1, 256);
	for (gsize i = 0; i < G_N_ELEMENTS(beside); i++) {
		g_autofree char *path = g_strconcat(s->path, beside[i], NULL);

		(void)g_remove(path);
	}
	g_assert_true(g_file_set_contents_full(s->path, bytes, (gssize)s->len,
	    G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
note_fault(void *arg, const char *what)
{
	g_string_append_printf(arg, "%s\n", what);
}

static bool
go_on(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	(void)done;
	(void)all;
	return true;
}

/* Whether m is there, byte for byte. */
static bool
is_readable(const Sound *s, Store *store, const Stored *m)
{
	int64_t post = store_find_permalink(store, s->f.list, m->key, NULL);
	g_autoptr(GBytes) raw =
	    post == m->post ? store_raw(store, post, NULL) : NULL;

	return raw != NULL && g_bytes_equal(raw, m->raw);
}

/* Whether faults names a post, or a range that it is in. */
static bool
is_named(const char *faults, const Stored *m)
{
	g_autofree char *post =
	    g_strdup_printf("message %" G_GINT64_FORMAT ":", m->post);
	char key[KEY_LEN + 1];

	permalink_key(m->key, key);
	return strstr(faults, post) != NULL || strstr(faults, key) != NULL;
}

/* What is derived is made again; of the rest a rebuild may say that it
 * can't. */
static void
rebuild(Sound *s, bool derived)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GString) faults = g_string_new(NULL);
	g_autoptr(Store) store = store_open(s->f.dir, STORE_REBUILD, NULL);
	g_autofree char *rows = NULL;
	FsckHooks hooks = {note_fault, go_on, faults};
	bool ok = store != NULL && fsck_rebuild(store, &hooks, &err);

	if (!derived)
		return;
	g_assert_true(ok);
	g_assert_no_error(err);
	g_assert_true(fsck_check(store, &hooks, &err));
	g_assert_cmpstr(faults->str, ==, "");
	rows = dump(&s->f, false);
	g_assert_cmpstr(rows, ==, s->rows);
	s->n_rebuilt++;
}

/* Whether each message that can't be read was named. */
static void
check_messages(Sound *s, Store *store, const char *faults)
{
	for (guint i = 0; i < s->stored->len; i++) {
		const Stored *m = &g_array_index(s->stored, Stored, i);

		if (is_readable(s, store, m))
			continue;
		s->n_unread++;
		if (!is_named(faults, m))
			g_error("message %d is not named in:\n%s", (int)m->post,
			    faults);
	}
}

static void
look(Sound *s, const char *owner)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) store = store_open(s->f.dir, STORE_READ, &err);
	g_autoptr(GString) faults = g_string_new(NULL);
	FsckHooks hooks = {note_fault, go_on, faults};

	if (store == NULL) {
		/* Who can't tell what is where can't tell of damage. */
		g_assert_cmpstr(owner, ==, "sqlite_schema");
		s->n_shut++;
		return;
	}
	g_assert_true(fsck_check(store, &hooks, &err));
	g_assert_no_error(err);
	check_messages(s, store, faults->str);
	g_clear_pointer(&store, store_close);
	if (faults->len > 0) {
		s->n_found++;
		rebuild(s, !g_strv_contains(primary, owner));
		return;
	}
	g_autofree char *rows = dump(&s->f, false);

	/* No checksum guards when a message came in. */
	if (!g_str_equal(owner, "post"))
		g_assert_cmpstr(rows, ==, s->rows);
	s->n_harmless++;
}

static void
every_page(void)
{
	const char *proof = g_getenv("FELID_PROOF");
	guint times = g_strcmp0(proof, "full") == 0 ? TIMES_FULL : TIMES;
	g_autoptr(GRand) chance = g_rand_new_with_seed(1);
	Sound s = {0};

	make(&s);
	for (gsize page = 0; page < s.len / 4096; page++)
		for (guint i = 0; i < times; i++) {
			damage(&s, chance, page);
			look(&s, s.owners->pdata[page]);
		}
	g_assert_cmpuint(s.n_found, >, s.n_shut);
	g_assert_cmpuint(s.n_rebuilt, >, 0);
	g_assert_cmpuint(s.n_unread, >, 0);
	g_test_message("%d pages: %u found, %u harmless, %u shut, %u rebuilt, "
		       "%u messages unreadable",
	    (int)(s.len / 4096), s.n_found, s.n_harmless, s.n_shut, s.n_rebuilt,
	    s.n_unread);
	clear(&s);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/damage/every-page", every_page);
	return g_test_run();
}
