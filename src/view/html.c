/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html.h"

#include "base/date.h"
#include "mail/addr.h"
#include "view/assets_names.h"
#include "view/out.h"

#include <string.h>

static const char *const month_names[] = {"January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October",
    "November", "December"};

/* Paths ------------------------------------------------------------------- */

void
html_list_path(GString *o, const HtmlSite *site, const StoreList *list)
{
	out_attr(o, site->path);
	out_raw(o, "/");
	out_url(o, list->list_id);
	out_raw(o, "/");
}

void
html_msg_path(
    GString *o, const HtmlSite *site, const StoreList *list, const char *key)
{
	html_list_path(o, site, list);
	out_url(o, key);
	out_raw(o, "/");
}

void
html_month_path(GString *o, const HtmlSite *site, const StoreList *list,
    int year, int month)
{
	html_list_path(o, site, list);
	g_string_append_printf(o, "%04d/%02d/", year, month);
}

/* The frame --------------------------------------------------------------- */

static void
write_head_links(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	if (top->hidden)
		out_raw(o, "<meta name=\"robots\" content=\"noindex\">\n");
	if (top->key == NULL)
		return;
	g_assert(top->list != NULL);
	out_raw(o, "<link rel=\"canonical\" href=\"");
	out_attr(o, site->url);
	out_raw(o, "/");
	out_url(o, top->list->list_id);
	out_raw(o, "/");
	out_url(o, top->key);
	out_raw(o, "/");
	if (top->suffix != NULL)
		out_attr(o, top->suffix);
	out_raw(o, "\">\n");
	if (!top->feed)
		return;
	out_raw(o, "<link rel=\"alternate\" type=\"application/atom+xml\" "
		   "title=\"This thread\" href=\"");
	html_msg_path(o, site, top->list, top->key);
	out_raw(o, "t.atom\">\n");
}

static void
write_crumbs(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<header class=\"top\"><nav aria-label=\"Breadcrumb\"><ol>"
		   "<li><a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/\">");
	out_text(o, site->title);
	out_raw(o, "</a></li>");
	if (top->list != NULL) {
		out_raw(o, "<li><a href=\"");
		html_list_path(o, site, top->list);
		out_raw(o, "\">");
		out_text(o, top->list->list_id);
		out_raw(o, "</a></li>");
	}
	if (top->list != NULL && top->month > 0) {
		out_raw(o, "<li><a href=\"");
		html_month_path(o, site, top->list, top->year, top->month);
		out_raw(o, "\">");
		html_month(o, top->year, top->month);
		out_raw(o, "</a></li>");
	}
	out_raw(o, "</ol></nav></header>\n");
}

void
html_begin(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		   "<meta charset=\"utf-8\">\n<title>");
	if (top->title != NULL) {
		html_protected(o, site, top->title);
		out_raw(o, " \xc2\xb7 ");
	}
	out_text(o, top->list != NULL ? top->list->list_id : site->title);
	out_raw(o, "</title>\n<meta name=\"viewport\" "
		   "content=\"width=device-width, initial-scale=1\">\n"
		   "<meta name=\"color-scheme\" content=\"light dark\">\n"
		   "<link rel=\"stylesheet\" href=\"");
	out_attr(o, site->path);
	out_raw(o, "/~/" ASSETS_STYLE_CSS "\">\n"
		   "<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
	out_attr(o, site->path);
	out_raw(o, "/~/" ASSETS_FAVICON_SVG "\">\n");
	write_head_links(o, site, top);
	out_raw(o, "</head>\n<body>\n"
		   "<a class=\"skip\" href=\"#main\">Skip to content</a>\n");
	write_crumbs(o, site, top);
	out_raw(o, "<main id=\"main\">\n");
}

void
html_end(GString *o)
{
	out_raw(o, "</main>\n<footer><p>All times are UTC. "
		   "Served by felid " FELID_VERSION ".</p></footer>\n"
		   "</body>\n</html>\n");
}

/* Words ------------------------------------------------------------------- */

void
html_time(GString *o, int64_t t)
{
	g_autofree char *exact = date_format_rfc3339(t);

	/* "1994-11-06T08:49:37Z" for machines, "1994-11-06 08:49" for
	 * people: one call for both. */
	out_raw(o, "<time datetime=\"");
	out_attr(o, exact);
	out_raw(o, "\">");
	out_text_len(o, exact, 10);
	out_raw(o, "&nbsp;");
	out_text_len(o, exact + 11, 5);
	out_raw(o, "</time>");
}

void
html_day(GString *o, int64_t t)
{
	g_autofree char *exact = date_format_rfc3339(t);

	out_raw(o, "<time datetime=\"");
	out_text_len(o, exact, 10);
	out_raw(o, "\">");
	out_text_len(o, exact, 10);
	out_raw(o, "</time>");
}

void
html_protected(GString *o, const HtmlSite *site, const char *text)
{
	g_autofree char *safe = NULL;

	if (site->protect && strchr(text, '@') != NULL)
		text = safe = addr_protect(text);
	out_text(o, text);
}

void
html_subject(GString *o, const HtmlSite *site, const char *subject)
{
	html_protected(o, site, *subject != '\0' ? subject : "(no subject)");
}

void
html_author(
    GString *o, const HtmlSite *site, const char *name, const char *addr)
{
	if (*name != '\0')
		html_protected(o, site, name);
	else if (*addr != '\0')
		html_protected(o, site, addr);
	else
		out_raw(o, "(no author)");
}

void
html_messages(GString *o, uint64_t n)
{
	out_count(o, n);
	if (n == 1)
		out_raw(o, " message");
	else
		out_raw(o, " messages");
}

void
html_size(GString *o, uint64_t n_bytes)
{
	if (n_bytes < 1000) {
		out_num(o, n_bytes);
		out_raw(o, " bytes");
	} else if (n_bytes < 1000000) {
		out_num(o, (n_bytes + 500) / 1000);
		out_raw(o, " KB");
	} else {
		out_num(o, n_bytes / 1000000);
		out_raw(o, ".");
		out_num(o, n_bytes / 100000 % 10);
		out_raw(o, " MB");
	}
}

void
html_month(GString *o, int year, int month)
{
	g_assert(month >= 1 && month <= 12);
	out_text(o, month_names[month - 1]);
	out_raw(o, " ");
	out_num(o, (uint64_t)year);
}
