/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/parse.h"
#include "view/content.h"

#include <string.h>

static const HtmlSite hiding = {
    .title = "t", .url = "https://h/a", .path = "/a", .protect = true};

#define MIXED                                                                  \
	"From: Jo <jo@example.org>\nMIME-Version: 1.0\n"                       \
	"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
#define PATCH "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-jo@example.org\n+y\n"

/* Each of want stands on the page of mail in that order; NULL-ended; bad
 * does not stand on it at all. */
static const struct {
	const char *mail, *want[8], *bad;
} pages[] = {
    /* A message within a message has a frame and a head of its own. */
    {MIXED "Content-Type: text/plain\n\nsee below\n--b\n"
	   "Content-Type: message/rfc822\n\nFrom: Al <al@example.org>\n"
	   "Subject: inner <b>\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\n"
	   "inner words\n--b--\n",
	{"see below", "<div class=\"enclosed\">", "/a/l/KEY/3-part-3.eml",
	    "<dt>From</dt><dd>Al &lt;al\xef\xbc\xa0",
	    "<dt>Subject</dt><dd>inner "
	    "&lt;b>",
	    "inner words", "</pre>\n</div>\n</div>\n"},
	"Attachments"},
    /* An image of the mail's own stands where the HTML has it. */
    {MIXED
	"Content-Type: text/html\n\n<p>a<img src=cid:i@x alt=pic>"
	"<img src=http://evil.example/p.png alt=far>"
	"<a href='mailto:jo%40example.org'>Jo</a>"
	"<a href='mid:k@x'>it</a></p>\n--b\n"
	"Content-Type: image/png; name=p.png\nContent-ID: <i@x>\n\nPNG\n--b\n"
	"Content-Type: image/png; name=\"q\\\">.png\"\n\nPNG\n--b--\n",
	{"<img src=\"/a/l/KEY/3-p.png\" alt=\"pic\" loading=\"lazy\">",
	    "<a href=\"http://evil.example/p.png\"", "[far]</a>Jo<",
	    "<a href=\"/a/r/k%40x\">mid:k@x</a>", "Attachments",
	    "<img src=\"/a/l/KEY/4-q__.png\" alt=\"q__.png\" "
	    "loading=\"lazy\">"},
	"jo@example"},
    /* An event has a card; its file is there, too. */
    {MIXED "Content-Type: text/plain\n\nhi\n--b\n"
	   "Content-Type: text/calendar; method=REQUEST\n\n"
	   "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:a <b>\n"
	   "DTSTART:20240305T140000Z\nDTEND:20240305T150000Z\n"
	   "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=3\n"
	   "LOCATION:https://x.example/m or jo@example.org\n"
	   "ATTENDEE:mailto:jo@example.org\nEND:VEVENT\n--b--\n",
	{"<dt>Invitation</dt><dd><b>a &lt;b></b></dd>",
	    "<dt>When</dt><dd><time datetime=\"2024-03-05T14:00Z\">"
	    "2024-03-05&nbsp;14:00</time> \xe2\x80\x93 "
	    "<time datetime=\"2024-03-05T15:00Z\">15:00</time> UTC</dd>",
	    "<dt>Repeats</dt><dd>Every 2 weeks: Monday, Sunday; 3 times</dd>",
	    "<dd><a href=\"https://x.example/m\" rel=\"nofollow\">https://"
	    "x.example/m</a> or jo\xef\xbc\xa0",
	    "<dt>1 attendee</dt><dd>jo\xef\xbc\xa0", "hi", "3-part-3.ics"},
	"jo@example"},
    /* What nobody would open is told in a line, and no attachment. */
    {MIXED "Content-Type: text/enriched\n\n<bold>a</bold>\n<<b\n\n"
	   "<param>jo@example.org</param>c\n--b\n"
	   "Content-Type: application/pkcs7-mime; name=smime.p7m\n"
	   "Content-Transfer-Encoding: base64\n\nMIIBAAYJKoZIhvcNAQcDoIIB\n"
	   "--b\nContent-Type: application/pkcs7-mime; name=s.p7m\n"
	   "Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHAqCAMIAC\n"
	   "--b\nContent-Type: application/pgp-signature\n\nx\n--b\n"
	   "Content-Type: application/ms-tnef; name=winmail.dat\n\nx\n--b\n"
	   "Content-Type: message/external-body\n\nx\n--b--\n",
	{"a &lt;b\nc", "Encrypted with S/MIME, ", "smime.p7m</a>",
	    "Signed with S/MIME in a form", "Signed with OpenPGP, ", "(TNEF)",
	    "kept elsewhere"},
	"Attachments"},
    /* A patch that is attached can be read there. */
    {MIXED "Content-Type: text/plain\n\nhi\n--b\n"
	   "Content-Type: text/x-patch; name=a.patch\n"
	   "Content-Disposition: attachment\n\n" PATCH "--b\n"
	   "Content-Type: application/octet-stream; name=a.bin\n\nx\n--b\n"
	   "Content-Type: image/svg+xml; name=a.svg\n\n<svg/>\n--b--\n",
	{"3-a.patch", "<details class=\"preview\"><summary>Read it here",
	    "<a href=\"#d1-KEY-3\">x</a>", "id=\"d1-KEY-3\"", "4-a.bin",
	    "5-a.svg"},
	"jo@example"},
};

static void
parts_are_shown(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autoptr(GBytes) raw =
		    g_bytes_new_static(pages[i].mail, strlen(pages[i].mail));
		g_autoptr(Msg) msg = parse_msg(raw);
		char id[] = "l";
		StoreList list = {.list_id = id};
		Head head = {.key = "KEY"};
		ReadMsg m = {.head = &head, .outline = msg, .raw = raw};
		g_autoptr(GString) o = g_string_new(NULL);
		const char *at = NULL;

		content_write(o, &hiding, &list, &m, 1);
		at = o->str;
		g_test_message("page %zu: %s", i, o->str);
		for (size_t j = 0; pages[i].want[j] != NULL; j++) {
			at = strstr(at, pages[i].want[j]);
			g_test_message("part %zu", j);
			g_assert_nonnull(at);
		}
		g_assert_null(strstr(o->str, pages[i].bad));
		g_assert_null(strstr(o->str, "src=\"http"));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	parse_init();
	g_test_add_func("/content/parts-are-shown", parts_are_shown);
	return g_test_run();
}
