/* SPDX-License-Identifier: Apache-2.0 */
#include "net/listen.h"

#include "base/err.h"
#include "net/private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Connections that the kernel keeps for us until we accept them. */
#define BACKLOG 1024

static bool
path_address(
    const char *path, struct sockaddr_storage *sa, socklen_t *len, GError **err)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	if (g_strlcpy(un.sun_path, path, sizeof un.sun_path) >=
	    sizeof un.sun_path)
		return err_set(err, ERR_SYNTAX,
		    "%s: a UNIX socket's path has at most %zu bytes", path,
		    sizeof un.sun_path - 1);
	memcpy(sa, &un, sizeof un);
	*len = (socklen_t)sizeof un;
	return true;
}

static bool
ip_address(const char *host, in_port_t port, struct sockaddr_storage *sa,
    socklen_t *len)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};
	gsize n = strlen(host);
	g_autofree char *bare = NULL;

	if (inet_pton(AF_INET, host, &in.sin_addr) == 1) {
		memcpy(sa, &in, sizeof in);
		*len = (socklen_t)sizeof in;
		return true;
	}
	if (g_str_equal(host, "*"))
		bare = g_strdup("::");
	else if (n > 2 && host[0] == '[' && host[n - 1] == ']')
		bare = g_strndup(host + 1, n - 2);
	if (bare == NULL || inet_pton(AF_INET6, bare, &in6.sin6_addr) != 1)
		return false;
	memcpy(sa, &in6, sizeof in6);
	*len = (socklen_t)sizeof in6;
	return true;
}

bool
listen_address(const char *where, struct sockaddr_storage *sa, socklen_t *len,
    GError **err)
{
	const char *colon = strrchr(where, ':');
	g_autofree char *host = NULL;
	guint64 port = 0;

	memset(sa, 0, sizeof *sa);
	if (strchr(where, '/') != NULL)
		return path_address(where, sa, len, err);
	if (colon != NULL)
		host = g_strndup(where, (gsize)(colon - where));
	if (host == NULL ||
	    !g_ascii_string_to_unsigned(
		colon + 1, 10, 0, G_MAXUINT16, &port, NULL) ||
	    !ip_address(host, htons((in_port_t)port), sa, len))
		return err_set(err, ERR_SYNTAX,
		    "%s is no ADDRESS:PORT (in numbers) nor a path with a "
		    "\"/\"",
		    where);
	return true;
}

/* Whether somebody answers at the socket that lies at path. */
static bool
answers(const struct sockaddr_storage *sa, socklen_t len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool yes =
	    fd >= 0 && (connect(fd, (const struct sockaddr *)sa, len) == 0 ||
			   errno != ECONNREFUSED);

	if (fd >= 0)
		close(fd);
	return yes;
}

static bool
make_way(const char *path, const struct sockaddr_storage *sa, socklen_t len,
    GError **err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ||
		       err_set_errno(err, ERR_IO, "%s", path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(
		    err, ERR_IO, "%s is there, and is not a socket", path);
	if (answers(sa, len))
		return err_set(
		    err, ERR_BUSY, "another process listens on %s", path);
	if (unlink(path) < 0)
		return err_set_errno(err, ERR_IO, "remove %s", path);
	return true;
}

static bool
bind_to(int fd, const char *where, struct sockaddr_storage *sa, socklen_t len,
    GError **err)
{
	const int yes = 1, no = 0;

	if (sa->ss_family == AF_UNIX && !make_way(where, sa, len, err))
		return false;
	if (sa->ss_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (sa->ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
	if (bind(fd, (struct sockaddr *)sa, len) < 0)
		return err_set_errno(err,
		    errno == EADDRINUSE ? ERR_BUSY : ERR_IO, "listen on %s",
		    where);
	/* Nobody gets in before listen. */
	if (sa->ss_family == AF_UNIX && chmod(where, 0660) < 0)
		return err_set_errno(err, ERR_IO, "chmod %s", where);
	if (listen(fd, BACKLOG) < 0)
		return err_set_errno(err,
		    errno == EADDRINUSE ? ERR_BUSY : ERR_IO, "listen on %s",
		    where);
	return true;
}

/* "*:PORT" on a machine without IPv6. */
static void
fall_back(const char *where, struct sockaddr_storage *sa, socklen_t *len)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in = {.sin_family = AF_INET};

	if (where[0] != '*' || sa->ss_family != AF_INET6)
		return;
	memcpy(&in6, sa, sizeof in6);
	in.sin_port = in6.sin6_port;
	memcpy(sa, &in, sizeof in);
	*len = (socklen_t)sizeof in;
}

int
listen_on(const char *where, GError **err)
{
	struct sockaddr_storage sa;
	socklen_t len = 0;
	int fd = -1;

	if (!listen_address(where, &sa, &len, err))
		return -1;
	fd =
	    socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 && errno == EAFNOSUPPORT) {
		fall_back(where, &sa, &len);
		fd = socket(sa.ss_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	}
	if (fd < 0) {
		err_set_errno(err, ERR_IO, "listen on %s", where);
		return -1;
	}
	if (!bind_to(fd, where, &sa, len, err)) {
		close(fd);
		return -1;
	}
	return fd;
}

int
listen_accept(int fd)
{
	return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static char *
name_of(const struct sockaddr_storage *sa)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;

	if (sa->ss_family == AF_INET) {
		memcpy(&in, sa, sizeof in);
		inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
		return g_strdup_printf("%s:%u", text, ntohs(in.sin_port));
	}
	if (sa->ss_family == AF_INET6) {
		memcpy(&in6, sa, sizeof in6);
		inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
		return g_strdup_printf("[%s]:%u", text, ntohs(in6.sin6_port));
	}
	memcpy(&un, sa, sizeof un);
	return g_strdup(un.sun_path[0] != '\0' ? un.sun_path : "unix");
}

char *
listen_name(int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = (socklen_t)sizeof sa;

	getsockname(fd, (struct sockaddr *)&sa, &len);
	return name_of(&sa);
}

char *
listen_peer_name(int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = (socklen_t)sizeof sa;

	getpeername(fd, (struct sockaddr *)&sa, &len);
	return name_of(&sa);
}
