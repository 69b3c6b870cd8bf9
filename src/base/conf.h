/*
 * conf.h - the one configuration file, as a const struct.
 *
 * Every setting has a default, so the file is optional: felid.conf(5).
 * A key or section that is not known, one that is there twice, and a
 * value out of its range are errors that name file and key.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/log.h"

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The url of an archive that was told of none. */
#define CONF_URL_DEFAULT "http://localhost:8025"

typedef struct {
	/* [store] */
	char *store; /* dir: the store's folder (later: a database's URI) */

	/* [http] */
	char **http_listen; /* listen: ADDR:PORT or PATH, NULL-terminated */
	char *url;          /* url: public base of permalinks, ends in no "/" */
	unsigned int
	    http_workers; /* workers: processes; 0: one a CPU, 4 at most */
	unsigned int client_share;   /* client-share: percent; 0: no limit */
	char **proxies, **unlimited; /* the same: addresses and networks */
	uint64_t cache_bytes;        /* cache: of files in the store's cache/ */

	/* [search] */
	bool search; /* enabled: keep an index, and search it */
	unsigned int
	    search_workers; /* workers: processes; 0: one a CPU, 2 at most */

	/* [lmtp] */
	char **lmtp_listen; /* listen: ADDR:PORT or PATH, NULL-terminated */
	char *lmtp_host;    /* host: what the archive calls itself in LMTP */
	uint64_t message_bytes;        /* message-size: bytes of one message */
	unsigned int lmtp_connections; /* connections: at once */
	unsigned int lmtp_idle_s;      /* idle: seconds of silence */

	/* [archive] */
	bool open_lists;        /* open-lists: make a list on its first mail */
	bool protect_addresses; /* protect-addresses: from harvesters */
	char *title;            /* title: the archive's name on its pages */
	char *logo, *style;     /* logo, style: paths of the operator's */
	char *header, *footer;  /* files, or empty: see view/look.h */

	/* [forward] */
	char *spool;   /* spool: the folder that the Mailman plugin fills */
	char *forward; /* to: ADDR:PORT or PATH of the archive's LMTP */

	/* [process] */
	char *user;         /* user: to run as when started by root; or empty */
	bool sandbox;       /* sandbox: Landlock and seccomp, yes by default */
	LogLevel log_level; /* log: error, warn, info or debug */
} Conf;

/* The file that is read where none is named. */
#define CONF_PATH "/etc/felid.conf"

/*
 * Read path over the defaults; with path NULL, CONF_PATH if it is there,
 * else the defaults alone.
 *
 * Returns what is in force, to be freed with conf_free, or NULL with *err
 * set: ERR_SYNTAX (which file, section and key), ERR_NOTFOUND, ERR_IO.
 */
Conf *conf_load(const char *path, GError **err);

/* The same from len bytes of text, which errors call name.  ERR_SYNTAX. */
Conf *conf_parse(const char *name, const char *text, size_t len, GError **err);

/* Free c.  Does nothing if c is NULL. */
void conf_free(Conf *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conf, conf_free)

/*
 * Set one key as if it stood in the file ("http", "url", VALUE): for the
 * command line.  Lists are separated by ";".  A path of a listen key that
 * begins with "$store/" follows the store's folder, set before or after.
 * Returns false with *err set to ERR_SYNTAX if there is no such key or
 * the value does not fit.
 */
bool conf_set(Conf *c, const char *section, const char *key, const char *value,
    GError **err);

/* What is in force, in the file's own form, each key behind a comment
 * that says what it is: conf_parse reads it.  Free with g_free. */
char *conf_print(const Conf *c);

#endif
