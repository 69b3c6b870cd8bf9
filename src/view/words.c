/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words.h"

#include "base/limits.h"
#include "view/words_private.h"

#include <glib.h>

#include <stdbool.h>
#include <string.h>

const Words *const *
words_all(void)
{
	return words_tables;
}

const char *
words_tag(const Words *w)
{
	return w != NULL ? w->tag : "en";
}

const char *
words_name(const Words *w)
{
	return w != NULL ? w->name : "English";
}

const Words *
words_find(const char *tag, bool *known)
{
	size_t len = strcspn(tag, "-"); /* "de-AT" is "de" */

	*known = true;
	for (const Words *const *w = words_tables; *w != NULL; w++)
		if (strlen((*w)->tag) == len &&
		    g_ascii_strncasecmp(tag, (*w)->tag, len) == 0)
			return *w;
	*known = len == 2 && g_ascii_strncasecmp(tag, "en", 2) == 0;
	return NULL;
}

/* The weight behind a range, "en;q=0.7", in thousandths. */
static int
weight(const char *range)
{
	const char *q = strstr(range, "q=");

	if (q == NULL)
		return 1000;
	double value = g_ascii_strtod(q + 2, NULL);

	return value >= 0 && value <= 1 ? (int)(1000 * value) : 0;
}

const Words *
words_accepted(const char *accept_language)
{
	const Words *best = NULL;
	int best_weight = 0;

	if (accept_language == NULL)
		return NULL;
	g_auto(GStrv) ranges =
	    g_strsplit(accept_language, ",", LIMIT_HTTP_LANGUAGES);

	for (char **r = ranges; *r != NULL; r++) {
		int w = weight(*r);
		bool known = false;

		(*r)[strcspn(*r, ";")] = '\0';
		const Words *found = words_find(g_strstrip(*r), &known);

		if (known && w > best_weight) {
			best = found;
			best_weight = w;
		}
	}
	return best;
}

/* The row of english and form, or NULL. */
static const WordsRow *
find_row(const Words *w, const char *english, unsigned int form)
{
	size_t low = 0, high = w->n_rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(english, w->rows[mid].english);

		if (order == 0 && form == w->rows[mid].form)
			return &w->rows[mid];
		if (order > 0 || (order == 0 && form > w->rows[mid].form))
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *
words(const Words *w, const char *english)
{
	const WordsRow *row = w != NULL ? find_row(w, english, 0) : NULL;

	return row != NULL ? row->text : english;
}

const char *
words_n(const Words *w, const char *one, const char *many, uint64_t n)
{
	const WordsRow *row = w != NULL ? find_row(w, one, w->plural(n)) : NULL;

	if (row != NULL)
		return row->text;
	return n == 1 ? one : many;
}
