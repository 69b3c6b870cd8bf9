/* json_author.c - who wrote to a list, for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json_doc.h"

static void
write_html_url(
    Json *j, const HtmlSite *site, const StoreList *list, const char *id)
{
	g_autofree char *suffix = g_strconcat("author/", id, "/", NULL);

	json_set(j, "html_url", url_list, site, list, suffix);
}

/* The members that an author has wherever he is told of. */
static void
write_author(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreAuthor *a)
{
	json_set(j, "author_id", text, a->id);
	json_set(j, "url", url_api, site, list, "authors", a->id);
	write_html_url(j, site, list, a->id);
	json_called(j, site, a->name, a->addr);
	json_set(j, "message_count", num, a->n_messages);
}

void
json_authors(Json *j, const HtmlSite *site, const StoreList *list,
    const GPtrArray *authors)
{
	json_array(j);
	for (guint i = 0; i < authors->len; i++) {
		json_object(j);
		write_author(j, site, list, authors->pdata[i]);
		json_end(j);
	}
	json_end(j);
}

void
json_doc_authors(GString *o, const HtmlSite *site, const StoreList *list,
    int year, const GPtrArray *authors)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, list->list_id);
	json_name(&j, "year");
	if (year != 0)
		json_num(&j, (uint64_t)year);
	else
		json_null(&j);
	json_name(&j, "authors");
	json_authors(&j, site, list, authors);
	json_end(&j);
	json_finish(&j);
}

/* The other public lists that have messages of the author. */
static void
write_others(Json *j, const HtmlSite *site, const JsonAuthor *p)
{
	const char *id = p->author->id;

	json_array(j);
	for (guint i = 0; i < p->lists->len; i++) {
		const ReadAuthorList *l = p->lists->pdata[i];

		if (l->list->id == p->list->id)
			continue;
		json_object(j);
		json_set(j, "list_id", text, l->list->list_id);
		json_set(j, "url", url_api, site, l->list, "authors", id);
		write_html_url(j, site, l->list, id);
		json_set(j, "message_count", num, l->n_messages);
		json_end(j);
	}
	json_end(j);
}

static void
write_years(Json *j, const GArray *years)
{
	json_array(j);
	for (guint i = 0; i < years->len; i++) {
		const StoreAuthorYear *y =
		    &g_array_index(years, StoreAuthorYear, i);

		json_object(j);
		json_set(j, "year", num, (uint64_t)y->year);
		json_set(j, "message_count", num, y->n_messages);
		json_end(j);
	}
	json_end(j);
}

void
json_doc_author(GString *o, const HtmlSite *site, const JsonAuthor *p)
{
	g_autofree char *messages =
	    g_strconcat("authors/", p->author->id, "/messages", NULL);
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, p->list->list_id);
	write_author(&j, site, p->list, p->author);
	json_set(&j, "thread_count", num, p->sum.n_threads);
	json_set(&j, "first_date", time, p->sum.first_date);
	json_set(&j, "last_date", time, p->sum.last_date);
	json_name(&j, "years");
	write_years(&j, p->years);
	json_set(&j, "messages_url", url_api, site, p->list, messages, NULL);
	json_name(&j, "other_lists");
	write_others(&j, site, p);
	json_end(&j);
	json_finish(&j);
}
