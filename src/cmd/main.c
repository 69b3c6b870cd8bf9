/* main.c - options, then one row of a table a subcommand. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include "base/log.h"
#include "base/text.h"
#include "store/store.h"

#include <locale.h>
#include <stdio.h>

static const Cmd *const cmds[] = {
    &cmd_serve,
    &cmd_list,
    &cmd_import,
    &cmd_export,
    &cmd_remove,
    &cmd_index,
    &cmd_search,
    &cmd_backup,
    &cmd_fsck,
    &cmd_config,
    &cmd_forward,
    &cmd_permalink,
};

/* What main and every subcommand understand. */
static char *opt_config, *opt_store;
static gboolean opt_help, opt_version;

static const GOptionEntry common[] = {
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &opt_config,
	"Read FILE instead of " CONF_PATH, "FILE"},
    {"store", 0, 0, G_OPTION_ARG_FILENAME, &opt_store,
	"Keep the archive in the folder DIR", "DIR"},
    {"help", 'h', 0, G_OPTION_ARG_NONE, &opt_help, "Say this, and end", NULL},
    {0},
};

static const GOptionEntry version[] = {
    {"version", 0, 0, G_OPTION_ARG_NONE, &opt_version,
	"Say which version this is, and end", NULL},
    {0},
};

static void
print_options(GString *out, const GOptionEntry *entries)
{
	for (const GOptionEntry *e = entries; e && e->long_name; e++) {
		g_autoptr(GString) names = g_string_new(NULL);

		if (e->flags & G_OPTION_FLAG_HIDDEN)
			continue;
		if (e->short_name != 0)
			g_string_append_printf(names, "-%c, ", e->short_name);
		g_string_append_printf(names, "--%s%s%s", e->long_name,
		    e->arg_description ? " " : "",
		    e->arg_description ? e->arg_description : "");
		g_string_append_printf(
		    out, "  %-22s  %s\n", names->str, e->description);
	}
}

static void
print_help(const Cmd *c)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (c != NULL) {
		g_string_printf(out,
		    "Usage: felid %s [OPTION...]%s%s\n\n%s.\n\n%s\nOptions:\n",
		    c->name, *c->args ? " " : "", c->args, c->summary, c->help);
		print_options(out, c->options);
		print_options(out, common);
		g_string_append_printf(
		    out, "\nRead on: felid-%s(1), felid.conf(5).\n", c->name);
		(void)fputs(out->str, stdout);
		return;
	}
	g_string_append(out,
	    "Usage: felid [OPTION...] SUBCOMMAND ...\n\n"
	    "A mailing list archive server: takes mail in over LMTP or from\n"
	    "mailboxes, keeps every message byte for byte, and serves it at a\n"
	    "permalink that anyone can compute from the message.\n\n"
	    "Subcommands (\"felid SUBCOMMAND --help\" tells more):\n");
	for (size_t i = 0; i < G_N_ELEMENTS(cmds); i++)
		g_string_append_printf(
		    out, "  %-10s  %s\n", cmds[i]->name, cmds[i]->summary);
	g_string_append(out, "\nOptions, before or behind the subcommand:\n");
	print_options(out, common);
	print_options(out, version);
	g_string_append(out,
	    "\nFiles:\n"
	    "  " CONF_PATH "         the configuration, if there is any\n"
	    "  /var/lib/felid          the store, if nothing else is said\n"
	    "\nRead on: felid(1), felid.conf(5).\n");
	(void)fputs(out->str, stdout);
}

static const Cmd *
find_cmd(const char *name)
{
	const Cmd *near = NULL;
	size_t least = 3;

	for (size_t i = 0; i < G_N_ELEMENTS(cmds); i++) {
		size_t d = text_distance(name, cmds[i]->name);

		if (d == 0)
			return cmds[i];
		if (d < least) {
			least = d;
			near = cmds[i];
		}
	}
	g_printerr("felid: there is no subcommand \"%s\"", name);
	if (near != NULL)
		g_printerr("; did you mean \"%s\"?", near->name);
	g_printerr("\n\"felid --help\" names them all.\n");
	return NULL;
}

/* What the command line says last of an option holds. */
static void
keep_last(char **last, char *before)
{
	if (*last == NULL)
		*last = before;
	else
		g_free(before);
}

/* Take the options off argv; strict ends at the first argument. */
static bool
parse_options(const GOptionEntry *more, bool strict, int *argc, char ***argv,
    GError **err)
{
	g_autoptr(GOptionContext) ctx = g_option_context_new(NULL);
	char *config = g_steal_pointer(&opt_config);
	char *store = g_steal_pointer(&opt_store);
	bool ok;

	g_option_context_set_help_enabled(ctx, FALSE);
	g_option_context_set_strict_posix(ctx, strict);
	g_option_context_add_main_entries(ctx, common, NULL);
	if (more != NULL)
		g_option_context_add_main_entries(ctx, more, NULL);
	ok = g_option_context_parse(ctx, argc, argv, err);
	keep_last(&opt_config, config);
	keep_last(&opt_store, store);
	return ok;
}

/* Run c with argv, whose first is its name. */
static int
run_cmd(const Cmd *c, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Conf) conf = NULL;

	if (!parse_options(c->options, false, &argc, &argv, &err))
		return cmd_fail(c, 2, "%s\n\"felid %s --help\" tells more.",
		    err->message, c->name);
	if (opt_help) {
		print_help(c);
		return 0;
	}
	/* GLib leaves a "--" where what follows begins with "-". */
	if (argc > 1 && g_str_equal(argv[1], "--")) {
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	conf = conf_load(opt_config, &err);
	if (conf == NULL)
		return cmd_fail(c, 1, "%s", err->message);
	if (opt_store != NULL &&
	    !conf_set(conf, "store", "dir", opt_store, &err))
		return cmd_fail(c, 2, "--store: %s", err->message);
	log_init(c->name, conf->log_level);
	store_init();
	return c->run(conf, argc, argv);
}

static int
run_main(int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	const Cmd *c = NULL;

	if (!parse_options(version, true, &argc, &argv, &err)) {
		g_printerr(
		    "felid: %s\n\"felid --help\" tells more.\n", err->message);
		return 2;
	}
	if (opt_version) {
		g_print("felid %s\n", FELID_VERSION);
		return 0;
	}
	if (opt_help) {
		print_help(NULL);
		return 0;
	}
	if (argc < 2) {
		g_printerr("felid: which subcommand?  \"felid --help\" names "
			   "them all.\n");
		return 2;
	}
	c = find_cmd(argv[1]);
	return c != NULL ? run_cmd(c, argc - 1, argv + 1) : 2;
}

int
main(int argc, char **argv)
{
	/* All text is UTF-8, whatever the environment says. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	int status = run_main(argc, argv);

	g_free(opt_config);
	g_free(opt_store);
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
		perror("felid: standard output");
		return 1;
	}
	return status;
}
