/*
 * loop.h - the event loop of a process: descriptors, timers, signals.
 *
 * libevent underneath; nobody outside net/ sees it.  One loop a process,
 * one thread.  Callbacks may free their own source.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <glib.h>

#include <stdbool.h>

typedef struct Loop Loop;
typedef struct LoopSource LoopSource;
typedef void LoopCallback(void *arg);

/* Never NULL. */
Loop *loop_new(void);

/* Free l, after its sources and connections; those that conn_finish has
 * taken over are closed as they are.  Does nothing if l is NULL. */
void loop_free(Loop *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Loop, loop_free)

/* Call back each time fd can be read; fd stays the caller's.  This source
 * and those below are freed with loop_source_free. */
LoopSource *loop_watch(Loop *l, int fd, LoopCallback *cb, void *arg);

/* Call back once, in ms; loop_timer_set starts it again, or anew.  A
 * negative ms: not until it is set, and no more. */
LoopSource *loop_timer(Loop *l, int ms, LoopCallback *cb, void *arg);
void loop_timer_set(LoopSource *t, int ms);

/* Call back whenever the process gets signal signum. */
LoopSource *loop_signal(Loop *l, int signum, LoopCallback *cb, void *arg);

/*
 * A source that, once asked for with loop_defer, calls back when every
 * other event that is due has been handled: the place for a group commit.
 */
LoopSource *loop_deferred(Loop *l, LoopCallback *cb, void *arg);
void loop_defer(LoopSource *d);

/* Does nothing if s is NULL. */
void loop_source_free(LoopSource *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopSource, loop_source_free)

/* Run until loop_stop. */
void loop_run(Loop *l);
void loop_stop(Loop *l);

/* Stop when all that conn_finish has taken over was sent, or in ms. */
void loop_wind_down(Loop *l, int ms);

#endif
