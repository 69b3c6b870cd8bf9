/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json.h"

#include "base/date.h"

#include <string.h>

/* Structure --------------------------------------------------------------- */

void
json_begin(Json *j, GString *o)
{
	memset(j, 0, sizeof *j);
	j->o = o;
}

void
json_finish(Json *j)
{
	g_assert(j->depth == 0 && j->done);
	out_raw(j->o, "\n");
}

/* A value begins: what must stand before it. */
static void
begin_value(Json *j)
{
	if (j->depth == 0) {
		g_assert(!j->done);
		j->done = true;
		return;
	}
	if (j->named) {
		j->named = false;
		return;
	}
	g_assert(j->open[j->depth - 1].array);
	if (j->open[j->depth - 1].any)
		out_raw(j->o, ",");
	j->open[j->depth - 1].any = true;
}

static void
push(Json *j, bool array)
{
	g_assert(j->depth < JSON_DEPTH);
	j->open[j->depth].array = array;
	j->open[j->depth++].any = false;
}

void
json_object(Json *j)
{
	begin_value(j);
	push(j, false);
	out_raw(j->o, "{");
}

void
json_array(Json *j)
{
	begin_value(j);
	push(j, true);
	out_raw(j->o, "[");
}

void
json_end(Json *j)
{
	g_assert(j->depth > 0 && !j->named);
	if (j->open[--j->depth].array)
		out_raw(j->o, "]");
	else
		out_raw(j->o, "}");
}

void
json_name_coded(Json *j, const char *coded, size_t len)
{
	g_assert(j->depth > 0 && !j->open[j->depth - 1].array && !j->named);
	if (j->open[j->depth - 1].any)
		out_raw(j->o, ",");
	j->open[j->depth - 1].any = true;
	j->named = true;
	out_append(j->o, coded, len);
}

/* Texts ------------------------------------------------------------------- */

/* What RFC 8259 section 7 wants escaped: quotation mark, reverse solidus
 * and the control characters. */
static void
escape(GString *o, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	char coded[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
	const char *letter = strchr("\"\"\\\\\bb\ff\nn\rr\tt", c);

	if (c != '\0' && letter != NULL) {
		coded[1] = letter[1];
		out_append(o, coded, 2);
	} else {
		out_append(o, coded, sizeof coded);
	}
}

/* text, which is valid UTF-8 but for a NUL perhaps. */
static void
write_valid(GString *o, const char *text, size_t len)
{
	const char *run = text, *end = text + len;

	for (const char *p = text; p < end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		out_append(o, run, (size_t)(p - run));
		escape(o, c);
		run = p + 1;
	}
	out_append(o, run, (size_t)(end - run));
}

static void
write_text(GString *o, const char *text, size_t len)
{
	if (g_utf8_validate_len(text, len, NULL)) {
		write_valid(o, text, len);
		return;
	}
	g_autofree char *valid = g_utf8_make_valid(text, (gssize)len);

	write_valid(o, valid, strlen(valid));
}

void
json_open_text(Json *j)
{
	begin_value(j);
	out_raw(j->o, "\"");
}

void
json_more(Json *j, const char *text)
{
	write_text(j->o, text, strlen(text));
}

void
json_close_text(Json *j)
{
	out_raw(j->o, "\"");
}

void
json_text_len(Json *j, const char *text, size_t len)
{
	json_open_text(j);
	write_text(j->o, text, len);
	json_close_text(j);
}

void
json_text(Json *j, const char *text)
{
	if (text != NULL)
		json_text_len(j, text, strlen(text));
	else
		json_null(j);
}

/* Other values ------------------------------------------------------------ */

void
json_num(Json *j, uint64_t n)
{
	begin_value(j);
	out_num(j->o, n);
}

void
json_bool(Json *j, bool b)
{
	begin_value(j);
	if (b)
		out_raw(j->o, "true");
	else
		out_raw(j->o, "false");
}

void
json_null(Json *j)
{
	begin_value(j);
	out_raw(j->o, "null");
}

void
json_time(Json *j, int64_t t)
{
	g_autofree char *exact = date_format_rfc3339(t);

	json_text(j, exact);
}
