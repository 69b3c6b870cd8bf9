/* page_mail.c - how to go on with a message in a mail program. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/addr.h"
#include "mail/body.h"
#include "mail/header.h"
#include "view/content.h"
#include "view/out.h"
#include "view/page.h"

#include <string.h>

/* Digits of its key that a message's file is called by. */
#define FILE_KEY_LEN 8

/* To whom an answer goes ----------------------------------------------------
 */

/* Whether addr may stand in a list of addresses and be pasted into a terminal
 * without more ado: all but very odd ones may. */
static bool
is_plain(const char *addr)
{
	const char *at = strrchr(addr, '@');

	if (at == NULL || at == addr || at[1] == '\0' ||
	    !g_utf8_validate(addr, -1, NULL))
		return false;
	for (const char *p = addr; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f ||
		    strchr("\"(),:;<>[\\]", *p) != NULL)
			return false;
	return true;
}

/* Add addr to people unless it is there already, or is one too many. */
static void
add_person(GPtrArray *people, const char *addr)
{
	if (people->len >= LIMIT_ANSWER_PEOPLE || !is_plain(addr))
		return;
	for (guint i = 0; i < people->len; i++)
		if (g_ascii_strcasecmp(people->pdata[i], addr) == 0)
			return;
	g_ptr_array_add(people, g_strdup(addr));
}

/*
 * The addresses that an answer goes to, the first as To.  Where addresses are
 * hidden from harvesters that is the list's own, which is no person's.
 */
static GPtrArray *
find_people(const HtmlSite *site, const PageMessage *p)
{
	const char *values[] = {p->fields->to, p->fields->cc};
	GPtrArray *people = g_ptr_array_new_with_free_func(g_free);
	const char *list = p->list->addresses[0];

	if (!site->protect)
		add_person(people, p->msg->head->from_addr);
	if (list != NULL)
		add_person(people, list);
	for (size_t i = 0; !site->protect && i < G_N_ELEMENTS(values); i++) {
		g_autoptr(GPtrArray) addrs =
		    addr_scan(values[i] != NULL ? values[i] : "");

		for (guint k = 0; k < addrs->len; k++)
			add_person(people, ((Addr *)addrs->pdata[k])->spec);
	}
	return people;
}

/* A mailto: URL (RFC 6068) --------------------------------------------------
 */

void
page_mailto(GString *o, const char *addr)
{
	const char *at = strrchr(addr, '@');
	g_autofree char *local = g_strndup(addr, (gsize)(at - addr));

	out_raw(o, "mailto:");
	out_url(o, local);
	out_raw(o, "@");
	out_url(o, at + 1);
}

/* Append the field name with value behind the one before it, unless the URL
 * that begins at start would become too long: then nothing is changed. */
static bool
add_field(GString *o, gsize start, const char *name, const char *value)
{
	gsize before = o->len;

	/* No octet gets fewer. */
	if (strlen(value) > LIMIT_MAILTO_BYTES)
		return false;
	/* "?" is behind the address already.  An "&" is escaped, and is five
	 * octets here for the one of the URL. */
	if (o->str[o->len - 1] != '?')
		out_raw(o, "&amp;");
	out_text(o, name);
	out_raw(o, "=");
	out_url(o, value);
	if (o->len - start <= LIMIT_MAILTO_BYTES)
		return true;
	g_string_truncate(o, before);
	return false;
}

static void
add_copies(GString *o, gsize start, const GPtrArray *people)
{
	g_autoptr(GString) cc = g_string_new(NULL);

	for (guint i = 1; i < people->len; i++) {
		if (i > 1)
			out_raw(cc, ",");
		g_string_append(cc, people->pdata[i]);
	}
	if (people->len > 1 && !add_field(o, start, "Cc", cc->str))
		add_field(o, start, "Cc", people->pdata[1]);
}

/* The References of an answer: those of its message, or else its
 * In-Reply-To, then its own name (RFC 5322 section 3.6.4). */
static void
add_references(GString *o, gsize start, const PageMessage *p)
{
	const char *values[] = {p->fields->references, p->fields->in_reply_to};
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) value = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(values) && ids->len == 0; i++)
		if (values[i] != NULL)
			header_ids(values[i], ids);
	/* The thread's root, and the nearest. */
	while (ids->len > LIMIT_ANSWER_REFERENCES)
		g_ptr_array_remove_index(ids, 1);
	for (guint i = 0; i < ids->len; i++) {
		out_raw(value, "<");
		g_string_append(value, ids->pdata[i]);
		out_raw(value, "> ");
	}
	out_raw(value, "<");
	g_string_append(value, p->msg->head->id);
	out_raw(value, ">");
	add_field(o, start, "References", value->str);
}

/* Whether the text of m may be short enough for a URL: a page need not decode
 * it twice to know that it is not. */
static bool
is_short(const Msg *m)
{
	size_t len = 0;

	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].show == SHOW_TEXT ||
		    m->parts[i].show == SHOW_HTML)
			len += m->parts[i].len;
	return len <= 2 * (size_t)LIMIT_MAILTO_BYTES;
}

/* The lines of text from off on, quoted, with the line ends that RFC 6068
 * section 5 asks for. */
static void
quote(GString *body, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf != NULL ? lf : end;

		text_append(body, "> ", *text == '>' ? 1 : 2);
		text_append(body, text, (size_t)(stop - text));
		text_append(body, "\r\n", 2);
		text = lf != NULL ? lf + 1 : end;
	}
}

/* "On 2024-03-05 14:02 UTC, Jo wrote:" */
static void
quote_head(GString *body, const HtmlSite *site, const Head *h)
{
	g_auto(GStrv) part =
	    g_strsplit(html_word(site, "On %s UTC, %s wrote:"), "%s", 3);
	g_autofree char *date = date_format_minute(h->date);
	const char *name = *h->from_name != '\0' ? h->from_name : h->from_addr;
	g_autofree char *safe = site->protect ? addr_protect(name) : NULL;

	g_assert(g_strv_length(part) == 3);
	g_string_append(body, part[0]);
	g_string_append(body, date);
	g_string_append(body, part[1]);
	g_string_append(body, safe != NULL ? safe : name);
	g_string_append(body, part[2]);
	g_string_append(body, "\r\n");
}

/* What m says, quoted, less its signature; nothing if it does not fit. */
static void
add_body(GString *o, gsize start, const HtmlSite *site, const ReadMsg *m)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(NULL);

	if (!is_short(m->outline))
		return;
	content_plain(text, site, m);
	g_autoptr(GArray) blocks = body_blocks(text->str, text->len);

	quote_head(body, site, m->head);
	for (guint i = 0; i < blocks->len; i++) {
		const BodyBlock *b = &g_array_index(blocks, BodyBlock, i);

		if (b->kind != BODY_SIGNATURE)
			quote(body, text->str + b->off, b->len);
	}
	while (g_str_has_suffix(body->str, "\n> \r\n"))
		g_string_truncate(body, body->len - strlen("> \r\n"));
	if (text->len > 0)
		add_field(o, start, "body", body->str);
}

/*
 * A link that begins an answer in the reader's mail program: it stays in the
 * thread, whoever it is sent to.
 */
static void
write_answer_link(GString *o, const HtmlSite *site, const PageMessage *p,
    const GPtrArray *people)
{
	const Head *h = p->msg->head;
	g_autofree char *id = g_strconcat("<", h->id, ">", NULL);
	bool again = g_ascii_strncasecmp(h->subject, "re:", 3) == 0;
	g_autofree char *safe = site->protect ? addr_protect(h->subject) : NULL;
	g_autofree char *subject = g_strconcat(
	    again ? "" : "Re: ", safe != NULL ? safe : h->subject, NULL);

	out_raw(o, "<li><a href=\"");
	gsize start = o->len;

	if (people->len > 0)
		page_mailto(o, people->pdata[0]);
	else
		out_raw(o, "mailto:");
	out_raw(o, "?");
	add_field(o, start, "In-Reply-To", id);
	add_field(o, start, "Subject", subject);
	add_copies(o, start, people);
	add_references(o, start, p);
	add_body(o, start, site, p->msg);
	out_raw(o, "\" rel=\"nofollow\">");
	html_say(o, site, "Answer by mail");
	out_raw(o, "</a></li>\n");
}

/* The page --------------------------------------------------------------- */

/* "--to='jo@example.org'" in a line of its own, so that none is broken within
 * an option. */
static void
write_option(GString *o, const char *option, const char *value)
{
	g_autofree char *quoted = g_shell_quote(value);

	out_raw(o, " \\\n  ");
	out_text(o, option);
	out_raw(o, "=");
	out_text(o, quoted);
}

static void
write_send_email(GString *o, const HtmlSite *site, const PageMessage *p,
    const GPtrArray *people)
{
	const char *octets = p->msg->head->id;
	g_autofree char *id = text_from_octets(octets, strlen(octets));
	g_autofree char *clean = text_squeeze(id);

	/* What is pasted into a terminal must not speak to that. */
	if (strcmp(id, clean) != 0)
		return;
	out_raw(o, "<p>");
	html_say(o, site, "To answer with a patch");
	out_raw(o, "</p>\n<pre><code>git send-email");
	write_option(o, "--in-reply-to", id);
	for (guint i = 0; i < people->len; i++)
		write_option(o, i == 0 ? "--to" : "--cc", people->pdata[i]);
	out_raw(o, " \\\n  <var>FILE</var></code></pre>\n");
}

void
page_mail(GString *o, const HtmlSite *site, const PageMessage *p)
{
	g_autoptr(GPtrArray) people = find_people(site, p);
	const HtmlMailbox box = {
	    .list = p->list, .key = p->msg->head->key, .name = "t"};
	const char *text = html_word(site, "Thread as a mailbox: %s or %s");

	out_raw(o, "<details class=\"program\"><summary>");
	html_say(o, site, "In a mail program");
	out_raw(o, "</summary>\n<ul class=\"takeaway\">");
	if (p->msg->head->id != NULL)
		write_answer_link(o, site, p, people);
	out_raw(o, "<li><a href=\"raw\" download=\"");
	out_append(o, p->msg->head->key, FILE_KEY_LEN);
	out_raw(o, ".eml\">");
	html_say(o, site, "Save it as a file (.eml)");
	out_raw(o, "</a></li>\n<li>");
	html_mailbox(o, site, &box, &text);
	html_until(o, &text);
	out_raw(o, "</li></ul>\n");
	if (p->msg->head->id != NULL)
		write_send_email(o, site, p, people);
	out_raw(o, "</details>\n");
}
