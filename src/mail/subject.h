/* subject.h - what two subjects of one conversation have in common. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_SUBJECT_H
#define MAIL_SUBJECT_H

#include <glib.h>

/*
 * A decoded subject as the originator text wants it: white space
 * squeezed, then leading "[...]" tags and "re:" (either case) taken off
 * in any mix.  Points into subject, which must be squeezed already.
 */
const char *subject_strip(const char *subject);

#endif
