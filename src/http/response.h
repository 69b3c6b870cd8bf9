/*
 * response.h - a request and the answer to it, in HTTP's terms and in no
 * library's.  Pure but for the clock.
 *
 * Validators: a page's ETag is a hash of what it was made from, known
 * before it is made, so that a 304 costs no page.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "search/ask.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A parameter of the query, decoded: UTF-8 or not, as the client has it. */
typedef struct {
	char *name, *value; /* value: "" where there is none */
} RequestArg;

/* What the pages look at of a request; owned by the server. */
typedef struct {
	bool post;         /* POST; */
	bool options;      /* OPTIONS; else GET or HEAD */
	const char *path;  /* as it stands in the request line, less "?..." */
	const char *query; /* as it stands behind the "?"; or NULL */
	const RequestArg *args;
	size_t n_args;
	const char *if_none_match, *if_modified_since; /* or NULL */
	const char *accept_encoding, *accept_language; /* or NULL */
	const char *cookie, *referer;                  /* or NULL */
	const char *range, *if_range;                  /* or NULL */
	uint64_t client; /* who asks (http/client.h); 0: one without a limit */
	bool again;      /* what the answer waited for was done: not twice */
	int64_t worked;  /* bytes that it gave; -1: it was not done after all */
	bool asked;      /* what the answer needs was searched for; what was */
	const SearchReply *found; /* found: NULL where no answer came */
} Request;

/* Whether any page looks at parameters called name.  A request has no
 * others, and each but once: what a page does not depend on makes no page of
 * its own for caches to keep. */
bool request_knows(const char *name);

/* The parameter called name, one that request_knows, or NULL. */
const char *request_arg(const Request *q, const char *name);

/* A body that is made while it is sent. */
typedef struct {
	/* Put up to max bytes into buf and return how many; 0: at the end;
	 * -1: failed, and the connection is cut off. */
	ssize_t (*read)(void *arg, char *buf, size_t max);
	void (*free)(void *arg);
	void *arg;
} ResponseStream;

/* A part of a file. */
typedef struct {
	bool open; /* else there is none */
	int fd;
	uint64_t from, size;
} ResponseFile;

/* How long a cache may keep it, and what a browser may do with it. */
typedef enum {
	RESPONSE_PAGE,    /* our own HTML: revalidate after a minute */
	RESPONSE_FILE,    /* bytes from a message: sandboxed, never change */
	RESPONSE_DATA,    /* the same, but revalidate after a minute */
	RESPONSE_ASSET,   /* named after its content: for a year */
	RESPONSE_PASSING, /* not to be kept: errors, choices */
} ResponseKind;

/* What the server made of an answer to send it; free does so. */
typedef struct {
	void *made;
	void (*free)(void *made);
} ResponseMade;

typedef struct ResponseKept ResponseKept;

/* Fields beside those that every answer has. */
#define RESPONSE_FIELDS 10u

typedef struct {
	unsigned int status;
	ResponseKind kind;
	const char *type; /* Content-Type; owned by nobody or by fields */
	/* The body: one of the four, or none. */
	GString *text;
	GBytes *bytes;
	ResponseStream stream;
	uint64_t stream_size; /* bytes of stream that are sent; 0: all, and
			       * how many is not known */
	ResponseFile file;
	/* Or what is to be read to its end, for what that does, before the
	 * request is looked at again; all else is then as good as unset. */
	ResponseStream work;
	/* Or what is to be searched for first, all else being as unset;
	 * owned by it. */
	SearchAsk *ask;
	struct {
		const char *name;
		char *value;
	} fields[RESPONSE_FIELDS];
	size_t n_fields;
	/* What response_unchanged was told. */
	char *etag;
	int64_t changed;
	/* Where the answer is one of a cache: it, status being 200 or 304,
	 * and all else unset; the cache's. */
	ResponseKept *kept;
} Response;

/* An answer that may be sent many times. */
struct ResponseKept {
	Response answer;      /* 200, its body in bytes */
	int64_t version;      /* of the store that it was made from */
	ResponseMade made[2]; /* of the answer, and of its 304 */
};

void response_clear(Response *r);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Response, response_clear)

/* Make r's text, if it has one, bytes that can be shared. */
void response_pack(Response *r);

/* Add a field; name is a literal, value is owned by r from now on. */
void response_field(Response *r, const char *name, char *take_value);

/*
 * Set the validators of what r will be: etag without its quotes (NULL:
 * none) and the time of its last change (0: not known).  Returns true, r
 * being the whole 304, if q shows that the client has just that (RFC 9110
 * section 13.2.2).
 *
 * A change may follow another within the second, so a time that is not
 * past yet validates nothing.
 */
bool response_unchanged(
    Response *r, const Request *q, const char *etag, int64_t changed);

/* Answer q with kept: whole, or as a 304 if q shows that the client has
 * it.  r is all unset before, and good as long as kept. */
void response_of_kept(Response *r, ResponseKept *kept, const Request *q);

/* The value of the field called name, or NULL. */
const char *response_value(const Response *r, const char *name);

/* Make r a 301 to location. */
void response_redirect(Response *r, char *take_location);

/*
 * Compress the text of r if q asks for gzip and there is much of it; its
 * ETag is then another one, which response_unchanged knows too.  Comes
 * last.
 */
void response_compress(Response *r, const Request *q);

/* Whether q allows that. */
bool response_takes_gzip(const Request *q);

#endif
