/* SPDX-License-Identifier: Apache-2.0 */
#include "search/index.h"

#include "cmd/cmd.h"
#include "mail/parse.h"
#include "search/follow.h"

static gboolean opt_anew;

static const GOptionEntry options[] = {
    {"anew", 0, 0, G_OPTION_ARG_NONE, &opt_anew,
	"Throw the index away first, and make all of it anew", NULL},
    {0},
};

/* Index what is not yet, with a bar. */
static bool
catch_up(Store *s, Follow *f, GError **err)
{
	g_autoptr(CmdBar) bar = cmd_bar_new("index", "messages");
	int64_t last = 0;
	bool more = true;

	if (!store_last_post(s, &last, err))
		return false;
	while (more && !cmd_stopped()) {
		if (!follow_some(f, &more, err))
			return false;
		cmd_bar_set(bar, (guint64)follow_post(f), (guint64)last,
		    follow_sum(f)->n);
	}
	return true;
}

/* FTS5's own work, so that the next searches are fast at once.  Where most of
 * it is new it takes a tenth of what was done. */
static bool
merge(Index *x, const Follow *f, GError **err)
{
	bool more = true;
	uint64_t n = 0, bytes = 0;

	if (!index_count(x, &n, &bytes, err))
		return false;
	while (more && !cmd_stopped())
		if (!index_merge(x, follow_sum(f)->n > n / 2, &more, err))
			return false;
	return true;
}

static int
tell(Index *x, const Follow *f)
{
	const FollowSum *sum = follow_sum(f);
	uint64_t n = 0, bytes = 0;
	g_autoptr(GError) err = NULL;

	if (!index_count(x, &n, &bytes, &err))
		return cmd_fail(&cmd_index, 1, "%s", err->message);
	g_autofree char *size = g_format_size(bytes);
	g_autofree char *text = g_format_size(sum->text_bytes);

	g_print("%" G_GUINT64_FORMAT
		" messages indexed (%s of text); the index "
		"has %" G_GUINT64_FORMAT ", in %s\n",
	    sum->n, text, n, size);
	return cmd_stopped() ? cmd_fail(&cmd_index, 1,
				   "stopped; the next \"felid index\" goes on")
			     : 0;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;
	g_autoptr(Index) x = NULL;
	g_autoptr(Follow) f = NULL;

	if (argc > 1)
		return cmd_fail(&cmd_index, 2,
		    "takes no arguments, but there is \"%s\"", argv[1]);
	parse_init();
	s = store_open(conf->store, STORE_READ, &err);
	x = s != NULL ? index_open(conf->store, INDEX_WRITE, &err) : NULL;
	if (x == NULL || (opt_anew && !index_empty(x, &err)))
		return cmd_fail(&cmd_index, 1, "%s", err->message);
	f = follow_new(s, x, &err);
	if (f == NULL)
		return cmd_fail(&cmd_index, 1, "%s", err->message);
	cmd_catch_stop();
	if (!catch_up(s, f, &err) || !merge(x, f, &err))
		return cmd_fail(&cmd_index, 1, "%s", err->message);
	return tell(x, f);
}

const Cmd cmd_index = {
    .name = "index",
    .args = "",
    .summary = "Make the index that searches are answered from",
    .help =
	"Reads what the index does not have yet, and adds it.  \"felid "
	"serve\"\n"
	"does so by itself, within a second of a message; this is for a large\n"
	"import, or to have the index made before it is served.\n"
	"\n"
	"The index, the folder search/ of the store, is a copy that may be\n"
	"deleted at any time: it is made again from the messages.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  Bring it up to date:\n"
	"    felid index\n"
	"\n"
	"  Make it anew:\n"
	"    felid index --anew\n",
    .options = options,
    .run = run,
};
