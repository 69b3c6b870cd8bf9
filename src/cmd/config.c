/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include "view/look.h"

static int
run(Conf *conf, int argc, char **argv)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) err = NULL;
	g_autoptr(Look) look = NULL;

	if (argc > 1)
		return cmd_fail(&cmd_config, 2,
		    "takes no arguments, but there is \"%s\"", argv[1]);
	text = conf_print(conf);
	g_print("%s", text);
	look = look_load(conf, &err);
	if (look == NULL)
		return cmd_fail(&cmd_config, 1, "%s", err->message);
	return 0;
}

const Cmd cmd_config = {
    .name = "config",
    .args = "",
    .summary = "Print the configuration that is in force",
    .help = "Prints every setting with its value, be it from the file, from\n"
	    "the command line or built in, each behind a comment that says\n"
	    "what it is.  The output is itself a configuration file.  That\n"
	    "the files which it names for the pages' look can be had is\n"
	    "checked too.\n"
	    "\n"
	    "Examples:\n"
	    "\n"
	    "  Begin a configuration file with all settings in it:\n"
	    "    felid config > felid.conf\n"
	    "\n"
	    "  Check a file before the server is started with it:\n"
	    "    felid config --config felid.conf > /dev/null\n",
    .run = run,
};
