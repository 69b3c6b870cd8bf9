/*
 * search_time.c - what a page of results costs: for each query that is read,
 * a line each, the CPU time in ms, the median of several times, by relevance
 * and by date.
 *
 *	search_time STORE TIMES <QUERIES
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "mail/parse.h"
#include "search/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAGE 25
#define TIMES_MAX 1000
#define QUERY_MAX 20000

static double
cpu_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static double
measure(Finder *f, char *query, SearchOrder order, size_t times, uint64_t *n)
{
	const SearchAsk ask = {
	    .query = query, .order = order, .n = PAGE, .now = clock_now()};
	double all[TIMES_MAX];

	for (size_t i = 0; i < times; i++) {
		double begun = cpu_ms();
		g_autoptr(SearchReply) r = find(f, &ask);

		all[i] = cpu_ms() - begun;
		if (r->status != SEARCH_OK && r->status != SEARCH_LATE)
			g_error("%s: status %d", query, (int)r->status);
		*n = r->n;
	}
	qsort(all, times, sizeof all[0], by_size);
	return all[times / 2];
}

int
main(int argc, char **argv)
{
	char query[QUERY_MAX];

	if (argc != 3)
		return EXIT_FAILURE;
	parse_init();
	g_autoptr(Finder) f = finder_new(argv[1]);
	size_t times = CLAMP(strtoul(argv[2], NULL, 10), 1, TIMES_MAX);

	while (fgets(query, sizeof query, stdin) != NULL) {
		uint64_t n = 0;

		query[strcspn(query, "\n")] = '\0';
		double best = measure(f, query, SEARCH_BEST, times, &n);
		double newest = measure(f, query, SEARCH_NEWEST, times, &n);

		printf("%.3f %.3f %" G_GUINT64_FORMAT "\n", best, newest, n);
	}
	return EXIT_SUCCESS;
}
