/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/permalink.h"

#include "base/date.h"
#include "base/text.h"
#include "mail/addr.h"
#include "mail/header.h"
#include "mail/part.h"
#include "mail/subject.h"

#include <string.h>

/* The fields that name a message.  Those of the author stand in the order
 * in which they are asked for; so do those of the date. */
typedef enum {
	FIELD_ID,
	FIELD_AUTHOR,
	FIELD_MAILMAN_FROM,
	FIELD_ORIGINAL_FROM,
	FIELD_FROM,
	FIELD_ORIGINAL_DATE,
	FIELD_DATE,
	FIELD_TO,
	FIELD_SUBJECT,
	N_FIELDS,
} Field;

static const char *const names[N_FIELDS] = {
    [FIELD_ID] = "Message-ID",
    [FIELD_AUTHOR] = "Author",
    [FIELD_MAILMAN_FROM] = "X-Mailman-Original-From",
    [FIELD_ORIGINAL_FROM] = "X-Original-From",
    [FIELD_FROM] = "From",
    [FIELD_ORIGINAL_DATE] = "X-Original-Date",
    [FIELD_DATE] = "Date",
    [FIELD_TO] = "To",
    [FIELD_SUBJECT] = "Subject",
};

/* The value of the first of each, or NULL. */
typedef struct {
	char *value[N_FIELDS];
} Fields;

static void
fields_clear(Fields *f)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		g_clear_pointer(&f->value[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fields, fields_clear)

/* All in one walk: a header of 5 KB costs more than what is made of it. */
static void
fields_read(Fields *out, const char *msg, size_t len)
{
	HeaderWalk w;
	HeaderField f;

	header_walk_init(&w, msg, len);
	while (header_next(&w, &f))
		for (size_t i = 0; i < N_FIELDS; i++)
			if (out->value[i] == NULL && header_is(&f, names[i]))
				out->value[i] = header_value(&f);
}

/* The first that is there from first to last, an empty one too; or NULL. */
static const char *
fields_first(const Fields *f, Field first, Field last)
{
	for (size_t i = first; i <= last; i++)
		if (f->value[i] != NULL)
			return f->value[i];
	return NULL;
}

static void
append_addresses(GString *out, const char *label, const char *value)
{
	g_autofree char *specs = addr_canonical(value != NULL ? value : "");

	g_string_append_printf(out, "%s:%s\n", label, specs);
}

static void
append_date(GString *out, const char *value)
{
	int64_t t = 0;

	g_string_append(out, "date:");
	if (value != NULL && date_parse_mail(value, strlen(value), &t))
		g_string_append_printf(out, "%" G_GINT64_FORMAT, t);
	g_string_append_c(out, '\n');
}

static void
append_subject(GString *out, const char *value)
{
	g_autofree char *words =
	    header_decode_words(value != NULL ? value : "");
	g_autofree char *subject = text_collapse(words);

	g_string_append_printf(out, "subject:%s\n", subject_strip(subject));
}

static GString *
originator_text(const Fields *f)
{
	GString *out = g_string_new("originator-v1\n");

	append_addresses(
	    out, "author", fields_first(f, FIELD_AUTHOR, FIELD_FROM));
	append_date(out, fields_first(f, FIELD_ORIGINAL_DATE, FIELD_DATE));
	append_addresses(out, "to", f->value[FIELD_TO]);
	append_subject(out, f->value[FIELD_SUBJECT]);
	return out;
}

static void
hash(GChecksumType type, const char *octets, size_t len,
    unsigned char out[static DIGEST_BYTES])
{
	g_autoptr(GChecksum) sum = g_checksum_new(type);
	gsize out_len = DIGEST_BYTES;

	g_checksum_update(sum, (const guchar *)octets, (gssize)len);
	g_checksum_get_digest(sum, out, &out_len);
}

static void
hash_as(KeyKind kind, const char *octets, size_t len,
    unsigned char digest[static DIGEST_BYTES])
{
	bool legacy = kind == KEY_LEGACY || kind == KEY_LEGACY_ID;

	hash(legacy ? G_CHECKSUM_SHA1 : G_CHECKSUM_SHA256, octets, len, digest);
}

static void
set(Permalinks *out, KeyKind kind, const char *octets, size_t len)
{
	hash_as(kind, octets, len, out->digest[kind]);
	out->has[kind] = true;
}

/* value as Mailman hashes it: less its brackets if it begins and ends with
 * them, else stripped. */
static void
set_legacy(Permalinks *out, const char *value)
{
	size_t len = strlen(value);

	if (len >= 2 && value[0] == '<' && value[len - 1] == '>') {
		value++;
		len -= 2;
	} else {
		while (text_is_space(*value))
			value++;
		len = strlen(value);
		while (len > 0 && text_is_space(value[len - 1]))
			len--;
	}
	set(out, KEY_LEGACY, value, len);
}

static void
set_id(Permalinks *out, const char *value)
{
	g_autofree char *id = value != NULL ? header_message_id(value) : NULL;

	if (id == NULL)
		return;
	set(out, KEY_ID, id, strlen(id));
	set_legacy(out, value);
	set(out, KEY_LEGACY_ID, id, strlen(id));
	out->has[KEY_LEGACY_ID] = memcmp(out->digest[KEY_LEGACY_ID],
				      out->digest[KEY_LEGACY], KEY_BYTES) != 0;
}

/* All but the content digest; its text so far is returned. */
static GString *
set_header(Permalinks *out, const char *msg, size_t len)
{
	g_auto(Fields) f = {{NULL}};
	GString *text = NULL;

	*out = (Permalinks){0};
	fields_read(&f, msg, len);
	set_id(out, f.value[FIELD_ID]);
	text = originator_text(&f);
	set(out, KEY_ORIGINATOR, text->str, text->len);
	return text;
}

void
permalink_of_header(const char *msg, size_t len, Permalinks *out)
{
	GString *text = set_header(out, msg, len);

	g_string_free(text, TRUE);
}

char *
permalink_originator_text(const char *msg, size_t len)
{
	g_auto(Fields) f = {{NULL}};

	fields_read(&f, msg, len);
	return g_string_free(originator_text(&f), FALSE);
}

void
permalink_of_id(const char *id, Permalinks *out)
{
	*out = (Permalinks){0};
	set(out, KEY_ID, id, strlen(id));
	set(out, KEY_LEGACY, id, strlen(id));
}

void
permalink_digest_of_id(
    const char *id, KeyKind kind, unsigned char digest[static DIGEST_BYTES])
{
	hash_as(kind, id, strlen(id), digest);
}

/* Content -------------------------------------------------------------- */

/* octets of len bytes with each CRLF one LF. */
static GBytes *
without_crlf(const char *octets, size_t len)
{
	char *out = g_malloc(len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (octets[i] != '\r' || i + 1 == len || octets[i + 1] != '\n')
			out[n++] = octets[i];
	return g_bytes_new_take(out, n);
}

/*
 * The decoded octets of p.  What came by SMTP and what lay in an mbox
 * differ in their line ends: so CRLF is LF first, but where a line end is
 * none (binary) or says nothing (base64).
 */
static GBytes *
part_octets(GBytes *raw, const Part *p)
{
	size_t raw_len = 0;
	const char *data = g_bytes_get_data(raw, &raw_len);
	size_t off = MIN(p->off, raw_len), len = MIN(p->len, raw_len - off);
	g_autoptr(GBytes) lf = NULL;
	Part copy = *p;

	if (p->encoding == ENCODING_BINARY || p->encoding == ENCODING_BASE64 ||
	    len == 0 || memchr(data + off, '\r', len) == NULL)
		return part_decode(raw, p);
	lf = without_crlf(data + off, len);
	copy.off = 0;
	copy.len = g_bytes_get_size(lf);
	return part_decode(lf, &copy);
}

/*
 * text with CRLF and CR read as LF, without white space before a line's
 * end, and without empty lines at its end nor the last line's LF, appended
 * to out.
 */
static void
append_text(GString *out, const char *text, size_t len)
{
	const char *end = text + len;
	size_t owed = 0; /* line ends that a line must follow */

	for (const char *p = text; p < end; p++) {
		const char *eol = p, *last = NULL;

		while (eol < end && *eol != '\n' && *eol != '\r')
			eol++;
		last = eol;
		while (last > p && text_is_space(last[-1]))
			last--;
		if (last > p) {
			for (; owed > 0; owed--)
				g_string_append_c(out, '\n');
			g_string_append_len(out, p, last - p);
		}
		owed++;
		p = eol + 1 < end && eol[0] == '\r' && eol[1] == '\n' ? eol + 1
								      : eol;
	}
}

static void
append_part(GString *out, GBytes *raw, const Part *p)
{
	g_autoptr(GBytes) octets = part_octets(raw, p);
	gsize len = 0;
	const char *data = g_bytes_get_data(octets, &len);

	g_string_append_printf(out, "part:%s\n", p->type);
	if (g_str_has_prefix(p->type, "text/"))
		append_text(out, data, len);
	else
		g_string_append_len(out, data, (gssize)len);
	g_string_append_c(out, '\n');
}

void
permalink_compute(GBytes *raw, const Msg *m, Permalinks *out)
{
	gsize len = 0;
	const char *msg = g_bytes_get_data(raw, &len);
	GString *text = set_header(out, msg != NULL ? msg : "", len);

	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].leaf && !m->parts[i].inner)
			append_part(text, raw, &m->parts[i]);
	set(out, KEY_CONTENT, text->str, text->len);
	g_string_free(text, TRUE);
}

void
permalink_key(
    const unsigned char digest[static KEY_BYTES], char out[static KEY_LEN + 1])
{
	g_autofree char *key = text_base32(digest, KEY_BYTES);

	memcpy(out, key, KEY_LEN + 1);
}
