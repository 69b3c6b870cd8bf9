/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/header.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

void
header_walk_init(HeaderWalk *w, const char *msg, size_t len)
{
	*w = (HeaderWalk){.next = msg, .end = msg + len, .body = NULL};
	if (len >= 5 && memcmp(msg, "From ", 5) == 0) {
		const char *lf = memchr(msg, '\n', len);

		w->next = lf != NULL ? lf + 1 : w->end;
	}
}

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the line at p ends: behind its LF, or at the end of the message. */
static const char *
line_end(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	return lf != NULL ? lf + 1 : end;
}

/* The colon that ends the name of the field at p, or NULL; *name_len is
 * the length of the name. */
static const char *
find_colon(const char *p, const char *end, size_t *name_len)
{
	const char *q = p;

	while (q<end && * q> ' ' && *q < 0x7f && *q != ':')
		q++;
	*name_len = (size_t)(q - p);
	while (q < end && is_wsp(*q))
		q++;
	return *name_len > 0 && q < end && *q == ':' ? q : NULL;
}

/* The octets [p, end) without a CRLF or LF at their end. */
static size_t
len_without_eol(const char *p, const char *end)
{
	if (end > p && end[-1] == '\n')
		end--;
	if (end > p && end[-1] == '\r')
		end--;
	return (size_t)(end - p);
}

bool
header_next(HeaderWalk *w, HeaderField *f)
{
	const char *p = w->next, *colon = NULL, *eol = NULL;

	if (w->body != NULL)
		return false;
	/* Continuations of no field belong to nothing. */
	while (p < w->end && is_wsp(*p))
		p = line_end(p, w->end);
	if (p < w->end)
		colon = find_colon(p, w->end, &f->name_len);
	if (colon == NULL) {
		bool empty = false;

		eol = p < w->end ? line_end(p, w->end) : p;
		empty = len_without_eol(p, eol) == 0;
		w->body = empty ? eol : p;
		return false;
	}
	f->name = p;
	f->value = colon + 1;
	eol = line_end(colon, w->end);
	while (eol < w->end && is_wsp(*eol))
		eol = line_end(eol, w->end);
	f->value_len = len_without_eol(f->value, eol);
	w->next = eol;
	return true;
}

bool
header_is(const HeaderField *f, const char *name)
{
	return strlen(name) == f->name_len &&
	       g_ascii_strncasecmp(f->name, name, f->name_len) == 0;
}

char *
header_value(const HeaderField *f)
{
	const char *p = f->value, *end = f->value + f->value_len;
	char *out = g_malloc(f->value_len + 1);
	size_t n = 0;

	while (p < end && is_wsp(*p))
		p++;
	for (; p < end; p++)
		if (*p != '\r' && *p != '\n' && *p != '\0')
			out[n++] = *p;
	out[n] = '\0';
	return out;
}

char *
header_find(const char *msg, size_t len, const char *name)
{
	char *value = NULL;

	header_find_each(msg, len, &name, 1, &value);
	return value;
}

void
header_find_each(const char *msg, size_t len, const char *const *names,
    size_t n, char **values)
{
	HeaderWalk w;
	HeaderField f;
	size_t n_left = n;

	for (size_t i = 0; i < n; i++)
		values[i] = NULL;
	header_walk_init(&w, msg, len);
	while (n_left > 0 && header_next(&w, &f))
		for (size_t i = 0; i < n; i++) {
			/* Most names differ in their first letter. */
			if (((f.name[0] ^ names[i][0]) & ~0x20) != 0 ||
			    values[i] != NULL || !header_is(&f, names[i]))
				continue;
			values[i] = header_value(&f);
			n_left--;
		}
}

char *
header_message_id(const char *value)
{
	const char *open = strchr(value, '<');
	const char *close = open != NULL ? strchr(open, '>') : NULL;
	const char *end = value + strlen(value);

	if (close != NULL) {
		value = open + 1;
		end = close;
	} else {
		while (text_is_space(*value))
			value++;
		while (end > value && text_is_space(end[-1]))
			end--;
	}
	return end > value ? g_strndup(value, (size_t)(end - value)) : NULL;
}

/* The id in [p, p + len) less its white space: senders break long ids to
 * fold them.  All eight such references of 53,000 messages lead to a
 * message so, and no Message-ID of those has white space of its own. */
static char *
join_id(const char *p, size_t len)
{
	char *id = g_malloc(len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (!text_is_space(p[i]))
			id[n++] = p[i];
	id[n] = '\0';
	return id;
}

void
header_ids(const char *value, GPtrArray *ids)
{
	for (;;) {
		const char *open = strchr(value, '<');
		const char *close = open != NULL ? strchr(open, '>') : NULL;
		g_autofree char *id = NULL;
		size_t len = 0;

		if (close == NULL)
			return;
		value = close + 1;
		len = (size_t)(close - open - 1);
		if (len > LIMIT_MESSAGE_ID_BYTES)
			continue;
		id = join_id(open + 1, len);
		if (id[0] == '\0')
			continue;
		if (ids->len >= LIMIT_REFERENCES)
			g_ptr_array_remove_index(ids, LIMIT_REFERENCES_FIRST);
		g_ptr_array_add(ids, g_steal_pointer(&id));
	}
}

char *
header_decode(const char *value)
{
	g_autofree char *text = header_decode_words(value);

	return text_squeeze(text);
}
