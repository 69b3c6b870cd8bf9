/* SPDX-License-Identifier: Apache-2.0 */
#include "view/content.h"

#include "base/text.h"
#include "mail/addr.h"
#include "mail/calendar.h"
#include "mail/header.h"
#include "mail/html.h"
#include "mail/part.h"
#include "mail/plain.h"
#include "view/invite.h"
#include "view/out.h"
#include "view/part_note.h"
#include "view/prose.h"

#include <string.h>

/* Messages within messages that are shown in a frame of their own; what
 * lies deeper stands in the frame of the last. */
#define SHOWN_NESTING 4u

/* Bytes of an image that is shown, and of a text that is, folded, beside
 * its link. */
#define PREVIEW_IMAGE_BYTES (2u << 20)
#define PREVIEW_TEXT_BYTES (64u << 10)

/* Bytes of a field of a message within a message that are shown. */
#define ENCLOSED_FIELD_BYTES 500

/* A message that is being written. */
typedef struct {
	GString *o;
	const HtmlSite *site;
	const StoreList *list;
	const ReadMsg *m;
	bool whole;    /* the page is this message's alone */
	bool *inline_; /* for each part: shown within HTML; or NULL */
} Content;

/* text with its addresses hidden where site says so; takes text. */
static char *
protect(const HtmlSite *site, char *take_text)
{
	if (!site->protect || !addr_may_be_in(take_text))
		return take_text;
	char *safe = addr_protect(take_text);

	g_free(take_text);
	return safe;
}

/* The text of part n as it is meant to be read. */
static char *
part_prose(const HtmlSite *site, const ReadMsg *m, size_t n, bool *cut)
{
	return protect(site, plain_text(m->raw, &m->outline->parts[n], cut));
}

/* "/LIST/KEY/2-name" of part n. */
static void
write_part_path(GString *o, const Content *c, size_t n)
{
	g_autofree char *file = part_file_name(&c->m->outline->parts[n], n + 1);

	html_msg_path(o, c->site, c->list, c->m->head->key);
	out_num(o, n + 1);
	out_raw(o, "-");
	out_url(o, file);
}

/* A link to part n under its file name. */
static void
write_part_link(const Content *c, size_t n)
{
	g_autofree char *file = part_file_name(&c->m->outline->parts[n], n + 1);

	out_raw(c->o, "<a href=\"");
	write_part_path(c->o, c, n);
	out_raw(c->o, "\">");
	html_protected(c->o, c->site, file);
	out_raw(c->o, "</a>");
}

/* A sentence of the interface with a link to the message's bytes inside. */
static void
write_raw_note(const Content *c, const char *sentence)
{
	out_raw(c->o, "<p class=\"note\">");
	html_until(c->o, &sentence);
	out_raw(c->o, "<a href=\"");
	html_msg_path(c->o, c->site, c->list, c->m->head->key);
	out_raw(c->o, "raw\">");
	html_say(c->o, c->site, "as it was sent");
	out_raw(c->o, "</a>");
	html_until(c->o, &sentence);
	out_raw(c->o, "</p>\n");
}

/* HTML -------------------------------------------------------------------- */

/* Bytes of p once decoded, near enough to be told to people. */
static size_t
decoded_size(const Part *p)
{
	/* 76 digits and a line end stand for 57 octets. */
	return p->encoding == ENCODING_BASE64
		   ? p->len / 77 * 57 + p->len % 77 * 3 / 4
		   : p->len;
}

/* Images that a browser shows by itself and that can do nothing. */
static bool
is_image(const Part *p)
{
	static const char *const types[] = {
	    "image/png", "image/jpeg", "image/gif", "image/webp"};

	if (p->type[0] != 'i' || decoded_size(p) > PREVIEW_IMAGE_BYTES)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(p->type, types[i]) == 0)
			return true;
	return false;
}

/* The image with that Content-ID among the message's own parts. */
static char *
find_image(void *user, const char *cid)
{
	const Content *c = user;

	for (size_t n = 0; n < c->m->outline->n_parts; n++) {
		const Part *p = &c->m->outline->parts[n];

		if (p->cid == NULL || !is_image(p) || strcmp(p->cid, cid) != 0)
			continue;
		GString *path = g_string_new(NULL);

		write_part_path(path, c, n);
		c->inline_[n] = true;
		return g_string_free(path, FALSE);
	}
	return NULL;
}

static char *
find_message(void *user, const char *id)
{
	const Content *c = user;
	GString *path = g_string_new(NULL);

	out_attr(path, c->site->path);
	out_raw(path, "/r/");
	out_url(path, id);
	return g_string_free(path, FALSE);
}

static char *
behind_link(void *user, const char *url)
{
	const Content *c = user;
	GString *o = g_string_new(NULL);

	html_here(o, c->site, url, strlen(url));
	return g_string_free(o, FALSE);
}

/* HTML mail in a box of its own; where it is too much for the sanitiser,
 * its text. */
static void
write_html(Content *c, size_t n)
{
	const HtmlRefs refs = {.part = find_image,
	    .message = find_message,
	    .behind = c->site->here != NULL ? behind_link : NULL,
	    .protect = c->site->protect,
	    .user = c};
	bool cut = false;
	g_autofree char *source =
	    part_text(c->m->raw, &c->m->outline->parts[n], &cut);
	g_autofree char *safe = NULL, *text = NULL;

	if (!cut)
		safe = html_sanitise(source, &refs);
	if (safe == NULL || c->whole)
		text = protect(c->site, html_to_text(source));
	write_raw_note(
	    c, html_word(c->site,
		   "This message was sent as HTML. It is shown without its "
		   "styles, scripts and remote images; read it %s."));
	if (safe == NULL) {
		prose_write(c->o, c->site, text, c->m->head->key, n);
		return;
	}
	out_raw(c->o, "<div class=\"html\">\n");
	out_safe(c->o, safe);
	out_raw(c->o, "\n</div>\n");
	if (!c->whole)
		return;
	out_raw(c->o, "<details class=\"preview\"><summary>");
	html_say(c->o, c->site, "The same as plain text");
	out_raw(c->o, "</summary>\n");
	prose_write(c->o, c->site, text, c->m->head->key, n);
	out_raw(c->o, "</details>\n");
}

/* Texts and files --------------------------------------------------------- */

static void
write_text(const Content *c, size_t n)
{
	bool cut = false;
	g_autofree char *text = part_prose(c->site, c->m, n, &cut);
	const char *more = NULL;

	if (c->m->outline->parts[n].name != NULL) {
		out_raw(c->o, "<p class=\"file\">");
		write_part_link(c, n);
		out_raw(c->o, "</p>\n");
	}
	prose_write(c->o, c->site, text, c->m->head->key, n);
	if (!cut)
		return;
	more = html_word(
	    c->site, "The text goes on; this is its beginning. The whole: %s");
	out_raw(c->o, "<p class=\"note\">");
	html_until(c->o, &more);
	write_part_link(c, n);
	html_until(c->o, &more);
	out_raw(c->o, "</p>\n");
}

/* Whether a file is a text, by its type or, where that says nothing, by
 * the name that patches have. */
static bool
is_text(const Part *p)
{
	static const char *const types[] = {"text/plain", "text/x-patch",
	    "text/x-diff", "text/markdown", "application/x-patch",
	    "application/x-diff", "text/x-csrc", "text/x-log"};

	if (p->len > PREVIEW_TEXT_BYTES || p->absent)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(p->type, types[i]) == 0)
			return true;
	return p->name != NULL &&
	       strcmp(p->type, "application/octet-stream") == 0 &&
	       (g_str_has_suffix(p->name, ".patch") ||
		   g_str_has_suffix(p->name, ".diff"));
}

/* What a file is, beside its link. */
static void
write_preview(const Content *c, size_t n)
{
	const Part *p = &c->m->outline->parts[n];
	bool cut = false;

	if (is_image(p)) {
		g_autofree char *file = part_file_name(p, n + 1);
		g_autofree char *alt = protect(c->site, g_strdup(file));

		out_raw(c->o, "<br><img src=\"");
		write_part_path(c->o, c, n);
		out_raw(c->o, "\" alt=\"");
		out_attr(c->o, alt);
		out_raw(c->o, "\" loading=\"lazy\">");
	} else if (is_text(p)) {
		g_autofree char *text = part_prose(c->site, c->m, n, &cut);

		out_raw(c->o, "<details class=\"preview\"><summary>");
		html_say(c->o, c->site, "Read it here");
		out_raw(c->o, "</summary>\n");
		prose_write(c->o, c->site, text, c->m->head->key, n);
		out_raw(c->o, "</details>");
	}
}

/* What is to be said of part n, if there is. */
static void
write_note(const Content *c, size_t n)
{
	const char *note = part_note(c->m, n);

	if (note == NULL)
		return;
	note = words(c->site->words, note);
	out_raw(c->o, "<p class=\"note\">");
	html_until(c->o, &note);
	write_part_link(c, n);
	html_until(c->o, &note);
	out_raw(c->o, " <span class=\"meta\">");
	html_size(c->o, decoded_size(&c->m->outline->parts[n]));
	out_raw(c->o, "</span></p>\n");
}

static void
write_file(const Content *c, size_t n)
{
	const Part *p = &c->m->outline->parts[n];

	out_raw(c->o, "<li>");
	write_part_link(c, n);
	out_raw(c->o, " <span class=\"meta\">");
	out_text(c->o, p->type);
	out_raw(c->o, ", ");
	html_size(c->o, decoded_size(p));
	out_raw(c->o, "</span>");
	write_preview(c, n);
	out_raw(c->o, "</li>\n");
}

/* A stretch of the outline: parts of one message. */
typedef struct {
	size_t first, end;
	unsigned int level, nesting; /* heading above it; messages around */
} Stretch;

/* Behind the last part that lies within part n. */
static size_t
end_within(const Content *c, size_t n)
{
	const Part *parts = c->m->outline->parts;
	size_t end = n + 1;

	while (
	    end < c->m->outline->n_parts && parts[end].depth > parts[n].depth)
		end++;
	return end;
}

/* Whether part n is a message whose parts are known, to be framed. */
static bool
is_framed(const Content *c, const Stretch *s, size_t n)
{
	const Part *p = &c->m->outline->parts[n];

	return p->show == SHOW_FILE && s->nesting < SHOWN_NESTING &&
	       strcmp(p->type, "message/rfc822") == 0 &&
	       (p->encoding == ENCODING_IDENTITY ||
		   p->encoding == ENCODING_BINARY) &&
	       end_within(c, n) > n + 1;
}

static void
write_files(const Content *c, const Stretch *s)
{
	unsigned int h = MIN(s->level + 1, 6);
	bool any = false;

	for (size_t n = s->first; n < s->end; n++) {
		if (is_framed(c, s, n)) {
			n = end_within(c, n) - 1;
			continue;
		}
		if (c->m->outline->parts[n].show != SHOW_FILE ||
		    part_note(c->m, n) != NULL ||
		    (c->inline_ != NULL && c->inline_[n]))
			continue;
		if (!any) {
			g_string_append_printf(
			    c->o, "<section class=\"files\"><h%u>", h);
			html_say(c->o, c->site, "Attachments");
			g_string_append_printf(c->o, "</h%u>\n<ul>\n", h);
		}
		any = true;
		write_file(c, n);
	}
	if (any)
		out_raw(c->o, "</ul></section>\n");
}

/* Messages within --------------------------------------------------------- */

/* A field of the message that is part n; nothing where it has none. */
static void
write_field(const Content *c, size_t n, const char *name, const char *word)
{
	const Part *p = &c->m->outline->parts[n];
	size_t len = 0;
	const char *raw = g_bytes_get_data(c->m->raw, &len);
	size_t off = MIN(p->off, len);
	g_autofree char *value =
	    header_find(raw + off, MIN(p->len, len - off), name);
	g_autofree char *text = value != NULL ? header_decode(value) : NULL;

	if (text == NULL || *text == '\0')
		return;
	g_autofree char *cut = text_cut(text, ENCLOSED_FIELD_BYTES);

	out_raw(c->o, "<dt>");
	html_say(c->o, c->site, word);
	out_raw(c->o, "</dt><dd>");
	html_protected(c->o, c->site, cut);
	out_raw(c->o, "</dd>\n");
}

static void write_parts(Content *c, const Stretch *s);

static void
write_framed(Content *c, const Stretch *s, size_t n)
{
	const Stretch within = {.first = n + 1,
	    .end = end_within(c, n),
	    .level = s->level + 1,
	    .nesting = s->nesting + 1};

	out_raw(c->o, "<div class=\"enclosed\">\n<p class=\"file\">");
	write_part_link(c, n);
	out_raw(c->o, " <span class=\"meta\">");
	html_size(c->o, c->m->outline->parts[n].len);
	out_raw(c->o, "</span></p>\n<dl>\n");
	write_field(c, n, "From", N_("From"));
	write_field(c, n, "To", N_("To"));
	write_field(c, n, "Date", N_("Date"));
	write_field(c, n, "Subject", N_("Subject"));
	out_raw(c->o, "</dl>\n");
	write_parts(c, &within);
	out_raw(c->o, "</div>\n");
}

static bool
is_calendar(const Part *p)
{
	return p->leaf && p->show == SHOW_FILE && !p->absent &&
	       (strcmp(p->type, "text/calendar") == 0 ||
		   strcmp(p->type, "application/ics") == 0);
}

/* The event of a calendar that the message carries, once though mailers send
 * it as an alternative and as a file; the file is listed as any other. */
static void
write_event(const Content *c, const Stretch *s)
{
	g_autoptr(Calendar) event = NULL;

	for (size_t n = s->first; n < s->end && event == NULL; n++) {
		const Part *p = &c->m->outline->parts[n];
		bool cut = false;

		if (is_framed(c, s, n)) {
			n = end_within(c, n) - 1;
		} else if (is_calendar(p)) {
			g_autofree char *text = part_text(c->m->raw, p, &cut);

			event = calendar_read(text, strlen(text));
		}
	}
	if (event == NULL)
		return;
	out_raw(c->o, "<div class=\"enclosed\">\n");
	invite_write(c->o, c->site, event);
	out_raw(c->o, "</div>\n");
}

static void
write_parts(Content *c, const Stretch *s)
{
	write_event(c, s);

	for (size_t n = s->first; n < s->end; n++) {
		Show show = c->m->outline->parts[n].show;

		if (show == SHOW_TEXT) {
			write_text(c, n);
		} else if (show == SHOW_HTML) {
			write_html(c, n);
		} else if (is_framed(c, s, n)) {
			write_framed(c, s, n);
			n = end_within(c, n) - 1;
		} else {
			write_note(c, n);
		}
	}
	write_files(c, s);
}

void
content_write(GString *o, const HtmlSite *site, const StoreList *list,
    const ReadMsg *m, unsigned int level)
{
	const Stretch all = {.end = m->outline->n_parts, .level = level};
	g_autofree bool *inline_ = NULL;
	bool any = false, html = false;

	for (size_t n = 0; n < all.end; n++) {
		any |= m->outline->parts[n].show != SHOW_NONE;
		html |= m->outline->parts[n].show == SHOW_HTML;
	}
	if (html)
		inline_ = g_new0(bool, all.end);
	Content c = {.o = o,
	    .site = site,
	    .list = list,
	    .m = m,
	    .whole = level == 1,
	    .inline_ = inline_};

	if (!any)
		write_raw_note(&c,
		    html_word(site, "This message has no text that could be "
				    "shown; read it %s."));
	write_parts(&c, &all);
}

static void
write_plain(GString *o, const HtmlSite *site, const ReadMsg *m, bool xml)
{
	for (size_t n = 0; n < m->outline->n_parts; n++) {
		Show show = m->outline->parts[n].show;
		bool cut = false;

		if (show != SHOW_TEXT && show != SHOW_HTML)
			continue;
		g_autofree char *text = part_prose(site, m, n, &cut);

		if (xml)
			out_xml(o, text);
		else
			g_string_append(o, text);
		if (cut)
			out_raw(o, "\xe2\x80\xa6\n");
	}
}

void
content_plain(GString *o, const HtmlSite *site, const ReadMsg *m)
{
	write_plain(o, site, m, false);
}

void
content_xml(GString *o, const HtmlSite *site, const ReadMsg *m)
{
	write_plain(o, site, m, true);
}
