/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/parse.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/addr.h"
#include "mail/charset.h"
#include "mail/choose.h"
#include "mail/header.h"
#include "mail/prescan.h"
#include "mail/structure.h"

#include <string.h>

/* Bytes of strings that most messages have, outside their parts. */
#define STRINGS_HINT 1000

/* RFC 2919 section 2: characters of a List-Id.  Carried by one message:
 * lists of lists add theirs. */
#define LIST_ID_LEN 255
#define N_LIST_IDS 16

/* Fields of which the first one counts. */
typedef enum {
	FIELD_AUTHOR,
	FIELD_CC,
	FIELD_DATE,
	FIELD_FROM,
	FIELD_IN_REPLY_TO,
	FIELD_MESSAGE_ID,
	FIELD_REFERENCES,
	FIELD_REPLY_TO,
	FIELD_SUBJECT,
	FIELD_X_ARCHIVE,
	FIELD_X_MAILMAN_ORIGINAL_FROM,
	FIELD_X_NO_ARCHIVE,
	FIELD_X_ORIGINAL_DATE,
	FIELD_X_ORIGINAL_FROM,
	N_FIELDS,
} Field;

static const char *const field_names[N_FIELDS] = {
    [FIELD_AUTHOR] = "Author",
    [FIELD_CC] = "Cc",
    [FIELD_DATE] = "Date",
    [FIELD_FROM] = "From",
    [FIELD_IN_REPLY_TO] = "In-Reply-To",
    [FIELD_MESSAGE_ID] = "Message-ID",
    [FIELD_REFERENCES] = "References",
    [FIELD_REPLY_TO] = "Reply-To",
    [FIELD_SUBJECT] = "Subject",
    [FIELD_X_ARCHIVE] = "X-Archive",
    [FIELD_X_MAILMAN_ORIGINAL_FROM] = "X-Mailman-Original-From",
    [FIELD_X_NO_ARCHIVE] = "X-No-Archive",
    [FIELD_X_ORIGINAL_DATE] = "X-Original-Date",
    [FIELD_X_ORIGINAL_FROM] = "X-Original-From",
};

/* What one walk over the header finds. */
typedef struct {
	char *values[N_FIELDS]; /* as header_find gives them, or NULL */
	GPtrArray *list_ids;
	int64_t received;
} Header;

static void
header_clear(Header *h)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		g_free(h->values[i]);
	g_ptr_array_unref(h->list_ids);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Header, header_clear)

void
parse_init(void)
{
	structure_init();
	charset_init();
}

/* RFC 5322 section 3.6.7: the date is what follows the last ";". */
static void
read_received(Header *h, const HeaderField *f)
{
	const char *semicolon = memrchr(f->value, ';', f->value_len);
	const char *end = f->value + f->value_len;
	int64_t t = 0;

	if (semicolon != NULL &&
	    date_parse_mail(semicolon + 1, (size_t)(end - semicolon - 1), &t))
		h->received = MAX(h->received, t);
}

/* RFC 2919 section 3: what stands in angle brackets, in lower case, the
 * white space in it gone; a value without any is taken whole. */
static void
read_list_id(Header *h, const HeaderField *f)
{
	g_autofree char *value = header_value(f);
	const char *open = strrchr(value, '<');
	const char *start = open != NULL ? open + 1 : value;
	g_autoptr(GString) id = g_string_new(NULL);

	for (const char *p = start; *p != '\0' && *p != '>'; p++)
		if (g_ascii_isgraph(*p))
			g_string_append_c(id, g_ascii_tolower(*p));
	if (id->len > 0 && id->len <= LIST_ID_LEN &&
	    h->list_ids->len < N_LIST_IDS)
		g_ptr_array_add(
		    h->list_ids, g_string_free(g_steal_pointer(&id), FALSE));
}

static void
read_field(Header *h, const HeaderField *f)
{
	for (size_t i = 0; i < N_FIELDS; i++) {
		if (!header_is(f, field_names[i]))
			continue;
		if (h->values[i] == NULL)
			h->values[i] = header_value(f);
		return;
	}
	if (header_is(f, "Received"))
		read_received(h, f);
	else if (header_is(f, "List-Id"))
		read_list_id(h, f);
}

/* Returns where the body begins. */
static size_t
read_header(Header *h, const char *msg, size_t len)
{
	HeaderWalk w;
	HeaderField f;

	h->list_ids = g_ptr_array_new_with_free_func(g_free);
	header_walk_init(&w, msg, len);
	while (header_next(&w, &f))
		read_field(h, &f);
	return (size_t)(w.body - msg);
}

/* The permalink contract: the author is who the first of these that is
 * there names; lists that rewrite From keep the author in another. */
static const char *
author_value(const Header *h)
{
	static const Field fields[] = {FIELD_AUTHOR,
	    FIELD_X_MAILMAN_ORIGINAL_FROM, FIELD_X_ORIGINAL_FROM, FIELD_FROM};

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (h->values[fields[i]] != NULL)
			return h->values[fields[i]];
	return NULL;
}

/* Text for people, no longer than they will read. */
static const char *
keep_decoded(Msg *m, const char *text)
{
	g_autofree char *cut = NULL;

	if (strlen(text) <= LIMIT_SHOWN_FIELD_BYTES)
		return g_string_chunk_insert(m->strings, text);
	cut = text_cut(text, LIMIT_SHOWN_FIELD_BYTES);
	return g_string_chunk_insert(m->strings, cut);
}

static const char *
keep_text(Msg *m, const char *value)
{
	g_autofree char *text = header_decode(value);

	return keep_decoded(m, text);
}

/* A name for people, less quotes around it that were encoded with it. */
static char *
read_name(const char *value)
{
	char *name = header_decode(value);
	size_t len = strlen(name);

	if (len > 2 && name[0] == '"' && name[len - 1] == '"') {
		memmove(name, name + 1, len - 2);
		name[len - 2] = '\0';
	}
	return name;
}

static const char *
keep_name(Msg *m, const char *value)
{
	g_autofree char *name = read_name(value);

	return keep_decoded(m, name);
}

/* "Jo" of "Jo via a-list <a-list@example.org>", or NULL. */
static char *
name_before_via(const Addr *from)
{
	static const char word[] = " via ";
	g_autofree char *name =
	    from->name != NULL ? read_name(from->name) : NULL;
	char *via = name != NULL ? g_strrstr(name, word) : NULL;
	const char *at = from->spec != NULL ? strchr(from->spec, '@') : NULL;

	if (via == NULL || via == name || at == NULL ||
	    strlen(via + strlen(word)) != (size_t)(at - from->spec) ||
	    g_ascii_strncasecmp(
		via + strlen(word), from->spec, (size_t)(at - from->spec)) != 0)
		return NULL;
	*via = '\0';
	return g_steal_pointer(&name);
}

static const Addr *
find_named(const GPtrArray *addrs, const char *want)
{
	for (guint i = 0; i < addrs->len; i++) {
		const Addr *a = addrs->pdata[i];
		g_autofree char *name =
		    a->name != NULL ? read_name(a->name) : NULL;

		if (g_strcmp0(name, want) == 0 ||
		    g_ascii_strcasecmp(a->spec, want) == 0)
			return a;
	}
	return NULL;
}

/* The one address besides the list's, if it says no other name; *n: how many
 * there are. */
static const Addr *
find_sole(const GPtrArray *addrs, const Addr *list, unsigned int *n)
{
	const Addr *sole = NULL;

	*n = 0;
	for (guint i = 0; i < addrs->len; i++) {
		const Addr *a = addrs->pdata[i];

		if (g_ascii_strcasecmp(a->spec, list->spec) == 0)
			continue;
		sole = a;
		(*n)++;
	}
	return *n == 1 && (sole->name == NULL ||
			      g_ascii_strcasecmp(sole->name, sole->spec) == 0)
		   ? sole
		   : NULL;
}

static GPtrArray *
scan_field(const Header *h, Field field)
{
	return addr_scan(h->values[field] != NULL ? h->values[field] : "");
}

/*
 * A list that puts itself into From without a field for who was there names
 * them in Reply-To, or in Cc where answers go to the list: mostly by the name
 * that From still has, else by an address alone.
 */
static bool
fill_author_behind(Msg *m, const Header *h, const Addr *from)
{
	g_autofree char *want = name_before_via(from);
	g_autoptr(GPtrArray) reply_to = NULL;
	g_autoptr(GPtrArray) cc = NULL;
	const Addr *author = NULL;
	unsigned int n = 0;

	if (want == NULL)
		return false;
	reply_to = scan_field(h, FIELD_REPLY_TO);
	cc = scan_field(h, FIELD_CC);
	author = find_named(reply_to, want);
	if (author == NULL)
		author = find_named(cc, want);
	if (author == NULL && reply_to->len > 0) {
		author = find_sole(reply_to, from, &n);
		if (n == 0)
			author = find_sole(cc, from, &n);
	}
	if (author == NULL)
		return false;
	if (g_ascii_strcasecmp(author->spec, want) != 0)
		m->from_name = keep_decoded(m, want);
	m->from_addr = keep_text(m, author->spec);
	return true;
}

static void
fill_author(Msg *m, const Header *h)
{
	const char *value = author_value(h);
	g_autoptr(GPtrArray) addrs = NULL;
	const Addr *author = NULL;

	if (value == NULL)
		return;
	addrs = addr_scan(value);
	if (addrs->len == 0) {
		m->from_name = keep_text(m, value);
		return;
	}
	author = addrs->pdata[0];
	if (fill_author_behind(m, h, author))
		return;
	if (author->name != NULL)
		m->from_name = keep_name(m, author->name);
	if (author->spec != NULL)
		m->from_addr = keep_text(m, author->spec);
}

static void
fill_date(Msg *m, const Header *h)
{
	const char *value = h->values[FIELD_X_ORIGINAL_DATE];

	if (value == NULL)
		value = h->values[FIELD_DATE];
	if (value != NULL)
		m->has_date = date_parse_mail(value, strlen(value), &m->date);
	m->received = h->received;
}

static bool
has_string(const GPtrArray *strings, const char *s)
{
	for (guint i = 0; i < strings->len; i++)
		if (strcmp(strings->pdata[i], s) == 0)
			return true;
	return false;
}

/*
 * The ids of References; behind them the first one of In-Reply-To, if it
 * is new: a mailer that cuts References short still knows the parent.
 */
static void
fill_refs(Msg *m, const Header *h)
{
	g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) parents = g_ptr_array_new_with_free_func(g_free);

	if (h->values[FIELD_REFERENCES] != NULL)
		header_ids(h->values[FIELD_REFERENCES], refs);
	if (h->values[FIELD_IN_REPLY_TO] != NULL)
		header_ids(h->values[FIELD_IN_REPLY_TO], parents);
	if (parents->len > 0 && !has_string(refs, parents->pdata[0])) {
		if (refs->len == LIMIT_REFERENCES)
			g_ptr_array_remove_index(refs, LIMIT_REFERENCES_FIRST);
		g_ptr_array_add(refs, g_strdup(parents->pdata[0]));
	}
	m->refs = msg_keep_strings(m, refs);
	m->n_refs = refs->len;
}

static void
fill_header(Msg *m, const Header *h)
{
	const char *archive = h->values[FIELD_X_ARCHIVE];

	if (h->values[FIELD_MESSAGE_ID] != NULL) {
		g_autofree char *id =
		    header_message_id(h->values[FIELD_MESSAGE_ID]);

		if (id != NULL)
			m->id = g_string_chunk_insert(m->strings, id);
	}
	if (h->values[FIELD_SUBJECT] != NULL)
		m->subject = keep_text(m, h->values[FIELD_SUBJECT]);
	fill_author(m, h);
	fill_date(m, h);
	fill_refs(m, h);
	m->list_ids = msg_keep_strings(m, h->list_ids);
	/* As Mailman: the one by its presence, the other by its value. */
	m->no_archive =
	    h->values[FIELD_X_NO_ARCHIVE] != NULL ||
	    (archive != NULL && g_ascii_strcasecmp(archive, "no") == 0);
}

/* One part, the body as it is. */
static void
make_plain(Msg *m, size_t len)
{
	m->plain = true;
	m->n_parts = 1;
	m->parts = g_new0(Part, 1);
	m->parts[0] = (Part){.type = "text/plain",
	    .show = SHOW_TEXT,
	    .leaf = true,
	    .off = m->body_off,
	    .len = len - m->body_off};
}

Msg *
parse_msg(GBytes *raw)
{
	g_autoptr(Msg) m = msg_new(STRINGS_HINT);
	g_auto(Header) h = {0};
	gsize len = 0;
	const char *data = g_bytes_get_data(raw, &len);

	if (data == NULL)
		data = "";
	m->body_off = read_header(&h, data, len);
	fill_header(m, &h);
	if (!prescan_is_tame(data, len) || !structure_read(m, raw))
		make_plain(m, len);
	else
		choose_alternatives(m, raw);
	return g_steal_pointer(&m);
}
