/*
 * The program runs itself: worker_run ends only when the process is told
 * to, so each case is a process of its own, which tells on a pipe what its
 * children do.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "net/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int out; /* the pipe's end for writing */

static void
tell(const char *what)
{
	g_autofree char *line = g_strdup_printf("%s %d\n", what, (int)getpid());

	if (write(out, line, strlen(line)) < 0)
		_exit(EXIT_FAILURE);
}

static int
wait_for_term(void *arg, unsigned int nth)
{
	char title[16] = "";
	g_autofree char *word = g_strdup_printf("term%u", nth);
	sigset_t set;
	int signum = 0;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_GET_NAME, title);
	tell(title);
	sigwait(&set, &signum);
	tell(word);
	return EXIT_SUCCESS;
}

static int
die(void *arg, unsigned int nth)
{
	(void)arg;
	(void)nth;
	tell("die");
	return 3;
}

static void
ready(void *arg)
{
	tell(arg);
}

/* Run roles in a process of their own; returns it and, in *in, what it
 * tells. */
static pid_t
run(const WorkerRole *roles, size_t n, FILE **in)
{
	int fds[2];
	pid_t pid = -1;

	g_assert_cmpint(pipe(fds), ==, 0);
	pid = fork();
	if (pid == 0) {
		static char word[] = "ready";

		close(fds[0]);
		out = fds[1];
		/* What the log says of it is not to be seen here. */
		close(STDERR_FILENO);
		_exit(worker_run(roles, n, ready, word));
	}
	close(fds[1]);
	*in = fdopen(fds[0], "r");
	return pid;
}

/* The next line: its word, and in *pid who said it. */
static char *
next(FILE *in, pid_t *pid)
{
	char word[32] = "";
	int who = 0;

	if (fscanf(in, "%31s %d", word, &who) != 2)
		return NULL;
	*pid = who;
	return g_strdup(word);
}

static int
end(pid_t pid, int signum)
{
	int status = 0;

	kill(pid, signum);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return status;
}

/* Read n lines and count how often word was said. */
static guint
count(FILE *in, guint n, const char *word, pid_t *last)
{
	guint seen = 0;

	for (; n > 0; n--) {
		pid_t pid = 0;
		g_autofree char *got = next(in, &pid);

		if (g_strcmp0(got, word) != 0)
			continue;
		seen++;
		*last = pid;
	}
	return seen;
}

static void
starts_all_and_ends_them(void)
{
	const WorkerRole roles[] = {
	    {"a", 2, wait_for_term, NULL}, {"b", 1, wait_for_term, NULL}};
	FILE *in = NULL;
	pid_t last = 0, pid = run(roles, G_N_ELEMENTS(roles), &in);

	/* ready, felid-a, felid-a, felid-b, in any order. */
	g_assert_cmpuint(count(in, 4, "felid-a", &last), ==, 2);
	g_assert_cmpint(end(pid, SIGTERM), ==, 0);
	g_assert_cmpuint(count(in, 3, "term0", &last), ==, 2);
	g_assert_null(next(in, &last));
	fclose(in);
}

static void
starts_again_what_was_killed(void)
{
	const WorkerRole roles[] = {{"a", 1, wait_for_term, NULL}};
	FILE *in = NULL;
	pid_t first = 0, second = 0, pid = run(roles, 1, &in);

	g_assert_cmpuint(count(in, 2, "felid-a", &first), ==, 1);
	kill(first, SIGKILL);
	g_assert_cmpuint(count(in, 1, "felid-a", &second), ==, 1);
	g_assert_cmpint(first, !=, second);
	g_assert_cmpint(end(pid, SIGINT), ==, 0);
	fclose(in);
}

static void
children_end_with_the_parent(void)
{
	const WorkerRole roles[] = {{"a", 1, wait_for_term, NULL}};
	FILE *in = NULL;
	pid_t child = 0, pid = run(roles, 1, &in);

	g_assert_cmpuint(count(in, 2, "felid-a", &child), ==, 1);
	g_assert_true(WIFSIGNALED(end(pid, SIGKILL)));
	g_assert_cmpuint(count(in, 1, "term0", &child), ==, 1);
	g_assert_null(next(in, &child));
	fclose(in);
}

static void
ends_while_a_child_keeps_dying(void)
{
	const WorkerRole roles[] = {{"a", 1, die, NULL}};
	FILE *in = NULL;
	pid_t child = 0, pid = run(roles, 1, &in);

	g_assert_cmpuint(count(in, 2, "die", &child), ==, 1);
	g_assert_cmpint(end(pid, SIGTERM), !=, -1);
	g_assert_null(next(in, &child));
	fclose(in);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/worker/starts-and-ends", starts_all_and_ends_them);
	g_test_add_func("/worker/starts-again", starts_again_what_was_killed);
	g_test_add_func(
	    "/worker/ends-with-parent", children_end_with_the_parent);
	g_test_add_func("/worker/dying", ends_while_a_child_keeps_dying);
	return g_test_run();
}
