/*
 * power.c - cuts the power at many points of a journal, and looks at what is
 * left each time.
 *
 * power JOURNAL SENT DIR SEED POINTS JOBS: SENT has a line for each message,
 * its list, its key and the SHA-256 of its bytes.  At each point the store
 * must open, with no faults; hold each message that was answered with 250
 * by then, under the permalink that was named, byte for byte; and none that
 * nobody sent, nor any twice.  A store that is not there yet is none if
 * nothing was answered.  DIR/N has, at the end, the last one of job N.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "disk.h"

#include "archive/fsck.h"
#include "base/err.h"
#include "lmtp/tray.h"
#include "mail/parse.h"
#include "store/store.h"

#include <glib/gstdio.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One point in this many is where a reply was just about to be sent. */
#define AT_A_REPLY 3

typedef struct {
	GMappedFile *file;
	GArray *at;       /* size_t: of each Journal in it */
	GArray *replies;  /* guint: of those, which are sent ones */
	GHashTable *sent; /* "LIST/KEY": SHA-256 */
	guint32 seed;
	guint n_points, n_jobs;
} Power;

typedef struct {
	guint at;     /* before this one */
	guint number; /* its own */
} Point;

typedef struct {
	const Power *power;
	GPtrArray *answered; /* "LIST/KEY" */
	Point point;
	char *dir;
	guint n_faults, n_unfiled;
} Job;

static void
blame(void *arg, const char *what)
{
	Job *job = arg;

	job->n_faults++;
	g_print("not ok: seed %u, point %u (entry %u), %u answered: %s\n",
	    job->power->seed, job->point.number, job->point.at,
	    job->answered->len, what);
}

static bool
go_on(void *arg, uint64_t done, uint64_t all)
{
	(void)arg;
	(void)done;
	(void)all;
	return true;
}

/* Reading ----------------------------------------------------------------- */

static void
entry(const Power *p, guint n, Journal *j, const char **data)
{
	const char *all = g_mapped_file_get_contents(p->file);
	size_t at = g_array_index(p->at, size_t, n);

	memcpy(j, all + at, sizeof *j);
	*data = all + at + sizeof *j;
}

static void
read_journal(Power *p, const char *path)
{
	size_t size = 0;

	p->file = g_mapped_file_new(path, FALSE, NULL);
	g_assert_nonnull(p->file);
	size = g_mapped_file_get_length(p->file);
	p->at = g_array_new(FALSE, FALSE, sizeof(size_t));
	p->replies = g_array_new(FALSE, FALSE, sizeof(guint));
	for (size_t at = 0; at + sizeof(Journal) <= size;) {
		const char *data = NULL;
		guint n = p->at->len;
		Journal j;

		g_array_append_val(p->at, at);
		entry(p, n, &j, &data);
		if (j.kind == JOURNAL_SENT)
			g_array_append_val(p->replies, n);
		at += sizeof j + j.len;
		g_assert_cmpuint(at, <=, size);
	}
}

static void
read_sent(Power *p, const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	p->sent =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	lines = g_strsplit(text, "\n", -1);
	for (char **l = lines; *l != NULL && **l != '\0'; l++) {
		g_auto(GStrv) words = g_strsplit(*l, " ", 3);

		g_hash_table_replace(p->sent,
		    g_strconcat(words[0], "/", words[1], NULL),
		    g_strdup(words[2]));
	}
}

/* Take "LIST/KEY" of each permalink that is named in data. */
static void
read_replies(GPtrArray *answered, const char *data, size_t len)
{
	g_autofree char *text = g_strndup(data, len);
	g_auto(GStrv) replies = g_strsplit(text, "250 2.6.0 <http://", -1);

	for (char **r = replies + 1; replies[0] != NULL && *r != NULL; r++) {
		const char *path = strchr(*r, '/'), *end = strstr(*r, "/>");

		g_assert_true(path != NULL && end != NULL);
		g_ptr_array_add(
		    answered, g_strndup(path + 1, (gsize)(end - path - 1)));
	}
}

/* One point --------------------------------------------------------------- */

static char *
name_of(Store *s, const StorePost *post)
{
	g_autoptr(StoreList) list = store_list_get(s, post->list, NULL);
	char key[KEY_LEN + 1];

	permalink_key(post->key, key);
	return g_strconcat(
	    list != NULL ? list->list_id : "no list", "/", key, NULL);
}

static void
check_post(Job *job, Store *s, int64_t post, GHashTable *there)
{
	g_autoptr(GBytes) raw = store_raw(s, post, NULL);
	g_autofree char *name = NULL, *sum = NULL;
	const char *want = NULL;
	StorePost p;

	if (raw == NULL || !store_post(s, post, &p, NULL)) {
		blame(job, "a message cannot be read");
		return;
	}
	name = name_of(s, &p);
	sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, raw);
	want = g_hash_table_lookup(job->power->sent, name);
	if (g_strcmp0(sum, want) != 0)
		blame(job, "a message that nobody sent");
	if (store_find_permalink(s, p.list, p.key, NULL) != post)
		blame(job, "a permalink leads elsewhere");
	/* Of different bytes each, by what was sent: none is there twice. */
	if (!g_hash_table_add(there, g_steal_pointer(&name)))
		blame(job, "two messages with one permalink");
}

static void
check_store(Job *job, Store *s)
{
	const FsckHooks hooks = {blame, go_on, job};
	g_autoptr(GHashTable) there =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) err = NULL;
	int64_t post = 0;

	if (!fsck_check(s, &hooks, &err))
		blame(job, err->message);
	while ((post = store_next(s, 0, post, NULL)) != 0)
		check_post(job, s, post, there);
	for (guint i = 0; i < job->answered->len; i++)
		if (!g_hash_table_contains(
			there, g_ptr_array_index(job->answered, i)))
			blame(job, "a message is lost");
}

/* File what was taken in and not filed, as the next felid serve does first. */
static Store *
file_tray(Job *job, Store *s, GError **err)
{
	g_autoptr(LmtpTray) tray = NULL;

	if (store_tray_last(s) == 0)
		return s;
	job->n_unfiled++;
	store_close(s);
	s = store_open(job->dir, STORE_WRITE, err);
	if (s == NULL)
		return NULL;
	tray = lmtp_tray_new(s);
	if (lmtp_tray_load(tray, err) && lmtp_tray_file(tray, err))
		return s;
	store_close(s);
	return NULL;
}

static void
check_point(Job *job, const Disk *d)
{
	const Point *p = &job->point;
	g_autoptr(GRand) chance =
	    g_rand_new_with_seed(job->power->seed * 1000003u + p->number);
	g_autoptr(GError) err = NULL;
	g_autoptr(Store) s = NULL;

	disk_cut(d, chance, job->dir);
	s = store_open(
	    job->dir, g_rand_boolean(chance) ? STORE_WRITE : STORE_READ, &err);
	if (s != NULL)
		s = file_tray(job, s, &err);
	if (s != NULL)
		check_store(job, s);
	else if (!g_error_matches(err, ERR, ERR_NOTFOUND) ||
		 job->answered->len > 0)
		blame(job, err->message);
}

/* All of them --------------------------------------------------------------
 */

static gint
by_place(gconstpointer left, gconstpointer right)
{
	const Point *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static GArray *
points_of(const Power *p, guint job)
{
	g_autoptr(GRand) chance = g_rand_new_with_seed(p->seed);
	GArray *points = g_array_new(FALSE, FALSE, sizeof(Point));

	for (guint i = 0; i < p->n_points; i++) {
		Point point = {.number = i};

		point.at =
		    (guint)g_rand_int_range(chance, 1, (gint32)p->at->len + 1);
		if (i % AT_A_REPLY == 0 && p->replies->len > 0)
			point.at = 1 + g_array_index(p->replies, guint,
					   point.at % p->replies->len);
		if (i % p->n_jobs == job)
			g_array_append_val(points, point);
	}
	g_array_sort(points, by_place);
	return points;
}

static guint
run_job(const Power *p, const char *dir, guint nth)
{
	g_autoptr(GArray) points = points_of(p, nth);
	g_autofree char *number = g_strdup_printf("%u", nth);
	g_autofree char *own = g_build_filename(dir, number, NULL);
	Disk *d = disk_new();
	Job job = {.power = p, .dir = own};
	guint done = 0;

	job.answered = g_ptr_array_new_with_free_func(g_free);
	g_assert_cmpint(g_mkdir_with_parents(own, 0700), ==, 0);
	for (guint i = 0; i < points->len; i++) {
		job.point = g_array_index(points, Point, i);
		for (; done < job.point.at; done++) {
			const char *data = NULL;
			Journal j;

			entry(p, done, &j, &data);
			if (j.kind == JOURNAL_SENT)
				read_replies(job.answered, data, j.len);
			else
				disk_do(d, &j, data);
		}
		check_point(&job, d);
	}
	g_print("# of %u points, %u with messages that were not filed\n",
	    points->len, job.n_unfiled);
	disk_free(d);
	g_ptr_array_unref(job.answered);
	return job.n_faults;
}

static bool
run(const Power *p, const char *dir)
{
	bool good = true;
	int status = 0;

	for (guint i = 0; i < p->n_jobs; i++) {
		pid_t pid = fork();

		g_assert_cmpint(pid, >=, 0);
		if (pid == 0)
			exit(run_job(p, dir, i) > 0);
	}
	while (wait(&status) > 0)
		good &= status == 0;
	return good;
}

int
main(int argc, char **argv)
{
	Power p = {0};
	bool good = false;

	if (argc != 7)
		return 2;
	parse_init();
	read_journal(&p, argv[1]);
	read_sent(&p, argv[2]);
	p.seed = (guint32)strtoul(argv[4], NULL, 10);
	p.n_points = (guint)strtoul(argv[5], NULL, 10);
	p.n_jobs = (guint)strtoul(argv[6], NULL, 10);
	g_print("# %u entries, %u replies, %u messages\n", p.at->len,
	    p.replies->len, g_hash_table_size(p.sent));
	good = run(&p, argv[3]);
	g_hash_table_unref(p.sent);
	g_array_unref(p.at);
	g_array_unref(p.replies);
	g_mapped_file_unref(p.file);
	return !good;
}
