/* SPDX-License-Identifier: Apache-2.0 */
#include "search/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "search/ask.h"
#include "search/find.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* How long an answer may wait for room in its socket, in ms: http reads
 * whenever it can. */
#define SEND_MS 500

typedef struct {
	Finder *finder;
	GByteArray *buf;
} Server;

/* Have this process killed after so many seconds that it computed, or that
 * went by; 0: not. */
static void
limit_time(time_t cpu_s, unsigned int s)
{
	const struct itimerval cpu = {.it_value = {.tv_sec = cpu_s}};

	(void)setitimer(ITIMER_PROF, &cpu, NULL);
	(void)alarm(s);
}

/* Answer len bytes of a request; NULL: they are none. */
static GBytes *
answer(Server *s, size_t len)
{
	g_auto(SearchAsk) ask = {0};
	g_autoptr(GError) err = NULL;
	g_autoptr(SearchReply) reply = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (!search_ask_unpack(&ask, s->buf->data, len, &err)) {
		log_error("%s", err->message);
		return NULL;
	}
	limit_time(LIMIT_SEARCH_CPU_S, LIMIT_SEARCH_KILL_S);
	reply = find(s->finder, &ask);
	limit_time(0, 0);
	bytes = search_reply_pack(reply);
	if (g_bytes_get_size(bytes) <= ASK_BYTES)
		return g_steal_pointer(&bytes);
	log_error(
	    "an answer of %zu bytes is too large", g_bytes_get_size(bytes));
	g_clear_pointer(&reply, search_reply_free);
	g_clear_pointer(&bytes, g_bytes_unref);
	reply = search_reply_new(ask.id, SEARCH_FAILED);
	return search_reply_pack(reply);
}

/* Take one request from fd, if another process has not, and answer it. */
static void
serve(Server *s, int fd)
{
	ssize_t n = recv(fd, s->buf->data, ASK_BYTES, MSG_DONTWAIT);
	g_autoptr(GBytes) bytes = n > 0 ? answer(s, (size_t)n) : NULL;
	struct pollfd room = {.fd = fd, .events = POLLOUT};

	if (bytes == NULL || poll(&room, 1, SEND_MS) <= 0)
		return;
	if (send(fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
		MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_warn("cannot answer: %s", g_strerror(errno));
}

static void
run(Server *s, struct pollfd *doors, size_t n)
{
	for (;;) {
		if (poll(doors, (nfds_t)n, -1) < 0 && errno != EINTR) {
			log_error("poll: %s", g_strerror(errno));
			return;
		}
		for (size_t i = 0; i < n; i++)
			if (doors[i].revents != 0)
				serve(s, doors[i].fd);
	}
}

int
search_server_run(const Conf *conf, const int *fds, size_t n_fds)
{
	g_autoptr(GError) err = NULL;
	g_autofree struct pollfd *doors = g_new0(struct pollfd, n_fds);
	Server s = {0};

	for (size_t i = 0; i < n_fds; i++)
		doors[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	if (conf->sandbox &&
	    !sandbox_enter(SANDBOX_SEARCH, conf->store, &err)) {
		log_error("%s", err->message);
		return EXIT_FAILURE;
	}
	s.finder = finder_new(conf->store);
	s.buf = g_byte_array_sized_new(ASK_BYTES);
	run(&s, doors, n_fds);
	g_byte_array_unref(s.buf);
	finder_free(s.finder);
	return EXIT_FAILURE;
}
