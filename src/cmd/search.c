/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "mail/parse.h"
#include "search/find.h"
#include "search/query.h"

#include "archive/read.h"

/* What is shown without --number, and at the most. */
#define SHOWN 20
#define SHOWN_MAX 1000

static gboolean opt_newest;
static char *opt_list;
static int opt_number = SHOWN;

static const GOptionEntry options[] = {
    {"list", 'l', 0, G_OPTION_ARG_STRING, &opt_list, "Search this list alone",
	"LIST"},
    {"newest", 0, 0, G_OPTION_ARG_NONE, &opt_newest,
	"Show the newest first, not what fits best", NULL},
    {"number", 'n', 0, G_OPTION_ARG_INT, &opt_number, "Show so many (20)", "N"},
    {0},
};

static bool
print_hit(const Conf *conf, Store *s, const SearchHit *hit, GError **err)
{
	g_autoptr(Head) h = store_head(s, hit->post, err);
	g_autoptr(StoreList) list =
	    h != NULL ? read_list_get(s, h->list, err) : NULL;

	if (list == NULL)
		return false;
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(h->date);
	g_autofree char *day =
	    date != NULL ? g_date_time_format(date, "%Y-%m-%d") : NULL;

	g_print("%s  %s  %s\n            %s/%s/%s/\n",
	    day != NULL ? day : "          ",
	    h->from_name[0] != '\0' ? h->from_name : h->from_addr, h->subject,
	    conf->url, list->list_id, h->key);
	return true;
}

/* Say what is known besides the messages. */
static void
print_notes(const SearchReply *r)
{
	for (guint i = 0; i < r->notes->len; i++) {
		const SearchNote *n = r->notes->pdata[i];
		const QueryNote note = {.kind = (QueryNoteKind)n->kind,
		    .at = n->at,
		    .what = n->what,
		    .more = n->more};
		g_autofree char *text = query_note_text(&note);

		g_printerr("%s\n", text);
	}
	if (r->notes->len > 0)
		g_printerr("searched for: %s\n", r->searched);
}

static int
print_reply(const Conf *conf, const SearchReply *r)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;

	print_notes(r);
	switch (r->status) {
	case SEARCH_OK:
		break;
	case SEARCH_NO_INDEX:
		return cmd_fail(&cmd_search, 1,
		    "there is no index; \"felid index\" makes one");
	case SEARCH_LATE:
		return cmd_fail(&cmd_search, 1, "this takes too long to find");
	case SEARCH_FAILED:
		return cmd_fail(&cmd_search, 1, "it cannot be searched");
	}
	s = store_open(conf->store, STORE_READ, &err);
	if (s == NULL)
		return cmd_fail(&cmd_search, 1, "%s", err->message);
	for (guint i = 0; i < r->hits->len; i++)
		if (!print_hit(conf, s, r->hits->pdata[i], &err))
			return cmd_fail(&cmd_search, 1, "%s", err->message);
	g_print("%s%" G_GUINT64_FORMAT " messages found\n",
	    r->about ? "about " : "", r->n);
	return r->n > 0 ? 0 : 1;
}

static int
run(Conf *conf, int argc, char **argv)
{
	g_autoptr(Finder) f = NULL;
	g_autoptr(SearchReply) r = NULL;
	g_autofree char *query = NULL;

	if (argc < 2)
		return cmd_fail(&cmd_search, 2, "search for what?");
	if (opt_number < 1 || opt_number > SHOWN_MAX)
		return cmd_fail(&cmd_search, 2, "--number is 1 to %d, not %d",
		    SHOWN_MAX, opt_number);
	query = g_strjoinv(" ", argv + 1);
	if (!g_utf8_validate(query, -1, NULL))
		return cmd_fail(&cmd_search, 2, "the query is not UTF-8");
	const SearchAsk ask = {.query = query,
	    .list = opt_list,
	    .order = opt_newest ? SEARCH_NEWEST : SEARCH_BEST,
	    .bare = true,
	    .n = (uint32_t)opt_number,
	    .now = clock_now()};

	parse_init();
	f = finder_new(conf->store);
	r = find(f, &ask);
	return print_reply(conf, r);
}

const Cmd cmd_search = {
    .name = "search",
    .args = "QUERY...",
    .summary = "Find messages of public lists",
    .help =
	"Looks for messages that have all words of QUERY, and shows those "
	"first\n"
	"that fit best.  felid-search(7) has the language.  The exit status "
	"is 1\n"
	"where nothing is found.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  felid search patch review\n"
	"  felid search -l gazette.example.org 'f:jane s:\"press day\"'\n"
	"  felid search --newest 'd:last.month.. has:patch -is:reply'\n",
    .options = options,
    .run = run,
};
