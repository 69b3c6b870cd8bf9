/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/lists.h"

#include "base/err.h"
#include "fixture.h"
#include "http/route.h"

#include <string.h>

/* The id key of "1@example.org", and one more digit. */
#define K32 "3jkaaaaaaaaaaaaaaaaaaaaaaaaaaaa7"

static const char host[] = "archive.example.net";

static void
set_up(Fixture *f)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = NULL;

	fixture_init(f);
	store_list_name(f->store, f->list, "dev@example.org", &err);
	store_list_name(f->store, f->list, "old-dev.example.org", &err);
	store_list_add(f->store, "users.example.org", POLICY_PUBLIC, &err);
	list = store_list_find(f->store, "users.example.org", &err);
	store_list_name(f->store, list->id, K32 "@example.org", &err);
	g_assert_no_error(err);
}

static void
recipients(void)
{
	static const struct {
		const char *rcpt, *sender, *list;
		bool key;
		int fail; /* ErrCode, or -1 */
	} table[] = {
	    {"dev@example.org", NULL, "dev.example.org", false, -1},
	    {"DEV@Example.ORG", NULL, "dev.example.org", false, -1},
	    /* An address says its List-Id. */
	    {"users@example.org", NULL, "users.example.org", false, -1},
	    {"archive@dev.example.org", NULL, "dev.example.org", false, -1},
	    {"archive@old-dev.example.org", NULL, "dev.example.org", false, -1},
	    {K32 "@dev.example.org", NULL, "dev.example.org", true, -1},
	    {K32 "@OLD-dev.example.org", NULL, "dev.example.org", true, -1},
	    {"3JKAAAAAAAAAAAAAAAAAAAAAAAAAAAA7@dev.example.org", NULL,
		"dev.example.org", true, -1},
	    /* It looks like a key, but is known as an address. */
	    {K32 "@example.org", NULL, "users.example.org", false, -1},
	    {K32 "@archive.example.net", "dev@example.org", "dev.example.org",
		true, -1},
	    {K32 "@archive.example.net", "Dev-Bounces@example.org",
		"dev.example.org", true, -1},
	    {K32 "@archive.example.net", "dev-owner@example.org",
		"dev.example.org", true, -1},
	    {K32 "@archive.example.net",
		"users-bounces+ann=example.com@example.org",
		"users.example.org", true, -1},
	    {K32 "@archive.example.net", "ann@example.com", NULL, true, -1},
	    {K32 "@archive.example.net", "", NULL, true, -1},
	    {K32 "@archive.example.net", NULL, NULL, true, -1},
	    {"archive@Archive.Example.NET", "dev@example.org", NULL, false, -1},
	    {"a" K32 "@dev.example.org", NULL, NULL, false, ERR_NOTFOUND},
	    {"3jkaaaaaaaaaaaaaaaaaaaaaaaaaaaa1@dev.example.org", NULL, NULL,
		false, ERR_NOTFOUND},
	    {"none@example.org", NULL, NULL, false, ERR_NOTFOUND},
	    {"dev@archive.example.net", NULL, NULL, false, ERR_NOTFOUND},
	    {K32 "@none.example.org", NULL, NULL, false, ERR_NOTFOUND},
	    {"archive@none.example.org", NULL, NULL, false, ERR_NOTFOUND},
	    {"postmaster", NULL, NULL, false, ERR_NOTFOUND},
	    {"Postmaster", NULL, NULL, false, ERR_NOTFOUND},
	    {"dev", NULL, NULL, false, ERR_SYNTAX},
	    {"@example.org", NULL, NULL, false, ERR_SYNTAX},
	    {"dev@", NULL, NULL, false, ERR_SYNTAX},
	    {"", NULL, NULL, false, ERR_SYNTAX},
	};
	Fixture f;

	set_up(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) err = NULL;
		ListsAsk ask = {table[i].sender, host, false};
		ListsRcpt r = {0};
		bool ok = lists_rcpt(f.store, table[i].rcpt, &ask, &r, &err);

		g_test_message("%s from %s", table[i].rcpt, table[i].sender);
		g_assert_true(ok == (table[i].fail < 0));
		if (ok) {
			g_assert_cmpstr(r.list == NULL ? NULL : r.list->list_id,
			    ==, table[i].list);
			g_assert_true(r.has_key == table[i].key);
			g_assert_true(!r.has_key || r.key[0] == 0xda);
			lists_rcpt_clear(&r);
		} else {
			g_assert_error(err, ERR, table[i].fail);
		}
	}
	fixture_clear(&f);
}

static void
lists_are_opened(void)
{
	static const struct {
		const char *rcpt, *list, *address;
	} table[] = {
	    {"New-List@example.com", "new-list.example.com",
		"New-List@example.com"},
	    {"archive@other.example.com", "other.example.com", NULL},
	    {K32 "@third.example.com", "third.example.com", NULL},
	};
	Fixture f;

	set_up(&f);
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(table); i++) {
		g_autoptr(GError) err = NULL;
		ListsAsk ask = {NULL, host, i % 2 == 0};
		ListsRcpt r = {0};

		lists_rcpt(f.store, table[i / 2].rcpt, &ask, &r, &err);
		g_assert_no_error(err);
		g_assert_cmpstr(r.list->list_id, ==, table[i / 2].list);
		g_assert_cmpint(r.list->policy, ==, POLICY_PRIVATE);
		if (i % 2 == 1)
			g_assert_cmpstr(
			    r.list->addresses[0], ==, table[i / 2].address);
		lists_rcpt_clear(&r);
	}
	g_autoptr(GError) err = NULL;
	ListsAsk ask = {NULL, host, true};
	ListsRcpt r = {0};
	g_assert_false(lists_rcpt(f.store, "a/b@example.com", &ask, &r, &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
	fixture_clear(&f);
}

static void
by_list_id(void)
{
	static const char *const known[] = {
	    "none.example.org", "Old-Dev.example.org", NULL};
	static const char *const unknown[] = {
	    "no list id", "new.example.org", NULL};
	static const char *const none[] = {NULL};
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) l = NULL;
	Msg m = {.list_ids = known};
	Fixture f;

	set_up(&f);
	l = lists_of_msg(f.store, &m, true, &err);
	g_assert_no_error(err);
	g_assert_cmpint(l->id, ==, f.list);
	g_clear_pointer(&l, store_list_free);
	m.list_ids = unknown;
	l = lists_of_msg(f.store, &m, false, &err);
	g_assert_error(err, ERR, ERR_NOTFOUND);
	g_clear_error(&err);
	l = lists_of_msg(f.store, &m, true, &err);
	g_assert_no_error(err);
	g_assert_cmpstr(l->list_id, ==, "new.example.org");
	g_assert_cmpint(l->policy, ==, POLICY_PRIVATE);
	g_clear_pointer(&l, store_list_free);
	m.list_ids = none;
	l = lists_of_msg(f.store, &m, true, &err);
	g_assert_error(err, ERR, ERR_NOTFOUND);
	fixture_clear(&f);
}

/* What the web site has at its top is no list's name, however it comes. */
static void
paths_of_the_site(void)
{
	static const char *const names[] = {"robots.txt", "Favicon.ico",
	    "llms.txt", "SITEMAP.xml", "all", "r", "~lang", "~"};
	const ListsAsk ask = {.host = host, .open_lists = true};
	Fixture f;

	set_up(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) added = NULL;
		g_autoptr(GError) named = NULL;
		g_autoptr(GError) sent = NULL;
		g_autofree char *lower = g_ascii_strdown(names[i], -1);
		g_autofree char *path = g_strconcat("/", lower, NULL);
		g_autofree char *rcpt = g_strconcat("archive@", names[i], NULL);
		g_auto(Route) r = {0};
		ListsRcpt out = {0};

		route_parse(path, "", &r);
		g_assert_true(
		    r.kind != ROUTE_TOP || strchr(names[i], '.') == NULL);
		g_assert_false(
		    store_list_add(f.store, names[i], POLICY_PUBLIC, &added));
		g_assert_error(added, ERR, ERR_SYNTAX);
		g_assert_false(
		    store_list_name(f.store, f.list, names[i], &named));
		g_assert_error(named, ERR, ERR_SYNTAX);
		g_assert_false(lists_rcpt(f.store, rcpt, &ask, &out, &sent));
		g_assert_error(sent, ERR, ERR_SYNTAX);
	}
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lists/recipients", recipients);
	g_test_add_func("/lists/lists-are-opened", lists_are_opened);
	g_test_add_func("/lists/paths-of-the-site", paths_of_the_site);
	g_test_add_func("/lists/by-list-id", by_list_id);
	return g_test_run();
}
