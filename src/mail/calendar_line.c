/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/calendar_line.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

#define DAY_S 86400

GString *
calendar_unfold(const char *text, size_t len)
{
	GString *out = g_string_sized_new(len + 1);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && i + 1 < len &&
		    (text[i + 1] == ' ' || text[i + 1] == '\t'))
			i++;
		else
			g_string_append_c(out, text[i]);
	}
	return out;
}

/* The first of stop in len bytes at p that does not stand in quotes; len
 * if there is none. */
static size_t
unquoted(const char *p, size_t len, const char *stop)
{
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (p[i] == '"')
			quoted = !quoted;
		else if (!quoted && p[i] != '\0' && strchr(stop, p[i]) != NULL)
			return i;
	}
	return len;
}

bool
calendar_line(const char *p, size_t len, CalendarLine *out)
{
	size_t name = unquoted(p, len, ";:");
	size_t colon = name + unquoted(p + name, len - name, ":");

	if (name == 0 || colon >= len)
		return false;
	*out = (CalendarLine){.name = p,
	    .name_len = name,
	    .params = p + name,
	    .params_len = colon - name,
	    .value = p + colon + 1,
	    .value_len = len - colon - 1};
	return true;
}

bool
calendar_is(const char *p, size_t len, const char *word)
{
	return strlen(word) == len && g_ascii_strncasecmp(p, word, len) == 0;
}

char *
calendar_param(const CalendarLine *l, const char *name)
{
	const char *p = l->params, *end = p + l->params_len;

	while (p < end) {
		p++; /* the ";" */
		size_t len = unquoted(p, (size_t)(end - p), ";");
		const char *equals = memchr(p, '=', len);

		if (equals != NULL &&
		    calendar_is(p, (size_t)(equals - p), name)) {
			const char *value = equals + 1;
			size_t n = (size_t)(p + len - value);

			if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
				value++;
				n -= 2;
			}
			return g_strndup(value, n);
		}
		p += len;
	}
	return NULL;
}

char *
calendar_text(const CalendarLine *l)
{
	g_autoptr(GString) plain = g_string_sized_new(l->value_len + 1);

	for (size_t i = 0; i < l->value_len; i++) {
		char c = l->value[i];

		if (c == '\\' && i + 1 < l->value_len) {
			c = l->value[++i];
			if (c == 'n' || c == 'N')
				c = ' ';
		}
		g_string_append_c(plain, c);
	}
	g_autofree char *squeezed = text_squeeze(plain->str);

	return text_cut(squeezed, LIMIT_SHOWN_FIELD_BYTES);
}

int
calendar_number(const char *p, size_t len)
{
	int n = 0;

	if (len == 0 || len > 6)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (!g_ascii_isdigit(p[i]))
			return -1;
		n = n * 10 + (p[i] - '0');
	}
	return n;
}

bool
calendar_when(
    const char *p, size_t len, int64_t *local, bool *has_time, bool *utc)
{
	if (len < 8)
		return false;
	int year = calendar_number(p, 4), month = calendar_number(p + 4, 2),
	    day = calendar_number(p + 6, 2);

	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	int64_t t = date_month_start(year, month) + (int64_t)(day - 1) * DAY_S;

	*has_time = len >= 15 && p[8] == 'T';
	*utc = len == 16 && p[15] == 'Z';
	if (*has_time) {
		int h = calendar_number(p + 9, 2),
		    m = calendar_number(p + 11, 2),
		    s = calendar_number(p + 13, 2);

		if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60)
			return false;
		t += h * 3600 + m * 60 + s;
	}
	*local = t;
	return true;
}

const char *
calendar_recur(const CalendarLine *l, const char *name, size_t *len)
{
	const char *p = l->value, *end = p + l->value_len;

	while (p < end) {
		size_t n = unquoted(p, (size_t)(end - p), ";");
		const char *equals = memchr(p, '=', n);

		if (equals != NULL &&
		    calendar_is(p, (size_t)(equals - p), name)) {
			*len = (size_t)(p + n - (equals + 1));
			return equals + 1;
		}
		p += n + (p + n < end ? 1 : 0);
	}
	return NULL;
}

int
calendar_weekday(const char *p, size_t len)
{
	static const char names[] = "SUMOTUWETHFRSA";

	for (int i = 0; len == 2 && i < 7; i++)
		if (g_ascii_strncasecmp(p, names + 2 * (size_t)i, 2) == 0)
			return i;
	return -1;
}
