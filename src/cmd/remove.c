/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/remove.h"

#include "archive/read.h"
#include "base/clock.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "mail/parse.h"
#include "search/follow.h"

#include <glib/gstdio.h>

#include <errno.h>

static gboolean opt_dry_run;

static const GOptionEntry options[] = {
    {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &opt_dry_run,
	"Show what would be removed, and remove nothing", NULL},
    {0},
};

static void
print_message(const Head *h)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(h->date);
	g_autofree char *day =
	    date != NULL ? g_date_time_format(date, "%Y-%m-%d %H:%M") : NULL;

	g_print("%s\t%s\t%s <%s>\t%s\n", h->key, day != NULL ? day : "-",
	    h->from_name, h->from_addr, h->subject);
}

/* Packed mailboxes that the web keeps may hold what was removed; they are
 * made anew when they are asked for. */
static bool
empty_kept(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = NULL;
	bool ok = true;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		/* A server may have been quicker. */
		ok = (g_unlink(file) == 0 || errno == ENOENT) && ok;
	}
	return ok;
}

/* Twice: what a server was making at the first pass may have got its name
 * since; what it begins now has nothing of what was removed. */
static bool
drop_kept(const Conf *conf)
{
	g_autofree char *path =
	    g_build_filename(conf->store, SANDBOX_KEEP_FOLDER, NULL);

	bool ok = empty_kept(path);

	return empty_kept(path) && ok;
}

static void
free_msg(gpointer m)
{
	read_msg_free(m);
}

/* What heads are of, while it is still there: the index forgets a message
 * by its bytes.  Those that cannot be read were never indexed. */
static GPtrArray *
read_all(Store *s, const GPtrArray *heads)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(free_msg);

	for (guint i = 0; i < heads->len; i++) {
		ReadMsg *m = read_msg_of(s, heads->pdata[i], NULL);

		if (m != NULL)
			g_ptr_array_add(all, m);
	}
	return all;
}

/* Take what was removed out of the index. */
static void
forget(const Conf *conf, const GPtrArray *all)
{
	g_autoptr(GError) err = NULL;
	bool overwritten = false;

	if (!follow_forget(conf->store, all, &overwritten, &err))
		g_print("The index may still hold them (%s); this makes it "
			"without:\n  felid index --anew\n",
		    err->message);
	else if (!overwritten)
		g_print("search/index.db-wal was in use and may hold words of "
			"them still; this empties it:\n"
			"  sqlite3 %s/search/index.db \"PRAGMA "
			"wal_checkpoint(TRUNCATE)\"\n",
		    conf->store);
}

static int
remove_all(const Conf *conf, Store *s, const GPtrArray *heads)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) all = read_all(s, heads);
	bool overwritten = false;

	if (!remove_messages(s, heads, clock_now(), &overwritten, &err))
		return cmd_fail(
		    &cmd_remove, 1, "%s; nothing was removed", err->message);
	g_print("%u messages removed\n", heads->len);
	forget(conf, all);
	if (!overwritten)
		g_print("felid.db-wal was in use and may hold them still; "
			"this empties it:\n"
			"  sqlite3 %s/felid.db \"PRAGMA "
			"wal_checkpoint(TRUNCATE)\"\n",
		    conf->store);
	if (!drop_kept(conf))
		return cmd_fail(&cmd_remove, 1,
		    "the folder %s of %s could not be emptied; packed "
		    "mailboxes in it may hold what was removed",
		    SANDBOX_KEEP_FOLDER, conf->store);
	return 0;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;
	g_autoptr(StoreList) list = NULL;
	g_autoptr(GPtrArray) heads = NULL;

	if (argc < 3)
		return cmd_fail(&cmd_remove, 2,
		    argc < 2 ? "which list, and which messages?"
			     : "which messages? their keys are in their "
			       "permalinks");
	parse_init();
	s = store_open(conf->store, STORE_READ, &err);
	if (s != NULL && !opt_dry_run) {
		store_close(s);
		s = store_open(conf->store, STORE_WRITE, &err);
	}
	if (s != NULL)
		list = store_list_find(s, argv[1], &err);
	if (list != NULL)
		heads = remove_find(s, list, argv + 2, &err);
	if (heads == NULL)
		return cmd_fail(&cmd_remove, 1, "%s", err->message);
	for (guint i = 0; i < heads->len; i++)
		print_message(heads->pdata[i]);
	if (!opt_dry_run)
		return remove_all(conf, s, heads);
	g_print("%u messages would be removed\n", heads->len);
	return 0;
}

const Cmd cmd_remove = {
    .name = "remove",
    .args = "LIST KEY...",
    .summary = "Take messages out of a list for good",
    .help =
	"Removes the messages of LIST (a List-Id or posting address) whose\n"
	"permalinks have these keys: all of them, or none if one is not\n"
	"there.  Keys are given whole.\n"
	"\n"
	"Their bytes are deleted and overwritten, and all that was shown of\n"
	"them.  Their addresses answer 410 from then on and say when it was;\n"
	"no other message gets them.  The same message sent again is taken\n"
	"and not kept.  Only a backup brings it back.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  See what would go, then have it go:\n"
	"    felid remove --dry-run gazette.example.org \\\n"
	"        qgg2bm3fwcazibsoka6pixdoaiqx4szk\n"
	"    felid remove gazette.example.org \\\n"
	"        qgg2bm3fwcazibsoka6pixdoaiqx4szk\n",
    .options = options,
    .run = run,
};
