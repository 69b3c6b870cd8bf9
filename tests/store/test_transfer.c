/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/transfer.h"

#include "archive/ingest.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "mail/mbox.h"
#include "mail/parse.h"

#include "fixture.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NOW INT64_C(1767225600) /* 2026-01-01 */
#define MAX_MESSAGE 65536u
#define SEP "From joe@example.org Thu Jan  1 00:01:40 2015\n"
#define SEP_DATE INT64_C(1420070500)

static const char head[] = "Message-ID: <%s@example.org>\n"
			   "From: Joe <joe@example.org>\n"
			   "To: dev@example.org\n"
			   "Date: Thu, 1 Jan 2015 00:01:30 +0000\n"
			   "Subject: %s\n"
			   "\n"
			   "text\n";

/* One import: its store, and what it said. */
typedef struct {
	Fixture f;
	StoreList *list;
	GString *notes;
	TransferState st;
	uint64_t stop_at; /* messages read after which it is stopped */
} Run;

static void
run_init(Run *r)
{
	clock_set(NOW);
	*r = (Run){.notes = g_string_new(NULL), .stop_at = UINT64_MAX};
	fixture_init(&r->f);
	r->list = store_list_get(r->f.store, r->f.list, NULL);
	g_assert_nonnull(r->list);
}

static void
run_clear(Run *r)
{
	store_list_free(r->list);
	g_string_free(r->notes, TRUE);
	fixture_clear(&r->f);
	clock_set(-1);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static bool
progress(void *arg, const TransferState *st)
{
	const Run *r = arg;

	g_assert_cmpuint(st->bytes_done, <=, st->bytes_all);
	return st->n_read < r->stop_at;
}

static void
note(void *arg, const char *what)
{
	Run *r = arg;

	/* Without the folder, which is another each time. */
	g_assert_true(g_str_has_prefix(what, r->f.top));
	g_string_append_printf(r->notes, "%s\n", what + strlen(r->f.top) + 1);
}

static char *
path_of(const Run *r, const char *name)
{
	return g_build_filename(r->f.top, name, NULL);
}

static void
write_file(const Run *r, const char *name, const char *data, size_t len)
{
	g_autofree char *path = path_of(r, name);

	g_assert_true(g_file_set_contents(path, data, (gssize)len, NULL));
}

static void
import_as(Run *r, const char *name, bool pipermail)
{
	g_autofree char *path = path_of(r, name);
	char *files[] = {path, NULL};
	TransferHooks hooks = {.progress = progress,
	    .note = note,
	    .arg = r,
	    .message_bytes = MAX_MESSAGE,
	    .pipermail = pipermail};
	g_autoptr(GError) err = NULL;

	g_string_truncate(r->notes, 0);
	g_assert_true(
	    transfer_import(r->f.store, r->list, files, &hooks, &r->st, &err));
	g_assert_no_error(err);
}

static void
import(Run *r, const char *name)
{
	import_as(r, name, false);
}

static void
import_text(Run *r, const char *text)
{
	write_file(r, "mbox", text, strlen(text));
	import(r, "mbox");
}

static char *export(Run *r, size_t *len)
{
	g_autofree char *path = path_of(r, "out");
	TransferHooks hooks = {.message_bytes = MAX_MESSAGE};
	g_autoptr(GError) err = NULL;
	TransferState st;
	char *text = NULL;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	g_assert_cmpint(fd, >=, 0);
	g_assert_true(
	    transfer_export(r->f.store, r->list, fd, &hooks, &st, &err));
	g_assert_no_error(err);
	g_assert_cmpint(close(fd), ==, 0);
	g_assert_true(g_file_get_contents(path, &text, len, NULL));
	return text;
}

static Head *
post(Run *r, int64_t n)
{
	g_autoptr(GError) err = NULL;
	Head *h = store_head(r->f.store, n, &err);

	g_assert_no_error(err);
	return h;
}

static void
counts(const Run *r, uint64_t stored, uint64_t copies, uint64_t guessed,
    uint64_t failed)
{
	g_test_message("notes: %s", r->notes->str);
	g_assert_cmpuint(r->st.n_stored, ==, stored);
	g_assert_cmpuint(r->st.n_copies, ==, copies);
	g_assert_cmpuint(r->st.n_guessed, ==, guessed);
	g_assert_cmpuint(r->st.n_failed, ==, failed);
}

/* Many mails, so that several transactions are needed. */
static char *
mails(int n)
{
	GString *all = g_string_new(NULL);

	for (int i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("m%d", i);

		g_string_append(all, SEP);
		g_string_append_printf(all, head, id, id);
		g_string_append(all, "\n");
	}
	return g_string_free(all, FALSE);
}

static void
twice(void)
{
	g_auto(Run) r;
	g_autofree char *all = mails(200);

	run_init(&r);
	import_text(&r, all);
	counts(&r, 200, 0, 0, 0);
	import_text(&r, all);
	counts(&r, 0, 200, 0, 0);
	g_assert_cmpstr(r.notes->str, ==, "");
	g_assert_cmpuint(r.st.bytes_done, ==, r.st.bytes_all);
}

static void
stopped_and_run_again(void)
{
	g_auto(Run) r;
	g_autofree char *all = mails(200);
	uint64_t first = 0;

	run_init(&r);
	r.stop_at = 70;
	import_text(&r, all);
	first = r.st.n_stored;
	g_assert_cmpuint(first, >=, 64);
	g_assert_cmpuint(first, <, 200);
	g_assert_cmpuint(first, ==, r.st.n_read);
	r.stop_at = UINT64_MAX;
	import(&r, "mbox");
	counts(&r, 200 - first, first, 0, 0);
}

static void
files_by_the_from_line(void)
{
	g_auto(Run) r;
	g_autoptr(Head) undated = NULL;
	g_autoptr(Head) future = NULL;

	run_init(&r);
	import_text(&r, SEP "Subject: a\n\nx\n\n" SEP
			    "Date: Fri, 1 Jan 2021 00:00:00 +0000\n\nx\n\n");
	counts(&r, 2, 0, 2, 0);
	g_assert_cmpstr(r.notes->str, ==,
	    "mbox: offset 0: it has no date that can be read: filed as of "
	    "2015-01-01 00:01\n"
	    "mbox: offset 61: its date cannot be true: filed as of "
	    "2015-01-01 00:01\n");
	undated = post(&r, 1);
	future = post(&r, 2);
	g_assert_cmpint(undated->date, ==, SEP_DATE);
	g_assert_cmpint(future->date, ==, SEP_DATE);
	g_assert_cmpint(undated->arrived, ==, NOW);
}

static void
files_by_received(void)
{
	g_auto(Run) r;
	g_autoptr(Head) h = NULL;

	run_init(&r);
	import_text(&r,
	    "From - Mon Sep 17 00:00:00 2001\n"
	    "Received: from a by b; Fri, 2 Jan 2015 00:00:00 +0000\n"
	    "Subject: a\n\nx\n\n");
	h = post(&r, 1);
	g_assert_cmpint(h->date, ==, SEP_DATE + 86400 - 100);
}

static void
says_what_it_guessed(void)
{
	g_auto(Run) r;
	g_autoptr(GString) text = g_string_new(SEP);

	run_init(&r);
	g_string_append_printf(text, head, "a", "a");
	g_string_append(text, "From here on\n" SEP);
	g_string_append_printf(text, head, "b", "b");
	g_string_append(text, "\n");
	import_text(&r, text->str);
	counts(&r, 2, 0, 1, 0);
	g_assert_cmpstr(r.notes->str, ==,
	    "mbox: offset 0: no empty line before the From line that ends it\n"
	    "mbox: offset 0: a line that begins with \"From \" was taken as "
	    "text\n");
}

static void
says_what_it_left_out(void)
{
	g_auto(Run) r;
	g_autofree char *big = g_strnfill(MAX_MESSAGE, 'x');
	g_autoptr(GString) text = g_string_new("junk\n\n" SEP);

	run_init(&r);
	g_string_append_printf(text, head, "a", big);
	g_string_append(text, "\n" SEP "X-No-Archive: yes\n");
	g_string_append_printf(text, head, "b", "b");
	g_string_append(text, "\n" SEP);
	g_string_append_printf(text, head, "c", "c");
	import_text(&r, text->str);
	counts(&r, 1, 0, 0, 2);
	g_assert_cmpuint(r.st.n_unwanted, ==, 1);
	g_assert_cmpuint(r.st.n_read, ==, 4);
	g_assert_nonnull(strstr(
	    r.notes->str, "mbox: offset 0: left out: it begins neither"));
	g_assert_nonnull(strstr(r.notes->str, "mbox: offset 6: left out: 65"));
	g_assert_nonnull(
	    strstr(r.notes->str, "left out: its author asked not to be"));
}

static void
one_message_alone(void)
{
	g_auto(Run) r;
	g_autofree char *text = g_strdup_printf(head, "a", "a");
	g_autoptr(GBytes) raw = NULL;

	run_init(&r);
	import_text(&r, text);
	counts(&r, 1, 0, 1, 0);
	raw = store_raw(r.f.store, 1, NULL);
	g_assert_cmpuint(g_bytes_get_size(raw), ==, strlen(text));
}

static void
maildir(void)
{
	static const char *const names[] = {"md", "md/new", "md/cur"};
	g_auto(Run) r;
	g_autofree char *text = g_strdup_printf(head, "a", "a");
	g_autoptr(Head) h = NULL;

	run_init(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *dir = path_of(&r, names[i]);

		g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
	}
	write_file(&r, "md/new/1420070500.a.host", "A: b\n\nx\n", 8);
	write_file(&r, "md/cur/1420070600.a.host:2,", text, strlen(text));
	import(&r, "md");
	counts(&r, 2, 0, 1, 0);
	g_assert_cmpstr(r.notes->str, ==,
	    "md/new/1420070500.a.host: it has no date that can be read: "
	    "filed as of 2015-01-01 00:01\n");
	h = post(&r, 1);
	g_assert_cmpint(h->date, ==, SEP_DATE);
	g_assert_cmpuint(r.st.bytes_done, ==, r.st.bytes_all);
}

/* A file that is not there is found out before anything is done; one that
 * is no mailbox does not keep the others out. */
static void
bad_files(void)
{
	g_auto(Run) r;
	g_autofree char *all = mails(2);
	g_autofree char *good = NULL, *bad = NULL, *none = NULL;
	TransferHooks hooks = {
	    .progress = progress, .note = note, .message_bytes = MAX_MESSAGE};
	g_autoptr(GError) err = NULL;

	run_init(&r);
	hooks.arg = &r;
	good = path_of(&r, "good");
	bad = path_of(&r, "bad");
	none = path_of(&r, "none");
	write_file(&r, "good", all, strlen(all));
	write_file(&r, "bad", "\xfd\x37zXZ....", 9);
	char *with_none[] = {good, none, NULL};
	char *with_bad[] = {bad, good, r.f.top, NULL};

	g_assert_false(
	    transfer_import(r.f.store, r.list, with_none, &hooks, &r.st, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	counts(&r, 0, 0, 0, 0);
	g_assert_true(
	    transfer_import(r.f.store, r.list, with_bad, &hooks, &r.st, NULL));
	counts(&r, 2, 0, 0, 2);
}

/* What is exported and imported again is the same archive. */
static void
round_trip(void)
{
	static const char *const nasty[] = {"", "x", "A: b\n\nFrom ",
	    "A: b\n\n" SEP "\n" SEP, "A: b\r\n\r\nz\r\n",
	    "Content-Length: 50\n\ny\n", "Subject: \n\n>From x\n>>From y",
	    "Message-ID: <a@example.org>\nDate: 1 Jan 2030 00:00:00 "
	    "+0000\n\na\n",
	    "Message-ID: <a@example.org>\nDate: 1 Jan 2015 00:00:00 "
	    "+0000\n\nb\n",
	    "Message-ID: <a@example.org>\nDate: 2 Jan 2015 00:00:00 "
	    "+0000\n\nc"};
	g_auto(Run) a;
	g_auto(Run) b;
	size_t a_len = 0, b_len = 0;
	g_autofree char *a_text = NULL, *b_text = NULL;

	run_init(&a);
	run_init(&b);
	g_assert_true(store_begin(a.f.store, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(nasty); i++) {
		g_autoptr(GBytes) raw =
		    g_bytes_new_static(nasty[i], strlen(nasty[i]));
		g_autoptr(IngestMsg) m =
		    ingest_msg_new(raw, NOW - 1000 + (int64_t)i);
		char key[KEY_LEN + 1];

		g_test_message("message %zu", i);
		g_assert_cmpint(
		    ingest_put(a.f.store, a.list, m, NULL, key, NULL), ==,
		    INGEST_STORED);
	}
	g_assert_true(store_commit(a.f.store, NULL));
	a_text = export(&a, &a_len);
	write_file(&b, "mbox", a_text, a_len);
	import(&b, "mbox");
	counts(&b, G_N_ELEMENTS(nasty), 0, b.st.n_guessed, 0);
	b_text = export(&b, &b_len);
	g_assert_cmpstr(a_text, ==, b_text);
	g_assert_cmpuint(a_len, ==, b_len);
	for (int64_t n = 1; n <= (int64_t)G_N_ELEMENTS(nasty); n++) {
		g_autoptr(Head) x = post(&a, n);
		g_autoptr(Head) y = post(&b, n);
		g_autoptr(GBytes) raw = store_raw(b.f.store, n, NULL);

		g_assert_cmpstr(x->key, ==, y->key);
		g_assert_cmpint(x->date, ==, y->date);
		g_assert_cmpuint(
		    g_bytes_get_size(raw), ==, strlen(nasty[n - 1]));
	}
}

/* What Pipermail had under number is this post of r's list (0: none). */
static void
is_number(Run *r, int64_t number, int64_t want)
{
	g_autoptr(GError) err = NULL;

	g_test_message("number %d", (int)number);
	g_assert_cmpint(
	    store_find_number(r->f.store, r->list->id, number, &err), ==, want);
	g_assert_no_error(err);
}

/*
 * Numbers are those of the mailbox: copies, what cannot be taken, what its
 * author wants not kept, and every line "From ..." count.
 */
static void
numbers(void)
{
	static const char box[] =
	    SEP "Message-ID: <a@example.org>\n\na\n\n" SEP
		"Message-ID: <b@example.org>\n\nFrom here on\n\n" SEP
		"Message-ID: <a@example.org>\n\na\n\n" SEP
		"X-No-Archive: yes\n\nx\n\n" SEP
		"Message-ID: <c@example.org>\n\nc\n\n";
	g_autofree char *big = g_strnfill(MAX_MESSAGE + 1, 'x');
	g_autofree char *other = NULL;
	g_auto(Run) r;

	run_init(&r);
	import_text(&r, box);
	counts(&r, 3, 1, 3, 0);
	is_number(&r, 0, 0);
	write_file(&r, "mbox", box, strlen(box));
	import_as(&r, "mbox", true);
	counts(&r, 0, 4, 0, 0);
	is_number(&r, 0, 1);
	is_number(&r, 1, 2);
	is_number(&r, 2, 0); /* "From here on" */
	is_number(&r, 3, 1);
	is_number(&r, 4, 0);
	is_number(&r, 5, 3);
	is_number(&r, 6, 0);
	/* Another mailbox, where they stand for others. */
	other = g_strconcat("no mail\n\n" SEP, big,
	    "\n\n" SEP "Message-ID: <c@example.org>\n\nc\n\n", NULL);
	write_file(&r, "mbox", other, strlen(other));
	import_as(&r, "mbox", true);
	is_number(&r, 0, 1);
	is_number(&r, 1, 3);
}

/* Names of copies and Pipermail's numbers go along, however many. */
static void
names_go_along(void)
{
	static const char *const ids[] = {
	    "b@example.org", "c:d e%f@example.org", "\xc3\xa9@example.org"};
	g_autofree char *longest = g_strnfill(LIMIT_MESSAGE_ID_BYTES, ':');
	g_auto(Run) a;
	g_auto(Run) b;
	size_t a_len = 0, b_len = 0;
	g_autofree char *a_text = NULL, *b_text = NULL;

	run_init(&a);
	run_init(&b);
	import_text(&a, SEP "Message-ID: <a@example.org>\n\na\n\n");
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
		g_assert_true(store_put_copy(a.f.store, 1, ids[i], NULL));
	longest[0] = '1';
	g_assert_true(store_put_copy(a.f.store, 1, longest, NULL));
	longest[0] = '2';
	g_assert_true(store_put_copy(a.f.store, 1, longest, NULL));
	g_assert_true(
	    store_put_number(a.f.store, a.list->id, 999999999, 1, NULL));
	g_assert_true(store_put_number(a.f.store, a.list->id, 0, 1, NULL));
	a_text = export(&a, &a_len);
	g_assert_nonnull(strstr(a_text, " copy=c%3Ad%20e%25f@example.org "));
	write_file(&b, "mbox", a_text, a_len);
	import(&b, "mbox");
	/* Two of these do not go into one line. */
	counts(&b, 1, 1, 1, 0);
	b_text = export(&b, &b_len);
	g_assert_cmpstr(a_text, ==, b_text);
	is_number(&b, 0, 1);
	is_number(&b, 999999999, 1);
	g_autoptr(GPtrArray) copies = store_copies(b.f.store, 1, NULL);

	g_assert_cmpuint(copies->len, ==, 5);
}

/* What a line cannot mean is passed over. */
static void
bad_notes(void)
{
	g_auto(Run) r;

	run_init(&r);
	import_text(&r, "From mboxrd@z Thu Jan  1 00:01:40 2015 copy= copy=%00 "
			"pipermail= pipermail=x pipermail=1x "
			"pipermail=1234567890 copy pipermail=7 else=1\n"
			"Message-ID: <a@example.org>\n\na\n\n");
	counts(&r, 1, 0, 1, 0);
	is_number(&r, 1, 0);
	is_number(&r, 7, 1);
	g_autoptr(GPtrArray) copies = store_copies(r.f.store, 1, NULL);

	g_assert_cmpuint(copies->len, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/transfer/twice", twice);
	g_test_add_func(
	    "/transfer/stopped-and-run-again", stopped_and_run_again);
	g_test_add_func(
	    "/transfer/files-by-the-from-line", files_by_the_from_line);
	g_test_add_func("/transfer/files-by-received", files_by_received);
	g_test_add_func("/transfer/says-what-it-guessed", says_what_it_guessed);
	g_test_add_func(
	    "/transfer/says-what-it-left-out", says_what_it_left_out);
	g_test_add_func("/transfer/one-message-alone", one_message_alone);
	g_test_add_func("/transfer/maildir", maildir);
	g_test_add_func("/transfer/bad-files", bad_files);
	g_test_add_func("/transfer/round-trip", round_trip);
	g_test_add_func("/transfer/numbers", numbers);
	g_test_add_func("/transfer/names-go-along", names_go_along);
	g_test_add_func("/transfer/bad-notes", bad_notes);
	return g_test_run();
}
