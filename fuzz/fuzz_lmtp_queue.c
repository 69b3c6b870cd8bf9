/* The input is a file of a spool: what is read from it may go into a
 * conversation, and the message is the end of the file, as it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lmtp/client.h"
#include "lmtp/queue.h"

#include "fuzz.h"

#include <glib.h>

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GBytes) file = g_bytes_new(data, size);
	g_autoptr(LmtpMail) mail = lmtp_mail_parse(file, &err);
	g_autofree char *rcpt = NULL;
	const char *message = NULL;
	gsize len = 0;

	if (mail == NULL) {
		g_assert(err != NULL);
		return 0;
	}
	rcpt = g_strdup_printf("%032d@%s", 0, mail->list_id);
	g_assert(lmtp_client_is_address(rcpt));
	g_assert(lmtp_client_is_address(mail->sender));
	message = g_bytes_get_data(mail->message, &len);
	g_assert(len < size);
	g_assert(memcmp(message, data + size - len, len) == 0);
	return 0;
}
