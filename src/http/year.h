/* year.h - the page of a year of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_YEAR_H
#define HTTP_YEAR_H

#include "http/private.h"

/* What the page of a year and its document are made of. */
typedef struct {
	PageYear page;
	GArray *months, *days; /* and what page points to */
	GPtrArray *threads, *authors;
} Year;

void year_clear(Year *y);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Year, year_clear)

/* Read the year of list; false with *err set: ERR_NOTFOUND if it has no
 * messages, ERR_IO. */
bool year_read(
    const Ask *a, const StoreList *list, int year, Year *out, GError **err);

/* The page of the year that r names. */
void year_answer(
    const Ask *a, const StoreList *list, const Route *r, Response *out);

#endif
