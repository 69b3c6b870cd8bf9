/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include "archive/lists.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "http/keep.h"
#include "http/server.h"
#include "lmtp/server.h"
#include "net/listen.h"
#include "net/worker.h"
#include "search/follow.h"
#include "search/server.h"
#include "view/look.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Processes that serve pages, if the configuration leaves it to us. */
#define HTTP_WORKERS_MAX 4u

/* The same of those that search. */
#define SEARCH_WORKERS_MAX 2u

/* Of the processes that serve pages and search. */
#define READERS_NICE 5

/* What a browser on this machine calls these. */
static const char *const here[] = {
    "127.0.0.1", "[::1]", "0.0.0.0", "[::]", "*", NULL};

/* How often the lock of a store is asked for, and how long: longer than the
 * lmtp process of a serve that was killed takes to end. */
#define LOCK_MS 50
#define LOCK_WAIT_MS 3000

static char **opt_http, **opt_lmtp, *opt_url;
static gboolean opt_show_sandbox;

static const GOptionEntry options[] = {
    {"http", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_http,
	"Serve the web at ADDR:PORT or a socket's PATH", "WHERE"},
    {"lmtp", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_lmtp,
	"Take mail in at ADDR:PORT or a socket's PATH", "WHERE"},
    {"url", 0, 0, G_OPTION_ARG_STRING, &opt_url,
	"The public base of permalinks", "URL"},
    {"show-sandbox", 0, 0, G_OPTION_ARG_NONE, &opt_show_sandbox,
	"Print what each role is left able to do, and end", NULL},
    {0},
};

/* The listening sockets of a protocol, one for each of where. */
typedef struct {
	char *const *where;
	int *fds;
	size_t n;
} Doors;

typedef struct {
	const Conf *conf;
	Look *look;
	Doors http, lmtp;
	/* Of each http process, the end of a socket that it asks on, and that
	 * which searches are taken from. */
	int *asking, *searching;
	unsigned int n_http;
	int lock; /* see lock_store; -1 before */
} Server;

static bool
set(Conf *conf, const char *section, const char *key, const char *value)
{
	g_autoptr(GError) err = NULL;

	if (conf_set(conf, section, key, value, &err))
		return true;
	cmd_fail(&cmd_serve, 2, "%s", err->message);
	return false;
}

/* Permalinks of a server that was only told its port lead to that port.
 * A url that was configured stands. */
static bool
set_url_by_port(Conf *conf, const char *where)
{
	const char *port = strrchr(where, ':');
	g_autofree char *host = NULL, *url = NULL;

	if (strchr(where, '/') != NULL || port == NULL ||
	    g_str_equal(port, ":0") ||
	    !g_str_equal(conf->url, CONF_URL_DEFAULT))
		return true;
	host = g_strndup(where, (gsize)(port - where));
	url = g_strconcat("http://",
	    g_strv_contains(here, host) ? "localhost" : host, port, NULL);
	return set(conf, "http", "url", url);
}

/* What the command line says stands instead of what the file says. */
static bool
set_options(Conf *conf)
{
	g_autofree char *http = opt_http ? g_strjoinv(";", opt_http) : NULL;
	g_autofree char *lmtp = opt_lmtp ? g_strjoinv(";", opt_lmtp) : NULL;

	return (http == NULL || set(conf, "http", "listen", http)) &&
	       (lmtp == NULL || set(conf, "lmtp", "listen", lmtp)) &&
	       (opt_url == NULL || set(conf, "http", "url", opt_url)) &&
	       (opt_url != NULL || opt_http == NULL ||
		   set_url_by_port(conf, opt_http[0]));
}

/* Listening -----------------------------------------------------------------
 */

static void
doors_init(Doors *d, char *const *where)
{
	d->where = where;
	while (where[d->n] != NULL)
		d->n++;
	d->fds = g_new(int, d->n);
	for (size_t i = 0; i < d->n; i++)
		d->fds[i] = -1;
}

static void
doors_close(Doors *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->fds[i] >= 0)
			close(d->fds[i]);
	g_clear_pointer(&d->fds, g_free);
	d->n = 0;
}

/* Bind those of d that are paths, or those that are not. */
static bool
doors_bind(Doors *d, bool paths, GError **err)
{
	for (size_t i = 0; i < d->n; i++) {
		if ((strchr(d->where[i], '/') != NULL) != paths)
			continue;
		d->fds[i] = listen_on(d->where[i], err);
		if (d->fds[i] < 0)
			return false;
	}
	return true;
}

/* Where d listens, for people. */
static char *
doors_name(const Doors *d)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (size_t i = 0; i < d->n; i++) {
		g_autofree char *name = listen_name(d->fds[i]);

		g_string_append_printf(names, "%s%s", i > 0 ? "," : "", name);
	}
	return g_string_free(g_steal_pointer(&names), FALSE);
}

/* Searching ------------------------------------------------------------------
 */

static unsigned int
n_workers(unsigned int wanted, unsigned int max)
{
	return wanted > 0 ? wanted : MIN(g_get_num_processors(), max);
}

/* Sockets between http and search: a pair for each process of http, since
 * what is answered must come to who asked. */
static bool
connect_search(Server *s, GError **err)
{
	s->asking = g_new(int, s->n_http);
	s->searching = g_new(int, s->n_http);
	memset(s->asking, -1, s->n_http * sizeof *s->asking);
	memset(s->searching, -1, s->n_http * sizeof *s->searching);
	for (unsigned int i = 0; s->conf->search && i < s->n_http; i++) {
		int pair[2] = {-1, -1};

		if (socketpair(
			AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
			return err_set_errno(err, ERR_IO, "socketpair");
		s->asking[i] = pair[0];
		s->searching[i] = pair[1];
	}
	return true;
}

/* Close all of fds but the one at keep. */
static void
close_but(const int *fds, size_t n, size_t keep)
{
	for (size_t i = 0; fds != NULL && i < n; i++)
		if (i != keep && fds[i] >= 0)
			close(fds[i]);
}

static void
disconnect_search(Server *s)
{
	close_but(s->asking, s->n_http, SIZE_MAX);
	close_but(s->searching, s->n_http, SIZE_MAX);
	g_clear_pointer(&s->asking, g_free);
	g_clear_pointer(&s->searching, g_free);
}

/* Processes ------------------------------------------------------------------
 */

/* Begin to be a role of that name: what others listen on is closed. */
static void
begin_role(Server *s, const char *role, bool http, bool lmtp)
{
	log_init(role, s->conf->log_level);
	if (!http)
		doors_close(&s->http);
	if (!lmtp)
		doors_close(&s->lmtp);
}

/* Mail is taken in first, however many read: beside whoever is busy the
 * readers' processes get a third of the time. */
static void
be_nice(void)
{
	if (setpriority(PRIO_PROCESS, 0, READERS_NICE) < 0)
		log_warn("setpriority: %s", g_strerror(errno));
}

static int
run_lmtp(void *arg, unsigned int nth)
{
	Server *s = arg;

	(void)nth;
	begin_role(s, "lmtp", false, true);
	disconnect_search(s);
	return lmtp_server_run(s->conf, s->lmtp.fds, s->lmtp.n);
}

static int
run_http(void *arg, unsigned int nth)
{
	Server *s = arg;

	begin_role(s, "http", true, false);
	be_nice();
	/* The lock is the lmtp process's, and ours not to keep. */
	close(s->lock);
	close_but(s->asking, s->n_http, nth);
	close_but(s->searching, s->n_http, SIZE_MAX);
	return http_server_run(
	    s->conf, s->look, s->http.fds, s->http.n, s->asking[nth]);
}

static int
run_search(void *arg, unsigned int nth)
{
	Server *s = arg;

	(void)nth;
	begin_role(s, "search", false, false);
	be_nice();
	close(s->lock);
	close_but(s->asking, s->n_http, SIZE_MAX);
	return search_server_run(s->conf, s->searching, s->n_http);
}

static int
run_index(void *arg, unsigned int nth)
{
	Server *s = arg;

	(void)nth;
	begin_role(s, "index", false, false);
	close(s->lock);
	disconnect_search(s);
	return follow_run(s->conf);
}

static void
ready(void *arg)
{
	const Server *s = arg;
	g_autofree char *http = doors_name(&s->http);
	g_autofree char *lmtp = doors_name(&s->lmtp);

	log_info("ready url=%s/ http=%s lmtp=%s", s->conf->url, http, lmtp);
}

/* A process of ours has little to keep: what it frees goes back, and one
 * arena is enough for one thread. */
static void
save_memory(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

/* As many descriptors as connections, if we may. */
static void
allow_descriptors(void)
{
	struct rlimit rl = {0};

	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = MIN(rl.rlim_max, 65536);
	setrlimit(RLIMIT_NOFILE, &rl);
}

/*
 * One serve a store: the keys that RCPT promises are known to one lmtp
 * process alone.  The lock is on the folder, lives as long as we and our lmtp
 * process do, and is waited for a little: what was killed may still be ending.
 */
static bool
lock_store(Server *s, GError **err)
{
	const char *dir = s->conf->store;

	s->lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock < 0)
		return err_set_errno(err, ERR_IO, "%s", dir);
	for (int ms = 0; flock(s->lock, LOCK_EX | LOCK_NB) < 0; ms += LOCK_MS) {
		if (errno != EWOULDBLOCK)
			return err_set_errno(err, ERR_IO, "lock %s", dir);
		if (ms >= LOCK_WAIT_MS)
			return err_set(err, ERR_BUSY,
			    "%s: another felid serves this store", dir);
		g_usleep(LOCK_MS * G_TIME_SPAN_MILLISECOND);
	}
	return true;
}

/* Make a folder of the store's that one role alone writes. */
static void
make_folder(const Conf *conf, const char *name)
{
	g_autofree char *path = g_build_filename(conf->store, name, NULL);

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		log_warn("cannot make %s: %s", path, g_strerror(errno));
}

static void
settle_kept(const Conf *conf)
{
	g_autofree char *path =
	    g_build_filename(conf->store, SANDBOX_KEEP_FOLDER, NULL);

	keep_settle(path);
}

/*
 * All that needs more rights than will be left: ports while we may be
 * root; the store and the sockets in it as whom we run, so that both are
 * that user's.
 */
static bool
prepare(Server *s, GError **err)
{
	const Conf *conf = s->conf;
	g_autoptr(Store) store = NULL;

	allow_descriptors();
	if (!doors_bind(&s->http, false, err) ||
	    !doors_bind(&s->lmtp, false, err) ||
	    !sandbox_drop_user(conf->user, err))
		return false;
	/* As whom we run: what a page shows, that user may read. */
	s->look = look_load(conf, err);
	if (s->look == NULL)
		return false;
	/* Made or brought up to date by one process, before others come. */
	store = store_open(conf->store, STORE_WRITE, err);
	if (store == NULL)
		return false;
	g_clear_pointer(&store, store_close);
	/* Without it nothing is kept, and all works. */
	if (conf->cache_bytes > 0)
		make_folder(conf, SANDBOX_KEEP_FOLDER);
	settle_kept(conf);
	if (conf->search)
		make_folder(conf, SANDBOX_INDEX_FOLDER);
	return connect_search(s, err) && lock_store(s, err) &&
	       doors_bind(&s->http, true, err) &&
	       doors_bind(&s->lmtp, true, err) &&
	       (!conf->sandbox ||
		   sandbox_enter(SANDBOX_PARENT, conf->store, err));
}

static int
show_sandbox(const Conf *conf)
{
	g_autofree char *text = sandbox_show(conf->store, conf->spool);

	if (!conf->sandbox)
		g_print("The configuration says \"sandbox = no\": nothing of "
			"this is enforced.\n\n");
	g_print("%s", text);
	return 0;
}

static int
run(Conf *conf, int argc, char **argv)
{
	Server s = {.conf = conf, .lock = -1};
	g_autoptr(GError) err = NULL;
	int status = 1;

	if (argc > 1)
		return cmd_fail(&cmd_serve, 2,
		    "takes no arguments, but there is \"%s\"", argv[1]);
	if (!set_options(conf))
		return 2;
	if (opt_show_sandbox)
		return show_sandbox(conf);
	save_memory();
	doors_init(&s.http, conf->http_listen);
	doors_init(&s.lmtp, conf->lmtp_listen);
	s.n_http = n_workers(conf->http_workers, HTTP_WORKERS_MAX);
	if (prepare(&s, &err)) {
		const WorkerRole roles[] = {
		    {"lmtp", 1, run_lmtp, &s},
		    {"http", s.n_http, run_http, &s},
		    {"index", conf->search ? 1 : 0, run_index, &s},
		    {"search",
			conf->search ? n_workers(conf->search_workers,
					   SEARCH_WORKERS_MAX)
				     : 0,
			run_search, &s},
		};

		status = worker_run(roles, G_N_ELEMENTS(roles), ready, &s);
	} else {
		cmd_fail(&cmd_serve, status, "%s", err->message);
	}
	doors_close(&s.http);
	doors_close(&s.lmtp);
	disconnect_search(&s);
	look_free(s.look);
	if (s.lock >= 0)
		close(s.lock);
	return status;
}

const Cmd cmd_serve = {
    .name = "serve",
    .args = "",
    .summary = "Serve the web, and take mail in over LMTP",
    .help = "Serves the public lists of the store on the web, and takes mail "
	    "for all\n"
	    "its lists in over LMTP, until SIGTERM or SIGINT.  --http and "
	    "--lmtp may be\n"
	    "given more than once; the configuration's listen then does not "
	    "count.\n"
	    "\n"
	    "Examples:\n"
	    "\n"
	    "  Serve ./archive to this machine:\n"
	    "    felid serve --store archive --http 127.0.0.1:8025\n"
	    "\n"
	    "  Serve to the world through a web server on the same machine:\n"
	    "    felid serve --http /run/felid/http.sock \\\n"
	    "      --url https://lists.example.org\n"
	    "\n"
	    "  Take Postfix's mail at a port and a socket:\n"
	    "    felid serve --lmtp 127.0.0.1:8026 --lmtp /run/felid/lmtp\n"
	    "\n"
	    "  See what a process could still do if a message took it over:\n"
	    "    felid serve --show-sandbox\n",
    .options = options,
    .run = run,
};
