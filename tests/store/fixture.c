/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <string.h>

void
fixture_init(Fixture *f)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) list = NULL;

	f->top = g_dir_make_tmp("felid-store-XXXXXX", &err);
	g_assert_no_error(err);
	f->dir = g_build_filename(f->top, "a", "store", NULL);
	f->store = store_open(f->dir, STORE_WRITE, &err);
	g_assert_no_error(err);
	store_list_add(f->store, "dev.example.org", POLICY_PUBLIC, &err);
	g_assert_no_error(err);
	list = store_list_find(f->store, "dev.example.org", &err);
	g_assert_no_error(err);
	f->list = list->id;
}

static void
delete_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = NULL;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *sub = g_build_filename(path, name, NULL);

		delete_tree(sub);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
}

void
fixture_clear(Fixture *f)
{
	g_clear_pointer(&f->store, store_close);
	delete_tree(f->top);
	g_free(f->top);
	g_free(f->dir);
}

static void
digest(GChecksumType type, const char *text, unsigned char *out)
{
	g_autoptr(GChecksum) sum = g_checksum_new(type);
	gsize len = DIGEST_BYTES;

	g_checksum_update(sum, (const guchar *)text, -1);
	g_checksum_get_digest(sum, out, &len);
}

void
make_mail(const Mail *mail, Made *out)
{
	g_autofree char *originator =
	    g_strdup_printf("%s %" G_GINT64_FORMAT, mail->subject, mail->date);
	g_autofree char *content =
	    g_strdup_printf("%s %s", originator, mail->body);
	g_autofree char *text = g_strdup_printf("Message-ID: <%s>\nSubject: "
						"%s\n\n%s\n",
	    mail->id == NULL ? "" : mail->id, mail->subject, mail->body);
	Msg *m = g_new0(Msg, 1);
	const char **refs = g_new0(const char *, G_N_ELEMENTS(mail->refs) + 1);

	*out = (Made){.msg = m};
	m->strings = g_string_chunk_new(256);
	m->vectors = g_ptr_array_new_with_free_func(g_free);
	if (mail->id != NULL)
		m->id = g_string_chunk_insert(m->strings, mail->id);
	m->subject = g_string_chunk_insert(m->strings, mail->subject);
	m->from_name = "Ann";
	m->from_addr = "ann@example.org";
	m->has_date = mail->date != 0;
	m->date = mail->date;
	for (; mail->refs[m->n_refs] != NULL; m->n_refs++)
		refs[m->n_refs] =
		    g_string_chunk_insert(m->strings, mail->refs[m->n_refs]);
	m->refs = refs;
	g_ptr_array_add(m->vectors, refs);
	m->n_parts = 1;
	m->parts = g_new0(Part, 1);
	m->parts->type = "text/plain";
	m->parts->leaf = true;
	m->parts->off = strlen(text) - strlen(mail->body) - 1;
	m->parts->len = strlen(mail->body) + 1;
	m->body_off = m->parts->off;
	for (int k = 0; k < N_KEYS; k++)
		out->links.has[k] =
		    mail->id != NULL || k == KEY_ORIGINATOR || k == KEY_CONTENT;
	if (mail->id != NULL) {
		digest(G_CHECKSUM_SHA256, mail->id, out->links.digest[KEY_ID]);
		digest(
		    G_CHECKSUM_SHA1, mail->id, out->links.digest[KEY_LEGACY]);
	}
	digest(
	    G_CHECKSUM_SHA256, originator, out->links.digest[KEY_ORIGINATOR]);
	digest(G_CHECKSUM_SHA256, content, out->links.digest[KEY_CONTENT]);
	out->raw = g_bytes_new(text, strlen(text));
}

void
made_clear(Made *m)
{
	g_clear_pointer(&m->raw, g_bytes_unref);
	g_clear_pointer(&m->msg, msg_free);
}

static int64_t
put_made(
    Store *s, int64_t list, const Mail *mail, const StorePut *as, GError **err)
{
	StorePut put = *as;

	put.list = list;
	put.date = mail->date;
	put.arrived = mail->date + 60;
	put.came = put.arrived;
	return store_put(s, &put, err);
}

int64_t
put_mail(Store *s, int64_t list, const Mail *mail, KeyKind key, GError **err)
{
	g_auto(Made) made = {0};

	make_mail(mail, &made);
	const StorePut as = {
	    .raw = made.raw, .msg = made.msg, .links = &made.links, .key = key};

	return put_made(s, list, mail, &as, err);
}

int64_t
must_put_by(Store *s, int64_t list, const Mail *mail, const char *name,
    const char *addr)
{
	g_autoptr(GError) err = NULL;
	g_auto(Made) made = {0};

	make_mail(mail, &made);
	made.msg->from_name = name;
	made.msg->from_addr = addr;
	const StorePut as = {.raw = made.raw,
	    .msg = made.msg,
	    .links = &made.links,
	    .key = mail->id == NULL ? KEY_ORIGINATOR : KEY_ID};
	int64_t post = put_made(s, list, mail, &as, &err);

	g_assert_no_error(err);
	return post;
}

int64_t
must_put(Store *s, int64_t list, const Mail *mail)
{
	g_autoptr(GError) err = NULL;
	int64_t post = put_mail(
	    s, list, mail, mail->id == NULL ? KEY_ORIGINATOR : KEY_ID, &err);

	g_assert_no_error(err);
	g_assert_cmpint(post, >, 0);
	return post;
}

/* Dumps ------------------------------------------------------------------ */

/* What is the same in two stores that hold the same: a thread's number
 * only says which posts are together. */
static const char *const primary[] = {
    "SELECT * FROM list ORDER BY id",
    "SELECT * FROM list_name ORDER BY name",
    "SELECT * FROM dict ORDER BY n",
    "SELECT * FROM raw ORDER BY id",
    "SELECT * FROM post ORDER BY id",
    "SELECT * FROM copy ORDER BY post, message_id",
};

#define LOWEST "(SELECT min(post) FROM head WHERE thread = "

static const char *const derived[] = {
    "SELECT post, list, " LOWEST "h.thread), date, has_date, size, "
    "author IS NULL, message_id, subject, from_name, from_addr, ids, outline, "
    "raw, kind, key, arrived "
    "FROM head h ORDER BY post",
    "SELECT * FROM key ORDER BY digest, list, kind, post",
    "SELECT " LOWEST "t.id), list, n, first, first_date, last_date, n_authors, "
    "key, subject, from_name, from_addr FROM thread t WHERE into_thread IS "
    "NULL ORDER BY 1",
    ("WITH RECURSIVE up (id, root) AS (SELECT id, id FROM thread WHERE "
     "into_thread IS NULL UNION ALL SELECT t.id, up.root FROM thread t "
     "JOIN up ON t.into_thread = up.id) SELECT i.list, i.id, " LOWEST
     "up.root) FROM thread_id i JOIN up ON up.id = i.thread "
     "ORDER BY i.list, i.id"),
    "SELECT list, ym, n FROM month ORDER BY list, ym",
    "SELECT list, day, n FROM day ORDER BY list, day",
    /* An author's number says no more than a thread's. */
    "SELECT (SELECT min(post) FROM head WHERE author = p.author), year, list, "
    "n, n_threads FROM poster p ORDER BY 1, 2, 3",
    "SELECT list, n, bytes, first_date, last_date FROM list_sum "
    "ORDER BY list",
};

static void
dump_rows(sqlite3 *db, const char *text, GString *out)
{
	sqlite3_stmt *q = NULL;

	g_assert_cmpint(
	    sqlite3_prepare_v2(db, text, -1, &q, NULL), ==, SQLITE_OK);
	g_string_append_printf(out, "%s\n", text);
	while (sqlite3_step(q) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(q); i++) {
			const unsigned char *p = sqlite3_column_blob(q, i);
			int n = sqlite3_column_bytes(q, i);

			g_string_append_c(out, ' ');
			for (int j = 0; j < n; j++)
				if (g_ascii_isgraph(p[j]))
					g_string_append_c(out, (char)p[j]);
				else
					g_string_append_printf(
					    out, "%%%02x", p[j]);
		}
		g_string_append_c(out, '\n');
	}
	sqlite3_finalize(q);
}

char *
dump(Fixture *f, bool derived_only)
{
	g_autofree char *path = g_build_filename(f->dir, "felid.db", NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
	    ==, SQLITE_OK);
	for (size_t i = 0; !derived_only && i < G_N_ELEMENTS(primary); i++)
		dump_rows(db, primary[i], out);
	for (size_t i = 0; i < G_N_ELEMENTS(derived); i++)
		dump_rows(db, derived[i], out);
	sqlite3_close(db);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
