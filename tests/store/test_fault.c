/* The n-th write fails, for every n: the store is as it was, and goes on. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/fsck.h"
#include "archive/ingest.h"
#include "base/err.h"
#include "fault_vfs.h"
#include "fixture.h"
#include "mail/parse.h"
#include "store/sqlite_private.h"

#include <sqlite3.h>

#include <string.h>

/* More writes than any of the operations below does. */
#define MANY 1000u

/* One operation, in a transaction of its own. */
typedef bool Operation(Fixture *f, GError **err);

static const char root[] = "Message-ID: <a@x>\nSubject: a\n"
			   "Date: Thu, 1 Jan 2004 00:00:01 +0000\n\na\n";
static const char lone[] = "Message-ID: <c@x>\nReferences: <b@x>\nSubject: c\n"
			   "Date: Thu, 1 Jan 2004 00:00:03 +0000\n\nc\n";
/* It unites the two above. */
static const char middle[] =
    "Message-ID: <b@x>\nReferences: <a@x>\nSubject: b\n"
    "Date: Thu, 1 Jan 2004 00:00:02 +0000\n\nb\n";
static const char copy[] = "Message-ID: <a2@x>\nSubject: a\n"
			   "Date: Thu, 1 Jan 2004 00:00:01 +0000\n\na\n";

static bool
ingest(Fixture *f, const char *text, GError **err)
{
	g_autoptr(GBytes) raw = g_bytes_new_static(text, strlen(text));
	g_autoptr(IngestMsg) m = ingest_msg_new(raw, 1100000000);
	g_autoptr(StoreList) list = store_list_get(f->store, f->list, err);
	char key[KEY_LEN + 1];

	if (list == NULL || !store_begin(f->store, err))
		return false;
	if (ingest_put(f->store, list, m, NULL, key, err) != INGEST_FAILED)
		return store_commit(f->store, err);
	store_rollback(f->store);
	return false;
}

static bool
put_link(Fixture *f, GError **err)
{
	return ingest(f, middle, err);
}

/* A message of many pages, none of them like another. */
static bool
put_large(Fixture *f, GError **err)
{
	g_autoptr(GString) text = g_string_new("Subject: large\n\n");
	guint32 x = 1;

	for (int i = 0; i < 5000; i++) {
		x = x * 1664525u + 1013904223u;
		g_string_append_printf(text, "%08x\n", x);
	}
	return ingest(f, text->str, err);
}

static bool
put_copy(Fixture *f, GError **err)
{
	return ingest(f, copy, err);
}

static bool
add_list(Fixture *f, GError **err)
{
	return store_list_add(
	    f->store, "users.example.org", POLICY_PUBLIC, err);
}

static bool
name_list(Fixture *f, GError **err)
{
	return store_list_name(f->store, f->list, "dev@example.org", err);
}

static void
ignore_fault(void *arg, const char *what)
{
	(void)arg;
	g_test_message("%s", what);
	g_assert_not_reached();
}

static bool
go_on(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	(void)done;
	(void)all;
	return true;
}

static const FsckHooks hooks = {ignore_fault, go_on, NULL};

static bool
rebuild(Fixture *f, GError **err)
{
	return fsck_rebuild(f->store, &hooks, err);
}

/* The primary and derived state, without what no reader can see. */
static char *
state(Fixture *f)
{
	return dump(f, false);
}

static void
check_sound(Fixture *f)
{
	g_autoptr(GError) err = NULL;

	g_assert_true(fsck_check(f->store, &hooks, &err));
	g_assert_no_error(err);
}

/* Let the n-th write of op fail.  Returns false once op does fewer. */
static bool
fail_at(Operation *op, unsigned int n, int rc)
{
	g_autofree char *before = NULL, *after = NULL, *reopened = NULL;
	g_autoptr(GError) err = NULL;
	bool ok = false, hit = false;
	Fixture f;

	fixture_init(&f);
	g_assert_true(ingest(&f, root, &err));
	g_assert_true(ingest(&f, lone, &err));
	before = state(&f);
	fault_vfs_fail(n, rc);
	ok = op(&f, &err);
	hit = fault_vfs_heal();
	after = state(&f);
	if (!ok) {
		g_assert_true(hit);
		/* A full disk is told apart from a broken one. */
		g_assert_true(g_error_matches(err, ERR, ERR_IO) ||
			      (rc == SQLITE_FULL &&
				  g_error_matches(err, ERR, ERR_LIMIT)));
		g_assert_cmpstr(after, ==, before);
	}
	g_clear_error(&err);
	/* The store goes on, and after a restart it is the same. */
	check_sound(&f);
	g_clear_pointer(&f.store, store_close);
	f.store = store_open(f.dir, STORE_WRITE, &err);
	g_assert_no_error(err);
	reopened = state(&f);
	g_assert_cmpstr(reopened, ==, after);
	check_sound(&f);
	if (!ok)
		g_assert_true(op(&f, &err));
	g_assert_no_error(err);
	fixture_clear(&f);
	return hit;
}

static void
every_write(gconstpointer data)
{
	Operation *const *op = data;
	unsigned int n = 1;

	while (n < MANY &&
	       fail_at(*op, n, n % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE))
		n++;
	g_assert_cmpuint(n, >, 1);
	g_assert_cmpuint(n, <, MANY);
}

static void
another_writer(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) other = NULL;
	Fixture f;

	fixture_init(&f);
	other = store_open(f.dir, STORE_WRITE, &err);
	g_assert_no_error(err);
	other->busy_tries = 2;
	g_assert_true(store_begin(f.store, &err));
	g_assert_false(store_begin(other, &err));
	g_assert_error(err, ERR, ERR_BUSY);
	g_clear_error(&err);
	g_assert_true(store_commit(f.store, &err));
	g_assert_true(store_begin(other, &err));
	store_rollback(other);
	g_assert_no_error(err);
	g_clear_pointer(&other, store_close);
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		Operation *op;
	} table[] = {
	    {"/fault/put", put_link},
	    {"/fault/put-large", put_large},
	    {"/fault/put-copy", put_copy},
	    {"/fault/add-list", add_list},
	    {"/fault/name-list", name_list},
	    {"/fault/rebuild", rebuild},
	};

	g_test_init(&argc, &argv, NULL);
	parse_init();
	fault_vfs_install();
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		g_test_add_data_func(table[i].name, &table[i].op, every_write);
	g_test_add_func("/fault/another-writer", another_writer);
	return g_test_run();
}
