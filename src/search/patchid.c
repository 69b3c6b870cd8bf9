/* SPDX-License-Identifier: Apache-2.0 */
#include "search/patchid.h"

#include "mail/line.h"

#include <glib.h>

#include <stdint.h>
#include <string.h>

#define SHA1_OCTETS 20

/* What git's get_one_patchid keeps; before and after count lines of a hunk
 * that are to come, and are -1 in a file's head. */
typedef struct {
	GChecksum *sum; /* of the file at hand */
	uint8_t id[SHA1_OCTETS];
	size_t len; /* of what was hashed */
	int64_t before, after;
	bool binary;
	Line old, new; /* blobs that the file's head names */
} Patch;

/* Add the hash of the file that ends to the id: octet by octet with what is
 * carried, so that the order of files does not count. */
static void
end_file(Patch *p)
{
	uint8_t hash[SHA1_OCTETS];
	gsize len = sizeof(hash);
	unsigned int carry = 0;

	g_checksum_get_digest(p->sum, hash, &len);
	for (size_t i = 0; i < sizeof(hash); i++) {
		carry += (unsigned int)p->id[i] + hash[i];
		p->id[i] = (uint8_t)carry;
		carry >>= 8;
	}
	g_checksum_reset(p->sum);
}

static void
hash_bytes(Patch *p, const char *bytes, size_t len)
{
	g_checksum_update(p->sum, (const guchar *)bytes, (gssize)len);
}

/* Hash line without its white space: what git's own ctype says is that. */
static void
hash_line(Patch *p, Line line)
{
	char bytes[256];
	size_t n = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.start[i];

		if (c == ' ' || c == '\t' || c == '\r')
			continue;
		bytes[n++] = c;
		p->len++;
		if (n == sizeof(bytes)) {
			hash_bytes(p, bytes, n);
			n = 0;
		}
	}
	hash_bytes(p, bytes, n);
}

/* "index 1234..5678 100644". */
static void
read_blobs(Patch *p, Line line)
{
	const char *from = line.start + strlen("index ");
	const char *end = line.start + line.len;
	const char *dots = memmem(from, (size_t)(end - from), "..", 2);
	const char *space = NULL;

	if (dots == NULL)
		return;
	space = memchr(dots, ' ', (size_t)(end - dots));
	if (space == NULL)
		space = end;
	p->old = (Line){from, (size_t)(dots - from)};
	p->new = (Line){dots + 2, (size_t)(MAX(space, dots + 2) - dots) - 2};
}

static int64_t
read_number(const char **p, const char *end)
{
	int64_t n = 0;

	for (; *p < end && g_ascii_isdigit(**p); (*p)++)
		n = MIN(n * 10 + (**p - '0'), INT32_MAX);
	return n;
}

/* "-12,7" or "-12". */
static int64_t
read_range(const char **p, const char *end)
{
	(void)read_number(p, end);
	if (*p == end || **p != ',')
		return 1;
	(*p)++;
	return read_number(p, end);
}

static void
read_place(Patch *p, Line line)
{
	const char *at = line.start + strlen("@@ -");
	const char *end = line.start + line.len;

	p->before = read_range(&at, end);
	p->after = 1;
	if (end - at > 2 && at[0] == ' ' && at[1] == '+') {
		at += 2;
		p->after = read_range(&at, end);
	}
}

/* A line of a file's head.  Returns whether the patch goes on; *hash says
 * whether the line counts. */
static bool
take_head(Patch *p, Line line, bool *hash)
{
	*hash = false;
	if (line_begins(line, "GIT binary patch") ||
	    line_begins(line, "Binary files")) {
		p->binary = true;
		p->before = 0;
		hash_bytes(p, p->old.start, p->old.len);
		hash_bytes(p, p->new.start, p->new.len);
		end_file(p);
		return true;
	}
	if (line_begins(line, "index ")) {
		read_blobs(p, line);
		return true;
	}
	*hash = true;
	if (line_begins(line, "--- ")) {
		p->before = p->after = 1;
		return true;
	}
	return line.len > 0 && g_ascii_isalpha(line.start[0]);
}

/* The same for any line of a patch. */
static bool
take_line(Patch *p, Line line, bool *hash)
{
	*hash = false;
	if (line_begins(line, "\\ ") && line.len > 11)
		return true;
	if (p->before == -1) {
		if (!take_head(p, line, hash))
			return false;
		if (!*hash)
			return true;
	}
	if (p->binary) {
		if (!line_begins(line, "diff "))
			return true;
		p->binary = *hash = false;
		p->before = -1;
		return true;
	}
	if (p->before == 0 && p->after == 0) {
		if (line_begins(line, "@@ -")) {
			*hash = false;
			read_place(p, line);
			return true;
		}
		if (!line_begins(line, "diff "))
			return false;
		end_file(p);
		p->before = p->after = -1;
	}
	*hash = true;
	return true;
}

bool
patchid_find(const char *text, size_t len, char out[PATCHID_SIZE])
{
	const char *at = text, *end = text + len;
	Patch p = {.before = -1, .after = -1, .old.start = "", .new.start = ""};
	bool hash = false;

	while (at < end && !line_begins(line_at(at, end), "diff "))
		at = MIN(at + line_at(at, end).len + 1, end);
	if (at == end)
		return false;
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);

	p.sum = sum;
	while (at < end) {
		Line line = line_at(at, end);
		char c = '\n';

		if (line.len > 0)
			c = line.start[0];

		if (!take_line(&p, line, &hash))
			break;
		if (hash) {
			p.before -= c == '-' || c == ' ';
			p.after -= c == '+' || c == ' ';
			hash_line(&p, line);
		}
		at = MIN(line.start + line.len + 1, end);
	}
	end_file(&p);
	for (size_t i = 0; i < SHA1_OCTETS; i++)
		g_snprintf(out + 2 * i, 3, "%02x", p.id[i]);
	return true;
}
