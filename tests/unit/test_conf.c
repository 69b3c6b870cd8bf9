/* SPDX-License-Identifier: Apache-2.0 */
#include "base/conf.h"

#include "base/err.h"
#include "base/limits.h"

#include <glib/gstdio.h>

#include <string.h>

static Conf *
parse(const char *text, GError **err)
{
	return conf_parse("felid.conf", text, strlen(text), err);
}

static void
defaults_hold(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Conf) c = parse("", &err);

	g_assert_no_error(err);
	g_assert_cmpstr(c->store, ==, "/var/lib/felid");
	g_assert_cmpstr(c->http_listen[0], ==, "127.0.0.1:8025");
	g_assert_null(c->http_listen[1]);
	g_assert_cmpstr(c->url, ==, "http://localhost:8025");
	g_assert_cmpuint(c->http_workers, ==, 0);
	g_assert_cmpstr(c->lmtp_listen[0], ==, "127.0.0.1:8026");
	g_assert_cmpstr(c->lmtp_listen[1], ==, "/var/lib/felid/lmtp.sock");
	g_assert_null(c->lmtp_listen[2]);
	g_assert_cmpstr(c->lmtp_host, ==, "localhost");
	g_assert_cmpuint(c->message_bytes, ==, LIMIT_MESSAGE_BYTES);
	g_assert_cmpuint(c->lmtp_connections, ==, LIMIT_LMTP_CONNECTIONS);
	g_assert_cmpuint(c->lmtp_idle_s, ==, LIMIT_LMTP_IDLE_S);
	g_assert_false(c->open_lists);
	g_assert_true(c->protect_addresses);
	g_assert_cmpstr(c->spool, ==, "/var/spool/felid");
	g_assert_cmpstr(c->forward, ==, "127.0.0.1:8026");
	g_assert_cmpstr(c->user, ==, "");
	g_assert_true(c->sandbox);
	g_assert_cmpint(c->log_level, ==, LOG_INFO);
}

static void
every_kind_is_read(void)
{
	static const char text[] =
	    "# a comment\n"
	    "[archive]\n"
	    "title = K\xc3\xa4tzchen\n"
	    "open-lists = yes\n"
	    "[store]\n"
	    "dir=/srv/mail\n"
	    "\n"
	    "[http]\n"
	    "listen = *:80; [::1]:8025 ;/run/felid.sock;\n"
	    "url = https://lists.example.org/archive/\n"
	    "workers = 3\n"
	    "[lmtp]\n"
	    "message-size = 10M\n"
	    "[process]\n"
	    "log = debug\n"
	    "user = felid\n";
	g_autoptr(GError) err = NULL;
	g_autoptr(Conf) c = parse(text, &err);

	g_assert_no_error(err);
	g_assert_cmpstr(c->title, ==, "K\xc3\xa4tzchen");
	g_assert_true(c->open_lists);
	g_assert_cmpstr(c->store, ==, "/srv/mail");
	g_assert_cmpstr(c->http_listen[0], ==, "*:80");
	g_assert_cmpstr(c->http_listen[1], ==, "[::1]:8025");
	g_assert_cmpstr(c->http_listen[2], ==, "/run/felid.sock");
	g_assert_null(c->http_listen[3]);
	g_assert_cmpstr(c->url, ==, "https://lists.example.org/archive");
	g_assert_cmpuint(c->http_workers, ==, 3);
	g_assert_cmpstr(c->lmtp_listen[1], ==, "/srv/mail/lmtp.sock");
	g_assert_cmpuint(c->message_bytes, ==, 10u << 20);
	g_assert_cmpint(c->log_level, ==, LOG_DEBUG);
	g_assert_cmpstr(c->user, ==, "felid");
}

static void
faults_are_named(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"[http]\nlisten=x\n", "[http] listen: \"x\" is neither"},
	    {"[http]\nlisten=1.2.3.4:65536\n", "[http] listen: "},
	    {"[http]\nlisten=::1:80\n", "[http] listen: "},
	    {"[http]\nlisten=[::1:80\n", "[http] listen: "},
	    {"[http]\nlisten=[1.2.3.4]:80\n", "[http] listen: "},
	    {"[http]\nlisten=;;\n", "[http] listen: needs one"},
	    {"[http]\nurl=lists.example.org\n", "[http] url: "},
	    {"[http]\nurl=ftp://lists.example.org\n", "[http] url: "},
	    {"[http]\nurl=http://\n", "[http] url: "},
	    {"[http]\nurl=http://a.example/?q\n", "[http] url: "},
	    {"[http]\nworkers=65\n", "[http] workers: \"65\" is not a number "
				     "from 0 to 64"},
	    {"[http]\nworkers=-1\n", "[http] workers: "},
	    {"[http]\nworkers=1K\n", "[http] workers: "},
	    {"[lmtp]\nmessage-size=K\n", "[lmtp] message-size: "},
	    {"[lmtp]\nmessage-size=1K\n", "[lmtp] message-size: "},
	    {"[lmtp]\nmessage-size=99999999999G\n", "[lmtp] message-size: "},
	    {"[archive]\ntitle=\n", "[archive] title: may not be empty"},
	    {"[archive]\ntitle=a\\nb\n", "[archive] title: has a control"},
	    {"[archive]\ntitle=\xff\n", "[archive] title: "},
	    {"[archive]\nopen-lists=perhaps\n", "[archive] open-lists: "},
	    {"[process]\nlog=loud\n", "[process] log: "},
	    {"[process]\nlog[de]=info\n",
		"[process] log[de]: there is no such"},
	    {"[http]\nlog=info\n", "[http] log: there is no such key"},
	    {"[https]\nurl=http://a.example\n", "[https]: there is no such"},
	    {"[https]\n", "[https]: there is no such section"},
	    {"[http]\nworkers=1\nworkers=2\n",
		"[http] workers: is there twice"},
	    {"[http]\nworkers=1\n[http]\nurl=http://a.example\n",
		"[http]: is there twice"},
	    {"workers=1\n", "felid.conf: "},
	    {"[http]\nworkers\n", "felid.conf: "},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) err = NULL;

		g_assert_null(parse(cases[i].text, &err));
		g_assert_error(err, ERR, ERR_SYNTAX);
		g_assert_true(g_str_has_prefix(err->message, "felid.conf: "));
		if (strstr(err->message, cases[i].says) == NULL)
			g_error("%s: %s", cases[i].text, err->message);
	}
	g_assert_null(conf_parse("felid.conf", "[http]\n\0", 8, NULL));
}

static void
command_line_wins(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Conf) c = parse("[http]\nworkers=1\n", &err);

	g_assert_true(conf_set(c, "http", "listen", "[::1]:1;*:2", &err));
	g_assert_cmpstr(c->http_listen[1], ==, "*:2");
	g_assert_true(conf_set(c, "store", "dir", "here", &err));
	g_assert_cmpstr(c->lmtp_listen[1], ==, "here/lmtp.sock");
	g_assert_true(conf_set(c, "lmtp", "listen", "$store/a;/b", &err));
	g_assert_cmpstr(c->lmtp_listen[0], ==, "here/a");
	g_assert_false(conf_set(c, "http", "workers", "many", &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
	g_assert_cmpuint(c->http_workers, ==, 1);
}

static void
print_is_read_again(void)
{
	g_autoptr(Conf) a = parse(
	    "[archive]\ntitle=\\\\ a\\\\nb # c\n[store]\ndir=/a;b\n", NULL);
	g_autofree char *once = conf_print(a);
	g_autoptr(Conf) b = parse(once, NULL);
	g_autofree char *twice = conf_print(b);

	g_assert_cmpstr(b->title, ==, "\\ a\\nb # c");
	g_assert_cmpstr(b->lmtp_listen[1], ==, "/a;b/lmtp.sock");
	g_assert_cmpstr(once, ==, twice);
	g_assert_nonnull(strstr(once, "\n# The public base of permalinks.\n"
				      "url=http://localhost:8025\n"));
}

static void
file_is_read(void)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *dir = g_dir_make_tmp("conf-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "felid.conf", NULL);
	g_autoptr(Conf) c = NULL;

	g_assert_null(conf_load(path, &err));
	g_assert_error(err, ERR, ERR_NOTFOUND);
	g_assert_nonnull(strstr(err->message, path));
	g_clear_error(&err);
	g_assert_null(conf_load(dir, &err));
	g_assert_error(err, ERR, ERR_IO);
	g_clear_error(&err);
	g_assert_true(
	    g_file_set_contents(path, "[http]\nworkers=2\n", -1, NULL));
	c = conf_load(path, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(c->http_workers, ==, 2);
	g_unlink(path);
	g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/conf/defaults-hold", defaults_hold);
	g_test_add_func("/conf/every-kind-is-read", every_kind_is_read);
	g_test_add_func("/conf/faults-are-named", faults_are_named);
	g_test_add_func("/conf/command-line-wins", command_line_wins);
	g_test_add_func("/conf/print-is-read-again", print_is_read_again);
	g_test_add_func("/conf/file-is-read", file_is_read);
	return g_test_run();
}
