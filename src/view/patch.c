/* SPDX-License-Identifier: Apache-2.0 */
#include "view/patch.h"

#include "base/limits.h"
#include "mail/diff.h"
#include "view/out.h"
#include "view/prose.h"

#include <string.h>

/* Files of a patch whose list is not folded. */
#define OPEN_FILES 5

/* "d3-KEY" is the third file of the first part of a message, "d3-KEY-2"
 * that of its second: no other text of a thread's page has them. */
static void
write_anchor(GString *o, const Patch *p, size_t n)
{
	out_raw(o, "d");
	out_num(o, n);
	out_raw(o, "-");
	out_attr(o, p->key);
	if (p->part > 0) {
		out_raw(o, "-");
		out_num(o, p->part + 1);
	}
}

static void
open_span(GString *o, const Patch *p, DiffLine kind)
{
	switch (kind) {
	case DIFF_ADDED:
		out_raw(o, "<span class=\"a\">");
		break;
	case DIFF_REMOVED:
		out_raw(o, "<span class=\"d\">");
		break;
	case DIFF_PLACE:
		out_raw(o, "<span class=\"h\">");
		break;
	case DIFF_FILE:
		if (p->files->len > LIMIT_PATCH_FILES) {
			out_raw(o, "<span class=\"f\">");
			break;
		}
		out_raw(o, "<span class=\"f\" id=\"");
		write_anchor(o, p, p->files->len);
		out_raw(o, "\">");
		break;
	case DIFF_HEAD:
		out_raw(o, "<span class=\"f\">");
		break;
	case DIFF_SAME:
	case DIFF_OVER:
	default:
		break;
	}
}

/* What the lines of a block about file f call it: the last that does is
 * right. */
static void
find_name(PatchFile *f, const char *at, const char *end)
{
	while (at < end) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((nl != NULL ? nl : end) - at);
		size_t name_len = 0;
		const char *name = diff_file_name(at, len, &name_len);

		if (name != NULL) {
			f->name = name;
			f->name_len = name_len;
		}
		at += len + (nl != NULL);
	}
}

/* Add what a block says to the files of p. */
static void
count(Patch *p, const char *text, const BodyBlock *b)
{
	PatchFile *f = NULL;

	if (b->line == DIFF_FILE) {
		const PatchFile none = {0};

		if (p->files == NULL)
			p->files = g_array_new(FALSE, FALSE, sizeof(PatchFile));
		g_array_append_val(p->files, none);
	}
	if (p->files == NULL)
		return;
	f = &g_array_index(p->files, PatchFile, p->files->len - 1);
	if (b->line == DIFF_ADDED)
		f->added += b->n_lines;
	else if (b->line == DIFF_REMOVED)
		f->removed += b->n_lines;
	else if (b->line == DIFF_FILE || b->line == DIFF_HEAD)
		find_name(f, text + b->off, text + b->off + b->len);
}

void
patch_write(GString *o, const HtmlSite *site, Patch *p, const char *text,
    const BodyBlock *blocks, size_t n)
{
	out_raw(o, "<pre class=\"diff\" tabindex=\"0\">");
	for (const BodyBlock *b = blocks; b < blocks + n; b++) {
		count(p, text, b);
		open_span(o, p, b->line);
		prose_linked(o, site, text + b->off, b->len);
		if (b->line != DIFF_SAME)
			out_raw(o, "</span>");
	}
	out_raw(o, "</pre>\n");
}

/* "+12 -3", with a minus sign. */
static void
write_counts(GString *o, uint64_t added, uint64_t removed)
{
	out_raw(o, " <span class=\"meta\">+");
	out_count(o, added);
	out_raw(o, " \xe2\x88\x92");
	out_count(o, removed);
	out_raw(o, "</span>");
}

static void
write_file(GString *o, const Patch *p, size_t n)
{
	const PatchFile *f = &g_array_index(p->files, PatchFile, n - 1);

	out_raw(o, "<a href=\"#");
	write_anchor(o, p, n);
	out_raw(o, "\">");
	if (f->name != NULL)
		out_text_len(o, f->name, f->name_len);
	else
		out_num(o, n);
	out_raw(o, "</a>");
	write_counts(o, f->added, f->removed);
}

static void
write_sum(GString *o, const HtmlSite *site, const Patch *p)
{
	uint64_t added = 0, removed = 0;
	const char *text = html_word_n(
	    site, "%s file changed", "%s files changed", p->files->len);

	for (guint i = 0; i < p->files->len; i++) {
		const PatchFile *f = &g_array_index(p->files, PatchFile, i);

		added += f->added;
		removed += f->removed;
	}
	html_until(o, &text);
	out_count(o, p->files->len);
	html_until(o, &text);
	write_counts(o, added, removed);
}

void
patch_stat(GString *o, const HtmlSite *site, const Patch *p)
{
	size_t n = p->files->len;

	if (n == 1) {
		out_raw(o, "<p class=\"stat\">");
		write_file(o, p, 1);
		out_raw(o, "</p>\n");
		return;
	}
	if (n <= OPEN_FILES)
		out_raw(o, "<details class=\"stat\" open><summary>");
	else
		out_raw(o, "<details class=\"stat\"><summary>");
	write_sum(o, site, p);
	out_raw(o, "</summary>\n<ul>\n");
	for (size_t i = 1; i <= MIN(n, LIMIT_PATCH_FILES); i++) {
		out_raw(o, "<li>");
		write_file(o, p, i);
		out_raw(o, "</li>\n");
	}
	out_raw(o, "</ul></details>\n");
}
