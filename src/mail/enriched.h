/* enriched.h - text/enriched (RFC 1896) and text/richtext (RFC 1341 section
 * 7.1.3) as plain text.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_ENRICHED_H
#define MAIL_ENRICHED_H

#include <stdbool.h>

/* The text without its commands; rich: of text/richtext.  g_free. */
char *enriched_to_text(const char *text, bool rich);

#endif
