/*
 * home.h - the list of lists: "?q=" keeps those with such words, "?sort="
 * orders them; those without a message for a year come last.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_HOME_H
#define HTTP_HOME_H

#include "http/private.h"

void home_answer(const Ask *a, Response *out);

#endif
