/* SPDX-License-Identifier: Apache-2.0 */
#include "search/document.h"

#include "base/limits.h"
#include "mail/body.h"
#include "mail/diff.h"
#include "mail/header.h"
#include "mail/line.h"
#include "mail/plain.h"
#include "search/patchid.h"

#include <string.h>

#define NAME(id, name, kind) [DOCUMENT_##id] = #name,
#define KIND(id, name, kind) [DOCUMENT_##id] = TOKEN_##kind,

const char *const document_columns[] = {DOCUMENT_COLUMNS(NAME)};
const TokenKind document_kinds[] = {DOCUMENT_COLUMNS(KIND)};

Document *
document_new(void)
{
	Document *d = g_new0(Document, 1);

	for (size_t i = 0; i < DOCUMENT_N_COLUMNS; i++)
		d->columns[i] = g_string_new(NULL);
	d->tokenizer = token_new();
	d->scratch = g_string_new(NULL);
	return d;
}

void
document_free(Document *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < DOCUMENT_N_COLUMNS; i++)
		g_string_free(d->columns[i], TRUE);
	token_free(d->tokenizer);
	g_string_free(d->scratch, TRUE);
	g_free(d);
}

static void
add(Document *d, DocumentColumn column, TokenKind kind, const char *text,
    size_t len)
{
	const TokenText in = {
	    .kind = kind, .langs = STEM_SET(d->lang), .text = text, .len = len};

	token_append(d->tokenizer, &in, d->columns[column]);
}

static void
add_text(Document *d, DocumentColumn column, const char *text, size_t len)
{
	add(d, column, document_kinds[column], text, len);
}

/* Exact terms ------------------------------------------------------------- */

/* A field of the column x and its value, which have no control character. */
static void
append_exact(GString *out, const char *field, const char *value, size_t len)
{
	bool octets = strcmp(field, "mid") == 0;

	if (len > LIMIT_EXACT_BYTES) {
		len = LIMIT_EXACT_BYTES;
		while ((value[len] & 0xc0) == 0x80)
			len--;
	}
	g_string_append(out, field);
	g_string_append_c(out, ':');
	for (size_t i = 0; i < len; i++) {
		char c = value[i];

		if (c >= 0 && (c <= ' ' || c == 0x7f))
			c = '_';
		g_string_append_c(out, octets ? c : g_ascii_tolower(c));
	}
}

static void
add_exact(Document *d, const char *field, const char *value, size_t len)
{
	GString *x = d->columns[DOCUMENT_X];

	if (len == 0)
		return;
	append_exact(x, field, value, len);
	g_string_append_c(x, '\n');
}

static void
add_fact(Document *d, const char *field, const char *value)
{
	add_exact(d, field, value, strlen(value));
}

char *
document_exact(const char *field, const char *value)
{
	GString *out = g_string_new(NULL);

	append_exact(out, field, value, strlen(value));
	return g_string_free(out, FALSE);
}

/* Diffs ------------------------------------------------------------------- */

/* "index 1234abc..5678def 100644": an id at p, with what ends it behind it.
 * That of no file is all zeros. */
static const char *
add_blob(Document *d, const char *field, const char *p, const char *end)
{
	const char *from = p;
	bool any = false;

	for (; p < end && g_ascii_isxdigit(*p); p++)
		any |= *p != '0';
	if (any && p - from >= 7 && p - from <= 64 &&
	    d->n_blobs++ < LIMIT_INDEX_BLOBS)
		add_exact(d, field, from, (size_t)(p - from));
	return p;
}

static void
add_index(Document *d, const char *p, const char *end)
{
	for (p = add_blob(d, "dfpre", p, end); p < end && *p == ',';)
		p = add_blob(d, "dfpre", p + 1, end);
	if (end - p > 2 && p[0] == '.' && p[1] == '.')
		(void)add_blob(d, "dfpost", p + 2, end);
}

/* A name of a file once, though three lines in a row have it. */
static void
add_file_name(Document *d, Line line, Line *last)
{
	Line name = {0};

	name.start = diff_file_name(line.start, line.len, &name.len);
	if (name.start == NULL ||
	    (name.len == last->len &&
		memcmp(name.start, last->start, name.len) == 0))
		return;
	add_text(d, DOCUMENT_DFN, name.start, name.len);
	*last = name;
}

static void
add_head(Document *d, Line line, Line *last)
{
	static const char *const renames[] = {
	    "rename from ", "rename to ", "copy from ", "copy to "};
	const char *end = line.start + line.len;

	if (line_begins(line, "index ")) {
		add_index(d, line.start + strlen("index "), end);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(renames); i++)
		if (line_begins(line, renames[i])) {
			size_t n = strlen(renames[i]);

			add_text(d, DOCUMENT_DFN, line.start + n, line.len - n);
			return;
		}
	add_file_name(d, line, last);
}

/* "@@ -1,2 +1,3 @@ function". */
static void
add_place(Document *d, Line line)
{
	const char *at = NULL;

	if (line.len > 4)
		at = memmem(line.start + 3, line.len - 3, "@@", 2);
	if (at == NULL)
		return;
	add_text(d, DOCUMENT_DFHH, at, (size_t)(line.start + line.len - at));
}

/* What a message has, once each. */
typedef struct {
	bool binary; /* what follows in a diff is base85 */
	bool guessed, patch, html, file, reply, has_id;
	StemLang hint;
	GPtrArray *types;    /* const char * of the outline */
	HeaderField subject; /* without a name where there is none */
} Facts;

static void
add_heads(Document *d, Facts *facts, const char *text, size_t len)
{
	const char *end = text + len;
	Line name = {.start = text};

	for (Line line = line_at(text, end); line.start < end;
	     line = line_after(line, end)) {
		add_head(d, line, &name);
		facts->binary |= line_begins(line, "GIT binary patch");
	}
}

static void
add_places(Document *d, const char *text, size_t len)
{
	const char *end = text + len;

	for (Line line = line_at(text, end); line.start < end;
	     line = line_after(line, end))
		add_place(d, line);
}

/* Lines of a diff that are alike. */
static void
add_diff(Document *d, Facts *facts, const char *text, const BodyBlock *b)
{
	static const DocumentColumn columns[] = {[DIFF_SAME] = DOCUMENT_DFCTX,
	    [DIFF_ADDED] = DOCUMENT_DFB,
	    [DIFF_REMOVED] = DOCUMENT_DFA};

	switch (b->line) {
	case DIFF_FILE:
		facts->binary = false;
		add_heads(d, facts, text, b->len);
		break;
	case DIFF_HEAD:
	case DIFF_OVER:
		add_heads(d, facts, text, b->len);
		break;
	case DIFF_PLACE:
		add_places(d, text, b->len);
		break;
	case DIFF_SAME:
	case DIFF_ADDED:
	case DIFF_REMOVED:
	default:
		if (!facts->binary)
			add_text(d, columns[b->line], text, b->len);
		break;
	}
}

static void
add_patchid(Document *d, const char *text, size_t len)
{
	char id[PATCHID_SIZE];

	if (patchid_find(text, len, id))
		add_fact(d, "patchid", id);
}

/* Texts ------------------------------------------------------------------- */

/* Lines of a quote without their marks, so that a word that a line end cuts
 * is put together. */
static void
add_quote(Document *d, const char *text, size_t len)
{
	const char *at = text, *end = text + len;

	g_string_truncate(d->scratch, 0);
	while (at < end) {
		Line line = line_at(at, end);
		const char *next = MIN(line.start + line.len + 1, end);

		while (at < next && (*at == '>' || *at == ' '))
			at++;
		g_string_append_len(d->scratch, at, next - at);
		at = next;
	}
	add_text(d, DOCUMENT_Q, d->scratch->str, d->scratch->len);
}

/* How much of a signature stands before the list's footer, which is in all
 * messages of the list and would make them all alike. */
static size_t
before_footer(const char *text, size_t len)
{
	static const char *const begins[] = {
	    "____________________", "To unsubscribe "};
	const char *end = text + len;

	for (Line line = line_at(text, end); line.start < end;
	     line = line_after(line, end))
		for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
			if (line_begins(line, begins[i]))
				return (size_t)(line.start - text);
	return len;
}

static void
add_block(Document *d, Facts *facts, const char *text, const BodyBlock *b)
{
	text += b->off;
	switch (b->kind) {
	case BODY_TEXT:
		add_text(d, DOCUMENT_NQ, text, b->len);
		break;
	case BODY_QUOTE:
		add_quote(d, text, b->len);
		break;
	case BODY_SIGNATURE:
		add(d, DOCUMENT_NQ, TOKEN_QUOTED, text,
		    before_footer(text, b->len));
		break;
	case BODY_DIFF:
		/* git knows no end but its own. */
		if (!facts->patch)
			add_patchid(d, text, strlen(text));
		facts->patch = true;
		add_diff(d, facts, text, b);
		break;
	case BODY_ARMOUR:
	case BODY_UUENCODE:
	default:
		break;
	}
}

/* Find the language of what the author wrote in text, if he did. */
static void
guess_language(
    Document *d, Facts *facts, const char *text, const GArray *blocks)
{
	g_string_truncate(d->scratch, 0);
	for (guint i = 0; i < blocks->len; i++) {
		const BodyBlock *b = &g_array_index(blocks, BodyBlock, i);

		if (b->kind == BODY_TEXT)
			g_string_append_len(
			    d->scratch, text + b->off, (gssize)b->len);
	}
	if (d->scratch->len == 0)
		return;
	facts->guessed = true;
	d->lang = stem_guess(token_stemmer(d->tokenizer), d->scratch->str,
	    d->scratch->len, facts->hint);
}

static void
add_body(Document *d, Facts *facts, const char *text, size_t len)
{
	g_autoptr(GArray) blocks = body_blocks(text, len);

	d->text_bytes += len;
	if (!facts->guessed)
		guess_language(d, facts, text, blocks);
	for (guint i = 0; i < blocks->len && token_left(d->tokenizer) > 0; i++)
		add_block(d, facts, text, &g_array_index(blocks, BodyBlock, i));
}

/* Parts ------------------------------------------------------------------- */

/* Whether a file that is attached is text, by its type or its name. */
static bool
is_text_file(const Part *p)
{
	static const char *const types[] = {"application/x-patch",
	    "application/x-diff", "application/x-sh",
	    "application/x-shellscript", "application/json", "application/xml",
	    "application/x-perl", "application/sql"};
	static const char *const ends[] = {
	    ".patch", ".diff", ".txt", ".log", ".c", ".h", ".py", ".pl", ".sh"};

	if (g_str_has_prefix(p->type, "text/"))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(p->type, types[i]) == 0)
			return true;
	if (p->name == NULL || strcmp(p->type, "application/octet-stream") != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(p->name, ends[i]))
			return true;
	return false;
}

/* Parts that come with a message and that nobody attached. */
static bool
is_signature(const Part *p)
{
	return strcmp(p->type, "application/pgp-signature") == 0 ||
	       strcmp(p->type, "application/pkcs7-signature") == 0 ||
	       strcmp(p->type, "application/x-pkcs7-signature") == 0 ||
	       strcmp(p->type, "application/pgp-encrypted") == 0;
}

static void
add_file(Document *d, Facts *facts, GBytes *raw, const Part *p)
{
	bool cut = false;

	facts->file |= !is_signature(p);
	if (!is_text_file(p))
		return;
	Part as_shown = *p;

	if (strcmp(p->type, "text/html") == 0)
		as_shown.show = SHOW_HTML;
	g_autofree char *text = plain_text(raw, &as_shown, &cut);
	size_t len = strlen(text);

	if (len > LIMIT_INDEX_FILE_BYTES) {
		len = LIMIT_INDEX_FILE_BYTES;
		while ((text[len] & 0xc0) == 0x80)
			len--;
		text[len] = '\0';
	}
	add_body(d, facts, text, len);
}

static void
add_type(Document *d, Facts *facts, const char *type)
{
	for (guint i = 0; i < facts->types->len; i++)
		if (strcmp(g_ptr_array_index(facts->types, i), type) == 0)
			return;
	g_ptr_array_add(facts->types, (gpointer)(uintptr_t)type);
	add_fact(d, "type", type);
}

static void
add_part(Document *d, Facts *facts, GBytes *raw, const Part *p)
{
	bool cut = false;

	if (!p->leaf)
		return;
	add_type(d, facts, p->type);
	facts->html |= strcmp(p->type, "text/html") == 0;
	if (p->name != NULL)
		add_text(d, DOCUMENT_N, p->name, strlen(p->name));
	if (token_left(d->tokenizer) == 0 ||
	    d->text_bytes >= LIMIT_INDEX_TEXT_BYTES)
		return;
	if (p->show == SHOW_TEXT || p->show == SHOW_HTML) {
		g_autofree char *text = plain_text(raw, p, &cut);

		add_body(d, facts, text, strlen(text));
	} else if (p->show == SHOW_FILE) {
		add_file(d, facts, raw, p);
	}
}

/* The header -------------------------------------------------------------- */

/* The value of f into column; most need no decoding. */
static void
add_field(Document *d, DocumentColumn column, const HeaderField *f)
{
	bool plain = memmem(f->value, f->value_len, "=?", 2) == NULL;

	for (size_t i = 0; plain && i < f->value_len; i++)
		plain = (f->value[i] & 0x80) == 0;
	if (plain) {
		add_text(d, column, f->value, f->value_len);
		return;
	}
	g_autofree char *value = header_value(f);
	g_autofree char *text = header_decode(value);

	add_text(d, column, text, strlen(text));
}

static void
add_id(Document *d, const HeaderField *f)
{
	g_autofree char *value = header_value(f);
	g_autofree char *id = header_message_id(value);
	g_autofree char *text = NULL;

	if (id == NULL)
		return;
	text = g_utf8_make_valid(id, -1);
	add_fact(d, "mid", text);
}

static void
add_list_id(Document *d, const HeaderField *f)
{
	g_autofree char *value = header_value(f);
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	const char *from = strrchr(valid, '<'), *to = NULL;

	if (from != NULL)
		to = strchr(from, '>');
	if (to != NULL)
		add_exact(d, "l", from + 1, (size_t)(to - from) - 1);
}

/* The author, where a list put its own address in From. */
static void
add_author(Document *d, const Msg *m, const HeaderField *from)
{
	if (m->from_addr == NULL || *m->from_addr == '\0' ||
	    (from->value != NULL &&
		memmem(from->value, from->value_len, m->from_addr,
		    strlen(m->from_addr)) != NULL))
		return;
	add_text(d, DOCUMENT_F, m->from_addr, strlen(m->from_addr));
	if (m->from_name != NULL)
		add_text(d, DOCUMENT_F, m->from_name, strlen(m->from_name));
}

static void
add_other_field(Document *d, Facts *facts, const HeaderField *f)
{
	if (header_is(f, "Message-ID")) {
		if (!facts->has_id)
			add_id(d, f);
		facts->has_id = true;
	} else if (header_is(f, "List-Id")) {
		add_list_id(d, f);
	} else if (header_is(f, "In-Reply-To") || header_is(f, "References")) {
		facts->reply |= memchr(f->value, '<', f->value_len) != NULL;
	} else if (header_is(f, "Content-Language")) {
		g_autofree char *value = header_value(f);

		facts->hint = stem_find(value);
	}
}

/* The header, less the subject: that waits for the language of the body. */
static void
add_header(Document *d, Facts *facts, const Msg *m, GBytes *raw)
{
	HeaderWalk walk;
	HeaderField f, from = {0};
	size_t len = 0;
	const char *bytes = g_bytes_get_data(raw, &len);

	header_walk_init(&walk, bytes, len);
	while (header_next(&walk, &f)) {
		if (header_is(&f, "Subject")) {
			facts->subject = f;
		} else if (header_is(&f, "From")) {
			add_field(d, DOCUMENT_F, &f);
			from = f;
		} else if (header_is(&f, "To")) {
			add_field(d, DOCUMENT_T, &f);
		} else if (header_is(&f, "Cc")) {
			add_field(d, DOCUMENT_C, &f);
		} else {
			add_other_field(d, facts, &f);
		}
	}
	add_author(d, m, &from);
}

static void
add_facts(Document *d, const Facts *facts)
{
	if (facts->file)
		add_fact(d, "has", "attachment");
	if (facts->patch)
		add_fact(d, "has", "patch");
	if (facts->html)
		add_fact(d, "has", "html");
	add_fact(d, "is", facts->reply ? "reply" : "root");
	if (d->lang != STEM_NONE)
		add_fact(d, "lang", stem_code(d->lang));
}

void
document_make(Document *d, const Msg *m, GBytes *raw)
{
	g_autoptr(GPtrArray) types = g_ptr_array_new();
	Facts facts = {.types = types};

	for (size_t i = 0; i < DOCUMENT_N_COLUMNS; i++)
		g_string_truncate(d->columns[i], 0);
	token_restart(d->tokenizer);
	d->text_bytes = d->n_blobs = 0;
	d->lang = STEM_NONE;
	add_header(d, &facts, m, raw);
	for (size_t i = 0; i < m->n_parts; i++)
		add_part(d, &facts, raw, &m->parts[i]);
	if (!facts.guessed)
		d->lang = facts.hint;
	if (facts.subject.name != NULL)
		add_field(d, DOCUMENT_S, &facts.subject);
	add_facts(d, &facts);
}
