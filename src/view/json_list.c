/* json_list.c - lists, their months and threads, for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json_doc.h"

/* A time, or null where there is none. */
static void
write_time(Json *j, int64_t t, bool known)
{
	if (known)
		json_time(j, t);
	else
		json_null(j);
}

/* Names of the list: no person's, so that nothing is hidden. */
static void
write_texts(Json *j, char *const *texts)
{
	json_array(j);
	for (; *texts != NULL; texts++)
		json_text(j, *texts);
	json_end(j);
}

/* What every document says of a list: the members alone. */
static void
write_list(Json *j, const HtmlSite *site, const StoreList *l)
{
	json_set(j, "list_id", text, l->list_id);
	json_set(j, "description", protected, site, l->description);
	json_set(j, "url", url_api, site, l, NULL, NULL);
	json_set(j, "html_url", url_list, site, l, "");
	json_name(j, "addresses");
	write_texts(j, l->addresses);
	json_name(j, "former_list_ids");
	write_texts(j, l->names);
	json_set(j, "message_count", num, l->n_messages);
	json_name(j, "first_date");
	write_time(j, l->first_date, l->n_messages > 0);
	json_name(j, "last_date");
	write_time(j, l->last_date, l->n_messages > 0);
	json_name(j, "changed");
	write_time(j, l->changed / G_USEC_PER_SEC, l->changed > 0);
	json_set(j, "months_url", url_api, site, l, "months", NULL);
	json_set(j, "threads_url", url_api, site, l, "threads", NULL);
	json_set(j, "messages_url", url_api, site, l, "messages", NULL);
	json_set(j, "authors_url", url_api, site, l, "authors", NULL);
	json_set(j, "feed_url", url_list, site, l, "new.atom");
	json_set(j, "mbox_url", url_list, site, l, "all.mbox.gz");
	json_set(j, "mbox_zst_url", url_list, site, l, "all.mbox.zst");
}

void
json_doc_home(GString *o, const HtmlSite *site)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "title", text, site->title);
	json_set(&j, "generator", text, "felid " FELID_VERSION);
	json_set(&j, "url", url, site, JSON_API);
	json_set(&j, "html_url", url, site, "/");
	json_set(&j, "lists_url", url, site, JSON_API "/lists");
	json_set(&j, "find_url", url, site, JSON_API "/find{?id,key}");
	json_set(&j, "search_url", url, site,
	    JSON_API "/search{?q,list,order,page}");
	json_set(&j, "openapi_url", url, site, "/~api/openapi.json");
	json_end(&j);
	json_finish(&j);
}

/* Of the months that the picture beside a list shows. */
static void
write_counts(Json *j, const uint64_t n[static CHART_MONTHS])
{
	json_array(j);
	for (size_t i = 0; i < CHART_MONTHS; i++)
		json_num(j, n[i]);
	json_end(j);
}

void
json_doc_lists(GString *o, const HtmlSite *site, const PageHomeRow *rows,
    size_t n, const char *next)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_name(&j, "lists");
	json_array(&j);
	for (size_t i = 0; i < n; i++) {
		json_object(&j);
		write_list(&j, site, rows[i].list);
		json_name(&j, "recent_months");
		write_counts(&j, rows[i].counts);
		json_end(&j);
	}
	json_end(&j);
	json_set(&j, "next", text, next);
	json_end(&j);
	json_finish(&j);
}

/* Months ------------------------------------------------------------------ */

static void
write_month_url(Json *j, const HtmlSite *site, const StoreList *list,
    const StoreMonth *m, const char *suffix)
{
	g_autofree char *path =
	    g_strdup_printf("%04d/%02d%s", m->year, m->month, suffix);

	json_url_list(j, site, list, path);
}

static void
write_month_messages(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreMonth *m)
{
	bool last = m->month == 12;
	bool end = last && m->year == 9999; /* there is no day behind it */
	g_autofree char *to =
	    end ? g_strdup("")
		: g_strdup_printf("&to=%04d-%02d-01", m->year + last,
		      last ? 1 : m->month + 1);
	g_autofree char *what = g_strdup_printf(
	    "messages?from=%04d-%02d-01%s", m->year, m->month, to);

	json_url_api(j, site, list, what, NULL);
}

/* Its document. */
static void
write_month_doc(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreMonth *m)
{
	g_autofree char *name = g_strdup_printf("%04d-%02d", m->year, m->month);

	json_url_api(j, site, list, "months", name);
}

/* The members of a month wherever it is told of. */
static void
write_month(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreMonth *m)
{
	g_autofree char *name = g_strdup_printf("%04d-%02d", m->year, m->month);

	json_set(j, "month", text, name);
	json_name(j, "url");
	write_month_doc(j, site, list, m);
	json_set(j, "message_count", num, m->n_messages);
	json_name(j, "html_url");
	write_month_url(j, site, list, m, "/");
	json_name(j, "mbox_url");
	write_month_url(j, site, list, m, ".mbox.gz");
	json_name(j, "mbox_zst_url");
	write_month_url(j, site, list, m, ".mbox.zst");
	json_name(j, "messages_url");
	write_month_messages(j, site, list, m);
}

static void
write_months(Json *j, const HtmlSite *site, const StoreList *list,
    const StoreMonth *months, size_t n)
{
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		json_object(j);
		write_month(j, site, list, &months[i]);
		json_end(j);
	}
	json_end(j);
}

void
json_doc_months(GString *o, const HtmlSite *site, const StoreList *list,
    const StoreMonth *months, size_t n, const char *next)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, list->list_id);
	json_name(&j, "months");
	write_months(&j, site, list, months, n);
	json_set(&j, "next", text, next);
	json_end(&j);
	json_finish(&j);
}

/* Threads ----------------------------------------------------------------- */

/* The members of a thread wherever it is told of. */
static void
write_thread(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreThread *t)
{
	const JsonPerson from = {.name = t->from_name,
	    .addr = t->from_addr,
	    .author_id = t->author_id};

	json_set(j, "key", text, t->key);
	json_set(j, "url", url_api, site, list, "threads", t->key);
	json_set(j, "html_url", url_msg, site, list, t->key, "t/");
	json_set(j, "subject", protected, site, t->subject);
	json_set(j, "from", person, site, list, &from);
	json_set(j, "message_count", num, t->n_all);
	json_set(j, "participant_count", num, t->n_authors);
	json_set(j, "first_date", time, t->first_date);
	json_set(j, "last_date", time, t->last_date);
	json_set(j, "feed_url", url_msg, site, list, t->key, "t.atom");
	json_set(j, "mbox_url", url_msg, site, list, t->key, "t.mbox.gz");
	json_set(j, "mbox_zst_url", url_msg, site, list, t->key, "t.mbox.zst");
}

void
json_doc_threads(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *threads, const char *next)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, list->list_id);
	json_name(&j, "threads");
	json_array(&j);
	for (guint i = 0; i < threads->len; i++) {
		json_object(&j);
		write_thread(&j, site, list, threads->pdata[i]);
		json_end(&j);
	}
	json_end(&j);
	json_set(&j, "next", text, next);
	json_end(&j);
	json_finish(&j);
}

/* A month and its threads -------------------------------------------------- */

/* A thread as a month or a year has it: its dates and one of its counts are
 * those of that. */
static void
write_range_thread(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreThread *t)
{
	json_object(j);
	write_thread(j, site, list, t);
	json_set(j, "range_message_count", num, t->n_messages);
	json_end(j);
}

static void
write_range_threads(Json *j, const HtmlSite *site, const StoreList *list,
    const GPtrArray *threads)
{
	json_array(j);
	for (guint i = 0; i < threads->len; i++)
		write_range_thread(j, site, list, threads->pdata[i]);
	json_end(j);
}

static void
write_size(Json *j, uint64_t size)
{
	if (size > 0)
		json_num(j, size);
	else
		json_null(j);
}

static void
write_neighbour(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreMonth *m)
{
	if (m != NULL)
		write_month_doc(j, site, list, m);
	else
		json_null(j);
}

/* Days that have messages: StoreDay. */
static void
write_days(
    Json *j, const HtmlSite *site, const StoreList *list, const GArray *days)
{
	json_array(j);
	for (guint i = 0; i < days->len; i++) {
		const StoreDay *d = &g_array_index(days, StoreDay, i);
		g_autofree char *name = g_strdup_printf(
		    "%04d-%02d-%02d", d->year, d->month, d->day);
		g_autofree char *path = g_strdup_printf(
		    "%04d/%02d/#d%d", d->year, d->month, d->day);

		json_object(j);
		json_set(j, "day", text, name);
		json_set(j, "message_count", num, d->n_messages);
		json_set(j, "html_url", url_list, site, list, path);
		json_end(j);
	}
	json_end(j);
}

void
json_doc_month(GString *o, const HtmlSite *site, const JsonMonth *p)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, p->list->list_id);
	write_month(&j, site, p->list, p->month);
	json_name(&j, "mbox_size");
	write_size(&j, p->mbox_sizes[0]);
	json_name(&j, "mbox_zst_size");
	write_size(&j, p->mbox_sizes[1]);
	json_set(&j, "thread_count", num, p->n_threads);
	json_name(&j, "newer_month_url");
	write_neighbour(&j, site, p->list, p->newer);
	json_name(&j, "older_month_url");
	write_neighbour(&j, site, p->list, p->older);
	json_name(&j, "days");
	write_days(&j, site, p->list, p->days);
	json_name(&j, "threads");
	write_range_threads(&j, site, p->list, p->threads);
	json_set(&j, "next", text, p->next);
	json_end(&j);
	json_finish(&j);
}

/* A year ------------------------------------------------------------------- */

/* Its document, or null where there is none. */
static void
write_year_doc(Json *j, const HtmlSite *site, const StoreList *list, int year)
{
	g_autofree char *name = g_strdup_printf("%04d", year);

	if (year != 0)
		json_url_api(j, site, list, "years", name);
	else
		json_null(j);
}

void
json_doc_year(GString *o, const HtmlSite *site, const PageYear *p)
{
	g_autofree char *html = g_strdup_printf("%04d/", p->year);
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, p->list->list_id);
	json_set(&j, "year", num, (uint64_t)p->year);
	json_name(&j, "url");
	write_year_doc(&j, site, p->list, p->year);
	json_set(&j, "html_url", url_list, site, p->list, html);
	json_set(&j, "message_count", num, p->n_messages);
	json_name(&j, "newer_year_url");
	write_year_doc(&j, site, p->list, p->newer);
	json_name(&j, "older_year_url");
	write_year_doc(&j, site, p->list, p->older);
	json_name(&j, "months");
	write_months(&j, site, p->list,
	    (const StoreMonth *)(void *)p->months->data, p->months->len);
	json_name(&j, "days");
	write_days(&j, site, p->list, p->days);
	json_name(&j, "threads");
	write_range_threads(&j, site, p->list, p->threads);
	json_name(&j, "authors");
	json_authors(&j, site, p->list, p->authors);
	json_end(&j);
	json_finish(&j);
}

/* A list ------------------------------------------------------------------- */

static void
write_urls(Json *j, const GPtrArray *urls)
{
	json_array(j);
	for (guint i = 0; i < urls->len; i++)
		json_text(j, urls->pdata[i]);
	json_end(j);
}

void
json_doc_list(GString *o, const HtmlSite *site, const JsonList *p)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	write_list(&j, site, p->list);
	json_set(&j, "size", num, p->n_bytes);
	json_name(&j, "subscribe");
	write_urls(&j, p->ways->urls[WAY_SUBSCRIBE]);
	json_name(&j, "post");
	write_urls(&j, p->ways->urls[WAY_POST]);
	json_name(&j, "help");
	write_urls(&j, p->ways->urls[WAY_HELP]);
	json_name(&j, "owner");
	write_urls(&j, p->ways->urls[WAY_OWNER]);
	json_name(&j, "active_threads");
	write_range_threads(&j, site, p->list, p->active);
	json_end(&j);
	json_finish(&j);
}
