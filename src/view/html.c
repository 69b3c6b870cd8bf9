/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html.h"

#include "base/date.h"
#include "mail/addr.h"
#include "view/assets_names.h"
#include "view/out.h"

#include <string.h>

/* Months of a year, which may come first in other languages. */
static const char *const month_names[] = {N_("January %s"), N_("February %s"),
    N_("March %s"), N_("April %s"), N_("May %s"), N_("June %s"), N_("July %s"),
    N_("August %s"), N_("September %s"), N_("October %s"), N_("November %s"),
    N_("December %s")};

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

void
html_year_path(
    GString *o, const HtmlSite *site, const StoreList *list, int year)
{
	html_list_path(o, site, list);
	g_string_append_printf(o, "%04d/", year);
}

void
html_author_path(
    GString *o, const HtmlSite *site, const StoreList *list, const char *id)
{
	html_list_path(o, site, list);
	out_raw(o, "author/");
	out_url(o, id);
	out_raw(o, "/");
}

/* Where list, or all of them, can be searched. */
static void
write_search_path(GString *o, const HtmlSite *site, const StoreList *list)
{
	if (list != NULL) {
		html_list_path(o, site, list);
		return;
	}
	out_attr(o, site->path);
	out_raw(o, "/all/");
}

/* The frame --------------------------------------------------------------- */

/* That of the list, or of the author whose page it is. */
static void
write_list_feed(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<link rel=\"alternate\" type=\"application/atom+xml\" "
		   "href=\"");
	if (top->author != NULL)
		html_author_path(o, site, top->list, top->author);
	else
		html_list_path(o, site, top->list);
	out_raw(o, "new.atom\">\n");
}

/* html_protected, within an attribute's quotes. */
static void
write_protected_attr(GString *o, const HtmlSite *site, const char *text)
{
	g_autofree char *safe = site->protect ? addr_protect(text) : NULL;

	out_attr(o, safe != NULL ? safe : text);
}

/* What a search engine may say of the page below its title. */
static void
write_description(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	const char *text =
	    html_word(site, "From the archive of the mailing list %s.");

	out_raw(o, "<meta name=\"description\" content=\"");
	if (top->title != NULL) {
		write_protected_attr(o, site, top->title);
		out_raw(o, " \xe2\x80\x93 ");
	}
	if (top->list == NULL) {
		html_say(o, site, "Archives of mailing lists");
	} else {
		html_until(o, &text);
		out_attr(o, top->list->list_id);
		html_until(o, &text);
		out_raw(o, " ");
		write_protected_attr(o, site, top->list->description);
	}
	out_raw(o, "\">\n");
}

/* The same for programs: a document of the API. */
static void
write_data_link(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<link rel=\"alternate\" type=\"application/json\" "
		   "href=\"");
	out_attr(o, site->path);
	out_raw(o, "/~api/v1/lists/");
	out_url(o, top->list->list_id);
	if (top->key != NULL && top->suffix != NULL)
		out_raw(o, "/threads/");
	else if (top->key != NULL)
		out_raw(o, "/messages/");
	else if (top->author != NULL)
		out_raw(o, "/authors/");
	if (top->key != NULL)
		out_url(o, top->key);
	else if (top->author != NULL)
		out_url(o, top->author);
	else if (top->data != NULL)
		out_attr(o, top->data);
	out_raw(o, "\">\n");
}

/* The one URL that search engines should know the page by. */
static void
write_canonical(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<link rel=\"canonical\" href=\"");
	out_attr(o, site->url);
	out_raw(o, "/");
	if (top->list != NULL) {
		out_url(o, top->list->list_id);
		out_raw(o, "/");
	}
	if (top->key != NULL) {
		out_url(o, top->key);
		out_raw(o, "/");
	}
	if (top->suffix != NULL)
		out_attr(o, top->suffix);
	out_raw(o, "\">\n");
}

/* Where a browser learns how to search here. */
static void
write_search_link(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<link rel=\"search\" "
		   "type=\"application/opensearchdescription+xml\" title=\"");
	out_attr(o, top->list != NULL ? top->list->list_id : site->title);
	out_raw(o, "\" href=\"");
	write_search_path(o, site, top->list);
	out_raw(o, "opensearch.xml\">\n");
}

static void
write_head_links(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	if (top->hidden)
		out_raw(o, "<meta name=\"robots\" content=\"noindex\">\n");
	if (site->search)
		write_search_link(o, site, top);
	if (top->results != NULL) {
		if (top->results[0] == '\0')
			return;
		out_raw(o, "<link rel=\"alternate\" "
			   "type=\"application/atom+xml\" href=\"");
		out_append(o, top->results, strlen(top->results));
		out_raw(o, "\">\n");
		return;
	}
	if (top->key != NULL || top->suffix != NULL || !top->hidden)
		write_canonical(o, site, top);
	if (top->list != NULL)
		write_data_link(o, site, top);
	if (top->key == NULL && top->list != NULL)
		write_list_feed(o, site, top);
	if (top->key == NULL || !top->feed)
		return;
	g_assert(top->list != NULL);
	out_raw(o, "<link rel=\"alternate\" type=\"application/atom+xml\" "
		   "title=\"");
	out_attr(o, html_word(site, "This thread"));
	out_raw(o, "\" href=\"");
	html_msg_path(o, site, top->list, top->key);
	out_raw(o, "t.atom\">\n");
}

/* What the operator put at the top or the foot of each page. */
static void
write_operators(GString *o, const LookFile *markup)
{
	if (markup->len == 0)
		return;
	out_raw(o, "<div class=\"site\">\n");
	out_operators(o, markup->bytes, markup->len);
	out_raw(o, "</div>\n");
}

/* A small form; a page of results has a larger one. */
static void
write_search_form(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	const char *text = html_word(site, "Search in %s");

	if (!site->search || top->results != NULL)
		return;
	out_raw(o, "<form role=\"search\" action=\"");
	write_search_path(o, site, top->list);
	out_raw(o, "\"><input type=\"search\" name=\"q\" aria-label=\"");
	html_until(o, &text);
	if (top->list != NULL)
		out_attr(o, top->list->list_id);
	else
		out_attr(o, html_word(site, "all lists"));
	html_until(o, &text);
	out_raw(o, "\"><button>");
	html_say(o, site, "Search");
	out_raw(o, "</button></form>");
}

static void
write_crumbs(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	const Look *look = site->look;

	out_raw(o, "<header class=\"top\">");
	if (look != NULL)
		write_operators(o, &look->header);
	out_raw(o, "<nav aria-label=\"");
	out_attr(o, html_word(site, "Breadcrumb"));
	out_raw(o, "\"><ol><li><a href=\"");
	out_attr(o, site->path);
	out_raw(o, "/\">");
	if (look != NULL && look->logo.name != NULL) {
		out_raw(o, "<img class=\"logo\" alt=\"\" src=\"");
		out_attr(o, site->path);
		out_raw(o, "/~/");
		out_attr(o, look->logo.name);
		out_raw(o, "\">");
	}
	out_text(o, site->title);
	out_raw(o, "</a></li>");
	if (top->list != NULL) {
		out_raw(o, "<li><a href=\"");
		html_list_path(o, site, top->list);
		out_raw(o, "\">");
		out_text(o, top->list->list_id);
		out_raw(o, "</a></li>");
	}
	if (top->list != NULL && top->year > 0 && top->month == 0) {
		out_raw(o, "<li><a href=\"");
		html_year_path(o, site, top->list, top->year);
		out_raw(o, "\">");
		out_num(o, (uint64_t)top->year);
		out_raw(o, "</a></li>");
	}
	if (top->list != NULL && top->month > 0) {
		out_raw(o, "<li><a href=\"");
		html_month_path(o, site, top->list, top->year, top->month);
		out_raw(o, "\">");
		html_month(o, site, top->year, top->month);
		out_raw(o, "</a></li>");
	}
	out_raw(o, "</ol></nav>");
	write_search_form(o, site, top);
	out_raw(o, "</header>\n");
}

void
html_begin(GString *o, const HtmlSite *site, const HtmlTop *top)
{
	out_raw(o, "<!DOCTYPE html>\n<html lang=\"");
	out_attr(o, words_tag(site->words));
	out_raw(o, "\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
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
	out_raw(o, "/~/" ASSETS_STYLE_CSS "\">\n");
	if (site->look != NULL && site->look->style.name != NULL) {
		out_raw(o, "<link rel=\"stylesheet\" href=\"");
		out_attr(o, site->path);
		out_raw(o, "/~/");
		out_attr(o, site->look->style.name);
		out_raw(o, "\">\n");
	}
	out_raw(o, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
	out_attr(o, site->path);
	out_raw(o, "/~/" ASSETS_FAVICON_SVG "\">\n");
	out_raw(o, "<script src=\"");
	out_attr(o, site->path);
	out_raw(o, "/~/" ASSETS_FELID_JS "\" defer></script>\n");
	if (top->results == NULL)
		write_description(o, site, top);
	write_head_links(o, site, top);
	out_raw(o, "</head>\n<body>\n"
		   "<a class=\"skip\" href=\"#main\">");
	html_say(o, site, "Skip to content");
	out_raw(o, "</a>\n");
	write_crumbs(o, site, top);
	out_raw(o, "<main id=\"main\">\n");
}

static void
write_language(GString *o, const HtmlSite *site, const Words *w)
{
	out_raw(o, "<button name=\"to\" value=\"");
	out_attr(o, words_tag(w));
	out_raw(o, "\" lang=\"");
	out_attr(o, words_tag(w));
	if (w == site->words)
		out_raw(o, "\" aria-current=\"true\">");
	else
		out_raw(o, "\">");
	out_text(o, words_name(w));
	out_raw(o, "</button>\n");
}

/* Buttons, not links: no crawler follows them. */
static void
write_languages(GString *o, const HtmlSite *site)
{
	out_raw(o, "<form class=\"languages\" action=\"");
	out_attr(o, site->path);
	out_raw(o, "/~lang\">\n");
	write_language(o, site, NULL);
	for (const Words *const *w = words_all(); *w != NULL; w++)
		write_language(o, site, *w);
	out_raw(o, "</form>\n");
}

/* One line of the sheet of keys. */
#define write_key(o, site, keys, what)                                         \
	do {                                                                   \
		out_raw(o, "<dt>" keys "</dt><dd>");                           \
		html_say(o, site, what);                                       \
		out_raw(o, "</dd>\n");                                         \
	} while (0)

static void
write_keys(GString *o, const HtmlSite *site)
{
	out_raw(o, "<dl>\n");
	write_key(o, site, "<kbd>j</kbd> <kbd>k</kbd>",
	    "the next message or row, the one before");
	write_key(o, site, "<kbd>n</kbd> <kbd>p</kbd>",
	    "the newer thread, the older one");
	write_key(
	    o, site, "<kbd>u</kbd>", "up: to the thread, the month, the list");
	write_key(o, site, "<kbd>x</kbd> <kbd>X</kbd>",
	    "fold the message, all of them");
	write_key(o, site, "<kbd>l</kbd>", "copy the link to the message");
	write_key(o, site, "<kbd>?</kbd>", "this sheet");
	out_raw(o, "</dl>\n");
}

static void
write_settings(GString *o, const HtmlSite *site)
{
	out_raw(o, "<p><label>");
	html_say(o, site, "Colours");
	out_raw(o, " <select data-set=\"theme\"><option value=\"\">");
	html_say(o, site, "as the system has them");
	out_raw(o, "</option><option value=\"light\">");
	html_say(o, site, "light");
	out_raw(o, "</option><option value=\"dark\">");
	html_say(o, site, "dark");
	out_raw(o, "</option></select></label></p>\n<p><label>");
	html_say(o, site, "Letters");
	out_raw(o, " <select data-set=\"letters\"><option value=\"\">");
	html_say(o, site, "as it suits the text");
	out_raw(o, "</option><option value=\"mono\">");
	html_say(o, site, "all of one width");
	out_raw(o, "</option><option value=\"prop\">");
	html_say(o, site, "of their own width");
	out_raw(o, "</option></select></label></p>\n<p><label>"
		   "<input type=\"checkbox\" data-set=\"visits\"> ");
	html_say(o, site,
	    "Mark what is new since my last visit; only this browser "
	    "remembers it.");
	out_raw(o, "</label></p>\n<p><label>"
		   "<input type=\"checkbox\" data-set=\"nokeys\"> ");
	html_say(o, site, "Do without these keys.");
	out_raw(o, "</label></p>\n");
}

/* What web/felid.js puts on the page: its words are the reader's, and who
 * has no script sees none of it: a block of data is no text, where w3m and
 * lynx show what a template has. */
static void
write_parts(GString *o, const HtmlSite *site)
{
	out_raw(o, "<script type=\"text/html\">\n"
		   "<button type=\"button\" data-part=\"open\">");
	html_say(o, site, "Keys and settings");
	out_raw(o, "</button>\n<button type=\"button\" data-part=\"copy\">");
	html_say(o, site, "Copy link");
	out_raw(o, "</button>\n<button type=\"button\" data-part=\"fold\" "
		   "aria-expanded=\"true\">");
	html_say(o, site, "Text");
	out_raw(o, "</button>\n<span role=\"status\" data-part=\"copied\"> ");
	html_say(o, site, "copied");
	out_raw(o, "</span>\n<b class=\"new\" data-part=\"new\">");
	html_say(o, site, "new");
	out_raw(o, "</b>\n<dialog aria-labelledby=\"keys\">"
		   "<form method=\"dialog\">\n<h2 id=\"keys\">");
	html_say(o, site, "Keys and settings");
	out_raw(o, "</h2>\n");
	write_keys(o, site);
	write_settings(o, site);
	out_raw(o, "<p><button>");
	html_say(o, site, "Close");
	out_raw(o, "</button></p>\n</form></dialog>\n</script>\n");
}

void
html_end(GString *o, const HtmlSite *site)
{
	const char *served = html_word(site, "Served by %s.");

	out_raw(o, "</main>\n<footer>\n");
	if (site->look != NULL)
		write_operators(o, &site->look->footer);
	write_languages(o, site);
	out_raw(o, "<p>");
	html_say(o, site, "All times are UTC.");
	out_raw(o, " ");
	html_until(o, &served);
	out_raw(o, "felid " FELID_VERSION);
	html_until(o, &served);
	out_raw(o, "</p></footer>\n");
	write_parts(o, site);
	out_raw(o, "</body>\n</html>\n");
}

/* Words ------------------------------------------------------------------- */

void
html_say(GString *o, const HtmlSite *site, const char *english)
{
	out_text(o, words(site->words, english));
}

void
html_until(GString *o, const char **sentence)
{
	const char *stop = strstr(*sentence, "%s");
	size_t len =
	    stop != NULL ? (size_t)(stop - *sentence) : strlen(*sentence);

	out_text_len(o, *sentence, len);
	*sentence += len + (stop != NULL ? 2 : 0);
}

void
html_here(GString *o, const HtmlSite *site, const char *url, size_t len)
{
	const HtmlHere *here = site->here;
	const char *key =
	    here != NULL ? here->find(here->user, url, len) : NULL;

	if (key == NULL)
		return;
	out_raw(o, "<span class=\"here\"> (<a href=\"");
	html_msg_path(o, site, here->list, key);
	out_raw(o, "\" title=\"");
	out_attr(o, html_word(site, "The same message in this archive"));
	out_raw(o, "\">");
	html_say(o, site, "here");
	out_raw(o, "</a>)</span>");
}

/* "1994-11-06T08:49:37Z" for machines; for people "1994-11-06 08:49", or the
 * clock's part of it alone. */
static void
write_time(GString *o, int64_t t, bool day)
{
	g_autofree char *exact = date_format_rfc3339(t);

	out_raw(o, "<time datetime=\"");
	out_attr(o, exact);
	out_raw(o, "\">");
	if (day) {
		out_text_len(o, exact, 10);
		out_raw(o, "&nbsp;");
	}
	out_text_len(o, exact + 11, 5);
	out_raw(o, "</time>");
}

void
html_time(GString *o, int64_t t)
{
	write_time(o, t, true);
}

void
html_clock(GString *o, int64_t t)
{
	write_time(o, t, false);
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
html_span(GString *o, const HtmlSite *site, int64_t from, int64_t to)
{
	const char *text = html_word(site, "%s to %s");

	html_until(o, &text);
	html_day(o, from);
	html_until(o, &text);
	html_day(o, to);
	html_until(o, &text);
}

void
html_protected(GString *o, const HtmlSite *site, const char *text)
{
	g_autofree char *safe = NULL;

	if (site->protect && addr_may_be_in(text))
		text = safe = addr_protect(text);
	out_text(o, text);
}

void
html_subject(GString *o, const HtmlSite *site, const char *subject)
{
	html_protected(o, site,
	    *subject != '\0' ? subject : html_word(site, "(no subject)"));
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
		html_say(o, site, "(no author)");
}

void
html_author_link(
    GString *o, const HtmlSite *site, const StoreList *list, const Head *h)
{
	if (*h->author_id != '\0') {
		out_raw(o, "<a class=\"author\" href=\"");
		html_author_path(o, site, list, h->author_id);
		out_raw(o, "\" rel=\"nofollow\">");
	}
	html_author(o, site, h->from_name, h->from_addr);
	if (*h->author_id != '\0')
		out_raw(o, "</a>");
}

void
html_messages(GString *o, const HtmlSite *site, uint64_t n)
{
	const char *text = html_word_n(site, "%s message", "%s messages", n);

	html_until(o, &text);
	out_count(o, n);
	html_until(o, &text);
}

void
html_size(GString *o, uint64_t n_bytes)
{
	if (n_bytes < 1000) {
		out_num(o, n_bytes);
		out_raw(o, " B");
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
html_mailbox(GString *o, const HtmlSite *site, const HtmlMailbox *b,
    const char **sentence)
{
	static const char *const ends[] = {".mbox.gz", ".mbox.zst"};

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		html_until(o, sentence);
		out_raw(o, "<a href=\"");
		if (b->key != NULL)
			html_msg_path(o, site, b->list, b->key);
		else
			html_list_path(o, site, b->list);
		out_attr(o, b->name);
		out_attr(o, ends[i]);
		out_raw(o, "\" rel=\"nofollow\">");
		out_text(o, ends[i]);
		out_raw(o, "</a>");
		if (b->sizes[i] == 0)
			continue;
		out_raw(o, " (");
		html_size(o, b->sizes[i]);
		out_raw(o, ")");
	}
}

void
html_month(GString *o, const HtmlSite *site, int year, int month)
{
	g_assert(month >= 1 && month <= 12);
	const char *text = words(site->words, month_names[month - 1]);

	html_until(o, &text);
	out_num(o, (uint64_t)year);
	html_until(o, &text);
}
