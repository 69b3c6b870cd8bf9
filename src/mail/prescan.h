/*
 * prescan.h - whether a message may be shown to GMime.
 *
 * GMime parses address fields as it reads them, one level of its stack for
 * each group ("g:g:g:..."), keeps some 500 bytes for each header field and
 * 1.3 KB for each part.  This looks the message over first, in one pass
 * over its lines, without memory of its own to speak of, and counts.
 *
 * It does not parse MIME: it finds at least all header blocks that GMime
 * may find (the message's, those behind lines that look like a boundary
 * that some header block declares, those of messages within), and may take
 * text for one.  Real mail is far below the limits either way.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_PRESCAN_H
#define MAIL_PRESCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the len bytes of a message keep within LIMIT_HEADER_BYTES,
 * LIMIT_HEADER_FIELDS, LIMIT_ADDRESS_BYTES, LIMIT_ADDRESS_GROUPS,
 * LIMIT_ALL_HEADER_BYTES, LIMIT_ALL_HEADER_FIELDS, LIMIT_BOUNDARIES and
 * LIMIT_BOUNDARY_LINES.
 */
bool prescan_is_tame(const char *msg, size_t len);

#endif
