/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/source.h"

#include "base/err.h"

#include <zlib.h>
#include <zstd.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Bytes of one read and of one piece of what is unpacked. */
#define PIECE ((size_t)256 * 1024)

/* zlib's windows are of 15 bits; 16 more says that it is gzip. */
#define GZIP_WINDOW (15 + 16)

typedef enum { PLAIN, GZIP, ZSTD, N_PACKINGS } Packing;

struct Source {
	char *path;
	int fd;
	Packing packing;
	uint64_t done; /* bytes read from fd */

	char *in;
	size_t in_pos, in_len; /* what of it is still to be used */
	char *out;             /* unless it is PLAIN */
	bool midway;           /* within a gzip member or zstd frame */
	z_stream z;
	ZSTD_DStream *zstd;
};

/* Packings that are known by their first bytes. */
static const struct {
	const char *magic;
	size_t len;
	Packing packing;
	const char *advice; /* of those that are not read here */
} packings[] = {
    {"\x1f\x8b", 2, GZIP, NULL},
    {"\x28\xb5\x2f\xfd", 4, ZSTD, NULL},
    {"BZh", 3, N_PACKINGS, "bzip2: unpack it with bunzip2"},
    {"\xfd\x37zXZ", 5, N_PACKINGS, "xz: unpack it with unxz"},
    {"PK\x03\x04", 4, N_PACKINGS, "zip: unpack it with unzip"},
};

/* Read from the file until there are min bytes or it ends. */
static bool
fill(Source *s, size_t min, GError **err)
{
	if (s->in_pos == s->in_len)
		s->in_pos = s->in_len = 0;
	while (s->in_len < min) {
		ssize_t n = read(s->fd, s->in + s->in_len, PIECE - s->in_len);

		if (n == 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, ERR_IO, "%s", s->path);
		s->in_len += (size_t)n;
		s->done += (uint64_t)n;
	}
	return true;
}

/* Find out what the file is packed in. */
static bool
recognise(Source *s, GError **err)
{
	if (!fill(s, 5, err))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(packings); i++) {
		if (s->in_len < packings[i].len ||
		    memcmp(s->in, packings[i].magic, packings[i].len) != 0)
			continue;
		if (packings[i].advice != NULL)
			return err_set(err, ERR_SYNTAX, "%s: is packed in %s",
			    s->path, packings[i].advice);
		s->packing = packings[i].packing;
	}
	/* pzstd begins with a frame that is to be skipped. */
	if (s->in_len >= 4 && memcmp(s->in + 1, "\x2a\x4d\x18", 3) == 0 &&
	    (s->in[0] & 0xf0) == 0x50)
		s->packing = ZSTD;
	if (s->packing != PLAIN)
		s->out = g_malloc(PIECE);
	if (s->packing == GZIP && inflateInit2(&s->z, GZIP_WINDOW) != Z_OK)
		return err_set(err, ERR_IO, "zlib: no memory");
	if (s->packing == ZSTD && (s->zstd = ZSTD_createDStream()) == NULL)
		return err_set(err, ERR_IO, "zstd: no memory");
	return true;
}

Source *
source_open(const char *path, GError **err)
{
	g_autoptr(Source) s = g_new0(Source, 1);

	s->path = g_strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO
				       : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		err_set_errno(
		    err, errno == ENOENT ? ERR_NOTFOUND : ERR_IO, "%s", path);
		return NULL;
	}
	(void)posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	s->in = g_malloc(PIECE);
	return recognise(s, err) ? g_steal_pointer(&s) : NULL;
}

void
source_close(Source *s)
{
	if (s == NULL)
		return;
	if (s->fd > STDIN_FILENO)
		(void)close(s->fd);
	if (s->packing == GZIP)
		(void)inflateEnd(&s->z);
	(void)ZSTD_freeDStream(s->zstd);
	g_free(s->path);
	g_free(s->in);
	g_free(s->out);
	g_free(s);
}

static bool
damaged(const Source *s, const char *why, GError **err)
{
	return err_set(err, ERR_SYNTAX,
	    "%s: damaged before byte %" G_GUINT64_FORMAT ": %s", s->path,
	    s->done, why);
}

/* Unpack some of what is in s->in; *len is how much came of it. */
static bool
inflate_some(Source *s, size_t *len, GError **err)
{
	int rc;

	/* gzip allows for zeros behind a member: tapes had blocks. */
	while (!s->midway && s->in_pos < s->in_len && s->in[s->in_pos] == '\0')
		s->in_pos++;
	if (!s->midway && s->in_pos == s->in_len)
		return true;
	s->midway = true;
	s->z.next_in = (unsigned char *)s->in + s->in_pos;
	s->z.avail_in = (unsigned int)(s->in_len - s->in_pos);
	s->z.next_out = (unsigned char *)s->out;
	s->z.avail_out = (unsigned int)PIECE;
	rc = inflate(&s->z, Z_NO_FLUSH);
	s->in_pos = s->in_len - s->z.avail_in;
	*len = PIECE - s->z.avail_out;
	if (rc == Z_STREAM_END) {
		s->midway = false;
		rc = inflateReset(&s->z);
	}
	if (rc == Z_OK || rc == Z_BUF_ERROR)
		return true;
	return damaged(s, s->z.msg != NULL ? s->z.msg : "no gzip", err);
}

static bool
unzstd_some(Source *s, size_t *len, GError **err)
{
	ZSTD_inBuffer in = {s->in, s->in_len, s->in_pos};
	ZSTD_outBuffer out = {s->out, PIECE, 0};
	size_t rc = ZSTD_decompressStream(s->zstd, &out, &in);

	if (ZSTD_isError(rc))
		return damaged(s, ZSTD_getErrorName(rc), err);
	s->in_pos = in.pos;
	s->midway = rc != 0;
	*len = out.pos;
	return true;
}

bool
source_read(Source *s, const char **data, size_t *len, GError **err)
{
	size_t n = 0;

	if (s->packing == PLAIN) {
		if (!fill(s, 1, err))
			return false;
		*data = s->in + s->in_pos;
		*len = s->in_len - s->in_pos;
		s->in_pos = s->in_len;
		return true;
	}
	while (n == 0) {
		bool ended = false;

		if (!fill(s, 1, err))
			return false;
		ended = s->in_pos == s->in_len;
		if (ended && !s->midway)
			break;
		if (!(s->packing == GZIP ? inflate_some(s, &n, err)
					 : unzstd_some(s, &n, err)))
			return false;
		if (ended && s->midway && n == 0)
			return damaged(s, "it ends too early", err);
	}
	*data = s->out;
	*len = n;
	return true;
}

void
source_seek(Source *s, uint64_t off)
{
	if (s->packing == PLAIN &&
	    lseek(s->fd, (off_t)off, SEEK_SET) == (off_t)off)
		s->in_pos = s->in_len = 0;
}

uint64_t
source_done(const Source *s)
{
	return s->done;
}
