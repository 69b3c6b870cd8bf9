/* That every kind of damage is seen, and that a rebuild gives the same. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/fsck.h"

#include "archive/ingest.h"
#include "base/err.h"
#include "fixture.h"
#include "mail/parse.h"

#include <sqlite3.h>

#include <string.h>

#define DATED(n) "Date: Thu, 1 Jan 2004 00:00:0" n " +0000\n"

static const char *const mails[] = {
    "From: Bo <Bo@x>\nMessage-ID: <b@x>\nReferences: <a@x>\nSubject: Re: "
    "a\n" DATED("2") "\nb\n",
    "From: Al <al@x>\nMessage-ID: <d@x>\nIn-Reply-To: <c@x>\nSubject: Re: "
    "c\n" DATED("4") "\nd\n",
    "From: bo@X\nMessage-ID: <c@x>\nReferences: <a@x> <b@x>\nSubject: "
    "c\n" DATED("3") "\nc\n",
    "From: Al <al@x>\nMessage-ID: <a@x>\nSubject: a\n" DATED("1") "\na\n",
    "Message-ID: <z@x>\nSubject: z\n" DATED("5") "\nz\n",
    "Message-ID: <z@x>\nSubject: not z\n" DATED("6") "\nnot z\n",
    "Subject: bare\n\nbare\n",
    /* A copy of z, and one that answers it by that name. */
    "Message-ID: <z2@x>\nSubject: z\n" DATED("5") "\nz\n",
    "From: Al <al@x>\nMessage-ID: <y@x>\nReferences: <z2@x>\nSubject: "
    "y\n" DATED("7") "\ny\n",
};

static void
fill(Fixture *f)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) lists = NULL;

	fixture_init(f);
	store_list_add(f->store, "users.example.org", POLICY_PUBLIC, &err);
	lists = store_lists(f->store, &err);
	g_assert_true(store_begin(f->store, &err));
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(GBytes) raw = g_bytes_new(mails[i], strlen(mails[i]));
		g_autoptr(IngestMsg) m =
		    ingest_msg_new(raw, 1100000000 + (int64_t)i);
		char key[KEY_LEN + 1];

		for (guint j = 0; j < (i % 2 == 0 ? 2 : 1); j++)
			g_assert_cmpint(ingest_put(f->store, lists->pdata[j], m,
					    NULL, key, &err),
			    <=, INGEST_COPY);
	}
	g_assert_true(store_commit(f->store, &err));
}

static void
note_fault(void *arg, const char *what)
{
	GString *faults = arg;

	g_string_append_printf(faults, "%s\n", what);
}

static bool
note_progress(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	g_assert_cmpuint(done, <=, all);
	return true;
}

/* What fsck finds; free with g_free. */
static char *
check(Store *s)
{
	GString *faults = g_string_new(NULL);
	FsckHooks hooks = {note_fault, note_progress, faults};
	g_autoptr(GError) err = NULL;

	g_assert_true(fsck_check(s, &hooks, &err));
	g_assert_no_error(err);
	return g_string_free(faults, FALSE);
}

static void
rebuild(Store *s)
{
	g_autoptr(GString) faults = g_string_new(NULL);
	FsckHooks hooks = {note_fault, note_progress, faults};
	g_autoptr(GError) err = NULL;

	g_assert_true(fsck_rebuild(s, &hooks, &err));
	g_assert_no_error(err);
}

/* Run SQL behind the store's back. */
static void
tamper(Fixture *f, const char *text)
{
	g_autofree char *path = g_build_filename(f->dir, "felid.db", NULL);
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(
	    sqlite3_exec(db, text, NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_changes(db), >, 0);
	sqlite3_close(db);
}

static void
a_sound_store_has_no_faults(void)
{
	g_autofree char *faults = NULL;
	Fixture f;

	fill(&f);
	faults = check(f.store);
	g_assert_cmpstr(faults, ==, "");
	fixture_clear(&f);
}

static void
a_rebuild_gives_the_same(void)
{
	g_autofree char *before = NULL, *after = NULL, *faults = NULL;
	g_autoptr(Head) first = NULL, again = NULL;
	g_autoptr(Store) reader = NULL;
	g_autoptr(GError) err = NULL;
	Fixture f;

	fill(&f);
	reader = store_open(f.dir, STORE_READ, &err);
	first = store_head(reader, 1, &err);
	before = dump(&f, false);
	rebuild(f.store);
	after = dump(&f, false);
	g_assert_cmpstr(after, ==, before);
	faults = check(f.store);
	g_assert_cmpstr(faults, ==, "");
	/* One that was there goes on with the new tables. */
	again = store_head(reader, 1, &err);
	g_assert_no_error(err);
	g_assert_cmpstr(again->subject, ==, first->subject);
	g_clear_pointer(&reader, store_close);
	fixture_clear(&f);
}

/* Each kind of damage to what is derived is seen, and a rebuild heals it. */
static void
damage_is_seen_and_healed(void)
{
	static const struct {
		const char *sql, *fault;
	} table[] = {
	    {"DELETE FROM head WHERE post = 3", "no head"},
	    {"UPDATE head SET subject = 'x' WHERE post = 3", "subject"},
	    {"UPDATE head SET date = 9 WHERE post = 3", "date"},
	    {"UPDATE head SET outline = '' WHERE post = 3", "outline"},
	    {"UPDATE head SET size = 1 WHERE post = 3", "bytes"},
	    {"UPDATE head SET raw = 1 WHERE post = 3", "what the message"},
	    {"UPDATE head SET kind = 1 WHERE post = 3", "what the message"},
	    {"UPDATE head SET key = zeroblob(20) WHERE post = 3",
		"what the message"},
	    {"UPDATE head SET arrived = 1 WHERE post = 3", "what the message"},
	    {"UPDATE head SET list = 3 - list WHERE post = 3", "list"},
	    {"UPDATE head SET thread = (SELECT max(id) FROM thread) "
	     "WHERE post = 1",
		"one thread"},
	    {"UPDATE head SET thread = 99 WHERE post = 1", "not in"},
	    {"UPDATE thread SET n = n + 1 WHERE id = 1", "messages"},
	    {"UPDATE thread SET first = 2 WHERE first = 6", "first"},
	    {"UPDATE thread SET subject = 'x' WHERE first = 6",
		"of its first message"},
	    {"UPDATE thread SET from_name = 'x' WHERE first = 6",
		"of its first message"},
	    {"UPDATE thread SET from_addr = NULL WHERE first = 6",
		"of its first message"},
	    {"UPDATE thread SET key = zeroblob(20) WHERE first = 6",
		"of its first message"},
	    {"UPDATE thread SET subject = 'x' WHERE into_thread > 0",
		"of its first message"},
	    {"UPDATE thread SET last_date = last_date + 1 WHERE first = 6",
		"last date"},
	    {"DELETE FROM key WHERE kind = 2 AND post = 3", "names"},
	    {"UPDATE key SET digest = zeroblob(20) "
	     "WHERE kind = 2 AND post = 3",
		"keys"},
	    {"INSERT INTO key VALUES (zeroblob(20), 1, 1, 3)",
		"keys that no message has"},
	    {"UPDATE key SET list = 3 - list WHERE kind = 2 AND post = 3",
		"list"},
	    {"UPDATE head SET author = NULL WHERE post = 3", "author"},
	    {"UPDATE head SET author = 3 - author WHERE post = 3", "author"},
	    {"UPDATE author SET code = code + 1 WHERE id = 1", "author"},
	    {"INSERT INTO author VALUES (99, 99)", "no message"},
	    {"UPDATE poster SET n = n + 1 WHERE year = 0", "of its authors"},
	    {"UPDATE poster SET n_threads = 7 WHERE year = 0",
		"of its authors"},
	    {"DELETE FROM poster WHERE year > 0", "lacks authors"},
	    {"UPDATE thread SET n_authors = 7 WHERE id = 1", "7 authors"},
	    {"UPDATE thread_author SET n = n + 1", "of its authors"},
	    {"DELETE FROM thread_author", "lacks authors"},
	    {"UPDATE month SET n = n + 1", "months"},
	    {"DELETE FROM month", "no months"},
	    {"UPDATE day SET n = n + 1", "other days"},
	    {"UPDATE day SET day = day + 1", "other days"},
	    {"DELETE FROM day", "lacks days"},
	    {"UPDATE list_sum SET bytes = 0", "sums"},
	    {"DELETE FROM list_sum", "no sums"},
	    {"UPDATE OR REPLACE thread_id SET list = 3 - list WHERE id = "
	     "(SELECT max(id) FROM thread_id)",
		"names"},
	    {"DELETE FROM thread_id WHERE thread = 1", "names do not"},
	    {"INSERT INTO thread_id VALUES (1, 1, 1)", "Message-IDs"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *sound = NULL, *healed = NULL;
		g_autofree char *faults = NULL, *after = NULL;
		Fixture f;

		fill(&f);
		sound = dump(&f, false);
		tamper(&f, table[i].sql);
		faults = check(f.store);
		g_test_message("%s: %s", table[i].sql, faults);
		g_assert_nonnull(strstr(faults, table[i].fault));
		g_assert_cmpstr(faults, !=, "");
		rebuild(f.store);
		healed = dump(&f, false);
		g_assert_cmpstr(healed, ==, sound);
		after = check(f.store);
		g_assert_cmpstr(after, ==, "");
		fixture_clear(&f);
	}
}

/* A store as an older felid left it, before it knew authors. */
static void
an_older_store_is_brought_up_to_date(void)
{
	static const StoreMode refused[] = {STORE_READ, STORE_WRITE};
	g_autofree char *sound = NULL, *after = NULL, *faults = NULL;
	g_autoptr(GError) err = NULL;
	Fixture f;

	fill(&f);
	sound = dump(&f, false);
	g_clear_pointer(&f.store, store_close);
	tamper(&f, "DROP TABLE pipermail; DROP TABLE gone; DROP TABLE secret; "
		   "DROP TABLE tray; DROP TABLE thread_author;"
		   "DROP TABLE poster;"
		   "DROP INDEX head_author; DROP INDEX head_thread;"
		   "UPDATE head SET author = NULL;"
		   "ALTER TABLE head DROP COLUMN author; DROP TABLE author;"
		   "ALTER TABLE thread DROP COLUMN n_authors; DROP TABLE day;"
		   "PRAGMA user_version = 1; UPDATE list SET id = id");
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		f.store = store_open(f.dir, refused[i], &err);
		g_assert_null(f.store);
		g_assert_error(err, ERR, ERR_IO);
		g_assert_nonnull(strstr(err->message, "fsck --rebuild"));
		g_clear_error(&err);
	}
	f.store = store_open(f.dir, STORE_REBUILD, &err);
	g_assert_no_error(err);
	rebuild(f.store);
	after = dump(&f, false);
	g_assert_cmpstr(after, ==, sound);
	faults = check(f.store);
	g_assert_cmpstr(faults, ==, "");
	fixture_clear(&f);
}

/* What is primary can't be healed, but it is seen. */
static void
lost_bytes_are_named(void)
{
	static const struct {
		const char *sql, *fault;
	} table[] = {
	    {"UPDATE raw SET z = CAST(substr(z, 1, 20) || x'ff' || "
	     "substr(z, 22) AS BLOB) WHERE id = 3",
		"message 4: "},
	    {"UPDATE raw SET z = CAST(substr(z, 1, length(z) - 1) || x'00' "
	     "AS BLOB) WHERE id = 3",
		"message 4: "},
	    {"UPDATE raw SET size = size + 1 WHERE id = 3", "message 4: "},
	    {"DELETE FROM raw WHERE id = 3", "not in table raw"},
	    {"UPDATE post SET key = zeroblob(20) WHERE id = 4",
		"message 4: its permalink"},
	    {"UPDATE post SET raw = 2 WHERE id = 4", "message 4: "},
	    {"DELETE FROM list_name WHERE list = 1", "List-Ids"},
	    {"INSERT INTO raw (size, z) VALUES (1, x'00')", "no message"},
	    {"INSERT INTO pipermail VALUES (1, 7, 999)", "not in table post"},
	    {"INSERT INTO pipermail SELECT 3 - list, 7, id FROM post LIMIT 1",
		"number 7 of list"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *faults = NULL, *again = NULL;
		Fixture f;

		fill(&f);
		tamper(&f, table[i].sql);
		faults = check(f.store);
		g_test_message("%s: %s", table[i].sql, faults);
		g_assert_nonnull(strstr(faults, table[i].fault));
		rebuild(f.store);
		again = check(f.store);
		g_assert_nonnull(strstr(again, table[i].fault));
		fixture_clear(&f);
	}
}

/* A body can be read as long as it is sound itself. */
static void
a_damaged_header_is_not_its_bodys(void)
{
	g_autoptr(GError) err = NULL;
	size_t off = 0;
	Fixture f;

	fill(&f);
	g_autoptr(Head) head = store_head(f.store, 4, &err);

	tamper(&f, "UPDATE raw SET z = CAST(substr(z, 1, 20) || x'ff' || "
		   "substr(z, 22) AS BLOB) WHERE id = 3");
	g_autoptr(GBytes) body = store_body_of(f.store, head, &off, &err);
	g_assert_no_error(err);
	g_assert_nonnull(body);
	g_assert_cmpuint(off, >, 0);
	g_assert_null(store_raw_of(f.store, head, &err));
	g_assert_error(err, ERR, ERR_IO);
	g_clear_error(&err);
	tamper(&f, "UPDATE raw SET z = CAST(substr(z, 1, length(z) - 1) || "
		   "x'00' AS BLOB) WHERE id = 3");
	g_assert_null(store_body_of(f.store, head, &off, &err));
	g_assert_error(err, ERR, ERR_IO);
	fixture_clear(&f);
}

static bool
stop_at_once(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	(void)done;
	(void)all;
	return false;
}

static void
a_stopped_rebuild_changes_nothing(void)
{
	g_autoptr(GString) faults = g_string_new(NULL);
	FsckHooks hooks = {note_fault, stop_at_once, faults};
	g_autofree char *before = NULL, *after = NULL;
	g_autoptr(GError) err = NULL;
	Fixture f;

	fill(&f);
	before = dump(&f, false);
	g_assert_false(fsck_rebuild(f.store, &hooks, &err));
	g_assert_error(err, ERR, ERR_BUSY);
	after = dump(&f, false);
	g_assert_cmpstr(after, ==, before);
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func(
	    "/fsck/a-sound-store-has-no-faults", a_sound_store_has_no_faults);
	g_test_add_func(
	    "/fsck/a-rebuild-gives-the-same", a_rebuild_gives_the_same);
	g_test_add_func(
	    "/fsck/damage-is-seen-and-healed", damage_is_seen_and_healed);
	g_test_add_func("/fsck/an-older-store-is-brought-up-to-date",
	    an_older_store_is_brought_up_to_date);
	g_test_add_func("/fsck/lost-bytes-are-named", lost_bytes_are_named);
	g_test_add_func("/fsck/a-damaged-header-is-not-its-bodys",
	    a_damaged_header_is_not_its_bodys);
	g_test_add_func("/fsck/a-stopped-rebuild-changes-nothing",
	    a_stopped_rebuild_changes_nothing);
	return g_test_run();
}
