/*
 * rank.h - which of the messages that a query finds are shown first.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEARCH_RANK_H
#define SEARCH_RANK_H

#include "archive/read.h"
#include "search/index.h"
#include "search/token.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	Store *store;
	Index *index;
	Tokenizer *tokenizer;
	const GPtrArray *terms; /* that were looked for, as plan_terms */
	int64_t now;
} RankBy;

/*
 * Put found (IndexEntry, with their scores) in order, the best first.  At
 * those that are best by their scores a closer look is taken.  Returns false
 * with *err set: ERR_IO, ERR_LIMIT.
 */
bool rank_best(const RankBy *by, GArray *found, GError **err);

#endif
