/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/mbox.h"

#include "base/date.h"
#include "base/limits.h"

#include <string.h>

#define MAX_MESSAGE ((size_t)4096)
#define SEP "From joe@example.org Thu Jan  1 00:01:40 2015\n"

/* Everything that a reader gives of the len bytes at data, fed step bytes
 * at a time. */
static GArray *
read_all(const char *data, size_t len, size_t step)
{
	g_autoptr(MboxReader) r = mbox_reader_new(MAX_MESSAGE);
	GArray *all = g_array_new(FALSE, FALSE, sizeof(MboxMsg));
	MboxMsg m;

	for (size_t i = 0; i < len; i += step) {
		mbox_reader_feed(r, data + i, MIN(step, len - i));
		while (mbox_reader_next(r, &m))
			g_array_append_val(all, m);
	}
	mbox_reader_feed(r, NULL, 0);
	while (mbox_reader_next(r, &m))
		g_array_append_val(all, m);
	return all;
}

static void
free_all(GArray *all)
{
	for (guint i = 0; i < all->len; i++)
		g_bytes_unref(g_array_index(all, MboxMsg, i).raw);
	g_array_unref(all);
}

typedef struct {
	const char *what, *file;
	const char *want[4]; /* the messages, NULL-ended */
	unsigned int guess[4];
} Case;

static const Case cases[] = {
    {"nothing", "", {NULL}, {0}},
    {"empty lines alone", "\n\n", {NULL}, {0}},
    {"one message", SEP "A: b\n\ntext\n\n", {"A: b\n\ntext\n"}, {0}},
    {"no empty line at the end of the file", SEP "A: b\n\ntext\n",
	{"A: b\n\ntext\n"}, {0}},
    {"no line end at the end of the file", SEP "A: b\n\ntext", {"A: b\n\ntext"},
	{0}},
    {"one line end is taken off, no more",
	SEP "A: b\n\ntext\n\n\n" SEP "A: c\n\n\n",
	{"A: b\n\ntext\n\n", "A: c\n\n"}, {0}},
    {"quotes lose one", SEP "A: b\n\n>From x\n>>From y\n> From z\n\n",
	{"A: b\n\nFrom x\n>From y\n> From z\n"}, {MBOX_QUOTED_TWICE}},
    {"one alone is no guess", SEP "A: b\n\n>From x\n> >>From y\n\n",
	{"A: b\n\nFrom x\n> >>From y\n"}, {0}},
    {"nor are more in a mailbox of ours",
	"From mboxrd@z Thu Jan  1 00:01:40 2015\nA: b\n\n>>From y\n\n"
	"From no-final-newline Thu Jan  1 00:01:40 2015\nA: c\n\n>>>From\n\n"
	"From no-final-newline Thu Jan  1 00:01:40 2015\nA: c\n\n>>From y\n"
	"\n",
	{"A: b\n\n>From y\n", "A: c\n\n>>>From", "A: c\n\n>From y"}, {0}},
    {"mboxcl: quoted more than once",
	SEP "Content-Length: 9\n\n>>From x\n\n" SEP "A: c\n\n",
	{"Content-Length: 9\n\n>From x\n", "A: c\n"}, {MBOX_QUOTED_TWICE, 0}},
    {"mboxcl2: nor is it read there",
	SEP "Content-Length: 16\n\n>>From x\nFrom y\n\n" SEP "A: c\n\n",
	{"Content-Length: 16\n\n>>From x\nFrom y\n", "A: c\n"},
	{MBOX_UNQUOTED_FROM, 0}},
    {"Pipermail",
	"From joe at example.org  Thu Jan  1 00:00:00 2015\nA: b\n\n\n"
	"From joe at example.org  Fri Jan  2 00:00:00 2015\nA: c\n\n\n",
	{"A: b\n\n", "A: c\n\n"}, {0}},
    {"zones before and after the year, and none of a sender",
	"From 17@xxx Fri Sep 05 03:30:44 +0000 2025\nA: b\n\n"
	"From j Fri Sep  5 03:30:44 2025 +0200\nA: c\n\n"
	"From Fri Sep  5 03:30:44 2025\nA: d\n\n",
	{"A: b\n", "A: c\n", "A: d\n"}, {0}},
    {"UUCP", "From joe Thu Jan  1 00:00:00 2015 remote from there\nA: b\n\n",
	{"A: b\n"}, {0}},
    {"no empty line before the From line", SEP "A: b\n\nx\n" SEP "A: c\n\n",
	{"A: b\n\nx\n", "A: c\n"}, {MBOX_NO_BLANK_LINE, 0}},
    {"From lines that are text",
	SEP "A: b\n\n\nFrom here on\n\nFrom joe Thu Foo 1\n\n",
	{"A: b\n\n\nFrom here on\n\nFrom joe Thu Foo 1\n"},
	{MBOX_UNQUOTED_FROM}},
    {"CRLF throughout",
	"From joe Thu Jan  1 00:00:00 2015\r\nA: b\r\n\r\nx\r\n\r\n"
	"From joe Thu Jan  1 00:00:00 2015\r\nA: c\r\n\r\n>From\r\n\r\n",
	{"A: b\r\n\r\nx\r\n", "A: c\r\n\r\n>From\r\n"}, {0}},
    {"CRLF in the message, LF in the mailbox",
	SEP "A: b\r\n\r\nx\r\n\n" SEP "A: c\n\n",
	{"A: b\r\n\r\nx\r\n", "A: c\n"}, {0}},
    {"an empty message", SEP "\n" SEP "A: c\n\n", {"", "A: c\n"}, {0}},
    {"mboxcl: a length that holds, before an unquoted separator",
	SEP "Content-Length: 55\n\nHe wrote\n\n" SEP "\n" SEP "A: c\n\n",
	{"Content-Length: 55\n\nHe wrote\n\n" SEP, "A: c\n"},
	{MBOX_UNQUOTED_FROM, 0}},
    {"mboxcl2: nothing is quoted in it",
	SEP "Content-length:13 \n\n>From\nFrom x\n\n" SEP "A: c\n\n",
	{"Content-length:13 \n\n>From\nFrom x\n", "A: c\n"},
	{MBOX_UNQUOTED_FROM, 0}},
    {"mboxcl: quoted", SEP "Content-Length: 8\n\n>From x\n\n" SEP "A: c\n\n",
	{"Content-Length: 8\n\nFrom x\n", "A: c\n"}, {0}},
    {"a length that takes the empty line in",
	SEP "Content-Length: 3\n\nx\n\n" SEP "A: c\n\n",
	{"Content-Length: 3\n\nx\n\n", "A: c\n"}, {0}},
    {"a length that leaves the last line end out",
	SEP "Content-Length: 1\n\nx\n\n" SEP "A: c\n\n",
	{"Content-Length: 1\n\nx\n", "A: c\n"}, {0}},
    {"a length up to the end of the file", SEP "Content-Length: 2\n\nx\n\n",
	{"Content-Length: 2\n\nx\n"}, {0}},
    {"a length that leads into a line",
	SEP "Content-Length: 2\n\nxyz\n\n" SEP "A: c\n\n",
	{"Content-Length: 2\n\nxyz\n", "A: c\n"}, {MBOX_BAD_LENGTH, 0}},
    {"a length that leads out of the file",
	SEP "Content-Length: 999999999999999999999\n\nxyz\n\n",
	{"Content-Length: 999999999999999999999\n\nxyz\n"}, {MBOX_BAD_LENGTH}},
    {"no length is believed in a mailbox of ours",
	"From mboxrd@z Thu Jan  1 00:01:40 2015\n"
	"Content-Length: 55\n\nHe wrote\n\n" SEP "\n" SEP "A: c\n\n",
	{"Content-Length: 55\n\nHe wrote\n", "", "A: c\n"}, {0}},
    {"a message that did not end in a line end",
	"From no-final-newline Thu Jan  1 00:01:40 2015\nA: b\n\n", {"A: b"},
	{0}},
    {"one message without a From line", "A: b\n\nx\n\n" SEP "A: c\n\n",
	{"A: b\n\nx\n\n" SEP "A: c\n\n"}, {MBOX_NO_FROM_LINE}},
    {"something else without a From line", "b\n\n" SEP "A: c\n\n",
	{"b\n", "A: c\n"}, {MBOX_NO_FROM_LINE, 0}},
    {"a byte order mark before a From line", "\xef\xbb\xbf" SEP "A: c\n\n",
	{"A: c\n"}, {0}},
    {"a byte order mark before a header",
	"\xef\xbb\xbf"
	"A: c\n\n" SEP,
	{"\xef\xbb\xbf"
	 "A: c\n\n" SEP},
	{MBOX_NO_FROM_LINE}},
    {"empty lines before the first From line", "\n\n" SEP "A: c\n\n",
	{"A: c\n"}, {0}},
    {"From lines without a date, where the first has none",
	"From - \nA: b\n\nFrom - to\n\nFrom - \nA: c\n\n",
	{"A: b\n\nFrom - to\n", "A: c\n"},
	{MBOX_NO_DATE | MBOX_UNQUOTED_FROM, MBOX_NO_DATE}},
    {"From lines without a date, where the first has one",
	SEP "A: b\n\nFrom - \nA: c\n\n", {"A: b\n\nFrom - \nA: c\n"},
	{MBOX_UNQUOTED_FROM}},
    {"a lone From at the end", SEP "A: b\n\nFrom ", {"A: b\n\nFrom "},
	{MBOX_UNQUOTED_FROM}},
};

static void
read_case(const Case *c, size_t step)
{
	GArray *got = read_all(c->file, strlen(c->file), step);
	guint n = 0;

	g_test_message("%s, %zu at a time", c->what, step);
	for (; n < got->len && c->want[n] != NULL; n++) {
		MboxMsg *m = &g_array_index(got, MboxMsg, n);
		g_autofree char *text = g_strndup(
		    g_bytes_get_data(m->raw, NULL), g_bytes_get_size(m->raw));

		g_assert_cmpstr(text, ==, c->want[n]);
		g_assert_cmphex(m->guess, ==, c->guess[n]);
	}
	g_assert_cmpuint(got->len, ==, n);
	g_assert_null(c->want[n]);
	free_all(got);
}

/* Each case comes out the same whatever the pieces that it is fed in. */
static void
reads(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		for (size_t step = 1; step <= strlen(cases[i].file) + 1;
		     step += 1 + step / 8)
			read_case(&cases[i], step);
}

static void
tells_place_and_date(void)
{
	const char *file = SEP "A: b\n\nx\n\n" SEP "A: c\n\n";
	GArray *got = read_all(file, strlen(file), 7);
	MboxMsg *m = &g_array_index(got, MboxMsg, 1);

	g_assert_cmpuint(got->len, ==, 2);
	g_assert_cmpint(m->from_date, ==, 1420070500);
	g_assert_cmpuint(m->off, ==, strlen(SEP "A: b\n\nx\n\n"));
	g_assert_cmpuint(m->size, ==, strlen("A: c\n\n"));
	free_all(got);
}

/* A message of one byte more than the limit is passed over, and said so;
 * the one at the limit and the one behind come out. */
static void
passes_over_long(void)
{
	for (size_t step = 1; step < 10000; step = 3 * step + 1) {
		g_autoptr(GString) file = g_string_new(SEP "A: b\n\n");
		GArray *got;

		for (size_t n = strlen("A: b\n\n"); n < MAX_MESSAGE; n += 8)
			g_string_append(file, ">From x\n");
		g_string_append(file, "\n" SEP "A: b\n\n");
		for (size_t n = 0; n < 2 * MAX_MESSAGE; n += 8)
			g_string_append(file, "1234567\n");
		g_string_append(file, "\n" SEP "A: c\n\n");
		got = read_all(file->str, file->len, step);
		g_assert_cmpuint(got->len, ==, 3);
		MboxMsg *m = (MboxMsg *)(void *)got->data;

		g_assert_cmphex(m[0].guess, ==, 0);
		g_assert_nonnull(m[0].raw);
		g_assert_cmphex(m[1].guess, ==, MBOX_TOO_LONG);
		g_assert_null(m[1].raw);
		g_assert_cmpuint(
		    m[1].size, ==, 2 * MAX_MESSAGE + strlen("A: b\n\n\n"));
		g_assert_cmphex(m[2].guess, ==, 0);
		g_assert_cmpuint(g_bytes_get_size(m[2].raw), ==, 5);
		free_all(got);
	}
}

static void
limit_is_exact(void)
{
	for (size_t len = MAX_MESSAGE - 1; len <= MAX_MESSAGE + 1; len++) {
		g_autofree char *text = g_strnfill(len, 'x');
		g_autoptr(GBytes) raw = g_bytes_new(text, len);
		g_autoptr(GString) file = g_string_new(NULL);
		GArray *got;

		mbox_write(file, raw, 0, NULL);
		got = read_all(file->str, file->len, 1000);
		g_assert_cmpuint(got->len, ==, 1);
		g_assert_cmpint(g_array_index(got, MboxMsg, 0).raw == NULL, ==,
		    len > MAX_MESSAGE);
		free_all(got);
	}
}

/* What mbox_write says behind the date is read of lines of ours alone. */
static void
notes(void)
{
	static const struct {
		const char *line, *notes;
	} table[] = {
	    {"From mboxrd@z Thu Jan  1 00:01:40 2015 a=b c=d", "a=b c=d"},
	    {"From no-final-newline Thu Jan  1 00:01:40 2015 a=b", "a=b"},
	    {"From mboxrd@z Thu Jan  1 00:01:40 2015 a\r", "a"},
	    {"From mboxrd@z Thu Jan  1 00:01:40 2015  ", NULL},
	    {"From mboxrd@z Thu Jan  1 00:01:40 2015", NULL},
	    {"From mboxrd@z Thu Jan  1 00:01:40 +0000 2015", NULL},
	    {"From joe@example.org Thu Jan  1 00:01:40 2015", NULL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *file = g_strdup_printf(
		    "%s\nA: b\n\n" SEP "A: c\n\n", table[i].line);
		g_autoptr(MboxReader) r = mbox_reader_new(MAX_MESSAGE);
		MboxMsg m;

		g_test_message("%s", table[i].line);
		mbox_reader_feed(r, file, strlen(file));
		g_assert_true(mbox_reader_next(r, &m));
		g_assert_cmpstr(m.notes, ==, table[i].notes);
		g_assert_cmpint(m.from_date, ==, 1420070500);
		g_bytes_unref(m.raw);
		mbox_reader_feed(r, NULL, 0);
		g_assert_true(mbox_reader_next(r, &m));
		g_assert_null(m.notes);
		g_bytes_unref(m.raw);
	}
}

/* The longest line that is written is one that is read. */
static void
long_notes(void)
{
	g_autofree char *text = g_strnfill(LIMIT_MBOX_NOTES_BYTES, 'n');
	g_autoptr(GBytes) raw = g_bytes_new_static("A: b\n\nx", 8);
	g_autoptr(GString) file = g_string_new(NULL);
	g_autoptr(MboxReader) r = mbox_reader_new(MAX_MESSAGE);
	MboxMsg m;

	mbox_write(file, raw, -1, text);
	for (size_t i = 0; i < file->len; i++) {
		mbox_reader_feed(r, file->str + i, 1);
		g_assert_false(mbox_reader_next(r, &m));
	}
	mbox_reader_feed(r, NULL, 0);
	g_assert_true(mbox_reader_next(r, &m));
	g_assert_cmpstr(m.notes, ==, text);
	g_assert_true(g_bytes_equal(m.raw, raw));
	g_bytes_unref(m.raw);
}

/* Lines that a reader of less discernment takes for From lines. */
static void
text_from_lines(void)
{
	GArray *got = read_all(SEP "A: b\n\nFrom x\n>From y\n\nFrom z\n\n" SEP
				   "A: c\n\n",
	    strlen(SEP "A: b\n\nFrom x\n>From y\n\nFrom z\n\n" SEP "A: c\n\n"),
	    3);

	g_assert_cmpuint(got->len, ==, 2);
	g_assert_cmpuint(g_array_index(got, MboxMsg, 0).n_from, ==, 2);
	g_assert_cmpuint(g_array_index(got, MboxMsg, 1).n_from, ==, 0);
	free_all(got);
}

/* Writing ------------------------------------------------------------------ */

static void
round_trip(GPtrArray *raws)
{
	g_autoptr(GString) file = g_string_new(NULL);
	GArray *got;

	for (guint i = 0; i < raws->len; i++)
		mbox_write(file, raws->pdata[i], 86400 * (int64_t)i, NULL);
	got = read_all(file->str, file->len, 512);
	g_assert_cmpuint(got->len, ==, raws->len);
	for (guint i = 0; i < raws->len; i++) {
		MboxMsg *m = &g_array_index(got, MboxMsg, i);

		g_assert_true(g_bytes_equal(m->raw, raws->pdata[i]));
		g_assert_cmphex(
		    m->guess & ~(unsigned)MBOX_UNQUOTED_FROM, ==, 0);
		g_assert_cmpint(m->from_date, ==, 86400 * (int64_t)i);
	}
	free_all(got);
}

static void
writes_what_it_reads(void)
{
	static const char quoted[] = ">" SEP, two[] = "A: b\n\n" SEP SEP;
	static const char *const nasty[] = {"", "\n", "\r", "\r\n", "\n\n", "x",
	    "x\n", "x\r", "x\n\r", "x\r\n", "From ", "From x", SEP, two, quoted,
	    ">>>From ", "Content-Length: 9\n\nabc\n",
	    "Content-Length: 5\n\nabc\n", "Content-Length: 71\n\nabc\n",
	    "x\n\nFrom", "x\n>", "\r\nFrom x", " >From x",
	    "A: b\r\n\r\nFrom x\r\n.\r\n"};
	g_autoptr(GPtrArray) raws =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (size_t i = 0; i < G_N_ELEMENTS(nasty); i++)
		g_ptr_array_add(raws, g_bytes_new(nasty[i], strlen(nasty[i])));
	g_ptr_array_add(raws, g_bytes_new("a\0b\0\nFrom \0", 11));
	round_trip(raws);
}

static void
writes_what_it_reads_at_random(void)
{
	static const char *const pieces[] = {"\n", "\r\n", ">", "From ",
	    "From mboxrd@z Thu Jan  1 00:00:00 1970\n", SEP, "x", "\r", "A: b",
	    "Content-Length: 40\n", "\n\n", " "};

	for (int round = 0; round < 300; round++) {
		g_autoptr(GPtrArray) raws = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)g_bytes_unref);

		for (int i = g_test_rand_int_range(1, 6); i > 0; i--) {
			g_autoptr(GString) raw = g_string_new(NULL);

			for (int n = g_test_rand_int_range(0, 30); n > 0; n--)
				g_string_append(
				    raw, pieces[g_test_rand_int_range(
					     0, G_N_ELEMENTS(pieces))]);
			g_ptr_array_add(raws, g_bytes_new(raw->str, raw->len));
		}
		round_trip(raws);
	}
}

static void
names_each_guess(void)
{
	for (unsigned int i = 0; i < N_MBOX_GUESS; i++)
		g_assert_cmpstr(mbox_guess_text((MboxGuess)(1u << i)), !=, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mbox/reads", reads);
	g_test_add_func("/mbox/tells-place-and-date", tells_place_and_date);
	g_test_add_func("/mbox/passes-over-long", passes_over_long);
	g_test_add_func("/mbox/limit-is-exact", limit_is_exact);
	g_test_add_func("/mbox/writes-what-it-reads", writes_what_it_reads);
	g_test_add_func("/mbox/writes-what-it-reads-at-random",
	    writes_what_it_reads_at_random);
	g_test_add_func("/mbox/names-each-guess", names_each_guess);
	g_test_add_func("/mbox/notes", notes);
	g_test_add_func("/mbox/long-notes", long_notes);
	g_test_add_func("/mbox/text-from-lines", text_from_lines);
	return g_test_run();
}
