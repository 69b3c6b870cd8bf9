/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "cmd/cmd.h"
#include "store/store.h"

#include <string.h>

static char **opt_addresses;
static char *opt_policy, *opt_description;

static const GOptionEntry options[] = {
    {"address", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_addresses,
	"A posting address, or an older List-Id; as often as need be",
	"ADDRESS"},
    {"policy", 0, 0, G_OPTION_ARG_STRING, &opt_policy,
	"public, private (the default) or never", "POLICY"},
    {"description", 0, 0, G_OPTION_ARG_STRING, &opt_description,
	"What the list is about, in a line", "TEXT"},
    {0},
};

static const char *const policies[] = {
    [POLICY_PUBLIC] = "public",
    [POLICY_PRIVATE] = "private",
    [POLICY_NEVER] = "never",
};

static bool
read_policy(const char *name, Policy *policy, GError **err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(policies); i++) {
		if (strcmp(name, policies[i]) != 0)
			continue;
		*policy = (Policy)i;
		return true;
	}
	return err_set(err, ERR_SYNTAX,
	    "a policy is public, private or never, not \"%s\"", name);
}

/* Give the list its other names and its description. */
static bool
describe(Store *s, const StoreList *list, GError **err)
{
	for (char **name = opt_addresses; name != NULL && *name; name++)
		if (!store_list_name(s, list->id, *name, err))
			return err_prefix(err, "%s: ", *name);
	return opt_description == NULL ||
	       store_list_set(s, list->id, list->policy, opt_description, err);
}

/* All of it or nothing. */
static bool
add(Store *s, const char *name, Policy policy, GError **err)
{
	g_autoptr(StoreList) list = NULL;

	if (!store_begin(s, err))
		return false;
	if (store_list_add(s, name, policy, err))
		list = store_list_find(s, name, err);
	if (list != NULL && describe(s, list, err))
		return store_commit(s, err);
	store_rollback(s);
	return false;
}

static bool
set(Store *s, const char *name, const Policy *policy, GError **err)
{
	g_autoptr(StoreList) list = store_list_find(s, name, err);

	if (list == NULL || !store_begin(s, err))
		return false;
	if (policy != NULL)
		list->policy = *policy;
	if (describe(s, list, err) &&
	    store_list_set(s, list->id, list->policy, NULL, err))
		return store_commit(s, err);
	store_rollback(s);
	return false;
}

static void
print_list(const StoreList *list)
{
	g_autofree char *names = g_strjoinv(" ", list->names);
	g_autofree char *addresses = g_strjoinv(" ", list->addresses);

	g_print("%s\t%s\t%" G_GUINT64_FORMAT "\t%s%s%s\n", list->list_id,
	    policies[list->policy], list->n_messages, addresses,
	    *names && *addresses ? " " : "", names);
}

static int
show(const Conf *conf)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = store_open(conf->store, STORE_READ, &err);
	g_autoptr(GPtrArray) lists = s != NULL ? store_lists(s, &err) : NULL;

	if (lists == NULL)
		return cmd_fail(&cmd_list, 1, "%s", err->message);
	for (guint i = 0; i < lists->len; i++)
		print_list(lists->pdata[i]);
	return 0;
}

static int
change(const Conf *conf, const char *verb, const char *name)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;
	Policy policy = POLICY_PRIVATE;
	bool adds = strcmp(verb, "add") == 0, ok = false;

	if (!adds && strcmp(verb, "set") != 0)
		return cmd_fail(
		    &cmd_list, 2, "\"add\" or \"set\", not \"%s\"", verb);
	if (opt_policy != NULL && !read_policy(opt_policy, &policy, &err))
		return cmd_fail(&cmd_list, 2, "%s", err->message);
	s = store_open(conf->store, STORE_WRITE, &err);
	if (s != NULL)
		ok = adds ? add(s, name, policy, &err)
			  : set(s, name, opt_policy != NULL ? &policy : NULL,
				&err);
	return ok ? 0 : cmd_fail(&cmd_list, 1, "%s", err->message);
}

static int
run(Conf *conf, int argc, char **argv)
{
	if (argc == 1 && opt_addresses == NULL && opt_policy == NULL &&
	    opt_description == NULL)
		return show(conf);
	if (argc != 3)
		return cmd_fail(&cmd_list, 2,
		    "\"felid list\", or \"felid list add LIST-ID\"; "
		    "\"felid list --help\" tells more.");
	return change(conf, argv[1], argv[2]);
}

const Cmd cmd_list = {
    .name = "list",
    .args = "[add|set LIST-ID]",
    .summary = "Add, change and show lists",
    .help =
	"A list is known by its List-Id (RFC 2919), which is its name in "
	"URLs.\n"
	"Any number of older List-Ids and posting addresses lead to it too.\n"
	"\n"
	"\"add\" makes a list, and the store if there is none; \"set\" "
	"changes\n"
	"one.  Without a word every list is shown in a line: List-Id, policy,\n"
	"number of messages, other names, with tabs between.\n"
	"\n"
	"The policy says who may read: of a public list everyone; of a "
	"private\n"
	"one nobody on the web; mail to one that is \"never\" is accepted and\n"
	"not stored.\n"
	"\n"
	"Examples:\n"
	"\n"
	"  A list that everyone may read:\n"
	"    felid list add gazette.example.org \\\n"
	"        --address gazette@example.org --policy public\n"
	"\n"
	"  The List-Id that it had before it moved:\n"
	"    felid list set gazette.example.org --address "
	"gazette.example.net\n",
    .options = options,
    .run = run,
};
