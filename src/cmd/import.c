/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/transfer.h"
#include "base/clock.h"
#include "cmd/cmd.h"
#include "mail/parse.h"
#include "store/store.h"

#include <stdio.h>

static gboolean opt_pipermail;

static const GOptionEntry options[] = {
    {"pipermail", 'p', 0, G_OPTION_ARG_NONE, &opt_pipermail,
	"Number messages as Pipermail did, from the first FILE on", NULL},
    {0},
};

static bool
progress(void *arg, const TransferState *st)
{
	cmd_bar_set(arg, st->bytes_done, st->bytes_all, st->n_read);
	return !cmd_stopped();
}

static void
note(void *arg, const char *what)
{
	cmd_bar_hide(arg);
	g_printerr("%s\n", what);
}

/* Say what came of it, in one line. */
static void
print_counts(const StoreList *list, const TransferState *st, int64_t begun)
{
	double s = (double)(clock_mono_ms() - begun) / 1000;

	g_print("%s: %" G_GUINT64_FORMAT " read in %.1f s, %" G_GUINT64_FORMAT
		" stored, %" G_GUINT64_FORMAT " copies, %" G_GUINT64_FORMAT
		" unwanted, %" G_GUINT64_FORMAT
		" guessed at, %" G_GUINT64_FORMAT " failed\n",
	    list->list_id, st->n_read, s, st->n_stored, st->n_copies,
	    st->n_unwanted, st->n_guessed, st->n_failed);
}

/* The list called name; a store that is not there is not made. */
static StoreList *
find_list(const char *dir, const char *name, GError **err)
{
	g_autoptr(Store) s = store_open(dir, STORE_READ, err);

	return s != NULL ? store_list_find(s, name, err) : NULL;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = NULL;
	g_autoptr(Store) s = NULL;
	g_autoptr(CmdBar) bar = NULL;
	int64_t begun = clock_mono_ms();
	TransferHooks hooks = {.progress = progress,
	    .note = note,
	    .message_bytes = conf->message_bytes,
	    .pipermail = opt_pipermail};
	TransferState st = {0};
	bool ok = false;

	if (argc < 3)
		return cmd_fail(&cmd_import, 2,
		    "which list, and which files?  "
		    "\"felid import --help\" tells more.");
	parse_init();
	list = find_list(conf->store, argv[1], &err);
	if (list != NULL)
		s = store_open(conf->store, STORE_WRITE, &err);
	if (s == NULL)
		return cmd_fail(&cmd_import, 1, "%s", err->message);

	cmd_catch_stop();
	bar = cmd_bar_new(list->list_id, "messages");
	hooks.arg = bar;
	ok = transfer_import(s, list, argv + 2, &hooks, &st, &err);
	cmd_bar_hide(bar);
	if (ok || st.n_read > 0)
		print_counts(list, &st, begun);
	if (!ok)
		return cmd_fail(&cmd_import, 1, "%s", err->message);
	if (cmd_stopped())
		return cmd_fail(&cmd_import, 1,
		    "stopped; run it again, and it goes on from here");
	return st.n_failed > 0 ? 1 : 0;
}

const Cmd cmd_import = {
    .name = "import",
    .args = "LIST FILE...",
    .summary = "Add the messages of mailboxes to a list",
    .help =
	"LIST is a List-Id or posting address.  Each FILE is a mailbox "
	"(mboxrd,\n"
	"mboxo, mboxcl, or a month of Pipermail's text), a folder that is a\n"
	"Maildir, or one message; gzip and zstd of each are unpacked on the "
	"way,\n"
	"whatever they are called.  What is called *.eml is one message, "
	"whatever\n"
	"it begins with.  \"-\" is standard input.\n"
	"\n"
	"Each message is kept byte for byte.  What the list has already is "
	"not\n"
	"stored again: an import may be stopped (Ctrl-C) and run anew.  It "
	"may\n"
	"run while felid serves.\n"
	"\n"
	"Standard error names each message that had to be guessed at (no "
	"date,\n"
	"no empty line before a From line, ...) or could not be taken, with "
	"its\n"
	"file and offset.  The last line counts:\n"
	"  read        messages that the files hold\n"
	"  stored      new ones\n"
	"  copies      those that the list had already\n"
	"  unwanted    those that ask not to be archived\n"
	"  guessed at  how many of the new ones are named above\n"
	"  failed      not taken, and files that could not be read to their "
	"end\n"
	"The exit status is 1 if any failed, or it was stopped.\n"
	"\n"
	"--pipermail is for the mailbox that Pipermail made its pages from,\n"
	"LIST.mbox/LIST.mbox of Mailman 2, whole: the URLs of these pages\n"
	"lead to the messages then, whether these are new or were imported\n"
	"before.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  A list and all months of its Pipermail archive:\n"
	"    felid list add gazette.example.org --address gazette@example.org\n"
	"    felid import gazette.example.org archives/gazette/*.txt.gz\n"
	"\n"
	"  All that Mailman 2 had of it, with the numbers in its URLs:\n"
	"    felid import --pipermail gazette.example.org \\\n"
	"        /var/lib/mailman/archives/private/gazette.mbox/gazette.mbox\n"
	"\n"
	"  What another machine has:\n"
	"    ssh old cat mail/gazette.mbox | felid import gazette.example.org "
	"-\n",
    .options = options,
    .run = run,
};
