/*
 * addr.h - the addresses of a field, and hiding them from harvesters.
 *
 * Our own scanner, linear and without recursion: the permalink's contract
 * (docs/draft-felid-hashed-message-id.md) gives its rules, so that any
 * language can follow them; GMime's repairs would be part of the key.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_ADDR_H
#define MAIL_ADDR_H

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct {
	char *name; /* display name or comment, undecoded; or NULL.  Where
		     * several stand between two commas, the first has it. */
	char *spec; /* local@domain as it stands, comments and folds gone */
} Addr;

/*
 * Every address of an unfolded value, groups flattened, in order; at most
 * LIMIT_ADDRESSES.  In a value without any "@", " at " is read as "@".
 * Never NULL; the array owns its Addr.
 */
GPtrArray *addr_scan(const char *value);

/* The field's addr-specs as the originator text wants them: ASCII letters
 * lower-cased, each once, sorted by octet, joined by ",".  Free with
 * g_free. */
char *addr_canonical(const char *value);

/*
 * text with every addr-spec in it made useless to harvesters and clear to
 * people ("jo@example.org" becomes "jo＠example…"; Message-IDs in angle
 * brackets and URLs stay as they are).  Free with g_free.
 */
char *addr_protect(const char *text);

/*
 * The same of a header field's value, in which nothing is followed: also in
 * URLs, where the "@" may be escaped, and those of others in the local part of
 * an address ("bounces+jo=example.org@...").
 */
char *addr_protect_header(const char *text);

/* Whether text has a sign that an address is made with, so that there may be
 * something to hide: "@", or U+FF20 of those who write Japanese or Chinese. */
bool addr_may_be_in(const char *text);

/* Hide what has U+FF20 for its "@" as addr_protect does. */
void addr_hide_wide(GString *text);

/* What stands for the "@" of a hidden address, and for the rest of its
 * domain. */
#define ADDR_AT "\xef\xbc\xa0"
#define ADDR_ELLIPSIS "\xe2\x80\xa6"

/* Whether an addr-spec lies around the "@" at run[at]; *dot is then where
 * its domain's first label ends, *end where all of it does.  run has
 * neither white space nor one of <>". */
bool addr_at(const char *run, size_t len, size_t at, size_t *dot, size_t *end);

/* The same at the beginning of run, where a quoted local part stands before
 * it; the domain has several labels, since names of packages look alike. */
bool addr_behind_quote(const char *run, size_t len, size_t *dot, size_t *end);

/* Whether a quotation mark behind that character may end a local part, rather
 * than begin a name like "@babel/core". */
bool addr_closes_quote(char before);

/* Whether run is a URL that is no address: it must go on to work. */
bool addr_is_url(const char *run, size_t len);

/*
 * Whether the len bytes that stand in angle brackets are a Message-ID
 * rather than an address: programs make those long, of digits and letters
 * mixed.  addr_protect goes by this.
 */
bool addr_is_message_id(const char *run, size_t len);

#endif
