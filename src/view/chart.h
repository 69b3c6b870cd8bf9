/*
 * chart.h - how much was written when, as a small picture: inline SVG, no
 * script, colours from the style sheet.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEW_CHART_H
#define VIEW_CHART_H

#include "view/html.h"

#include <glib.h>

/*
 * A bar for each of the CHART_MONTHS months up to the newest of months
 * (StoreMonth, newest first, as store_months gives them; one at least).
 * Those without messages have none.  What it shows is said in its title, for
 * those who do not see it.
 */
#define CHART_MONTHS 24
void chart_months(GString *o, const HtmlSite *site, const GArray *months);

/* The same, small, of numbers that are there already, oldest first: to be
 * compared with others of the same months. */
void chart_small(
    GString *o, const HtmlSite *site, const uint64_t n[static CHART_MONTHS]);

/* A bar for each year from the first of years (StoreAuthorYear, oldest first;
 * one at least) to the last. */
void chart_years(GString *o, const HtmlSite *site, const GArray *years);

/* How dark what has n messages is, 1 to 4, among what has most at most: by the
 * square root, lest one make all others alike. */
unsigned int chart_shade(uint64_t n, uint64_t most);

#endif
