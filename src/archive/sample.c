/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/sample.h"

#include "archive/source.h"
#include "base/limits.h"
#include "mail/parse.h"
#include "store/store.h"

#include <sys/stat.h>

#include <string.h>

/* Places that are looked at, and messages that are taken at each. */
#define PLACES 250u
#define AT_A_PLACE (LIMIT_DICT_MESSAGES / PLACES)

/* What stands between two messages. */
static const char mark[] = "\n\nFrom ";

static void
free_sample(gpointer sample)
{
	StoreSample *s = sample;

	g_bytes_unref(s->raw);
	g_free(s);
}

static void
take(GPtrArray *mail, const char *text, size_t len)
{
	g_autoptr(GBytes) raw =
	    g_bytes_new(text, MIN(len, LIMIT_DICT_MESSAGE_BYTES));
	g_autoptr(Msg) m = parse_msg(raw);
	StoreSample *s = NULL;

	if (m->no_archive)
		return;
	s = g_new0(StoreSample, 1);
	s->raw = g_bytes_ref(raw);
	s->body_off = m->body_off;
	g_ptr_array_add(mail, s);
}

/* Take the first messages of which both ends are in data. */
static void
take_some(GPtrArray *mail, const char *data, size_t len)
{
	const char *end = data + len,
		   *p = memmem(data, len, mark, strlen(mark));

	for (unsigned int n = 0; p != NULL && n < AT_A_PLACE; n++) {
		const char *from = p + 2;
		const char *line = memchr(from, '\n', (size_t)(end - from));

		p = memmem(from, (size_t)(end - from), mark, strlen(mark));
		if (p != NULL && line != NULL && line < p)
			take(mail, line + 1, (size_t)(p - line));
	}
}

/* Bytes of a mailbox; 0 of what is none. */
static uint64_t
measure(const char *file)
{
	struct stat st;

	return strcmp(file, "-") != 0 && stat(file, &st) == 0 &&
		       S_ISREG(st.st_mode)
		   ? (uint64_t)st.st_size
		   : 0;
}

/* Take messages at n places of a file of size bytes. */
static void
take_from(GPtrArray *mail, const char *file, uint64_t size, uint64_t n)
{
	g_autoptr(Source) src = source_open(file, NULL);
	const char *data = NULL;
	size_t len = 1;

	for (uint64_t i = 0; src != NULL && i < n && len > 0; i++) {
		/* What is packed is read on from its beginning. */
		source_seek(src, size / n * i);
		if (!source_read(src, &data, &len, NULL))
			return;
		take_some(mail, data, len);
	}
}

GPtrArray *
sample_mail(char *const *files)
{
	GPtrArray *mail = g_ptr_array_new_with_free_func(free_sample);
	uint64_t all = 0, seen = 0;

	for (size_t i = 0; files[i] != NULL; i++)
		all += measure(files[i]);
	if (all < LIMIT_DICT_MAIL_BYTES)
		return mail;
	for (size_t i = 0; files[i] != NULL; i++) {
		uint64_t size = measure(files[i]), before = seen;

		/* So that of many small files some are looked at. */
		seen += size;
		take_from(mail, files[i], size,
		    seen / (all / PLACES + 1) - before / (all / PLACES + 1));
	}
	return mail;
}
