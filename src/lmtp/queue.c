/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/queue.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "lmtp/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "felid-spool-1\n"

/* ---- One file ------------------------------------------------------ */

void
lmtp_mail_free(LmtpMail *m)
{
	if (m == NULL)
		return;
	g_free(m->list_id);
	g_free(m->sender);
	if (m->message != NULL)
		g_bytes_unref(m->message);
	g_free(m);
}

/* Take "NAME: VALUE" and its LF off [*p, end); NULL if it is not there. */
static char *
take_field(const char **p, const char *end, const char *name)
{
	const size_t n = strlen(name);
	const char *lf = memchr(*p, '\n', (size_t)(end - *p));
	const char *value = *p + n + 2;

	if (lf == NULL || lf < value || memcmp(*p, name, n) != 0 ||
	    memcmp(*p + n, ": ", 2) != 0 ||
	    memchr(value, '\0', (size_t)(lf - value)) != NULL)
		return NULL;
	*p = lf + 1;
	return g_strndup(value, (gsize)(lf - value));
}

LmtpMail *
lmtp_mail_parse(GBytes *file, GError **err)
{
	g_autoptr(LmtpMail) m = g_new0(LmtpMail, 1);
	g_autofree char *list_id = NULL;
	gsize len = 0;
	const char *data = g_bytes_get_data(file, &len);
	const char *p = data, *end = data + len;

	if (len < strlen(MAGIC) || memcmp(p, MAGIC, strlen(MAGIC)) != 0) {
		err_set(err, ERR_SYNTAX, "not a file of a spool");
		return NULL;
	}
	p += strlen(MAGIC);
	list_id = take_field(&p, end, "list-id");
	if (list_id != NULL)
		m->sender = take_field(&p, end, "sender");
	if (m->sender == NULL || p == end || *p != '\n') {
		err_set(err, ERR_SYNTAX, "its envelope is incomplete");
		return NULL;
	}
	p++;
	/* A whole recipient is a key, an "@" and the list. */
	if (*list_id == '\0' || strlen(list_id) > 200 ||
	    strchr(list_id, '@') != NULL || !lmtp_client_is_address(list_id) ||
	    !lmtp_client_is_address(m->sender)) {
		err_set(err, ERR_SYNTAX, "its envelope names no list");
		return NULL;
	}
	m->list_id = g_ascii_strdown(list_id, -1);
	m->message =
	    g_bytes_new_from_bytes(file, (gsize)(p - data), (gsize)(end - p));
	return g_steal_pointer(&m);
}

/* ---- The queue ----------------------------------------------------- */

typedef struct {
	char *name;
	int64_t due_ms;
	unsigned int n_tried;
} Item;

struct LmtpQueue {
	char *dir;
	int fd;            /* inotify's, or -1 */
	GSequence *order;  /* Item, by due_ms and name; owns them */
	GHashTable *known; /* Item's name to its GSequenceIter */
};

static void
free_item(gpointer p)
{
	Item *item = p;

	g_free(item->name);
	g_free(item);
}

static gint
compare(gconstpointer pa, gconstpointer pb, gpointer unused)
{
	const Item *a = pa, *b = pb;

	(void)unused;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return strcmp(a->name, b->name);
}

static char *
path_of(const LmtpQueue *q, const char *folder, const char *name)
{
	return g_build_filename(q->dir, folder, name, NULL);
}

LmtpQueue *
lmtp_queue_open(const char *dir, GError **err)
{
	static const char *const folders[] = {"tmp", "new", "failed"};
	g_autoptr(LmtpQueue) q = g_new0(LmtpQueue, 1);
	g_autofree char *fresh = g_build_filename(dir, "new", NULL);

	q->fd = -1;
	q->dir = g_strdup(dir);
	q->order = g_sequence_new(free_item);
	q->known = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = path_of(q, folders[i], NULL);

		if (g_mkdir_with_parents(path, 0770) < 0) {
			err_set_errno(err, ERR_IO, "%s", path);
			return NULL;
		}
	}
	/* Without it, what is new is found by the next scan. */
	q->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (q->fd >= 0 && inotify_add_watch(q->fd, fresh, IN_MOVED_TO) < 0) {
		(void)close(q->fd);
		q->fd = -1;
	}
	return g_steal_pointer(&q);
}

void
lmtp_queue_close(LmtpQueue *q)
{
	if (q == NULL)
		return;
	if (q->fd >= 0)
		(void)close(q->fd);
	g_hash_table_unref(q->known);
	g_sequence_free(q->order);
	g_free(q->dir);
	g_free(q);
}

int
lmtp_queue_fd(const LmtpQueue *q)
{
	return q->fd;
}

size_t
lmtp_queue_count(const LmtpQueue *q)
{
	return g_hash_table_size(q->known);
}

/* Names that begin with a dot are not messages, here as elsewhere. */
static void
add(LmtpQueue *q, const char *name, int64_t now_ms)
{
	Item *item = NULL;

	if (*name == '.' || *name == '\0' ||
	    g_hash_table_contains(q->known, name) ||
	    lmtp_queue_count(q) >= LIMIT_SPOOL_MESSAGES)
		return;
	item = g_new0(Item, 1);
	item->name = g_strdup(name);
	item->due_ms = now_ms;
	g_hash_table_insert(q->known, item->name,
	    g_sequence_insert_sorted(q->order, item, compare, NULL));
}

void
lmtp_queue_take_news(LmtpQueue *q)
{
	_Alignas(struct inotify_event) char buf[4096];
	const int64_t now_ms = clock_mono_ms();
	ssize_t n;

	while ((n = read(q->fd, buf, sizeof buf)) > 0) {
		const char *p = buf;

		while (p < buf + n) {
			struct inotify_event ev;

			memcpy(&ev, p, sizeof ev);
			/* IN_Q_OVERFLOW has no name: the scan finds those. */
			if (ev.len > 0)
				add(q, p + sizeof ev, now_ms);
			p += sizeof ev + ev.len;
		}
	}
}

bool
lmtp_queue_scan(LmtpQueue *q, GError **err)
{
	const int64_t now_ms = clock_mono_ms();
	g_autofree char *path = path_of(q, "new", NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GDir) dir = g_dir_open(path, 0, &why);
	const char *name = NULL;

	if (dir == NULL)
		return err_set(err, ERR_IO, "%s", why->message);
	while ((name = g_dir_read_name(dir)) != NULL)
		add(q, name, now_ms);
	return true;
}

static GSequenceIter *
find(const LmtpQueue *q, const char *name)
{
	GSequenceIter *iter = g_hash_table_lookup(q->known, name);

	g_assert(iter != NULL);
	return iter;
}

static void
forget(LmtpQueue *q, const char *name)
{
	GSequenceIter *iter = find(q, name);

	g_hash_table_remove(q->known, name);
	g_sequence_remove(iter);
}

const char *
lmtp_queue_next(const LmtpQueue *q)
{
	GSequenceIter *first = g_sequence_get_begin_iter(q->order);
	const Item *item = NULL;

	if (g_sequence_iter_is_end(first))
		return NULL;
	item = g_sequence_get(first);
	return item->due_ms <= clock_mono_ms() ? item->name : NULL;
}

int
lmtp_queue_wait_ms(const LmtpQueue *q)
{
	GSequenceIter *first = g_sequence_get_begin_iter(q->order);
	const Item *item = NULL;

	if (g_sequence_iter_is_end(first))
		return -1;
	item = g_sequence_get(first);
	return (int)CLAMP(item->due_ms - clock_mono_ms(), 0,
	    INT64_C(1000) * (int64_t)LIMIT_RETRY_MAX_S);
}

/* The whole file, or NULL with *err set as lmtp_queue_load says. */
static GBytes *
read_file(const char *path, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *data = NULL;
	gsize len = 0;
	struct stat st;

	if (lstat(path, &st) < 0) {
		err_set_errno(
		    err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_SYNTAX, "not a file");
		return NULL;
	}
	if (st.st_size > (off_t)LIMIT_MESSAGE_BYTES) {
		err_set(err, ERR_LIMIT, "larger than a message may be");
		return NULL;
	}
	if (!g_file_get_contents(path, &data, &len, &why)) {
		err_set(err, ERR_IO, "%s", why->message);
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&data), len);
}

LmtpMail *
lmtp_queue_load(LmtpQueue *q, const char *name, GError **err)
{
	g_autofree char *path = path_of(q, "new", name);
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) file = read_file(path, &why);

	if (file != NULL)
		return lmtp_mail_parse(file, err);
	if (g_error_matches(why, ERR, ERR_NOTFOUND))
		forget(q, name);
	g_propagate_error(err, g_steal_pointer(&why));
	return NULL;
}

bool
lmtp_queue_done(LmtpQueue *q, const char *name, GError **err)
{
	g_autofree char *path = path_of(q, "new", name);
	const bool gone = unlink(path) == 0 || errno == ENOENT;

	if (!gone)
		err_set_errno(err, ERR_IO, "%s", path);
	forget(q, name);
	return gone;
}

int
lmtp_queue_backoff_ms(unsigned int n_failed)
{
	const unsigned int doublings = MIN(n_failed - 1, 20u);
	const unsigned int s =
	    MIN(LIMIT_RETRY_FIRST_S << doublings, LIMIT_RETRY_MAX_S);
	const int ms = (int)s * 1000;

	g_assert(n_failed > 0);
	return ms - g_random_int_range(0, ms / 4 + 1);
}

void
lmtp_queue_later(LmtpQueue *q, const char *name, bool long_wait)
{
	GSequenceIter *iter = find(q, name);
	Item *item = g_sequence_get(iter);
	const int ms = long_wait ? (int)LIMIT_RETRY_MAX_S * 1000
				 : lmtp_queue_backoff_ms(item->n_tried + 1);

	item->n_tried++;
	item->due_ms = clock_mono_ms() + ms;
	g_sequence_sort_changed(iter, compare, NULL);
}

bool
lmtp_queue_set_aside(
    LmtpQueue *q, const char *name, const char *why, GError **err)
{
	g_autofree char *from = path_of(q, "new", name);
	g_autofree char *to = path_of(q, "failed", name);
	g_autofree char *reason = g_strconcat(to, ".reason", NULL);
	g_autofree char *text = g_strconcat(why, "\n", NULL);
	g_autoptr(GError) write_err = NULL;

	/* The reason first: a message in failed always has one. */
	if (!g_file_set_contents_full(reason, text, -1,
		G_FILE_SET_CONTENTS_CONSISTENT, 0640, &write_err)) {
		lmtp_queue_later(q, name, false);
		return err_set(err, ERR_IO, "%s", write_err->message);
	}
	if (rename(from, to) < 0) {
		err_set_errno(err, ERR_IO, "%s to %s", from, to);
		lmtp_queue_later(q, name, false);
		return false;
	}
	forget(q, name);
	return true;
}
