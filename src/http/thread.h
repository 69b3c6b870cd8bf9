/* thread.h - answers about the thread of a message: page, feed, mailbox. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_THREAD_H
#define HTTP_THREAD_H

#include "http/mbox.h"
#include "http/private.h"

#include <stdbool.h>

/* All its messages, nested by who answers whom or (flat) by date. */
void thread_answer(const Wanted *w, bool flat, Response *out);

/* Its feed. */
void thread_answer_atom(const Wanted *w, Response *out);

/* Its mailbox. */
void thread_answer_mbox(const Wanted *w, MboxForm form, Response *out);

#endif
