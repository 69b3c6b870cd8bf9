/*
 * admit.h - who may have how much of a worker's time.  Pure.
 *
 * A client, which is the addresses of one network (http/client.h), has a
 * bucket that fills with a share of the worker's time.  What an answer took
 * is taken out of it, and what would cost more is refused while there is
 * less in it: searches first, then mailboxes, the API, threads, pages last.
 * One more bucket, the worker's own, holds what all clients together may
 * have for all but pages, so that however many come, each within its share,
 * pages are still made at once.  A page that is kept, and what has no page
 * to make, is not asked about.
 *
 * Clients are remembered in a table of fixed size.  A full bucket needs no
 * place in it, and of those that want the same place the emptiest stay.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ADMIT_H
#define HTTP_ADMIT_H

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

/* What is asked for, by its cost. */
typedef enum {
	ADMIT_PAGE, /* all that costs a fraction of a millisecond */
	ADMIT_THREAD,
	ADMIT_API,
	ADMIT_BULK, /* mailboxes of a list */
	ADMIT_SEARCH,
	N_ADMIT,
} AdmitClass;

/* Who has none left. */
typedef enum {
	ADMIT_YES,
	ADMIT_CLIENT, /* this client: 429 */
	ADMIT_WORKER, /* all of them: 503 */
} AdmitAnswer;

typedef struct Admit Admit;

/* What was answered and what was refused since the last time it was asked. */
typedef struct {
	uint64_t n[N_ADMIT];        /* answers, */
	uint64_t spent_us[N_ADMIT]; /* what they took, */
	uint64_t n_refused[N_ADMIT];
} AdmitCounts;

/* A client may have percent of a worker's time; 0: whatever it asks for. */
Admit *admit_new(unsigned int percent);
void admit_free(Admit *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Admit, admit_free)

/*
 * Whether client (0: one without a limit) may have an answer of class now,
 * in microseconds of a clock that never steps back; if not, *wait_s is in
 * how many seconds it may.
 */
AdmitAnswer admit_ask(Admit *a, uint64_t client, AdmitClass class,
    int64_t now_us, unsigned int *wait_s);

/* Such an answer took so long. */
void admit_spend(Admit *a, uint64_t client, AdmitClass class, int64_t now_us,
    int64_t spent_us);

/* Tell the counts, and begin anew; false: nothing was refused. */
bool admit_take_counts(Admit *a, AdmitCounts *counts);

#endif
