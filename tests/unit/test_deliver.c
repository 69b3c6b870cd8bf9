/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/ingest.h"
#include "base/err.h"
#include "base/limits.h"
#include "lmtp/deliver.h"
#include "lmtp/reserve.h"
#include "mail/parse.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* Which rules hold is for tests/cli/t-lmtp to say, over real LMTP; here is
 * what no client can bring about. */

typedef struct {
	char *dir;
	Conf *conf;
	Store *store;
	LmtpDeliver *deliver;
	GString *said; /* answers, one a line */
} Archive;

static void
on_answered(void *arg, const LmtpAnswer *answers, size_t n)
{
	Archive *a = arg;

	for (size_t i = 0; i < n; i++) {
		const char *word = strrchr(answers[i].text, '>');

		g_string_append_printf(a->said, "%u %s%s\n", answers[i].code,
		    answers[i].status, word != NULL ? word + 1 : "");
	}
}

static void
archive_init(Archive *a)
{
	g_autoptr(GError) err = NULL;

	*a = (Archive){.said = g_string_new(NULL)};
	a->dir = g_dir_make_tmp("felid-XXXXXX", &err);
	a->conf = conf_load("/dev/null", &err);
	g_assert_no_error(err);
	a->store = store_open(a->dir, STORE_WRITE, &err);
	g_assert_no_error(err);
	g_assert_true(store_list_add(
	    a->store, "dev.lists.example.org", POLICY_PUBLIC, &err));
	g_assert_true(store_list_add(
	    a->store, "users.lists.example.org", POLICY_PUBLIC, &err));
	a->deliver = lmtp_deliver_new(a->store, a->conf);
}

static void
archive_clear(Archive *a)
{
	g_autoptr(GDir) d = g_dir_open(a->dir, 0, NULL);
	const char *name = NULL;

	lmtp_deliver_free(a->deliver);
	store_close(a->store);
	while ((name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(a->dir, name, NULL);

		g_unlink(path);
	}
	g_rmdir(a->dir);
	g_free(a->dir);
	conf_free(a->conf);
	g_string_free(a->said, TRUE);
}

/* A transaction to the lists' archive addresses, NULL-ended. */
static LmtpTransaction *
begin(Archive *a, const char *const *rcpts)
{
	LmtpTransaction *t = lmtp_transaction_new(a->deliver, on_answered, a);

	for (; *rcpts != NULL; rcpts++) {
		LmtpAnswer answer = {0};

		lmtp_transaction_rcpt(t, *rcpts, "", &answer);
		g_assert_cmpuint(answer.code, ==, 250);
		lmtp_answer_clear(&answer);
	}
	return t;
}

static void
send(LmtpTransaction *t, const char *id, gsize size)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GBytes) raw = NULL;

	g_string_printf(
	    text, "Message-ID: <%s>\r\nSubject: %s\r\n\r\n", id, id);
	/* What zstd can do nothing about. */
	while (text->len < size)
		g_string_append_printf(text, "%08x", g_test_rand_int());
	raw = g_bytes_new(text->str, text->len);
	lmtp_transaction_message(t, raw);
}

static const char *const dev[] = {"archive@dev.lists.example.org", NULL};
static const char *const both[] = {
    "archive@dev.lists.example.org", "archive@users.lists.example.org", NULL};

static void
expect(Archive *a, const char *said)
{
	g_assert_cmpstr(a->said->str, ==, said);
	g_string_truncate(a->said, 0);
}

static void
a_group_is_answered_in_one_commit(void)
{
	Archive a;
	LmtpTransaction *x = NULL, *y = NULL;

	archive_init(&a);
	x = begin(&a, dev);
	y = begin(&a, both);
	send(x, "a@x", 0);
	send(y, "b@x", 0);
	g_assert_cmpuint(lmtp_deliver_n_waiting(a.deliver), ==, 2);
	expect(&a, "");
	lmtp_deliver_commit(a.deliver);
	expect(
	    &a, "250 2.6.0 archived\n250 2.6.0 archived\n250 2.6.0 archived\n");
	g_assert_cmpuint(lmtp_deliver_n_waiting(a.deliver), ==, 0);
	lmtp_deliver_commit(a.deliver);
	expect(&a, "");
	lmtp_transaction_free(x);
	lmtp_transaction_free(y);
	archive_clear(&a);
}

/* Its feeder is gone: the message is there when it asks again. */
static void
a_freed_transaction_is_archived_unanswered(void)
{
	Archive a;
	LmtpTransaction *t = NULL;

	archive_init(&a);
	t = begin(&a, dev);
	send(t, "a@x", 0);
	lmtp_transaction_free(t);
	lmtp_deliver_commit(a.deliver);
	expect(&a, "");
	t = begin(&a, dev);
	send(t, "a@x", 0);
	lmtp_deliver_commit(a.deliver);
	expect(&a, "250 2.6.0 already archived\n");
	lmtp_transaction_free(t);
	archive_clear(&a);
}

static void
limit_files(rlim_t bytes)
{
	struct rlimit rl = {0};

	getrlimit(RLIMIT_FSIZE, &rl);
	rl.rlim_cur = MIN(bytes, rl.rlim_max);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &rl), ==, 0);
}

/* No 250 for what is not on disk, and nothing half done. */
static void
a_full_disk_is_a_later(void)
{
	Archive a;
	LmtpTransaction *x = NULL, *y = NULL;

	archive_init(&a);
	signal(SIGXFSZ, SIG_IGN);
	x = begin(&a, dev);
	y = begin(&a, both);
	send(x, "a@x", 3 << 20);
	send(y, "b@x", 0);
	limit_files(1 << 20);
	lmtp_deliver_commit(a.deliver);
	limit_files(RLIM_INFINITY);
	g_test_message("%s", a.said->str);
	g_assert_true(g_str_has_prefix(a.said->str, "45"));
	g_assert_null(strstr(a.said->str, "already"));
	g_string_truncate(a.said, 0);
	lmtp_transaction_free(x);
	x = begin(&a, dev);
	send(x, "a@x", 0);
	lmtp_deliver_commit(a.deliver);
	expect(&a, "250 2.6.0 archived\n");
	lmtp_transaction_free(x);
	lmtp_transaction_free(y);
	archive_clear(&a);
}

/* Send messages first to last, each with an id of its own, as one group. */
static void
send_group(Archive *a, guint first, guint last)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	for (guint i = first; i <= last; i++) {
		g_autofree char *id = g_strdup_printf("%u@x", i);
		LmtpTransaction *t = begin(a, dev);

		send(t, id, 0);
		g_ptr_array_add(all, t);
	}
	lmtp_deliver_commit(a->deliver);
	for (guint i = 0; i < all->len; i++)
		lmtp_transaction_free(g_ptr_array_index(all, i));
}

static int64_t
n_posts(const Archive *a)
{
	g_autoptr(GError) err = NULL;
	int64_t n = -1;

	g_assert_true(store_last_post(a->store, &n, &err));
	g_assert_no_error(err);
	return n;
}

static void
fault(void *arg, const char *what)
{
	(void)arg;
	g_error("%s", what);
}

static void
check_store(const Archive *a)
{
	store_check(a->store, fault, NULL);
}

/* Groups until some messages are not filed; returns how many there are. */
static guint
flood(Archive *a)
{
	guint n = 0;

	for (guint i = 0; i < LIMIT_TRAY_GROUPS + 2; i++) {
		send_group(a, n + 1, n + LIMIT_TRAY_GROUP);
		n += LIMIT_TRAY_GROUP;
	}
	for (guint i = 0; i < n; i++) {
		g_assert_true(
		    g_str_has_prefix(a->said->str, "250 2.6.0 archived\n"));
		g_string_erase(a->said, 0, 19);
	}
	expect(a, "");
	g_assert_cmpuint(lmtp_deliver_n_unfiled(a->deliver), >, 0);
	g_assert_cmpint(n_posts(a), <, n);
	check_store(a);
	return n;
}

static void
what_comes_fast_is_filed_later(void)
{
	Archive a;
	guint n = 0;

	archive_init(&a);
	n = flood(&a);
	lmtp_deliver_file(a.deliver);
	g_assert_cmpuint(lmtp_deliver_n_unfiled(a.deliver), ==, 0);
	g_assert_cmpint(n_posts(&a), ==, n);
	check_store(&a);
	/* And at once, when it comes slowly. */
	for (guint i = 0; i < 2 * LIMIT_TRAY_GROUPS; i++)
		send_group(&a, n + i, n + i);
	n += 2 * LIMIT_TRAY_GROUPS - 1;
	g_assert_cmpuint(lmtp_deliver_n_unfiled(a.deliver), ==, 0);
	g_assert_cmpint(n_posts(&a), ==, n);
	archive_clear(&a);
}

/* The next process does it, as after a kill. */
static void
what_was_not_filed_is_not_lost(void)
{
	g_autoptr(GError) err = NULL;
	Archive a;
	guint n = 0;

	archive_init(&a);
	n = flood(&a);
	lmtp_deliver_free(a.deliver);
	store_close(a.store);
	a.store = store_open(a.dir, STORE_WRITE, &err);
	g_assert_no_error(err);
	g_assert_cmpint(n_posts(&a), <, n);
	a.deliver = lmtp_deliver_new(a.store, a.conf);
	g_assert_cmpint(n_posts(&a), ==, n);
	check_store(&a);
	archive_clear(&a);
}

static void
what_is_not_filed_is_known(void)
{
	Archive a;
	guint n = 0;
	LmtpTransaction *t = NULL;
	unsigned char digest[DIGEST_BYTES];
	char key[KEY_LEN + 1];
	g_autofree char *rcpt = NULL;
	LmtpAnswer answer = {0};

	archive_init(&a);
	n = flood(&a);
	/* A copy of the last one, in a large group still. */
	send_group(&a, n, n + LIMIT_TRAY_GROUP);
	g_assert_true(g_str_has_prefix(
	    a.said->str, "250 2.6.0 already archived\n250 2.6.0 archived\n"));
	g_string_truncate(a.said, 0);
	n += LIMIT_TRAY_GROUP;
	send_group(&a, n + 1, n + LIMIT_TRAY_GROUP);
	g_string_truncate(a.said, 0);
	n += LIMIT_TRAY_GROUP;
	g_assert_cmpuint(lmtp_deliver_n_unfiled(a.deliver), >, 0);
	/* Nor is the key of the last one given out again. */
	rcpt = g_strdup_printf("%u@x", n);
	permalink_digest_of_id(rcpt, KEY_ID, digest);
	permalink_key(digest, key);
	g_free(rcpt);
	rcpt = g_strdup_printf("%s@dev.lists.example.org", key);
	t = lmtp_transaction_new(a.deliver, on_answered, &a);
	lmtp_transaction_rcpt(t, rcpt, "", &answer);
	g_assert_cmpuint(answer.code, ==, 553);
	lmtp_answer_clear(&answer);
	lmtp_transaction_free(t);
	g_assert_cmpint(n_posts(&a), ==, n);
	check_store(&a);
	archive_clear(&a);
}

/* What another process stored meanwhile takes nobody's message away. */
static void
a_name_taken_meanwhile_is_another(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(IngestMsg) m = NULL;
	char key[KEY_LEN + 1];
	Archive a;
	guint n = 0;

	archive_init(&a);
	n = flood(&a);
	list = store_list_find(a.store, "dev.lists.example.org", &err);
	g_assert_no_error(err);
	text = g_strdup_printf("Message-ID: <%u@x>\r\n\r\nAnother.\r\n", n);
	raw = g_bytes_new(text, strlen(text));
	m = ingest_msg_new(raw, 1);
	g_assert_cmpint(
	    ingest_put(a.store, list, m, NULL, key, &err), ==, INGEST_STORED);
	lmtp_deliver_file(a.deliver);
	g_assert_cmpint(n_posts(&a), ==, n + 1);
	check_store(&a);
	archive_clear(&a);
}

static void
a_full_disk_leaves_them_where_they_are(void)
{
	Archive a;
	guint n = 0, unfiled = 0;

	archive_init(&a);
	signal(SIGXFSZ, SIG_IGN);
	n = flood(&a);
	unfiled = (guint)lmtp_deliver_n_unfiled(a.deliver);
	limit_files(4096);
	lmtp_deliver_file(a.deliver);
	g_assert_cmpuint(lmtp_deliver_n_unfiled(a.deliver), ==, unfiled);
	send_group(&a, n + 1, n + 1);
	limit_files(RLIM_INFINITY);
	g_assert_true(g_str_has_prefix(a.said->str, "45"));
	g_string_truncate(a.said, 0);
	send_group(&a, n + 1, n + 1);
	expect(&a, "250 2.6.0 archived\n");
	lmtp_deliver_file(a.deliver);
	g_assert_cmpint(n_posts(&a), ==, n + 1);
	check_store(&a);
	archive_clear(&a);
}

static void
promises(void)
{
	g_autoptr(LmtpReserve) r = lmtp_reserve_new();
	unsigned char key[KEY_BYTES] = {1}, other[KEY_BYTES] = {2};
	int jo, al;

	g_assert_null(lmtp_reserve_owner(r, 1, key));
	g_assert_true(lmtp_reserve_take(r, 1, key, &jo));
	g_assert_true(lmtp_reserve_take(r, 1, key, &jo));
	g_assert_false(lmtp_reserve_take(r, 1, key, &al));
	g_assert_true(lmtp_reserve_take(r, 2, key, &al));
	g_assert_true(lmtp_reserve_take(r, 1, other, &al));
	lmtp_reserve_drop(r, 1, key, &al);
	g_assert_true(lmtp_reserve_owner(r, 1, key) == &jo);
	lmtp_reserve_drop(r, 1, key, &jo);
	g_assert_null(lmtp_reserve_owner(r, 1, key));
	g_assert_true(lmtp_reserve_owner(r, 2, key) == &al);
	lmtp_reserve_drop(r, 3, key, &al);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/deliver/group", a_group_is_answered_in_one_commit);
	g_test_add_func(
	    "/deliver/freed", a_freed_transaction_is_archived_unanswered);
	g_test_add_func("/deliver/full-disk", a_full_disk_is_a_later);
	g_test_add_func("/tray/later", what_comes_fast_is_filed_later);
	g_test_add_func("/tray/not-lost", what_was_not_filed_is_not_lost);
	g_test_add_func("/tray/known", what_is_not_filed_is_known);
	g_test_add_func("/tray/taken", a_name_taken_meanwhile_is_another);
	g_test_add_func(
	    "/tray/full-disk", a_full_disk_leaves_them_where_they_are);
	g_test_add_func("/reserve/promises", promises);
	return g_test_run();
}
