/* SPDX-License-Identifier: Apache-2.0 */
#include "http/flight.h"

#include "base/limits.h"

#include <glib.h>

#include <string.h>

#define ROOM ((size_t)8 << 20)

/* A page of n bytes. */
static void
make(size_t n, Response *r)
{
	r->status = 200;
	r->bytes = g_bytes_new_take(g_malloc0(n), n);
}

static void
gives_half_of_what_is_free(void)
{
	static const struct {
		size_t n;
		bool goes;
	} rows[] = {
	    {ROOM / 2, true}, /* ROOM / 2 is free */
	    {ROOM / 2, false},
	    {ROOM / 4 + 1, false},
	    {ROOM / 4, true}, /* ROOM / 4 */
	    {ROOM / 4, false},
	    {1000, true},
	    {0, true},
	};
	g_autoptr(Flight) f = flight_new(ROOM);
	FlightPart parts[G_N_ELEMENTS(rows)] = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Response) r = {0};

		g_test_message("%zu", rows[i].n);
		make(rows[i].n, &r);
		g_assert_cmpint(
		    flight_begin(f, &r, &parts[i]), ==, rows[i].goes);
	}
	g_assert_cmpuint(flight_held(f), ==, ROOM / 2 + ROOM / 4 + 1000);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		flight_end(f, &parts[i]);
	g_assert_cmpuint(flight_held(f), ==, 0);
}

static void
counts_a_shared_body_once(void)
{
	g_autoptr(Flight) f = flight_new(ROOM);
	ResponseKept kept = {0};
	Response page = {.status = 200, .kept = &kept};
	Response same = {.status = 304, .kept = &kept};
	FlightPart a = {0}, b = {0}, c = {0};

	make(1000, &kept.answer);
	g_assert_true(flight_begin(f, &page, &a));
	g_assert_true(flight_begin(f, &page, &b));
	g_assert_true(flight_begin(f, &same, &c));
	g_assert_cmpuint(flight_held(f), ==, 1000);
	/* It outlives the cache. */
	response_clear(&kept.answer);
	flight_end(f, &a);
	flight_end(f, &c);
	g_assert_cmpuint(flight_held(f), ==, 1000);
	flight_end(f, &b);
	g_assert_cmpuint(flight_held(f), ==, 0);
}

static void
sends_what_never_fits_one_at_a_time(void)
{
	g_autoptr(Flight) f = flight_new(ROOM);
	g_auto(Response) huge = {0};
	g_auto(Response) other = {0};
	g_auto(Response) small = {0};
	FlightPart a = {0}, b = {0}, c = {0};

	make(ROOM / 2 + 1, &huge);
	make(ROOM / 2 + 1, &other);
	make(ROOM / 2, &small);
	g_assert_true(flight_begin(f, &huge, &a));
	g_assert_false(flight_begin(f, &other, &b));
	g_assert_true(flight_begin(f, &small, &c));
	flight_end(f, &a);
	g_assert_true(flight_begin(f, &other, &b));
	flight_end(f, &b);
	flight_end(f, &c);
	g_assert_cmpuint(flight_held(f), ==, 0);
}

static ssize_t
read_none(void *arg, char *buf, size_t max)
{
	(void)arg;
	memset(buf, 0, max);
	return 0;
}

static void
counts_what_is_made_while_it_is_sent(void)
{
	g_autoptr(Flight) f = flight_new(ROOM);
	const Response stream = {.status = 200, .stream.read = read_none},
		       work = {.work.read = read_none},
		       file = {.status = 200, .file.open = true};
	FlightPart a = {0}, b = {0}, c = {0};

	g_assert_true(flight_begin(f, &stream, &a));
	g_assert_cmpuint(flight_held(f), ==, LIMIT_STREAM_BYTES);
	g_assert_true(flight_begin(f, &work, &b));
	g_assert_cmpuint(flight_held(f), ==, 2 * LIMIT_STREAM_BYTES);
	g_assert_true(flight_begin(f, &file, &c));
	g_assert_cmpuint(flight_held(f), ==, 2 * LIMIT_STREAM_BYTES);
	flight_end(f, &a);
	flight_end(f, &b);
	flight_end(f, &c);
	g_assert_cmpuint(flight_held(f), ==, 0);
}

/* Connections take of the same. */
static void
counts_connections(void)
{
	const size_t n = ROOM / 2 / LIMIT_HTTP_CONNECTION_BYTES;
	g_autoptr(Flight) f = flight_new(ROOM);
	g_auto(Response) r = {0};
	FlightPart a = {0};

	make(ROOM / 2, &r);
	for (size_t i = 0; i < n; i++)
		flight_connect(f);
	g_assert_cmpuint(flight_held(f), ==, ROOM / 2);
	g_assert_false(flight_begin(f, &r, &a));
	for (size_t i = 0; i < n; i++)
		flight_disconnect(f);
	g_assert_cmpuint(flight_held(f), ==, 0);
	g_assert_true(flight_begin(f, &r, &a));
	flight_end(f, &a);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func(
	    "/flight/gives-half-of-what-is-free", gives_half_of_what_is_free);
	g_test_add_func(
	    "/flight/counts-a-shared-body-once", counts_a_shared_body_once);
	g_test_add_func("/flight/sends-what-never-fits-one-at-a-time",
	    sends_what_never_fits_one_at_a_time);
	g_test_add_func("/flight/counts-what-is-made-while-it-is-sent",
	    counts_what_is_made_while_it_is_sent);
	g_test_add_func("/flight/counts-connections", counts_connections);
	return g_test_run();
}
