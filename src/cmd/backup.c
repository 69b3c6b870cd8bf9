/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/backup.h"

#include "cmd/cmd.h"
#include "mail/parse.h"

#include <sys/stat.h>

static const GOptionEntry options[] = {{0}};

typedef struct {
	CmdBar *bar;
	uint64_t n_faults;
} Work;

static void
fault(void *arg, const char *what)
{
	Work *w = arg;

	w->n_faults++;
	cmd_bar_hide(w->bar);
	g_print("%s\n", what);
}

static bool
progress(void *arg, uint64_t done, uint64_t all)
{
	Work *w = arg;

	cmd_bar_set(w->bar, done, all, done);
	return !cmd_stopped();
}

/* Whether two names are of one folder. */
static bool
are_one(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int
back_up(Store *from, Store *to)
{
	g_autoptr(GError) err = NULL;
	BackupSum sum;
	Work w = {0};
	const FsckHooks hooks = {
	    .fault = fault, .progress = progress, .arg = &w};
	bool ok = false;

	w.bar = cmd_bar_new("backup", "messages");
	ok = backup_run(from, to, &hooks, &sum, &err);
	cmd_bar_end(w.bar);
	g_print("%" G_GUINT64_FORMAT " messages copied, %" G_GUINT64_FORMAT
		" removed\n",
	    sum.n_copied, sum.n_removed);
	if (!ok)
		return cmd_fail(&cmd_backup, 1, "%s", err->message);
	if (w.n_faults > 0)
		return cmd_fail(&cmd_backup, 1,
		    "%" G_GUINT64_FORMAT " messages could not be read",
		    w.n_faults);
	return 0;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) from = NULL, to = NULL;

	if (argc != 2)
		return cmd_fail(&cmd_backup, 2,
		    argc < 2 ? "to which folder?" : "to one folder only");
	parse_init();
	from = store_open(conf->store, STORE_READ, &err);
	if (from != NULL && are_one(conf->store, argv[1]))
		return cmd_fail(
		    &cmd_backup, 1, "%s is the store itself", argv[1]);
	if (from != NULL)
		to = store_open(argv[1], STORE_WRITE, &err);
	if (to == NULL)
		return cmd_fail(&cmd_backup, 1, "%s", err->message);
	cmd_catch_stop();
	return back_up(from, to);
}

const Cmd cmd_backup = {
    .name = "backup",
    .args = "DIR",
    .summary = "Copy what is new to a second store",
    .help =
	"Makes the folder DIR a store that has all that the archive has.  If "
	"it was\n"
	"before, what came in since is added, and what was removed since is\n"
	"removed.  The archive may be served and take mail in meanwhile.\n"
	"\n"
	"DIR is a store like any other: \"felid fsck --store DIR\" checks it, "
	"and to\n"
	"restore the archive it is put in the store's place.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  Each night, on another disk:\n"
	"    felid backup /backup/felid\n"
	"\n"
	"  Restore it, while felid does not run:\n"
	"    mv /var/lib/felid /var/lib/felid.lost\n"
	"    cp -a /backup/felid /var/lib/felid\n",
    .options = options,
    .run = run,
};
