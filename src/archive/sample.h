/*
 * sample.h - messages from all over the mailboxes that are to be imported.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SAMPLE_H
#define ARCHIVE_SAMPLE_H

#include <glib.h>

/*
 * About LIMIT_DICT_MESSAGES messages, or their beginnings, of the mailboxes
 * at files (NULL-ended): StoreSample, owned by the array.  None whose author
 * wants not to be archived; none of standard input, nor of Maildirs.  Where
 * there is too little, or a file cannot be read, they are fewer.
 */
GPtrArray *sample_mail(char *const *files);

#endif
