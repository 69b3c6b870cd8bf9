/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <unistd.h>

/* Characters of the bar itself, within its brackets. */
#define BAR_LEN 24u

/* How often it is drawn, in ms: on a terminal, and elsewhere. */
#define DRAW_MS 100
#define LINE_MS 10000

struct CmdBar {
	const char *what, *unit;
	bool terminal;
	bool shown; /* it stands on the terminal */
	int64_t begun, drawn;
};

CmdBar *
cmd_bar_new(const char *what, const char *unit)
{
	CmdBar *b = g_new0(CmdBar, 1);

	b->what = what;
	b->unit = unit;
	b->terminal = isatty(STDERR_FILENO) == 1;
	b->begun = b->drawn = clock_mono_ms();
	return b;
}

/* Seconds as "1:02:03" or "2:03". */
static char *
format_time(guint64 s)
{
	if (s < 3600)
		return g_strdup_printf(
		    "%u:%02u", (unsigned int)(s / 60), (unsigned int)(s % 60));
	return g_strdup_printf("%" G_GUINT64_FORMAT ":%02u:%02u", s / 3600,
	    (unsigned int)(s / 60 % 60), (unsigned int)(s % 60));
}

/* The numbers: how far, how many, how fast, how long still. */
static char *
describe(const CmdBar *b, double share, guint64 n, int64_t now)
{
	double s = (double)(now - b->begun) / 1000;
	g_autofree char *left =
	    share > 0 ? format_time((guint64)(s / share - s)) : NULL;

	return g_strdup_printf("%" G_GUINT64_FORMAT " %s, %.0f a second%s%s%s",
	    n, b->unit, s > 0 ? (double)n / s : 0, left != NULL ? ", " : "",
	    left != NULL ? left : "", left != NULL ? " left" : "");
}

void
cmd_bar_set(CmdBar *b, guint64 done, guint64 all, guint64 n)
{
	int64_t now = clock_mono_ms();
	double share = all > 0 ? CLAMP((double)done / (double)all, 0, 1) : 0;
	g_autofree char *text = NULL;

	if (now - b->drawn < (b->terminal ? DRAW_MS : LINE_MS))
		return;
	b->drawn = now;
	text = describe(b, share, n, now);
	if (!b->terminal) {
		g_printerr("%s: %.0f%%, %s\n", b->what, 100 * share, text);
		return;
	}
	char bar[BAR_LEN + 1] = "";

	for (unsigned int i = 0; i < BAR_LEN; i++)
		bar[i] = i < (unsigned int)(share * BAR_LEN) ? '#' : '.';
	g_printerr(
	    "\r%s %3.0f%% [%s] %s\033[K", b->what, 100 * share, bar, text);
	b->shown = true;
}

void
cmd_bar_hide(CmdBar *b)
{
	if (b->shown)
		g_printerr("\r\033[K");
	b->shown = false;
	/* What follows is to be drawn over at once. */
	if (b->terminal)
		b->drawn = 0;
}

void
cmd_bar_end(CmdBar *b)
{
	if (b == NULL)
		return;
	cmd_bar_hide(b);
	g_free(b);
}
