/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/maildir.h"

#include "base/err.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

void
maildir_msg_free(MaildirMsg *m)
{
	if (m == NULL)
		return;
	g_free(m->path);
	g_free(m);
}

static void
free_msg(gpointer m)
{
	maildir_msg_free(m);
}

/* The delivery time that a name begins with ("1767225600.M3P1.host:2,S"),
 * or 0. */
static int64_t
time_of(const char *name)
{
	char *end = NULL;
	gint64 t = g_ascii_strtoll(name, &end, 10);

	return g_ascii_isdigit(*name) && *end == '.' && t < G_MAXINT32 * 8LL
		   ? t
		   : 0;
}

/* Add the messages in the folder sub of dir; *found is set if there is
 * such a folder. */
static bool
list_folder(
    GPtrArray *all, const char *dir, const char *sub, bool *found, GError **err)
{
	g_autofree char *path = g_build_filename(dir, sub, NULL);
	g_autoptr(GDir) folder = NULL;
	const char *name;

	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return true;
	*found = true;
	folder = g_dir_open(path, 0, NULL);
	if (folder == NULL)
		return err_set_errno(err, ERR_IO, "%s", path);
	while ((name = g_dir_read_name(folder)) != NULL) {
		MaildirMsg *m = NULL;
		struct stat st;
		g_autofree char *file = g_build_filename(path, name, NULL);

		if (name[0] == '.')
			continue;
		/* Mail that is read just now moves from new/ to cur/, which
		 * comes next. */
		if (stat(file, &st) != 0) {
			if (errno == ENOENT)
				continue;
			return err_set_errno(err, ERR_IO, "%s", file);
		}
		if (!S_ISREG(st.st_mode))
			continue;
		m = g_new0(MaildirMsg, 1);
		m->path = g_steal_pointer(&file);
		m->delivered = time_of(name);
		m->size = (uint64_t)st.st_size;
		g_ptr_array_add(all, m);
	}
	return true;
}

static int
compare(const void *a, const void *b)
{
	const MaildirMsg *x = *(MaildirMsg *const *)a;
	const MaildirMsg *y = *(MaildirMsg *const *)b;

	if (x->delivered != y->delivered)
		return x->delivered < y->delivered ? -1 : 1;
	/* By name, and not by folder: new/ and cur/ are of one length. */
	return strcmp(strrchr(x->path, '/'), strrchr(y->path, '/'));
}

GPtrArray *
maildir_list(const char *dir, GError **err)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_msg);
	bool found = false;

	if (!list_folder(all, dir, "new", &found, err) ||
	    !list_folder(all, dir, "cur", &found, err))
		return NULL;
	if (!found) {
		err_set(err, ERR_SYNTAX,
		    "%s: a folder, and no Maildir: there is neither new/ nor "
		    "cur/ in it",
		    dir);
		return NULL;
	}
	g_ptr_array_sort(all, compare);
	return g_steal_pointer(&all);
}
