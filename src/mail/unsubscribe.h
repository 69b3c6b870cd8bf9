/*
 * unsubscribe.h - a message without what would let any reader of an archive
 * unsubscribe the subscriber whose copy it was.
 *
 * With List-Unsubscribe-Post (RFC 8058) one POST to the URL of
 * List-Unsubscribe is enough, and mail programs offer it as a button.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_UNSUBSCRIBE_H
#define MAIL_UNSUBSCRIBE_H

#include <glib.h>

/*
 * take_raw if its header block has no List-Unsubscribe-Post field; else a
 * copy less every List-Unsubscribe and List-Unsubscribe-Post field, folds
 * and all, the rest byte for byte.  Takes ownership; never NULL; free with
 * g_bytes_unref.
 */
GBytes *unsubscribe_strip(GBytes *take_raw);

#endif
