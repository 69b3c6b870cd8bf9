/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/prescan.h"

#include "base/limits.h"

#include <glib.h>

#include <string.h>

/* head, then n times again, then tail. */
static bool
is_tame(const char *head, const char *again, size_t n, const char *tail)
{
	g_autoptr(GString) s = g_string_new(head);

	for (size_t i = 0; i < n; i++)
		g_string_append(s, again);
	g_string_append(s, tail);
	return prescan_is_tame(s->str, s->len);
}

#define MIXED "Content-Type: multipart/mixed; boundary=xyz\n\n"

/* Messages that are fine with max times the middle and not with more. */
static const struct {
	const char *what, *head, *again;
	size_t max;
	const char *tail;
} limits[] = {
    {"fields", "", "X: y\n", LIMIT_HEADER_FIELDS, "\nbody\n"},
    {"fields of a part", MIXED "--xyz\n", "X: y\n", LIMIT_HEADER_FIELDS,
	"\nbody\n"},
    {"fields of a message within", "Content-Type: message/rfc822\n\n", "X: y\n",
	LIMIT_HEADER_FIELDS, "\nbody\n"},
    {"fields of a message in a digest",
	"Content-Type: multipart/digest; boundary=xyz\n\n--xyz\n\n", "X: y\n",
	LIMIT_HEADER_FIELDS, "\nbody\n"},
    {"fields of all parts", MIXED,
	"--xyz\na:1\nb:2\nc:3\nd:4\ne:5\nf:6\n"
	"g:7\nh:8\ni:9\nj:0\nk:\nl:\nm:\nn:\no:\np:\nq:\nr:\ns:\nt:\nu:\n\n",
	LIMIT_ALL_HEADER_FIELDS / 21, ""},
    {"bytes", "X: ", "12345678", LIMIT_HEADER_BYTES / 8 - 1, "\n\n"},
    {"bytes, folded", "X: a\n", " 234567\n", LIMIT_HEADER_BYTES / 8 - 1, "\n"},
    {"groups", "To: ", "g:", LIMIT_ADDRESS_GROUPS - 1, "\n\n"},
    {"groups in comments", "cc: ", "(:)", LIMIT_ADDRESS_GROUPS - 1, "\n\n"},
    {"groups, folded", "FROM :\n", " g:\n", LIMIT_ADDRESS_GROUPS - 1, "\n"},
    {"groups of a part", MIXED "--xyz\nTo: ", "g:", LIMIT_ADDRESS_GROUPS - 1,
	"\n\n"},
    {"groups in what is no field", "no field\n", " g:", LIMIT_ADDRESS_GROUPS,
	"\n\n"},
    {"addresses", "Bcc: ", "a@example.org,\n ", LIMIT_ADDRESS_BYTES / 16 - 1,
	"\n\n"},
    {"boundaries", "", "Content-Type: multipart/mixed; boundary=xyz\n",
	LIMIT_BOUNDARIES, "\n"},
    {"boundary lines", MIXED, "--xyz\n\n", LIMIT_BOUNDARY_LINES, ""},
    {"closing boundary lines", MIXED, "--xyz--\n", LIMIT_BOUNDARY_LINES, ""},
    {"quoted",
	"content-type: MULTIPART/mixed;\r\n\tboundary=\"=_xyz\"\r\n"
	"\r\n",
	"--=_xyz\r\n\r\n", LIMIT_BOUNDARY_LINES, ""},
    {"folded before the value",
	"Content-Type: multipart/mixed; boundary=\n \"xyz\"\n\n", "--xyz\n\n",
	LIMIT_BOUNDARY_LINES, ""},
    {"folded before the equals sign",
	"Content-Type: multipart/mixed; boundary\n =xyz\n\n", "--xyz\n\n",
	LIMIT_BOUNDARY_LINES, ""},
    {"two boundaries",
	"Content-Type: multipart/mixed; boundary=abc; boundary=\"xyz\"\n\n",
	"--xyz\n\n", LIMIT_BOUNDARY_LINES, ""},
    {"RFC 2231",
	"Content-Type: multipart/mixed; boundary*0=x; boundary*1=yz\n\n",
	"--xyz\n\n", LIMIT_BOUNDARY_LINES, ""},
    {"quoted pair", "Content-Type: multipart/mixed; boundary=\"x\\yz\"\n\n",
	"--xyz\n\n", LIMIT_BOUNDARY_LINES, ""},
    {"encoded word",
	"Content-Type: multipart/mixed; boundary=\"=?utf-8?q?xyz?=\"\n\n",
	"--xyz\n\n", LIMIT_BOUNDARY_LINES, ""},
    {"comment", "Content-Type: multipart/mixed; boundary=(c)xyz\n\n",
	"--xyz\n\n", LIMIT_BOUNDARY_LINES, ""},
    {"boundary of a part",
	MIXED "--xyz\nContent-Type: multipart/mixed; boundary=in\n\n",
	"--in\n\n", LIMIT_BOUNDARY_LINES - 1, ""},
};

static void
limits_hold(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_test_message("%s", limits[i].what);
		g_assert_true(is_tame(limits[i].head, limits[i].again,
		    limits[i].max, limits[i].tail));
		g_assert_false(is_tame(limits[i].head, limits[i].again,
		    limits[i].max + 1, limits[i].tail));
	}
}

/* Ordinary mail with much of what looks like trouble. */
static const struct {
	const char *what, *head, *again, *tail;
} fine[] = {
    {"nothing", "", "", ""},
    {"a body that is no multipart", "To: a\n\n", "--\nTo: g:g:\n", ""},
    {"colons elsewhere", "", "Received: 01:02:03 [a::b]\n", "\n"},
    {"a patch", MIXED "--xyz\n\n", "--- a/x\n+++ b/x\n+Cc: a::b\n\n", ""},
    {"a list of names in a text", MIXED "--xyz\n\nTo: a:b:c\n",
	"  x::y::z::a\n", "\n"},
    {"dashes", MIXED "--xyz\n\n", "-- \n---\n--\n", ""},
    {"a long text behind a digest's part",
	"Content-Type: multipart/digest; boundary=xyz\n\n--xyz\n\nTo: a\n\n",
	"a:\n", ""},
    {"boundary in a boundary",
	"Content-Type: multipart/mixed; boundary=\"--boundary-1\"\n\n", "-- \n",
	""},
};

static void
mail_is_fine(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fine); i++) {
		g_test_message("%s", fine[i].what);
		g_assert_true(
		    is_tame(fine[i].head, fine[i].again, 1500, fine[i].tail));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/prescan/limits-hold", limits_hold);
	g_test_add_func("/prescan/mail-is-fine", mail_is_fine);
	return g_test_run();
}
