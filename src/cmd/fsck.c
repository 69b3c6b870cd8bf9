/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/fsck.h"

#include "cmd/cmd.h"
#include "mail/parse.h"

static gboolean opt_rebuild;

static const GOptionEntry options[] = {
    {"rebuild", 0, 0, G_OPTION_ARG_NONE, &opt_rebuild,
	"Drop all that is computed, and compute it anew", NULL},
    {0},
};

typedef struct {
	CmdBar *bar;
	uint64_t n_faults, n_checked;
} Check;

static void
fault(void *arg, const char *what)
{
	Check *c = arg;

	c->n_faults++;
	cmd_bar_hide(c->bar);
	g_print("%s\n", what);
}

static bool
progress(void *arg, uint64_t done, uint64_t all)
{
	Check *c = arg;

	c->n_checked = done;
	cmd_bar_set(c->bar, done, all, done);
	return !cmd_stopped();
}

static int
finish(const Check *c)
{
	if (cmd_stopped())
		return cmd_fail(&cmd_fsck, 1,
		    opt_rebuild ? "stopped; everything is as it was"
				: "stopped");
	if (c->n_faults > 0)
		return cmd_fail(&cmd_fsck, 1, "%" G_GUINT64_FORMAT " faults%s",
		    c->n_faults,
		    opt_rebuild ? "" : "; --rebuild mends what is computed");
	g_print("%" G_GUINT64_FORMAT " messages %s\n", c->n_checked,
	    opt_rebuild ? "rebuilt" : "checked, nothing wrong");
	return 0;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;
	Check c = {0};
	FsckHooks hooks = {.fault = fault, .progress = progress, .arg = &c};
	bool ok = false;

	if (argc > 1)
		return cmd_fail(&cmd_fsck, 2,
		    "takes no arguments, but there is \"%s\"", argv[1]);
	parse_init();
	s = store_open(
	    conf->store, opt_rebuild ? STORE_REBUILD : STORE_READ, &err);
	if (s == NULL)
		return cmd_fail(&cmd_fsck, 1, "%s", err->message);
	cmd_catch_stop();
	c.bar = cmd_bar_new(opt_rebuild ? "rebuild" : "check", "messages");
	ok = opt_rebuild ? fsck_rebuild(s, &hooks, &err)
			 : fsck_check(s, &hooks, &err);
	cmd_bar_end(c.bar);
	if (!ok && !cmd_stopped())
		return cmd_fail(&cmd_fsck, 1, "%s", err->message);
	return finish(&c);
}

const Cmd cmd_fsck = {
    .name = "fsck",
    .args = "",
    .summary = "Check the store, and rebuild what can be computed",
    .help =
	"Reads every message of the store, computes all that is derived from\n"
	"it (heads, keys, threads, months) and compares.  Each thing that is\n"
	"wrong is a line on standard output; the exit status is 1 then.\n"
	"\n"
	"With --rebuild all that is derived is dropped and computed from the\n"
	"messages.  Permalinks are not derived: they stay.  LMTP is told to "
	"try\n"
	"again meanwhile; pages are served as they were.  An older felid's\n"
	"store gains by it what a newer one knows of a message.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  felid fsck || felid fsck --rebuild\n",
    .options = options,
    .run = run,
};
