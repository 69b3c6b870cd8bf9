/* json_url.c - what the documents of the API are made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "mail/addr.h"
#include "view/json_doc.h"

#include <string.h>

void
json_url(Json *j, const HtmlSite *site, const char *path)
{
	json_open_text(j);
	json_more(j, site->url);
	json_more(j, path);
	json_close_text(j);
}

void
json_url_api(Json *j, const HtmlSite *site, const StoreList *list,
    const char *what, const char *key)
{
	json_open_text(j);
	json_more(j, site->url);
	out_raw(j->o, JSON_API "/lists/");
	out_url(j->o, list->list_id);
	if (what != NULL) {
		out_raw(j->o, "/");
		json_more(j, what);
	}
	if (key != NULL) {
		out_raw(j->o, "/");
		out_url(j->o, key);
	}
	json_close_text(j);
}

void
json_url_list(
    Json *j, const HtmlSite *site, const StoreList *list, const char *suffix)
{
	json_open_text(j);
	json_more(j, site->url);
	out_raw(j->o, "/");
	out_url(j->o, list->list_id);
	out_raw(j->o, "/");
	json_more(j, suffix);
	json_close_text(j);
}

void
json_url_msg(Json *j, const HtmlSite *site, const StoreList *list,
    const char *key, const char *suffix)
{
	json_open_text(j);
	json_more(j, site->url);
	out_raw(j->o, "/");
	out_url(j->o, list->list_id);
	out_raw(j->o, "/");
	out_url(j->o, key);
	out_raw(j->o, "/");
	json_more(j, suffix);
	json_close_text(j);
}

void
json_octets(Json *j, const char *octets)
{
	g_autofree char *text =
	    octets != NULL ? text_from_octets(octets, strlen(octets)) : NULL;

	json_text(j, text);
}

void
json_protected(Json *j, const HtmlSite *site, const char *text)
{
	g_autofree char *safe = NULL;

	if (site->protect && text != NULL && addr_may_be_in(text))
		text = safe = addr_protect(text);
	json_text(j, text);
}

void
json_called(Json *j, const HtmlSite *site, const char *name, const char *addr)
{
	json_set(j, "name", protected, site, name[0] != '\0' ? name : NULL);
	json_set(j, "address", protected, site, addr[0] != '\0' ? addr : NULL);
}

void
json_person(
    Json *j, const HtmlSite *site, const StoreList *list, const JsonPerson *p)
{
	bool known = p->author_id[0] != '\0';

	json_object(j);
	json_called(j, site, p->name, p->addr);
	json_set(j, "author_id", text, known ? p->author_id : NULL);
	json_name(j, "author_url");
	if (known)
		json_url_api(j, site, list, "authors", p->author_id);
	else
		json_null(j);
	json_end(j);
}

/* URLs of the API for what may have been meant. */
static void
write_near(Json *j, const HtmlSite *site, const JsonProblem *p)
{
	const PageNear *near = p->near;
	const StoreMonth *months[] = {near->earlier, near->later};

	json_name(j, "nearest");
	json_array(j);
	for (guint i = 0; near->named != NULL && i < near->named->len; i++)
		json_url_api(j, site, near->named->pdata[i], NULL, NULL);
	for (guint i = 0; near->heads != NULL && i < near->heads->len; i++) {
		const Head *h = near->heads->pdata[i];

		json_url_api(
		    j, site, near->lists->pdata[i], "messages", h->key);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(months); i++) {
		char key[32];

		if (months[i] == NULL)
			continue;
		g_snprintf(key, sizeof key, "%04d-%02d", months[i]->year,
		    months[i]->month);
		json_url_api(j, site, p->list, "months", key);
	}
	json_end(j);
}

void
json_doc_problem(GString *o, const HtmlSite *site, const JsonProblem *p)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_name(&j, "type");
	if (p->parameter != NULL)
		json_url(&j, site,
		    "/~api/openapi.json#/components/responses/BadParameter");
	else
		json_text(&j, "about:blank");
	json_set(&j, "title", text, p->title);
	json_set(&j, "status", num, p->status);
	if (p->detail != NULL)
		json_set(&j, "detail", text, p->detail);
	json_set(&j, "instance", url, site, p->instance);
	if (p->parameter != NULL)
		json_set(&j, "parameter", text, p->parameter);
	if (p->removed != 0)
		json_set(&j, "removed", time, p->removed);
	if (p->near != NULL)
		write_near(&j, site, p);
	json_end(&j);
	json_finish(&j);
}
