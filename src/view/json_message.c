/* json_message.c - messages for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/part.h"
#include "mail/permalink.h"
#include "mail/thread.h"
#include "view/content.h"
#include "view/json_doc.h"
#include "view/part_note.h"

#include <string.h>

/* What an index says of a message: the members alone. */
static void
write_head(Json *j, const HtmlSite *site, const StoreList *list, const Head *h)
{
	const JsonPerson from = {.name = h->from_name,
	    .addr = h->from_addr,
	    .author_id = h->author_id};

	json_set(j, "list_id", text, list->list_id);
	json_set(j, "key", text, h->key);
	json_set(j, "url", url_api, site, list, "messages", h->key);
	json_set(j, "html_url", url_msg, site, list, h->key, "");
	json_set(j, "raw_url", url_msg, site, list, h->key, "raw");
	json_set(j, "thread_url", url_api, site, list, "threads", h->key);
	json_set(j, "message_id", octets, h->id);
	json_set(j, "subject", protected, site, h->subject);
	json_set(j, "from", person, site, list, &from);
	json_set(j, "date", time, h->date);
	json_set(j, "date_is_senders", bool, h->has_date);
	json_set(j, "arrived", time, h->arrived);
	json_set(j, "size", num, h->size);
}

void
json_head(Json *j, const HtmlSite *site, const StoreList *list, const Head *h)
{
	json_object(j);
	write_head(j, site, list, h);
	json_end(j);
}

void
json_doc_messages(GString *o, const HtmlSite *site, const StoreList *list,
    const GPtrArray *heads, const char *next)
{
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "list_id", text, list->list_id);
	json_name(&j, "messages");
	json_array(&j);
	for (guint i = 0; i < heads->len; i++)
		json_head(&j, site, list, heads->pdata[i]);
	json_end(&j);
	json_set(&j, "next", text, next);
	json_end(&j);
	json_finish(&j);
}

void
json_doc_found(GString *o, const HtmlSite *site, ReadFound found,
    const GPtrArray *heads, const GPtrArray *lists)
{
	static const char *const words[] = {[READ_NONE] = "none",
	    [READ_ONE] = "permalink",
	    [READ_MOVED] = "other-name",
	    [READ_SHARED] = "shared",
	    [READ_CHOICE] = "choice"};
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "found", text, words[found]);
	json_name(&j, "messages");
	json_array(&j);
	for (guint i = 0; i < heads->len; i++)
		json_head(&j, site, lists->pdata[i], heads->pdata[i]);
	json_end(&j);
	json_end(&j);
	json_finish(&j);
}

/* One message ------------------------------------------------------------- */

typedef struct {
	Json j;
	const HtmlSite *site;
	const JsonMessage *p;
} Doc;

/* A field of the header, or null. */
static void
write_field(Doc *d, const char *value)
{
	g_autofree char *text = value != NULL ? header_decode(value) : NULL;
	g_autofree char *cut =
	    text != NULL ? text_cut(text, LIMIT_SHOWN_FIELD_BYTES) : NULL;

	json_protected(&d->j, d->site, cut);
}

/* A name that leads to the message, or null. */
static void
write_name(Doc *d, const Permalinks *links, KeyKind kind)
{
	size_t n = kind < KEY_LEGACY ? DIGEST_BYTES : KEY_BYTES;
	g_autofree char *name =
	    links->has[kind] ? text_base32(links->digest[kind], n) : NULL;

	json_text(&d->j, name);
}

static void
write_names(Doc *d)
{
	const ReadMsg *m = d->p->msg;
	Permalinks links = {0};
	Json *j = &d->j;

	if (m->partial)
		permalink_of_header(g_bytes_get_data(m->raw, NULL),
		    g_bytes_get_size(m->raw), &links);
	else
		permalink_compute(m->raw, m->outline, &links);
	json_object(j);
	json_name(j, "hashed_message_id_sha256");
	write_name(d, &links, KEY_ID);
	json_name(j, "originator_sha256");
	write_name(d, &links, KEY_ORIGINATOR);
	json_name(j, "content_sha256");
	write_name(d, &links, KEY_CONTENT);
	json_name(j, "message_id_hash");
	write_name(d, &links, KEY_LEGACY);
	json_end(j);
}

/* A message of the list that is spoken of: h, or NULL with its id. */
static void
write_link(Doc *d, const Head *h, const char *id)
{
	Json *j = &d->j;

	json_object(j);
	json_set(j, "message_id", octets, h != NULL ? h->id : id);
	json_set(j, "key", text, h != NULL ? h->key : NULL);
	json_name(j, "url");
	if (h != NULL)
		json_url_api(j, d->site, d->p->list, "messages", h->key);
	else
		json_null(j);
	json_end(j);
}

/* Head by thread_id, of the thread's messages that are loaded: what a message
 * refers to is in its thread. */
static GHashTable *
by_id(const ReadThread *t)
{
	GHashTable *heads = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = t->heads->len; i > 0; i--) {
		Head *h = t->heads->pdata[i - 1];

		if (h != NULL && h->id64 != 0)
			g_hash_table_insert(heads, &h->id64, h);
	}
	return heads;
}

static void
write_ids(Doc *d, GHashTable *heads, const char *value)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	if (value != NULL)
		header_ids(value, ids);
	json_array(&d->j);
	for (guint i = 0; i < ids->len; i++) {
		uint64_t id = thread_id(ids->pdata[i]);

		write_link(d, g_hash_table_lookup(heads, &id), ids->pdata[i]);
	}
	json_end(&d->j);
}

static void
write_replies(Doc *d)
{
	const ReadThread *t = d->p->thread;
	size_t row = d->p->row;

	json_array(&d->j);
	for (guint i = 0; row != THREAD_GHOST && i < t->rows->len; i++) {
		const Head *h = read_thread_head(t, i);

		if (h != NULL &&
		    g_array_index(t->rows, ThreadRow, i).parent == row)
			json_head(&d->j, d->site, d->p->list, h);
	}
	json_end(&d->j);
}

/* The message of row, or null where there is none, or it is the same. */
static void
write_near(Doc *d, size_t row)
{
	const Head *h = row == THREAD_GHOST || row == d->p->row
			    ? NULL
			    : read_thread_head(d->p->thread, row);

	if (h != NULL)
		json_head(&d->j, d->site, d->p->list, h);
	else
		json_null(&d->j);
}

/* Where it stands in its thread. */
static void
write_place(Doc *d)
{
	const ReadThread *t = d->p->thread;
	size_t row = d->p->row;
	bool known = row != THREAD_GHOST;

	json_name(&d->j, "parent");
	write_near(
	    d, known ? g_array_index(t->rows, ThreadRow, row).parent : row);
	json_name(&d->j, "previous");
	write_near(d, known ? page_message_neighbour(t, row, false) : row);
	json_name(&d->j, "next");
	write_near(d, known ? page_message_neighbour(t, row, true) : row);
}

static void
write_thread_urls(Doc *d)
{
	const StoreList *list = d->p->list;
	const char *key = d->p->msg->head->key;
	Json *j = &d->j;

	json_set(j, "thread_html_url", url_msg, d->site, list, key, "t/");
	json_set(j, "thread_feed_url", url_msg, d->site, list, key, "t.atom");
	json_set(
	    j, "thread_mbox_url", url_msg, d->site, list, key, "t.mbox.gz");
	json_set(j, "thread_mbox_zst_url", url_msg, d->site, list, key,
	    "t.mbox.zst");
}

static void
write_part_url(Doc *d, const Part *p, size_t n)
{
	g_autofree char *file = part_file_name(p, n);
	g_autofree char *prefix = g_strdup_printf("%zu-", n);

	json_open_text(&d->j);
	json_more(&d->j, d->site->url);
	out_raw(d->j.o, "/");
	out_url(d->j.o, d->p->list->list_id);
	out_raw(d->j.o, "/");
	out_url(d->j.o, d->p->msg->head->key);
	out_raw(d->j.o, "/");
	json_more(&d->j, prefix);
	out_url(d->j.o, file);
	json_close_text(&d->j);
}

/* What a page says of part n, less the link behind it; or null. */
static void
write_note(Doc *d, size_t n)
{
	const char *note = part_note(d->p->msg, n);
	const char *end = note != NULL ? strstr(note, ": %s") : NULL;

	if (end != NULL)
		json_text_len(&d->j, note, (size_t)(end - note));
	else
		json_text(&d->j, note);
}

static void
write_part(Doc *d, size_t n)
{
	static const char *const shown[] = {[SHOW_TEXT] = "text",
	    [SHOW_HTML] = "html",
	    [SHOW_FILE] = "file",
	    [SHOW_NONE] = "none"};
	const Part *p = &d->p->msg->outline->parts[n];
	Json *j = &d->j;

	json_object(j);
	json_set(j, "number", num, n + 1);
	json_set(j, "depth", num, p->depth);
	json_set(j, "type", text, p->type);
	json_set(j, "charset", text, p->charset);
	json_set(j, "name", protected, d->site, p->name);
	json_set(j, "content_id", text, p->cid);
	json_set(j, "encoded_size", num, p->len);
	json_set(j, "shown_as", text, shown[p->show]);
	json_name(j, "note");
	write_note(d, n);
	json_name(j, "url");
	if (p->leaf)
		write_part_url(d, p, n + 1);
	else
		json_null(j);
	json_end(j);
}

/* The Date field in the zone that it was written in, or null. */
static void
write_local_date(Doc *d, const char *date)
{
	g_autofree char *local = NULL;
	int64_t t = 0;
	int zone_s = 0;

	if (read_sent(date, &t, &zone_s))
		local = date_format_rfc3339_zone(t, zone_s);
	json_text(&d->j, local);
}

static void
write_fields(Doc *d, const ReadFields *f)
{
	json_name(&d->j, "to");
	write_field(d, f->to);
	json_name(&d->j, "cc");
	write_field(d, f->cc);
	json_name(&d->j, "reply_to");
	write_field(d, f->reply_to);
	json_name(&d->j, "date_header");
	write_field(d, f->date);
	json_name(&d->j, "date_local");
	write_local_date(d, f->date);
}

static void
write_content(Doc *d)
{
	const ReadMsg *m = d->p->msg;
	g_autoptr(GString) text = g_string_new(NULL);

	json_name(&d->j, "parts");
	json_array(&d->j);
	for (size_t n = 0; n < m->outline->n_parts; n++)
		write_part(d, n);
	json_end(&d->j);
	content_plain(text, d->site, m);
	json_set(&d->j, "text", text_len, text->str, text->len);
}

void
json_doc_message(GString *o, const HtmlSite *site, const JsonMessage *p)
{
	Doc d = {.site = site, .p = p};
	g_autoptr(GHashTable) heads = by_id(p->thread);
	g_auto(ReadFields) f = {0};

	read_fields(p->msg, &f);

	json_begin(&d.j, o);
	json_object(&d.j);
	write_head(&d.j, site, p->list, p->msg->head);
	write_fields(&d, &f);
	json_name(&d.j, "names");
	write_names(&d);
	json_name(&d.j, "in_reply_to");
	write_ids(&d, heads, f.in_reply_to);
	json_name(&d.j, "references");
	write_ids(&d, heads, f.references);
	json_name(&d.j, "replies");
	write_replies(&d);
	write_place(&d);
	json_set(&d.j, "thread_message_count", num, p->thread->n_all);
	write_thread_urls(&d);
	json_name(&d.j, "sharing");
	json_array(&d.j);
	for (guint i = 0; i < p->sharing->len; i++)
		json_head(&d.j, site, p->list, p->sharing->pdata[i]);
	json_end(&d.j);
	write_content(&d);
	json_end(&d.j);
	json_finish(&d.j);
}
