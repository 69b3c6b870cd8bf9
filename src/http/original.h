/* original.h - answers with the bytes of a message, or of a part of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ORIGINAL_H
#define HTTP_ORIGINAL_H

#include "http/private.h"

void original_answer_raw(const Wanted *w, Response *out);
void original_answer_part(const Wanted *w, Response *out);

#endif
