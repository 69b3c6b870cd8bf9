/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/transfer.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "store/store.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <unistd.h>

static char *opt_output;

static const GOptionEntry options[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &opt_output,
	"Write to FILE, which is there only once it is whole", "FILE"},
    {0},
};

static bool
progress(void *arg, const TransferState *st)
{
	if (arg != NULL)
		cmd_bar_set(arg, st->bytes_done, st->bytes_all, st->n_read);
	return !cmd_stopped();
}

/* Write list to fd, with a bar unless the mailbox itself goes to the
 * terminal. */
static bool
export_to(Store *s, const StoreList *list, int fd, GError **err)
{
	g_autoptr(CmdBar) bar =
	    isatty(fd) == 1 ? NULL : cmd_bar_new(list->list_id, "messages");
	TransferHooks hooks = {.progress = progress, .arg = bar};
	TransferState st = {0};

	if (!transfer_export(s, list, fd, &hooks, &st, err))
		return false;
	if (cmd_stopped())
		return err_set(err, ERR_IO,
		    "stopped behind %" G_GUINT64_FORMAT " messages", st.n_read);
	return true;
}

/* The same to a new file at path, which takes its name at the end. */
static bool
export_to_file(Store *s, const StoreList *list, const char *path, GError **err)
{
	g_autofree char *part = g_strconcat(path, ".part", NULL);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok;

	if (fd < 0)
		return err_set_errno(err, ERR_IO, "%s", part);
	ok = export_to(s, list, fd, err);
	if (ok && fsync(fd) != 0)
		ok = err_set_errno(err, ERR_IO, "%s", part);
	if (close(fd) != 0 && ok)
		ok = err_set_errno(err, ERR_IO, "%s", part);
	if (ok && g_rename(part, path) != 0)
		ok = err_set_errno(err, ERR_IO, "%s", path);
	if (!ok)
		(void)g_unlink(part);
	return ok;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = NULL;
	g_autoptr(Store) s = NULL;
	g_autofree char *path = g_steal_pointer(&opt_output);
	bool ok = false;

	if (argc != 2)
		return cmd_fail(&cmd_export, 2,
		    argc < 2 ? "which list?" : "one list at a time");
	s = store_open(conf->store, STORE_READ, &err);
	if (s != NULL)
		list = store_list_find(s, argv[1], &err);
	if (list == NULL)
		return cmd_fail(&cmd_export, 1, "%s", err->message);
	cmd_catch_stop();
	ok = path != NULL ? export_to_file(s, list, path, &err)
			  : export_to(s, list, STDOUT_FILENO, &err);
	return ok ? 0 : cmd_fail(&cmd_export, 1, "%s", err->message);
}

const Cmd cmd_export = {
    .name = "export",
    .args = "LIST",
    .summary = "Write a list's messages as a mailbox",
    .help =
	"Writes every message of LIST (a List-Id or posting address), in\n"
	"order of arrival, to standard output: an mboxrd, in which the\n"
	"From line says when each was sent.  Imported elsewhere it makes\n"
	"the same archive: the same bytes, the same permalinks.\n"
	"\n"
	"A message that does not end in a line end has \"no-final-newline\"\n"
	"for the sender in its From line, and a line end added.  Behind the\n"
	"date there stand Message-IDs of copies (copy=ID) and numbers that\n"
	"Pipermail had (pipermail=N).\n"
	"\n"
	"Examples:\n"
	"\n"
	"  Keep a copy, packed:\n"
	"    felid export gazette.example.org | zstd > gazette.mbox.zst\n"
	"\n"
	"  Read a list in a mail program:\n"
	"    felid export gazette.example.org --output g.mbox && mutt -f "
	"g.mbox\n",
    .options = options,
    .run = run,
};
