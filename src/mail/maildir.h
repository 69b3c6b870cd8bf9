/*
 * maildir.h - the messages of a Maildir, in the order of delivery.
 *
 * What is in tmp/ is still being delivered, and left alone; folders within
 * the Maildir are Maildirs of their own, to be named by themselves.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_MAILDIR_H
#define MAIL_MAILDIR_H

#include <glib.h>

#include <stdint.h>

typedef struct {
	char *path;
	int64_t delivered; /* the time in its name, or 0 */
	uint64_t size;     /* bytes of the file */
} MaildirMsg;

void maildir_msg_free(MaildirMsg *m);

/*
 * The messages in new/ and cur/ of the folder dir (MaildirMsg, owned by
 * the array), oldest first; names without a time come first.
 *
 * Returns NULL with *err set: ERR_SYNTAX (dir has neither new/ nor cur/:
 * it is no Maildir), ERR_IO.
 */
GPtrArray *maildir_list(const char *dir, GError **err);

#endif
