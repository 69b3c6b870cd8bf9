/* page_header.c - the whole header of a message. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "mail/addr.h"
#include "mail/header.h"
#include "view/out.h"
#include "view/page.h"

static void
write_field(GString *o, const HtmlSite *site, const HeaderField *f)
{
	g_autofree char *name = text_from_octets(f->name, f->name_len);
	g_autofree char *value = header_value(f);
	g_autofree char *text = header_decode(value);

	out_raw(o, "<dt>");
	html_protected(o, site, name);
	out_raw(o, "</dt><dd>");
	/* What stands in these is no address, however it looks. */
	bool names = header_is(f, "Message-ID") || header_is(f, "References") ||
		     header_is(f, "Archived-At");
	g_autofree char *safe =
	    site->protect && !names ? addr_protect_header(text) : NULL;

	out_text(o, safe != NULL ? safe : text);
	out_raw(o, "</dd>\n");
}

/* Every field in its order; returns false where not all were written. */
static bool
write_fields(GString *o, const HtmlSite *site, GBytes *raw)
{
	gsize len = 0;
	const char *bytes = g_bytes_get_data(raw, &len);
	size_t begun = o->len;
	HeaderWalk w;
	HeaderField f;

	header_walk_init(&w, bytes, len);
	while (header_next(&w, &f)) {
		if (o->len - begun + f.value_len > LIMIT_SHOWN_HEADER_BYTES)
			return false;
		write_field(o, site, &f);
	}
	return true;
}

void
page_header(GString *o, const HtmlSite *site, const StoreList *list,
    const Head *h, GBytes *raw)
{
	const HtmlTop top = {.title = html_word(site, "Header"),
	    .list = list,
	    .key = h->key,
	    .hidden = true};
	const char *text = html_word(site, "Header of %s");
	bool whole = false;

	html_begin(o, site, &top);
	out_raw(o, "<h1>");
	html_until(o, &text);
	out_raw(o, "<a href=\"");
	html_msg_path(o, site, list, h->key);
	out_raw(o, "\">");
	html_subject(o, site, h->subject);
	out_raw(o, "</a>");
	html_until(o, &text);
	out_raw(o, "</h1>\n<dl class=\"header\">\n");
	whole = write_fields(o, site, raw);
	out_raw(o, "</dl>\n<p><a href=\"");
	html_msg_path(o, site, list, h->key);
	out_raw(o, "raw\">");
	if (whole)
		html_say(o, site, "Raw message");
	else
		html_say(o, site, "The rest is in the raw message.");
	out_raw(o, "</a></p>\n");
	html_end(o, site);
}
