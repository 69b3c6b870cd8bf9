/* SPDX-License-Identifier: Apache-2.0 */
#include "net/worker.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The parent takes its signals one by one from sigtimedwait: no handler,
 * no loop, and hardly a system call that its sandbox must allow.
 */

/* A child that lived for less than this starts again after a pause. */
#define SETTLED_MS 10000
#define PAUSE_MS 1000

/* How long children may take to end. */
#define END_MS 10000

typedef struct {
	const WorkerRole *role;
	unsigned int nth; /* of its role */
	pid_t pid;        /* 0: not running */
	int64_t started;
	int64_t due; /* while not running: when to start */
} Child;

typedef struct {
	Child *children;
	size_t n;
	sigset_t signals, old;
	bool ending;
	int64_t end; /* when patience ends */
	int status;
} Parent;

static void
signals_init(Parent *p)
{
	sigemptyset(&p->signals);
	sigaddset(&p->signals, SIGTERM);
	sigaddset(&p->signals, SIGINT);
	sigaddset(&p->signals, SIGHUP);
	sigaddset(&p->signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &p->signals, &p->old);
}

/* For ps and top. */
static void
name_process(const char *role)
{
	g_autofree char *title = g_strconcat("felid-", role, NULL);

	prctl(PR_SET_NAME, title);
}

G_NORETURN static void
be_child(const Parent *p, const Child *c, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	name_process(c->role->role);
	/* Ctrl-C goes to all of a terminal's processes; only the parent
	 * shall answer to it. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_SETMASK, &p->old, NULL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	exit(c->role->run(c->role->arg, c->nth));
}

static bool
start(Parent *p, Child *c)
{
	pid_t me = getpid(), pid = -1;

	/* Or the child would say it again when it ends. */
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		be_child(p, c, me);
	c->started = clock_mono_ms();
	if (pid < 0) {
		log_error(
		    "cannot fork %s: %s", c->role->role, g_strerror(errno));
		c->due = c->started + PAUSE_MS;
		return false;
	}
	c->pid = pid;
	return true;
}

static void
end_all(Parent *p, int signum)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->children[i].pid > 0)
			kill(p->children[i].pid, signum);
}

static void
begin_end(Parent *p)
{
	if (p->ending)
		return;
	p->ending = true;
	p->end = clock_mono_ms() + END_MS;
	end_all(p, SIGTERM);
}

static void
log_end(const Child *c, int status)
{
	if (WIFEXITED(status))
		log_warn("%s ended pid=%d status=%d: starting it again",
		    c->role->role, (int)c->pid, WEXITSTATUS(status));
	else
		log_error("%s died pid=%d signal=%d (%s%s): starting it again",
		    c->role->role, (int)c->pid, WTERMSIG(status),
		    g_strsignal(WTERMSIG(status)),
		    WTERMSIG(status) == SIGSYS
			? ", it tried what its sandbox forbids"
			: "");
}

/* By itself, or of the SIGTERM that met it before it was ready for one. */
static bool
ended_well(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) == EXIT_SUCCESS
				 : WTERMSIG(status) == SIGTERM;
}

static void
reap(Parent *p)
{
	pid_t pid = 0;
	int status = 0;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < p->n; i++) {
			Child *c = &p->children[i];
			int64_t now = clock_mono_ms();

			if (c->pid != pid)
				continue;
			if (!p->ending)
				log_end(c, status);
			else if (!ended_well(status))
				p->status = EXIT_FAILURE;
			c->pid = 0;
			c->due = now - c->started < SETTLED_MS ? now + PAUSE_MS
							       : now;
		}
}

/* Start what is due.  Returns how many ms may pass until there is more to
 * be done, or -1 for any number. */
static int64_t
start_due(Parent *p)
{
	int64_t now = clock_mono_ms(), wait = -1;

	for (size_t i = 0; i < p->n; i++) {
		Child *c = &p->children[i];

		if (c->pid > 0 || (c->due <= now && start(p, c)))
			continue;
		wait = wait < 0 ? c->due - now : MIN(wait, c->due - now);
	}
	return wait < 0 ? -1 : MAX(wait, 1);
}

static bool
any_left(const Parent *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->children[i].pid > 0)
			return true;
	return false;
}

/* Take the next signal, for wait ms at most (-1: as long as it takes). */
static void
take_signal(Parent *p, int64_t wait)
{
	struct timespec ts = {
	    .tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000};
	int signum = sigtimedwait(&p->signals, NULL, wait < 0 ? NULL : &ts);

	if (signum == SIGCHLD)
		reap(p);
	else if (signum > 0)
		begin_end(p);
}

static void
watch(Parent *p)
{
	while (!p->ending)
		take_signal(p, start_due(p));
	while (any_left(p)) {
		int64_t left = p->end - clock_mono_ms();

		if (left <= 0) {
			log_error("killing what did not end in time");
			p->status = EXIT_FAILURE;
			end_all(p, SIGKILL);
			p->end += END_MS;
		}
		take_signal(p, MAX(left, 1));
	}
}

int
worker_run(
    const WorkerRole *roles, size_t n_roles, void (*ready)(void *), void *arg)
{
	g_autofree Child *children = NULL;
	Parent p = {.status = EXIT_SUCCESS};

	for (size_t i = 0; i < n_roles; i++)
		p.n += roles[i].count;
	p.children = children = g_new0(Child, p.n);
	for (size_t i = 0, n = 0; i < n_roles; i++)
		for (unsigned int k = 0; k < roles[i].count; k++)
			children[n++] = (Child){.role = &roles[i], .nth = k};
	signals_init(&p);
	(void)start_due(&p);
	if (ready != NULL)
		ready(arg);
	watch(&p);
	sigprocmask(SIG_SETMASK, &p.old, NULL);
	return p.status;
}
