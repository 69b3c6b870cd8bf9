/* SPDX-License-Identifier: Apache-2.0 */
#include "view/content.h"

#include "mail/addr.h"
#include "mail/body.h"
#include "mail/html.h"
#include "mail/part.h"
#include "view/out.h"
#include "view/prose.h"

#include <string.h>

/* text with its addresses hidden where site says so; takes text. */
static char *
protect(const HtmlSite *site, char *take_text)
{
	if (!site->protect || strchr(take_text, '@') == NULL)
		return take_text;
	char *safe = addr_protect(take_text);

	g_free(take_text);
	return safe;
}

/* The text of part n as it is meant to be read. */
static char *
part_prose(const HtmlSite *site, const ReadMsg *m, size_t n, bool *cut)
{
	const Part *p = &m->outline->parts[n];
	g_autofree char *text = part_text(m->raw, p, cut);

	if (p->show == SHOW_HTML) {
		char *plain = html_to_text(text);

		g_free(g_steal_pointer(&text));
		text = plain;
	} else if (p->flowed) {
		char *plain = body_unflow(text, p->delsp);

		g_free(g_steal_pointer(&text));
		text = plain;
	}
	return protect(site, g_steal_pointer(&text));
}

/* A link to part n under its file name. */
static void
write_part_link(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, size_t n)
{
	g_autofree char *file = part_file_name(&m->outline->parts[n], n + 1);

	out_raw(o, "<a href=\"");
	html_msg_path(o, site, list, m->head->key);
	out_num(o, n + 1);
	out_raw(o, "-");
	out_url(o, file);
	out_raw(o, "\">");
	html_protected(o, site, file);
	out_raw(o, "</a>");
}

static void
write_raw_link(
    GString *o, const HtmlSite *site, const StoreList *list, const ReadMsg *m)
{
	out_raw(o, "<a href=\"");
	html_msg_path(o, site, list, m->head->key);
	out_raw(o, "raw\">as it was sent</a>");
}

/* HTML mail in a box of its own; where it is too much for the sanitiser,
 * its text. */
static void
write_html(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, size_t n)
{
	bool cut = false;
	g_autofree char *source =
	    part_text(m->raw, &m->outline->parts[n], &cut);
	g_autofree char *safe = cut ? NULL : html_sanitise(source);

	out_raw(o, "<p class=\"note\">This message was sent as HTML. It is "
		   "shown without its styles, scripts and remote images; read "
		   "it ");
	write_raw_link(o, site, list, m);
	out_raw(o, ".</p>\n");
	if (safe == NULL) {
		g_autofree char *text = protect(site, html_to_text(source));

		prose_write(o, site, text, m->head->key, n);
		return;
	}
	safe = protect(site, g_steal_pointer(&safe));
	out_raw(o, "<div class=\"html\">\n");
	out_safe(o, safe);
	out_raw(o, "\n</div>\n");
}

static void
write_text(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, size_t n)
{
	bool cut = false;
	g_autofree char *text = part_prose(site, m, n, &cut);

	if (m->outline->parts[n].name != NULL) {
		out_raw(o, "<p class=\"file\">");
		write_part_link(o, site, list, m, n);
		out_raw(o, "</p>\n");
	}
	prose_write(o, site, text, m->head->key, n);
	if (!cut)
		return;
	out_raw(o, "<p class=\"note\">The text goes on; this is its "
		   "beginning. The whole: ");
	write_part_link(o, site, list, m, n);
	out_raw(o, "</p>\n");
}

/* Bytes of p once decoded, near enough to be told to people. */
static size_t
decoded_size(const Part *p)
{
	/* 76 digits and a line end stand for 57 octets. */
	return p->encoding == ENCODING_BASE64
		   ? p->len / 77 * 57 + p->len % 77 * 3 / 4
		   : p->len;
}

static void
write_files(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, unsigned int level)
{
	bool any = false;

	for (size_t n = 0; n < m->outline->n_parts; n++) {
		const Part *p = &m->outline->parts[n];

		if (p->show != SHOW_FILE)
			continue;
		if (!any)
			g_string_append_printf(o,
			    "<section class=\"files\"><h%u>Attachments</h%u>\n"
			    "<ul>\n",
			    level + 1, level + 1);
		any = true;
		out_raw(o, "<li>");
		write_part_link(o, site, list, m, n);
		out_raw(o, " <span class=\"meta\">");
		out_text(o, p->type);
		out_raw(o, ", ");
		html_size(o, decoded_size(p));
		out_raw(o, "</span></li>\n");
	}
	if (any)
		out_raw(o, "</ul></section>\n");
}

void
content_write(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, unsigned int level)
{
	bool any = false;

	for (size_t n = 0; n < m->outline->n_parts; n++) {
		Show show = m->outline->parts[n].show;

		if (show == SHOW_TEXT)
			write_text(o, site, list, m, n);
		else if (show == SHOW_HTML)
			write_html(o, site, list, m, n);
		any |= show != SHOW_NONE;
	}
	if (!any) {
		out_raw(o, "<p class=\"note\">This message has no text that "
			   "could be shown; read it ");
		write_raw_link(o, site, list, m);
		out_raw(o, ".</p>\n");
	}
	write_files(o, site, list, m, level);
}

void
content_plain(GString *o, const HtmlSite *site, const ReadMsg *m)
{
	for (size_t n = 0; n < m->outline->n_parts; n++) {
		Show show = m->outline->parts[n].show;
		bool cut = false;

		if (show != SHOW_TEXT && show != SHOW_HTML)
			continue;
		g_autofree char *text = part_prose(site, m, n, &cut);

		g_string_append(o, text);
		if (cut)
			g_string_append(o, "\xe2\x80\xa6\n");
	}
}
