/*
 * elsewhere.h - which message a URL of another archive names.  Pure.
 *
 *   lore.kernel.org/LIST/ID  lore.kernel.org/r/ID  lkml.kernel.org/r/ID
 *   patch.msgid.link/ID  mid.mail-archive.com/ID  mid.gmane.org/ID
 *   marc.info/?i=ID  www.mail-archive.com/search?l=mid&q=ID
 *   any host/.../list/ADDRESS/message/HASH/    HyperKitty's
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_ELSEWHERE_H
#define MAIL_ELSEWHERE_H

#include <stddef.h>

typedef enum {
	ELSEWHERE_NONE,
	ELSEWHERE_ID,   /* a Message-ID, maybe in its brackets */
	ELSEWHERE_HASH, /* KEY_LEN digits of KEY_LEGACY, lower case */
} ElsewhereKind;

/* What the http or https URL of len bytes names; *name, valid UTF-8 that is
 * freed with g_free, is NULL where that is nothing. */
ElsewhereKind elsewhere_parse(const char *url, size_t len, char **name);

#endif
