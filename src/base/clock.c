/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <glib.h>

#include <time.h>

static int64_t fixed = -1;

int64_t
clock_now(void)
{
	return fixed >= 0 ? fixed : g_get_real_time() / G_USEC_PER_SEC;
}

int64_t
clock_mono_ms(void)
{
	return fixed >= 0 ? fixed * 1000 : g_get_monotonic_time() / 1000;
}

int64_t
clock_mono_us(void)
{
	return fixed >= 0 ? fixed * G_USEC_PER_SEC : g_get_monotonic_time();
}

int64_t
clock_cpu_ms(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
clock_set(int64_t t)
{
	fixed = t;
}
