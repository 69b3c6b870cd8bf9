/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/msg.h"

#include "base/err.h"
#include "base/limits.h"

#include <string.h>

/* What an outline begins with: the number of its form. */
#define OUTLINE_FORM "1\t"

/* Digits of a number in an outline: more than any message has bytes, and
 * the sum of two is no overflow. */
#define NUMBER_DIGITS 18

/* By the values of Encoding and Show. */
static const char encoding_letters[] = "inbqu";
static const char show_letters[] = "thf-";

static const char *const no_strings[] = {NULL};

Msg *
msg_new(size_t size_hint)
{
	Msg *m = g_new0(Msg, 1);

	m->subject = m->from_name = m->from_addr = "";
	m->refs = no_strings;
	m->list_ids = no_strings;
	m->strings = g_string_chunk_new(size_hint);
	return m;
}

void
msg_free(Msg *m)
{
	if (m == NULL)
		return;
	g_string_chunk_free(m->strings);
	g_clear_pointer(&m->vectors, g_ptr_array_unref);
	g_free(m->parts);
	g_free(m);
}

const char *const *
msg_keep_strings(Msg *m, const GPtrArray *strings)
{
	const char **kept = NULL;

	if (strings->len == 0)
		return no_strings;
	kept = g_new0(const char *, (size_t)strings->len + 1);
	for (guint i = 0; i < strings->len; i++)
		kept[i] = g_string_chunk_insert(m->strings, strings->pdata[i]);
	if (m->vectors == NULL)
		m->vectors = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(m->vectors, kept);
	return kept;
}

static void
write_part(GString *out, const Part *p)
{
	g_string_append_printf(out, "%zu\t%zu\t%u\t%c%c", p->off, p->len,
	    p->depth, encoding_letters[p->encoding], show_letters[p->show]);
	if (p->leaf)
		g_string_append_c(out, 'l');
	if (p->flowed)
		g_string_append_c(out, 'f');
	if (p->delsp)
		g_string_append_c(out, 'd');
	if (p->inner)
		g_string_append_c(out, 'e');
	g_string_append_printf(out, "\t%s\t%s\t%s\t%s\n", p->type,
	    p->charset ? p->charset : "", p->name ? p->name : "",
	    p->cid ? p->cid : "");
}

char *
msg_write_outline(const Msg *m)
{
	GString *out = g_string_sized_new(64 + 64 * m->n_parts);

	g_string_append_printf(
	    out, OUTLINE_FORM "%zu\t%d\n", m->body_off, m->plain);
	for (size_t i = 0; i < m->n_parts; i++)
		write_part(out, &m->parts[i]);
	return g_string_free(out, FALSE);
}

/*
 * Take the field at *at as a string: the byte after it, which must be
 * stop, becomes a NUL.  The text is ours and ends with LF, so that the
 * walk ends there.  Returns NULL where another control character comes
 * first.
 */
static char *
take_field(char **at, char stop)
{
	char *start = *at, *p = start;

	while ((unsigned char)*p >= ' ')
		p++;
	if (*p != stop)
		return NULL;
	*p = '\0';
	*at = p + 1;
	return start;
}

/* One number without needless zeros: each outline has one spelling. */
static bool
take_number(char **at, char stop, size_t *n)
{
	const char *digits = take_field(at, stop), *p = digits;
	size_t value = 0;

	if (digits == NULL || *p == '\0' || (p[0] == '0' && p[1] != '\0'))
		return false;
	for (; *p != '\0'; p++) {
		if (!g_ascii_isdigit(*p) || p - digits >= NUMBER_DIGITS)
			return false;
		value = value * 10 + (size_t)(*p - '0');
	}
	*n = value;
	return true;
}

/* Whether *at begins with letter; if so it is passed over. */
static bool
take_letter(const char **at, char letter)
{
	if (**at != letter)
		return false;
	(*at)++;
	return true;
}

static bool
take_flags(char **at, Part *p)
{
	const char *flags = take_field(at, '\t'), *found = NULL;

	if (flags == NULL || *flags == '\0' || flags[1] == '\0')
		return false;
	found = strchr(encoding_letters, flags[0]);
	if (found == NULL)
		return false;
	p->encoding = (Encoding)(found - encoding_letters);
	found = strchr(show_letters, flags[1]);
	if (found == NULL)
		return false;
	p->show = (Show)(found - show_letters);
	flags += 2;
	p->leaf = take_letter(&flags, 'l');
	p->flowed = take_letter(&flags, 'f');
	p->delsp = take_letter(&flags, 'd');
	p->inner = take_letter(&flags, 'e');
	return *flags == '\0';
}

/* A field that is NULL where it is empty. */
static bool
take_optional(char **at, char stop, const char **text)
{
	const char *field = take_field(at, stop);

	if (field == NULL)
		return false;
	*text = *field != '\0' ? field : NULL;
	return true;
}

static bool
take_part(char **at, Part *p)
{
	size_t depth = 0;

	if (!take_number(at, '\t', &p->off) ||
	    !take_number(at, '\t', &p->len) || !take_number(at, '\t', &depth) ||
	    depth > LIMIT_MIME_DEPTH || !take_flags(at, p) ||
	    !take_optional(at, '\t', &p->type) || p->type == NULL ||
	    !take_optional(at, '\t', &p->charset) ||
	    !take_optional(at, '\t', &p->name) ||
	    !take_optional(at, '\n', &p->cid))
		return false;
	p->depth = (unsigned int)depth;
	return true;
}

static bool
take_head(char **at, Msg *m)
{
	size_t plain = 0;

	if (!g_str_has_prefix(*at, OUTLINE_FORM))
		return false;
	*at += strlen(OUTLINE_FORM);
	if (!take_number(at, '\t', &m->body_off) ||
	    !take_number(at, '\n', &plain) || plain > 1)
		return false;
	m->plain = plain == 1;
	return true;
}

/* Lines of text after its first one. */
static size_t
count_parts(const char *text, size_t len)
{
	size_t lines = 0;
	const char *end = text + len, *p = text;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		lines++;
		p++;
	}
	return lines - 1;
}

Msg *
msg_read_outline(const char *outline, size_t len, GError **err)
{
	g_autoptr(Msg) m = NULL;
	char *at = NULL;

	if (len == 0 || outline[len - 1] != '\n' ||
	    !g_utf8_validate(outline, (gssize)len, NULL)) {
		err_set(err, ERR_SYNTAX, "outline: not lines of text");
		return NULL;
	}
	m = msg_new(len + 1);
	m->n_parts = count_parts(outline, len);
	if (m->n_parts == 0 || m->n_parts > LIMIT_PARTS) {
		err_set(err, ERR_SYNTAX, "outline: %zu parts", m->n_parts);
		return NULL;
	}
	/* One copy; every string of a part is a stretch of it. */
	at = g_string_chunk_insert_len(m->strings, outline, (gssize)len);
	m->parts = g_new0(Part, m->n_parts);
	if (!take_head(&at, m)) {
		err_set(err, ERR_SYNTAX, "outline: bad first line");
		return NULL;
	}
	for (size_t i = 0; i < m->n_parts; i++) {
		if (!take_part(&at, &m->parts[i])) {
			err_set(err, ERR_SYNTAX, "outline: bad part %zu", i);
			return NULL;
		}
	}
	return g_steal_pointer(&m);
}
