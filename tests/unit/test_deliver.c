/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
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

	g_string_printf(text, "Message-ID: <%s>\r\n\r\n", id);
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
	g_test_add_func("/reserve/promises", promises);
	return g_test_run();
}
