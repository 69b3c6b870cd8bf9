/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

int
cmd_fail(const Cmd *c, int status, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	(void)fflush(stdout);
	g_printerr("felid %s: %s\n", c->name, text);
	return status;
}

static volatile sig_atomic_t stopped;

static void
stop(int signum)
{
	(void)signum;
	stopped = 1;
}

bool
cmd_stopped(void)
{
	return stopped != 0;
}

void
cmd_catch_stop(void)
{
	/* A second Ctrl-C ends the process as usual. */
	struct sigaction act = {
	    .sa_handler = stop,
	    .sa_flags = SA_RESTART | (int)SA_RESETHAND,
	};

	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
}
