/* Any bytes are a message: its parts lie within it, cover its body, and
 * come back from their outline. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/limits.h"
#include "mail/parse.h"
#include "mail/part.h"

#include <string.h>

static void
check_part(GBytes *raw, const Part *p, size_t n)
{
	bool cut = false;
	g_autoptr(GBytes) octets = part_decode(raw, p);
	g_autofree char *text = part_text(raw, p, &cut);
	g_autofree char *name = part_file_name(p, n);

	g_assert(p->off <= g_bytes_get_size(raw));
	g_assert(p->len <= g_bytes_get_size(raw) - p->off);
	g_assert(p->depth < LIMIT_MIME_DEPTH);
	g_assert(octets != NULL);
	g_assert(g_utf8_validate(text, -1, NULL));
	g_assert(strlen(text) <= 3 * LIMIT_SHOWN_TEXT_BYTES);
	g_assert(strchr(text, '\r') == NULL);
	g_assert(name[0] != '\0' && name[0] != '.');
	g_assert(strpbrk(name, "/\\\n\"<>") == NULL);
}

static void
check_outline(const Msg *m)
{
	g_autofree char *outline = msg_write_outline(m);
	g_autoptr(Msg) again = msg_read_outline(outline, strlen(outline), NULL);
	g_autofree char *twice = NULL;

	g_assert(again != NULL);
	twice = msg_write_outline(again);
	g_assert(strcmp(outline, twice) == 0);
}

/* Foreign bytes as an outline: refused, or the same again. */
static void
check_foreign_outline(const char *data, size_t size)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(Msg) m = msg_read_outline(data, size, &err);
	g_autofree char *again = NULL;

	g_assert((m == NULL) == (err != NULL));
	if (m == NULL)
		return;
	again = msg_write_outline(m);
	g_assert(strlen(again) == size && memcmp(again, data, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(Msg) m = NULL;
	bool leaf = false;

	if (!ready)
		parse_init();
	ready = true;
	check_foreign_outline((const char *)data, size);
	m = parse_msg(raw);
	g_assert(m->n_parts > 0 && m->n_parts <= LIMIT_PARTS);
	g_assert(m->body_off <= size);
	g_assert(!m->plain || m->n_parts == 1);
	g_assert(g_utf8_validate(m->subject, -1, NULL));
	g_assert(g_utf8_validate(m->from_name, -1, NULL));
	g_assert(m->n_refs <= LIMIT_REFERENCES);
	for (size_t i = 0; i < m->n_parts; i++) {
		check_part(raw, &m->parts[i], i);
		leaf = leaf || m->parts[i].leaf;
	}
	g_assert(leaf);
	check_outline(m);
	return 0;
}
