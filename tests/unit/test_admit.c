/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/limits.h"
#include "http/admit.h"

#include <glib.h>

#define S G_USEC_PER_SEC

/* A tenth of the time, for 20 s: 2 s of answers at once. */
static void
costly_ones_go_first(void)
{
	static const struct {
		AdmitClass class;
		int64_t at, spent; /* before it is asked, in us */
		bool may;
	} rows[] = {
	    {ADMIT_SEARCH, 0, 0, true},
	    {ADMIT_SEARCH, 0, S * 12 / 10, true}, /* 40 % are left */
	    {ADMIT_SEARCH, 0, S / 100, false},    /* and less */
	    {ADMIT_BULK, 0, 0, false}, {ADMIT_THREAD, 0, 0, true},
	    {ADMIT_THREAD, 0, S * 4 / 10, false}, /* less than 20 % */
	    {ADMIT_API, 0, 0, false}, {ADMIT_PAGE, 0, 0, true},
	    {ADMIT_PAGE, 0, S, false},     /* none */
	    {ADMIT_PAGE, 5 * S, 0, false}, /* debts are paid */
	    {ADMIT_PAGE, 7 * S, 0, true}, {ADMIT_SEARCH, 7 * S, 0, false},
	    {ADMIT_SEARCH, 30 * S, 0, true}, /* it is full again */
	};
	g_autoptr(Admit) a = admit_new(10);
	unsigned int wait = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("row %zu", i);
		if (rows[i].spent > 0)
			admit_spend(
			    a, 7, ADMIT_PAGE, rows[i].at, rows[i].spent);
		g_assert_cmpint(
		    admit_ask(a, 7, rows[i].class, rows[i].at, &wait), ==,
		    rows[i].may ? ADMIT_YES : ADMIT_CLIENT);
		/* Nobody else is refused for that, nor who has no limit. */
		g_assert_cmpint(
		    admit_ask(a, 8, rows[i].class, rows[i].at, &wait), ==,
		    ADMIT_YES);
		g_assert_cmpint(
		    admit_ask(a, 0, rows[i].class, rows[i].at, &wait), ==,
		    ADMIT_YES);
	}
}

static void
tells_how_long_to_wait(void)
{
	g_autoptr(Admit) a = admit_new(10);
	unsigned int wait = 0, again = 0;

	admit_spend(a, 7, ADMIT_PAGE, 0, 3 * S);
	g_assert_cmpint(
	    admit_ask(a, 7, ADMIT_PAGE, 0, &wait), ==, ADMIT_CLIENT);
	g_assert_cmpuint(wait, >=, 10); /* a second owed, a tenth a second */
	g_assert_cmpuint(wait, <=, 11);
	g_assert_cmpint(
	    admit_ask(a, 7, ADMIT_PAGE, wait * S, &again), ==, ADMIT_YES);
}

/* Each within its own share. */
static void
many_together(void)
{
	g_autoptr(Admit) a = admit_new(10);
	unsigned int wait = 0, n = 0;

	while (n < 5000 &&
	       admit_ask(a, n + 1, ADMIT_THREAD, 0, &wait) == ADMIT_YES) {
		admit_spend(a, n + 1, ADMIT_THREAD, 0, S / 100);
		n++;
	}
	/* 60 % of 20 s, less the fifth that threads do not get: 9.6 s. */
	g_assert_cmpuint(n, ==, 961);
	g_assert_cmpint(
	    admit_ask(a, 5001, ADMIT_THREAD, 0, &wait), ==, ADMIT_WORKER);
	g_assert_cmpint(
	    admit_ask(a, 5001, ADMIT_PAGE, 0, &wait), ==, ADMIT_YES);
	/* A second later there is as much as it brings. */
	for (n = 0; admit_ask(a, n + 1, ADMIT_THREAD, S, &wait) == ADMIT_YES;
	     n++)
		admit_spend(a, n + 1, ADMIT_THREAD, S, S / 100);
	g_assert_cmpuint(n, ==, 60);
}

/* Many more clients than there is room for. */
static void
remembers_the_worst(void)
{
	g_autoptr(Admit) a = admit_new(10);
	unsigned int wait = 0;

	admit_spend(a, 1, ADMIT_PAGE, 0, 20 * S);
	for (uint64_t i = 2; i < 20 * LIMIT_CLIENTS; i++)
		admit_spend(a, i, ADMIT_PAGE, 0, 100);
	g_assert_cmpint(
	    admit_ask(a, 1, ADMIT_PAGE, 0, &wait), ==, ADMIT_CLIENT);
}

static void
counts(void)
{
	g_autoptr(Admit) a = admit_new(10);
	AdmitCounts c;
	unsigned int wait = 0;

	admit_spend(a, 1, ADMIT_PAGE, 0, 3 * S);
	g_assert_false(admit_take_counts(a, &c));
	g_assert_cmpuint(c.n[ADMIT_PAGE], ==, 1);
	g_assert_cmpuint(c.spent_us[ADMIT_PAGE], ==, 3 * S);
	(void)admit_ask(a, 1, ADMIT_API, 0, &wait);
	g_assert_true(admit_take_counts(a, &c));
	g_assert_cmpuint(c.n[ADMIT_PAGE], ==, 0);
	g_assert_cmpuint(c.n_refused[ADMIT_API], ==, 1);
	g_assert_false(admit_take_counts(a, &c));
}

static void
nothing_is_limited(void)
{
	g_autoptr(Admit) a = admit_new(0);
	unsigned int wait = 0;

	admit_spend(a, 1, ADMIT_SEARCH, 0, 1000 * S);
	g_assert_cmpint(admit_ask(a, 1, ADMIT_SEARCH, 0, &wait), ==, ADMIT_YES);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/admit/costly", costly_ones_go_first);
	g_test_add_func("/admit/wait", tells_how_long_to_wait);
	g_test_add_func("/admit/many", many_together);
	g_test_add_func("/admit/worst", remembers_the_worst);
	g_test_add_func("/admit/counts", counts);
	g_test_add_func("/admit/none", nothing_is_limited);
	return g_test_run();
}
