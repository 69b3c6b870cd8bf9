/* page_search.c - a page of results. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/page_search.h"

#include "base/limits.h"
#include "mail/addr.h"
#include "search/query.h"
#include "view/index.h"
#include "view/out.h"

#include <stdlib.h>
#include <string.h>

/* With fewer messages than this one looks at each. */
#define FACETS_MIN 10u

/* Places ------------------------------------------------------------------ */

static void
write_place(GString *o, const PageSearchAsk *a)
{
	out_raw(o, "/");
	if (a->list == NULL)
		out_raw(o, "all");
	else
		out_url(o, a->list->list_id);
	out_raw(o, "/");
	if (a->list == NULL || a->thread == NULL)
		return;
	out_url(o, a->thread->key);
	out_raw(o, "/t/");
}

static const char *
order_name(SearchOrder order)
{
	return order == SEARCH_NEWEST   ? "newest"
	       : order == SEARCH_OLDEST ? "oldest"
					: NULL;
}

void
page_search_url(
    GString *o, const HtmlSite *site, const PageSearchAsk *a, bool whole)
{
	const char *order = order_name(a->order);

	out_attr(o, whole ? site->url : site->path);
	write_place(o, a);
	out_raw(o, "?q=");
	out_url(o, a->q);
	if (order != NULL) {
		out_raw(o, "&amp;sort=");
		out_attr(o, order);
	}
	if (a->threads)
		out_raw(o, "&amp;t=1");
	if (a->x != NULL) {
		out_raw(o, "&amp;x=");
		out_attr(o, a->x);
	}
	if (a->number > 1) {
		out_raw(o, "&amp;page=");
		out_num(o, a->number);
	}
}

/* The beginning of a link to a; it is not for crawlers, whatever they make
 * of robots.txt. */
static void
begin_link(GString *o, const HtmlSite *site, const PageSearchAsk *a)
{
	out_raw(o, "<a rel=\"nofollow\" href=\"");
	page_search_url(o, site, a, false);
	out_raw(o, "\"");
}

/* The form ---------------------------------------------------------------- */

static void
write_hidden(GString *o, const char *name, const char *value)
{
	out_raw(o, "<input type=\"hidden\" name=\"");
	out_attr(o, name);
	out_raw(o, "\" value=\"");
	out_attr(o, value);
	out_raw(o, "\">");
}

static void
write_form(GString *o, const HtmlSite *site, const PageSearchAsk *a)
{
	const char *order = order_name(a->order);

	out_raw(o, "<form class=\"find\" role=\"search\" action=\"");
	out_attr(o, site->path);
	write_place(o, a);
	out_raw(o, "\">\n<label>");
	html_say(o, site, "Search for");
	out_raw(o, " <input type=\"search\" name=\"q\" value=\"");
	out_attr(o, a->q);
	out_raw(o, "\"></label>\n");
	if (order != NULL)
		write_hidden(o, "sort", order);
	if (a->threads)
		write_hidden(o, "t", "1");
	out_raw(o, "<button>");
	html_say(o, site, "Search");
	out_raw(o, "</button>\n</form>\n");
}

/* One way to search otherwise; here: it is the present one. */
static void
write_choice(GString *o, const HtmlSite *site, const PageSearchAsk *a,
    bool here, const char *what)
{
	out_raw(o, "<li>");
	begin_link(o, site, a);
	if (here)
		out_raw(o, " aria-current=\"page\"");
	out_raw(o, ">");
	out_text(o, what);
	out_raw(o, "</a></li>\n");
}

static void
write_places(GString *o, const HtmlSite *site, const PageSearchAsk *a)
{
	PageSearchAsk to = *a;

	if (a->list == NULL)
		return;
	to.number = 1;
	out_raw(o, "<nav class=\"views\" aria-label=\"");
	out_attr(o, html_word(site, "Where to search"));
	out_raw(o, "\"><ul>\n");
	if (a->thread != NULL)
		write_choice(
		    o, site, &to, true, html_word(site, "This thread"));
	to.thread = NULL;
	write_choice(o, site, &to, a->thread == NULL, a->list->list_id);
	to.list = NULL;
	write_choice(o, site, &to, false, html_word(site, "All lists"));
	out_raw(o, "</ul></nav>\n");
}

static void
write_orders(GString *o, const HtmlSite *site, const PageSearchAsk *a)
{
	const char *const names[] = {
	    [SEARCH_BEST] = html_word(site, "Best first"),
	    [SEARCH_NEWEST] = html_word(site, "Newest first"),
	    [SEARCH_OLDEST] = html_word(site, "Oldest first")};
	PageSearchAsk to = *a;

	to.number = 1;
	out_raw(o, "<nav class=\"views\" aria-label=\"");
	out_attr(o, html_word(site, "Order"));
	out_raw(o, "\"><ul>\n");
	for (unsigned int i = 0; i < G_N_ELEMENTS(names); i++) {
		to.order = i;
		write_choice(o, site, &to, a->order == to.order, names[i]);
	}
	to.order = a->order;
	to.threads = !a->threads;
	write_choice(o, site, &to, false,
	    a->threads ? html_word(site, "Each message")
		       : html_word(site, "One of each thread"));
	out_raw(o, "</ul></nav>\n");
}

/* Help -------------------------------------------------------------------- */

static void
write_example(GString *o, const char *example, const char *what)
{
	out_raw(o, "<dt><code>");
	out_text(o, example);
	out_raw(o, "</code></dt><dd>");
	out_text(o, what);
	out_raw(o, "</dd>\n");
}

static void
write_help(GString *o, const HtmlSite *site, bool open)
{
	if (open)
		out_raw(o, "<details open>\n<summary>");
	else
		out_raw(o, "<details>\n<summary>");
	html_say(o, site, "How to search");
	out_raw(o, "</summary>\n<dl class=\"header\">\n");
	write_example(
	    o, "red house", html_word(site, "both words, in any form"));
	write_example(o, "\"red house\"", html_word(site, "just this phrase"));
	write_example(o, "red OR blue", html_word(site, "one of them or both"));
	write_example(o, "red -house", html_word(site, "not the second word"));
	write_example(
	    o, "hous*", html_word(site, "words that begin like this"));
	write_example(o, "s:house f:jo",
	    html_word(site, "in the subject; from this author"));
	write_example(
	    o, "d:2020..2022  d:last.month..", html_word(site, "of a time"));
	write_example(o, "nq:house  q:house",
	    html_word(site, "in new text, or in quoted text"));
	write_example(o, "dfn:main.c  dfb:malloc",
	    html_word(site, "in a patch: by file, or in added lines"));
	write_example(o, "has:patch  has:attachment  is:root",
	    html_word(site, "by what the message is"));
	write_example(o, "thread:{f:jo s:house}",
	    html_word(site, "all of the threads that such a message is in"));
	out_raw(o, "</dl>\n<p class=\"note\">");
	html_say(o, site, "All of it is told in felid-search(7).");
	out_raw(o, "</p>\n</details>\n");
}

/* Notes ------------------------------------------------------------------- */

/* What is said of each kind: the gaps are the place, but of words, what and
 * more. */
static const struct {
	const char *text, *with_more;
} notes[] = {
    [QUERY_NOTE_QUOTE] = {N_("At character %s: nothing closes the quotation "
			     "mark."),
	NULL},
    [QUERY_NOTE_OPEN] = {N_("At character %s: nothing closes "
			    "\xe2\x80\x9c%s\xe2\x80\x9d."),
	NULL},
    [QUERY_NOTE_CLOSE] = {N_("At character %s: nothing opens "
			     "\xe2\x80\x9c%s\xe2\x80\x9d."),
	NULL},
    [QUERY_NOTE_EMPTY] = {N_("At character %s: there is nothing in "
			     "\xe2\x80\x9c%s\xe2\x80\x9d."),
	NULL},
    [QUERY_NOTE_OPERATOR] = {N_("At character %s: there is nothing that "
				"\xe2\x80\x9c%s\xe2\x80\x9d could join."),
	NULL},
    [QUERY_NOTE_NEAR] = {N_("At character %s: \xe2\x80\x9c%s\xe2\x80\x9d needs "
			    "words of one field on both sides."),
	NULL},
    [QUERY_NOTE_DATE] = {N_("At character %s: \xe2\x80\x9c%s\xe2\x80\x9d is no "
			    "date, and was left out."),
	NULL},
    [QUERY_NOTE_NUMBER] = {N_("At character %s: \xe2\x80\x9c%s\xe2\x80\x9d is "
			      "no number, and was left out."),
	NULL},
    [QUERY_NOTE_VALUE] = {N_("At character %s: \xe2\x80\x9c%s\xe2\x80\x9d is "
			     "no value of that field, and was left out."),
	N_("At character %s: \xe2\x80\x9c%s\xe2\x80\x9d is none of %s, and was "
	   "left out.")},
    [QUERY_NOTE_FIELD] = {N_("At character %s: there is no field "
			     "\xe2\x80\x9c%s\xe2\x80\x9d, so it was taken as a "
			     "word."),
	N_("At character %s: there is no field \xe2\x80\x9c%s\xe2\x80\x9d, but "
	   "there is %s. It was taken as a word.")},
    [QUERY_NOTE_PREFIX] =
	{N_("At character %s: too many words begin like "
	    "\xe2\x80\x9c%s\xe2\x80\x9d, so it was taken as a "
	    "word."),
	    NULL},
    [QUERY_NOTE_LONG] = {N_("At character %s the query became too long. The "
			    "rest was left out."),
	NULL},
    [QUERY_NOTE_TERMS] = {N_("At character %s the words became too many. The "
			     "rest was left out."),
	NULL},
    [QUERY_NOTE_DEPTH] = {N_("At character %s: there are too many brackets "
			     "within each other. This one does not count."),
	NULL},
    [QUERY_NOTE_THREADS] = {N_("At character %s: too many threads are asked "
			       "for. This was taken as a plain bracket."),
	NULL},
    [QUERY_NOTE_WORDS] = {N_("Of the many words that begin like "
			     "\xe2\x80\x9c%s\xe2\x80\x9d the most frequent "
			     "were searched for."),
	NULL},
    [QUERY_NOTE_NOTHING] = {N_("There is nothing to search for."), NULL},
};

/* The place of a byte of q as people count, from 1. */
static uint64_t
place_of(const char *q, uint32_t at)
{
	size_t len = MIN(strlen(q), at);

	return (uint64_t)g_utf8_strlen(q, (gssize)len) + 1;
}

void
page_search_note(
    GString *o, const HtmlSite *site, const char *q, const SearchNote *n)
{
	if (n->kind >= G_N_ELEMENTS(notes) || notes[n->kind].text == NULL)
		return;
	bool more = n->more != NULL && notes[n->kind].with_more != NULL;
	const char *text = words(
	    site->words, more ? notes[n->kind].with_more : notes[n->kind].text);

	html_until(o, &text);
	if (*text == '\0')
		return;
	if (n->kind != QUERY_NOTE_WORDS) {
		out_num(o, place_of(q, n->at));
		html_until(o, &text);
	}
	if (*text == '\0')
		return;
	out_text(o, n->what != NULL ? n->what : "");
	html_until(o, &text);
	if (*text == '\0')
		return;
	out_text(o, n->more != NULL ? n->more : "");
	html_until(o, &text);
}

static void
write_notes(GString *o, const HtmlSite *site, const PageSearch *p)
{
	const SearchReply *r = p->found;

	if (r == NULL || r->notes->len == 0)
		return;
	out_raw(o, "<div class=\"notice\">\n<ul>\n");
	for (guint i = 0; i < r->notes->len; i++) {
		out_raw(o, "<li>");
		page_search_note(o, site, p->ask.q, r->notes->pdata[i]);
		out_raw(o, "</li>\n");
	}
	out_raw(o, "</ul>\n");
	if (r->searched[0] != '\0') {
		const char *text = html_word(site, "This was searched for: %s");

		out_raw(o, "<p>");
		html_until(o, &text);
		out_raw(o, "<code>");
		out_text(o, r->searched);
		out_raw(o, "</code>");
		html_until(o, &text);
		out_raw(o, "</p>\n");
	}
	out_raw(o, "</div>\n");
}

/* Passages ---------------------------------------------------------------- */

/* A passage on its way to the page. */
typedef struct {
	const GArray *marks; /* SearchMark */
	guint at;            /* the first of those that are not behind us */
	bool open;           /* a mark's tag */
} Marking;

static void
open_mark(GString *o, Marking *m, bool open)
{
	if (m->open == open)
		return;
	m->open = open;
	if (open)
		out_raw(o, "<mark>");
	else
		out_raw(o, "</mark>");
}

/* Write len bytes of text, which are those from byte from on. */
static void
write_marked(GString *o, Marking *m, const char *text, size_t from, size_t len)
{
	size_t pos = from, end = from + len;

	while (pos < end) {
		const SearchMark *k =
		    m->at < m->marks->len
			? &g_array_index(m->marks, SearchMark, m->at)
			: NULL;
		size_t stop = end;

		if (k != NULL && pos >= (size_t)k->off + k->len) {
			m->at++;
			continue;
		}
		bool in = k != NULL && pos >= k->off;

		if (k != NULL)
			stop = MIN(
			    end, in ? (size_t)k->off + k->len : (size_t)k->off);
		open_mark(o, m, in);
		out_text_len(o, text + (pos - from), stop - pos);
		pos = stop;
	}
}

/* Whether a mark begins in the len bytes from byte from on. */
static bool
is_marked(const Marking *m, size_t from, size_t len)
{
	for (guint i = m->at; i < m->marks->len; i++) {
		const SearchMark *k = &g_array_index(m->marks, SearchMark, i);

		if (k->off >= from + len)
			return false;
		if ((size_t)k->off + k->len > from)
			return true;
	}
	return false;
}

#define SPACE " \t\n"

/* Write what stands in safe for text, which is the same but for words that
 * hide an address: of such a word all is marked, or nothing. */
static void
write_hidden_words(GString *o, Marking *m, const char *text, const char *safe)
{
	size_t at = 0;

	while (text[at] != '\0' && *safe != '\0') {
		size_t gap = strspn(text + at, SPACE);
		size_t len = strcspn(text + at + gap, SPACE);
		size_t safe_gap = strspn(safe, SPACE);
		size_t safe_len = strcspn(safe + safe_gap, SPACE);

		write_marked(o, m, safe, at, safe_gap);
		at += gap;
		safe += safe_gap;
		if (len == safe_len && memcmp(text + at, safe, len) == 0) {
			write_marked(o, m, safe, at, len);
		} else {
			open_mark(o, m, is_marked(m, at, len));
			out_text_len(o, safe, safe_len);
		}
		at += len;
		safe += safe_len;
	}
	open_mark(o, m, false);
	out_text(o, safe);
}

void
page_search_passage(GString *o, const HtmlSite *site, const SearchHit *hit)
{
	Marking m = {.marks = hit->marks};
	g_autofree char *safe = NULL;

	if (site->protect && addr_may_be_in(hit->passage))
		safe = addr_protect(hit->passage);
	if (safe == NULL)
		write_marked(o, &m, hit->passage, 0, strlen(hit->passage));
	else
		write_hidden_words(o, &m, hit->passage, safe);
	open_mark(o, &m, false);
}

/* Hits -------------------------------------------------------------------- */

/* How much of the thread was found besides. */
static void
write_thread(GString *o, const HtmlSite *site, const PageSearch *p,
    const PageSearchHit *h)
{
	const char *text = html_word(site, "%s of this thread");
	PageSearchAsk to = p->ask;

	if (h->hit->n_thread < 2)
		return;
	to.list = h->list;
	to.thread = h->head;
	to.threads = false;
	to.number = 1;
	out_raw(o, ", ");
	begin_link(o, site, &to);
	out_raw(o, ">");
	html_until(o, &text);
	html_messages(o, site, h->hit->n_thread);
	html_until(o, &text);
	out_raw(o, "</a>");
}

static void
write_hit(GString *o, const HtmlSite *site, const PageSearch *p,
    const PageSearchHit *h)
{
	out_raw(o, "<li><a href=\"");
	html_msg_path(o, site, h->list, h->head->key);
	out_raw(o, "\">");
	html_subject(o, site, h->head->subject);
	out_raw(o, "</a> <span class=\"meta\"><span class=\"who\">");
	html_author_link(o, site, h->list, h->head);
	out_raw(o, "</span>, ");
	if (p->ask.list == NULL) {
		out_raw(o, "<a href=\"");
		html_list_path(o, site, h->list);
		out_raw(o, "\">");
		out_text(o, h->list->list_id);
		out_raw(o, "</a>, ");
	}
	html_time(o, h->head->date);
	if (p->ask.threads)
		write_thread(o, site, p, h);
	out_raw(o, "</span>");
	if (h->hit->passage[0] != '\0') {
		out_raw(o, "\n<p class=\"passage\">");
		page_search_passage(o, site, h->hit);
		out_raw(o, "</p>");
	}
	out_raw(o, "</li>\n");
}

static void
write_hits(GString *o, const HtmlSite *site, const PageSearch *p)
{
	out_raw(o, "<ol class=\"threads hits\">\n");
	for (guint i = 0; i < p->hits->len; i++)
		write_hit(
		    o, site, p, &g_array_index(p->hits, PageSearchHit, i));
	out_raw(o, "</ol>\n");
}

static void
write_pages(GString *o, const HtmlSite *site, const PageSearch *p)
{
	PageSearchAsk to = p->ask;
	const char *text = html_word(site, "Page %s");

	if (p->ask.number == 1 && !p->more)
		return;
	out_raw(o, "<nav class=\"walk\" aria-label=\"");
	out_attr(o, html_word(site, "Pages"));
	out_raw(o, "\">\n");
	if (p->ask.number > 1) {
		to.number = p->ask.number - 1;
		out_raw(o, "<a rel=\"prev nofollow\" href=\"");
		page_search_url(o, site, &to, false);
		out_raw(o, "\">");
		html_say(o, site, "earlier results");
		out_raw(o, "</a>\n");
	}
	out_raw(o, "<span>");
	html_until(o, &text);
	out_count(o, p->ask.number);
	html_until(o, &text);
	out_raw(o, "</span>\n");
	if (p->more) {
		to.number = p->ask.number + 1;
		out_raw(o, "<a rel=\"next nofollow\" href=\"");
		page_search_url(o, site, &to, false);
		out_raw(o, "\">");
		html_say(o, site, "further results");
		out_raw(o, "</a>\n");
	}
	out_raw(o, "</nav>\n");
}

/* Counts ------------------------------------------------------------------ */

/* The query that p's was, and what: both to hold.  Free with g_free. */
static char *
narrow(const PageSearch *p, const char *what)
{
	const char *q =
	    p->found->notes->len > 0 ? p->found->searched : p->ask.q;

	if (strstr(q, " OR ") != NULL || strstr(q, " or ") != NULL)
		return g_strconcat("(", q, ") ", what, NULL);
	return g_strconcat(q, " ", what, NULL);
}

/* Have to ask for those that c counts; false where no query can.  *q is what
 * to's query is owned by. */
static bool
narrow_to(
    const PageSearch *p, const SearchCount *c, PageSearchAsk *to, char **q)
{
	g_autofree char *what = NULL;

	*to = p->ask;
	to->number = 1;
	if (c->by == SEARCH_BY_YEAR) {
		what = g_strdup_printf("d:%s..%s", c->value, c->value);
	} else if (c->by == SEARCH_BY_LIST) {
		what = g_strconcat("l:", c->value, NULL);
	} else {
		/* Where it is an address a link would give that away. */
		if (c->name[0] == '\0' || addr_may_be_in(c->name) ||
		    strpbrk(c->name, "\"\\") != NULL)
			return false;
		what = g_strconcat("f:\"", c->name, "\"", NULL);
	}
	to->q = *q = narrow(p, what);
	return true;
}

static void
write_bar(GString *o, uint64_t n, uint64_t most)
{
	out_raw(o, "<svg class=\"bar\" viewBox=\"0 0 100 8\" "
		   "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		   "<path d=\"M0 0h");
	out_num(o, MAX(100 * n / MAX(most, 1), 1));
	out_raw(o, "v8H0z\"/></svg>");
}

static void
write_count(GString *o, const HtmlSite *site, const PageSearch *p,
    const SearchCount *c, uint64_t most)
{
	g_autofree char *q = NULL;
	PageSearchAsk to;
	bool linked = narrow_to(p, c, &to, &q);

	out_raw(o, "<li>");
	if (linked) {
		begin_link(o, site, &to);
		out_raw(o, ">");
	}
	if (c->by == SEARCH_BY_AUTHOR)
		html_author(o, site, c->name, "");
	else
		out_text(o, c->value);
	if (linked)
		out_raw(o, "</a>");
	out_raw(o, " <span class=\"meta\">");
	out_count(o, c->n);
	out_raw(o, "</span> ");
	write_bar(o, c->n, most);
	out_raw(o, "</li>\n");
}

static gint
by_year(gconstpointer left, gconstpointer right)
{
	const SearchCount *a = *(SearchCount *const *)left;
	const SearchCount *b = *(SearchCount *const *)right;

	return (int)strtol(b->value, NULL, 10) -
	       (int)strtol(a->value, NULL, 10);
}

/* Those of one kind: a single one tells nothing. */
static void
write_counts(GString *o, const HtmlSite *site, const PageSearch *p, SearchBy by,
    const char *title)
{
	g_autoptr(GPtrArray) some = g_ptr_array_new();
	uint64_t most = 0;

	for (guint i = 0; i < p->found->counts->len; i++) {
		SearchCount *c = p->found->counts->pdata[i];

		if (c->by != by)
			continue;
		g_ptr_array_add(some, c);
		most = MAX(most, c->n);
	}
	if (some->len < 2)
		return;
	if (by == SEARCH_BY_YEAR)
		g_ptr_array_sort(some, by_year);
	out_raw(o, "<section>\n<h3>");
	out_text(o, title);
	out_raw(o, "</h3>\n<ul>\n");
	for (guint i = 0; i < some->len; i++)
		write_count(o, site, p, some->pdata[i], most);
	out_raw(o, "</ul>\n</section>\n");
}

/* Say what is counted where that is not all. */
static void
end_facets(GString *o, const HtmlSite *site, const SearchReply *r)
{
	const char *text = html_word(site, "The newest %s are counted here.");

	out_raw(o, "</div>\n");
	if (r->n > r->n_seen) {
		out_raw(o, "<p class=\"note\">");
		html_until(o, &text);
		html_messages(o, site, r->n_seen);
		html_until(o, &text);
		out_raw(o, "</p>\n");
	}
	out_raw(o, "</section>\n");
}

static void
write_facets(GString *o, const HtmlSite *site, const PageSearch *p)
{
	gsize begun = o->len;

	if (p->found->n < FACETS_MIN)
		return;
	out_raw(o, "<section class=\"facets\">\n<h2>");
	html_say(o, site, "Narrow it down");
	out_raw(o, "</h2>\n<div>\n");
	gsize empty = o->len;

	write_counts(o, site, p, SEARCH_BY_YEAR, html_word(site, "Years"));
	if (p->ask.list == NULL && p->lists)
		write_counts(
		    o, site, p, SEARCH_BY_LIST, html_word(site, "Lists"));
	write_counts(o, site, p, SEARCH_BY_AUTHOR, html_word(site, "Authors"));
	if (o->len == empty)
		g_string_truncate(o, begun);
	else
		end_facets(o, site, p->found);
}

/* To take along ----------------------------------------------------------- */

static void
write_download(
    GString *o, const HtmlSite *site, const PageSearchAsk *a, const char *label)
{
	out_raw(o, "<li><form method=\"post\" action=\"");
	page_search_url(o, site, a, false);
	out_raw(o, "\"><button>");
	out_text(o, label);
	out_raw(o, "</button></form></li>\n");
}

static void
write_takeaway(GString *o, const HtmlSite *site, const PageSearch *p)
{
	PageSearchAsk to = p->ask;

	to.order = SEARCH_BEST;
	to.number = 1;
	to.threads = false;
	to.x = "A";
	out_raw(o, "<section class=\"about\">\n<h2>");
	html_say(o, site, "To take along");
	out_raw(o, "</h2>\n<ul class=\"takeaway\">\n<li>");
	begin_link(o, site, &to);
	out_raw(o, ">");
	html_say(o, site, "Feed of what is found");
	out_raw(o, "</a></li>\n");
	to.x = "m";
	write_download(
	    o, site, &to, html_word(site, "These messages (mbox.gz)"));
	to.threads = true;
	write_download(
	    o, site, &to, html_word(site, "Their whole threads (mbox.gz)"));
	out_raw(o, "</ul>\n</section>\n");
}

/* What was found ---------------------------------------------------------- */

static void
write_number(GString *o, const HtmlSite *site, const PageSearch *p)
{
	const SearchReply *r = p->found;
	const char *about = html_word(site, "about %s");
	const char *seen =
	    html_word(site, ", of which the newest %s were put in order");

	out_raw(o, "<p class=\"meta\">");
	if (r->about)
		html_until(o, &about);
	html_messages(o, site, r->n);
	if (r->about)
		html_until(o, &about);
	if (r->n > r->n_seen && p->ask.order != SEARCH_NEWEST) {
		html_until(o, &seen);
		out_count(o, r->n_seen);
		html_until(o, &seen);
	}
	out_raw(o, "</p>\n");
}

/* What to do where nothing was found. */
static void
write_nothing(GString *o, const HtmlSite *site, const PageSearch *p)
{
	PageSearchAsk to = p->ask;

	index_nothing(o, html_word(site, "No message was found."));
	out_raw(o, "<p>");
	html_say(o, site, "What may help:");
	out_raw(o, "</p>\n<ul>\n");
	to.number = 1;
	if (p->ask.thread != NULL) {
		to.thread = NULL;
		write_choice(o, site, &to, false,
		    html_word(site, "The same in all of the list"));
	}
	if (p->ask.list != NULL) {
		to.thread = NULL;
		to.list = NULL;
		write_choice(o, site, &to, false,
		    html_word(site, "The same in all lists"));
	}
	out_raw(o, "<li>");
	html_say(o, site, "Fewer words: a message must have each of them");
	out_raw(o, "</li>\n<li>");
	html_say(o, site,
	    "The beginning of a word alone, with a star behind it: hous*");
	out_raw(o, "</li>\n</ul>\n");
}

static void
write_found(GString *o, const HtmlSite *site, const PageSearch *p)
{
	write_notes(o, site, p);
	if (p->hits->len == 0) {
		if (p->found->searched[0] != '\0')
			write_nothing(o, site, p);
		return;
	}
	write_orders(o, site, &p->ask);
	write_number(o, site, p);
	write_hits(o, site, p);
	write_pages(o, site, p);
	write_facets(o, site, p);
	write_takeaway(o, site, p);
}

static const struct {
	const char *title, *text;
} troubles[] = {
    [PAGE_SEARCH_BUSY] = {N_("Too many are searching at the moment"),
	N_("Please try again in a few seconds.")},
    [PAGE_SEARCH_NO_INDEX] = {N_("The index is still being made"),
	N_("The archive can be searched once it is there. All pages can be "
	   "read meanwhile.")},
    [PAGE_SEARCH_LATE] = {N_("This search takes too long"),
	N_("It may work with fewer words, in one list, or within a time: "
	   "d:last.year..")},
    [PAGE_SEARCH_FAILED] = {N_("The archive cannot be searched at the moment"),
	N_("All pages can be read meanwhile. Whoever runs the archive can tell "
	   "more: the program said so in its log.")},
};

static void
write_trouble(GString *o, const HtmlSite *site, PageSearchTrouble t)
{
	out_raw(o, "<div class=\"notice\">\n<h2>");
	html_say(o, site, troubles[t].title);
	out_raw(o, "</h2>\n<p>");
	html_say(o, site, troubles[t].text);
	out_raw(o, "</p>\n</div>\n");
}

static void
write_title(GString *o, const HtmlSite *site, const PageSearchAsk *a)
{
	const char *text = html_word(site, "Search in %s");

	out_raw(o, "<h1>");
	html_until(o, &text);
	if (a->list == NULL) {
		html_say(o, site, "all lists");
	} else if (a->thread == NULL) {
		out_text(o, a->list->list_id);
	} else {
		out_raw(o, "<a href=\"");
		html_msg_path(o, site, a->list, a->thread->key);
		out_raw(o, "t/\">");
		html_subject(o, site, a->thread->subject);
		out_raw(o, "</a>");
	}
	html_until(o, &text);
	out_raw(o, "</h1>\n");
}

void
page_search(GString *o, const HtmlSite *site, const PageSearch *p)
{
	g_autoptr(GString) feed = g_string_new(NULL);
	PageSearchAsk to = p->ask;
	bool asked = p->ask.q[0] != '\0';

	to.x = "A";
	to.number = 1;
	page_search_url(feed, site, &to, false);
	const HtmlTop top = {
	    .title = asked ? p->ask.q : html_word(site, "Search"),
	    .list = p->ask.list,
	    .results = asked ? feed->str : "",
	    .hidden = true};

	html_begin(o, site, &top);
	write_title(o, site, &p->ask);
	write_form(o, site, &p->ask);
	if (asked)
		write_places(o, site, &p->ask);
	if (p->trouble != PAGE_SEARCH_FINE)
		write_trouble(o, site, p->trouble);
	else if (p->found != NULL)
		write_found(o, site, p);
	write_help(o, site, !asked);
	html_end(o, site);
}
