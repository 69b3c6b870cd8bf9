/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/maildir.h"

#include "base/err.h"

#include <glib/gstdio.h>

#include <string.h>

static const char *const files[] = {
    "cur/1700000300.M1P2.host:2,S",
    "new/1700000200.M9P2.host",
    "new/1700000200.M1P2.host",
    "cur/999999999.old.host:2,",
    "cur/by-hand.eml",
    "cur/.hidden",
    "tmp/1700000100.M1P2.host",
};

static const struct {
	const char *name;
	int64_t delivered;
} want[] = {
    {"cur/by-hand.eml", 0},
    {"cur/999999999.old.host:2,", 999999999},
    {"new/1700000200.M1P2.host", 1700000200},
    {"new/1700000200.M9P2.host", 1700000200},
    {"cur/1700000300.M1P2.host:2,S", 1700000300},
};

static void
lists_by_delivery(void)
{
	static const char *const subs[] = {"new", "cur", "tmp", "cur/folder"};
	g_autofree char *dir = g_dir_make_tmp("felid-XXXXXX", NULL);
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) got = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(subs); i++) {
		g_autofree char *sub = g_build_filename(dir, subs[i], NULL);

		g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(dir, files[i], NULL);

		g_assert_true(g_file_set_contents(file, "A: b\n", -1, NULL));
	}
	got = maildir_list(dir, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(got->len, ==, G_N_ELEMENTS(want));
	for (guint i = 0; i < got->len; i++) {
		const MaildirMsg *m = got->pdata[i];

		g_assert_cmpstr(m->path + strlen(dir) + 1, ==, want[i].name);
		g_assert_cmpint(m->delivered, ==, want[i].delivered);
		g_assert_cmpuint(m->size, ==, 5);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(dir, files[i], NULL);

		g_assert_cmpint(g_unlink(file), ==, 0);
	}
	for (size_t i = G_N_ELEMENTS(subs); i-- > 0;) {
		g_autofree char *sub = g_build_filename(dir, subs[i], NULL);

		g_assert_cmpint(g_rmdir(sub), ==, 0);
	}
	g_assert_null(maildir_list(dir, &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/maildir/lists-by-delivery", lists_by_delivery);
	return g_test_run();
}
