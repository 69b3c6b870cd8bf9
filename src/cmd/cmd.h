/* cmd.h - the subcommands: one row of a table, one file each. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/conf.h"

#include <glib.h>

typedef struct {
	const char *name;
	const char *args;    /* for the usage line: "LIST FILE..." */
	const char *summary; /* one line */
	const char *help;    /* what --help teaches: paragraphs, examples */
	const GOptionEntry *options; /* besides --store and --config; or NULL */
	/* argv[0] is the name.  Returns the exit status: 0, 1 (failed, and
	 * said so) or 2 (used wrongly, and said so). */
	int (*run)(Conf *conf, int argc, char **argv);
} Cmd;

extern const Cmd cmd_backup, cmd_serve, cmd_list, cmd_import, cmd_export,
    cmd_permalink, cmd_fsck, cmd_forward, cmd_config, cmd_remove, cmd_index,
    cmd_search;

/* Say "felid NAME: TEXT" on standard error and return status. */
int cmd_fail(const Cmd *c, int status, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);

/* A progress bar on standard error with rate and time left: drawn on a
 * terminal, else one line every ten seconds.  unit is "messages". */
typedef struct CmdBar CmdBar;
CmdBar *cmd_bar_new(const char *what, const char *unit);
/* done of all (in bytes or whatever moves the bar), n of unit so far. */
void cmd_bar_set(CmdBar *b, guint64 done, guint64 all, guint64 n);
/* Erase the bar, so that a line of text may follow; the next cmd_bar_set
 * draws it again. */
void cmd_bar_hide(CmdBar *b);
/* Erase the bar and free it.  Does nothing if b is NULL. */
void cmd_bar_end(CmdBar *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CmdBar, cmd_bar_end)

/* True once SIGINT or SIGTERM came; to be asked for by long work. */
bool cmd_stopped(void);
void cmd_catch_stop(void);

#endif
