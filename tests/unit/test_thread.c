/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/thread.h"

#include <string.h>

/* A thread in words: what tests/vectors/thread/NAME.tsv holds. */
typedef struct {
	GPtrArray *names; /* of messages, by index */
	GArray *msgs;     /* ThreadMsg */
	GPtrArray *refs;  /* GArray of uint64_t: what msgs point into */
	GHashTable *ids;  /* int64_t: the text of an id, for ghosts */
	GString *want;    /* "DEPTH NAME\n" a row */
} Thread;

static Thread
thread_new(void)
{
	return (Thread){
	    .names = g_ptr_array_new_with_free_func(g_free),
	    .msgs = g_array_new(FALSE, FALSE, sizeof(ThreadMsg)),
	    .refs =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
	    .ids = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, g_free),
	    .want = g_string_new(NULL),
	};
}

static void
thread_clear(Thread *t)
{
	g_ptr_array_unref(t->names);
	g_array_unref(t->msgs);
	g_ptr_array_unref(t->refs);
	g_hash_table_unref(t->ids);
	g_string_free(t->want, TRUE);
}

static uint64_t
id_of(Thread *t, const char *text)
{
	uint64_t id = strcmp(text, "-") == 0 ? 0 : thread_id(text);

	g_hash_table_replace(t->ids, g_memdup2(&id, sizeof id), g_strdup(text));
	return id;
}

/* Add a message with refs, ids with a space between or "-". */
static void
add(Thread *t, const char *name, const char *id, int64_t date, const char *refs)
{
	g_auto(GStrv) each = g_strsplit(refs, " ", -1);
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	ThreadMsg m = {.id = id_of(t, id), .date = date};

	for (size_t i = 0; each[i] != NULL && strcmp(refs, "-") != 0; i++) {
		uint64_t ref = id_of(t, each[i]);

		g_array_append_val(ids, ref);
	}
	m.refs = (const uint64_t *)(const void *)ids->data;
	m.n_refs = ids->len;
	g_ptr_array_add(t->names, g_strdup(name));
	g_ptr_array_add(t->refs, ids);
	g_array_append_val(t->msgs, m);
}

/* Ghosts that are known of are called so. */
static bool
is_known(uint64_t id, void *user)
{
	return g_str_has_prefix(g_hash_table_lookup(user, &id), "gone");
}

static GArray *
forest_of(const Thread *t)
{
	return thread_forest((const ThreadMsg *)(const void *)t->msgs->data,
	    t->msgs->len, is_known, t->ids);
}

/* A row stands below its parent's, with nothing between but what is below
 * that too. */
static void
check_place(const GArray *rows, guint i)
{
	const ThreadRow *r = &g_array_index(rows, ThreadRow, i);
	unsigned int depth = 0;

	if (r->parent != THREAD_GHOST) {
		g_assert_cmpuint(r->parent, <, i);
		depth = g_array_index(rows, ThreadRow, r->parent).depth + 1;
	}
	g_assert_cmpuint(r->depth, ==, depth);
	if (i > 0)
		g_assert_cmpuint(
		    depth, <=, g_array_index(rows, ThreadRow, i - 1).depth + 1);
}

/* What must hold of any forest. */
static void
check_rows(const GArray *rows, size_t n)
{
	g_autofree unsigned char *seen = g_malloc0(n + 1);
	size_t n_seen = 0;

	for (guint i = 0; i < rows->len; i++) {
		const ThreadRow *r = &g_array_index(rows, ThreadRow, i);

		check_place(rows, i);
		if (r->msg == THREAD_GHOST) {
			g_assert_cmpuint(r->id, !=, 0);
			continue;
		}
		g_assert_cmpuint(r->msg, <, n);
		g_assert_false(seen[r->msg]);
		seen[r->msg] = 1;
		n_seen++;
	}
	g_assert_cmpuint(n_seen, ==, n);
}

static void
check(const Thread *t)
{
	g_autoptr(GArray) rows = forest_of(t);
	g_autoptr(GString) got = g_string_new(NULL);

	for (guint i = 0; i < rows->len; i++) {
		const ThreadRow *r = &g_array_index(rows, ThreadRow, i);

		g_string_append_printf(got, "%u ", r->depth);
		if (r->msg != THREAD_GHOST)
			g_string_append(got, t->names->pdata[r->msg]);
		else
			g_string_append_printf(got, "?%s",
			    (char *)g_hash_table_lookup(t->ids, &r->id));
		g_string_append_c(got, '\n');
	}
	g_assert_cmpstr(got->str, ==, t->want->str);
	check_rows(rows, t->msgs->len);
}

static void
read_line(Thread *t, const char *line)
{
	g_auto(GStrv) f = g_strsplit(line, "\t", -1);
	guint n = g_strv_length(f);

	if (g_str_has_prefix(line, "msg\t")) {
		g_assert_cmpuint(n, ==, 5);
		add(t, f[1], f[2], g_ascii_strtoll(f[3], NULL, 10), f[4]);
	} else if (g_str_has_prefix(line, "row\t")) {
		g_assert_cmpuint(n, ==, 3);
		g_string_append_printf(t->want, "%s %s\n", f[1], f[2]);
	} else {
		g_assert_true(line[0] == '#' || line[0] == '\0');
	}
}

static void
vector(const void *path)
{
	g_autofree char *text = NULL;
	Thread t = thread_new();

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (size_t i = 0; lines[i] != NULL; i++)
		read_line(&t, lines[i]);
	check(&t);
	thread_clear(&t);
}

static void
add_vectors(void)
{
	const char *source = g_getenv("FELID_SOURCE");
	g_autofree char *folder = g_build_filename(
	    source != NULL ? source : ".", "tests/vectors/thread", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *test = g_strconcat("/thread/", name, NULL);

		g_test_add_data_func_full(
		    test, g_build_filename(folder, name, NULL), vector, g_free);
	}
}

/* A chain of n messages, each naming its parent alone, or the ten before
 * it; in order, backwards, or shuffled. */
static void
chain(size_t n, size_t n_refs, int order)
{
	g_autofree ThreadMsg *msgs = g_new0(ThreadMsg, n);
	g_autofree uint64_t *ids = g_new(uint64_t, n);
	g_autoptr(GArray) rows = NULL;

	for (size_t i = 0; i < n; i++)
		ids[i] = i + 1;
	for (size_t i = 0; i < n; i++) {
		size_t at = order == 0   ? i
			    : order == 1 ? n - 1 - i
					 : i * 7919 % n;

		msgs[at] = (ThreadMsg){.id = ids[i],
		    .date = (int64_t)i,
		    .n_refs = MIN(i, n_refs),
		    .refs = ids + i - MIN(i, n_refs)};
	}
	rows = thread_forest(msgs, n, NULL, NULL);
	check_rows(rows, n);
	g_assert_cmpuint(rows->len, ==, n);
	g_assert_cmpuint(
	    g_array_index(rows, ThreadRow, n - 1).depth, ==, n - 1);
}

/* Neither recursion nor quadratic time. */
static void
deep_chain(void)
{
	for (int order = 0; order < 3; order++) {
		chain(1000, 1, order);
		chain(100000, 1, order);
		chain(100000, 10, order);
	}
}

/* Long References that pull in opposite ways all the time. */
static void
adversary(void)
{
	enum { N = 1000, REFS = 64 };
	g_autofree uint64_t *refs = g_new(uint64_t, N * REFS);
	g_autofree ThreadMsg *msgs = g_new0(ThreadMsg, N);
	g_autoptr(GArray) rows = NULL;

	for (size_t i = 0; i < N; i++) {
		for (size_t k = 0; k < REFS; k++)
			refs[i * REFS + k] = i < N / 2    ? i * REFS + k + 1
					     : k % 2 == 0 ? k * 499 + 1
							  : 1;
		msgs[i] = (ThreadMsg){
		    .id = 1000000 + i, .refs = refs + i * REFS, .n_refs = REFS};
	}
	rows = thread_forest(msgs, N, NULL, NULL);
	check_rows(rows, N);
}

static void
random_threads(void)
{
	for (int round = 0; round < 500; round++) {
		size_t n = (size_t)g_test_rand_int_range(1, 40);
		g_autofree uint64_t *refs = g_new(uint64_t, n * 5);
		g_autofree ThreadMsg *msgs = g_new0(ThreadMsg, n);
		g_autoptr(GArray) rows = NULL;

		for (size_t i = 0; i < n * 5; i++)
			refs[i] = (uint64_t)g_test_rand_int_range(0, 50);
		for (size_t i = 0; i < n; i++)
			msgs[i] = (ThreadMsg){
			    .id = (uint64_t)g_test_rand_int_range(0, 45),
			    .date = g_test_rand_int_range(-5, 20),
			    .refs = refs + i * 5,
			    .n_refs = (size_t)g_test_rand_int_range(0, 6)};
		rows = thread_forest(msgs, n, NULL, NULL);
		check_rows(rows, n);
	}
}

static void
ids(void)
{
	/* printf a@x | sha256sum | cut -c1-16 */
	g_assert_cmphex(thread_id("a@x"), ==, 0xbd39e6feafd83701);
	g_assert_cmphex(thread_id(""), ==, 0xe3b0c44298fc1c14);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_vectors();
	g_test_add_func("/thread/deep-chain", deep_chain);
	g_test_add_func("/thread/adversary", adversary);
	g_test_add_func("/thread/random", random_threads);
	g_test_add_func("/thread/ids", ids);
	return g_test_run();
}
