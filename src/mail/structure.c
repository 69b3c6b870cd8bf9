/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/structure.h"

#include "base/limits.h"
#include "base/text.h"
#include "mail/autoptr.h"
#include "mail/header.h"

#include <string.h>

/* Bytes of the texts that a part's header gives. */
#define TYPE_LEN 100
#define CHARSET_LEN 64
#define NAME_LEN 250

typedef struct {
	Msg *m; /* for its strings */
	const char *data;
	size_t len;
	GArray *parts;
	size_t top_off; /* where the body begins for GMime */
	size_t at;      /* how far the parts that were walked reach */
	const char *boundaries[LIMIT_MIME_DEPTH]; /* of what is open */
	size_t n_boundaries;
	bool full;
} Walk;

void
structure_init(void)
{
	g_mime_init();
}

/* text, or NULL for nothing, as one of the strings of m. */
static const char *
keep(Msg *m, const char *text, size_t max_len)
{
	g_autofree char *clean = NULL;
	g_autofree char *squeezed = NULL;
	const char *end = NULL;

	if (text == NULL)
		return NULL;
	clean = text_from_octets(text, strlen(text));
	squeezed = text_squeeze(clean);
	if (squeezed[0] == '\0')
		return NULL;
	if (strlen(squeezed) > max_len) {
		end = g_utf8_find_prev_char(squeezed, squeezed + max_len + 1);
		return g_string_chunk_insert_len(
		    m->strings, squeezed, end - squeezed);
	}
	return g_string_chunk_insert(m->strings, squeezed);
}

/* The same for a word of a protocol: lower case, "_" for what is not
 * ASCII that prints. */
static const char *
keep_word(Msg *m, const char *word, size_t max_len)
{
	char *kept = NULL;

	if (word == NULL || word[0] == '\0')
		return NULL;
	kept = g_string_chunk_insert_len(
	    m->strings, word, (gssize)strnlen(word, max_len));
	for (char *p = kept; *p != '\0'; p++)
		*p = g_ascii_isgraph(*p) ? g_ascii_tolower(*p) : '_';
	return kept;
}

/* RFC 2045 section 5.2: a type that can't be read counts as plain text.
 * GMime takes it for application/octet-stream. */
static const char *
type_of(Msg *m, GMimeObject *object, GMimeContentType *type)
{
	const char *field = g_mime_object_get_header(object, "Content-Type");
	const char *media = g_mime_content_type_get_media_type(type);
	const char *sub = g_mime_content_type_get_media_subtype(type);
	g_autofree char *both = g_strconcat(media != NULL ? media : "text", "/",
	    sub != NULL ? sub : "plain", NULL);

	/* The usual two take no memory. */
	if ((field != NULL && strchr(field, '/') == NULL) ||
	    g_ascii_strcasecmp(both, "text/plain") == 0)
		return "text/plain";
	if (g_ascii_strcasecmp(both, "text/html") == 0)
		return "text/html";
	return keep_word(m, both, TYPE_LEN);
}

/* Types of text that a page shows as a file: meant for programs. */
static const char *const file_texts[] = {"text/calendar", "text/css",
    "text/csv", "text/directory", "text/javascript", "text/rtf", "text/vcard",
    "text/x-amp-html", "text/x-vcard", "text/x-watch-html", "text/xml"};

/* Types that are text for people all the same. */
static const char *const shown_others[] = {"application/pgp",
    "message/delivery-status", "message/disposition-notification",
    "message/feedback-report", "message/global-delivery-status",
    "message/global-disposition-notification", "message/global-headers"};

static bool
is_one_of(const char *type, const char *const *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* What a leaf of that type that stands alone is shown as. */
static Show
show_type(const char *type)
{
	if (strcmp(type, "text/html") == 0)
		return SHOW_HTML;
	if (is_one_of(type, shown_others, G_N_ELEMENTS(shown_others)))
		return SHOW_TEXT;
	if (g_str_has_prefix(type, "text/") &&
	    !is_one_of(type, file_texts, G_N_ELEMENTS(file_texts)))
		return SHOW_TEXT;
	return SHOW_FILE;
}

static bool
param_is(GMimeContentType *type, const char *name, const char *value)
{
	const char *given = g_mime_content_type_get_parameter(type, name);

	return given != NULL && g_ascii_strcasecmp(given, value) == 0;
}

/* The file name of a part, without the folders of a path. */
static const char *
file_name(Msg *m, GMimeObject *object, GMimeContentType *type)
{
	const char *name =
	    g_mime_object_get_content_disposition_parameter(object, "filename");

	if (name == NULL)
		name = g_mime_content_type_get_parameter(type, "name");
	if (name == NULL)
		return NULL;
	for (const char *p = name; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	return keep(m, name, NAME_LEN);
}

static Encoding
encoding_of(GMimeObject *object)
{
	if (!GMIME_IS_PART(object))
		return ENCODING_IDENTITY;
	switch (g_mime_part_get_content_encoding(GMIME_PART(object))) {
	case GMIME_CONTENT_ENCODING_BINARY:
		return ENCODING_BINARY;
	case GMIME_CONTENT_ENCODING_BASE64:
		return ENCODING_BASE64;
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		return ENCODING_QUOTED_PRINTABLE;
	case GMIME_CONTENT_ENCODING_UUENCODE:
		return ENCODING_UUENCODE;
	case GMIME_CONTENT_ENCODING_DEFAULT:
	case GMIME_CONTENT_ENCODING_7BIT:
	case GMIME_CONTENT_ENCODING_8BIT:
	default:
		return ENCODING_IDENTITY;
	}
}

/* All of a part but its place. */
static void
describe(Walk *w, GMimeObject *object, Part *p)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	GMimeContentDisposition *disposition =
	    g_mime_object_get_content_disposition(object);

	p->type = type_of(w->m, object, type);
	p->leaf = !GMIME_IS_MULTIPART(object);
	p->cid = keep(w->m, g_mime_object_get_content_id(object), NAME_LEN);
	if (!p->leaf) {
		p->show = SHOW_NONE;
		return;
	}
	p->charset = keep_word(w->m,
	    g_mime_content_type_get_parameter(type, "charset"), CHARSET_LEN);
	p->name = file_name(w->m, object, type);
	p->encoding = encoding_of(object);
	p->flowed = param_is(type, "format", "flowed");
	p->delsp = p->flowed && param_is(type, "delsp", "yes");
	p->show = show_type(p->type);
	if (disposition != NULL &&
	    g_mime_content_disposition_is_attachment(disposition))
		p->show = SHOW_FILE;
}

/* Where the first field of the header of object is; SIZE_MAX if it has
 * none. */
static size_t
header_off(GMimeObject *object)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(object);
	gint64 off = -1;

	if (g_mime_header_list_get_count(list) > 0)
		off = g_mime_header_get_offset(
		    g_mime_header_list_get_header_at(list, 0));
	return off >= 0 ? (size_t)off : SIZE_MAX;
}

/* The start of the line after the one that off is in. */
static size_t
next_line(const Walk *w, size_t off)
{
	const char *lf = memchr(w->data + off, '\n', w->len - off);

	return lf != NULL ? (size_t)(lf - w->data) + 1 : w->len;
}

/* Whether the line at off is empty; the end of the message is not. */
static bool
is_empty_line(const Walk *w, size_t off)
{
	const char *p = w->data + off;
	size_t left = w->len - off;

	return left > 0 &&
	       (p[0] == '\n' || (left > 1 && p[0] == '\r' && p[1] == '\n'));
}

/* Where the content behind the header block at off begins. */
static size_t
content_off(const Walk *w, size_t off)
{
	while (off < w->len && !is_empty_line(w, off))
		off = next_line(w, off);
	return next_line(w, off);
}

/* Whether the line at off is a boundary of an open multipart. */
static bool
is_boundary(const Walk *w, size_t off)
{
	const char *p = w->data + off;
	size_t left = w->len - off;

	if (left < 2 || p[0] != '-' || p[1] != '-')
		return false;
	for (size_t i = 0; i < w->n_boundaries; i++) {
		size_t n = strlen(w->boundaries[i]);
		size_t end = 2 + n;

		if (left < end || memcmp(p + 2, w->boundaries[i], n) != 0)
			continue;
		if (left >= end + 2 && memcmp(p + end, "--", 2) == 0)
			end += 2;
		while (end < left && p[end] != '\n' && g_ascii_isspace(p[end]))
			end++;
		if (end == left || p[end] == '\n')
			return true;
	}
	return false;
}

/*
 * Where what reaches to w->at, or further, ends: before the line end that
 * belongs to the next boundary of what is open.
 *
 * Linear over all calls for one message: w->at moves to the place found.
 */
static size_t
find_end(Walk *w)
{
	size_t off = w->at;

	if (off > 0 && w->data[off - 1] != '\n')
		off = next_line(w, off);
	while (off < w->len && !is_boundary(w, off))
		off = next_line(w, off);
	if (off < w->len) {
		if (off > w->at && w->data[off - 1] == '\n')
			off--;
		if (off > w->at && w->data[off - 1] == '\r')
			off--;
	}
	w->at = off;
	return off;
}

/* A new part behind the last one; NULL if there are enough. */
static Part *
add_part(Walk *w, unsigned int depth, bool inner)
{
	Part p = {.type = "application/octet-stream",
	    .show = SHOW_FILE,
	    .leaf = true,
	    .depth = depth,
	    .inner = inner};

	if (w->full)
		return NULL;
	if (w->parts->len == LIMIT_PARTS - 1) {
		w->full = true;
		p.depth = MIN(depth, 1);
		p.inner = false;
		p.off = w->at;
		p.len = w->len - w->at;
		g_array_append_val(w->parts, p);
		return NULL;
	}
	g_array_append_val(w->parts, p);
	return &g_array_index(w->parts, Part, w->parts->len - 1);
}

static void walk(Walk *w, GMimeObject *object, unsigned int depth, bool inner);

/* The part at index, found to have its content from off to the end of
 * what it is in. */
static void
set_extent(Walk *w, guint index, size_t off)
{
	Part *p = &g_array_index(w->parts, Part, index);

	p->off = MIN(off, w->len);
	w->at = MAX(w->at, p->off);
	p->len = find_end(w) - p->off;
}

static void
walk_multipart(Walk *w, GMimeObject *object, guint index, unsigned int depth)
{
	GMimeMultipart *multipart = GMIME_MULTIPART(object);
	bool inner = g_array_index(w->parts, Part, index).inner;
	const char *boundary =
	    g_mime_object_get_content_type_parameter(object, "boundary");
	int n = g_mime_multipart_get_count(multipart);
	size_t header = header_off(object), off = w->top_off;

	if (depth > 0)
		off = header < SIZE_MAX ? content_off(w, header) : w->at;
	w->at = MAX(w->at, MIN(off, w->len));
	if (boundary != NULL)
		w->boundaries[w->n_boundaries++] = boundary;
	for (int i = 0; i < n; i++)
		walk(w, g_mime_multipart_get_part(multipart, i), depth + 1,
		    inner);
	if (boundary != NULL)
		w->n_boundaries--;
	set_extent(w, index, off);
	if (n == 0) {
		const Part whole = g_array_index(w->parts, Part, index);
		Part *p = add_part(w, depth + 1, inner);

		if (p == NULL)
			return;
		p->type = "text/plain";
		p->show = SHOW_TEXT;
		p->off = whole.off;
		p->len = whole.len;
	}
}

/* Where the message within a message/rfc822 begins. */
static size_t
inner_off(const Walk *w, GMimeObject *object, GMimeMessage *message)
{
	GMimeObject *body =
	    message != NULL ? g_mime_message_get_mime_part(message) : NULL;
	size_t off = SIZE_MAX;

	/* GMime keeps the Content-* fields with the body. */
	if (message != NULL)
		off = header_off(GMIME_OBJECT(message));
	if (body != NULL)
		off = MIN(off, header_off(body));
	if (off == SIZE_MAX) {
		off = header_off(object);
		off = off < SIZE_MAX ? content_off(w, off) : w->at;
	}
	return off;
}

static void
walk_message(Walk *w, GMimeObject *object, guint index, unsigned int depth)
{
	GMimeMessage *message =
	    g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
	GMimeObject *body =
	    message != NULL ? g_mime_message_get_mime_part(message) : NULL;
	size_t off = inner_off(w, object, message);

	w->at = MAX(w->at, MIN(off, w->len));
	if (body != NULL)
		walk(w, body, depth + 1, true);
	set_extent(w, index, off);
}

static void
walk_leaf(Walk *w, GMimeObject *object, guint index)
{
	Part *p = &g_array_index(w->parts, Part, index);
	GMimeDataWrapper *content =
	    GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object))
				  : NULL;
	GMimeStream *stream =
	    content != NULL ? g_mime_data_wrapper_get_stream(content) : NULL;

	p->off = w->at;
	if (stream == NULL || stream->bound_start < 0 ||
	    stream->bound_end < stream->bound_start)
		return;
	p->off = MIN((size_t)stream->bound_start, w->len);
	p->len = MIN((size_t)stream->bound_end, w->len) - p->off;
	w->at = MAX(w->at, p->off + p->len);
}

static void
walk(Walk *w, GMimeObject *object, unsigned int depth, bool inner)
{
	guint index = w->parts->len;
	bool within =
	    GMIME_IS_MULTIPART(object) || GMIME_IS_MESSAGE_PART(object);
	Part *p = add_part(w, depth, inner);

	if (p == NULL)
		return;
	if (within && depth == LIMIT_MIME_DEPTH - 1) {
		size_t header = header_off(object);

		set_extent(w, index,
		    header < SIZE_MAX ? content_off(w, header) : w->at);
		return;
	}
	describe(w, object, p);
	if (GMIME_IS_MULTIPART(object))
		walk_multipart(w, object, index, depth);
	else if (GMIME_IS_MESSAGE_PART(object))
		walk_message(w, object, index, depth);
	else
		walk_leaf(w, object, index);
}

/*
 * Where GMime took the body to begin, who passes over lines that are no
 * fields and for mail/header begin the body: that or later; SIZE_MAX if
 * that is no line's start.  headers_end is where the empty line begins;
 * -1: there is none.
 */
static size_t
gmime_body_off(const Walk *w, gint64 headers_end)
{
	size_t off = w->len;

	if (headers_end >= 0) {
		off = MIN((size_t)headers_end, w->len);
		if (!is_empty_line(w, off))
			return SIZE_MAX;
		off = next_line(w, off);
	}
	return off >= w->m->body_off ? off : SIZE_MAX;
}

/* The message, or NULL.  Nothing of bytes is copied. */
static GMimeMessage *
construct(GByteArray *bytes, gint64 *headers_end)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
	g_autoptr(GMimeParser) parser = NULL;
	GMimeMessage *message = NULL;

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message = g_mime_parser_construct_message(parser, NULL);
	*headers_end = g_mime_parser_get_headers_end(parser);
	return message;
}

/* What is body for us and header for GMime: a text of its own. */
static void
add_gap(Walk *w)
{
	Part p = {.type = "text/plain",
	    .show = SHOW_TEXT,
	    .leaf = true,
	    .off = w->m->body_off,
	    .len = w->top_off - w->m->body_off};

	if (p.len > 0)
		g_array_append_val(w->parts, p);
}

/* Most messages are one part ----------------------------------------------- */

/* Whether the line that ends before off is empty, and ends a header. */
static bool
ends_with_empty_line(const char *data, size_t off)
{
	if (off < 2 || data[off - 1] != '\n')
		return false;
	off--;
	if (data[off - 1] == '\r')
		off--;
	return off > 0 && data[off - 1] == '\n';
}

/*
 * The Content-* fields of the message: all that GMime needs to know of one
 * that is no multipart.  NULL where GMime may see another header than
 * mail/header does.
 */
static GByteArray *
content_fields(const Msg *m, const char *data, size_t len)
{
	static const char version[] = "MIME-Version: 1.0\n",
			  name[] = "content-";
	g_autoptr(GByteArray) out = NULL;
	HeaderWalk w;
	HeaderField f;

	if (!ends_with_empty_line(data, m->body_off) ||
	    !g_ascii_isalpha(data[0]) || memcmp(data, "From ", 5) == 0)
		return NULL;
	out = g_byte_array_new();
	g_byte_array_append(out, (const guint8 *)version, sizeof version - 1);
	header_walk_init(&w, data, len);
	while (header_next(&w, &f)) {
		const char *end = f.value + f.value_len;

		if (f.name_len < sizeof name ||
		    g_ascii_strncasecmp(f.name, name, sizeof name - 1) != 0)
			continue;
		g_byte_array_append(
		    out, (const guint8 *)f.name, (guint)(end - f.name));
		g_byte_array_append(out, (const guint8 *)"\n", 1);
	}
	g_byte_array_append(out, (const guint8 *)"\n", 1);
	return g_steal_pointer(&out);
}

/*
 * The same as structure_read for a message that is one part, which GMime
 * would look through line by line, and make an object of each field:
 * a sixth of an import's time.  Returns false, and m is as it was, if it
 * is not one part.
 */
static bool
read_alone(Msg *m, const char *data, size_t len)
{
	g_autoptr(GByteArray) head = content_fields(m, data, len);
	g_autoptr(GMimeMessage) message = NULL;
	GMimeObject *body = NULL;
	gint64 headers_end = -1;
	Walk w = {.m = m};
	Part *p = NULL;

	if (head == NULL)
		return false;
	message = construct(head, &headers_end);
	if (message != NULL)
		body = g_mime_message_get_mime_part(message);
	if (body == NULL || !GMIME_IS_PART(body))
		return false;
	p = g_new0(Part, 1);
	describe(&w, body, p);
	p->off = m->body_off;
	p->len = len - m->body_off;
	m->parts = p;
	m->n_parts = 1;
	return true;
}

bool
structure_read(Msg *m, GBytes *raw)
{
	gsize len = 0;
	const char *data = g_bytes_get_data(raw, &len);
	/* GMime reads an array that is not its own and outlives it. */
	GByteArray bytes = {(guint8 *)(uintptr_t)data, (guint)len};
	g_autoptr(GMimeMessage) message = NULL;
	GMimeObject *body = NULL;
	gint64 headers_end = -1;
	Walk w = {.m = m, .data = data, .len = len};

	if (len == 0 || len > G_MAXUINT)
		return false;
	if (read_alone(m, data, len))
		return true;
	message = construct(&bytes, &headers_end);
	if (message != NULL)
		body = g_mime_message_get_mime_part(message);
	w.top_off = gmime_body_off(&w, headers_end);
	if (body == NULL || w.top_off == SIZE_MAX)
		return false;
	w.at = w.top_off;
	w.parts = g_array_new(FALSE, FALSE, sizeof(Part));
	add_gap(&w);
	walk(&w, body, 0, false);
	m->n_parts = w.parts->len;
	m->parts = (Part *)(void *)g_array_free(w.parts, FALSE);
	return true;
}
