/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox_private.h"

#include <string.h>

#define COLUMNS 78

static const struct {
	SandboxRole role;
	const char *name, *sockets;
} roles[] = {
    {SANDBOX_PARENT, "parent", "none"},
    {SANDBOX_LMTP, "lmtp", "accepts"},
    {SANDBOX_HTTP, "http, where nothing is kept", "accepts"},
    {SANDBOX_KEEP, "http", "accepts"},
    {SANDBOX_INDEX, "index", "none"},
    {SANDBOX_SEARCH, "search", "none"},
    {SANDBOX_FORWARD, "forward", "connects"},
};

/* Append words, which begin with a space each, in lines of COLUMNS behind
 * label. */
static void
append_filled(GString *text, const char *label, const char *words)
{
	g_auto(GStrv) each = g_strsplit(words, " ", -1);
	gsize column = 0;

	g_string_append_printf(text, "  %-8s", label);
	column = 10;
	for (char **w = each; *w != NULL; w++) {
		if (**w == '\0')
			continue;
		if (column + 1 + strlen(*w) > COLUMNS) {
			g_string_append_printf(text, "\n%10s", "");
			column = 10;
		}
		g_string_append_printf(text, " %s", *w);
		column += 1 + strlen(*w);
	}
	g_string_append_c(text, '\n');
}

static void
show_kernel(GString *text)
{
	long abi = sandbox_landlock_abi();

	if (abi >= 2)
		g_string_append_printf(text,
		    "This kernel's Landlock is version %ld: a file elsewhere "
		    "is EACCES.\n",
		    abi);
	else
		g_string_append(text,
		    "This kernel has no Landlock (or too old a one): files are "
		    "guarded by their\nmodes, and by seccomp, alone.\n");
	g_string_append(text,
	    "A system call that is not named ends the process (seccomp).\n\n");
}

char *
sandbox_show(const char *store, const char *spool)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GString) every = g_string_new(NULL);
	unsigned int all = 0;

	show_kernel(text);
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
		all |= 1u << roles[i].role;
	sandbox_seccomp_show(all, 0, every);
	g_string_append(text, "every role\n");
	append_filled(text, "calls", every->str);
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		SandboxRole role = roles[i].role;
		g_autoptr(GString) calls = g_string_new(NULL);

		g_string_append_printf(text, "\n%s\n", roles[i].name);
		sandbox_landlock_show(
		    role, role == SANDBOX_FORWARD ? spool : store, text);
		g_string_append_printf(
		    text, "  sockets  %s\n", roles[i].sockets);
		sandbox_seccomp_show(1u << role, all, calls);
		sandbox_seccomp_show_partly(role, calls);
		append_filled(text, "calls", calls->str);
	}
	return g_string_free(text, FALSE);
}
