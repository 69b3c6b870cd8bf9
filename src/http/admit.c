/* SPDX-License-Identifier: Apache-2.0 */
#include "http/admit.h"

#include "base/limits.h"

#include <string.h>

/* How much a bucket holds of what fills it: seconds. */
#define BURST_S INT64_C(20)

/* Percent of a worker's time for all but pages. */
#define WORKER_PERCENT 60u

/* Buckets that one client may be in. */
#define WAYS 4u

/* How full, in percent, a bucket is that lets a class through. */
static const unsigned int floors[] = {
    [ADMIT_PAGE] = 0,
    [ADMIT_THREAD] = 20,
    [ADMIT_API] = 20,
    [ADMIT_BULK] = 40,
    [ADMIT_SEARCH] = 40,
};

/* What an answer costs besides the time in which it was made, in us: what
 * other processes do for it, or what is made while it is sent. */
static const int64_t prices_us[] = {
    [ADMIT_PAGE] = 0,
    [ADMIT_THREAD] = 0,
    [ADMIT_API] = 0,
    [ADMIT_BULK] = 20000,
    [ADMIT_SEARCH] = 5000,
};

/* What is left in us at one time; it fills as time goes. */
typedef struct {
	uint64_t client; /* 0: nobody's */
	int64_t at_us, left_us;
} Bucket;

struct Admit {
	unsigned int percent;
	Bucket worker;
	AdmitCounts counts;
	bool refused;
	Bucket buckets[LIMIT_CLIENTS];
};

/* What a bucket holds that fills by percent of the time. */
static int64_t
size_us(unsigned int percent)
{
	return BURST_S * percent * G_USEC_PER_SEC / 100;
}

Admit *
admit_new(unsigned int percent)
{
	Admit *a = g_new0(Admit, 1);

	a->percent = percent;
	a->worker.left_us = size_us(WORKER_PERCENT);
	return a;
}

void
admit_free(Admit *a)
{
	g_free(a);
}

static void
fill(Bucket *b, unsigned int percent, int64_t now_us)
{
	int64_t since = MIN(now_us - b->at_us, BURST_S * G_USEC_PER_SEC * 2);

	b->left_us = MIN(b->left_us + since * percent / 100, size_us(percent));
	b->at_us = now_us;
}

/* Seconds until b has what class needs; 0 if it has. */
static unsigned int
wait(const Bucket *b, unsigned int percent, AdmitClass class)
{
	int64_t need = size_us(percent) * floors[class] / 100 - b->left_us;

	if (need <= 0)
		return 0;
	return (unsigned int)(need / (int64_t)(percent * 10000) + 1);
}

/* The bucket of client, or NULL if it is full. */
static Bucket *
find(Admit *a, uint64_t client)
{
	Bucket *set = &a->buckets[client % (LIMIT_CLIENTS / WAYS) * WAYS];

	for (unsigned int i = 0; i < WAYS; i++)
		if (set[i].client == client)
			return &set[i];
	return NULL;
}

/* The same, in the place of the fullest of its set if it is not there. */
static Bucket *
make(Admit *a, uint64_t client, int64_t now_us)
{
	Bucket *set = &a->buckets[client % (LIMIT_CLIENTS / WAYS) * WAYS];
	Bucket *b = find(a, client), *fullest = set;

	if (b != NULL)
		return b;
	for (unsigned int i = 0; i < WAYS; i++) {
		fill(&set[i], a->percent, now_us);
		if (set[i].left_us > fullest->left_us)
			fullest = &set[i];
	}
	*fullest = (Bucket){
	    .client = client, .at_us = now_us, .left_us = size_us(a->percent)};
	return fullest;
}

AdmitAnswer
admit_ask(Admit *a, uint64_t client, AdmitClass class, int64_t now_us,
    unsigned int *wait_s)
{
	Bucket *b = find(a, client);
	AdmitAnswer answer = ADMIT_YES;

	if (a->percent == 0 || client == 0)
		return ADMIT_YES;
	if (b != NULL) {
		fill(b, a->percent, now_us);
		*wait_s = wait(b, a->percent, class);
		if (*wait_s > 0)
			answer = ADMIT_CLIENT;
	}
	if (answer == ADMIT_YES && class != ADMIT_PAGE) {
		fill(&a->worker, WORKER_PERCENT, now_us);
		*wait_s = wait(&a->worker, WORKER_PERCENT, class);
		if (*wait_s > 0)
			answer = ADMIT_WORKER;
	}
	if (answer != ADMIT_YES) {
		a->counts.n_refused[class]++;
		a->refused = true;
	}
	return answer;
}

void
admit_spend(Admit *a, uint64_t client, AdmitClass class, int64_t now_us,
    int64_t spent_us)
{
	a->counts.n[class]++;
	a->counts.spent_us[class] += (uint64_t)MAX(spent_us, 0);
	if (a->percent == 0 || client == 0)
		return;
	int64_t price = MAX(spent_us, 0) + prices_us[class];
	Bucket *b = make(a, client, now_us);

	b->left_us -= price;
	if (class != ADMIT_PAGE)
		a->worker.left_us -= price;
}

bool
admit_take_counts(Admit *a, AdmitCounts *counts)
{
	bool refused = a->refused;

	*counts = a->counts;
	memset(&a->counts, 0, sizeof a->counts);
	a->refused = false;
	return refused;
}
