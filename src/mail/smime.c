/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/smime.h"

#include "mail/part.h"

#include <string.h>

/* Encoded octets that hold the head of a ContentInfo. */
#define HEAD_LEN 76

SmimeKind
smime_kind(GBytes *raw, const Part *p)
{
	/* 1.2.840.113549.1.7 as the contentType of RFC 5652 section 3, and
	 * the last octet of signedData and of envelopedData; 1.9.16.1.23 is
	 * authEnvelopedData (RFC 5083). */
	static const char pkcs7[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07",
			  auth[] = "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09"
				   "\x10\x01\x17";
	Part head = *p;

	head.len = MIN(p->len, HEAD_LEN);
	g_autoptr(GBytes) octets = part_decode(raw, &head);
	size_t len = 0;
	const char *data = g_bytes_get_data(octets, &len);
	const char *at = NULL;

	if (data == NULL)
		return SMIME_OTHER;
	if (memmem(data, len, auth, sizeof auth - 1) != NULL)
		return SMIME_ENCRYPTED;
	at = memmem(data, len, pkcs7, sizeof pkcs7 - 1);
	if (at == NULL || (size_t)(at - data) + sizeof pkcs7 - 1 >= len)
		return SMIME_OTHER;
	switch (at[sizeof pkcs7 - 1]) {
	case 2:
		return SMIME_SIGNED;
	case 3:
		return SMIME_ENCRYPTED;
	default:
		return SMIME_OTHER;
	}
}
