/* fuzz_mbox.c - whatever a mailbox holds, no byte of it is lost unseen,
 * the pieces it is fed in do not matter, and what is written is read back
 * as it was. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/mbox.h"

#include "fuzz.h"

#include <string.h>

#define MAX_MESSAGE 2048u

static GArray *
read_all(const char *data, size_t len, size_t step, size_t max)
{
	g_autoptr(MboxReader) r = mbox_reader_new(max);
	GArray *all = g_array_new(FALSE, FALSE, sizeof(MboxMsg));
	MboxMsg m;

	for (size_t i = 0; i < len; i += step) {
		mbox_reader_feed(r, data + i, MIN(step, len - i));
		while (mbox_reader_next(r, &m))
			g_array_append_val(all, m);
	}
	mbox_reader_feed(r, NULL, 0);
	while (mbox_reader_next(r, &m))
		g_array_append_val(all, m);
	return all;
}

static void
free_all(GArray *all)
{
	for (guint i = 0; i < all->len; i++)
		g_bytes_unref(g_array_index(all, MboxMsg, i).raw);
	g_array_unref(all);
}

static void
same(const GArray *a, const GArray *b)
{
	g_assert(a->len == b->len);
	for (guint i = 0; i < a->len; i++) {
		const MboxMsg *x = &g_array_index(a, MboxMsg, i);
		const MboxMsg *y = &g_array_index(b, MboxMsg, i);

		g_assert(x->off == y->off && x->size == y->size);
		g_assert(x->guess == y->guess);
		g_assert(x->from_date == y->from_date);
		g_assert((x->raw == NULL) == (y->raw == NULL));
		g_assert(x->raw == NULL || g_bytes_equal(x->raw, y->raw));
	}
}

/* Where the message begins whose From line is at at. */
static size_t
after_from_line(const char *data, size_t len, size_t at)
{
	const char *nl = memchr(data + at, '\n', len - at);

	g_assert(memcmp(data + at, "From ", 5) == 0);
	return nl != NULL ? (size_t)(nl - data) + 1 : len;
}

static bool
begins_with_bom(const char *data, size_t len)
{
	return len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0;
}

/* Each message begins where the one before ended. */
static void
cover_all(const GArray *all, const char *data, size_t len)
{
	size_t at = all->len > 0 ? g_array_index(all, MboxMsg, 0).off : len;

	for (size_t i = begins_with_bom(data, len) ? 3 : 0; i < at; i++)
		g_assert(data[i] == '\n' || data[i] == '\r');
	for (guint i = 0; i < all->len; i++) {
		const MboxMsg *m = &g_array_index(all, MboxMsg, i);

		g_assert(m->off == at);
		if (!(m->guess & MBOX_NO_FROM_LINE))
			at = after_from_line(data, len, at);
		at += m->size;
	}
	g_assert(at == len);
}

static void
write_and_read(const GArray *all, const char *data, size_t len)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GBytes) whole = g_bytes_new(data, len);
	GArray *again;
	guint n = 0;

	mbox_write(out, whole, -1, "copy=a%40b pipermail=1");
	for (guint i = 0; i < all->len; i++)
		if (g_array_index(all, MboxMsg, i).raw != NULL)
			mbox_write(out, g_array_index(all, MboxMsg, i).raw,
			    1000, i % 2 == 0 ? NULL : "a=b");
	mbox_write(out, whole, 0, NULL);
	again = read_all(out->str, out->len, 1000, len + 1);
	for (guint i = 0; i < all->len; i++) {
		GBytes *raw = g_array_index(all, MboxMsg, i).raw;

		if (raw != NULL)
			g_assert(g_bytes_equal(
			    raw, g_array_index(again, MboxMsg, ++n).raw));
	}
	g_assert(again->len == n + 2);
	g_assert(g_bytes_equal(whole, g_array_index(again, MboxMsg, 0).raw));
	g_assert(
	    g_bytes_equal(whole, g_array_index(again, MboxMsg, n + 1).raw));
	free_all(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *file = (const char *)data;
	GArray *all = read_all(file, size, size + 1, MAX_MESSAGE);
	GArray *small = read_all(file, size, 1, MAX_MESSAGE);

	same(all, small);
	cover_all(all, file, size);
	write_and_read(all, file, size);
	free_all(all);
	free_all(small);
	return 0;
}
