/* fuzz_thread.c - whatever messages refer to, each stands in the forest
 * once, below its parent. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/thread.h"

#include "fuzz.h"

/* Bytes of input that one message is made of. */
#define STEP 8u

static bool
is_even(uint64_t id, void *user)
{
	(void)user;
	return id % 2 == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = size / STEP, n_seen = 0;
	g_autofree uint64_t *refs = g_new0(uint64_t, n * STEP + 1);
	g_autofree ThreadMsg *msgs = g_new0(ThreadMsg, n + 1);
	g_autofree size_t *row_of = g_new0(size_t, n + 1);
	g_autoptr(GArray) rows = NULL;

	for (size_t i = 0; i < n * STEP; i++)
		refs[i] = data[i];
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = data + i * STEP;

		msgs[i] = (ThreadMsg){.id = p[0],
		    .date = p[1],
		    .refs = refs + i * STEP + 3,
		    .n_refs = p[2] % (STEP - 2)};
	}
	rows = thread_forest(msgs, n, is_even, NULL);
	for (guint i = 0; i < rows->len; i++) {
		const ThreadRow *r = &g_array_index(rows, ThreadRow, i);

		g_assert(
		    r->parent == THREAD_GHOST ? r->depth == 0 : r->parent < i);
		if (r->msg == THREAD_GHOST)
			continue;
		g_assert(r->msg < n && row_of[r->msg] == 0);
		row_of[r->msg] = i + 1;
		n_seen++;
	}
	g_assert(n_seen == n);
	return 0;
}
