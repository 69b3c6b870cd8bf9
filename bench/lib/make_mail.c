/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_mail N: the lists of an archive of N messages, a line each:
 * List-Id and how many messages.
 * make_mail N LIST [MORE]: the mailbox of the list of that number, from 0
 * on; with MORE, so many messages that come after it instead.
 * make_mail words RANK...: words by how frequent they are, 0 first.
 *
 * The same N makes the same bytes.  Sizes, threads, and how often words,
 * authors and kinds of body come are about those of netfilter-devel,
 * samba-technical and python-committers between 2008 and 2026; a bigger
 * archive is of more lists, more mail a day, and more years.
 */
#include "words.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The time up to which mail comes: 2026-11-20. */
#define END 1795132800
#define DAY 86400
#define LISTS_MAX 1000

/* So many messages of a References field. */
#define REFERENCES_MAX 12

/* Replies of a thread that draws many: the last messages of it, to one of
 * which the next replies. */
#define CROWD 40

typedef struct Mail {
	int64_t date;
	uint64_t text;   /* the seed of its words */
	uint32_t parent; /* which message, or NONE */
	uint32_t root;
	uint32_t author;
	uint16_t lines;
	uint16_t part; /* of a series of patches, from 1 on; else 0 */
} Mail;

#define NONE UINT32_MAX

typedef struct List {
	Words *words;
	Rng rng;
	uint64_t seed;
	char name[64];
	uint32_t n; /* messages of the archive in this list */
	uint32_t authors;
	double seconds; /* between two messages */
	double near;    /* about how many messages back a reply looks */
	bool patches;
	Mail *mail;
	uint32_t series, series_root, n_series;
	uint32_t crowd[CROWD], crowd_left, n_crowd;
} List;

static uint32_t
count_lists(uint32_t n)
{
	return (uint32_t)CLAMP(3 * pow(n / 1e4, 0.6), 1, LISTS_MAX);
}

/* How many messages of n the list of this number has. */
static uint32_t
count_mail(uint32_t n, uint32_t list)
{
	uint32_t n_lists = count_lists(n), others = 0;
	double sum = 0;

	for (uint32_t i = 0; i < n_lists; i++)
		sum += 1.0 / (i + 1);
	for (uint32_t i = 1; i < n_lists; i++) {
		uint32_t mine = (uint32_t)(n / sum / (i + 1));

		if (i == list)
			return mine;
		others += mine;
	}
	return n - others;
}

static void
name_list(const Words *w, uint32_t list, char name[static 64])
{
	(void)snprintf(name, 64, "%s-%s.lists.example.org",
	    words_at(w, 300 + list), list % 2 == 0 ? "devel" : "users");
}

static void
open_list(List *l, Words *w, uint32_t n, uint32_t number, uint32_t more)
{
	*l = (List){.words = w, .seed = (uint64_t)n << 20 ^ number};
	l->rng = rng_of(l->seed, 1);
	name_list(w, number, l->name);
	l->n = count_mail(n, number);
	l->authors = (uint32_t)MAX(20, 3 * pow(l->n, 0.62));
	double years = 4 * pow(n / 1e4, 0.27);
	double span = years * 365.25 * DAY;

	if (number > 0)
		span *= 0.3 + 0.7 * rng_unit(&l->rng);
	l->seconds = span / MAX(1, l->n);
	l->near = MAX(15, 2.5 * DAY / l->seconds);
	l->patches = number % 2 == 0;
	l->mail = g_new0(Mail, (gsize)l->n + more);
}

/* Threads -------------------------------------------------------------------
 */

static uint32_t
find_parent(List *l, uint32_t i)
{
	if (l->series > 0)
		return l->series_root;
	if (l->crowd_left > 0 && rng_below(&l->rng, 4) == 0) {
		uint32_t parent =
		    l->crowd[rng_below(&l->rng, MIN(l->n_crowd, CROWD))];

		l->crowd_left--;
		l->crowd[l->n_crowd++ % CROWD] = i;
		return parent;
	}
	double back = 1 - log(1 - rng_unit(&l->rng)) * l->near;

	return rng_below(&l->rng, 100) < 77 && back <= i ? i - (uint32_t)back
							 : NONE;
}

/* What message i begins, now and then: a series of patches, or a thread
 * with hundreds of replies or thousands. */
static void
begin_thread(List *l, uint32_t i)
{
	if (l->patches && rng_below(&l->rng, 100) < 6) {
		l->series_root = i;
		l->n_series = 2 + MIN(rng_zipf(&l->rng, 29), l->n - i);
		l->series = l->n_series;
	} else if (l->crowd_left == 0 && rng_below(&l->rng, 8000) == 0) {
		l->crowd_left =
		    (uint32_t)MIN(5000, 300 / pow(1 - rng_unit(&l->rng), 0.8));
		l->crowd[0] = i;
		l->n_crowd = 1;
	}
}

static void
plan_mail(List *l, uint32_t i)
{
	Mail *m = l->mail + i;
	Rng *r = &l->rng;

	m->date = (int64_t)(END - l->seconds * ((double)l->n - i) +
			    rng_unit(r) * l->seconds);
	m->text = rng_next(r);
	m->parent = find_parent(l, i);
	m->author = rng_zipf(r, l->authors);
	double lines = rng_lognormal(r, m->parent == NONE ? 30 : 18, 0.95);

	m->lines = (uint16_t)CLAMP(lines, 2, 4000);
	if (m->parent == NONE) {
		m->root = i;
		begin_thread(l, i);
		return;
	}
	m->root = l->mail[m->parent].root;
	if (l->series > 0) {
		m->part = (uint16_t)(l->n_series - l->series + 1);
		m->author = l->mail[m->root].author;
		l->series--;
	}
}

/* Header --------------------------------------------------------------------
 */

static void
add_id(const List *l, uint32_t i, GString *out)
{
	const Mail *m = l->mail + i;

	g_string_append_printf(out, "<%08x.%x.%u@%s.example.net>",
	    (unsigned int)(m->text >> 32), (unsigned int)l->seed, i,
	    words_at(l->words, 500 + m->author % 3000));
}

static void
add_date(int64_t t, const char *form, GString *out)
{
	char text[64];
	struct tm tm;
	time_t at = (time_t)t;

	(void)gmtime_r(&at, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)strftime(text, sizeof text, form, &tm);
#pragma GCC diagnostic pop
	g_string_append(out, text);
}

#define RFC5322 "%a, %d %b %Y %H:%M:%S +0000"

static void
add_person(const List *l, uint32_t author, const char *field, GString *out)
{
	g_string_append(out, field);
	words_name(l->words, author, out);
	g_string_append(out, " <");
	words_address(l->words, author, out);
	g_string_append_c(out, '>');
}

static void
add_trace(const List *l, const Mail *m, Rng *r, GString *out)
{
	for (unsigned int hop = 1 + rng_below(r, 4); hop > 0; hop--) {
		g_string_append_printf(out,
		    "Received: from %s.example.net (%s.example.net "
		    "[192.0.2.%u])\n"
		    "\tby %s.example.org (Postfix) with ESMTPS id "
		    "%012" G_GINT64_MODIFIER
		    "X\n\tfor <%.*s@lists.example.org>; ",
		    words_at(l->words, rng_below(r, 4000)),
		    words_at(l->words, rng_below(r, 4000)), rng_below(r, 256),
		    words_at(l->words, rng_below(r, 200)), rng_next(r) >> 16,
		    (int)strcspn(l->name, "."), l->name);
		add_date(m->date + hop, RFC5322, out);
		g_string_append_c(out, '\n');
	}
	if (rng_below(r, 2) == 0)
		return;
	g_string_append(out,
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n"
	    "\td=example.net; s=20230601; "
	    "h=from:to:cc:subject:date:message-id;\n"
	    "\tb=\n");
	words_base64(r, 344, "\t", out);
}

static void
add_subject(const List *l, uint32_t i, GString *out)
{
	const Mail *m = l->mail + i;
	Rng r = rng_of(l->mail[m->root].text, 2 + m->part);

	g_string_append(out, "Subject: ");
	if (m->part == 0 && m->parent != NONE)
		g_string_append(out, "Re: ");
	if (m->part > 0)
		g_string_append_printf(out, "[PATCH %u] ", m->part);
	else if (l->patches && l->mail[m->root].text % 3 == 0)
		g_string_append(out, "[PATCH] ");
	words_add(l->words, &r, 3 + rng_below(&r, 6), out);
	g_string_append_c(out, '\n');
}

static void
add_ancestors(const List *l, const Mail *m, GString *out)
{
	uint32_t chain[REFERENCES_MAX];
	size_t n = 0;

	for (uint32_t i = m->parent; i != NONE && n < REFERENCES_MAX;
	     i = l->mail[i].parent)
		chain[n++] = i;
	if (n == 0)
		return;
	g_string_append(out, "In-Reply-To: ");
	add_id(l, chain[0], out);
	g_string_append(out, "\nReferences:");
	if (chain[n - 1] != m->root) {
		g_string_append_c(out, ' ');
		add_id(l, m->root, out);
	}
	while (n > 0) {
		g_string_append(out, "\n ");
		add_id(l, chain[--n], out);
	}
	g_string_append_c(out, '\n');
}

static void
add_header(const List *l, uint32_t i, Rng *r, GString *out)
{
	static const char *const agents[] = {"Mutt/2.2.9 (2022-11-12)",
	    "Mozilla Thunderbird", "git-send-email 2.39.2",
	    "Evolution 3.46.4-2", "NeoMutt/20220429"};
	const Mail *m = l->mail + i;
	int local = (int)strcspn(l->name, ".");

	add_trace(l, m, r, out);
	add_person(l, m->author, "From: ", out);
	g_string_append(out, "\nDate: ");
	add_date(m->date, RFC5322, out);
	g_string_append_printf(
	    out, "\nTo: %.*s@lists.example.org", local, l->name);
	for (unsigned int n = rng_below(r, 5), cc = 0; cc < n; cc++)
		add_person(l, rng_zipf(r, l->authors),
		    cc == 0 ? "\nCc: " : ",\n\t", out);
	g_string_append_c(out, '\n');
	add_subject(l, i, out);
	g_string_append(out, "Message-ID: ");
	add_id(l, i, out);
	g_string_append_c(out, '\n');
	add_ancestors(l, m, out);
	g_string_append_printf(out,
	    "User-Agent: %s\nSender: owner-%.*s@lists.example.org\n"
	    "Precedence: list\nList-Id: <%s>\n"
	    "List-Post: <mailto:%.*s@lists.example.org>\n"
	    "List-Unsubscribe: <mailto:%.*s-leave@lists.example.org>\n",
	    agents[m->author % G_N_ELEMENTS(agents)], local, l->name, l->name,
	    local, l->name, local, l->name);
}

/* Body ----------------------------------------------------------------------
 */

static void
add_quote(const List *l, const Mail *m, Rng *r, GString *out)
{
	if (m->parent == NONE || m->part > 0)
		return;
	const Mail *to = l->mail + m->parent;
	unsigned int most = 3 + (unsigned int)rng_lognormal(r, 8, 0.8);

	g_string_append(out, "On ");
	add_date(to->date, "%Y-%m-%d, ", out);
	words_name(l->words, to->author, out);
	g_string_append(out, " wrote:\n");
	words_text(l->words, to->text, MIN(most, to->lines), "> ", out);
	g_string_append_c(out, '\n');
}

static void
add_plain(const List *l, const Mail *m, Rng *r, GString *out)
{
	add_quote(l, m, r, out);
	words_text(l->words, m->text, m->lines, "", out);
	bool patch = m->part > 0 ||
		     (l->patches && m->parent == NONE && m->text % 3 == 0);

	if (patch)
		words_patch(l->words, r,
		    (unsigned int)CLAMP(rng_lognormal(r, 60, 1.1), 8, 8000),
		    out);
	if (rng_below(r, 3) == 0) {
		g_string_append(out, "\n-- \n");
		words_name(l->words, m->author, out);
		g_string_append_c(out, '\n');
	}
}

static void
add_html(const List *l, const Mail *m, GString *out)
{
	g_string_append(
	    out, "<html><head><meta charset=\"utf-8\"></head><body>\n<div><p>");
	for (unsigned int i = 0; i < m->lines; i++) {
		words_text(l->words, m->text + i, 1, "", out);
		g_string_append(out, i % 6 == 5 ? "</p>\n<p>" : "<br>\n");
	}
	g_string_append(out, "</p></div></body></html>\n");
}

/* The type of a part, behind the boundary of its message. */
static void
add_part(const char *type, GString *out)
{
	g_string_append_printf(
	    out, "\n--=_made_up_boundary\nContent-Type: %s\n\n", type);
}

static void
add_parts(const List *l, const Mail *m, Rng *r, GString *out)
{
	static const char *const kinds[] = {"mixed",
	    "signed; micalg=pgp-sha256; protocol=application/pgp-signature",
	    "alternative"};
	unsigned int kind = rng_below(r, G_N_ELEMENTS(kinds));

	g_string_append_printf(out,
	    "MIME-Version: 1.0\nContent-Type: multipart/%s;\n"
	    "\tboundary=\"=_made_up_boundary\"\n\n",
	    kinds[kind]);
	add_part("text/plain; charset=utf-8", out);
	add_plain(l, m, r, out);
	if (kind == 0) {
		add_part("application/octet-stream; name=\"dump.bin\"\n"
			 "Content-Transfer-Encoding: base64",
		    out);
		words_base64(r,
		    (size_t)CLAMP(rng_lognormal(r, 15000, 1.4), 100, 1000000) /
			4 * 4,
		    "", out);
	} else if (kind == 1) {
		add_part(
		    "application/pgp-signature; name=\"signature.asc\"", out);
		g_string_append(out, "-----BEGIN PGP SIGNATURE-----\n\n");
		words_base64(r, 744, "", out);
		g_string_append(out, "-----END PGP SIGNATURE-----\n");
	} else {
		add_part("text/html; charset=utf-8", out);
		add_html(l, m, out);
	}
	g_string_append(out, "\n--=_made_up_boundary--\n");
}

static void
add_mail(const List *l, uint32_t i, GString *out)
{
	const Mail *m = l->mail + i;
	Rng r = rng_of(m->text, 1);

	words_set_topic(l->words, l->mail[m->root].text);
	g_string_append(out, "From mboxrd@z ");
	add_date(m->date, "%a %b %e %H:%M:%S %Y\n", out);
	add_header(l, i, &r, out);
	if (rng_below(&r, 100) < 7) {
		add_parts(l, m, &r, out);
	} else {
		g_string_append(out,
		    "MIME-Version: 1.0\nContent-Type: text/plain; "
		    "charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n");
		add_plain(l, m, &r, out);
	}
	g_string_append_c(out, '\n');
}

static int
write_list(Words *w, uint32_t n, uint32_t number, uint32_t more)
{
	List l;
	g_autoptr(GString) out = g_string_new(NULL);

	open_list(&l, w, n, number, more);
	for (uint32_t i = 0; i < l.n + more; i++)
		plan_mail(&l, i);
	for (uint32_t i = more > 0 ? l.n : 0; i < l.n + more; i++) {
		g_string_truncate(out, 0);
		add_mail(&l, i, out);
		(void)fwrite(out->str, 1, out->len, stdout);
	}
	g_free(l.mail);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static uint32_t
number(const char *text)
{
	guint64 n = 0;

	if (!g_ascii_string_to_unsigned(text, 10, 0, 100000000, &n, NULL)) {
		(void)fprintf(stderr, "make_mail: no number: %s\n", text);
		exit(EXIT_FAILURE);
	}
	return (uint32_t)n;
}

int
main(int argc, char **argv)
{
	g_autoptr(Words) w = words_new();

	if (argc < 2)
		return EXIT_FAILURE;
	if (strcmp(argv[1], "words") == 0) {
		for (int i = 2; i < argc; i++)
			printf("%s\n",
			    words_at(w, MIN(number(argv[i]), WORDS_N - 1)));
		return EXIT_SUCCESS;
	}
	uint32_t n = number(argv[1]);

	if (argc > 2)
		return write_list(
		    w, n, number(argv[2]), argc > 3 ? number(argv[3]) : 0);
	for (uint32_t i = 0; i < count_lists(n); i++) {
		char name[64];

		name_list(w, i, name);
		printf("%s %u\n", name, count_mail(n, i));
	}
	return EXIT_SUCCESS;
}
