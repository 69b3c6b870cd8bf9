/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/subject.h"

#include <string.h>

/* Behind a tag or "re:" at the beginning of s, or NULL. */
static const char *
skip_one(const char *s)
{
	if (*s == '[') {
		const char *close = strchr(s, ']');

		return close != NULL ? close + 1 : NULL;
	}
	return g_ascii_strncasecmp(s, "re:", 3) == 0 ? s + 3 : NULL;
}

const char *
subject_strip(const char *subject)
{
	const char *rest = NULL;

	while ((rest = skip_one(subject)) != NULL) {
		subject = rest;
		while (*subject == ' ')
			subject++;
	}
	return subject;
}
