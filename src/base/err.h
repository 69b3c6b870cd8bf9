/* err.h - the one error domain, and the two ways to fail. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <glib.h>

#include <stdbool.h>

/*
 * Why a call failed, in the terms a caller can act on.  The numbers are
 * part of no protocol: each front end maps them to its own reply codes.
 * What is wrong with us, and not with the world, is g_assert's to say.
 */
typedef enum {
	ERR_SYNTAX,   /* the peer's, the user's or the message's bytes are wrong
		       */
	ERR_LIMIT,    /* a limit of base/limits.h was passed */
	ERR_NOTFOUND, /* no such list, message, thread, file or recipient */
	ERR_GONE,     /* that message was there, and the operator removed it */
	ERR_EXISTS,   /* the permalink, list or name is already taken */
	ERR_BUSY,     /* try again later: a lock or connection was not had */
	ERR_IO,       /* the store, the disk or the network failed */
} ErrCode;

#define ERR (err_quark())

/* The GQuark that marks our GErrors.  Never fails. */
GQuark err_quark(void);

/*
 * Set *err to a new error and return false, so that a caller may write
 * "return err_set(err, ERR_LIMIT, ...)".  err may be NULL.
 */
bool err_set(GError **err, ErrCode code, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);

/* The same, with ": " and what errno says behind the text. */
bool err_set_errno(GError **err, ErrCode code, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);

/* Put words before the text of *err, if it is set; return false. */
bool err_prefix(GError **err, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

#endif
