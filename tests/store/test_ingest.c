/* Which key a message gets, and when two are the same: through the parser
 * and the digests, as mail comes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/ingest.h"

#include "base/err.h"
#include "fixture.h"
#include "mail/parse.h"

#include <string.h>

#define DATE "Date: Thu, 1 Jan 2004 00:00:00 +0000\n"
#define ARRIVED INT64_C(1072915260)

#define HEAD(id)                                                               \
	"From: ann@example.org\nTo: dev@example.org\nSubject: hello\n" id

/* Put text into the fixture's list; key may be NULL. */
static IngestResult
ingest_as(Fixture *f, const char *text, const unsigned char *asked, char *key)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	g_autoptr(IngestMsg) m = ingest_msg_new(raw, ARRIVED);
	g_autoptr(StoreList) list = store_list_get(f->store, f->list, &err);
	char own[KEY_LEN + 1];
	IngestResult result = INGEST_FAILED;

	g_assert_true(store_begin(f->store, &err));
	result =
	    ingest_put(f->store, list, m, asked, key == NULL ? own : key, &err);
	g_assert_no_error(err);
	g_assert_true(store_commit(f->store, &err));
	return result;
}

static void
links_of(const char *text, Permalinks *links)
{
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	g_autoptr(IngestMsg) m = ingest_msg_new(raw, ARRIVED);

	*links = m->links;
}

/* Put text and check how it went and which of its keys it got. */
static void
check_put(Fixture *f, const char *text, IngestResult want, KeyKind kind)
{
	char key[KEY_LEN + 1] = "", want_key[KEY_LEN + 1];
	Permalinks links;

	links_of(text, &links);
	permalink_key(links.digest[kind], want_key);
	g_assert_cmpint(ingest_as(f, text, NULL, key), ==, want);
	g_assert_cmpstr(key, ==, want_key);
}

static void
candidates_in_order(void)
{
	Fixture f;

	fixture_init(&f);
	check_put(&f, HEAD("Message-ID: <a@x>\n") DATE "\none\n", INGEST_STORED,
	    KEY_ID);
	/* The same id, another day: its originator key is free. */
	check_put(&f,
	    HEAD("Message-ID: <a@x>\n") "Date: Fri, 2 Jan 2004 00:00:00 "
					"+0000\n\ntwo\n",
	    INGEST_STORED, KEY_ORIGINATOR);
	/* Id and originator as before, other words. */
	check_put(&f,
	    HEAD("Message-ID: <a@x>\n") "Date: Fri, 2 Jan 2004 00:00:00 "
					"+0000\n\nthree\n",
	    INGEST_STORED, KEY_CONTENT);
	check_put(&f, HEAD("") DATE "\nfour\n", INGEST_STORED, KEY_ORIGINATOR);
	fixture_clear(&f);
}

static void
the_same_message_twice(void)
{
	static const char text[] = HEAD("Message-ID: <a@x>\n") DATE "\none\n";
	static const char relayed[] =
	    "Received: by relay; Thu, 1 Jan 2004 00:00:09 +0000\r\n"
	    "From: ann@example.org\r\nTo: dev@example.org\r\n"
	    "Subject: [dev] hello\r\nMessage-ID: <a@x>\r\n"
	    "Date: Thu, 1 Jan 2004 00:00:00 +0000\r\n\r\none\r\n";
	g_autoptr(GError) err = NULL;
	uint64_t n = 0, bytes = 0;
	Fixture f;

	fixture_init(&f);
	check_put(&f, text, INGEST_STORED, KEY_ID);
	check_put(&f, text, INGEST_COPY, KEY_ID);
	check_put(&f, relayed, INGEST_COPY, KEY_ID);
	g_assert_true(store_count(f.store, f.list, &n, &bytes, &err));
	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpuint(bytes, ==, strlen(text));
	fixture_clear(&f);
}

static void
one_message_with_two_ids(void)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GArray) hits = NULL;
	char first[KEY_LEN + 1], second[KEY_LEN + 1];
	Permalinks links;
	Fixture f;

	fixture_init(&f);
	g_assert_cmpint(
	    ingest_as(&f, HEAD("Message-ID: <relay-1@x>\n") DATE "\none\n",
		NULL, first),
	    ==, INGEST_STORED);
	g_assert_cmpint(
	    ingest_as(&f, HEAD("Message-ID: <relay-2@x>\n") DATE "\none\n",
		NULL, second),
	    ==, INGEST_COPY);
	g_assert_cmpstr(first, ==, second);
	permalink_of_id("relay-2@x", &links);
	hits = store_find(f.store, f.list, links.digest[KEY_ID], 160, &err);
	g_assert_cmpuint(hits->len, ==, 1);
	g_assert_cmpstr(g_array_index(hits, StoreHit, 0).key, ==, first);
	fixture_clear(&f);
}

/* Without a date, equal words are no proof. */
static void
undated_messages(void)
{
	Fixture f;

	fixture_init(&f);
	check_put(
	    &f, HEAD("Message-ID: <a@x>\n") "\none\n", INGEST_STORED, KEY_ID);
	check_put(
	    &f, HEAD("Message-ID: <a@x>\n") "\none\n", INGEST_COPY, KEY_ID);
	check_put(
	    &f, HEAD("Message-ID: <b@x>\n") "\none\n", INGEST_STORED, KEY_ID);
	check_put(&f, HEAD("") "\none\n", INGEST_STORED, KEY_ORIGINATOR);
	check_put(&f, HEAD("") "\none\n", INGEST_COPY, KEY_ORIGINATOR);
	check_put(
	    &f, HEAD("") "Date: soon\n\none\n", INGEST_COPY, KEY_ORIGINATOR);
	/* The id is another message's, the originator the bare one's. */
	check_put(&f, "Message-ID: <b@x>\nSubject: other\n\ntwo\n",
	    INGEST_STORED, KEY_ORIGINATOR);
	fixture_clear(&f);
}

/* All three keys held by others: a copy of the one with its content. */
static void
nothing_is_free(void)
{
	static const char text[] = HEAD("Message-ID: <c@x>\n") "\none\n";
	char key[KEY_LEN + 1], want[KEY_LEN + 1];
	Permalinks links;
	Fixture f;

	fixture_init(&f);
	check_put(&f, HEAD("Message-ID: <c@x>\n") DATE "\nzero\n",
	    INGEST_STORED, KEY_ID);
	check_put(&f, HEAD("") "\nanother\n", INGEST_STORED, KEY_ORIGINATOR);
	check_put(&f, HEAD("") "\none\n", INGEST_STORED, KEY_CONTENT);
	links_of(text, &links);
	permalink_key(links.digest[KEY_CONTENT], want);
	g_assert_cmpint(ingest_as(&f, text, NULL, key), ==, INGEST_COPY);
	g_assert_cmpstr(key, ==, want);
	fixture_clear(&f);
}

static void
keys_that_are_asked_for(void)
{
	static const char one[] = HEAD("Message-ID: <a@x>\n") DATE "\none\n";
	static const char two[] =
	    "Message-ID: <a@x>\nSubject: two\n" DATE "\ntwo\n";
	Permalinks links, other;
	char key[KEY_LEN + 1], want[KEY_LEN + 1];
	Fixture f;

	fixture_init(&f);
	links_of(one, &links);
	links_of(two, &other);
	g_assert_cmpint(ingest_as(&f, one, other.digest[KEY_CONTENT], NULL), ==,
	    INGEST_NOT_ITS_KEY);
	/* Mailman's hash is looked up, never given. */
	g_assert_cmpint(ingest_as(&f, one, links.digest[KEY_LEGACY], NULL), ==,
	    INGEST_NOT_ITS_KEY);
	g_assert_cmpint(ingest_as(&f, one, links.digest[KEY_ORIGINATOR], key),
	    ==, INGEST_STORED);
	permalink_key(links.digest[KEY_ORIGINATOR], want);
	g_assert_cmpstr(key, ==, want);
	/* Sent again under another of its keys. */
	g_assert_cmpint(
	    ingest_as(&f, one, links.digest[KEY_ID], key), ==, INGEST_COPY);
	g_assert_cmpstr(key, ==, want);
	g_assert_cmpint(
	    ingest_as(&f, two, other.digest[KEY_ID], NULL), ==, INGEST_STORED);
	g_assert_cmpint(
	    ingest_as(&f,
		"Message-ID: <a@x>\nSubject: three\n" DATE "\nthree\n",
		other.digest[KEY_ID], NULL),
	    ==, INGEST_OCCUPIED);
	fixture_clear(&f);
}

static void
what_is_not_wanted(void)
{
	static const char *const texts[] = {
	    "X-No-Archive: yes\nMessage-ID: <1@x>\n\n1\n",
	    "x-no-archive:\nMessage-ID: <2@x>\n\n2\n",
	    "X-Archive: NO\nMessage-ID: <3@x>\n\n3\n",
	};
	g_autoptr(GError) err = NULL;
	uint64_t n = 0, bytes = 0;
	unsigned char key[KEY_BYTES] = {0};
	Fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_assert_cmpint(
		    ingest_as(&f, texts[i], NULL, NULL), ==, INGEST_UNWANTED);
		g_assert_cmpint(
		    ingest_as(&f, texts[i], key, NULL), ==, INGEST_UNWANTED);
	}
	g_assert_cmpint(
	    ingest_as(
		&f, "X-Archive: yes\nMessage-ID: <4@x>\n\n4\n", NULL, NULL),
	    ==, INGEST_STORED);
	g_assert_true(
	    store_list_set(f.store, f.list, POLICY_NEVER, NULL, &err));
	g_assert_cmpint(ingest_as(&f, "Subject: five\n\n5\n", NULL, NULL), ==,
	    INGEST_UNWANTED);
	g_assert_true(store_count(f.store, f.list, &n, &bytes, &err));
	g_assert_cmpuint(n, ==, 1);
	fixture_clear(&f);
}

static void
where_it_is_filed(void)
{
	static const struct {
		bool has;
		int64_t date, want;
	} table[] = {
	    {true, 1000000000, 1000000000},
	    {true, 1000000000 + 172800, 1000000000 + 172800},
	    {true, 1000000000 + 172801, 1000000000},
	    {true, 0, 0},
	    {true, -1, 1000000000},
	    {false, 0, 1000000000},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		Msg m = {.has_date = table[i].has, .date = table[i].date};

		g_assert_cmpint(ingest_date(&m, 1000000000), ==, table[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/ingest/candidates-in-order", candidates_in_order);
	g_test_add_func(
	    "/ingest/the-same-message-twice", the_same_message_twice);
	g_test_add_func(
	    "/ingest/one-message-with-two-ids", one_message_with_two_ids);
	g_test_add_func("/ingest/undated-messages", undated_messages);
	g_test_add_func("/ingest/nothing-is-free", nothing_is_free);
	g_test_add_func(
	    "/ingest/keys-that-are-asked-for", keys_that_are_asked_for);
	g_test_add_func("/ingest/what-is-not-wanted", what_is_not_wanted);
	g_test_add_func("/ingest/where-it-is-filed", where_it_is_filed);
	return g_test_run();
}
