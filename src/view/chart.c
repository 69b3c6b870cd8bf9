/* SPDX-License-Identifier: Apache-2.0 */
#include "view/chart.h"

#include "base/limits.h"
#include "view/out.h"

#include <string.h>

/* Units of the picture: a bar with the gap behind it, a bar, the height. */
#define STEP 10u
#define BAR 7u
#define HEIGHT 48u

/* Messages of each month, the oldest first; the first month's number. */
typedef struct {
	uint64_t n[CHART_MONTHS];
	uint64_t most, all;
	int64_t first; /* 12 * year + month - 1 */
} Bars;

static int64_t
number_of(const StoreMonth *m)
{
	return 12 * (int64_t)m->year + m->month - 1;
}

static Bars
read_bars(const GArray *months)
{
	Bars b = {.first = number_of(&g_array_index(months, StoreMonth, 0)) -
			   (CHART_MONTHS - 1)};

	for (guint i = 0; i < months->len; i++) {
		const StoreMonth *m = &g_array_index(months, StoreMonth, i);
		int64_t at = number_of(m) - b.first;

		if (at < 0)
			break;
		b.n[at] = m->n_messages;
		b.most = MAX(b.most, m->n_messages);
		b.all += m->n_messages;
	}
	return b;
}

/* "From March 2024 to February 2026: 120 messages, 17 in one month at
 * most." */
static void
write_title(GString *o, const HtmlSite *site, const Bars *b)
{
	const char *text =
	    html_word(site, "From %s to %s: %s, at most %s in one month.");
	int64_t last = b->first + CHART_MONTHS - 1;

	out_raw(o, "<title>");
	html_until(o, &text);
	html_month(o, site, (int)(b->first / 12), (int)(b->first % 12) + 1);
	html_until(o, &text);
	html_month(o, site, (int)(last / 12), (int)(last % 12) + 1);
	html_until(o, &text);
	html_messages(o, site, b->all);
	html_until(o, &text);
	out_count(o, b->most);
	html_until(o, &text);
	out_raw(o, "</title>");
}

/* n_bars bars, the highest of which is most, as one path: a rectangle for each
 * was ten times as long. */
static void
write_bars(GString *o, const uint64_t *n, size_t n_bars, uint64_t most)
{
	out_raw(o, "<path d=\"");
	for (uint64_t i = 0; i < n_bars; i++) {
		if (n[i] == 0)
			continue;
		out_raw(o, "M");
		out_num(o, i * STEP);
		out_raw(o, " ");
		out_num(o, HEIGHT);
		out_raw(o, "v-");
		/* What is there is seen. */
		out_num(o, MAX(n[i] * HEIGHT / most, 1));
		out_raw(o, "h");
		out_num(o, BAR);
		out_raw(o, "V");
		out_num(o, HEIGHT);
	}
	out_raw(o, "\"/></svg>\n");
}

/* Up to and with what makes it a picture of its own size. */
#define write_begin(o, class, n_bars)                                          \
	do {                                                                   \
		out_raw(o, "<svg class=\"" class "\" role=\"img\" "            \
						 "viewBox=\"0 0 ");            \
		out_num(o, (uint64_t)STEP *(n_bars) - (STEP - BAR));           \
		out_raw(o, " ");                                               \
		out_num(o, HEIGHT);                                            \
		out_raw(o, "\">");                                             \
	} while (0)

void
chart_months(GString *o, const HtmlSite *site, const GArray *months)
{
	g_assert(months->len > 0);
	const Bars b = read_bars(months);

	write_begin(o, "chart", CHART_MONTHS);
	write_title(o, site, &b);
	write_bars(o, b.n, CHART_MONTHS, b.most);
}

void
chart_small(
    GString *o, const HtmlSite *site, const uint64_t n[static CHART_MONTHS])
{
	uint64_t all = 0, most = 0;

	for (size_t i = 0; i < CHART_MONTHS; i++) {
		all += n[i];
		most = MAX(most, n[i]);
	}
	const char *text =
	    html_word_n(site, "%s message in the latest two years",
		"%s messages in the latest two years", all);

	write_begin(o, "chart small", CHART_MONTHS);
	out_raw(o, "<title>");
	html_until(o, &text);
	out_count(o, all);
	html_until(o, &text);
	out_raw(o, "</title>");
	write_bars(o, n, CHART_MONTHS, most);
}

unsigned int
chart_shade(uint64_t n, uint64_t most)
{
	if (n * 4 < most)
		return n * 16 < most ? 1 : 2;
	return n * 16 < most * 9 ? 3 : 4;
}

void
chart_years(GString *o, const HtmlSite *site, const GArray *years)
{
	const char *text =
	    html_word(site, "From %s to %s: %s, at most %s in one year.");
	uint64_t n[LIMIT_AUTHOR_YEARS] = {0}, all = 0, most = 0;

	g_assert(years->len > 0);
	int last = g_array_index(years, StoreAuthorYear, years->len - 1).year;
	int first = MAX(g_array_index(years, StoreAuthorYear, 0).year,
	    last - (int)LIMIT_AUTHOR_YEARS + 1);
	/* Of few years the bars are no wider. */
	size_t n_bars = MAX((size_t)(last - first) + 1, CHART_MONTHS);
	size_t at_first = n_bars - (size_t)(last - first) - 1;

	for (guint i = 0; i < years->len; i++) {
		const StoreAuthorYear *y =
		    &g_array_index(years, StoreAuthorYear, i);

		if (y->year < first)
			continue;
		n[at_first + (size_t)(y->year - first)] = y->n_messages;
		all += y->n_messages;
		most = MAX(most, y->n_messages);
	}
	write_begin(o, "chart", n_bars);
	out_raw(o, "<title>");
	html_until(o, &text);
	out_num(o, (uint64_t)first);
	html_until(o, &text);
	out_num(o, (uint64_t)last);
	html_until(o, &text);
	html_messages(o, site, all);
	html_until(o, &text);
	out_count(o, most);
	html_until(o, &text);
	out_raw(o, "</title>");
	write_bars(o, n, n_bars, most);
}
