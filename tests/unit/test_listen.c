/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "net/listen.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
	const char *where;
	int code; /* of the error, or -1 */
} places[] = {
    {"127.0.0.1:0", -1},
    {"*:0", -1},
    {"127.0.0.1", ERR_SYNTAX},
    {"127.0.0.1:", ERR_SYNTAX},
    {"127.0.0.1:65536", ERR_SYNTAX},
    {"127.0.0.1:-1", ERR_SYNTAX},
    {"127.0.0.1:2 5", ERR_SYNTAX},
    {"127.0.0.300:25", ERR_SYNTAX},
    {"[::1:25", ERR_SYNTAX},
    {"[]:25", ERR_SYNTAX},
    {"example.org:25", ERR_SYNTAX},
    {"", ERR_SYNTAX},
    {"no/such/folder/sock", ERR_IO},
    {"/0123456789012345678901234567890123456789012345678901234567890123456789"
     "0123456789012345678901234567890123456789",
	ERR_SYNTAX},
    /* Of documentation's own block: not ours. */
    {"192.0.2.1:25", ERR_IO},
};

static void
places_to_listen(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autoptr(GError) err = NULL;
		int fd = listen_on(places[i].where, &err);

		g_test_message("%s", places[i].where);
		if (places[i].code < 0) {
			g_assert_no_error(err);
			g_assert_cmpint(fd, >=, 0);
			g_assert_cmpint(listen_accept(fd), ==, -1);
			close(fd);
		} else {
			g_assert_error(err, ERR, places[i].code);
			g_assert_cmpint(fd, ==, -1);
		}
	}
}

static void
a_live_socket_is_kept(void)
{
	g_autofree char *dir = g_dir_make_tmp("felid-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "s", NULL);
	g_autoptr(GError) err = NULL;
	GStatBuf st;
	int fd = listen_on(path, &err), again = -1;

	g_assert_no_error(err);
	g_assert_cmpint(g_stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0660);
	g_assert_cmpint(listen_on(path, &err), ==, -1);
	g_assert_error(err, ERR, ERR_BUSY);
	g_clear_error(&err);
	close(fd);
	again = listen_on(path, &err);
	g_assert_no_error(err);
	g_assert_cmpint(again, >=, 0);
	close(again);
	g_unlink(path);
	g_rmdir(dir);
}

static void
a_file_is_not_replaced(void)
{
	g_autofree char *dir = g_dir_make_tmp("felid-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "file", NULL);
	g_autoptr(GError) err = NULL;

	g_assert_true(g_file_set_contents(path, "x", 1, NULL));
	g_assert_cmpint(listen_on(path, &err), ==, -1);
	g_assert_error(err, ERR, ERR_IO);
	g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
	g_unlink(path);
	g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/listen/places", places_to_listen);
	g_test_add_func("/listen/a-live-socket-is-kept", a_live_socket_is_kept);
	g_test_add_func(
	    "/listen/a-file-is-not-replaced", a_file_is_not_replaced);
	return g_test_run();
}
