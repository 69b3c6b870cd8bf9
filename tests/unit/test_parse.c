/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/parse.h"

#include "base/limits.h"

#include <string.h>

static Msg *
parse(const char *text, size_t len)
{
	g_autoptr(GBytes) raw = g_bytes_new(text, len);

	return parse_msg(raw);
}

/* strings, NULL-ended, joined by a space. */
static char *
joined(const char *const *strings)
{
	GString *s = g_string_new(NULL);

	for (; *strings != NULL; strings++)
		g_string_append_printf(
		    s, "%s%s", s->len > 0 ? " " : "", *strings);
	return g_string_free(s, FALSE);
}

/* Each header with what is to be read of it; NULL: not looked at. */
static const struct {
	const char *header, *id, *subject, *name, *addr, *refs, *lists;
} table[] = {
    {"Message-ID: <a@x>\n", "a@x", "", "", "", "", ""},
    {"Message-ID: a@x \nMessage-ID: <b@x>\n", "a@x", "", "", "", "", ""},
    {"message-id:\n <a@x>\n", "a@x", "", "", "", "", ""},
    {"Message-ID: <>\n", NULL, "", "", "", "", ""},
    {"Subject:  a\n  =?utf-8?q?b?= \n", NULL, "a b", "", "", "", ""},
    {"Subject: f\xFC\x07r\n", NULL, "f\xC3\xBCr", "", "", "", ""},
    {"From: \"Jo D.\" <jo@x>, b@x\n", NULL, "", "Jo D.", "jo@x", "", ""},
    {"From: jo at x (Jo)\n", NULL, "", "Jo", "jo@x", "", ""},
    {"From: nobody\n", NULL, "", "nobody", "", "", ""},
    {"From: l@x\nX-Original-From: jo@x\n", NULL, "", "", "jo@x", "", ""},
    {"X-Original-From: b@x\nAuthor: jo@x\nFrom: l@x\n", NULL, "", "", "jo@x",
	"", ""},
    {"References: <a@x> <b@x>\nIn-Reply-To: <b@x>\n", NULL, "", "", "",
	"a@x b@x", ""},
    {"References: <a@x>\n <b@x>\nIn-Reply-To: <c@x> <d@x>\n", NULL, "", "", "",
	"a@x b@x c@x", ""},
    {"In-Reply-To: Jo's of today <a@x>\n", NULL, "", "", "", "a@x", ""},
    {"In-Reply-To: Jo's of today\n", NULL, "", "", "", "", ""},
    {"List-Id: A list <A.List.example>\n", NULL, "", "", "", "",
	"a.list.example"},
    {"List-Id: <a.b>\nList-ID: x <y> <c. d>\nList-Id:\n", NULL, "", "", "", "",
	"a.b c.d"},
    {"List-Id: a.b\n", NULL, "", "", "", "", "a.b"},
};

static void
reads_fields(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(Msg) m =
		    parse(table[i].header, strlen(table[i].header));
		g_autofree char *refs = joined(m->refs);
		g_autofree char *lists = joined(m->list_ids);

		g_test_message("row %zu", i);
		g_assert_cmpstr(m->id, ==, table[i].id);
		g_assert_cmpstr(m->subject, ==, table[i].subject);
		g_assert_cmpstr(m->from_name, ==, table[i].name);
		g_assert_cmpstr(m->from_addr, ==, table[i].addr);
		g_assert_cmpstr(refs, ==, table[i].refs);
		g_assert_cmpstr(lists, ==, table[i].lists);
	}
}

#define DAY_1 "Mon, 1 Jan 2024 00:00:00 +0000" /* 1704067200 */
#define DAY_2 "Tue, 2 Jan 2024 00:00:00 +0000"

static const struct {
	const char *header;
	bool has_date;
	int64_t date, received;
} dates[] = {
    {"", false, 0, 0},
    {"Date: " DAY_1 "\n", true, 1704067200, 0},
    {"Date: yesterday\n", false, 0, 0},
    {"X-Original-Date: " DAY_1 "\nDate: " DAY_2 "\n", true, 1704067200, 0},
    {"X-Original-Date: x\nDate: " DAY_2 "\n", false, 0, 0},
    {"Received: from a; b;\n " DAY_1 "\nReceived: c; " DAY_2
     "\nReceived: d; x\nReceived: " DAY_2 "\n",
	false, 0, 1704153600},
};

static void
reads_dates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autoptr(Msg) m =
		    parse(dates[i].header, strlen(dates[i].header));

		g_test_message("row %zu", i);
		g_assert_true(m->has_date == dates[i].has_date);
		g_assert_cmpint(m->date, ==, dates[i].date);
		g_assert_cmpint(m->received, ==, dates[i].received);
	}
}

static const struct {
	const char *header;
	bool no_archive;
} wishes[] = {
    {"", false},
    {"X-No-Archive: no\n", true},
    {"X-No-Archive:\n", true},
    {"X-Archive: NO\n", true},
    {"X-Archive: yes\n", false},
    {"\nX-No-Archive: yes\n", false},
};

static void
heeds_no_archive(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++) {
		g_autoptr(Msg) m =
		    parse(wishes[i].header, strlen(wishes[i].header));

		g_test_message("row %zu", i);
		g_assert_true(m->no_archive == wishes[i].no_archive);
	}
}

static void
repeat(GString *s, const char *what, size_t n)
{
	while (n-- > 0)
		g_string_append(s, what);
}

/* A header beyond all limits is still read. */
static void
huge_header_is_read(void)
{
	g_autoptr(GString) s = g_string_new("Message-ID: <a@x>\n");
	g_autoptr(Msg) m = NULL;

	repeat(s, "X: y\n", LIMIT_HEADER_FIELDS);
	g_string_append(s, "References: ");
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(s, "<%d@x>\n ", i);
	g_string_append(s, "\nSubject: ");
	repeat(s, "subject ", 10000);
	g_string_append(s,
	    "\nFrom: jo@x\nDate: " DAY_1 "\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n");
	m = parse(s->str, s->len);
	g_assert_true(m->plain);
	g_assert_cmpuint(m->n_parts, ==, 1);
	g_assert_cmpstr(m->id, ==, "a@x");
	g_assert_cmpstr(m->from_addr, ==, "jo@x");
	g_assert_cmpint(m->date, ==, 1704067200);
	g_assert_cmpuint(m->n_refs, ==, LIMIT_REFERENCES);
	g_assert_cmpstr(m->refs[0], ==, "0@x");
	g_assert_cmpstr(m->refs[LIMIT_REFERENCES - 1], ==, "999@x");
	g_assert_cmpuint(strlen(m->subject), <=, LIMIT_SHOWN_FIELD_BYTES + 3);
	g_assert_cmpuint(m->parts[0].off, ==, m->body_off);
	g_assert_cmpuint(m->parts[0].off + m->parts[0].len, ==, s->len);
}

/* The last part that is listed is all the rest. */
static void
many_parts_end_in_one(void)
{
	g_autoptr(GString) s =
	    g_string_new("Content-Type: multipart/mixed; boundary=b\n\n");
	g_autoptr(Msg) m = NULL;
	const Part *last = NULL;

	repeat(s, "--b\n\nx\n", LIMIT_PARTS);
	m = parse(s->str, s->len);
	g_assert_false(m->plain);
	g_assert_cmpuint(m->n_parts, ==, LIMIT_PARTS);
	last = &m->parts[LIMIT_PARTS - 1];
	g_assert_cmpint(last->show, ==, SHOW_FILE);
	g_assert_true(last->leaf);
	g_assert_cmpuint(last->off + last->len, ==, s->len);
	g_assert_cmpuint(last->off, ==, last[-1].off + last[-1].len);
}

/* Stack that GMime takes for what prescan lets pass: this would overflow
 * the 8 MB of a process if groups were let by. */
static void
hostile_headers_do_no_harm(void)
{
	static const char *const pieces[] = {"g:", "(", "<", "a@[", "\"\\", ",",
	    "a.", "<@a,", "=?utf-8?q?=41?= ", ";", ":;", "<a@x>,"};

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) s = g_string_new("To: ");
		g_autoptr(Msg) m = NULL;

		repeat(
		    s, pieces[i], i == 0 ? 1000000 : 60000 / strlen(pieces[i]));
		g_string_append(s, "\nSubject: here\n\nbody\n");
		m = parse(s->str, s->len);
		g_assert_cmpstr(m->subject, ==, "here");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/parse/reads-fields", reads_fields);
	g_test_add_func("/parse/reads-dates", reads_dates);
	g_test_add_func("/parse/heeds-no-archive", heeds_no_archive);
	g_test_add_func("/parse/huge-header-is-read", huge_header_is_read);
	g_test_add_func("/parse/many-parts-end-in-one", many_parts_end_in_one);
	g_test_add_func(
	    "/parse/hostile-headers-do-no-harm", hostile_headers_do_no_harm);
	return g_test_run();
}
