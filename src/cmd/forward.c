/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include "lmtp/forward.h"

static char *opt_spool, *opt_to;
static gboolean opt_once;

static const GOptionEntry options[] = {
    {"spool", 0, 0, G_OPTION_ARG_FILENAME, &opt_spool,
	"Take messages from the folder DIR", "DIR"},
    {"to", 0, 0, G_OPTION_ARG_FILENAME, &opt_to,
	"Send to the LMTP server at ADDR:PORT or PATH", "WHERE"},
    {"once", 0, 0, G_OPTION_ARG_NONE, &opt_once, "Send what is there, then end",
	NULL},
    {0},
};

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;

	if (argc > 1)
		return cmd_fail(&cmd_forward, 2,
		    "takes no arguments, but there is \"%s\"", argv[1]);
	if (opt_spool != NULL &&
	    !conf_set(conf, "forward", "spool", opt_spool, &err))
		return cmd_fail(&cmd_forward, 2, "--spool: %s", err->message);
	if (opt_to != NULL && !conf_set(conf, "forward", "to", opt_to, &err))
		return cmd_fail(&cmd_forward, 2, "--to: %s", err->message);
	return lmtp_forward_run(conf, opt_once);
}

const Cmd cmd_forward = {
    .name = "forward",
    .args = "",
    .summary = "Send the messages of a spool to an archive",
    .help =
	"Takes the messages that a feeder (the plugin of Mailman 3 in\n"
	"contrib/mailman) puts into the spool, and gives each to the archive\n"
	"under the first of its permalinks that no other message holds.\n"
	"\n"
	"A message leaves the spool when the archive says that it is on disk.\n"
	"While the archive is down, or knows no such list, messages wait and\n"
	"are tried again for ever.  One that the archive refuses for good is\n"
	"moved to the folder \"failed\" of the spool, with the reason beside "
	"it.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  Feed the archive on this machine, until stopped:\n"
	"    felid forward --spool /var/spool/felid --to 127.0.0.1:8026\n"
	"\n"
	"  Empty the spool once; the status is 1 if something is left:\n"
	"    felid forward --once\n"
	"\n"
	"  Try again what was set aside, once the reason is gone:\n"
	"    cd /var/spool/felid && rm failed/*.reason && mv failed/* new/\n",
    .options = options,
    .run = run,
};
