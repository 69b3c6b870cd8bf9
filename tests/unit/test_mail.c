/*
 * test_mail.c - nasty messages, one fault each: what becomes of them.
 *
 * Each tests/mail/NAME.eml has a NAME.why: what is wrong with it and what
 * is to be done, an empty line, and the parts as list_parts writes them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/parse.h"
#include "mail/part.h"

#include <string.h>

/* Characters of a part's text that are compared. */
#define TEXT_LEN 60

static const char *const show_names[] = {"text", "html", "file", "none"};

/* text's beginning on one line. */
static char *
first_words(const char *text)
{
	g_autofree char *cut =
	    g_utf8_substring(text, 0, MIN(TEXT_LEN, g_utf8_strlen(text, -1)));
	g_auto(GStrv) lines = g_strsplit(cut, "\n", -1);

	return g_strjoinv("|", lines);
}

static void
list_part(GString *out, GBytes *raw, const Part *p, size_t n)
{
	bool cut = false;
	g_autofree char *text = part_text(raw, p, &cut);
	g_autofree char *words = first_words(text);
	g_autofree char *name = part_file_name(p, n);

	g_string_append_printf(out, "%zu %*s%s %s", n, (int)(2 * p->depth), "",
	    show_names[p->show], p->type);
	if (p->inner)
		g_string_append(out, " inner");
	if (p->flowed)
		g_string_append(out, p->delsp ? " delsp" : " flowed");
	if (p->charset != NULL)
		g_string_append_printf(out, " charset=%s", p->charset);
	if (p->show == SHOW_FILE)
		g_string_append_printf(out, " %s", name);
	if (p->leaf)
		g_string_append_printf(out, ": %s", words);
	g_string_append_c(out, '\n');
}

static char *
list_parts(GBytes *raw)
{
	g_autoptr(Msg) m = parse_msg(raw);
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "from: %s <%s>\nsubject: %s\n",
	    m->from_name, m->from_addr, m->subject);
	if (m->plain)
		g_string_append(out, "plain\n");
	for (size_t i = 0; i < m->n_parts; i++)
		list_part(out, raw, &m->parts[i], i);
	return g_string_free(out, FALSE);
}

static char *
read_file(const char *folder, const char *stem, const char *suffix, gsize *len)
{
	g_autofree char *name = g_strconcat(stem, suffix, NULL);
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GError) err = NULL;
	char *data = NULL;

	g_file_get_contents(path, &data, len, &err);
	g_assert_no_error(err);
	return data;
}

static void
check_mail(gconstpointer stem)
{
	g_autofree char *folder =
	    g_build_filename(g_getenv("FELID_SOURCE"), "tests", "mail", NULL);
	gsize eml_len = 0, why_len = 0;
	char *eml = read_file(folder, stem, ".eml", &eml_len);
	g_autofree char *why = read_file(folder, stem, ".why", &why_len);
	g_autoptr(GBytes) raw = g_bytes_new_take(eml, eml_len);
	g_autofree char *got = list_parts(raw);
	const char *want = strstr(why, "\n\n");

	g_assert_nonnull(want);
	g_assert_cmpstr(got, ==, want + 2);
}

int
main(int argc, char **argv)
{
	g_autofree char *folder = NULL;
	g_autoptr(GDir) dir = NULL;
	g_autoptr(GPtrArray) stems = g_ptr_array_new_with_free_func(g_free);
	const char *name = NULL;

	g_test_init(&argc, &argv, NULL);
	parse_init();
	folder =
	    g_build_filename(g_getenv("FELID_SOURCE"), "tests", "mail", NULL);
	dir = g_dir_open(folder, 0, NULL);
	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *stem = NULL;
		g_autofree char *path = NULL;

		if (!g_str_has_suffix(name, ".eml"))
			continue;
		stem = g_strndup(name, strlen(name) - 4);
		path = g_strconcat("/mail/", stem, NULL);
		g_test_add_data_func(path, stem, check_mail);
		g_ptr_array_add(stems, g_steal_pointer(&stem));
	}
	g_assert_cmpuint(stems->len, >, 0);
	return g_test_run();
}
