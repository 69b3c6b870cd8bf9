/* html_protect.h - the addresses that sanitised HTML shows, hidden.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_HTML_PROTECT_H
#define MAIL_HTML_PROTECT_H

#include <glib.h>

/*
 * Hide every address in markup, which html_sanitise wrote, as addr_protect
 * (mail/addr.h) does: in texts, also where elements of a line part them,
 * and in attributes.
 */
void html_protect(GString *markup);

#endif
