/*
 * server.c - libmicrohttpd behind the loop of the process.
 *
 * Its own epoll thread stalls for its time-out whenever exactly 128
 * connections are ready (0.9.75), so it is driven from outside: its epoll
 * descriptor is one of ours, MHD_run does what is due, MHD_get_timeout
 * says when to come back without being called.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "http/client.h"
#include "http/flight.h"
#include "http/pages.h"
#include "http/response.h"
#include "net/loop.h"
#include "search/client.h"

#include <microhttpd.h>

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often connections are looked at that took too long, and how long
 * those that are being answered get once we are told to end. */
#define SWEEP_MS 2000
#define DRAIN_MS 5000

/* How long a request that waits may be worked for before others get their
 * turn, and how much is read of it at once. */
#define WORK_MS 5
#define WORK_BUF (16 << 10)

/* How often, and how long in between, it is looked whether what was not there
 * is there now. */
#define WAITS 30u
#define WAIT_MS 50

/* What the library keeps of a request. */
#define ALL_VALUES                                                             \
	((unsigned int)MHD_HEADER_KIND | (unsigned int)MHD_COOKIE_KIND |       \
	    (unsigned int)MHD_GET_ARGUMENT_KIND)

/* Bytes at the heap's end that are kept when they are free. */
#define KEEP_HEAP_BYTES (4 << 20)

typedef struct {
	const Conf *conf;
	Loop *loop;
	Pages *pages;
	Flight *flight;
	Clients *clients;
	GPtrArray *doors; /* Door */
	GQueue peers;     /* Peer, each with its own link */
	size_t n_busy;    /* peers that are being answered */
	bool ending;
	GQueue works;         /* Work, to be gone on with in turn */
	SearchClient *client; /* NULL: nothing can be searched for */
	GQueue searches;      /* Search, that are waited for */
	GQueue behind;        /* connections, to be looked at again */
	LoopSource *sweep_timer, *drain_timer, *work_timer, *behind_timer;
} Server;

/* One listening descriptor and the libmicrohttpd daemon behind it. */
typedef struct {
	Server *server;
	struct MHD_Daemon *daemon;
	LoopSource *watch, *timer;
} Door;

#define CLIENT_UNKNOWN UINT64_MAX

typedef struct {
	GList link;
	int fd;
	int64_t since_ms;   /* of the connection, or of its last answer's end */
	bool busy, asked;   /* being answered; had an answer before */
	bool ended;         /* shut down, for its silence */
	bool again;         /* what the request waited for was done */
	int64_t worked;     /* bytes that it gave */
	guint n_waits;      /* for a message that may be there in a moment */
	bool searched;      /* what the request needs was searched for, */
	SearchReply *found; /* and found: NULL where no answer came */
	FlightPart sent;
	uint64_t client; /* or CLIENT_UNKNOWN, before the first request */
} Peer;

/* What a request waits for, which is suspended meanwhile. */
typedef struct {
	GList link;
	struct MHD_Connection *connection;
	ResponseStream stream; /* to be read to its end */
	int64_t n_bytes;       /* that it gave */
} Work;

/* What is searched for so that a request can be answered, which is suspended
 * meanwhile. */
typedef struct {
	GList link;
	Server *server;
	struct MHD_Connection *connection;
	uint32_t id;
} Search;

/* Content-Security-Policy of our pages, of files of ours that are opened by
 * themselves, and of what came by mail. */
#define CSP_REST                                                               \
	"default-src 'none'; style-src 'self'; img-src 'self'; "               \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
#define CSP_PAGE CSP_REST "; script-src 'self'; connect-src 'self'"
#define CSP_FILE "sandbox; default-src 'none'; frame-ancestors 'none'"

static const struct {
	const char *csp, *cache;
} kinds[] = {
    [RESPONSE_PAGE] = {CSP_PAGE, "public, max-age=60"},
    [RESPONSE_FILE] = {CSP_FILE, "public, max-age=86400"},
    [RESPONSE_DATA] = {CSP_FILE, "public, max-age=60"},
    [RESPONSE_ASSET] = {CSP_REST, "public, max-age=31536000, immutable"},
    [RESPONSE_PASSING] = {CSP_PAGE, "no-cache"},
};

/* A request ------------------------------------------------------------- */

static const char *
field(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static Peer *
peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

/* Answering --------------------------------------------------------------- */

static ssize_t
read_stream(void *arg, uint64_t pos, char *buf, size_t max)
{
	ResponseStream *s = arg;
	ssize_t n = s->read(s->arg, buf, max);

	(void)pos;
	if (n == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	return n > 0 ? n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void
free_stream(void *arg)
{
	ResponseStream *s = arg;

	s->free(s->arg);
	g_free(s);
}

static void
free_bytes(void *bytes)
{
	g_bytes_unref(bytes);
}

static struct MHD_Response *
of_bytes(GBytes *take_bytes)
{
	size_t len = 0;
	const void *data = g_bytes_get_data(take_bytes, &len);
	void *body = (void *)(uintptr_t)data; /* it is only read */

	return MHD_create_response_from_buffer_with_free_callback_cls(
	    len, body, free_bytes, take_bytes);
}

/* The body of r as libmicrohttpd's; it owns the body from now on. */
static struct MHD_Response *
take_body(Response *r)
{
	if (r->stream.read != NULL) {
		ResponseStream *s = g_memdup2(&r->stream, sizeof r->stream);

		memset(&r->stream, 0, sizeof r->stream);
		return MHD_create_response_from_callback(
		    r->stream_size > 0 ? r->stream_size : MHD_SIZE_UNKNOWN,
		    32u << 10, read_stream, s, free_stream);
	}
	if (r->file.open) {
		r->file.open = false;
		return MHD_create_response_from_fd_at_offset64(
		    r->file.size, r->file.fd, r->file.from);
	}
	if (r->bytes != NULL)
		return of_bytes(g_steal_pointer(&r->bytes));
	return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

static void
add_fields(struct MHD_Response *to, const Response *r)
{
	MHD_add_response_header(
	    to, "Content-Security-Policy", kinds[r->kind].csp);
	MHD_add_response_header(to, "Cache-Control", kinds[r->kind].cache);
	MHD_add_response_header(to, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(to, "Referrer-Policy", "same-origin");
	if (r->type != NULL)
		MHD_add_response_header(to, "Content-Type", r->type);
	for (size_t i = 0; i < r->n_fields; i++)
		MHD_add_response_header(
		    to, r->fields[i].name, r->fields[i].value);
}

static void
free_made(void *made)
{
	MHD_destroy_response(made);
}

/* What a 304 says, of all that the page said (RFC 9110 section 15.4.5). */
static struct MHD_Response *
make_unchanged(const Response *page)
{
	static const char *const names[] = {
	    "ETag", "Last-Modified", "Vary", "Access-Control-Allow-Origin"};
	Response same = {.kind = page->kind};
	struct MHD_Response *to =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = response_value(page, names[i]);

		if (value != NULL && to != NULL)
			MHD_add_response_header(to, names[i], value);
	}
	if (to != NULL)
		add_fields(to, &same);
	return to;
}

/* A page that is kept, made once for all who ask: its fields are a third
 * of what it costs to send it. */
static enum MHD_Result
send_kept(struct MHD_Connection *c, const Response *r)
{
	ResponseMade *m = &r->kept->made[r->status == 304 ? 1 : 0];
	const Response *page = &r->kept->answer;

	if (m->made == NULL && r->status == 304) {
		m->made = make_unchanged(page);
	} else if (m->made == NULL) {
		m->made = of_bytes(g_bytes_ref(page->bytes));
		if (m->made != NULL)
			add_fields(m->made, page);
	}
	m->free = free_made;
	return m->made != NULL ? MHD_queue_response(c, r->status, m->made)
			       : MHD_NO;
}

/*
 * An answer's header must fit into what the request's has left of the
 * connection's pool, or the library ends the connection without a word.  What
 * a field takes beside its text, and what there is beside our own fields: as
 * counted, and some more.
 */
#define FIELD_BYTES ((size_t)64)
#define REST_BYTES ((size_t)512)

/* Bytes of the pool that the request takes. */
static size_t
request_bytes(struct MHD_Connection *c)
{
	const char *cookie = field(c, MHD_HTTP_HEADER_COOKIE);
	int n = MHD_get_connection_values(
	    c, (enum MHD_ValueKind)ALL_VALUES, NULL, NULL);

	return MHD_get_connection_info(
		   c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
		   ->header_size +
	       (cookie != NULL ? strlen(cookie) : 0) + FIELD_BYTES * (size_t)n;
}

/* Bytes of r's header. */
static size_t
header_bytes(const Response *r)
{
	const Response *a = r->kept != NULL ? &r->kept->answer : r;
	size_t n = REST_BYTES;

	for (size_t i = 0; i < a->n_fields; i++)
		n += strlen(a->fields[i].name) + strlen(a->fields[i].value) + 4;
	return n;
}

/* Say that the request's header is too large, past the library, and have it
 * end the connection. */
static enum MHD_Result
refuse_head(struct MHD_Connection *c)
{
	static const char answer[] =
	    "HTTP/1.1 431 Request Header Fields Too Large\r\n"
	    "Connection: close\r\nContent-Length: 0\r\n\r\n";

	(void)send(peer_of(c)->fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	return MHD_NO;
}

static enum MHD_Result
send_response(struct MHD_Connection *c, Response *r)
{
	unsigned int status = r->status;

	if (request_bytes(c) + header_bytes(r) > LIMIT_HTTP_CONNECTION_BYTES)
		return refuse_head(c);
	if (r->kept != NULL)
		return send_kept(c, r);
	struct MHD_Response *to = take_body(r);

	if (to == NULL)
		return MHD_NO;
	add_fields(to, r);
	enum MHD_Result ok = MHD_queue_response(c, status, to);

	MHD_destroy_response(to);
	return ok;
}

/* Work -------------------------------------------------------------------- */

/* Suspend c while r's work is done. */
static void
begin_work(Server *s, struct MHD_Connection *c, Response *r)
{
	Work *w = g_new0(Work, 1);

	w->link.data = w;
	w->connection = c;
	w->stream = r->work;
	memset(&r->work, 0, sizeof r->work);
	MHD_suspend_connection(c);
	g_queue_push_tail_link(&s->works, &w->link);
	loop_timer_set(s->work_timer, 0);
}

/* Have a request that was suspended be looked at again. */
static void
resume(Server *s, struct MHD_Connection *c)
{
	MHD_resume_connection(c);
	for (guint i = 0; i < s->doors->len; i++)
		loop_timer_set(((Door *)s->doors->pdata[i])->timer, 0);
}

static void
end_work(Server *s, Work *w)
{
	Peer *peer = peer_of(w->connection);

	peer->again = true;
	peer->worked = w->n_bytes;
	g_queue_unlink(&s->works, &w->link);
	w->stream.free(w->stream.arg);
	resume(s, w->connection);
	g_free(w);
}

/* Go on with one of the works for a while, and then let others be
 * answered. */
static void
do_work(void *arg)
{
	Server *s = arg;
	Work *w = s->works.head != NULL ? s->works.head->data : NULL;
	char buf[WORK_BUF];
	int64_t end = clock_mono_ms() + WORK_MS;
	ssize_t n = 1;

	if (w == NULL)
		return;
	while (n > 0 && clock_mono_ms() < end) {
		n = w->stream.read(w->stream.arg, buf, sizeof buf);
		w->n_bytes += MAX(n, 0);
	}
	if (n < 0)
		w->n_bytes = -1;
	if (n > 0) {
		g_queue_unlink(&s->works, &w->link);
		g_queue_push_tail_link(&s->works, &w->link);
	} else {
		end_work(s, w);
	}
	if (s->works.length > 0)
		loop_timer_set(s->work_timer, 0);
}

/* Waiting ----------------------------------------------------------------- */

/* Nothing is said not to be there while messages that were answered are still
 * to be filed (lmtp/tray.h): suspend c, and look again. */
static bool
begin_wait(Server *s, struct MHD_Connection *c, const Response *r)
{
	Peer *peer = peer_of(c);

	if (r->status != MHD_HTTP_NOT_FOUND || s->ending ||
	    peer->n_waits >= WAITS || !pages_is_behind(s->pages))
		return false;
	peer->n_waits++;
	MHD_suspend_connection(c);
	if (s->behind.length == 0)
		loop_timer_set(s->behind_timer, WAIT_MS);
	g_queue_push_tail(&s->behind, c);
	return true;
}

static void
end_waits(void *arg)
{
	Server *s = arg;

	while (s->behind.length > 0)
		resume(s, g_queue_pop_head(&s->behind));
}

/* Searching --------------------------------------------------------------- */

static void
end_search(Search *search, SearchReply *take_found)
{
	Server *s = search->server;
	Peer *peer = peer_of(search->connection);

	peer->searched = true;
	search_reply_free(peer->found);
	peer->found = take_found;
	g_queue_unlink(&s->searches, &search->link);
	resume(s, search->connection);
	g_free(search);
}

static void
take_found(void *arg, SearchReply *r)
{
	end_search(arg, r);
}

/* Suspend c while what r needs is searched for.  false: there is no room. */
static bool
begin_search(Server *s, struct MHD_Connection *c, Response *r)
{
	Search *search = NULL;

	if (s->client == NULL || s->ending)
		return false;
	search = g_new0(Search, 1);
	search->link.data = search;
	search->server = s;
	search->connection = c;
	search->id = search_client_ask(s->client, r->ask, take_found, search);
	if (search->id == 0) {
		g_free(search);
		return false;
	}
	MHD_suspend_connection(c);
	g_queue_push_tail_link(&s->searches, &search->link);
	return true;
}

/* Forget what c's request was answered from. */
static void
forget_found(Peer *peer)
{
	peer->searched = false;
	g_clear_pointer(&peer->found, search_reply_free);
}

static void
set_busy(Server *s, Peer *peer, bool busy)
{
	if (peer->busy == busy)
		return;
	peer->busy = busy;
	peer->asked = true;
	peer->since_ms = clock_mono_ms();
	s->n_busy = busy ? s->n_busy + 1 : s->n_busy - 1;
	if (!busy) {
		flight_end(s->flight, &peer->sent);
		peer->again = false;
		peer->n_waits = 0;
		forget_found(peer);
	}
	if (!busy && s->ending && s->n_busy == 0)
		loop_stop(s->loop);
}

/* The parameters of a query that pages know, and the query itself. */
typedef struct {
	RequestArg args[LIMIT_HTTP_ARGS];
	size_t n;
	GString *query; /* NULL before the first */
} Args;

static void
args_clear(Args *args)
{
	for (size_t i = 0; i < args->n; i++) {
		g_free(args->args[i].name);
		g_free(args->args[i].value);
	}
	if (args->query != NULL)
		g_string_free(args->query, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Args, args_clear)

/* As forms write it: "+" is a space.  NULL if it holds a NUL. */
static char *
decode_arg(const char *text)
{
	g_autofree char *spaced = g_strdelimit(g_strdup(text), "+", ' ');
	size_t len = 0;
	g_autofree char *plain = text_percent_decode(spaced, &len);

	return strlen(plain) == len ? g_steal_pointer(&plain) : NULL;
}

/* The library keeps no query, and makes a "+" in it a space, which cannot
 * stand there. */
static void
add_to_query(Args *args, const char *name, const char *value)
{
	if (args->query == NULL)
		args->query = g_string_new(NULL);
	else
		g_string_append_c(args->query, '&');
	g_string_append(args->query, name);
	if (value != NULL)
		g_string_append_printf(args->query, "=%s", value);
	g_strdelimit(args->query->str, " ", '+');
}

static bool
has_arg(const Args *args, const char *name)
{
	for (size_t i = 0; i < args->n; i++)
		if (strcmp(args->args[i].name, name) == 0)
			return true;
	return false;
}

static enum MHD_Result
take_arg(
    void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	Args *args = arg;
	g_autofree char *n = decode_arg(name);

	(void)kind;
	add_to_query(args, name, value);
	if (n == NULL || !request_knows(n) || has_arg(args, n))
		return MHD_YES;
	char *v = decode_arg(value != NULL ? value : "");

	if (v == NULL) /* no value that means anything: to be refused */
		v = g_strdup("\xef\xbf\xbd");
	g_assert(args->n < LIMIT_HTTP_ARGS);
	args->args[args->n++] =
	    (RequestArg){.name = g_steal_pointer(&n), .value = v};
	return MHD_YES;
}

/* Whom c's request comes from: the same for all of a connection that is
 * nobody's proxy. */
static uint64_t
client(const Server *s, struct MHD_Connection *c, Peer *peer)
{
	const char *forwarded = field(c, "X-Forwarded-For");

	if (peer->client == CLIENT_UNKNOWN || forwarded != NULL)
		peer->client = client_of(s->clients,
		    MHD_get_connection_info(
			c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
			->client_addr,
		    forwarded);
	return peer->client;
}

static void
answer(Server *s, struct MHD_Connection *c, const char *url, const char *method,
    Response *r)
{
	g_auto(Args) args = {.n = 0};

	Peer *peer = peer_of(c);
	bool full = s->works.length >= LIMIT_HTTP_WORKS;

	(void)MHD_get_connection_values(
	    c, MHD_GET_ARGUMENT_KIND, take_arg, &args);
	const Request q = {
	    .post = strcmp(method, "POST") == 0,
	    .options = strcmp(method, "OPTIONS") == 0,
	    .again = peer->again || full,
	    .worked = peer->again ? peer->worked : -1,
	    .asked = peer->searched,
	    .found = peer->found,
	    .client = client(s, c, peer),
	    .path = url,
	    .query = args.query != NULL ? args.query->str : NULL,
	    .args = args.args,
	    .n_args = args.n,
	    .accept_language = field(c, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
	    .cookie = field(c, MHD_HTTP_HEADER_COOKIE),
	    .referer = field(c, MHD_HTTP_HEADER_REFERER),
	    .if_none_match = field(c, MHD_HTTP_HEADER_IF_NONE_MATCH),
	    .if_modified_since = field(c, MHD_HTTP_HEADER_IF_MODIFIED_SINCE),
	    .accept_encoding = field(c, MHD_HTTP_HEADER_ACCEPT_ENCODING),
	    /* Of no other method (RFC 9110 section 14.2), HEAD included. */
	    .range = strcmp(method, "GET") == 0
			 ? field(c, MHD_HTTP_HEADER_RANGE)
			 : NULL,
	    .if_range = field(c, MHD_HTTP_HEADER_IF_RANGE),
	};

	if (strlen(url) > LIMIT_HTTP_URL_BYTES)
		pages_refuse(s->pages, url, MHD_HTTP_URI_TOO_LONG, r);
	else
		pages_answer(s->pages, &q, r);
}

/* Why a request with this method is not answered, as a status; or 0. */
static unsigned int
refusal(struct MHD_Connection *c, const char *method)
{
	guint64 len = 0;

	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return 0;
	if (strcmp(method, "POST") != 0 && strcmp(method, "OPTIONS") != 0)
		return MHD_HTTP_METHOD_NOT_ALLOWED;
	const char *text = field(c, MHD_HTTP_HEADER_CONTENT_LENGTH);

	/* A body in chunks may have any length. */
	if (field(c, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
		return MHD_HTTP_LENGTH_REQUIRED;
	if (text != NULL && !g_ascii_string_to_unsigned(
				text, 10, 0, LIMIT_HTTP_BODY_BYTES, &len, NULL))
		return MHD_HTTP_CONTENT_TOO_LARGE;
	return 0;
}

/* See that there is room to send r to peer; else it is a 503. */
static void
make_room(Server *s, Peer *peer, const char *url, Response *r)
{
	response_pack(r);
	flight_end(s->flight, &peer->sent);
	if (flight_begin(s->flight, r, &peer->sent))
		return;
	log_debug("full: %zu bytes are being sent", flight_held(s->flight));
	response_clear(r);
	pages_busy(s->pages, url, r);
	response_pack(r);
}

/*
 * libmicrohttpd calls this once when a request's header came, then for
 * each piece of its body, then, with none, for the answer.  To answer at
 * the first call costs the peer its connection: right for what is refused,
 * whose body then is not read.
 */
/* NOLINTBEGIN(readability-function-size): the library's signature */
static enum MHD_Result
handle(void *arg, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_size,
    void **context)
{
	Server *s = arg;
	bool first = *context == NULL;
	g_auto(Response) r = {0};
	Peer *peer = peer_of(c);

	(void)version;
	(void)upload;
	*context = s;
	unsigned int refused = refusal(c, method);

	if (refused != 0) {
		pages_refuse(s->pages, url, refused, &r);
	} else if (first || *upload_size > 0) {
		*upload_size = 0;
		return MHD_YES;
	} else {
		answer(s, c, url, method, &r);
	}
	set_busy(s, peer, true);
	if (r.ask != NULL) {
		if (begin_search(s, c, &r))
			return MHD_YES;
		response_clear(&r);
		peer->searched = true;
		answer(s, c, url, method, &r);
	}
	if (begin_wait(s, c, &r))
		return MHD_YES;
	make_room(s, peer, url, &r);
	if (r.work.read != NULL) {
		begin_work(s, c, &r);
		return MHD_YES;
	}
	log_debug("%s %s status=%u", method, url, r.status);
	return send_response(c, &r);
}
/* NOLINTEND(readability-function-size) */

static void
completed(void *arg, struct MHD_Connection *c, void **context,
    enum MHD_RequestTerminationCode why)
{
	(void)context;
	(void)why;
	set_busy(arg, peer_of(c), false);
}

/* Connections ------------------------------------------------------------- */

static void
end_peer(Peer *peer)
{
	peer->ended = true;
	(void)shutdown(peer->fd, SHUT_RDWR);
}

/* End the connection that has been silent longest after an answer, if one
 * has: whoever has it asks on another. */
static void
end_silent(const Server *s)
{
	Peer *found = NULL;

	for (const GList *l = s->peers.head; l != NULL; l = l->next) {
		Peer *peer = l->data;

		if (!peer->busy && peer->asked && !peer->ended &&
		    (found == NULL || peer->since_ms < found->since_ms))
			found = peer;
	}
	if (found != NULL)
		end_peer(found);
}

static void
notify(void *arg, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	Server *s = arg;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		Peer *peer = g_new0(Peer, 1);

		peer->link.data = peer;
		peer->fd = MHD_get_connection_info(
		    c, MHD_CONNECTION_INFO_CONNECTION_FD)
			       ->connect_fd;
		peer->since_ms = clock_mono_ms();
		peer->client = CLIENT_UNKNOWN;
		g_queue_push_tail_link(&s->peers, &peer->link);
		flight_connect(s->flight);
		if (s->peers.length > LIMIT_HTTP_CONNECTIONS / 8 * 7)
			end_silent(s);
		*context = peer;
	} else if (*context != NULL) {
		Peer *peer = *context;

		set_busy(s, peer, false);
		g_queue_unlink(&s->peers, &peer->link);
		flight_disconnect(s->flight);
		g_free(peer);
		*context = NULL;
	}
}

/*
 * Do what is to be done now and then.  Requests that come too slowly end:
 * libmicrohttpd's time-out begins anew at each byte.  Between two requests a
 * connection may be silent first.
 */
static void
sweep(void *arg)
{
	Server *s = arg;
	int64_t now = clock_mono_ms();

	for (GList *l = s->peers.head; l != NULL; l = l->next) {
		Peer *peer = l->data;
		int64_t limit = LIMIT_HTTP_REQUEST_S +
				(peer->asked ? (int64_t)LIMIT_HTTP_IDLE_S : 0);

		if (!peer->busy && now - peer->since_ms > 1000 * limit)
			end_peer(peer);
	}
	pages_tidy(s->pages);
	loop_timer_set(s->sweep_timer, SWEEP_MS);
}

/* Running ----------------------------------------------------------------- */

/* Do what is due, and see when to come back without being called. */
static void
run_door(void *arg)
{
	Door *d = arg;
	MHD_UNSIGNED_LONG_LONG ms = 0;

	(void)MHD_run(d->daemon);
	pages_end_turn(d->server->pages);
	loop_timer_set(
	    d->timer, MHD_get_timeout(d->daemon, &ms) == MHD_YES
			  ? (int)MIN(ms, (MHD_UNSIGNED_LONG_LONG)SWEEP_MS)
			  : -1);
}

static void
door_free(void *arg)
{
	Door *d = arg;

	loop_source_free(d->watch);
	loop_source_free(d->timer);
	if (d->daemon != NULL)
		MHD_stop_daemon(d->daemon);
	g_free(d);
}

/* URLs reach us as they stand: a Message-ID may hold "%2F". */
static size_t
keep_escapes(void *arg, struct MHD_Connection *c, char *text)
{
	(void)arg;
	(void)c;
	return strlen(text);
}

static void G_GNUC_PRINTF(2, 0)
    log_library(void *arg, const char *fmt, va_list ap)
{
	g_autofree char *text = g_strdup_vprintf(fmt, ap);

	(void)arg;
	log_debug("libmicrohttpd: %s", g_strchomp(text));
}

static bool
open_door(Server *s, int fd)
{
	Door *d = g_new0(Door, 1);

	d->server = s;
	g_ptr_array_add(s->doors, d);
	d->daemon = MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, 0,
	    NULL, NULL, handle, s, MHD_OPTION_EXTERNAL_LOGGER, log_library,
	    NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
	    LIMIT_HTTP_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
	    LIMIT_HTTP_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)LIMIT_HTTP_CONNECTION_BYTES, MHD_OPTION_UNESCAPE_CALLBACK,
	    keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, s,
	    MHD_OPTION_NOTIFY_CONNECTION, notify, s, MHD_OPTION_END);
	if (d->daemon == NULL) {
		log_error("cannot serve HTTP: %s", g_strerror(errno));
		return false;
	}
	int epoll =
	    MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

	d->watch = loop_watch(s->loop, epoll, run_door, d);
	d->timer = loop_timer(s->loop, 0, run_door, d);
	return true;
}

static void
stop(void *arg)
{
	Server *s = arg;

	loop_stop(s->loop);
}

/* Told to end: once those that are being answered have their answer. */
static void
end(void *arg)
{
	Server *s = arg;

	s->ending = true;
	loop_timer_set(s->drain_timer, s->n_busy > 0 ? DRAIN_MS : 0);
}

static void
server_clear(Server *s)
{
	/* MHD_stop_daemon may find none suspended. */
	while (s->searches.head != NULL) {
		Search *search = s->searches.head->data;

		search_client_forget(s->client, search->id);
		end_search(search, NULL);
	}
	while (s->works.head != NULL)
		end_work(s, s->works.head->data);
	end_waits(s);
	g_clear_pointer(&s->doors, g_ptr_array_unref);
	g_clear_pointer(&s->client, search_client_free);
	g_clear_pointer(&s->pages, pages_free);
	g_clear_pointer(&s->flight, flight_free);
	g_clear_pointer(&s->clients, clients_free);
	loop_source_free(s->sweep_timer);
	loop_source_free(s->drain_timer);
	loop_source_free(s->work_timer);
	loop_source_free(s->behind_timer);
	g_clear_pointer(&s->loop, loop_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Server, server_clear)

/* With the folder of kept files, if it is there and ours to write. */
static SandboxRole
role_of(const Conf *conf)
{
	g_autofree char *path =
	    g_build_filename(conf->store, SANDBOX_KEEP_FOLDER, NULL);

	return conf->cache_bytes > 0 && access(path, W_OK | X_OK) == 0
		   ? SANDBOX_KEEP
		   : SANDBOX_HTTP;
}

int
http_server_run(const Conf *conf, const Look *look, const int *fds,
    size_t n_fds, int asking)
{
	g_auto(Server) s = {.conf = conf};
	g_autoptr(GError) err = NULL;

	/* Pages of a megabyte come and go, each made with room of two: to
	 * fault their memory in anew each time was a sixth of a thread's
	 * page. */
	(void)mallopt(M_MMAP_THRESHOLD, KEEP_HEAP_BYTES);
	(void)mallopt(M_TRIM_THRESHOLD, KEEP_HEAP_BYTES);
	s.loop = loop_new();
	s.flight = flight_new(LIMIT_IN_FLIGHT_BYTES);
	s.clients = clients_new(conf);
	s.doors = g_ptr_array_new_with_free_func(door_free);
	s.sweep_timer = loop_timer(s.loop, SWEEP_MS, sweep, &s);
	s.drain_timer = loop_timer(s.loop, -1, stop, &s);
	s.work_timer = loop_timer(s.loop, -1, do_work, &s);
	s.behind_timer = loop_timer(s.loop, -1, end_waits, &s);
	for (size_t i = 0; i < n_fds; i++) {
		if (!open_door(&s, fds[i]))
			return EXIT_FAILURE;
	}
	g_autoptr(LoopSource) G_GNUC_UNUSED term =
	    loop_signal(s.loop, SIGTERM, end, &s);

	if (conf->sandbox && !sandbox_enter(role_of(conf), conf->store, &err)) {
		log_error("%s", err->message);
		return EXIT_FAILURE;
	}
	/* Behind the sandbox: SQLite asks for more than it needs to read, and
	 * would get it here. */
	s.pages = pages_new(conf, look);
	if (asking >= 0)
		s.client = search_client_new(s.loop, asking);
	loop_run(s.loop);
	return EXIT_SUCCESS;
}
