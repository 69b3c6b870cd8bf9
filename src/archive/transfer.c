/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/transfer.h"

#include "archive/ingest.h"
#include "archive/sample.h"
#include "archive/source.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/maildir.h"
#include "mail/mbox.h"

#include <sys/stat.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The date of every From line that git format-patch writes: it says
 * nothing (git-format-patch(1)). */
#define GIT_FROM_DATE INT64_C(1000684800)

/* Bytes of an export that are written at once. */
#define PIECE ((size_t)256 * 1024)

/* Where a message was found. */
typedef struct {
	const char *file;
	uint64_t off; /* ignored for a file of its own */
	bool alone;   /* the file is this one message */
} Place;

/* A message that was read and parsed, and is not yet in the store. */
typedef struct {
	IngestMsg *m;
	Place place;
	unsigned int guess; /* MboxGuess flags */
	int64_t number;     /* Pipermail's, or -1 */
	char *notes;        /* mbox_write's, or NULL */
	IngestResult result;
} Item;

typedef struct {
	Store *s;
	const StoreList *list;
	const TransferHooks *hooks;
	TransferState *st;
	GPtrArray *names; /* file names that items point to */
	GArray *batch;    /* Item */
	size_t batch_bytes;
	uint64_t before; /* bytes of the files before the one at hand */
	int64_t number;  /* that Pipermail gave to the next message */
	bool stopped;
} Import;

static void
clear_item(gpointer item)
{
	ingest_msg_free(((Item *)item)->m);
	g_free(((Item *)item)->notes);
}

/* Notes ------------------------------------------------------------------ */

static void
note(const Import *i, const Place *at, const char *what)
{
	g_autofree char *text = NULL;

	if (i->hooks->note == NULL)
		return;
	text = at->alone
		   ? g_strdup_printf("%s: %s", at->file, what)
		   : g_strdup_printf("%s: offset %" G_GUINT64_FORMAT ": %s",
			 at->file, at->off, what);
	i->hooks->note(i->hooks->arg, text);
}

static void
fail(Import *i, const Place *at, const char *what)
{
	i->st->n_failed++;
	note(i, at, what);
}

/* Say what had to be guessed at to store item. */
static void
note_guesses(Import *i, const Item *item)
{
	const Msg *m = item->m->msg;
	int64_t date = ingest_date(m, item->m->came);
	bool guessed = item->guess != 0;

	for (unsigned int k = 0; k < N_MBOX_GUESS; k++)
		if (item->guess & 1u << k)
			note(i, &item->place,
			    mbox_guess_text((MboxGuess)(1u << k)));
	if (!m->has_date || date != m->date) {
		g_autofree char *when = date_format_minute(date);
		g_autofree char *what = g_strdup_printf("%s: filed as of %s",
		    m->has_date ? "its date cannot be true"
				: "it has no date that can be read",
		    when);

		note(i, &item->place, what);
		guessed = true;
	}
	if (guessed)
		i->st->n_guessed++;
}

static void
count(Import *i, const Item *item)
{
	switch (item->result) {
	case INGEST_STORED:
		i->st->n_stored++;
		note_guesses(i, item);
		break;
	case INGEST_COPY:
		i->st->n_copies++;
		break;
	case INGEST_UNWANTED:
		i->st->n_unwanted++;
		note(i, &item->place,
		    i->list->policy == POLICY_NEVER
			? "left out: the list's policy is never"
			: "left out: its author asked not to be archived");
		break;
	case INGEST_NOT_ITS_KEY:
	case INGEST_OCCUPIED:
	case INGEST_FAILED:
		g_assert_not_reached(); /* no key was asked for */
	}
}

/* Names -------------------------------------------------------------------- */

/* What is said behind the date of a From line. */
#define NOTE_COPY "copy="
#define NOTE_NUMBER "pipermail="

/* Digits of a number of Pipermail's. */
#define NUMBER_DIGITS 9

static bool
put_number(Import *i, const IngestMsg *m, const char *text, GError **err)
{
	size_t len = strspn(text, "0123456789");

	return len == 0 || len > NUMBER_DIGITS || text[len] != '\0' ||
	       store_put_number(i->s, i->list->id,
		   g_ascii_strtoll(text, NULL, 10), m->post, err);
}

static bool
put_copy(Import *i, const IngestMsg *m, const char *text, GError **err)
{
	size_t len = 0;
	g_autofree char *id = text_percent_decode(text, &len);

	return m->removed || len == 0 || strlen(id) != len ||
	       store_put_copy(i->s, m->post, id, err);
}

/* Remember what item, which the list has, is known by besides. */
static bool
put_names(Import *i, const Item *item, GError **err)
{
	g_auto(GStrv) notes =
	    g_strsplit(item->notes != NULL ? item->notes : "", " ", -1);

	if (item->number >= 0 && !store_put_number(i->s, i->list->id,
				     item->number, item->m->post, err))
		return false;
	for (size_t n = 0; notes[n] != NULL; n++) {
		const char *note = notes[n];

		if (g_str_has_prefix(note, NOTE_COPY) &&
		    !put_copy(i, item->m, note + strlen(NOTE_COPY), err))
			return false;
		if (g_str_has_prefix(note, NOTE_NUMBER) &&
		    !put_number(i, item->m, note + strlen(NOTE_NUMBER), err))
			return false;
	}
	return true;
}

/* The store ---------------------------------------------------------------- */

static Item *
item_at(const Import *i, guint n)
{
	return &g_array_index(i->batch, Item, n);
}

/* Put messages of the batch from *at on, in one transaction: most of
 * them at the most, and as many as its time allows.  *at moves behind
 * those that are in the store then. */
static bool
put_some(Import *i, guint *at, guint most, GError **err)
{
	int64_t begun;
	guint n = *at, end = *at + MIN(most, i->batch->len - *at);
	bool ok = true;

	if (!store_begin(i->s, err))
		return false;
	begun = clock_mono_ms();
	do {
		Item *item = item_at(i, n++);
		char key[KEY_LEN + 1];

		item->result =
		    ingest_put(i->s, i->list, item->m, NULL, key, err);
		ok = item->result != INGEST_FAILED &&
		     (item->result == INGEST_UNWANTED ||
			 put_names(i, item, err));
	} while (
	    ok && n < end && clock_mono_ms() - begun < LIMIT_IMPORT_HOLD_MS);
	if (!ok)
		store_rollback(i->s);
	if (!ok || !store_commit(i->s, err)) {
		for (guint k = *at; k < n; k++)
			item_at(i, k)->m->raw_id = 0;
		return false;
	}
	for (; *at < n; ++*at)
		count(i, item_at(i, *at));
	g_usleep((gulong)LIMIT_IMPORT_YIELD_MS * 1000);
	return true;
}

/* Put the whole batch.  Where that fails, its messages are tried one by
 * one, so that the others do not suffer for it. */
static bool
flush(Import *i, GError **err)
{
	guint at = 0, most = LIMIT_COMMIT_MESSAGES;

	while (at < i->batch->len) {
		g_autoptr(GError) why = NULL;

		if (put_some(i, &at, most, &why))
			continue;
		if (g_error_matches(why, ERR, ERR_BUSY) ||
		    (most == 1 && g_error_matches(why, ERR, ERR_IO))) {
			g_propagate_error(err, g_steal_pointer(&why));
			return false;
		}
		if (most == 1)
			fail(i, &item_at(i, at++)->place, why->message);
		most = 1;
	}
	g_array_set_size(i->batch, 0);
	g_ptr_array_set_size(i->names, 0);
	i->batch_bytes = 0;
	return true;
}

/* Messages ----------------------------------------------------------------- */

/* When a message came to whoever had it before us: at sent (0: not known)
 * or by its newest Received field; else when it arrived. */
static int64_t
came_at(const IngestMsg *m, int64_t sent)
{
	int64_t came = sent;

	if (came <= 0 || came == GIT_FROM_DATE)
		came = m->msg->received;
	return came > 0 && came < m->arrived ? came : m->arrived;
}

static bool
take(Import *i, GBytes *raw, int64_t sent, Item item, GError **err)
{
	item.m = ingest_msg_new(raw, clock_now());
	item.m->came = came_at(item.m, sent);
	g_array_append_val(i->batch, item);
	i->batch_bytes += g_bytes_get_size(raw);
	return (i->batch->len < LIMIT_COMMIT_MESSAGES &&
		   i->batch_bytes < LIMIT_IMPORT_BYTES) ||
	       flush(i, err);
}

/* Tell how far it is; false: to be stopped. */
static bool
report(Import *i, uint64_t done)
{
	i->st->bytes_done = i->before + done;
	if (i->hooks->progress != NULL &&
	    !i->hooks->progress(i->hooks->arg, i->st))
		i->stopped = true;
	return !i->stopped;
}

static bool
too_long(Import *i, const Place *at, uint64_t size)
{
	g_autofree char *what =
	    g_strdup_printf("left out: %" G_GUINT64_FORMAT
			    " bytes are more than the %" G_GUINT64_FORMAT
			    " that a message may have",
		size, i->hooks->message_bytes);

	fail(i, at, what);
	return true;
}

/* Whether raw begins as a message does. */
static bool
is_mail(GBytes *raw)
{
	gsize len = 0;
	const char *data = g_bytes_get_data(raw, &len);
	HeaderWalk w;
	HeaderField f;

	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		len -= 3;
	}
	header_walk_init(&w, data, len);
	return header_next(&w, &f);
}

static bool
take_mbox_msg(Import *i, const char *file, const MboxMsg *m, GError **err)
{
	g_autoptr(GBytes) raw = m->raw;
	Place at = {.file = file, .off = m->off};
	int64_t number = -1;

	i->st->n_read++;
	if (i->hooks->pipermail && !(m->guess & MBOX_NO_FROM_LINE)) {
		number = i->number;
		i->number += INT64_C(1) + m->n_from;
	}
	if (m->guess & MBOX_TOO_LONG)
		return too_long(i, &at, m->size);
	if ((m->guess & MBOX_NO_FROM_LINE) && !is_mail(raw)) {
		fail(i, &at,
		    "left out: it begins neither with a From line nor with a "
		    "header field");
		return true;
	}
	return take(i, raw, m->from_date,
	    (Item){.place = at,
		.guess = m->guess,
		.number = number,
		.notes = g_strdup(m->notes)},
	    err);
}

/* Files -------------------------------------------------------------------- */

/* Read the mailbox src.  Returns false with *err set if the store fails;
 * what is wrong with the file is noted. */
static bool
import_mbox(Import *i, const char *file, Source *src, GError **err)
{
	g_autoptr(MboxReader) r = mbox_reader_new(i->hooks->message_bytes);
	g_autoptr(GError) why = NULL;
	Place at = {.file = file, .alone = true};
	const char *data = NULL;
	size_t len = 0;

	do {
		MboxMsg m;

		/* What a damaged file leaves of its last message is not
		 * taken: the reader waits for its end. */
		if (!source_read(src, &data, &len, &why)) {
			g_autofree char *what = g_strdup_printf(
			    "%s; the message that this cuts off was not taken",
			    why->message);

			fail(i, &at, what);
			return true;
		}
		mbox_reader_feed(r, data, len);
		while (!i->stopped && mbox_reader_next(r, &m)) {
			if (!take_mbox_msg(i, file, &m, err))
				return false;
			if (i->batch->len == 0)
				report(i, source_done(src));
		}
	} while (len > 0 && report(i, source_done(src)));
	return true;
}

/* The bytes of the file at path; NULL with *err set, or (no *err) if they
 * are too many: *size then says how many at least. */
static GBytes *
load(Import *i, const char *path, uint64_t *size, GError **err)
{
	g_autoptr(Source) src = source_open(path, err);
	g_autoptr(GByteArray) all = g_byte_array_new();
	const char *data = NULL;
	size_t len = 0;

	if (src == NULL)
		return NULL;
	*size = 0;
	do {
		if (!source_read(src, &data, &len, err))
			return NULL;
		*size += len;
		if (*size <= i->hooks->message_bytes)
			g_byte_array_append(
			    all, (const guint8 *)data, (guint)len);
	} while (len > 0);
	return *size > i->hooks->message_bytes
		   ? NULL
		   : g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

static bool
take_file(Import *i, const char *path, int64_t delivered, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) raw = NULL;
	char *file = g_strdup(path);
	Place at = {.file = file, .alone = true};
	uint64_t size = 0;

	g_ptr_array_add(i->names, file);
	i->st->n_read++;
	raw = load(i, path, &size, &why);
	if (raw != NULL)
		return take(
		    i, raw, delivered, (Item){.place = at, .number = -1}, err);
	if (why == NULL)
		return too_long(i, &at, size);
	fail(i, &at, why->message);
	return true;
}

static bool
import_maildir(Import *i, const char *dir, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GPtrArray) msgs = maildir_list(dir, &why);
	Place at = {.file = dir, .alone = true};
	uint64_t done = 0;

	if (msgs == NULL) {
		fail(i, &at, why->message);
		return true;
	}
	for (guint n = 0; n < msgs->len && report(i, done); n++) {
		const MaildirMsg *m = msgs->pdata[n];

		if (!take_file(i, m->path, m->delivered, err))
			return false;
		done += m->size;
	}
	return true;
}

/* What is called so is one message, even if it begins with a From line or
 * has no header. */
static bool
is_called_eml(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot != NULL && g_ascii_strcasecmp(dot, ".eml") == 0;
}

static bool
import_file(Import *i, const char *file, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Source) src = NULL;
	Place at = {.file = file, .alone = true};

	if (g_file_test(file, G_FILE_TEST_IS_DIR))
		return import_maildir(i, file, err);
	if (is_called_eml(file))
		return take_file(i, file, 0, err);
	src = source_open(file, &why);
	if (src != NULL)
		return import_mbox(i, file, src, err);
	fail(i, &at, why->message);
	return true;
}

/* Bytes of the file or Maildir at path, as it lies on disk; 0 where that
 * cannot be known. */
static bool
measure(const char *path, uint64_t *size, GError **err)
{
	struct stat st;

	*size = 0;
	if (strcmp(path, "-") == 0)
		return true;
	if (stat(path, &st) != 0)
		return err_set_errno(
		    err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
	if (S_ISDIR(st.st_mode)) {
		g_autoptr(GPtrArray) msgs = maildir_list(path, NULL);

		for (guint n = 0; msgs != NULL && n < msgs->len; n++)
			*size += ((const MaildirMsg *)msgs->pdata[n])->size;
	} else if (S_ISREG(st.st_mode)) {
		*size = (uint64_t)st.st_size;
	}
	return true;
}

static bool
import_files(Import *i, char *const *files, GError **err)
{
	g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(uint64_t));

	for (size_t n = 0; files[n] != NULL; n++) {
		uint64_t size = 0;

		if (!measure(files[n], &size, err))
			return false;
		i->st->bytes_all += size;
		g_array_append_val(sizes, size);
	}
	for (size_t n = 0; files[n] != NULL && !i->stopped; n++) {
		if (!import_file(i, files[n], err))
			return false;
		i->before += g_array_index(sizes, uint64_t, n);
		if (!i->stopped)
			report(i, 0);
	}
	return flush(i, err);
}

/* Have the mail of a list that comes for the first time be compressed with
 * dictionaries of its own. */
static void
learn(Store *s, const StoreList *list, char *const *files)
{
	if (list->n_messages > 0 || list->policy == POLICY_NEVER)
		return;
	g_autoptr(GPtrArray) mail = sample_mail(files);

	store_train(s, mail);
}

bool
transfer_import(Store *s, const StoreList *list, char *const *files,
    const TransferHooks *hooks, TransferState *st, GError **err)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) batch = g_array_new(FALSE, FALSE, sizeof(Item));
	Import i = {.s = s,
	    .list = list,
	    .hooks = hooks,
	    .st = st,
	    .names = names,
	    .batch = batch};

	*st = (TransferState){0};
	g_array_set_clear_func(batch, clear_item);
	learn(s, list, files);
	return import_files(&i, files, err);
}

/* Export ------------------------------------------------------------------- */

static bool
write_all(int fd, GString *out, GError **err)
{
	size_t done = 0;

	while (done < out->len) {
		ssize_t n = write(fd, out->str + done, out->len - done);

		if (n < 0 && errno != EINTR)
			return err_set_errno(err, ERR_IO, "cannot write");
		done += n > 0 ? (size_t)n : 0;
	}
	g_string_truncate(out, 0);
	return true;
}

/* What post is known by besides: words (char *), owned by the array.  An id
 * that is longer than one may be is nothing that anybody looks for. */
static GPtrArray *
notes_of(Store *s, int64_t post, GError **err)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) copies = store_copies(s, post, err);
	g_autoptr(GArray) numbers =
	    copies == NULL ? NULL : store_numbers(s, post, err);

	if (numbers == NULL)
		return NULL;
	for (guint i = 0; i < copies->len; i++) {
		const char *id = copies->pdata[i];
		g_autofree char *coded =
		    g_uri_escape_bytes((const guint8 *)id, strlen(id), "@");

		if (strlen(id) > LIMIT_MESSAGE_ID_BYTES)
			continue;
		g_ptr_array_add(notes, g_strconcat(NOTE_COPY, coded, NULL));
	}
	for (guint i = 0; i < numbers->len; i++)
		g_ptr_array_add(
		    notes, g_strdup_printf(NOTE_NUMBER "%" G_GINT64_FORMAT,
			       g_array_index(numbers, int64_t, i)));
	return g_steal_pointer(&notes);
}

/* Write raw with as many of notes from *at on as a line takes. */
static void
export_once(
    GBytes *raw, int64_t date, const GPtrArray *notes, guint *at, GString *out)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (; *at < notes->len; ++*at) {
		const char *note = notes->pdata[*at];

		if (line->len + 1 + strlen(note) > LIMIT_MBOX_NOTES_BYTES)
			break;
		if (line->len > 0)
			g_string_append_c(line, ' ');
		g_string_append(line, note);
	}
	mbox_write(out, raw, date, line->len > 0 ? line->str : NULL);
}

static bool
export_post(Store *s, int64_t post, GString *out, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Head) head = store_head(s, post, &why);
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(GPtrArray) notes = NULL;
	guint at = 0;

	if (g_error_matches(why, ERR, ERR_GONE))
		return true;
	if (head == NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	raw = store_raw(s, post, err);
	notes = raw == NULL ? NULL : notes_of(s, post, err);
	if (notes == NULL)
		return false;
	do
		export_once(raw, head->date, notes, &at, out);
	while (at < notes->len);
	return true;
}

bool
transfer_export(Store *s, const StoreList *list, int fd,
    const TransferHooks *hooks, TransferState *st, GError **err)
{
	g_autoptr(GString) out = g_string_sized_new(2 * PIECE);
	g_autoptr(GError) why = NULL;
	int64_t post = 0;
	uint64_t n_all = 0;

	*st = (TransferState){0};
	if (!store_count(s, list->id, &n_all, &st->bytes_all, err))
		return false;
	while ((post = store_next(s, list->id, post, &why)) != 0) {
		if (!export_post(s, post, out, err))
			return false;
		st->n_read++;
		if (out->len < PIECE)
			continue;
		st->bytes_done += out->len;
		if (!write_all(fd, out, err))
			return false;
		if (hooks->progress != NULL && !hooks->progress(hooks->arg, st))
			return true;
	}
	if (why != NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	st->bytes_done += out->len;
	return write_all(fd, out, err);
}
