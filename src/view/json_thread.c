/* json_thread.c - who answers whom, for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json_doc.h"

static void
write_row(Json *j, const HtmlSite *site, const JsonThread *p, size_t row)
{
	const ThreadRow *r = &g_array_index(p->thread->rows, ThreadRow, row);
	const Head *h = read_thread_head(p->thread, row);
	int64_t removed = read_thread_removed(p->thread, row);

	json_object(j);
	json_set(j, "depth", num, r->depth);
	json_name(j, "parent");
	if (r->parent == THREAD_GHOST)
		json_null(j);
	else
		json_num(j, r->parent);
	json_name(j, "message");
	if (h != NULL)
		json_head(j, site, p->list, h);
	else
		json_null(j);
	json_name(j, "message_id");
	if (h != NULL)
		json_octets(j, h->id);
	else
		json_text(j, p->ids->pdata[row]);
	json_name(j, "removed");
	if (removed != 0)
		json_time(j, removed);
	else
		json_null(j);
	json_end(j);
}

static void
write_neighbour(
    Json *j, const HtmlSite *site, const StoreList *list, const StoreThread *t)
{
	if (t != NULL)
		json_url_api(j, site, list, "threads", t->key);
	else
		json_null(j);
}

void
json_doc_thread(GString *o, const HtmlSite *site, const JsonThread *p)
{
	const Head *first = page_thread_first(p->thread);
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, p->list->list_id);
	json_set(&j, "key", text, first->key);
	json_set(&j, "url", url_api, site, p->list, "threads", first->key);
	json_set(&j, "html_url", url_msg, site, p->list, first->key, "t/");
	json_set(&j, "feed_url", url_msg, site, p->list, first->key, "t.atom");
	json_set(
	    &j, "mbox_url", url_msg, site, p->list, first->key, "t.mbox.gz");
	json_set(&j, "mbox_zst_url", url_msg, site, p->list, first->key,
	    "t.mbox.zst");
	json_set(&j, "subject", protected, site, first->subject);
	json_set(&j, "message_count", num, p->thread->n_all);
	json_set(&j, "participant_count", num, read_thread_authors(p->thread));
	json_set(
	    &j, "complete", bool, p->thread->n_all == p->thread->heads->len);
	json_name(&j, "newer_thread_url");
	write_neighbour(&j, site, p->list, p->newer);
	json_name(&j, "older_thread_url");
	write_neighbour(&j, site, p->list, p->older);
	json_name(&j, "rows");
	json_array(&j);
	for (guint i = 0; i < p->thread->rows->len; i++)
		write_row(&j, site, p, i);
	json_end(&j);
	json_end(&j);
	json_finish(&j);
}
