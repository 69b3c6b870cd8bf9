/* smime.h - what an application/pkcs7-mime part is.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_SMIME_H
#define MAIL_SMIME_H

#include "mail/msg.h"

typedef enum {
	SMIME_OTHER,
	SMIME_SIGNED,    /* what is signed is inside */
	SMIME_ENCRYPTED, /* enveloped */
} SmimeKind;

/* What the octets of p say, whose type alone leaves it open (RFC 8551
 * section 3.2). */
SmimeKind smime_kind(GBytes *raw, const Part *p);

#endif
