/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include "net/private.h"

#include <event2/event.h>

/*
 * libevent runs all active events of one priority, asks the kernel again,
 * and only comes to the next priority when nothing of the first is left.
 * Its own deferred callbacks (bufferevents have some) and events without
 * a priority are of the middle one.
 */
enum {
	FIRST,
	USUAL,
	LAST,
	N_PRIORITIES,
};

struct LoopSource {
	struct event *ev;
	LoopCallback *cb;
	void *arg;
};

Loop *
loop_new(void)
{
	Loop *l = g_new0(Loop, 1);

	l->base = event_base_new();
	g_assert(l->base != NULL);
	event_base_priority_init(l->base, N_PRIORITIES);
	l->ending = g_hash_table_new(NULL, NULL);
	return l;
}

void
loop_free(Loop *l)
{
	if (l == NULL)
		return;
	while (g_hash_table_size(l->ending) > 0) {
		GHashTableIter i;
		void *c = NULL;

		g_hash_table_iter_init(&i, l->ending);
		g_hash_table_iter_next(&i, &c, NULL);
		conn_free(c);
	}
	g_hash_table_unref(l->ending);
	loop_source_free(l->limit);
	event_base_free(l->base);
	g_free(l);
}

/* The source may be freed by its own callback: not touched after it. */
static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	LoopSource *s = arg;

	(void)fd;
	(void)what;
	s->cb(s->arg);
}

static LoopSource *
source_new(Loop *l, int fd, short what, LoopCallback *cb, void *arg)
{
	LoopSource *s = g_new0(LoopSource, 1);

	s->cb = cb;
	s->arg = arg;
	s->ev = event_new(l->base, fd, what, on_event, s);
	g_assert(s->ev != NULL);
	return s;
}

LoopSource *
loop_watch(Loop *l, int fd, LoopCallback *cb, void *arg)
{
	LoopSource *s = source_new(l, fd, EV_READ | EV_PERSIST, cb, arg);

	event_add(s->ev, NULL);
	return s;
}

LoopSource *
loop_timer(Loop *l, int ms, LoopCallback *cb, void *arg)
{
	LoopSource *s = source_new(l, -1, 0, cb, arg);

	loop_timer_set(s, ms);
	return s;
}

void
loop_timer_set(LoopSource *t, int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L};

	if (ms < 0)
		event_del(t->ev);
	else
		event_add(t->ev, &tv);
}

LoopSource *
loop_signal(Loop *l, int signum, LoopCallback *cb, void *arg)
{
	LoopSource *s = source_new(l, signum, EV_SIGNAL | EV_PERSIST, cb, arg);

	event_priority_set(s->ev, FIRST);
	event_add(s->ev, NULL);
	return s;
}

LoopSource *
loop_deferred(Loop *l, LoopCallback *cb, void *arg)
{
	LoopSource *s = source_new(l, -1, 0, cb, arg);

	event_priority_set(s->ev, LAST);
	return s;
}

void
loop_defer(LoopSource *d)
{
	event_active(d->ev, EV_TIMEOUT, 0);
}

void
loop_source_free(LoopSource *s)
{
	if (s == NULL)
		return;
	event_free(s->ev);
	g_free(s);
}

void
loop_run(Loop *l)
{
	/* Also without any event: loop_stop alone ends it. */
	event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void
loop_stop(Loop *l)
{
	event_base_loopbreak(l->base);
}

static void
on_limit(void *arg)
{
	loop_stop(arg);
}

void
loop_wind_down(Loop *l, int ms)
{
	if (g_hash_table_size(l->ending) == 0)
		ms = 0;
	if (l->limit == NULL)
		l->limit = loop_timer(l, ms, on_limit, l);
	else
		loop_timer_set(l->limit, ms);
}

void
loop_ending(Loop *l, Conn *c)
{
	g_hash_table_add(l->ending, c);
}

void
loop_ended(Loop *l, Conn *c)
{
	if (g_hash_table_remove(l->ending, c) && l->limit != NULL &&
	    g_hash_table_size(l->ending) == 0)
		loop_timer_set(l->limit, 0);
}
