/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json_search.h"

#include "search/query.h"
#include "view/json_doc.h"

static void
write_notes(Json *j, const SearchReply *r)
{
	json_array(j);
	for (guint i = 0; i < r->notes->len; i++) {
		const SearchNote *n = r->notes->pdata[i];
		const QueryNote note = {.kind = n->kind,
		    .at = n->at,
		    .what = n->what,
		    .more = n->more};
		g_autofree char *text = query_note_text(&note);

		json_text(j, text);
	}
	json_end(j);
}

static void
write_results(Json *j, const HtmlSite *site, const PageSearch *p)
{
	json_array(j);
	for (guint i = 0; i < p->hits->len; i++) {
		const PageSearchHit *h =
		    &g_array_index(p->hits, PageSearchHit, i);

		json_object(j);
		json_name(j, "message");
		json_head(j, site, h->list, h->head);
		json_set(j, "passage", protected, site, h->hit->passage);
		json_end(j);
	}
	json_end(j);
}

static void
write_counts(Json *j, const HtmlSite *site, const PageSearch *p)
{
	static const char *const kinds[] = {[SEARCH_BY_YEAR] = "year",
	    [SEARCH_BY_LIST] = "list",
	    [SEARCH_BY_AUTHOR] = "author"};

	json_array(j);
	for (guint i = 0; i < p->found->counts->len; i++) {
		const SearchCount *c = p->found->counts->pdata[i];

		if (c->by >= G_N_ELEMENTS(kinds) ||
		    (c->by == SEARCH_BY_LIST && !p->lists))
			continue;
		json_object(j);
		json_set(j, "by", text, kinds[c->by]);
		json_set(j, "value", text, c->value);
		json_name(j, "name");
		if (c->by == SEARCH_BY_AUTHOR)
			json_protected(j, site, c->name);
		else
			json_null(j);
		json_set(j, "message_count", num, c->n);
		json_end(j);
	}
	json_end(j);
}

/* The page of that number. */
static char *
url_of(const HtmlSite *site, const PageSearchAsk *a, uint64_t number)
{
	GString *o = g_string_new(site->url);

	out_raw(o, JSON_API "/search?q=");
	out_url(o, a->q);
	if (a->list != NULL) {
		out_raw(o, "&list=");
		out_url(o, a->list->list_id);
	}
	if (a->order == SEARCH_NEWEST)
		out_raw(o, "&order=newest");
	if (a->order == SEARCH_OLDEST)
		out_raw(o, "&order=oldest");
	if (number > 1) {
		out_raw(o, "&page=");
		out_num(o, number);
	}
	return g_string_free(o, FALSE);
}

void
json_doc_search(GString *o, const HtmlSite *site, const PageSearch *p)
{
	g_autofree char *url = url_of(site, &p->ask, p->ask.number);
	g_autofree char *next =
	    p->more ? url_of(site, &p->ask, p->ask.number + 1) : NULL;
	const SearchReply *r = p->found;
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "url", text, url);
	json_set(&j, "query", text, p->ask.q);
	json_set(&j, "searched", text, r->searched);
	json_name(&j, "notes");
	write_notes(&j, r);
	json_set(&j, "message_count", num, r->n);
	json_set(&j, "estimated", bool, r->about);
	json_set(&j, "counted", num, r->n_seen);
	json_name(&j, "results");
	write_results(&j, site, p);
	json_name(&j, "counts");
	write_counts(&j, site, p);
	json_set(&j, "next", text, next);
	json_end(&j);
	json_finish(&j);
}
