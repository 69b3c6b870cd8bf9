/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/msg.h"

#include "base/err.h"
#include "base/limits.h"

#include <string.h>

/* Outlines as msg_write_outline writes them. */
static const char *const good[] = {
    "1\t0\t0\n0\t0\t0\tit\ttext/plain\t\t\t\n",
    "1\t120\t1\n120\t4000\t0\titl\ttext/plain\tutf-8\t\t\n",
    "1\t9\t0\n"
    "9\t90\t0\ti-\tmultipart/mixed\t\t\t\n"
    "12\t20\t1\tqtlfd\ttext/plain\tutf-8\t\t\n"
    "40\t50\t1\tnfl\tmessage/rfc822\t\tf\xC3\xBC.eml\tid@example.org\n"
    "60\t20\t2\tbhle\ttext/html\tiso-8859-1\t\t\n"
    "80\t10\t1\tufl\tapplication/x\t\ta b.c\t\n",
};

static const char *const bad[] = {
    "",
    "\n",
    "1\t0\t0\n",
    "2\t0\t0\n0\t0\t0\tit\ttext/plain\t\t\t\n", /* another form */
    "1\t0\n0\t0\t0\tit\ttext/plain\t\t\t\n",
    "1\t0\t2\n0\t0\t0\tit\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t0\t0\tit\ttext/plain\t\t\t", /* no line's end */
    "1\t0\t0\n0\t0\t0\tit\ttext/plain\t\t\n", /* a field too few */
    "1\t0\t0\n0\t0\t0\tit\ttext/plain\t\t\t\t\n",
    "1\t0\t0\n0\t0\t0\tit\t\t\t\t\n", /* no type */
    "1\t0\t0\n0\t00\t0\tit\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t\t0\tit\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t-1\t0\tit\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t0\t0\ti\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t0\t0\txt\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t0\t0\tix\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t0\t0\titfl\ttext/plain\t\t\t\n", /* order of flags */
    "1\t0\t0\n0\t0\t51\tit\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t1000000000000000000\t0\tit\ttext/plain\t\t\t\n",
    "1\t0\t0\n0\t0\t0\tit\ttext/plain\t\t\xFF\t\n",
    "1\t0\t0\n0\t0\t0\tit\ttext/plain\t\ta\rb\t\n",
    "1\t0\t0\n\n",
};

static void
outline_comes_back(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(GError) err = NULL;
		g_autoptr(Msg) m =
		    msg_read_outline(good[i], strlen(good[i]), &err);
		g_autofree char *again = NULL;

		g_assert_no_error(err);
		again = msg_write_outline(m);
		g_assert_cmpstr(again, ==, good[i]);
	}
}

static void
fields_are_read(void)
{
	g_autoptr(Msg) m = msg_read_outline(good[2], strlen(good[2]), NULL);
	const Part *p = NULL;

	g_assert_nonnull(m);
	g_assert_cmpuint(m->body_off, ==, 9);
	g_assert_false(m->plain);
	g_assert_cmpuint(m->n_parts, ==, 5);
	g_assert_null(m->refs[0]);
	p = &m->parts[0];
	g_assert_false(p->leaf);
	g_assert_cmpint(p->show, ==, SHOW_NONE);
	p = &m->parts[1];
	g_assert_cmpuint(p->off, ==, 12);
	g_assert_cmpuint(p->len, ==, 20);
	g_assert_cmpuint(p->depth, ==, 1);
	g_assert_cmpint(p->encoding, ==, ENCODING_QUOTED_PRINTABLE);
	g_assert_cmpint(p->show, ==, SHOW_TEXT);
	g_assert_true(p->leaf && p->flowed && p->delsp && !p->inner);
	g_assert_cmpstr(p->charset, ==, "utf-8");
	g_assert_null(p->name);
	p = &m->parts[2];
	g_assert_cmpstr(p->type, ==, "message/rfc822");
	g_assert_cmpstr(p->name, ==, "f\xC3\xBC.eml");
	g_assert_cmpstr(p->cid, ==, "id@example.org");
	p = &m->parts[3];
	g_assert_true(p->inner);
	g_assert_cmpint(p->show, ==, SHOW_HTML);
}

static void
malformed_is_refused(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) err = NULL;

		g_test_message("outline %zu", i);
		g_assert_null(msg_read_outline(bad[i], strlen(bad[i]), &err));
		g_assert_error(err, ERR, ERR_SYNTAX);
	}
	g_assert_null(msg_read_outline("1\t0\0000\n", 6, NULL));
}

static void
too_many_parts_are_refused(void)
{
	g_autoptr(GString) s = g_string_new("1\t0\t0\n");
	g_autoptr(GError) err = NULL;
	g_autoptr(Msg) m = NULL;

	for (size_t i = 0; i < LIMIT_PARTS; i++)
		g_string_append(s, "0\t0\t0\tit\ttext/plain\t\t\t\n");
	m = msg_read_outline(s->str, s->len, &err);
	g_assert_no_error(err);
	g_assert_cmpuint(m->n_parts, ==, LIMIT_PARTS);
	g_string_append(s, "0\t0\t0\tit\ttext/plain\t\t\t\n");
	g_assert_null(msg_read_outline(s->str, s->len, &err));
	g_assert_error(err, ERR, ERR_SYNTAX);
}

static void
strings_are_kept(void)
{
	g_autoptr(Msg) m = msg_new(16);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	g_assert_null(msg_keep_strings(m, ids)[0]);
	g_ptr_array_add(ids, g_strdup("a@example.org"));
	g_ptr_array_add(ids, g_strdup("b@example.org"));
	m->refs = msg_keep_strings(m, ids);
	g_ptr_array_set_size(ids, 0);
	g_assert_cmpstr(m->refs[0], ==, "a@example.org");
	g_assert_cmpstr(m->refs[1], ==, "b@example.org");
	g_assert_null(m->refs[2]);
	msg_free(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/msg/outline-comes-back", outline_comes_back);
	g_test_add_func("/msg/fields-are-read", fields_are_read);
	g_test_add_func("/msg/malformed-is-refused", malformed_is_refused);
	g_test_add_func(
	    "/msg/too-many-parts-are-refused", too_many_parts_are_refused);
	g_test_add_func("/msg/strings-are-kept", strings_are_kept);
	return g_test_run();
}
